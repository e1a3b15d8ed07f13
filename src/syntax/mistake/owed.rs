//! What may have been meant by a claim about what is owed that was not understood.

use super::examples::LineMistake;
use super::first_word;

/// How people say that there is still time for what is owed, or say nothing of the time.
const STILL_OWED: &[&str] = &["pending", "due", "owed", "outstanding", "unfulfilled"];

/// How people say that the time for it has passed.
const TOO_LATE: &[&str] = &["overdue", "late", "delayed", "missed", "breached"];

/// How people say that it was done.
const DONE: &[&str] = &["fulfilled", "done", "completed", "complete", "met", "settled", "timely", "punctual"];

/// Words that may stand before them.
const BESIDES: &[&str] = &["not", "yet", "still", "already", "now", "no", "longer"];

/// Knows `is late with DUTY`, `is not overdue with DUTY`, `is pending` and the like.
pub(super) fn of_claim(line: &str, lower: &str) -> Option<LineMistake> {
    let words: Vec<&str> = lower.split_whitespace().skip(1).collect();
    let state = *words.iter().find(|word| !BESIDES.contains(word))?;
    if let Some(field) = duty(line).filter(|name| name.contains('.') && state != "due") {
        let message = format!("`{field}` is a field, and what is owed is claimed by the name of its rule");
        let help =
            "write the word that stands after `rule`: `is overdue with debrief`, `is not yet overdue with debrief`";
        return Some(LineMistake::of(line, field, message, help)).filter(|_| is_known(state));
    }
    let negated = words.contains(&"not") || words.contains(&"no");
    let duty = duty(line).unwrap_or("DUTY");
    let overdue = format!("write `is overdue with {duty}`");
    let (message, help) = match state {
        "overdue" if negated && words.contains(&"yet") => (
            "with which duty is it not yet overdue?".to_owned(),
            format!("write `is not yet overdue with {duty}`, several names separated by commas"),
        ),
        "overdue" if !negated => {
            ("with which duty is it overdue?".to_owned(), format!("{overdue}, several names separated by commas"))
        }
        _ if TOO_LATE.contains(&state) && negated => (
            format!("`is not {state}` has two readings: there is still time, or nothing is owed"),
            format!("write `is not yet overdue with {duty}`, or `owes nothing`"),
        ),
        _ if TOO_LATE.contains(&state) => {
            (format!("a claim does not say `{state}`: what is owed beyond its time is overdue"), overdue)
        }
        _ if STILL_OWED.contains(&state) && !negated => (
            format!("a claim does not say `{state}`: something is owed, and there is time or there is not"),
            format!("write `is not yet overdue with {duty}`, or `owes {duty}` whether or not there is time"),
        ),
        _ if DONE.contains(&state) || STILL_OWED.contains(&state) => {
            ("a claim says what is still owed".to_owned(), "write `owes nothing`".to_owned())
        }
        _ => return None,
    };
    Some(LineMistake::of(line, written(line, lower, state), message, help))
}

fn is_known(state: &str) -> bool {
    [TOO_LATE, STILL_OWED, DONE].iter().any(|words| words.contains(&state))
}

/// Knows `debrief is overdue`, `debrief is not yet overdue`, `debrief is owed`.
pub(super) fn of_duty(line: &str, lower: &str) -> Option<LineMistake> {
    let mut words = lower.split_whitespace().skip(1);
    if words.next() != Some("is") {
        return None;
    }
    let duty = first_word(line);
    let rest: Vec<&str> = words.collect();
    let state = *rest.iter().find(|word| !BESIDES.contains(word))?;
    let claim = match state {
        _ if TOO_LATE.contains(&state) && rest.contains(&"not") => format!("is not yet overdue with {duty}"),
        _ if TOO_LATE.contains(&state) => format!("is overdue with {duty}"),
        _ if STILL_OWED.contains(&state) => format!("owes {duty}"),
        _ if DONE.contains(&state) => "owes nothing".to_owned(),
        _ => return None,
    };
    let message = "a claim is about the episode, and says what is still owed";
    Some(LineMistake::of(line, duty, message, format!("write `{claim}`")))
}

/// Gives what is named as the duty.
fn duty(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace().skip_while(|word| {
        let before = ["with", "by", "for", "on", "of"];
        !before.contains(&word.to_lowercase().as_str())
    });
    words.next()?;
    words.next().map(|name| name.trim_end_matches([',', '.']))
}

fn written<'l>(line: &'l str, lower: &str, word: &str) -> &'l str {
    let at = lower.find(&format!(" {word}")).map_or(0, |at| at + 1);
    line.get(at..at + word.len()).unwrap_or(line)
}
