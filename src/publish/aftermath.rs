//! What a run has written that did not live to tell.

use super::pages;
use crate::config::Config;
use crate::domain::{AgentName, RunId};
use crate::sources::Writing;
use crate::sources::confluence::WikiPage;

/// What is known of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aftermath {
    /// The pages that it has written, each with its title and address.
    pub pages: Vec<(String, String)>,
    /// Whether that is all, for certain.
    pub all: bool,
}

/// Looks what a run has written for these agents, by what its versions say of themselves.
pub async fn aftermath(config: &Config, writing: &Writing, run: &RunId, writes: &[AgentName]) -> Aftermath {
    let mut found = Aftermath { pages: Vec::new(), all: true };
    for agent in writes {
        match of_agent(config, writing, run, *agent).await {
            Found::Page(page) => found.pages.push((page.title, page.url)),
            Found::Nothing => {}
            Found::Unknown => found.all = false,
        }
    }
    found
}

enum Found {
    Page(WikiPage),
    Nothing,
    Unknown,
}

async fn of_agent(config: &Config, writing: &Writing, run: &RunId, agent: AgentName) -> Found {
    if !matches!(agent, AgentName::SprintBoard | AgentName::Roadmap | AgentName::TechRoadmap) {
        // Comments and posts: they are many, or elsewhere.
        return Found::Unknown;
    }
    let Some(target) = pages::target(config, agent) else { return Found::Nothing };
    let page = match (&target.page, &target.space, &target.title) {
        (Some(id), ..) => writing.wiki_page(id).await.map(Some),
        (None, Some(space), Some(title)) => match writing.wiki_space(space).await {
            Ok(space) => writing.wiki_titled(&space, title).await,
            Err(error) => Err(error),
        },
        _ => return Found::Unknown,
    };
    let page = match page {
        Ok(Some(page)) => page,
        Ok(None) => return Found::Nothing,
        Err(_) => return Found::Unknown,
    };
    let ours = pages::message(agent, run);
    match writing.wiki_versions(&page.id).await {
        Ok(versions) if versions.iter().any(|(_, message)| *message == ours) => Found::Page(page),
        // The first version of a page says nothing of who made it.
        Ok(_) if target.page.is_none() && page.version == 1 => Found::Unknown,
        Ok(_) => Found::Nothing,
        Err(_) => Found::Unknown,
    }
}
