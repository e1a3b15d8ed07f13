//! Results for people and machines: one file per format.
//!
//! Takes problems, judgements and summaries, and writes them; calls no stage. Guarantees that nobody's identity stands
//! in clear in anything that it writes unless asked, and that no line of a log is shown whole.

mod digest;
pub mod due;
mod duties;
mod exact;
pub mod explain;
mod findings;
pub mod github;
pub mod html;
pub mod human;
mod identities;
pub mod json;
pub mod junit;
mod looking_back;
mod machine;
mod otherwise;
mod pieces;
pub mod proof;
mod recorded;
pub mod rows;
pub mod sarif;
mod shown;
mod small;
mod stream;
mod tabled;
pub mod trial;
mod wording;

pub use digest::JudgementDigest;
pub use findings::{diagnose, record_name};
pub use identities::{Identities, LEAST_CELL, Privacy};
pub use machine::{AuditDocument, CheckDocument, InputRecord, Line, ToolVersion};
pub use recorded::{Again, Compared, Keyed, Parting, Recorded};
pub use stream::{About, Report};
