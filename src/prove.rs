//! What holds of every record: questions about policies, answered by proof or by a case.
//!
//! Conditions speak of finitely many regions of each field. They are encoded for a SAT solver, each as two literals, that
//! it is true and that it is false, so that a record on which something is missing is a record like any other. What the
//! solver finds is decoded to a record, and the judge must say of it what was found before anybody sees it. What cannot
//! be encoded exactly is a statement of which nothing is known: a proof holds all the same, and a case is shown only if
//! the judge confirms it, so that an inexact encoding can leave a question open, and never answers it wrongly.
//!
//! - `solver`: the door to the SAT solver; `dual`: Kleene's three values as literals;
//! - `line`, `alike`: quantities in order, and people who are or are not the same;
//! - `field`, `leaf`, `quantity`, `kept`, `verdict`: fields, conditions, history clauses, rules and verdicts;
//! - `completion`, `whatever`: the record with something in the place of what is missing, and the exact verdict;
//! - `world`: all of it over one record; `decode`, `before`, `witness`, `pasted`: back to a record, to those before it, to the judge, and to a case;
//! - `question`, `apart`: what can be asked; `claims`, `silence`: what is asked of every policy that is checked;
//! - `beside`: what changes of duties and advisory rules, which no proof is about;
//! - `recorded`, `exact`: what holds of one episode whatever is missing; `turning`, `placing`, `evidence`: what would settle it,
//!   and `among`, `sorts`: among the fields of other episodes;
//! - `repair`, `together`: what would have made an episode permissible, by one policy and by several.

mod alike;
mod among;
mod apart;
mod because;
mod before;
mod beside;
mod claims;
mod clocks;
mod completion;
mod contained;
mod decode;
mod dual;
mod evidence;
mod exact;
mod field;
mod gap;
mod kept;
mod leaf;
mod line;
mod needless;
mod neighbour;
mod pasted;
mod place;
mod placing;
mod quantity;
mod question;
mod reach;
mod recorded;
mod repair;
mod same;
mod silence;
mod solver;
mod sorts;
mod subsets;
mod together;
mod trying;
mod turning;
mod verdict;
mod whatever;
mod witness;
mod world;

pub use among::Among;
pub use apart::told_apart;
pub use beside::{Beside, How, beside};
pub use claims::claims;
pub use decode::{Setting, Supposed};
pub use evidence::{Evidence, Settling};
pub use exact::{Exact, ExactVerdict};
pub use pasted::measured_words;
pub use question::{Group, Prover, Reason, matters};
pub use repair::{Arranged, Changes, Flip, Later, Repair, To};
pub use together::{Changed, Party, Together, together};
pub use witness::{Answer, Witness};
