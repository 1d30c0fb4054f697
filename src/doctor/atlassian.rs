//! Jira and Confluence: the account, the fields, every query, board and page that is named.

use super::Line;
use crate::config::{Config, PublishTarget};
use crate::sources::{Opening, Upstream, Writing, both, concurrently};

/// The fields that are looked for when the configuration names none: many sites do without.
const DEFAULTS: [&str; 5] = ["Target end", "Pillar", "Program", "Quarter", "Story Points"];

pub(super) async fn check(
    config: &Config,
    upstream: &std::sync::Arc<Upstream>,
    opening: &Opening,
) -> Vec<Line> {
    let what = "Jira account";
    let missing: Vec<&str> = [
        ("ATLASSIAN_EMAIL", config.atlassian.email.is_none()),
        ("ATLASSIAN_API_TOKEN", config.atlassian.token.is_none()),
    ]
    .into_iter()
    .filter_map(|(name, missing)| missing.then_some(name))
    .collect();
    if !missing.is_empty() {
        let said = format!("{} not set", missing.join(" and "));
        let fix = "make an API token at id.atlassian.com for the bot's account, and set both";
        return with_the_rest_unknown(config, Line::wrong(what, said, fix));
    }
    let writing = upstream.writing();
    let mut lines = match writing.jira_name().await {
        Ok(name) => vec![Line::good(what, format!("signed in as {name}"))],
        Err(error) => {
            let fix = "check ATLASSIAN_EMAIL, ATLASSIAN_API_TOKEN and `atlassian.site`";
            return with_the_rest_unknown(config, Line::failed(what, &error, fix));
        }
    };
    let (jira, confluence) = both(jira(config, opening, &writing), confluence(config, &writing)).await;
    lines.extend(jira);
    lines.extend(confluence);
    lines
}

fn with_the_rest_unknown(config: &Config, first: Line) -> Vec<Line> {
    let queries = queries(config).into_iter().map(|(what, _)| what);
    let boards = boards(config).into_iter().map(|(what, _)| what);
    let pages = pages(config).into_iter().map(|(what, _)| what);
    let targets = config.publish.iter().map(target_title);
    let rest = queries.chain(boards).chain(pages).chain(targets);
    let rest = rest.map(|what| Line::unknown(what, "the account does not work"));
    std::iter::once(first).chain(rest).collect()
}

fn queries(config: &Config) -> Vec<(String, String)> {
    let of_programs = config.programs.iter().filter_map(|program| {
        Some((format!("roadmap_jql of {}", program.key), program.roadmap_jql.clone()?))
    });
    let of_pages = config
        .publish
        .iter()
        .filter_map(|target| Some((format!("jql of publish.{}", target.agent), target.only.jql.clone()?)));
    of_programs.chain(of_pages).collect()
}

fn boards(config: &Config) -> Vec<(String, crate::domain::BoardId)> {
    let of_programs = config.programs.iter().flat_map(|program| {
        program.boards.iter().map(move |board| (format!("board {board} of {}", program.key), *board))
    });
    let of_team = config.team.iter().map(|team| (format!("board {} of the team", team.board), team.board));
    of_programs.chain(of_team).collect()
}

fn pages(config: &Config) -> Vec<(String, crate::domain::PageId)> {
    let of_programs = config.programs.iter().flat_map(|program| {
        program.pages.iter().map(move |page| (format!("page {page} of {}", program.key), page.clone()))
    });
    of_programs.collect()
}

fn target_title(target: &PublishTarget) -> String {
    match (&target.page, &target.title) {
        (Some(page), _) => format!("page {page} of publish.{}", target.agent),
        (None, Some(title)) => format!("page “{title}” of publish.{}", target.agent),
        (None, None) => format!("page of publish.{}", target.agent),
    }
}

