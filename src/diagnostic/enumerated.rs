//! Several things in one sentence.

/// Joins words as a sentence does: `a`, `a or b`, `a, b or c`; nothing of none.
pub fn enumerated(words: &[String], last: &str) -> String {
    match words {
        [first @ .., end] if !first.is_empty() => format!("{} {last} {end}", first.join(", ")),
        _ => words.concat(),
    }
}
