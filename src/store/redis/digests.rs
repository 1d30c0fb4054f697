//! Digests as hashes, each audience's in the order of time.

use jiff::Timestamp;

use super::{Lua, Redis, script};
use crate::store::{DigestRecord, KnownFinding, StoreError, instant};

// audience → run, at, findings, gaps
static LAST: Lua = script!(
    "
    local run = redis.call('ZREVRANGE', at .. 'digests:' .. ARGV[1], 0, 0)[1]
    if not run then return false end
    local told = redis.call('HMGET', at .. 'digest:' .. run, 'at', 'findings', 'gaps')
    table.insert(told, 1, run)
    return told"
);

// audience, since → pairs of at and findings
static SINCE: Lua = script!(
    "
    local told = {}
    for _, run in ipairs(redis.call('ZRANGEBYSCORE', at .. 'digests:' .. ARGV[1], ARGV[2], '+inf')) do
        table.insert(told, redis.call('HMGET', at .. 'digest:' .. run, 'at', 'findings'))
    end
    return told"
);

// run, audience, at, findings, gaps
static ADD: Lua = script!(
    "
    local digest = at .. 'digest:' .. ARGV[1]
    if redis.call('EXISTS', digest) == 1 then return end
    redis.call('HSET', digest, 'audience', ARGV[2], 'at', ARGV[3], 'findings', ARGV[4], 'gaps', ARGV[5])
    redis.call('SADD', at .. 'audiences', ARGV[2])
    redis.call('ZADD', at .. 'digests:' .. ARGV[2], ARGV[3], ARGV[1])"
);

// before when; never an audience's last one
static FORGET: Lua = script!(
    "
    for _, audience in ipairs(redis.call('SMEMBERS', at .. 'audiences')) do
        local digests = at .. 'digests:' .. audience
        local last = redis.call('ZREVRANGE', digests, 0, 0, 'WITHSCORES')[2]
        local bound = ARGV[1]
        if last and tonumber(last) < tonumber(bound) then bound = last end
        for _, run in ipairs(redis.call('ZRANGEBYSCORE', digests, '-inf', '(' .. bound)) do
            redis.call('DEL', at .. 'digest:' .. run)
            redis.call('ZREM', digests, run)
        end
    end"
);

impl Redis {
    pub async fn last_digest(&self, audience: &str) -> Result<Option<DigestRecord>, StoreError> {
        let told: Option<(String, i64, String, String)> = self.run(&LAST, audience).await?;
        let Some((run, at, findings, gaps)) = told else { return Ok(None) };
        Ok(Some(DigestRecord {
            run_id: serde_json::from_value(run.into())?,
            programs: Vec::new(),
            at: instant(at),
            findings: serde_json::from_str(&findings)?,
            gaps: serde_json::from_str(&gaps)?,
            channel: None,
        }))
    }

    pub async fn findings_since(
        &self,
        audience: &str,
        since: i64,
    ) -> Result<Vec<(Timestamp, Vec<KnownFinding>)>, StoreError> {
        let told: Vec<(i64, String)> = self.run(&SINCE, (audience, since)).await?;
        told.iter().map(|(at, findings)| Ok((instant(*at), serde_json::from_str(findings)?))).collect()
    }

    pub async fn add_digest(
        &self,
        audience: &str,
        digest: &DigestRecord,
        findings: &str,
        gaps: &str,
    ) -> Result<(), StoreError> {
        let at = digest.at.as_millisecond();
        self.run(&ADD, (digest.run_id.as_str(), audience, at, findings, gaps)).await
    }

    pub async fn forget_digests(&self, before: i64) -> Result<(), StoreError> {
        self.run(&FORGET, before).await
    }
}
