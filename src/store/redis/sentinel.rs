//! Addresses of a Redis that Sentinels watch over.

use ::redis::sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType};
use ::redis::{ConnectionAddr, ErrorKind, RedisError, RedisResult, TlsMode};
use url::Url;

/// Where Sentinels listen.
const PORT: u16 = 26379;

/// Reads `redis+sentinel://[user:password@]host[:port]/name[?sentinel=host[:port]&…&db=…&sentinel_password=…]`, and what of
/// it may be shown; nothing when it is an address of another kind.
pub fn read(text: &str) -> Option<RedisResult<(SentinelClient, String)>> {
    let tls = match text.split_once("+sentinel://")?.0 {
        "redis" => false,
        "rediss" => true,
        _ => return None,
    };
    Some(client(text, tls))
}

fn client(text: &str, tls: bool) -> RedisResult<(SentinelClient, String)> {
    let url = Url::parse(text).map_err(|_| wrong("the address of the Sentinels cannot be read"))?;
    let name = url.path().trim_matches('/');
    if name.is_empty() {
        return Err(wrong("the name that the Sentinels know the server by is missing behind the last /"));
    }
    let asked: Vec<_> = url.query_pairs().collect();
    let first = |wanted: &str| asked.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.as_ref());
    let others = asked.iter().filter(|(key, _)| key == "sentinel").map(|(_, place)| host_and_port(place));
    let others: Option<Vec<_>> = others.collect();
    let others = others.ok_or_else(|| wrong("another Sentinel is not given as host:port"))?;
    let one = (url.host_str().unwrap_or_default().to_owned(), url.port().unwrap_or(PORT));
    let sentinels: Vec<(String, u16)> = std::iter::once(one).chain(others).collect();
    let shown: Vec<String> = sentinels.iter().map(|(host, port)| format!("{host}:{port}")).collect();
    let place = format!("{name}, watched by {}", shown.join(", "));

    let mode = TlsMode::Secure;
    let address = |(host, port): (String, u16)| match tls {
        true => ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None },
        false => ConnectionAddr::Tcp(host, port),
    };
    let sentinels = sentinels.into_iter().map(address);
    let mut builder = SentinelClientBuilder::new(sentinels, name, SentinelServerType::Master)?;
    if tls {
        builder = builder.set_client_to_redis_tls_mode(mode).set_client_to_sentinel_tls_mode(mode);
    }
    if let Some(database) = first("db") {
        let database = database.parse().map_err(|_| wrong("db is not a number"))?;
        builder = builder.set_client_to_redis_db(database);
    }
    if let Some(password) = first("sentinel_password") {
        builder = builder.set_client_to_sentinel_password(password);
    }
    if !url.username().is_empty() {
        builder = builder.set_client_to_redis_username(decoded(url.username()));
    }
    if let Some(password) = url.password() {
        builder = builder.set_client_to_redis_password(decoded(password));
    }
    Ok((builder.build()?, place))
}

fn host_and_port(text: &str) -> Option<(String, u16)> {
    match text.rsplit_once(':') {
        Some((host, port)) => Some((host.to_owned(), port.parse().ok()?)),
        None => Some((text.to_owned(), PORT)),
    }
}

/// Without its percent signs.
fn decoded(text: &str) -> String {
    // A query is decoded by the same rules, but for `+`, which stands for itself here.
    let text = text.replace('+', "%2B");
    url::form_urlencoded::parse(text.as_bytes()).map(|(word, _)| word.into_owned()).collect()
}

fn wrong(what: &'static str) -> RedisError {
    (ErrorKind::InvalidClientConfig, what).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_of_an_address_is_no_secret() {
        let (_, place) = read(
            "redis+sentinel://ana:hunter2@one/main?sentinel=two:7&sentinel=three&db=3&sentinel_password=hunter3",
        )
        .unwrap()
        .unwrap();
        assert_eq!(place, "main, watched by one:26379, two:7, three:26379");
    }

    #[test]
    fn an_address_that_cannot_be_read_says_why_and_no_secret() {
        for address in [
            "redis+sentinel://:hunter2@one",
            "redis+sentinel://:hunter2@one/main?sentinel=two:x",
            "redis+sentinel://:hunter2@one/main?db=hunter2",
            "rediss+sentinel://:hunter2@one:99999/main",
        ] {
            let error = read(address).unwrap().err().unwrap().to_string();
            assert!(!error.contains("hunter2"), "{error}");
        }
        assert!(read("redis://one:6379").is_none());
    }

    #[test]
    fn a_password_may_hold_anything() {
        assert_eq!(decoded("a%2Bb+c%3D%26%25%20%C3%A4"), "a+b+c=&% ä");
    }
}
