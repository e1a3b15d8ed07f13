//! How deep things nest, counted before anything recursive sees the text.

/// How deep parentheses and lists may nest.
pub(super) const DEEPEST: usize = 32;

/// Finds the parenthesis, outside texts and comments, that opens one level too many.
///
/// A loop, so that no text can exhaust the stack; the parser behind it recurses.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut skipped = Skipped::Nothing;
    for (at, c) in text.char_indices() {
        skipped = skipped.after(c);
        match (skipped, c) {
            (Skipped::Nothing, '(') => depth += 1,
            (Skipped::Nothing, ')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Some(at);
        }
    }
    None
}

/// What the reading is inside of; texts and comments end with their line.
#[derive(Clone, Copy, PartialEq)]
enum Skipped {
    Nothing,
    Text,
    Comment,
}

impl Skipped {
    fn after(self, c: char) -> Self {
        match (self, c) {
            (_, '\n' | '\r') => Self::Nothing,
            (Self::Nothing, '"' | '\u{201C}' | '\u{201E}' | '\u{AB}') => Self::Text,
            (Self::Nothing, '#') => Self::Comment,
            (Self::Text, '"' | '\u{201C}' | '\u{201D}' | '\u{BB}') => Self::Nothing,
            (kept, _) => kept,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_parentheses_count() {
        assert_eq!(too_deep(&"(".repeat(32)), None);
        assert_eq!(too_deep(&"(".repeat(33)), Some(32));
        assert_eq!(too_deep(&"()".repeat(100)), None);
        assert_eq!(too_deep(&format!("\"{}\" # {}", "(".repeat(50), "(".repeat(50))), None);
    }
}
