//! What was not understood, and has been reported.

use super::Declaration;

/// What is known of a declaration that was not understood.
#[derive(Debug, Clone)]
pub struct Unread {
    /// The name that it seems to declare, so that its uses are not reported too.
    pub name: Option<String>,
}

impl Declaration {
    /// Says whether something of it was not understood, which has been reported.
    pub fn is_broken(&self) -> bool {
        match self {
            Self::Policy(policy) => policy.broken,
            Self::Rule(rule) => rule.broken,
            Self::Table(table) => table.broken,
            Self::Example(example) => example.broken,
            Self::Unread(_) => true,
            Self::Define(_) | Self::Case(_) | Self::Vocabulary(_) | Self::List(_) | Self::Field(_) => false,
        }
    }
}
