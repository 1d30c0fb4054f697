//! What digests said, as hashes, found by the thread that they were posted in.

use super::{AT_ONCE, Lua, Redis, script};
use crate::domain::{ChannelId, MessageTs, RunId, UserId};
use crate::store::StoreError;

// run, now, asker, digest
static KEEP: Lua = script!(
    "
    local told = at .. 'told:' .. ARGV[1]
    if redis.call('EXISTS', told) == 1 then return end
    redis.call('HSET', told, 'at', ARGV[2], 'asker', ARGV[3], 'digest', ARGV[4])
    redis.call('ZADD', at .. 'told', ARGV[2], ARGV[1])"
);

// run, channel and thread
static PLACE: Lua = script!(
    "
    local told = at .. 'told:' .. ARGV[1]
    local known = redis.call('HMGET', told, 'at', 'place')
    if not known[1] then return end
    if known[2] then redis.call('ZREM', at .. 'told-in:' .. known[2], ARGV[1]) end
    redis.call('HSET', told, 'place', ARGV[2])
    redis.call('ZADD', at .. 'told-in:' .. ARGV[2], known[1], ARGV[1])"
);

// channel and thread → digest, asker, subject
static IN: Lua = script!(
    "
    local run = redis.call('ZREVRANGE', at .. 'told-in:' .. ARGV[1], 0, 0)[1]
    return run and redis.call('HMGET', at .. 'told:' .. run, 'digest', 'asker', 'subject')"
);

// run → digest, asker, subject
static OF: Lua = script!(
    "
    local told = at .. 'told:' .. ARGV[1]
    return redis.call('EXISTS', told) == 1 and redis.call('HMGET', told, 'digest', 'asker', 'subject')"
);

// run, subject
static SPEAK_OF: Lua = script!(
    "
    local told = at .. 'told:' .. ARGV[1]
    if redis.call('EXISTS', told) == 1 then redis.call('HSET', told, 'subject', ARGV[2]) end"
);

// before when, how many at most → how many were forgotten
static FORGET: Lua = script!(
    "
    local old = redis.call('ZRANGEBYSCORE', at .. 'told', '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
    for _, run in ipairs(old) do
        local place = redis.call('HGET', at .. 'told:' .. run, 'place')
        if place then redis.call('ZREM', at .. 'told-in:' .. place, run) end
        redis.call('DEL', at .. 'told:' .. run)
        redis.call('ZREM', at .. 'told', run)
    end
    return #old"
);

impl Redis {
    pub async fn keep_told(
        &self,
        run: &RunId,
        asker: &UserId,
        digest: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        self.run(&KEEP, (run.as_str(), now, asker.as_str(), digest)).await
    }

    pub async fn place_told(
        &self,
        run: &RunId,
        channel: &ChannelId,
        thread: MessageTs,
    ) -> Result<(), StoreError> {
        self.run(&PLACE, (run.as_str(), place(channel, thread))).await
    }

    pub async fn told_in(
        &self,
        channel: &ChannelId,
        thread: MessageTs,
    ) -> Result<Option<(String, String, Option<String>)>, StoreError> {
        self.run(&IN, place(channel, thread)).await
    }

    pub async fn told(&self, run: &RunId) -> Result<Option<(String, String, Option<String>)>, StoreError> {
        self.run(&OF, run.as_str()).await
    }

    pub async fn speak_of(&self, run: &RunId, subject: &str) -> Result<(), StoreError> {
        self.run(&SPEAK_OF, (run.as_str(), subject)).await
    }

    pub async fn forget_told(&self, before: i64) -> Result<(), StoreError> {
        while self.run::<usize>(&FORGET, (before, AT_ONCE)).await? > 0 {}
        Ok(())
    }
}

fn place(channel: &ChannelId, thread: MessageTs) -> String {
    format!("{channel}:{thread}")
}
