//! Nothing that stands in a policy vanishes without a word: where a declaration is not what was written, something is said.

use forbear::source::Sources;
use forbear::syntax::ast::Declaration;
use forbear::syntax::parse;

use super::fixtures;

/// What a keyboard, a word processor or a broken copy puts somewhere.
const STRAY: [&str; 26] = [
    "\u{0B}", "\u{0C}", "\u{85}", "\u{A0}", "\u{2028}", "\u{3000}", "\u{200B}", "\u{FEFF}", "\u{AD}", "\0", "\u{1}",
    "\u{7F}", "\r", "\n", "\t", "#", "\"", "“", "-", "•", "|", "(", ",", ".", "é", "---\n",
];

#[test]
fn what_is_not_understood_is_said_wherever_something_odd_stands() {
    let (mut broken, mut state) = (0, 3u64);
    for (name, text) in fixtures("good") {
        for stray in STRAY.iter().flat_map(|stray| [*stray; 12]) {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = text.floor_char_boundary((state >> 33) as usize % text.len());
            let mut odd = text.clone();
            odd.insert_str(at, stray);
            let mut sources = Sources::new();
            let id = sources.add(name.as_str(), odd.as_str());
            let parsed = parse(&sources, id);
            if parsed.document.declarations.iter().any(Declaration::is_broken) {
                broken += 1;
                assert!(!parsed.problems.is_empty(), "{name}: {stray:?} at {at}, and nothing is said\n{odd}");
            }
        }
    }
    assert!(broken > 500, "{broken}");
}
