//! What is laid out: tokens, and the comments between them.

/// What a line is, as far as its layout goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Declaration,
    Field,
    Header,
    Clause,
    Setting,
    Row,
    Record,
    Level,
    Other,
    /// Kept byte for byte.
    Raw,
    Comment,
}

/// Where a token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// On the line of the token before it.
    Same,
    /// On a new line, so far in.
    New(Kind, usize),
}

/// What belongs together without a blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    Blank,
    /// No blank before it.
    Before,
    /// None after it.
    After,
}

/// A token, or a comment between two.
#[derive(Debug)]
pub(super) enum Item {
    Token {
        text: String,
        place: Place,
        joint: Joint,
        /// How far in it stands if a comment pushes it onto a line of its own.
        inner: usize,
        /// Whether a blank line stands before it.
        gap: bool,
        /// Whether a long line may be broken before it, or a column begins with it.
        stop: bool,
        /// How many parentheses are open around it.
        depth: usize,
    },
    Comment {
        text: String,
        /// Whether nothing stands before it on its line.
        alone: bool,
        /// Whether it stands away from the margin.
        indented: bool,
        gap: bool,
    },
}
