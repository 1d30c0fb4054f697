//! What models cost: a hash of each call, and sums of what counts for good.
//!
//! Amounts are whole millionths of a millionth of a dollar. Redis adds them exactly; a script compares them as
//! floating-point numbers, which are exact up to 9,007 dollars.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;

use super::{AT_ONCE, Lua, NOTHING, Redis, script};
use crate::domain::{Money, UserId};
use crate::store::ledger::count;
use crate::store::{Bill, Call, Reserved, Spending, StoreError, millis};

// now, run, day, workflow, person, agent, model, most, expires, the run's cap, the day's cap → number, or whose cap
// is in the way. A person is nobody as the empty text.
static RESERVE: Lua = script!(
    "
    local now, run, day, most = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[8])
    local of_run = tonumber(redis.call('HGET', at .. 'spent-by-run', run) or 0)
    local of_day = tonumber(redis.call('HGET', at .. 'spent-by-day', day) or 0)
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', at .. 'reserved', '(' .. now, '+inf')) do
        local call = redis.call('HMGET', at .. 'call:' .. id, 'run', 'day', 'reserved')
        if call[1] == run then of_run = of_run + tonumber(call[3]) end
        if call[2] == day then of_day = of_day + tonumber(call[3]) end
    end
    if of_run + most > tonumber(ARGV[10]) then return 'run' end
    if of_day + most > tonumber(ARGV[11]) then return 'day' end
    local id = redis.call('INCR', at .. 'last-call')
    redis.call('HSET', at .. 'call:' .. id, 'at', now, 'run', run, 'day', day, 'workflow', ARGV[4],
               'person', ARGV[5], 'agent', ARGV[6], 'model', ARGV[7], 'reserved', ARGV[8])
    redis.call('ZADD', at .. 'reserved', ARGV[9], id)
    redis.call('ZADD', at .. 'calls', now, id)
    redis.call('SADD', at .. 'calls:' .. day, id)
    redis.call('SADD', at .. 'days', day)
    return id"
);

/// Takes a call out of the sums: `id`, `call` and `known` (run, day, at least) are what follows can go on with.
const TAKE_OUT: &str = "
    local function take_out(id)
        local call = at .. 'call:' .. id
        local run, day, reserved, held, cost =
            unpack(redis.call('HMGET', call, 'run', 'day', 'reserved', 'held', 'cost'))
        if not run then return end
        local counted = cost or (held and reserved) or '0'
        redis.call('HINCRBY', at .. 'spent-by-run', run, counted == '0' and '0' or '-' .. counted)
        redis.call('HINCRBY', at .. 'spent-by-day', day, counted == '0' and '0' or '-' .. counted)
        redis.call('ZREM', at .. 'reserved', id)
        return call, run, day, reserved, cost
    end
    local function put_in(run, day, amount)
        redis.call('HINCRBY', at .. 'spent-by-run', run, amount)
        redis.call('HINCRBY', at .. 'spent-by-day', day, amount)
    end
    local function remove(id)
        local call, run, day = take_out(id)
        redis.call('ZREM', at .. 'calls', id)
        if not call then return end
        redis.call('DEL', call)
        redis.call('SREM', at .. 'calls:' .. day, id)
        if tonumber(redis.call('HGET', at .. 'spent-by-run', run)) <= 0 then
            redis.call('HDEL', at .. 'spent-by-run', run)
        end
        if redis.call('EXISTS', at .. 'calls:' .. day) == 0 then
            redis.call('SREM', at .. 'days', day)
            redis.call('HDEL', at .. 'spent-by-day', day)
        end
    end";

// number, cost, saved, input, cached, cache_written, output
static SETTLE: Lua = script!(
    TAKE_OUT,
    "
    local call, run, day = take_out(ARGV[1])
    if not call then return end
    put_in(run, day, ARGV[2])
    redis.call('HSET', call, 'cost', ARGV[2], 'saved', ARGV[3], 'input', ARGV[4], 'cached', ARGV[5],
               'cache_written', ARGV[6], 'output', ARGV[7])"
);

// number
static RELEASE: Lua = script!(TAKE_OUT, "remove(ARGV[1])");

// number
static HOLD: Lua = script!(
    TAKE_OUT,
    "
    local call, run, day, reserved, cost = take_out(ARGV[1])
    if not call then return end
    put_in(run, day, cost or reserved)
    redis.call('HSET', call, 'held', 1)"
);

static DAYS: Lua = script!("return redis.call('SMEMBERS', at .. 'days')");

