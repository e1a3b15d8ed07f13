//! The sections of a page, in their order.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::audit::{PolicySummary, RuleCounts};
use crate::policy::{Role, RuleSeverity};

use super::super::human::thousands;
use super::super::small::may_show;
use super::gather::{Counts, Group, Grouping};
use super::tables::{Columns, Matrix, Row, framed, numbers};
use super::{Account, Whole, episodes, fragile};

/// A section with its heading.
pub(super) struct Section {
    pub(super) anchor: &'static str,
    pub(super) title: &'static str,
    pub(super) content: Markup,
}

/// Gives all sections.
pub(super) fn all(whole: &Whole<'_>, account: &Account) -> Vec<Section> {
    let least = whole.about.identities.least_cell();
    let columns = Columns::of(&whole.summary.leading, least);
    let gathered = whole.gathered;
    let section = |anchor, title, content| Section { anchor, title, content };
    vec![
        section("audited", "What was audited", audited(whole, account)),
        section("verdicts", "Verdicts", verdicts(whole, &columns)),
        section("rules", "Findings by rule", by_rule(whole, least)),
        section("units", "By department", grouped(&gathered.units, Role::Unit, "department or unit", &columns)),
        section(
            "kinds",
            "By kind of failure",
            grouped(&gathered.kinds, Role::FailureKind, "kind of failure", &columns),
        ),
        section("risk", "Risk and supervision", matrix(whole, &columns)),
        section("rescue", "Rescue", rescue(whole, &columns, least)),
        section("harm", "Consequences for patients", harm(whole, &columns)),
        section("duties", "Duties", duties(whole, least)),
        section("missing", "What is missing", missing(whole, least)),
        section("fragile", "Fragile verdicts", fragile::section(whole, least)),
        section("episodes-listed", "Episodes", episodes::table(whole)),
    ]
}

fn audited(whole: &Whole<'_>, account: &Account) -> Markup {
    let (summary, made) = (whole.summary, &account.made);
    let counted = [
        ("records", summary.records),
        ("judged", summary.judged),
        ("unreadable", summary.unreadable),
        ("left out", summary.left_out),
    ];
    html! {
        @if summary.partial {
            p.remark { strong { "The audit was stopped before its end: this page is about a part of the logs." } }
        }
        ul.total { @for (name, count) in counted { li { strong { (thousands(count)) } (name) } } }
        p.remark { "Judged, unreadable and left out add up to all records." }
        (framed("Inputs", html! {
            thead { tr { th scope="col" { "input" } th scope="col" { "name" } th scope="col" { "SHA-256 of its bytes" } } }
            tbody {
                @for input in whole.inputs {
                    tr { th scope="row" { (input.role) } td { (input.name) } td { code.digest { (input.sha256) } } }
                }
            }
        }))
        dl {
            dt { "program" } dd { (made.program.name) " " (made.program.version) }
            @for policy in &account.policies {
                dt { "policy" }
                dd {
                    (policy.name)
                    @for version in &policy.versions {
                        br; @if let Some(label) = &version.version { "version " (label) ": " } (version.title)
                        @if let Some(from) = &version.from { ", in force from " (from) }
                        @if let Some(until) = &version.until { " until " (until) }
                    }
                }
            }
            dt { "clock" } dd { "as of " (made.as_of) @if made.present != made.as_of { "; the clock stood at " (made.present) } }
            @if let Some(day) = &made.log_from { dt { "log" } dd { "said to be complete from " (day) } }
            dt { "judgements" } dd { "SHA-256 " code.digest { (account.judgements_sha256) } }
            dt { "privacy" } dd { (privacy(whole)) }
        }
        p.remark {
            "A clean log is weak evidence: what nobody wrote down is not in it. "
            code { "forbear verify" } " judges the same inputs again and says whether these judgements stand."
        }
    }
}

fn privacy(whole: &Whole<'_>) -> Markup {
    use super::super::identities::Privacy;
    let least = whole.about.identities.least_cell();
    html! {
        "level " strong { (whole.about.identities.privacy().word()) } ". "
        @match whole.about.identities.privacy() {
            Privacy::Committee => {
                "People and episodes stand under pseudonyms, and days as years. "
                @if least > 1 { "No number of episodes from 1 to " (least - 1) " is shown in the tables; what would have one is put together with others, or is shown as “·”. " }
            }
            Privacy::Auditor => "People stand under pseudonyms; episodes have their ids, and days are shown. ",
            Privacy::Internal => "Everything is shown but free text. ",
        }
        "Who knows the place may know the people all the same: what has pseudonyms is not anonymous."
    }
}

