//! Nothing of a policy is left out, every link leads somewhere, and the HTML is well formed and in order.

use std::collections::BTreeSet;

use forbear::check::Checked;
use forbear::render::{document, html, markdown};
use scraper::{Html, Selector};

use super::{every_policy, hospital};

fn select(text: &str) -> Selector {
    Selector::parse(text).unwrap()
}

/// Gives the text of a page without marks, blanks joined.
pub(crate) fn text_of(page: &Html) -> String {
    joined(&page.select(&select("main")).flat_map(|main| main.text()).collect::<String>())
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Gives the texts of a Markdown document as a reader of Markdown sees them.
pub(crate) fn text_of_markdown(text: &str) -> String {
    use pulldown_cmark::{Event, Options, Parser};
    let mut shown = String::new();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Text(text) | Event::Code(text) => shown.push_str(&text),
            Event::Html(html) | Event::InlineHtml(html) => panic!("HTML in Markdown: {html}"),
            Event::End(_) | Event::SoftBreak => shown.push(' '),
            _ => {}
        }
    }
    joined(&shown)
}

/// Everything that a reader must find.
fn wanted(checked: &Checked) -> Vec<String> {
    let mut wanted = Vec::new();
    for version in checked.set.policies.iter().flat_map(|policy| &policy.versions) {
        wanted.extend([version.policy.clone(), version.title.clone()]);
        wanted.extend(version.label.iter().chain(&version.owner).cloned());
        for rule in &version.rules {
            wanted.extend([rule.name.clone(), rule.title.clone()]);
            wanted.extend(rule.because.iter().chain(&rule.remedy).chain(&rule.cites).cloned());
        }
        for table in version.conditions.tables() {
            wanted.extend([table.name.clone(), table.title.clone()]);
        }
        wanted.extend(version.conditions.definitions().iter().map(|definition| definition.name.clone()));
        for field in &version.vocabulary.fields {
            wanted.extend([field.name.clone(), field.title.clone()]);
        }
        for list in &version.vocabulary.lists {
            wanted.extend([list.name.clone(), list.title.clone()]);
            wanted.extend(list.names.iter().map(|name| name.name.clone()));
        }
    }
    wanted.extend(checked.untested.values().cloned());
    wanted.extend(checked.allowed.iter().map(|allowed| allowed.because.clone()));
    wanted.extend(checked.examples.iter().map(|example| example.title.clone()));
    wanted
}

#[test]
fn every_rule_field_level_and_reason_stands_in_the_document() {
    for (name, checked) in every_policy() {
        let made = document(&checked, None);
        let page = Html::parse_document(&html::write(&made));
        let title = page.select(&select("h1")).flat_map(|title| title.text()).collect::<String>();
        let shown = [format!("{title} {}", text_of(&page)), text_of_markdown(&markdown::write(&made))];
        for wanted in wanted(&checked) {
            for shown in &shown {
                assert!(shown.contains(&joined(&wanted)), "{name}: {wanted:?} is not shown");
            }
        }
    }
}

#[test]
fn a_rule_that_has_a_guard_says_it() {
    // What a document must never do is leave a condition out: each field that a clause reads stands in its rule.
    for (name, checked) in every_policy() {
        let page = Html::parse_document(&html::write(&document(&checked, None)));
        let alone = checked.set.policies.iter().flat_map(|policy| &policy.versions).count() == 1;
        if !alone {
            continue;
        }
        let version = &checked.set.policies[0].versions[0];
        for rule in &version.rules {
            let id = format!("rule-{}", rule.name);
            let sections = select("section.together");
            let section = page.select(&sections).find(|section| {
                section.select(&select("h3, h4")).any(|heading| heading.value().id() == Some(id.as_str()))
            });
            let links: BTreeSet<String> = section
                .unwrap()
                .select(&select("a"))
                .filter_map(|link| link.value().attr("href"))
                .filter_map(|to| to.strip_prefix("#field-"))
                .map(str::to_owned)
                .collect();
            let clauses = [rule.guard, rule.unless, Some(rule.norm.condition)].into_iter().flatten();
            let links_of_duty = rule.duty.iter().flat_map(|duty| &duty.links).map(|link| link.condition);
            let mut waiting: Vec<_> = clauses.chain(links_of_duty).collect();
            while let Some(id) = waiting.pop() {
                use forbear::policy::Condition;
                let condition = version.conditions.get(id);
                match condition {
                    Condition::All(parts) | Condition::Any(parts) => waiting.extend(parts.iter()),
                    Condition::Not(part) => waiting.push(*part),
                    Condition::Measure { history, .. } => {
                        waiting.extend(version.conditions.history(*history).unwrap().filter);
                    }
                    _ => {}
                }
                for field in condition.fields() {
                    let field = version.vocabulary.field_name(field.field);
                    assert!(links.contains(field), "{name}: rule {} does not say {field}", rule.name);
                }
            }
        }
    }
}

