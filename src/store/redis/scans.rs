//! Scans as hashes, and a list of them by age.

use super::{Lua, Redis, script};
use crate::store::{Scan, StoreError, instant};

// channel → at, bytes
static GET: Lua = script!(
    "
    local told = redis.call('HMGET', at .. 'scan:' .. ARGV[1], 'at', 'bytes')
    return told[1] and told"
);

// channel, at, bytes
static PUT: Lua = script!(
    "
    local scan = at .. 'scan:' .. ARGV[1]
    local known = redis.call('HGET', scan, 'at')
    if known and tonumber(known) > tonumber(ARGV[2]) then return end
    redis.call('HSET', scan, 'at', ARGV[2], 'bytes', ARGV[3])
    redis.call('ZADD', at .. 'scans', ARGV[2], ARGV[1])
    redis.call('HSET', at .. 'scan-sizes', ARGV[1], #ARGV[3])"
);

// before when, how many bytes may stay
static FORGET: Lua = script!(
    "
    local scans, known = {}, redis.call('ZRANGE', at .. 'scans', 0, -1, 'WITHSCORES')
    for i = 1, #known, 2 do table.insert(scans, { channel = known[i], at = tonumber(known[i + 1]) }) end
    table.sort(scans, function(a, b) return a.at > b.at or (a.at == b.at and a.channel < b.channel) end)
    local total, before, most = 0, tonumber(ARGV[1]), tonumber(ARGV[2])
    for _, scan in ipairs(scans) do
        total = total + tonumber(redis.call('HGET', at .. 'scan-sizes', scan.channel) or 0)
        if scan.at < before or total > most then
            redis.call('DEL', at .. 'scan:' .. scan.channel)
            redis.call('ZREM', at .. 'scans', scan.channel)
            redis.call('HDEL', at .. 'scan-sizes', scan.channel)
        end
    end"
);

impl Redis {
    pub async fn get_scan(&self, channel: &str) -> Result<Option<Scan>, StoreError> {
        let told: Option<(i64, Vec<u8>)> = self.run(&GET, channel).await?;
        Ok(told.map(|(at, bytes)| Scan { at: instant(at), bytes }))
    }

    pub async fn put_scan(&self, channel: &str, bytes: &[u8], at: i64) -> Result<(), StoreError> {
        self.run(&PUT, (channel, at, bytes)).await
    }

    pub async fn forget_scans(&self, before: i64, bytes: i64) -> Result<(), StoreError> {
        self.run(&FORGET, (before, bytes)).await
    }
}