fn verdicts(whole: &Whole<'_>, columns: &Columns) -> Markup {
    let total: Vec<Row> = vec![("all episodes".to_owned(), whole.summary.leading)];
    let months = &whole.gathered.months;
    let committee = whole.about.identities.is_for_committee();
    html! {
        p { "By the strictest verdict of all policies." }
        (columns.table("Verdicts", "episodes", &total))
        h3 { "Over time" }
        @if months.is_empty() { p { "No episode has a time that is known to the month." } }
        @else { (columns.table("Verdicts over time", "time", &over_time(months, &whole.gathered.undated, committee))) }
    }
}

/// How much is told of the log as a whole.
const MOST_OF_LOG: usize = 20;

/// How many months, or quarters, a table has at most.
const MOST_PERIODS: usize = 24;

/// Gives months or, where there are many, quarters or years; a committee is shown years.
fn over_time(months: &BTreeMap<(i16, i8), Counts>, undated: &Counts, years_only: bool) -> Vec<Row> {
    let by_month = |(year, month): (i16, i8)| format!("{year}-{month:02}");
    let by_quarter = |(year, month): (i16, i8)| format!("{year}, quarter {}", (month + 2) / 3);
    let by_year = |(year, _): (i16, i8)| year.to_string();
    let gather = |name: &dyn Fn((i16, i8)) -> String| {
        let mut rows: Vec<Row> = Vec::new();
        for (month, counts) in months {
            let label = name(*month);
            match rows.last_mut().filter(|(known, _)| *known == label) {
                Some((_, sum)) => sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count),
                None => rows.push((label, *counts)),
            }
        }
        rows
    };
    let forms: [&dyn Fn((i16, i8)) -> String; 3] = [&by_month, &by_quarter, &by_year];
    let from = if years_only { 2 } else { 0 };
    let mut rows = Vec::new();
    for form in forms.into_iter().skip(from) {
        rows = gather(form);
        if rows.len() <= MOST_PERIODS {
            break;
        }
    }
    if undated.iter().any(|count| *count > 0) {
        rows.push(("(month not known)".to_owned(), *undated));
    }
    rows
}

fn by_rule(whole: &Whole<'_>, least: usize) -> Markup {
    let judged = whole.summary.judged;
    html! {
        @for policy in &whole.summary.policies {
            @let rows = rules_of(whole, policy, judged, least);
            @if rows.is_empty() { p { "By policy " strong { (policy.name) } " no rule is violated, and none is left open." } }
            @else {
                (numbers(&format!("Rules of policy {}", policy.name), &["rule", "violated", "undetermined", "satisfied by silence"], &rows))
            }
        }
        @if least > 1 { p.remark { "· stands for a number that is small, or that would tell one." } }
    }
}

fn rules_of(
    whole: &Whole<'_>,
    policy: &PolicySummary,
    judged: usize,
    least: usize,
) -> Vec<(Markup, Vec<Option<usize>>)> {
    let shown = |count: usize| may_show(count, judged, least).then_some(count);
    let title = |name: &str| {
        let of_policy = whole.about.set.policies.iter().find(|one| one.name == policy.name);
        let rules = of_policy.into_iter().flat_map(|one| one.versions.iter().rev()).flat_map(|version| &version.rules);
        rules.filter(|rule| rule.name == name).map(|rule| rule.title.clone()).next().unwrap_or_default()
    };
    let mut rules: Vec<(&String, &RuleCounts)> = policy.rules.iter().collect();
    rules.sort_by_key(|(name, counts)| (std::cmp::Reverse((counts.violated, counts.undetermined)), (*name).clone()));
    let mut rows: Vec<(Markup, Vec<Option<usize>>)> = rules
        .into_iter()
        .map(|(name, counts)| {
            let advisory = if counts.severity == RuleSeverity::Advisory { " (advice)" } else { "" };
            let label = html! { code { (name) } (advisory) br; span.quiet { (title(name)) } };
            // What is left is the number of those to which nothing happened: it may be small as well.
            let rest = judged.saturating_sub(counts.violated + counts.undetermined);
            let tells = rest > 0 && rest < least;
            let counts = [counts.violated, counts.undetermined, counts.satisfied_by_silence];
            (label, counts.map(|count| shown(count).filter(|count| !tells || *count == 0)).into())
        })
        .collect();
    if policy.by_default > 0 {
        rows.push((html! { "no rule permits it" }, vec![shown(policy.by_default), Some(0), Some(0)]));
    }
    rows
}

