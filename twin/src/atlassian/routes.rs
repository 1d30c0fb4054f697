//! Which function answers which method and path.

use crate::world::World;

use super::call::{Answer, Api, Call};

/// Does a call's work on the company, in one step: nobody else sees a half of it.
pub type Work = fn(&Call, &mut World) -> Result<Answer, Answer>;

/// A method, a path template as the vendor's document writes it, and what answers.
pub type Route = (&'static str, &'static str, Work);

/// The route that a request takes.
pub struct Taken {
    /// Method and template, with the version that was called.
    pub operation: String,
    pub params: Vec<(String, String)>,
    pub api: Api,
    pub work: Work,
}

/// Finds the route. Version 2 of Jira's platform has the same resources as version 3.
/// Fixed parts win over parameters: `issue/bulkfetch` is no issue.
pub fn find(method: &str, path: &str) -> Option<Taken> {
    let (canonical, version, api) = canonical(path);
    let segments: Vec<&str> = canonical.trim_end_matches('/').split('/').skip(1).collect();
    let table = if path.starts_with("/wiki/") { super::confluence::ROUTES } else { super::jira::ROUTES };
    let mut best: Option<(usize, &Route, Vec<(String, String)>)> = None;
    for route in table.iter().filter(|route| route.0 == method) {
        if let Some(params) = fit(route.1, &segments)
            && best.as_ref().is_none_or(|(count, _, _)| params.len() < *count)
        {
            best = Some((params.len(), route, params));
        }
    }
    let (_, (method, template, work), params) = best?;
    let template = match version {
        Some(version) => template.replacen("/rest/api/3/", &format!("/rest/api/{version}/"), 1),
        None => (*template).to_owned(),
    };
    Some(Taken { operation: format!("{method} {template}"), params, api, work: *work })
}

fn canonical(path: &str) -> (String, Option<&'static str>, Api) {
    for version in ["2", "latest"] {
        let prefix = format!("/rest/api/{version}/");
        if let Some(rest) = path.strip_prefix(&prefix) {
            return (format!("/rest/api/3/{rest}"), Some(version), Api::V2);
        }
    }
    match path.strip_prefix("/rest/agile/latest/") {
        Some(rest) => (format!("/rest/agile/1.0/{rest}"), None, Api::Agile),
        None if path.starts_with("/rest/agile/") => (path.to_owned(), None, Api::Agile),
        None => (path.to_owned(), None, Api::V3),
    }
}

fn fit(template: &str, segments: &[&str]) -> Option<Vec<(String, String)>> {
    let mut params = Vec::new();
    let mut given = segments.iter();
    for part in template.split('/').skip(1) {
        let segment = given.next()?;
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) if !segment.is_empty() => params.push((name.to_owned(), decode(segment))),
            _ if part == *segment => {}
            _ => return None,
        }
    }
    given.next().is_none().then_some(params)
}

/// Undoes percent encoding; what is malformed stays as it is.
pub fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let rest = bytes.clone();
        let digits: Option<Vec<u32>> = rest.take(2).map(|b| char::from(b).to_digit(16)).collect();
        match digits.as_deref() {
            Some([high, low]) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                bytes.nth(1);
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// A query string as names and values, in order.
pub fn query(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| (decode(&name.replace('+', " ")), decode(&value.replace('+', " ")))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_parts_win_and_versions_are_told_apart() {
        let taken = find("POST", "/rest/api/3/issue/bulkfetch").unwrap();
        assert_eq!(taken.operation, "POST /rest/api/3/issue/bulkfetch");
        let taken = find("GET", "/rest/api/2/issue/ROAD-1").unwrap();
        assert_eq!(taken.operation, "GET /rest/api/2/issue/{issueIdOrKey}");
        assert_eq!(taken.params, [("issueIdOrKey".to_owned(), "ROAD-1".to_owned())]);
        assert!(find("GET", "/rest/api/3/nothing").is_none());
    }

    #[test]
    fn queries_are_decoded() {
        let pairs = query("jql=project+%3D%20DCT&fields=a,b&x");
        assert_eq!(pairs.first().unwrap().1, "project = DCT");
        assert_eq!(pairs.last().unwrap(), &("x".to_owned(), String::new()));
        assert_eq!(decode("100%"), "100%");
    }
}