async fn jira(config: &Config, opening: &Opening, writing: &Writing) -> Vec<Line> {
    let queries = concurrently(queries(config).into_iter().map(|(what, jql)| query(writing, what, jql)));
    let boards = concurrently(boards(config).into_iter().map(|(what, id)| board(writing, what, id)));
    let (fields, (queries, boards)) = both(fields(opening), both(queries, boards)).await;
    fields.into_iter().chain(queries).chain(boards).collect()
}

async fn fields(opening: &Opening) -> Vec<Line> {
    let missing = match opening.missing_fields().await {
        Ok(missing) => missing,
        Err(error) => return vec![Line::failed("Jira fields", &error, "try again")],
    };
    if missing.is_empty() {
        return vec![Line::good("Jira fields", "all are there")];
    }
    let line = |name: String| {
        let what = format!("Jira field {name}");
        if DEFAULTS.contains(&name.as_str()) {
            Line::note(
                what,
                "the site has none: what rests on it is left out, unless you name yours under [jira.fields]",
            )
        } else {
            Line::wrong(what, "the site has no such field", "correct its name or id under [jira.fields]")
        }
    };
    missing.into_iter().map(line).collect()
}

async fn query(writing: &Writing, what: String, jql: String) -> Line {
    match writing.finds(&jql).await {
        Ok(true) => Line::good(what, "finds issues"),
        Ok(false) => Line::note(what, "finds no issue that the account may see"),
        Err(error) => Line::failed(what, &error, "try the query in Jira's own search, as the bot's account"),
    }
}

async fn board(writing: &Writing, what: String, id: crate::domain::BoardId) -> Line {
    match writing.board(id).await {
        Ok((name, kind)) if kind == "kanban" => {
            Line::note(what, format!("is {name}, a kanban board: it has no sprints"))
        }
        Ok((name, _)) => Line::good(what, format!("is {name}")),
        Err(error) => Line::failed(
            what,
            &error,
            "the number is in the board's address; the account has to see its project",
        ),
    }
}

async fn confluence(config: &Config, writing: &Writing) -> Vec<Line> {
    let pages = concurrently(pages(config).into_iter().map(|(what, id)| async move {
        match writing.wiki_page(&id).await {
            Ok(page) => Line::good(what, format!("is “{}”", page.title)),
            Err(error) => Line::failed(
                what,
                &error,
                "the number is in the page's address; the account has to see its space",
            ),
        }
    }));
    let targets = concurrently(config.publish.iter().map(|target| published(writing, target)));
    let (pages, targets) = both(pages, targets).await;
    pages.into_iter().chain(targets).collect()
}

/// A page that is written: whether it is there and may be edited, or where it would be made.
async fn published(writing: &Writing, target: &PublishTarget) -> Line {
    let what = target_title(target);
    let Some(id) = &target.page else { return to_be_made(writing, target, what).await };
    let (page, may_edit) = both(writing.wiki_page(id), writing.may_edit(id)).await;
    match (page, may_edit) {
        (Err(error), _) => Line::failed(
            what,
            &error,
            "the number is in the page's address; the account has to see its space",
        ),
        (Ok(page), Ok(false)) => Line::wrong(
            what,
            format!("the account may not edit “{}”", page.title),
            "give the bot's account the right to edit in the space, and lift restrictions of the page",
        ),
        (Ok(page), Ok(true)) => Line::good(what, format!("“{}” may be edited", page.title)),
        (Ok(page), Err(_)) => {
            Line::note(what, format!("is “{}”; Confluence does not say whether it may be edited", page.title))
        }
    }
}

async fn to_be_made(writing: &Writing, target: &PublishTarget, what: String) -> Line {
    let Some(space) = &target.space else {
        return Line::wrong(
            what,
            "neither a page nor a space is named",
            "set `page`, or `space` and `title`",
        );
    };
    match writing.wiki_space(space).await {
        Ok(_) => Line::good(what, format!("is made in the space {space} where it is not there")),
        Err(error) => Line::failed(what, &error, "correct `space`: it is the key in the space's address"),
    }
}
