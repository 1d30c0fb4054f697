//! A small CQL. It has JQL's grammar, so JQL's parser reads it; fields and meanings are its own.

use crate::atlassian::call::Call;
use crate::atlassian::jql::{self, Asker, Clause, Operand, Operator, Query, Term};
use crate::world::{Page, PageVersion, World};

use super::storage;

/// A query that was read.
pub struct Cql {
    query: Query,
}

impl Cql {
    /// Reads a query.
    pub fn parse(text: &str) -> Result<Self, String> {
        let refused = |_| format!("Could not parse cql : {text}");
        let query = jql::parse(text).map_err(refused)?;
        if query.clause.is_none() {
            return Err(format!("Could not parse cql : {text}"));
        }
        Ok(Self { query })
    }

    /// Whether a page is meant.
    pub fn fits(
        &self,
        world: &World,
        call: &Call,
        page: &Page,
        version: &PageVersion,
    ) -> Result<bool, String> {
        let subject = Subject { world, call, page, version };
        self.query.clause.as_ref().map_or(Ok(true), |clause| subject.clause(clause))
    }
}

/// Sorts by `lastmodified`, `created` or `title`; otherwise the newest first.
pub fn sort(cql: &Cql, hits: &mut [(&Page, &PageVersion)]) {
    let (field, down) = cql
        .query
        .order
        .first()
        .map_or(("lastmodified", true), |(field, down)| (field.as_str(), down.unwrap_or(false)));
    match field.to_lowercase().as_str() {
        "title" => hits.sort_by(|a, b| a.1.title.to_lowercase().cmp(&b.1.title.to_lowercase())),
        "created" => hits.sort_by_key(|(page, _)| page.versions.first().map(|version| version.created)),
        _ => hits.sort_by_key(|(_, version)| version.created),
    }
    if down {
        hits.reverse();
    }
}

struct Subject<'a> {
    world: &'a World,
    call: &'a Call,
    page: &'a Page,
    version: &'a PageVersion,
}

impl Subject<'_> {
    fn clause(&self, clause: &Clause) -> Result<bool, String> {
        match clause {
            Clause::Not(inner) => Ok(!self.clause(inner)?),
            Clause::And(parts) => parts.iter().try_fold(true, |all, part| Ok(self.clause(part)? && all)),
            Clause::Or(parts) => parts.iter().try_fold(false, |any, part| Ok(self.clause(part)? || any)),
            Clause::Term(term) => self.term(term),
        }
    }

    fn term(&self, term: &Term) -> Result<bool, String> {
        let wanted: Vec<String> = match &term.operand {
            Operand::Value(value) => vec![value.clone()],
            Operand::List(list) => list
                .iter()
                .filter_map(|one| match one {
                    Operand::Value(value) => Some(value.clone()),
                    _ => None,
                })
                .collect(),
            Operand::Function(name, _) if name.eq_ignore_ascii_case("currentUser") => {
                vec![self.call.me.clone()]
            }
            _ => Vec::new(),
        };
        let not = matches!(term.operator, Operator::NotEquals | Operator::NotIn | Operator::NotLike);
        let any = |values: &[String]| {
            let same =
                |value: &String| wanted.iter().any(|wanted| wanted.to_lowercase() == value.to_lowercase());
            values.iter().any(same) != not
        };
        let like = |texts: &[&str]| {
            let wanted = jql::Wanted::new(wanted.first().map_or("", String::as_str));
            texts.iter().any(|text| wanted.is_in(text)) != not
        };
        let liking = matches!(term.operator, Operator::Like | Operator::NotLike);
        let body = || storage::text(&self.version.storage);
        Ok(match term.field.to_lowercase().as_str() {
            "type" => any(&["page".to_owned()]),
            "id" | "content" => any(&[self.page.id.clone()]),
            "space" | "space.key" => {
                let space = self.world.confluence.spaces.iter().find(|space| space.id == self.page.space);
                any(&space.map(|space| space.key.clone()).into_iter().collect::<Vec<_>>())
            }
            "title" if liking => like(&[&self.version.title]),
            "title" => any(&[self.version.title.clone()]),
            "text" | "sitesearch" => like(&[&self.version.title, &body()]),
            "label" => any(&self.page.labels),
            "ancestor" => any(&self.ancestors()),
            "parent" => any(&self.page.parent.clone().into_iter().collect::<Vec<_>>()),
            "creator" => {
                any(&self.page.versions.first().map(|v| v.author.clone()).into_iter().collect::<Vec<_>>())
            }
            "contributor" => any(&self.page.versions.iter().map(|v| v.author.clone()).collect::<Vec<_>>()),
            "lastmodified" => self.time(term, self.version.created)?,
            "created" => {
                self.time(term, self.page.versions.first().map_or(self.version.created, |v| v.created))?
            }
            other => return Err(format!("No field exists with name: {other}")),
        })
    }

    fn ancestors(&self) -> Vec<String> {
        let mut chain = Vec::new();
        let mut at = self.page.parent.clone();
        while let Some(id) = at.filter(|_| chain.len() < 100) {
            at = self.world.confluence.pages.get(&id).and_then(|page| page.parent.clone());
            chain.push(id);
        }
        chain
    }

    fn time(&self, term: &Term, at: jiff::Timestamp) -> Result<bool, String> {
        let asker =
            Asker { account_id: self.call.me.clone(), zone: self.call.zone.clone(), now: self.call.now };
        // `now("-1w")` is CQL's way to say a week ago.
        let operand = match &term.operand {
            Operand::Function(name, arguments)
                if name.eq_ignore_ascii_case("now") && !arguments.is_empty() =>
            {
                Operand::Value(arguments.first().cloned().unwrap_or_default())
            }
            other => other.clone(),
        };
        let limit = jql::moment(&asker, &term.field, &operand).map_err(|refused| refused.0.join(" "))?;
        Ok(match term.operator {
            Operator::Less => at < limit,
            Operator::LessEquals => at <= limit,
            Operator::Greater => at > limit,
            Operator::GreaterEquals => at >= limit,
            Operator::NotEquals => at != limit,
            _ => at == limit,
        })
    }
}
