//! Literate policies: Markdown whose `forbear` fences hold the rules. A fence that ends in `table NAME gives SCALE` goes on
//! in the Markdown table that stands directly after it.
//!
//! The text keeps its length: what stands outside the fences becomes blanks, line ends excepted. So every place in
//! what is parsed is a place in the document.

mod prose;
mod unread;

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

pub(super) use prose::read as prose;
pub(super) use unread::{Why, unread};

use super::table::LAST_BAR;

/// Says whether a file name is that of a literate policy.
pub(crate) fn is_literate(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".md")
}

/// Blanks out what stands outside the `forbear` fences, but for the Markdown table that a fence ends in announcing;
/// `None` if there is no such fence.
pub(super) fn mask(text: &str) -> Option<String> {
    let mut masked: Vec<u8> =
        text.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { byte } else { b' ' }).collect();
    let mut inside = false;
    let mut fences = 0;
    // Where the last fence that ends in `table NAME gives SCALE` was closed, while nothing else has followed it.
    let mut announced = false;
    let mut last_line = String::new();
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                inside = is_ours(&info);
                fences += usize::from(inside);
                announced = false;
                last_line.clear();
            }
            Event::End(TagEnd::CodeBlock) => {
                announced = inside && announces_table(&last_line);
                inside = false;
            }
            Event::Start(Tag::Table(_)) if std::mem::take(&mut announced) => keep_table(text, range, &mut masked),
            Event::Text(said) if inside => {
                if let Some(line) = said.lines().rfind(|line| !line.trim().is_empty()) {
                    last_line = line.to_owned();
                }
                if let (Some(to), Some(from)) = (masked.get_mut(range.clone()), text.as_bytes().get(range)) {
                    to.copy_from_slice(from);
                }
            }
            Event::Start(_) => announced = false,
            _ => {}
        }
    }
    (fences > 0).then(|| String::from_utf8(masked).unwrap_or_default())
}

/// Gives the places of what stands within `forbear` fences: whole lines. A fence whose lines do not follow each other in the
/// text, as in a list or a quotation, is left out.
pub(super) fn fences(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open: Option<Option<Range<usize>>> = None;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                open = is_ours(&info).then_some(Some(range.start..range.start));
            }
            Event::Text(_) => {
                if let Some(piece) = &mut open {
                    *piece = piece.take().and_then(|piece| joined(text, piece, range));
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                found.extend(
                    open.take()
                        .flatten()
                        .filter(|piece| text.get(..piece.start).is_some_and(|before| before.ends_with(['\n', '\r']))),
                );
            }
            _ => {}
        }
    }
    found
}

/// Knows the fences of this language by the first word after their marks.
fn is_ours(info: &str) -> bool {
    info.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("forbear"))
}

/// Joins a stretch of a fence to what stands before it; the first begins it.
fn joined(text: &str, piece: Range<usize>, next: Range<usize>) -> Option<Range<usize>> {
    if piece.is_empty() {
        return Some(next);
    }
    let between = text.get(piece.end..next.start)?;
    between.chars().all(|c| c == '\r').then_some(piece.start..next.end)
}

/// Knows the line `table NAME gives SCALE`, perhaps with a title or remark.
fn announces_table(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let first = words.next().is_some_and(|word| word.eq_ignore_ascii_case("table"));
    first && words.nth(1).is_some_and(|word| word.eq_ignore_ascii_case("gives"))
}

/// Keeps the lines of a Markdown table. It has no `||`: the bar before the last cell becomes [`LAST_BAR`], which is as long.
fn keep_table(text: &str, range: Range<usize>, masked: &mut [u8]) {
    let mut start = range.start;
    for line in text.get(range).unwrap_or("").split_inclusive(['\n', '\r']) {
        let kept = line.trim_end_matches(['\n', '\r']);
        let end = kept.trim_end().len();
        if let Some(to) = masked.get_mut(start..start + end) {
            to.copy_from_slice(kept.trim_end().as_bytes());
            let closed = kept.trim_end().ends_with('|');
            let within = kept.get(..end.saturating_sub(usize::from(closed))).unwrap_or("");
            // INVARIANT: one byte for one byte.
            if let Some(bar) = within.rfind('|').filter(|bar| *bar > 0).and_then(|bar| to.get_mut(bar))
                && !within.contains("||")
            {
                *bar = LAST_BAR as u8;
            }
        }
        start += line.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_fences_are_kept_and_nothing_moves() {
        let text = "# Päper\n\n```forbear\nrule a\n  require b\n```\n\n~~~ rust\nfn x() {}\n~~~\n";
        let masked = mask(text).unwrap();
        assert_eq!(masked.len(), text.len());
        assert_eq!(masked.find("rule a"), text.find("rule a"));
        assert_eq!(masked.split_whitespace().collect::<Vec<_>>(), ["rule", "a", "require", "b"]);
        assert_eq!(mask("no fence"), None);
    }

    #[test]
    fn a_table_below_a_fence_that_announces_it_is_kept() {
        let text =
            "```forbear\ntable t gives risk\n```\n\n| ü | t |\n| --- | --- |\n| low | low |\n\n| a | b |\n|---|---|\n";
        let masked = mask(text).unwrap();
        assert_eq!(masked.len(), text.len());
        assert_eq!(masked.find("| ü"), text.find("| ü"));
        assert!(masked.contains("| ü \u{1F} t |\n| --- \u{1F} --- |\n| low \u{1F} low |\n"));
        assert!(!masked.contains("| a"));
        let apart = "```forbear\ntable t gives risk\n```\n\nWords between.\n\n| a | t |\n| --- | --- |\n";
        assert!(!mask(apart).unwrap().contains('|'));
    }
}