fn rows_of(groups: &BTreeMap<Group, Counts>) -> Vec<Row> {
    groups.iter().map(|(group, counts)| (group.words(), *counts)).collect()
}

fn grouped(grouping: &Grouping, role: Role, head: &str, columns: &Columns) -> Markup {
    if !grouping.is_bound {
        return unbound(&[role]);
    }
    columns.table(&format!("Verdicts by {head}"), head, &rows_of(&grouping.groups))
}

/// Says that nothing can be told since no field plays a role.
fn unbound(roles: &[Role]) -> Markup {
    html! {
        p.remark {
            "No field of the vocabulary has the role "
            @for (at, role) in roles.iter().enumerate() { @if at > 0 { " or the role " } code { (role.words()) } }
            ", so nothing can be told here."
        }
    }
}

fn matrix(whole: &Whole<'_>, columns: &Columns) -> Markup {
    let gathered = whole.gathered;
    if !gathered.has_matrix {
        return unbound(&[Role::Risk, Role::Supervision]);
    }
    let mut down: Vec<&Group> = gathered.matrix.keys().map(|(risk, _)| risk).collect();
    let mut across: Vec<&Group> = gathered.matrix.keys().map(|(_, supervision)| supervision).collect();
    for groups in [&mut down, &mut across] {
        groups.sort();
        groups.dedup();
    }
    let cell = |risk: &Group, supervision: &Group| {
        gathered.matrix.get(&(risk.clone(), supervision.clone())).copied().unwrap_or_default()
    };
    let of = Matrix {
        down: down.iter().map(|group| group.words()).collect(),
        across: across.iter().map(|group| group.words()).collect(),
        cells: down.iter().flat_map(|risk| across.iter().map(|supervision| cell(risk, supervision))).collect(),
    };
    html! {
        p { "How many episodes there are of each risk under each supervision." }
        (columns.matrix("Risk and supervision", ["risk", "supervision"], &of))
    }
}

fn rescue(whole: &Whole<'_>, columns: &Columns, least: usize) -> Markup {
    html! {
        h3 { "What came of it" }
        (grouped(&whole.gathered.outcomes, Role::RescueOutcome, "outcome of the rescue", columns))
        h3 { "Strategies that were planned" }
        @if whole.gathered.has_strategies { (strategies(whole, least)) } @else { (unbound(&[Role::RescueStrategies])) }
    }
}

fn strategies(whole: &Whole<'_>, least: usize) -> Markup {
    let planned = &whole.gathered.strategies;
    let mut outcomes: Vec<&Group> = planned.values().flat_map(BTreeMap::keys).collect();
    outcomes.sort();
    outcomes.dedup();
    let count = |of: &BTreeMap<Group, usize>, outcome: &&Group| of.get(*outcome).copied().unwrap_or(0);
    let counted: Vec<Vec<usize>> =
        planned.values().map(|of| outcomes.iter().map(|outcome| count(of, outcome)).collect()).collect();
    let Some(merged) = super::super::small::merge(&counted, least) else {
        return html! { p.remark { "There are too few episodes to show this without telling small numbers." } };
    };
    let row = |label: Markup, counts: &[usize]| {
        let all = Some(counts.iter().sum());
        (label, counts.iter().map(|count| Some(*count)).chain([all]).collect::<Vec<_>>())
    };
    let kept = planned.keys().zip(&counted).enumerate().filter(|(at, _)| merged.kept.contains(at));
    let mut rows: Vec<(Markup, Vec<Option<usize>>)> =
        kept.map(|(_, (strategy, counts))| row(html! { (strategy.words()) }, counts)).collect();
    if !merged.together.is_empty() {
        rows.push(row(html! { (merged.together.len()) " others together" }, &merged.sums));
    }
    let heads: Vec<String> = outcomes.iter().map(|outcome| outcome.words()).collect();
    let heads: Vec<&str> = std::iter::once("strategy").chain(heads.iter().map(String::as_str)).chain(["all"]).collect();
    html! {
        p { "An episode counts once for each strategy that was planned for it; the columns say what came of its rescue." }
        (numbers("Strategies and what came of the rescue", &heads, &rows))
    }
}

