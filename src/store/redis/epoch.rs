//! Listeners by until when they are believed, and the epoch beside them.

use super::{Lua, Redis, script};
use crate::store::StoreError;

// id, now, until, whether something was missed, how many sockets
static NOTE: Lua = script!(
    "
    for _, gone in ipairs(redis.call('ZRANGEBYSCORE', at .. 'listeners', '-inf', '(' .. ARGV[2])) do
        redis.call('HDEL', at .. 'sockets', gone)
    end
    local dead = redis.call('ZREMRANGEBYSCORE', at .. 'listeners', '-inf', '(' .. ARGV[2])
    local known = redis.call('ZSCORE', at .. 'listeners', ARGV[1])
    if ARGV[4] == '1' or dead > 0 or not known then redis.call('INCR', at .. 'epoch') end
    redis.call('ZADD', at .. 'listeners', ARGV[3], ARGV[1])
    redis.call('HSET', at .. 'sockets', ARGV[1], ARGV[5])"
);

// id
static FORGET: Lua = script!(
    "
    redis.call('HDEL', at .. 'sockets', ARGV[1])
    redis.call('ZREM', at .. 'listeners', ARGV[1])"
);

// now → how many sockets there are, or nothing when somebody of an earlier version does not say
static SOCKETS: Lua = script!(
    "
    local held = 0
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', at .. 'listeners', ARGV[1], '+inf')) do
        local sockets = redis.call('HGET', at .. 'sockets', id)
        if not sockets then return false end
        held = held + tonumber(sockets)
    end
    return held"
);

// now → the epoch
static EPOCH: Lua = script!(
    "
    local live = redis.call('ZCOUNT', at .. 'listeners', ARGV[1], '+inf')
    local dead = redis.call('ZCOUNT', at .. 'listeners', '-inf', '(' .. ARGV[1])
    return live > 0 and dead == 0 and redis.call('GET', at .. 'epoch')"
);

impl Redis {
    pub async fn note_listener(
        &self,
        id: &str,
        now: i64,
        until: i64,
        missed: bool,
        sockets: i64,
    ) -> Result<(), StoreError> {
        self.run(&NOTE, (id, now, until, u8::from(missed), sockets)).await
    }

    pub async fn sockets(&self, now: i64) -> Result<Option<i64>, StoreError> {
        self.run(&SOCKETS, now).await
    }

    pub async fn forget_listener(&self, id: &str) -> Result<(), StoreError> {
        self.run(&FORGET, id).await
    }

    pub async fn epoch(&self, now: i64) -> Result<Option<i64>, StoreError> {
        self.run(&EPOCH, now).await
    }
}
