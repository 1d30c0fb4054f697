//! Placeholder until `words` is merged.
#![allow(missing_docs)]
use super::desk::{Board, Work};
use crate::domain::RunId;
pub fn received() -> String {
    "Got it — I will answer in our direct messages.".to_owned()
}
pub fn guest_refused() -> String {
    "I can only answer full members of this workspace.".to_owned()
}
pub fn outsider_refused() -> String {
    "I can only answer members of this workspace.".to_owned()
}
pub fn account_refused() -> String {
    "I cannot answer this account.".to_owned()
}
pub fn invite_me() -> String {
    "I am not in this channel: type `/invite @caughtup`, then ask again.".to_owned()
}
pub fn run_failed(run: &RunId) -> String {
    format!(
        "Something went wrong while I was working on this (run {run}). Nothing was written. Please ask again."
    )
}
pub fn working(board: &Board) -> String {
    let line = |work: &Work| match work {
        Work::Working => "working",
        Work::Done => "done",
        Work::Failed => "failed",
    };
    let lines: Vec<_> = board.iter().map(|(agent, work)| format!("{agent}: {}", line(work))).collect();
    format!("Working on it…\n{}", lines.join("\n"))
}
use crate::domain::AgentName;
use crate::team_lead::understand::Vocabulary;
pub fn help(_vocabulary: &Vocabulary) -> String {
    "help".to_owned()
}
pub fn not_understood(_why: Option<&str>, _vocabulary: &Vocabulary) -> String {
    "not understood".to_owned()
}
pub fn not_available(name: &str, _missing: &[AgentName], _vocabulary: &Vocabulary) -> String {
    format!("{name} is not available yet")
}
pub fn personal_only() -> String {
    "personal".to_owned()
}
pub fn nothing_left_to_do() -> String {
    "nothing left".to_owned()
}
pub fn no_program() -> String {
    "no program".to_owned()
}
pub fn program_not_open(key: &str) -> String {
    format!("no program {key}")
}
pub fn starting(asked: &crate::domain::Asked, _programs: &[crate::domain::Program]) -> String {
    format!("Starting {}", asked.name)
}
