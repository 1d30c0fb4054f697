//! Who waits, out of the sorted sets of jobs.

use super::jobs::{TAKE, Taken, job};
use super::{Lua, Redis, script};
use crate::store::queue::{LATELY, LOOKED_AT, Queue, Waiting};
use crate::store::{Job, StoreError, instant};

// kind, now, how many who wait are looked at, how many that ended
// → who is worked for, who waits, how long jobs of the kind took
static QUEUE: Lua = script!(
    "
    local now, waiting = ARGV[2], {}
    for _, person in ipairs(redis.call('SMEMBERS', at .. 'waiting')) do
        local ids = redis.call('ZRANGEBYSCORE', at .. 'waiting:' .. person, '-inf', now,
                               'WITHSCORES', 'LIMIT', 0, ARGV[3])
        for i = 1, #ids, 2 do table.insert(waiting, { ids[i], person, tonumber(ids[i + 1]) }) end
    end
    if #waiting == 0 then return { {}, {}, 0 } end
    table.sort(waiting, function(a, b) return a[3] < b[3] or (a[3] == b[3] and a[1] < b[1]) end)
    local told = {}
    for i = 1, math.min(#waiting, tonumber(ARGV[3])) do
        local one = waiting[i]
        local job = redis.call('HMGET', at .. 'job:' .. one[1], 'kind', 'ready_at', 'told')
        table.insert(told, { one[1], job[1] or '', one[2], job[2] or now, job[3] or '0' })
    end

    local running = {}
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', at .. 'running', '(' .. now, '+inf')) do
        local job = redis.call('HMGET', at .. 'job:' .. id, 'person', 'begun_at', 'refused')
        if not job[3] then table.insert(running, { tonumber(job[2] or '0'), id, job[1] or '' }) end
    end
    table.sort(running, function(a, b) return a[1] < b[1] or (a[1] == b[1] and a[2] < b[2]) end)
    local whose = {}
    for _, one in ipairs(running) do table.insert(whose, one[3]) end

    local took, count = 0, 0
    local ended = redis.call('ZREVRANGE', at .. 'done', 0, 4 * ARGV[4], 'WITHSCORES')
    for i = 1, #ended, 2 do
        local job = redis.call('HMGET', at .. 'job:' .. ended[i], 'kind', 'begun_at', 'refused')
        if job[1] == ARGV[1] and job[2] and not job[3] and count < tonumber(ARGV[4]) then
            took, count = took + ended[i + 1] - job[2], count + 1
        end
    end
    return { whose, told, count > 0 and math.floor(took / count) or -1 }"
);

// its number, worker, now, end of the lease, whether again → what is told of a claimed job
static CLAIM_TO_TELL: Lua = script!(
    "
    local id, job = ARGV[1], at .. 'job:' .. ARGV[1]
    local person = redis.call('HGET', job, 'person') or ''
    if not redis.call('ZSCORE', at .. 'waiting:' .. person, id) then return false end
    if redis.call('HGET', job, 'told') == '1' and ARGV[5] == '0' then return false end
    redis.call('HSET', job, 'told', 1)
    redis.call('ZREM', at .. 'waiting:' .. person, id)
    if redis.call('EXISTS', at .. 'waiting:' .. person) == 0 then redis.call('SREM', at .. 'waiting', person) end",
    TAKE
);

impl Redis {
    pub async fn queue(&self, kind: &str, now: i64) -> Result<Queue, StoreError> {
        type Told = (Vec<String>, Vec<(i64, String, String, i64, i64)>, i64);
        let (running, waiting, usually): Told = self.run(&QUEUE, (kind, now, LOOKED_AT, LATELY)).await?;
        let mut queue = Queue::of(running, Some(usually).filter(|usually| *usually >= 0));
        queue.waiting.extend(waiting.into_iter().map(|(id, kind, person, since, told)| Waiting {
            id,
            kind,
            person: person.parse().ok(),
            since: instant(since),
            told: told == 1,
        }));
        Ok(queue)
    }

    pub async fn claim_to_tell(
        &self,
        id: i64,
        worker: &str,
        until: i64,
        again: bool,
    ) -> Result<Option<Job>, StoreError> {
        let with = (format!("{id:016}"), worker, "", until, i64::from(again));
        let told: Option<Taken> = self.run(&CLAIM_TO_TELL, with).await?;
        told.map(job).transpose()
    }
}