#[test]
fn the_html_is_well_formed() {
    let old = hospital();
    for (name, checked) in every_policy() {
        let written = html::write(&document(&checked, Some(&old)));
        let page = Html::parse_document(&written);
        assert!(page.errors.is_empty(), "{name}: {:?}", page.errors);
        is_in_order(&name, &page);
    }
}

/// What every page must keep to.
pub(crate) fn is_in_order(name: &str, page: &Html) {
    let root = page.select(&select("html[lang=en] > head > title")).next().unwrap();
    assert!(!root.text().collect::<String>().trim().is_empty(), "{name}: no title");
    for landmark in ["body > header", "body > nav[aria-labelledby]", "body > main"] {
        assert_eq!(page.select(&select(landmark)).count(), 1, "{name}: {landmark}");
    }
    let mut ids = BTreeSet::new();
    for element in page.select(&select("[id]")) {
        let id = element.value().attr("id").unwrap();
        assert!(ids.insert(id), "{name}: the id {id} stands twice");
        assert!(!id.contains(char::is_whitespace), "{name}: a blank in the id {id:?}");
    }
    let prose: Vec<_> = page.select(&select(".prose a")).map(|link| link.id()).collect();
    for link in page.select(&select("a")) {
        let to = link.value().attr("href").unwrap();
        // In the committee's prose a link may lead elsewhere, and do nothing but that.
        if prose.contains(&link.id()) && ["https://", "http://", "mailto:"].iter().any(|scheme| to.starts_with(scheme))
        {
            continue;
        }
        assert!(to.strip_prefix('#').is_some_and(|to| ids.contains(to)), "{name}: nothing is at {to}");
    }
    let mut before = 0;
    for heading in page.select(&select("h1, h2, h3, h4, h5, h6")) {
        let level: usize = heading.value().name().trim_start_matches('h').parse().unwrap();
        assert!(level <= before + 1 && (level > 1 || before == 0), "{name}: a heading of level {level} after {before}");
        before = level;
    }
    for table in page.select(&select("table")) {
        assert_eq!(table.select(&select("caption")).count(), 1, "{name}: a table without a caption");
        let heads = table.select(&select("thead th[scope=col]")).count();
        assert!(heads > 1, "{name}: a table without headings");
        for row in table.select(&select("tbody tr")) {
            assert_eq!(row.select(&select("th[scope=row]")).count(), 1, "{name}: a row without a heading");
            assert_eq!(row.select(&select("th, td")).count(), heads, "{name}: a row of another length");
        }
    }
    for forbidden in ["script", "link", "img", "iframe", "object", "form", "base", "[src]", "[style]"] {
        assert_eq!(page.select(&select(forbidden)).count(), 0, "{name}: {forbidden}");
    }
}

#[test]
fn links_of_markdown_lead_to_headings() {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    for (name, checked) in every_policy() {
        let written = markdown::write(&document(&checked, None));
        let (mut slugs, mut wanted, mut heading) = (BTreeSet::new(), BTreeSet::new(), None);
        for event in Parser::new_ext(&written, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::Text(text) | Event::Code(text) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                }
                Event::End(TagEnd::Heading(_)) => {
                    let text = heading.take().unwrap().to_lowercase();
                    let kept = text.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
                    let slug: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
                    let mut unique = slug.clone();
                    for number in 1.. {
                        if slugs.insert(unique.clone()) {
                            break;
                        }
                        unique = format!("{slug}-{number}");
                    }
                }
                Event::Start(Tag::Link { dest_url, .. }) => {
                    wanted.insert(dest_url.trim_start_matches('#').to_owned());
                }
                _ => {}
            }
        }
        let missing: Vec<&String> = wanted.difference(&slugs).collect();
        assert!(missing.is_empty(), "{name}: {missing:?}");
    }
}
