//! Jobs as hashes, and what is to be done with them as sorted sets.

use serde_json::Value;

use super::{AT_ONCE, Lua, NOTHING, Redis, script};
use crate::domain::UserId;
use crate::store::jobs::Ending;
use crate::store::{Bounds, Job, JobCounts, NewJob, Refused, StoreError, instant};

// key, kind, person, payload, now, how many of the person's may wait, and of all; below 0 as many as there are
// → its id, or nothing when the key is known; why it was refused, or nothing
pub(super) static ENQUEUE: Lua = script!(
    "
    local known = redis.call('HGET', at .. 'job-ids', ARGV[1])
    if known then return { false, redis.call('HGET', at .. 'job:' .. known, 'refused') } end
    local refused, most = false, tonumber(ARGV[7])
    if most >= 0 then
        if redis.call('ZCARD', at .. 'waiting:' .. ARGV[3]) >= tonumber(ARGV[6]) then
            refused = 'theirs'
        else
            local all = 0
            for _, person in ipairs(redis.call('SMEMBERS', at .. 'waiting')) do
                if person ~= '' then all = all + redis.call('ZCARD', at .. 'waiting:' .. person) end
                if all >= most then break end
            end
            if all >= most then refused = 'all' end
        end
    end
    local id = string.format('%016.0f', redis.call('INCR', at .. 'last-job'))
    redis.call('HSET', at .. 'job-ids', ARGV[1], id)
    redis.call('HSET', at .. 'job:' .. id, 'key', ARGV[1], 'kind', ARGV[2], 'person', ARGV[3],
               'payload', ARGV[4], 'progress', 'null', 'attempt', 0, 'fence', 0,
               'ready_at', ARGV[5], 'created_at', ARGV[5])
    if refused then
        redis.call('HSET', at .. 'job:' .. id, 'refused', refused)
        redis.call('ZADD', at .. 'refused', ARGV[5], id)
        return { id, refused }
    end
    redis.call('ZADD', at .. 'waiting:' .. ARGV[3], ARGV[5], id)
    redis.call('SADD', at .. 'waiting', ARGV[3])
    redis.call('PUBLISH', at .. 'arrived', id)
    return { id, false }"
);

// key, now → whether it is not begun any more
static WITHDRAW: Lua = script!(
    "
    local id = redis.call('HGET', at .. 'job-ids', ARGV[1])
    if not id then
        id = string.format('%016.0f', redis.call('INCR', at .. 'last-job'))
        redis.call('HSET', at .. 'job-ids', ARGV[1], id)
        redis.call('HSET', at .. 'job:' .. id, 'key', ARGV[1], 'kind', 'withdrawn', 'person', '',
                   'payload', 'null', 'progress', 'null', 'attempt', 0, 'fence', 0,
                   'ready_at', ARGV[2], 'created_at', ARGV[2])
    else
        local job = at .. 'job:' .. id
        local person, attempt, progress = unpack(redis.call('HMGET', job, 'person', 'attempt', 'progress'))
        if attempt ~= '0' or progress ~= 'null' then return 0 end
        local waits = at .. 'waiting:' .. person
        if redis.call('ZREM', waits, id) + redis.call('ZREM', at .. 'refused', id) == 0 then return 0 end
        if redis.call('EXISTS', waits) == 0 then redis.call('SREM', at .. 'waiting', person) end
        redis.call('HSET', job, 'payload', 'null')
    end
    redis.call('ZADD', at .. 'done', ARGV[2], id)
    return 1"
);

/// Takes the job `id` for a worker: with what follows, the end of a script whose arguments are something, worker, now,
/// end of the lease.
pub(super) const TAKE: &str = "
    redis.call('ZADD', at .. 'running', ARGV[4], id)
    local job = at .. 'job:' .. id
    redis.call('HSET', job, 'worker', ARGV[2])
    redis.call('HINCRBY', job, 'fence', 1)
    redis.call('HINCRBY', job, 'attempt', 1)
    if ARGV[3] ~= '' then redis.call('HSET', job, 'begun_at', ARGV[3]) end
    local told = redis.call('HMGET', job, 'key', 'kind', 'payload', 'progress', 'attempt', 'fence', 'created_at',
                            'refused')
    table.insert(told, 1, id)
    return told";

/// What is told of a job that was taken.
pub(super) type Taken = (i64, String, String, String, String, i64, i64, i64, Option<String>);

