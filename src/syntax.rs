//! What is written: text to [`Parsed`].
//!
//! Takes the text of a policy or vocabulary, plain or literate, and gives its declarations with the place of
//! everything, and every problem that it can find; it never fails. What a name means, whether types fit and how many
//! norms a rule may have is left to `check`. Text that was not understood yields a problem, and no part of the clause
//! that it stands in counts.

pub mod ast;
mod bare;
mod bullets;
mod chain;
mod condition;
mod declaration;
mod duty;
mod format;
mod guess;
mod history;
mod literate;
mod mistake;
mod nesting;
mod parser;
mod problem;
mod rule;
mod table;
mod tree;
mod trial;

pub use bare::{Bare, BareValues};
pub use format::{Formatted, format};
pub use guess::{Guess, Needed};
pub(crate) use literate::is_literate;
pub use parser::{Parsed, parse};
