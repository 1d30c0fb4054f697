//! What ails a Redis, in words that say what helps.

use std::io;

use ::redis::{ErrorKind, RedisError, ServerErrorKind};

/// That nothing was answered in time.
pub fn silence() -> RedisError {
    io::Error::from(io::ErrorKind::TimedOut).into()
}

/// What Redis does, to follow its address in a sentence. Inside a script older servers wrap the error of a
/// command into one of their own, so the text is looked at as well as the kind.
pub fn in_words(error: &RedisError) -> String {
    let text = error.to_string();
    let says = |code: &str| error.code() == Some(code) || text.contains(code);
    if says("WRONGPASS") || says("NOAUTH") || error.kind() == ErrorKind::AuthenticationFailed {
        return "refuses the password: correct the one in REDIS_URL".to_owned();
    }
    if says("NOPERM") {
        return "does not let its user do this: allow it all commands on the keys ~{caughtup}:* and on the channel \
                &{caughtup}:*"
            .to_owned();
    }
    if says("READONLY") {
        return "is read-only, so it is a replica: point REDIS_URL to the primary".to_owned();
    }
    if says("OOM") {
        return "is out of memory and takes nothing in: raise its maxmemory, or free some".to_owned();
    }
    if says("MISCONF") || says("NOREPLICAS") {
        return format!("cannot keep what it is given: {text}");
    }
    if says("LOADING") {
        return "is still loading its data: wait until it has".to_owned();
    }
    if error.kind() == ErrorKind::MasterNameNotFoundBySentinel {
        return "is not known to its Sentinels as a primary that answers: wait until they have chosen another one, or \
                correct its name in REDIS_URL"
            .to_owned();
    }
    if error.is_cluster_error() || error.kind() == ErrorKind::Server(ServerErrorKind::CrossSlot) {
        return "is a Redis Cluster, which caughtup does not speak: give it a Redis of its own".to_owned();
    }
    if error.is_timeout() {
        return "does not answer: see whether it is overloaded, or a firewall is in the way".to_owned();
    }
    if says("certificate") {
        return format!(
            "shows a certificate that cannot be trusted ({text}): have this machine trust its authority, or name \
             that in SSL_CERT_FILE"
        );
    }
    if error.is_io_error() {
        return format!("cannot be reached ({text}): start it, or correct REDIS_URL or store.url");
    }
    format!("failed: {text}")
}

/// Whether it may be over in a while, by itself or because somebody looks after Redis.
pub fn passes(error: &RedisError) -> bool {
    let text = error.to_string();
    let says = |code: &str| error.code() == Some(code) || text.contains(code);
    let server = ["READONLY", "OOM", "MISCONF", "NOREPLICAS", "LOADING", "MASTERDOWN"];
    // Between a primary that died and the next one Sentinels know of none.
    let failing_over = error.kind() == ErrorKind::MasterNameNotFoundBySentinel;
    error.is_io_error() || error.is_timeout() || failing_over || server.into_iter().any(says)
}

/// How much the clocks of two machines may differ, in milliseconds: leases last for ten seconds and are renewed
/// every three.
const APART: u64 = 2_000;

/// How a Redis that says this of itself can lose what it was given, or give it to two; `apart` is how much later
/// it is there than here.
pub fn advice(info: &str, apart: i64) -> Vec<&'static str> {
    let is = |name: &str, value: &str| info.lines().any(|line| line.trim_end() == format!("{name}:{value}"));
    let told = |name: &str| info.lines().any(|line| line.starts_with(name));
    let mut advice = Vec::new();
    if is("aof_enabled", "0") {
        advice.push(
            "the store forgets what it was given since its last snapshot when it is restarted: set appendonly yes",
        );
    }
    if told("maxmemory_policy:") && !is("maxmemory_policy", "noeviction") && !is("maxmemory", "0") {
        advice.push("the store throws requests away when memory is short: set maxmemory-policy noeviction");
    }
    if apart.unsigned_abs() > APART {
        advice.push(
            "the clocks of this machine and of the store differ by seconds, so a job may be given to two workers: \
             have both keep the time (NTP)",
        );
    }
    advice
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(text: &str) -> RedisError {
        let (code, detail) = text.split_once(' ').unwrap();
        ::redis::make_extension_error(code.to_owned(), Some(detail.to_owned()))
    }

    #[test]
    fn each_trouble_is_told_with_what_helps() {
        for (error, help) in [
            (server("WRONGPASS invalid username-password pair"), "REDIS_URL"),
            (server("NOAUTH Authentication required."), "REDIS_URL"),
            (server("READONLY You can't write against a read only replica."), "primary"),
            (server("ERR Error running script: @user_script:1: -READONLY You can't write"), "primary"),
            (server("OOM command not allowed when used memory > 'maxmemory'."), "maxmemory"),
            (server("NOPERM this user has no permissions"), "~{caughtup}:*"),
            (server("LOADING Redis is loading the dataset in memory"), "wait"),
            (io::Error::other("invalid peer certificate: UnknownIssuer").into(), "SSL_CERT_FILE"),
            ((ErrorKind::MasterNameNotFoundBySentinel, "there is none").into(), "chosen another one"),
            (silence(), "firewall"),
            (io::Error::from(io::ErrorKind::ConnectionRefused).into(), "start it"),
        ] {
            let told = in_words(&error);
            assert!(told.contains(help), "{error}: {told}");
            let of_ours = ["REDIS_URL", "~{caughtup}:*"].contains(&help);
            assert_eq!(passes(&error), !of_ours, "{error}");
        }
    }

    #[test]
    fn a_redis_that_keeps_everything_needs_no_advice() {
        let good = "# Memory\r\nmaxmemory:0\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n";
        assert_eq!(advice(good, -900), Vec::<&str>::new());
        assert_eq!(
            advice(&good.replace("noeviction", "allkeys-lru"), 0),
            Vec::<&str>::new(),
            "without a limit"
        );
        let bad = "maxmemory:1000\r\nmaxmemory_policy:allkeys-lru\r\naof_enabled:0\r\n";
        assert_eq!(advice(bad, -2_001).len(), 3);
        assert_eq!(advice("", 2_000), Vec::<&str>::new(), "who is not told says nothing");
    }
}
