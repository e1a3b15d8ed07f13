//! The page for a committee: whole without network and script, with totals that add up, and no small number at that level.

use scraper::{ElementRef, Html, Selector};
use sha2::{Digest, Sha256};

use super::builder::{Test, episode, mixed_log};

const DEPARTMENTS: [&str; 4] = ["surgery", "medicine", "psychiatry", "radiology"];

fn select<'p>(page: &'p Html, selector: &str) -> Vec<ElementRef<'p>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(element: &ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn written(log: &str, more: &str) -> String {
    let arguments = format!("audit ward.forbear --log log.jsonl --format html {more}");
    let output = Test::ward().file("log.jsonl", log).args(&arguments).run();
    assert_eq!(output.stderr, "");
    output.stdout
}

fn page(log: &str, more: &str) -> Html {
    Html::parse_document(&written(log, more))
}

/// The rows of a table: of each the head and the cells.
fn rows(page: &Html, caption: &str) -> Vec<Vec<String>> {
    let is_it = |table: &ElementRef<'_>| {
        table.select(&Selector::parse("caption").unwrap()).next().is_some_and(|said| text(&said) == caption)
    };
    let table = select(page, "table").into_iter().find(is_it).unwrap_or_else(|| panic!("no table `{caption}`"));
    let cells = |row: ElementRef<'_>| row.child_elements().map(|cell| text(&cell)).collect();
    table.select(&Selector::parse("tbody tr, tfoot tr").unwrap()).map(cells).collect()
}

/// A log in which some departments have few episodes.
fn uneven_log() -> String {
    let mut log = String::new();
    for (department, count) in DEPARTMENTS.iter().zip([60, 40, 3, 1]) {
        for at in 0..count {
            let level = if at % 3 == 0 { "\"on_site\"" } else { "\"in_room\"" };
            let department = format!("\"{department}\"");
            let changes = [("department", department.as_str()), ("supervisor.level", level)];
            log += &episode(&format!("EP-{}", log.len()), &changes);
        }
    }
    log
}

#[test]
fn the_page_asks_for_nothing_and_runs_no_script_but_its_own() {
    let html = written(&mixed_log(), "");
    for outside in ["src=", "http://", "https://", "@import", "url(h", "//cdn"] {
        assert!(!html.contains(outside), "{outside}");
    }
    let page = Html::parse_document(&html);
    let policy = select(&page, "meta[http-equiv=Content-Security-Policy]")[0].attr("content").unwrap();
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    let scripts = select(&page, "script:not([type])");
    assert_eq!(scripts.len(), 1);
    let digest = Sha256::digest(scripts[0].text().collect::<String>().as_bytes());
    assert!(
        policy.contains(&format!("'sha256-{}'", base64(&digest))),
        "the digest of the script is another: {}",
        base64(&digest)
    );
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let chunk = |chunk: &[u8]| {
        let bits = (0..3).fold(0u32, |bits, at| bits << 8 | u32::from(chunk.get(at).copied().unwrap_or(0)));
        (0..4)
            .map(|at| if at <= chunk.len() { char::from(DIGITS[(bits >> (18 - 6 * at) & 63) as usize]) } else { '=' })
            .collect::<String>()
    };
    bytes.chunks(3).map(chunk).collect()
}

#[test]
fn every_section_is_there_and_the_totals_add_up() {
    let page = page(&mixed_log(), "");
    let headings: Vec<String> = select(&page, "main h2").iter().map(text).collect();
    assert_eq!(
        headings,
        [
            "What was audited",
            "Verdicts",
            "Findings by rule",
            "By department",
            "By kind of failure",
            "Risk and supervision",
            "Rescue",
            "Consequences for patients",
            "Duties",
            "What is missing",
            "Fragile verdicts",
            "Episodes"
        ]
    );
    let totals: Vec<String> = select(&page, ".total li").iter().map(text).collect();
    assert_eq!(totals, ["8records", "7judged", "1unreadable", "0left out"]);
    let all = rows(&page, "Verdicts").remove(0);
    let number = |cell: &String| cell.parse::<usize>().unwrap();
    let cells: Vec<usize> = all[1..all.len() - 1].iter().map(number).collect();
    let (sum, parts) = cells.split_last().unwrap();
    assert_eq!((*sum, parts.iter().sum::<usize>()), (7, 7));
    let inputs = rows(&page, "Inputs");
    assert_eq!(inputs.iter().map(|row| row[1].as_str()).collect::<Vec<_>>(), ["ward.forbear", "log.jsonl"]);
}

#[test]
fn episodes_are_listed_the_failing_first_with_their_reasons() {
    let page = page(&mixed_log(), "");
    let verdicts: Vec<String> =
        select(&page, "#episodes tbody tr").iter().map(|row| row.attr("data-verdict").unwrap().to_owned()).collect();
    let open = "undetermined".to_owned();
    assert_eq!(verdicts[..3], ["impermissible", "impermissible", "impermissible"]);
    assert_eq!(verdicts[3..5], [open.clone(), open]);
    assert_eq!(verdicts.len(), 7);
    let reasons = select(&page, "#episodes details");
    assert!(text(&reasons[0]).contains("EP-2 is impermissible by in_the_room"), "{}", text(&reasons[0]));
}

#[test]
fn a_long_log_lists_a_thousand_and_says_how_many_more_there_are() {
    let log: String = (0..1_203).map(|at| episode(&format!("EP-{at}"), &[])).collect();
    let log = log + &episode("EP-bad", &[("patient.risk", "\"high\"")]);
    let page = page(&log, "");
    let rows = select(&page, "#episodes tbody tr");
    assert_eq!(rows.len(), 1_000);
    assert!(text(&rows[0]).starts_with("EP-bad"), "the failing one comes first, although it stands last");
    let said = text(&select(&page, "#episodes-listed + p")[0]);
    assert!(said.contains("204 more episodes are not listed"), "{said}");
}

