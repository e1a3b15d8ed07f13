//! Literate policies: Markdown whose `forbear` fences hold the rules.
//!
//! The text keeps its length: what stands outside the fences becomes blanks, line ends excepted. So every place in
//! what is parsed is a place in the document.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// Says whether a file name is that of a literate policy.
pub(super) fn is_literate(name: &str) -> bool {
    name.ends_with(".md")
}

/// Blanks out what stands outside the `forbear` fences; `None` if there is no such fence.
pub(super) fn mask(text: &str) -> Option<String> {
    let mut masked: Vec<u8> =
        text.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { byte } else { b' ' }).collect();
    let mut inside = false;
    let mut fences = 0;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                inside = info.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("forbear"));
                fences += usize::from(inside);
            }
            Event::End(TagEnd::CodeBlock) => inside = false,
            Event::Text(_) if inside => {
                if let (Some(to), Some(from)) = (masked.get_mut(range.clone()), text.as_bytes().get(range)) {
                    to.copy_from_slice(from);
                }
            }
            _ => {}
        }
    }
    (fences > 0).then(|| String::from_utf8(masked).unwrap_or_default())
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
}
