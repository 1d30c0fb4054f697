//! The life of risks, and what was set aside, as hashes.

use serde_json::{Value, json};

use super::{Lua, Redis, script};
use crate::domain::{ChannelId, ProgramKey};
use crate::store::StoreError;
use crate::store::lives::Noted;

// scope, finding, at, spec
static SET_ASIDE: Lua = script!(
    "
    local asides = at .. 'asides:' .. ARGV[1]
    local known = redis.call('HGET', asides, ARGV[2])
    local number = known and cjson.decode(known).number or redis.call('INCR', at .. 'last-aside')
    local aside = { number = number, at = tonumber(ARGV[3]), spec = ARGV[4] }
    redis.call('HSET', asides, ARGV[2], cjson.encode(aside))
    redis.call('SADD', at .. 'aside-scopes', ARGV[1])"
);

// scope → what is set aside
static ASIDES: Lua = script!("return redis.call('HVALS', at .. 'asides:' .. ARGV[1])");

// scope, finding → how many came back
static BRING_BACK: Lua = script!("return redis.call('HDEL', at .. 'asides:' .. ARGV[1], ARGV[2])");

// program → finding and channel, with since and told
static LIVES: Lua = script!("return redis.call('HGETALL', at .. 'lives:' .. ARGV[1])");

// channel, at, what was told, programs that were read whole
static NOTE: Lua = script!(
    "
    local channel, now = ARGV[1], tonumber(ARGV[2])
    local still = {}
    for _, one in ipairs(cjson.decode(ARGV[3])) do
        local lives, name = at .. 'lives:' .. one.program, channel .. ' ' .. one.finding
        still[name] = true
        local since, told = one.since, now
        local known = redis.call('HGET', lives, name)
        if known then
            known = cjson.decode(known)
            since, told = math.min(since, known[1]), math.max(told, known[2])
        end
        redis.call('HSET', lives, name, cjson.encode({ since, told }))
        redis.call('SADD', at .. 'lively', one.program)
    end
    for _, program in ipairs(cjson.decode(ARGV[4])) do
        local lives = at .. 'lives:' .. program
        for _, name in ipairs(redis.call('HKEYS', lives)) do
            local of_channel = string.sub(name, 1, #channel + 1) == channel .. ' '
            if of_channel and not still[name] and cjson.decode(redis.call('HGET', lives, name))[2] < now then
                redis.call('HDEL', lives, name)
            end
        end
    end"
);

// before when
static FORGET: Lua = script!(
    "
    local before = tonumber(ARGV[1])
    for _, program in ipairs(redis.call('SMEMBERS', at .. 'lively')) do
        local lives = at .. 'lives:' .. program
        for _, name in ipairs(redis.call('HKEYS', lives)) do
            if cjson.decode(redis.call('HGET', lives, name))[2] < before then redis.call('HDEL', lives, name) end
        end
    end
    for _, scope in ipairs(redis.call('SMEMBERS', at .. 'aside-scopes')) do
        local asides = at .. 'asides:' .. scope
        for _, finding in ipairs(redis.call('HKEYS', asides)) do
            if cjson.decode(redis.call('HGET', asides, finding)).at < before then
                redis.call('HDEL', asides, finding)
            end
        end
    end"
);

impl Redis {
    pub async fn set_aside(&self, scope: &str, finding: &str, at: i64, spec: &str) -> Result<(), StoreError> {
        self.run(&SET_ASIDE, (scope, finding, at, spec)).await
    }

    pub async fn asides(&self, scopes: &[String]) -> Result<Vec<(i64, String, String)>, StoreError> {
        let mut kept = Vec::new();
        for scope in scopes {
            let found: Vec<String> = self.run(&ASIDES, scope).await?;
            for one in found {
                let one: Value = serde_json::from_str(&one)?;
                let number = one.get("number").and_then(Value::as_i64);
                if let (Some(number), Some(spec)) = (number, one.get("spec").and_then(Value::as_str)) {
                    kept.push((number, scope.clone(), spec.to_owned()));
                }
            }
        }
        kept.sort_unstable();
        kept.dedup();
        Ok(kept)
    }

    pub async fn bring_back(&self, scope: &str, finding: &str) -> Result<bool, StoreError> {
        Ok(self.run::<i64>(&BRING_BACK, (scope, finding)).await? > 0)
    }

    pub async fn lives(
        &self,
        programs: &[ProgramKey],
        lately: i64,
    ) -> Result<Vec<(String, String, i64)>, StoreError> {
        let mut began = Vec::new();
        for program in programs {
            let known: Vec<(String, String)> = self.run(&LIVES, program.as_str()).await?;
            for (name, times) in known {
                let (since, told): (i64, i64) = serde_json::from_str(&times)?;
                if let (Some((channel, finding)), true) = (name.split_once(' '), told >= lately) {
                    began.push((finding.to_owned(), channel.to_owned(), since));
                }
            }
        }
        began.sort_unstable();
        Ok(began)
    }

    pub async fn note_lives(
        &self,
        channel: &ChannelId,
        at: i64,
        noted: &[Noted<'_>],
        whole: Option<&[ProgramKey]>,
    ) -> Result<(), StoreError> {
        let one =
            |one: &Noted<'_>| json!({"program": one.program, "finding": one.finding, "since": one.since});
        let noted = Value::from(noted.iter().map(one).collect::<Vec<_>>()).to_string();
        let whole = json!(whole.unwrap_or_default()).to_string();
        self.run(&NOTE, (channel.as_str(), at, noted, whole)).await
    }

    pub async fn forget_lives(&self, before: i64) -> Result<(), StoreError> {
        self.run(&FORGET, before).await
    }
}