#[test]
fn where_no_field_plays_a_role_the_section_says_so() {
    let vocabulary = "vocabulary bare \"Bare\"\n\nfield id text role id\nfield good boolean\n";
    let policy = "policy bare \"Bare\"\n  vocabulary bare\n  default permit\n\nrule good \"Good\"\n  require good\n";
    let test = Test::new().file("bare.forbear", format!("{vocabulary}\n{policy}"));
    let test = test.file("log.jsonl", "{\"id\": \"1\", \"good\": false}\n");
    let output = test.args("audit bare.forbear --log log.jsonl --format html").run();
    let page = Html::parse_document(&output.stdout);
    let said: Vec<String> = select(&page, "p.remark").iter().map(text).collect();
    for role in ["unit", "failure kind", "risk", "rescue outcome", "rescue strategies"] {
        let words = format!("No field of the vocabulary has the role {role}");
        assert!(said.iter().any(|text| text.starts_with(&words)), "{role}: {said:#?}");
    }
}

#[test]
fn a_committee_is_shown_no_small_number_and_no_single_episode() {
    let html = written(&uneven_log(), "--privacy committee");
    let page = Html::parse_document(&html);
    let departments = rows(&page, "Verdicts by department or unit");
    let labels: Vec<&str> = departments.iter().map(|row| row[0].as_str()).collect();
    assert!(!labels.contains(&"psychiatry") && !labels.contains(&"radiology"), "{labels:?}");
    for cell in select(&page, "td.number") {
        let number: Option<usize> = text(&cell).parse().ok();
        assert!(number.is_none_or(|number| number == 0 || number >= 5), "{}", text(&cell));
    }
    assert!(select(&page, "#episodes").is_empty());
    assert!(!html.contains("\"totals\""), "the page's account of itself has them neither");
    assert!(!html.contains("EP-"), "no id");
}

#[test]
fn verdicts_that_hang_on_a_rating_are_counted_by_rating_and_rule_and_lead_to_their_episodes() {
    let log: String = (0..1_203)
        .map(|at| {
            let risk = if at % 100 == 7 { "\"moderate\"" } else { "\"low\"" };
            episode(&format!("EP-{at}"), &[("patient.risk", risk)])
        })
        .collect();
    let page = page(&log, "");
    let said: Vec<String> = select(&page, "#fragile ~ p").iter().map(text).collect();
    assert!(said[0].contains("Only the first 1000 of 1203 episodes were searched"), "{said:?}");
    assert_eq!(said[1], "By policy ward, 1000 of these verdicts are fragile.");
    assert_eq!(
        rows(&page, "Verdicts of policy ward that would be others"),
        [
            ["patient.risk one level higher", "990", "0", "0", "990"],
            ["patient.risk one level lower", "0", "10", "0", "10"]
        ]
    );
    assert_eq!(rows(&page, "Rules of policy ward on which fragile verdicts turn"), [["ceiling", "990", "10"]]);
    for link in select(&page, ".examples a") {
        let row = select(&page, link.attr("href").unwrap());
        assert!(text(&row[0]).starts_with(&text(&link)), "{}", text(&link));
        assert!(text(&row[0]).contains("fragile: rated one level"), "{}", text(&row[0]));
    }
    assert_eq!(select(&page, ".examples a").len(), 10);
}

#[test]
fn of_fragile_verdicts_a_committee_is_shown_no_small_number_and_no_example() {
    let log: String = (0..43)
        .map(|at| {
            let risk = if at % 20 == 7 { "\"moderate\"" } else { "\"low\"" };
            episode(&format!("EP-{at}"), &[("patient.risk", risk)])
        })
        .collect();
    let page = page(&log, "--privacy committee");
    let numbers = rows(&page, "Verdicts of policy ward that would be others");
    assert_eq!(numbers[0][1..], ["·", "·", "·", "·"], "40 of 43 leave 3");
    assert_eq!(numbers[1][1..], ["·", "·", "·", "·"], "3");
    assert_eq!(rows(&page, "Rules of policy ward on which fragile verdicts turn"), [["ceiling", "·", "·"]]);
    assert!(select(&page, ".examples").is_empty());
}

#[test]
fn an_auditor_is_shown_all_numbers_and_a_committee_too_if_asked() {
    for more in ["", "--privacy committee --small-cells 1"] {
        let page = page(&uneven_log(), more);
        let departments = rows(&page, "Verdicts by department or unit");
        let all: Vec<&str> = departments.iter().map(|row| row[row.len() - 2].as_str()).collect();
        assert_eq!(all, ["60", "40", "3", "1", "104"], "{more}");
        assert_eq!(select(&page, "#episodes tbody tr").len(), 104);
    }
}

#[test]
fn a_least_number_that_hides_nothing_is_refused() {
    let test = Test::ward().file("log.jsonl", mixed_log());
    let output = test.args("audit ward.forbear --log log.jsonl --privacy committee --small-cells 2").run();
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("would know that it is 1"), "{}", output.stderr);
}

#[test]
fn what_a_log_says_is_no_markup() {
    let log = episode("<script>alert(1)</script>", &[("patient.risk", "\"high\""), ("x</script><b>", "1")]);
    let page = page(&log, "--privacy internal");
    assert_eq!(select(&page, "script").len(), 2);
    assert_eq!(select(&page, "b").len(), 0);
    assert!(text(&select(&page, "#episodes tbody th")[0]).contains("<script>"));
}
