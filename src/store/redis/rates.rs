//! Places as members of sorted sets, by until when they are taken, in Redis's own time.

use super::{Lua, Redis, script};
use crate::store::StoreError;
use crate::store::rates::{Counted, Standing};

// process, bucket, places, how long one is taken, how long the vendor pauses, how long callers are kept,
// how many are wanted, how many were answered; the wanted, the answered with how much longer they count, the freed
// → how many were given, how many are free, in how long one is, how long the pause lasts, how many processes call
static TAKE: Lua = script!(
    "
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local function later(millis) return string.format('%.0f', now + millis) end
    local places, taken, pause = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
    local wanted, answered = tonumber(ARGV[7]), tonumber(ARGV[8])
    local bucket, paused = at .. 'places:' .. ARGV[2], at .. 'paused:' .. ARGV[2]

    redis.call('ZADD', at .. 'callers', later(tonumber(ARGV[6])), ARGV[1])
    redis.call('ZREMRANGEBYSCORE', at .. 'callers', '-inf', later(0))
    local processes = redis.call('ZCARD', at .. 'callers')

    local next_one = 9 + wanted
    for i = next_one, next_one + 2 * answered - 1, 2 do
        redis.call('ZADD', bucket, later(tonumber(ARGV[i + 1])), ARGV[i])
    end
    for i = next_one + 2 * answered, #ARGV do redis.call('ZREM', bucket, ARGV[i]) end
    if pause > 0 and redis.call('PTTL', paused) < pause then redis.call('SET', paused, '1', 'PX', pause) end

    redis.call('ZREMRANGEBYSCORE', bucket, '-inf', later(0))
    -- Later than any place can be taken: the server's clock was put back.
    redis.call('ZREMRANGEBYSCORE', bucket, '(' .. later(taken), '+inf')
    local rest = math.max(redis.call('PTTL', paused), 0)
    local free = math.max(places - redis.call('ZCARD', bucket), 0)
    local given = 0
    for i = 9, next_one - 1 do
        -- A script whose answer was lost is asked again: what it gave it has given.
        if not redis.call('ZSCORE', bucket, ARGV[i]) then
            if free == 0 or rest > 0 then break end
            redis.call('ZADD', bucket, later(taken), ARGV[i])
            free = free - 1
        end
        given = given + 1
    end
    redis.call('PEXPIRE', bucket, taken)
    local first = redis.call('ZRANGE', bucket, 0, 0, 'WITHSCORES')[2]
    return { given, free, first and math.max(first - now, 1) or 0, rest, processes }"
);

// process
static FORGET: Lua = script!("redis.call('ZREM', at .. 'callers', ARGV[1])");

impl Redis {
    pub async fn take_places(
        &self,
        process: &str,
        bucket: &str,
        places: i64,
        counted: &Counted,
    ) -> Result<Standing, StoreError> {
        let numbers = [places, counted.taken, counted.pause, counted.callers_kept];
        let mut with = vec![process.to_owned(), bucket.to_owned()];
        with.extend(numbers.iter().map(ToString::to_string));
        with.extend([counted.wanted.len().to_string(), counted.answered.len().to_string()]);
        with.extend(counted.wanted.iter().cloned());
        for (place, left) in &counted.answered {
            with.extend([place.clone(), left.to_string()]);
        }
        with.extend(counted.freed.iter().cloned());
        let (given, free, next, paused, processes) = self.run(&TAKE, with).await?;
        Ok(Standing { given, free, next, paused, processes })
    }

    pub async fn forget_caller(&self, process: &str) -> Result<(), StoreError> {
        self.run(&FORGET, process).await
    }
}
