//! Listeners by until when they are believed, and the epoch beside them.

use super::{Lua, Redis, script};
use crate::store::StoreError;

// id, now, until, whether something was missed
static NOTE: Lua = script!(
    "
    local dead = redis.call('ZREMRANGEBYSCORE', at .. 'listeners', '-inf', '(' .. ARGV[2])
    local known = redis.call('ZSCORE', at .. 'listeners', ARGV[1])
    if ARGV[4] == '1' or dead > 0 or not known then redis.call('INCR', at .. 'epoch') end
    redis.call('ZADD', at .. 'listeners', ARGV[3], ARGV[1])"
);

// id
static FORGET: Lua = script!("redis.call('ZREM', at .. 'listeners', ARGV[1])");

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
    ) -> Result<(), StoreError> {
        self.run(&NOTE, (id, now, until, u8::from(missed))).await
    }

    pub async fn forget_listener(&self, id: &str) -> Result<(), StoreError> {
        self.run(&FORGET, id).await
    }

    pub async fn epoch(&self, now: i64) -> Result<Option<i64>, StoreError> {
        self.run(&EPOCH, now).await
    }
}
