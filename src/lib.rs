//! Forbear: when may failure be allowed so that somebody learns?
//!
//! An institution writes a policy; every logged episode is checked against it, with diagnostics that show the clause
//! and the line of the log. Data flows one way: text → `syntax` → `check` → `policy` → `judge`; log → `episode` →
//! `judge`; judgements → `report`. ARCHITECTURE.md is the map.

pub mod audit;
pub mod check;
pub mod cli;
pub mod diagnostic;
pub mod episode;
pub mod judge;
pub mod log;
pub mod policy;
pub mod prove;
pub mod render;
pub mod report;
pub mod source;
pub mod syntax;
pub mod trial;
