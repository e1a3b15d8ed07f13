//! The summary of an audit for a committee: no small number stands in it, and no single episode.

use std::fmt::Write;

use crate::audit::{PolicySummary, Summary};
use crate::judge::Verdict;

use super::super::small::{may_show, verdict_groups};
use super::{counted, thousands};

/// Writes the summary; numbers of episodes below `least` are put together with others, or left out.
pub(super) fn summary_text(summary: &Summary, least: usize) -> String {
    let mut text = String::from(
        "Single episodes are not shown to a committee; `·` stands for a number that is small, or would tell one.\n\n",
    );
    let records = counted(summary.records, "record", "records");
    let (judged, unreadable) = (thousands(summary.judged), thousands(summary.unreadable));
    if summary.partial {
        text.push_str("The audit was stopped before its end: this is about a part of the logs.\n");
    }
    let _ = writeln!(text, "{records}: {judged} judged, {unreadable} unreadable, {} left out", summary.left_out);
    for policy in &summary.policies {
        of_policy(&mut text, policy, summary.judged, least);
    }
    text
}

fn of_policy(text: &mut String, policy: &PolicySummary, judged: usize, least: usize) {
    let _ = writeln!(text, "\npolicy {}", policy.name);
    for group in verdict_groups(&policy.verdicts, least) {
        let words: Vec<&str> = group.iter().filter_map(|at| Verdict::ALL.get(*at)).map(|one| one.words()).collect();
        let count: usize = group.iter().filter_map(|at| policy.verdicts.get(*at)).sum();
        let shown = if judged < least { "·".to_owned() } else { thousands(count) };
        let _ = writeln!(text, "  {:<48} {shown:>8}", words.join(" or "));
    }
    let shown = |count: usize| if may_show(count, judged, least) { thousands(count) } else { "·".to_owned() };
    if !policy.rules.is_empty() {
        let _ = writeln!(text, "\n  {:<34} {:>8} {:>12}", "rules", "violated", "undetermined");
    }
    for (name, counts) in &policy.rules {
        let rest = judged.saturating_sub(counts.violated + counts.undetermined);
        let [violated, undetermined] = if rest > 0 && rest < least {
            // The rest would tell what is left.
            ["·".to_owned(), "·".to_owned()]
        } else {
            [shown(counts.violated), shown(counts.undetermined)]
        };
        let _ = writeln!(text, "    {name:<32} {violated:>8} {undetermined:>12}");
    }
    if !policy.duties.is_empty() {
        let _ = writeln!(text, "\n  {:<34} {:>9} {:>9} {:>9}", "duties", "fulfilled", "failed", "open");
    }
    for (name, counts) in &policy.duties {
        let [fulfilled, failed, open] = [counts.fulfilled, counts.failed, counts.undetermined].map(shown);
        let _ = writeln!(text, "    {name:<32} {fulfilled:>9} {failed:>9} {open:>9}");
    }
    if !policy.turned_on.is_empty() {
        let _ = writeln!(text, "\n  {:<34} {:>8}", "open rules turn on", "verdicts");
    }
    for (field, count) in &policy.turned_on {
        let _ = writeln!(text, "    {field:<32} {:>8}", shown(*count));
    }
}