// nothing, worker, now, end of the lease → what is told of a job that was taken
static CLAIM_REFUSED: Lua = script!(
    "
    local id = redis.call('ZRANGEBYSCORE', at .. 'refused', '-inf', ARGV[3], 'LIMIT', 0, 1)[1]
    if id then redis.call('ZREM', at .. 'refused', id) end
    if not id then
        for _, other in ipairs(redis.call('ZRANGEBYSCORE', at .. 'running', '-inf', ARGV[3])) do
            if not id and redis.call('HEXISTS', at .. 'job:' .. other, 'refused') == 1 then id = other end
        end
    end
    if not id then return false end",
    TAKE
);

// nothing, worker, now, end of the lease → what is told of a job that was taken
static CLAIM: Lua = script!(
    "
    local now = ARGV[3]
    local busy = {}
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', at .. 'running', '(' .. now, '+inf')) do
        local person = redis.call('HGET', at .. 'job:' .. id, 'person')
        if person and person ~= '' then busy[person] = (busy[person] or 0) + 1 end
    end

    local best
    local function weigh(id, person, since)
        local one = { id = id, person = person, busy = busy[person] or 0, since = tonumber(since) }
        if not best or one.busy < best.busy or (one.busy == best.busy and
            (one.since < best.since or (one.since == best.since and one.id < best.id))) then best = one end
    end
    for _, person in ipairs(redis.call('SMEMBERS', at .. 'waiting')) do
        local first = redis.call('ZRANGEBYSCORE', at .. 'waiting:' .. person, '-inf', now,
                                 'WITHSCORES', 'LIMIT', 0, 1)
        if first[1] then weigh(first[1], person, first[2]) end
    end
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', at .. 'running', '-inf', now)) do
        local job = redis.call('HMGET', at .. 'job:' .. id, 'person', 'ready_at', 'refused')
        if not job[3] then weigh(id, job[1] or '', job[2] or now) end
    end
    if not best then return false end

    local id = best.id
    redis.call('ZREM', at .. 'waiting:' .. best.person, id)
    if redis.call('EXISTS', at .. 'waiting:' .. best.person) == 0 then
        redis.call('SREM', at .. 'waiting', best.person)
    end",
    TAKE
);

/// Ends a script whose worker has lost the job: 0. What follows may go on with `id` and `job`.
const HELD: &str = "
    local id = ARGV[1]
    local job = at .. 'job:' .. id
    if not redis.call('ZSCORE', at .. 'running', id) or redis.call('HGET', job, 'fence') ~= ARGV[2] then
        return 0
    end";

/// Has a job wait again.
const WAITS: &str = "
    local person, ready_at, refused = unpack(redis.call('HMGET', job, 'person', 'ready_at', 'refused'))
    redis.call('ZREM', at .. 'running', id)
    if refused then
        redis.call('ZADD', at .. 'refused', ready_at, id)
    else
        redis.call('ZADD', at .. 'waiting:' .. person, ready_at, id)
        redis.call('SADD', at .. 'waiting', person)
    end
    redis.call('HDEL', job, 'worker')";

// id, fence, end of the lease
static RENEW: Lua = script!(HELD, "redis.call('ZADD', at .. 'running', ARGV[3], id) return 1");

// id, fence, state
static SAVE: Lua = script!(HELD, "redis.call('HSET', job, 'progress', ARGV[3]) return 1");

// id, fence, done or failed, now, reason
static END: Lua = script!(
    HELD,
    "
    redis.call('ZREM', at .. 'running', id)
    redis.call('ZADD', at .. ARGV[3], ARGV[4], id)
    redis.call('HSET', job, 'payload', 'null', 'progress', 'null', 'reason', ARGV[5])
    return 1"
);

// id, fence, until, reason
static PUT_ASIDE: Lua =
    script!(HELD, "redis.call('HSET', job, 'ready_at', ARGV[3], 'reason', ARGV[4])", WAITS, " return 1");

// id, fence
static HAND_BACK: Lua = script!(
    HELD,
    WAITS,
    "
    redis.call('HINCRBY', job, 'attempt', -1)
    redis.call('PUBLISH', at .. 'arrived', id)
    return 1"
);

static COUNT: Lua = script!(
    "
    local ready = redis.call('ZCARD', at .. 'refused')
    for _, person in ipairs(redis.call('SMEMBERS', at .. 'waiting')) do
        ready = ready + redis.call('ZCARD', at .. 'waiting:' .. person)
    end
    return { ready, redis.call('ZCARD', at .. 'running'), redis.call('ZCARD', at .. 'done'),
             redis.call('ZCARD', at .. 'failed') }"
);

// before when, how many at most → how many were forgotten
static FORGET: Lua = script!(
    "
    local forgotten = 0
    for _, ended in ipairs({ at .. 'done', at .. 'failed' }) do
        for _, id in ipairs(redis.call('ZRANGEBYSCORE', ended, '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])) do
            local key = redis.call('HGET', at .. 'job:' .. id, 'key')
            if key then redis.call('HDEL', at .. 'job-ids', key) end
            redis.call('DEL', at .. 'job:' .. id)
            redis.call('ZREM', ended, id)
            forgotten = forgotten + 1
        end
    end
    return forgotten"
);

impl Redis {
    /// Its number, if it is new, and why it was refused, if it was.
    pub async fn enqueue(
        &self,
        job: &NewJob,
        bounds: Option<Bounds>,
        now: i64,
    ) -> Result<(Option<i64>, Option<String>), StoreError> {
        let person = job.person.as_ref().map_or("", UserId::as_str);
        let payload = job.payload.to_string();
        let bound = |most: fn(Bounds) -> usize| {
            bounds.map_or(-1, |bounds| i64::try_from(most(bounds)).unwrap_or(i64::MAX))
        };
        let (theirs, all) = (bound(|bounds| bounds.person), bound(|bounds| bounds.all));
        self.run_quick(&ENQUEUE, (&job.key, &job.kind, person, payload, now, theirs, all)).await
    }

    pub async fn withdraw(&self, key: &str, now: i64) -> Result<bool, StoreError> {
        self.run(&WITHDRAW, (key, now)).await
    }

    pub async fn claim(
        &self,
        worker: &str,
        now: i64,
        until: i64,
        refused: bool,
    ) -> Result<Option<Job>, StoreError> {
        let script = if refused { &CLAIM_REFUSED } else { &CLAIM };
        let told: Option<Taken> = self.run(script, ("", worker, now, until)).await?;
        told.map(self::job).transpose()
    }

    pub async fn renew(&self, job: &Job, until: i64) -> Result<bool, StoreError> {
        self.run_quick(&RENEW, (id(job), job.fence, until)).await
    }

    pub async fn save_state(&self, job: &Job, state: &str) -> Result<bool, StoreError> {
        self.run(&SAVE, (id(job), job.fence, state)).await
    }

    pub async fn end(&self, job: &Job, ending: Ending<'_>, now: i64) -> Result<bool, StoreError> {
        let (among, reason) = match ending {
            Ending::Done => ("done", ""),
            Ending::Failed(reason) => ("failed", reason),
        };
        self.run(&END, (id(job), job.fence, among, now, reason)).await
    }

    pub async fn put_aside(&self, job: &Job, until: i64, reason: &str) -> Result<bool, StoreError> {
        self.run(&PUT_ASIDE, (id(job), job.fence, until, reason)).await
    }

    pub async fn hand_back(&self, job: &Job) -> Result<bool, StoreError> {
        self.run(&HAND_BACK, (id(job), job.fence)).await
    }

    pub async fn job_counts(&self) -> Result<JobCounts, StoreError> {
        let (ready, running, done, failed) = self.run(&COUNT, NOTHING).await?;
        Ok(JobCounts { ready, running, done, failed })
    }

    pub async fn forget_jobs(&self, ended_before: i64) -> Result<(), StoreError> {
        while self.run::<usize>(&FORGET, (ended_before, AT_ONCE)).await? > 0 {}
        Ok(())
    }
}

/// A job that was taken.
pub(super) fn job(told: Taken) -> Result<Job, StoreError> {
    let (id, key, kind, payload, state, attempt, fence, since, refused) = told;
    let (payload, state): (Value, Value) = (serde_json::from_str(&payload)?, serde_json::from_str(&state)?);
    let refused = refused.as_deref().and_then(Refused::read);
    Ok(Job { id, key, kind, payload, state, attempt, since: instant(since), refused, fence })
}

/// As scripts write it.
fn id(job: &Job) -> String {
    format!("{:016}", job.id)
}
