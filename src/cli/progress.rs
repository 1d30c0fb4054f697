//! Who is working and who is done, for somebody who waits at a terminal.

use std::collections::HashMap;
use std::io::IsTerminal as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::domain::AgentName;
use crate::team_lead::{AgentState, Watch};

/// One line per agent on standard error; nothing where that is not a terminal.
pub struct Bars {
    all: MultiProgress,
    lines: Mutex<HashMap<AgentName, ProgressBar>>,
}

impl Bars {
    /// No agent yet.
    pub fn new() -> Self {
        let target =
            if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self { all: MultiProgress::with_draw_target(target), lines: Mutex::default() }
    }

    /// Takes the lines away: the result follows.
    pub fn finish(&self) {
        // A terminal that has gone away cannot be cleared, and need not be.
        let _ = self.all.clear();
    }
}

impl Watch for Bars {
    fn changed(&self, agent: AgentName, state: AgentState) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let line = lines.entry(agent).or_insert_with(|| {
            let line = self.all.add(ProgressBar::new_spinner().with_prefix(agent.as_str()));
            if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} {msg}") {
                line.set_style(style);
            }
            line.enable_steady_tick(Duration::from_millis(120));
            line
        });
        match state {
            AgentState::Working => line.set_message("is reading"),
            AgentState::Done => line.finish_with_message("is done"),
            AgentState::Failed => line.finish_with_message("could not do it"),
        }
    }
}
