//! The words of the product as types: no I/O, no async.
//!
//! Everything here is plain data that has been parsed once, at the edge. A layer above may assume
//! that an [`IssueKey`] is a key and that a [`MessageTs`] can be compared.

mod agent;
mod aside;
mod chart;
mod clock;
mod cron;
mod digest;
mod draft;
mod evidence;
mod finding;
mod ids;
mod issue;
mod lexicon;
mod message;
mod money;
mod page;
mod people;
mod program;
mod prose;
mod reply;
mod request;
mod schedule;
mod section;
mod signal;
mod site;
mod span;
mod synthesis;
mod workdays;

pub use agent::{AgentName, Tier};
pub use aside::{Aside, Facts, How, Life, Over};
pub use chart::{Chart, ChartKind, Series};
pub use clock::Clock;
pub use cron::{Cron, CronError};
pub use digest::{AgentUsage, Coverage, Digest, Gap, Offer, Published, Timings, Usage};
pub use draft::{CommentDraft, Draft, PageDraft, PagePart, PostDraft, STANDUP_NOTE};
pub use evidence::{Evidence, Source};
pub use finding::{Change, Confidence, Finding, Rule, Severity, Subject};
pub use ids::{
    BoardId, ChannelId, IdError, IssueKey, MessageTs, PageId, ProgramKey, RunId, SprintId, UserId,
};
pub use issue::{
    Comment, FieldChange, Issue, IssueLink, JiraUser, LinkDirection, Sprint, SprintState, Status,
    StatusCategory,
};
pub use lexicon::{Lexicon, WordClass};
pub use message::{Author, Channel, Message, Reaction};
pub use money::Money;
pub use page::{PageSnapshot, PageTable, TableRow, TrackedPage};
pub use people::{People, Person, Standing};
pub use program::{Program, Thresholds};
pub use prose::{Inline, Prose, Tone, defang, shorten};
pub use reply::Reply;
pub use request::{Asked, Audience, Request, Understood, Window, WindowOrigin};
pub use schedule::{Due, Schedule, schedule_key};
pub use section::{Block, Line, Report, Section, SummaryLine, Topic};
pub use signal::{Signal, SignalKind};
pub use site::Site;
pub use span::span;
pub use synthesis::Synthesis;
pub use workdays::{day_begins, is_workday, workday_after, workday_before, workdays, workdays_between};