// day → of each call that counts: workflow, person, run, input, cached, cache_written, output, cost, saved, and what
// it may have cost
static OF_DAY: Lua = script!(
    "
    local told = {}
    for _, id in ipairs(redis.call('SMEMBERS', at .. 'calls:' .. ARGV[1])) do
        local call = at .. 'call:' .. id
        local reserved, held, cost = unpack(redis.call('HMGET', call, 'reserved', 'held', 'cost'))
        if held or cost then
            local one = redis.call('HMGET', call, 'workflow', 'person', 'run', 'input', 'cached', 'cache_written',
                                   'output', 'cost', 'saved')
            for i = 4, 9 do one[i] = one[i] or '0' end
            one[10] = cost and '0' or reserved
            table.insert(told, one)
        end
    end
    return told"
);

// before when, how many at most → how many were forgotten
static FORGET: Lua = script!(
    TAKE_OUT,
    "
    local old = redis.call('ZRANGEBYSCORE', at .. 'calls', '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
    for _, id in ipairs(old) do remove(id) end
    return #old"
);

impl Redis {
    pub async fn reserve(&self, call: &Call<'_>, now: i64) -> Result<Reserved, StoreError> {
        let picos = |money: Money| money.picos().to_string();
        let with = [
            now.to_string(),
            call.run.to_string(),
            call.day.to_string(),
            call.workflow.to_owned(),
            call.person.map_or("", UserId::as_str).to_owned(),
            call.agent.to_string(),
            call.model.to_owned(),
            picos(call.most),
            now.saturating_add(millis(call.lasts)).to_string(),
            picos(call.run_cap),
            picos(call.day_cap),
        ];
        let answer: String = self.run(&RESERVE, &with).await?;
        Ok(match answer.as_str() {
            "run" => Reserved::OverRun,
            "day" => Reserved::OverDay,
            number => Reserved::Taken(serde_json::from_str(number)?),
        })
    }

    pub async fn settle(&self, reservation: i64, bill: &Bill) -> Result<(), StoreError> {
        let tokens = [bill.input, bill.cached, bill.cache_written, bill.output].map(count);
        self.run(&SETTLE, (reservation, bill.cost.picos(), bill.saved.picos(), &tokens)).await
    }

    pub async fn release(&self, reservation: i64) -> Result<(), StoreError> {
        self.run(&RELEASE, reservation).await
    }

    pub async fn hold(&self, reservation: i64) -> Result<(), StoreError> {
        self.run(&HOLD, reservation).await
    }

    pub async fn spending(&self, since: Date) -> Result<Vec<Spending>, StoreError> {
        let days: Vec<String> = self.run(&DAYS, NOTHING).await?;
        let mut days: Vec<Date> = days.iter().filter_map(|day| day.parse().ok()).collect();
        days.retain(|day| *day >= since);
        days.sort_unstable();
        let mut spending = Vec::new();
        for day in days {
            spending.extend(lines(day, self.run(&OF_DAY, day.to_string()).await?));
        }
        Ok(spending)
    }

    pub async fn forget_ledger(&self, before: i64) -> Result<(), StoreError> {
        while self.run::<usize>(&FORGET, (before, AT_ONCE)).await? > 0 {}
        Ok(())
    }
}

/// A call, as a script tells it.
type Told = (String, String, String, u64, u64, u64, u64, i64, i64, i64);

/// A day's calls, by workflow and person.
fn lines(day: Date, calls: Vec<Told>) -> impl Iterator<Item = Spending> {
    let mut by: BTreeMap<(String, Option<UserId>), (Spending, HashSet<String>)> = BTreeMap::new();
    for (workflow, person, run, input, cached, cache_written, output, cost, saved, unknown) in calls {
        let person: Option<UserId> = person.parse().ok();
        let (line, runs) = by.entry((workflow.clone(), person.clone())).or_insert_with(|| {
            let (bill, unknown) = (Bill::default(), Money::ZERO);
            (Spending { day, workflow, person, runs: 0, bill, unknown }, HashSet::new())
        });
        runs.insert(run);
        line.bill.input += input;
        line.bill.cached += cached;
        line.bill.cache_written += cache_written;
        line.bill.output += output;
        line.bill.cost += Money::from_picos(cost);
        line.bill.saved += Money::from_picos(saved);
        line.unknown += Money::from_picos(unknown);
    }
    by.into_values().map(|(line, runs)| Spending { runs: runs.len().try_into().unwrap_or(u64::MAX), ..line })
}
