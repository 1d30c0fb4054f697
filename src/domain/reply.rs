//! An answer to a question about a digest.

use super::Line;

/// What is said in answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// Sentences, in order, each with its evidence.
    pub lines: Vec<Line>,
    /// A text for somebody else, shown for whoever asks to send, and sent by nobody else.
    pub draft: Option<String>,
    /// A last sentence: what else can be asked, that nothing was sent.
    pub note: Option<String>,
}
