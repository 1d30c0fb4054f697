//! Scans as hashes, a list of them by age, and whose turn it is to read.

use std::collections::BTreeSet;

use super::{Lua, Redis, script};
use crate::store::{Scan, StoreError, instant};

/// Forgets what is kept of a channel.
const DROP: &str = "
    local function drop(channel)
        redis.call('DEL', at .. 'scan:' .. channel)
        redis.call('ZREM', at .. 'scans', channel)
        redis.call('HDEL', at .. 'scan-sizes', channel)
    end";

// channel → at, version, bytes
static GET: Lua = script!(
    "
    local told = redis.call('HMGET', at .. 'scan:' .. ARGV[1], 'at', 'version', 'bytes')
    return told[1] and { told[1], told[2] or '0', told[3] }"
);

// channel, now, bytes, the version that was seen or nothing → whether it was kept
static PUT: Lua = script!(
    "
    local scan = at .. 'scan:' .. ARGV[1]
    local known = redis.call('HMGET', scan, 'at', 'version')
    local version = known[1] and (known[2] or '0')
    if ARGV[4] == '' then
        if version then return 0 end
        -- The first version is the time, so that a channel that is kept again does not count from the start.
        version = ARGV[2]
    else
        if version ~= ARGV[4] then return 0 end
        version = string.format('%.0f', tonumber(version) + 1)
    end
    redis.call('HSET', scan, 'at', ARGV[2], 'version', version, 'bytes', ARGV[3])
    redis.call('ZADD', at .. 'scans', ARGV[2], ARGV[1])
    redis.call('HSET', at .. 'scan-sizes', ARGV[1], #ARGV[3])
    return 1"
);

// channel
static FORGET_ONE: Lua = script!(DROP, "drop(ARGV[1])");

// the channels that stay
static FORGET_OTHERS: Lua = script!(
    DROP,
    "
    local stays = {}
    for _, channel in ipairs(ARGV) do stays[channel] = true end
    for _, channel in ipairs(redis.call('ZRANGE', at .. 'scans', 0, -1)) do
        if not stays[channel] then drop(channel) end
    end"
);

// before when, how many bytes may stay
static FORGET: Lua = script!(
    DROP,
    "
    local scans, known = {}, redis.call('ZRANGE', at .. 'scans', 0, -1, 'WITHSCORES')
    for i = 1, #known, 2 do table.insert(scans, { channel = known[i], at = tonumber(known[i + 1]) }) end
    table.sort(scans, function(a, b) return a.at > b.at or (a.at == b.at and a.channel < b.channel) end)
    local total, before, most = 0, tonumber(ARGV[1]), tonumber(ARGV[2])
    for _, scan in ipairs(scans) do
        total = total + tonumber(redis.call('HGET', at .. 'scan-sizes', scan.channel) or 0)
        if scan.at < before or total > most then drop(scan.channel) end
    end"
);

// channel, holder, now, until → whether it was taken
static TAKE_TURN: Lua = script!(
    "
    local known = redis.call('HGET', at .. 'turns', ARGV[1])
    if known then
        local ends, holder = known:match('^(%-?%d+) (.*)$')
        if tonumber(ends) >= tonumber(ARGV[3]) and holder ~= ARGV[2] then return 0 end
    end
    redis.call('HSET', at .. 'turns', ARGV[1], ARGV[4] .. ' ' .. ARGV[2])
    return 1"
);

// channel, holder
static END_TURN: Lua = script!(
    "
    local known = redis.call('HGET', at .. 'turns', ARGV[1])
    if known and known:match(' (.*)$') == ARGV[2] then redis.call('HDEL', at .. 'turns', ARGV[1]) end"
);

impl Redis {
    pub async fn get_scan(&self, channel: &str) -> Result<Option<Scan>, StoreError> {
        let told: Option<(i64, i64, Vec<u8>)> = self.run(&GET, channel).await?;
        Ok(told.map(|(at, version, bytes)| Scan { at: instant(at), version, bytes }))
    }

    pub async fn put_scan(
        &self,
        channel: &str,
        seen: Option<i64>,
        bytes: &[u8],
        now: i64,
    ) -> Result<bool, StoreError> {
        let seen = seen.map_or_else(String::new, |seen| seen.to_string());
        self.run(&PUT, (channel, now, bytes, seen)).await
    }

    pub async fn forget_scan(&self, channel: &str) -> Result<(), StoreError> {
        self.run(&FORGET_ONE, channel).await
    }

    pub async fn forget_scans_except(&self, channels: &BTreeSet<&str>) -> Result<(), StoreError> {
        // A script that is given nothing at all is given nothing to be told apart by.
        let stay: Vec<&str> = channels.iter().copied().chain([""]).collect();
        self.run(&FORGET_OTHERS, stay).await
    }

    pub async fn forget_scans(&self, before: i64, bytes: i64) -> Result<(), StoreError> {
        self.run(&FORGET, (before, bytes)).await
    }

    pub async fn take_turn(
        &self,
        channel: &str,
        holder: &str,
        now: i64,
        until: i64,
    ) -> Result<bool, StoreError> {
        self.run(&TAKE_TURN, (channel, holder, now, until)).await
    }

    pub async fn end_turn(&self, channel: &str, holder: &str) -> Result<(), StoreError> {
        self.run(&END_TURN, (channel, holder)).await
    }
}
