//! What stands in a policy stays text, whatever it looks like.

use forbear::check::Checked;
use forbear::render::{document, html, markdown};
use proptest::prelude::*;
use scraper::Html;

use super::checked_text;
use super::whole::{is_in_order, text_of, text_of_markdown};

/// A policy in which a text stands everywhere that a text can stand.
fn with_text(text: &str) -> Checked {
    let text = text.replace('\\', "\\\\");
    checked_text(&format!(
        r#"vocabulary v "{text}"
scale level "{text}"
  low written "{text}" < high
field id     text   "{text}" role id
field at_day date   "{text}" role time
field level  level  "{text}"
field note   text   "{text}"
policy p "{text}"
  owner "{text}"
  vocabulary v
  default permit
define d as note is "{text}"
rule r "{text}"
  when note is "{text}"
  forbid when level is high or d
  because "{text}"
  cites "{text}"
  cites "{text}"
  remedy "{text}"
case c
  note "{text}"
example "{text}" c
  is permissible
"#
    ))
}

const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "</style></title><b>x",
    "a | b || c",
    "`code` ``` fence",
    "*stars* **more** _low_ __more__ ~~gone~~",
    "[link](https://example.org) ![picture](x)",
    "# heading",
    "- item",
    "1. first",
    "> said",
    "&lt;b&gt; &amp; & &#x3c;",
    "a & b 'single' “curly”",
    "<!-- gone -->",
    "$x$ \\( y \\) \\",
    "trailing \\",
    "---",
    "===",
    "a\u{202e}b\u{200f}c",
    "\u{a0}blank\u{2003}wide",
    "'onmouseover=alert(1) x='",
    "Übergabe 漢字 🚑",
];

#[test]
fn hostile_texts_are_shown_as_they_are() {
    for text in HOSTILE {
        let made = document(&with_text(text), None);
        let shown: String =
            text.chars().map(|c| if matches!(c, '\u{202e}' | '\u{200f}') { '\u{fffd}' } else { c }).collect();
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        let page = Html::parse_document(&html::write(&made));
        assert!(page.errors.is_empty(), "{text}: {:?}", page.errors);
        is_in_order(text, &page);
        assert!(text_of(&page).matches(&shown).count() >= 8, "{text}\n{}", text_of(&page));
        let written = markdown::write(&made);
        let read = text_of_markdown(&written);
        assert!(read.matches(&shown).count() >= 8, "{text}\n{read}\n{written}");
    }
}

#[test]
fn the_structure_of_markdown_is_that_of_the_document() {
    let shape = |text: &str| -> Vec<String> {
        use pulldown_cmark::{Event, Options, Parser};
        let written = markdown::write(&document(&with_text(text), None));
        let events = Parser::new_ext(&written, Options::ENABLE_TABLES);
        let starts = events.filter_map(|event| match event {
            Event::Start(tag) => Some(format!("{tag:?}").split([' ', '(', '{']).next().unwrap().to_owned()),
            _ => None,
        });
        starts.collect()
    };
    let plain = shape("words");
    for text in HOSTILE {
        assert_eq!(shape(text), plain, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_at_all(text in "x[ -!#-~äß\u{a0}]{1,40}") {
        let made = document(&with_text(&text), None);
        let page = Html::parse_document(&html::write(&made));
        prop_assert!(page.errors.is_empty(), "{:?}", page.errors);
        is_in_order(&text, &page);
        let shown = text.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert!(text_of(&page).contains(&shown));
        let read = text_of_markdown(&markdown::write(&made));
        prop_assert!(read.contains(&shown), "{}\n{}", shown, read);
    }
}
