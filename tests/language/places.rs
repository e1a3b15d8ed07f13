//! Wherever a text goes wrong, what is underlined is made of whole characters of that text.

use forbear::check::Checked;
use forbear::source::Sources;

use super::{checked, fixtures};

/// Characters of one to four bytes, among them those that open something which nothing closes.
const STRANGERS: [&str; 6] = ["\u{201C}", "\u{AB}", "ß", "\u{1F642}", "\u{2028}", "("];

#[test]
fn a_stranger_anywhere_leaves_every_label_on_whole_characters() {
    for (name, text) in [fixtures("good"), fixtures("bad")].concat() {
        let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        // A step that shares no factor with the length of lines, so that all sorts of places are met.
        for (turn, at) in bounds.into_iter().step_by(101).enumerate() {
            let (before, after) = text.split_at(at);
            let stranger = STRANGERS[turn % STRANGERS.len()];
            assert_whole(&name, &format!("{before}{stranger}{after}"));
            assert_whole(&name, &format!("{before}{stranger}"));
        }
    }
}

fn assert_whole(name: &str, text: &str) {
    let (sources, Checked { problems, .. }) = checked(name, text);
    for problem in &problems {
        assert!(!problem.labels.is_empty(), "no place: {problem:?}");
        for label in &problem.labels {
            assert!(is_whole(&sources, label.span), "{problem:?}\n{text}");
        }
    }
}

fn is_whole(sources: &Sources, span: forbear::source::Span) -> bool {
    std::str::from_utf8(sources.bytes(span.source)).unwrap().get(span.start..span.end).is_some()
}