fn harm(whole: &Whole<'_>, columns: &Columns) -> Markup {
    html! {
        @if whole.gathered.harms.is_empty() {
            p.remark { "No field of the vocabulary has a scale called " code { "harm" } ", so nothing can be told here." }
        }
        @for (title, groups) in &whole.gathered.harms { (columns.table(title, "harm", &rows_of(groups))) }
    }
}

fn duties(whole: &Whole<'_>, least: usize) -> Markup {
    let judged = whole.summary.judged;
    let shown = |count: usize| may_show(count, judged, least).then_some(count);
    let with_duties = || whole.summary.policies.iter().filter(|policy| !policy.duties.is_empty());
    let heads = ["duty", "fulfilled", "made good", "still to do", "late or overdue", "undetermined"];
    html! {
        @if with_duties().next().is_none() { p { "No policy has a duty." } }
        @for policy in with_duties() {
            @let rows: Vec<(Markup, Vec<Option<usize>>)> = policy.duties.iter().map(|(name, counts)| {
                let waiting = counts.pending + counts.outstanding;
                let counts = [counts.fulfilled, counts.made_good, waiting, counts.failed, counts.undetermined];
                (html! { code { (name) } }, counts.map(shown).into())
            }).collect();
            (numbers(&format!("Duties of policy {}", policy.name), &heads, &rows))
        }
        @if with_duties().next().is_some() { p.remark { code { "forbear due" } " lists what is owed, soonest first." } }
    }
}

fn missing(whole: &Whole<'_>, least: usize) -> Markup {
    let summary = whole.summary;
    let shown = |count: usize| may_show(count, summary.judged, least).then_some(count);
    html! {
        @for policy in &summary.policies {
            @let rows: Vec<(Markup, Vec<Option<usize>>)> = {
                let mut fields: Vec<(&String, &usize)> = policy.turned_on.iter().collect();
                fields.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), (*name).clone()));
                fields.into_iter().map(|(name, count)| (html! { code { (name) } }, vec![shown(*count)])).collect()
            };
            @if rows.is_empty() { p { "By policy " strong { (policy.name) } " no verdict turns on a missing value." } }
            @else { (numbers(&format!("Fields on which open rules of policy {} turn", policy.name), &["field", "undetermined verdicts"], &rows)) }
        }
        @if !summary.findings.is_empty() {
            @let rows: Vec<(Markup, Vec<Option<usize>>)> = summary.findings.iter().map(|(code, count)| {
                let title = crate::diagnostic::find_code(code).map_or(*code, crate::diagnostic::Code::title);
                (html! { (title) br; code.quiet { (code) } }, vec![shown(*count)])
            }).collect();
            (numbers("What does not fit in the records", &["finding", "times"], &rows))
        }
        @if !summary.log_findings.is_empty() {
            h3 { "Of the log as a whole" }
            @let said = of_log(whole);
            ul {
                @for one in said.iter().take(MOST_OF_LOG) { li { (one) } }
                @if said.len() > MOST_OF_LOG { li { "and " (thousands(said.len() - MOST_OF_LOG)) " more, which the format " code { "json" } " has" } }
            }
        }
    }
}

/// Says what concerns the log as a whole: where small numbers are hidden, no more than what sort of thing it is.
fn of_log(whole: &Whole<'_>) -> Vec<String> {
    let identities = whole.about.identities;
    let mut said: Vec<String> = Vec::new();
    for finding in &whole.summary.log_findings {
        let words = if identities.least_cell() > 1 {
            finding.code.title().to_owned()
        } else {
            identities.worded(finding).message.replace('`', "")
        };
        if !said.contains(&words) {
            said.push(words);
        }
    }
    said
}
