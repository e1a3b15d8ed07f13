//! The prose of a literate policy stands in its document, in its place, and does nothing there.

use forbear::check::{Checked, load};
use forbear::render::{document, html, markdown};
use forbear::source::Sources;
use scraper::Html;

use super::snapshot;
use super::whole::{is_in_order, text_of, text_of_markdown};

const POLICY: &str = "policy p \"Our ward\"\n  vocabulary clinical\n  default permit\n";

/// Gives a literate policy with some prose before its header, around its rules and at its end.
fn literate(prose: &str) -> String {
    let rule = |name: &str, norm: &str| format!("```forbear\nrule {name} \"Rule {name}\"\n  {norm}\n```\n");
    let [one, two, three] = [
        rule("one", "risk ceiling low"),
        rule("two", "require failure.anticipated"),
        rule("three", "when outcome.harm above none\n  oblige debrief.held_at within 1 day"),
    ];
    format!("{prose}\n\n```forbear\n{POLICY}```\n\n{prose}\n\n{one}\n{prose}\n\n{two}\n{prose}\n\n{three}\n{prose}\n")
}

fn checked(text: &str) -> Checked {
    let mut sources = Sources::new();
    sources.add("ward.forbear.md", text);
    let checked = load(&mut sources);
    assert!(!checked.has_errors(), "{text}\n{:?}", checked.problems);
    checked
}

const COMMITTEE: &str = "\
# Our ward

Why we *hold back*, and **when**.

```forbear
policy p \"Our ward\"
  vocabulary clinical
  default permit
```

This is said of the header.

## The patient

What the [survey](https://example.org/survey) found:

1. little risk,
2. much learnt
   - by those
   - who saw it

> Do no harm.

```forbear
rule risk \"The risk is low\"
  risk ceiling low
table t gives risk \"How much\"
```

| education.value | t |
| --- | --- |
| any | low |

This is said of the table.

### Afterwards

| What | When |
| --- | --- |
| a talk | soon |

```forbear
rule talk \"A talk\"
  when outcome.harm above none
  oblige debrief.held_at within 1 day
rule weighing \"By the table\"
  risk ceiling t
```

This is said of the last rule.

## What is left open

    as it stands

Nothing else.
";

#[test]
fn it_stands_around_the_rules_beside_which_it_was_written() {
    let made = document(&checked(COMMITTEE), None);
    let written = markdown::write(&made);
    let rules = written.split_once("## Index of fields").unwrap();
    let end = written.split_once("## What is left open").unwrap().1;
    snapshot("prose", &format!("{}\n[…]\n\n## What is left open{end}", rules.0));
    let page = Html::parse_document(&html::write(&made));
    is_in_order("the committee's", &page);
}

const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "Said <b onclick=\"x()\">so</b> and <img src=\"https://example.org/x.png\">",
    "<style>main { display: none }</style>",
    "<div>\n\n# Within\n\n</div>",
    "<!-- seen by nobody -->\n\nSeen",
    "![a picture](https://example.org/x.png) and [a link](javascript:alert(1))",
    "[a link](data:text/html,x) [another](file:///etc/passwd) [a third](calendars/basel.yaml)",
    "[quoted](<https://example.org/\"onclick=\"x>) [blank](<https://example.org/a b>)",
    "[mail](mailto:ward@example.org) <https://example.org/a?b=1&c=2>",
    "[by name][n]\n\n[n]: https://example.org/n",
    "###### Deep\n\n# High\n\n#### Deeper",
    "> # A heading in a quotation\n>\n> - a list\n>   ```\n>   and code `` ` ``\n>   ```",
    "- # a heading in a list\n- \n- [ ] a task\n\n      code in an item",
    "| a | b |\n| --- | --- |\n| <i>x</i> | y \\| z |\n| short |",
    "A line\\\nbroken, *one **two*** `a|b`",
    "\u{202e}turned\u{0007}",
];

#[test]
fn nothing_of_it_is_obeyed() {
    for prose in HOSTILE {
        let made = document(&checked(&literate(prose)), None);
        let page = Html::parse_document(&html::write(&made));
        assert!(page.errors.is_empty(), "{prose}: {:?}", page.errors);
        is_in_order(prose, &page);
        for forbidden in ["b", "i", "[onclick]", "main style"] {
            let selector = scraper::Selector::parse(forbidden).unwrap();
            assert_eq!(page.select(&selector).count(), 0, "{prose}: {forbidden}");
        }
        // It panics where there is HTML in Markdown.
        let read = text_of_markdown(&markdown::write(&made));
        assert!(!text_of(&page).contains("seen by nobody") && !read.contains("seen by nobody"));
        let pictures = pulldown_cmark::Parser::new(&markdown::write(&made))
            .filter(|event| matches!(event, pulldown_cmark::Event::Start(pulldown_cmark::Tag::Image { .. })))
            .count();
        assert_eq!(pictures, 0, "{prose}");
    }
}

#[test]
fn links_that_only_lead_somewhere_stay() {
    let links = |prose: &str| {
        let page = Html::parse_document(&html::write(&document(&checked(&literate(prose)), None)));
        let selector = scraper::Selector::parse(".prose a").unwrap();
        page.select(&selector).next().and_then(|link| link.value().attr("href").map(str::to_owned))
    };
    assert_eq!(links("[a](https://example.org/b)").as_deref(), Some("https://example.org/b"));
    assert_eq!(links("[a](mailto:a@example.org)").as_deref(), Some("mailto:a@example.org"));
    assert_eq!(links("[a][n]\n\n[n]: http://example.org").as_deref(), Some("http://example.org"));
    for other in ["[a](JavaScript:x)", "[a](//example.org)", "[a](b.md)", "[a](#scope)", "[a](\u{1}https://x.org)"] {
        assert_eq!(links(other), None, "{other}");
    }
}

#[test]
fn deep_and_long_prose_takes_no_more_than_its_length() {
    for prose in [">".repeat(20_000), "- ".repeat(20_000), "[".repeat(20_000), "*a _b ".repeat(20_000)] {
        let text = format!("{prose}\n\n```forbear\n{POLICY}rule a \"A\"\n  risk ceiling low\n```\n");
        let made = document(&checked(&text), None);
        assert!(html::write(&made).len() < 40 * text.len());
        assert!(markdown::write(&made).len() < 40 * text.len());
    }
}
