//! What a setting without quotation marks means: the words alone do not tell, but whoever knows the vocabulary does.

use std::collections::BTreeMap;

use crate::source::Span;

/// How the value of a setting was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bare {
    /// As a text, in words that lack quotation marks.
    Text,
    /// As names of a kind or levels of a scale.
    Names,
    /// As something that is written in one way already, or differently by several versions.
    Settled,
}

/// How the values of settings were read, by their places.
pub type BareValues = BTreeMap<Span, Bare>;
