//! Schedules as hashes.

use super::{Lua, NOTHING, Redis, script};
use crate::domain::{RunId, Schedule};
use crate::store::StoreError;
use crate::store::schedules::Kept;

// now, then key, spec and times of each
static DECLARE: Lua = script!(
    "
    local of_file = {}
    for i = 2, #ARGV, 3 do
        local key, spec, times = ARGV[i], ARGV[i + 1], ARGV[i + 2]
        of_file[key] = true
        local number = redis.call('HGET', at .. 'schedule-numbers', key)
        if not number then
            number = redis.call('INCR', at .. 'last-schedule')
            redis.call('HSET', at .. 'schedule-numbers', key, number)
            redis.call('HSET', at .. 'schedule:' .. number, 'key', key, 'settled', ARGV[1], 'paused', 0)
        elseif redis.call('HGET', at .. 'schedule:' .. number, 'times') ~= times then
            redis.call('HSET', at .. 'schedule:' .. number, 'settled', ARGV[1])
        end
        redis.call('HSET', at .. 'schedule:' .. number, 'spec', spec, 'times', times, 'of_file', 1)
        redis.call('HDEL', at .. 'schedule:' .. number, 'made_by')
    end
    for _, key in ipairs(redis.call('HKEYS', at .. 'schedule-numbers')) do
        local schedule = at .. 'schedule:' .. redis.call('HGET', at .. 'schedule-numbers', key)
        if not of_file[key] and redis.call('HGET', schedule, 'of_file') == '1' then
            redis.call('DEL', schedule)
            redis.call('HDEL', at .. 'schedule-numbers', key)
        end
    end"
);

// key, spec, times, who asked, now → its number, or nothing when another one has the key
static MAKE: Lua = script!(
    "
    local number = redis.call('HGET', at .. 'schedule-numbers', ARGV[1])
    if number then
        return redis.call('HGET', at .. 'schedule:' .. number, 'made_by') == ARGV[4] and number
    end
    number = redis.call('INCR', at .. 'last-schedule')
    redis.call('HSET', at .. 'schedule-numbers', ARGV[1], number)
    redis.call('HSET', at .. 'schedule:' .. number, 'key', ARGV[1], 'spec', ARGV[2], 'times', ARGV[3],
               'of_file', 0, 'made_by', ARGV[4], 'settled', ARGV[5], 'paused', 0)
    return number"
);

/// `read` gives what Rust reads of a schedule.
const READ: &str = "
    local function read(number)
        local told = redis.call('HMGET', at .. 'schedule:' .. number, 'spec', 'of_file', 'settled', 'paused')
        table.insert(told, 1, number)
        return told
    end";

static LIST: Lua = script!(
    READ,
    "
    local told = {}
    for _, number in ipairs(redis.call('HVALS', at .. 'schedule-numbers')) do
        table.insert(told, read(number))
    end
    return told"
);

// key
static GET: Lua = script!(
    READ,
    "
    local number = redis.call('HGET', at .. 'schedule-numbers', ARGV[1])
    return number and read(number)"
);

// number, paused, now
static PAUSE: Lua = script!(
    "
    local schedule = at .. 'schedule:' .. ARGV[1]
    local known = redis.call('HMGET', schedule, 'paused', 'settled')
    if not known[1] or known[1] == ARGV[2] then return end
    redis.call('HSET', schedule, 'paused', ARGV[2])
    if tonumber(known[2]) < tonumber(ARGV[3]) then redis.call('HSET', schedule, 'settled', ARGV[3]) end"
);

// number
static DELETE: Lua = script!(
    "
    local schedule = at .. 'schedule:' .. ARGV[1]
    local known = redis.call('HMGET', schedule, 'key', 'of_file')
    if not known[1] or known[2] == '1' then return end
    redis.call('DEL', schedule)
    redis.call('HDEL', at .. 'schedule-numbers', known[1])"
);

// number, until
static SETTLE: Lua = script!(
    "
    local schedule = at .. 'schedule:' .. ARGV[1]
    local settled = redis.call('HGET', schedule, 'settled')
    if settled and tonumber(settled) < tonumber(ARGV[2]) then
        redis.call('HSET', schedule, 'settled', ARGV[2])
    end"
);

// key, then why, if there is trouble → whether that is news
static TROUBLE: Lua = script!(
    "
    local number = redis.call('HGET', at .. 'schedule-numbers', ARGV[1])
    if not number then return 0 end
    local schedule = at .. 'schedule:' .. number
    if redis.call('HGET', schedule, 'trouble') == (ARGV[2] or false) then return 0 end
    if ARGV[2] then
        redis.call('HSET', schedule, 'trouble', ARGV[2])
    else
        redis.call('HDEL', schedule, 'trouble')
    end
    return 1"
);

/// What scripts tell of a schedule.
type Told = (i64, String, bool, i64, bool);

impl Redis {
    pub async fn declare_schedules(&self, file: &[Schedule], now: i64) -> Result<(), StoreError> {
        let mut with = vec![now.to_string()];
        for schedule in file {
            with.extend([schedule.key(), serde_json::to_string(schedule)?, times(schedule)?]);
        }
        self.run(&DECLARE, with).await
    }

    pub async fn make_schedule(
        &self,
        schedule: &Schedule,
        asked: &RunId,
        now: i64,
    ) -> Result<Option<i64>, StoreError> {
        let spec = serde_json::to_string(schedule)?;
        self.run(&MAKE, (schedule.key(), spec, times(schedule)?, asked.as_str(), now)).await
    }

    pub async fn schedules(&self) -> Result<Vec<Kept>, StoreError> {
        let mut told: Vec<Told> = self.run(&LIST, NOTHING).await?;
        told.sort_by_key(|(number, ..)| *number);
        Ok(told.into_iter().map(kept).collect())
    }

    pub async fn schedule(&self, key: &str) -> Result<Option<Kept>, StoreError> {
        Ok(self.run::<Option<Told>>(&GET, key).await?.map(kept))
    }

    pub async fn pause_schedule(&self, number: i64, paused: bool, now: i64) -> Result<(), StoreError> {
        self.run(&PAUSE, (number, i64::from(paused), now)).await
    }

    pub async fn delete_schedule(&self, number: i64) -> Result<(), StoreError> {
        self.run(&DELETE, number).await
    }

    pub async fn settle_schedule(&self, number: i64, until: i64) -> Result<(), StoreError> {
        self.run(&SETTLE, (number, until)).await
    }

    pub async fn schedule_trouble(&self, key: &str, why: Option<&str>) -> Result<bool, StoreError> {
        self.run(&TROUBLE, (key, why)).await
    }
}

/// When it is due, as it is compared.
fn times(schedule: &Schedule) -> Result<String, StoreError> {
    Ok(serde_json::to_string(&schedule.cron)?)
}

fn kept((number, spec, of_file, settled, paused): Told) -> Kept {
    Kept { number, spec, of_file, settled, paused }
}
