//! Cases as the language writes them, ready to be pasted beside the policy.

use std::fmt::Write;

use jiff::SignedDuration;

use crate::diagnostic::Diagnostic;
use crate::judge::{Because, Bound, Judgement, Measured, Status, Verdict};
use crate::policy::time::write_duration;
use crate::policy::{HistoryId, Version};

use super::decode::Setting;
use super::witness::Witness;

impl Witness {
    /// Writes the case, called by a name.
    pub fn written(&self, name: &str) -> String {
        written(name, &self.settings)
    }

    /// Writes the example in which the case follows episodes like itself; none where none was found that make its history
    /// clauses come to what they are supposed to.
    pub fn following(&self, name: &str) -> Option<String> {
        let earlier = self.before.as_ref()?;
        let earlier: Vec<String> =
            earlier.iter().map(|distance| format!("{name} {} earlier", write_duration(*distance))).collect();
        Some(format!("example \"{name}\" {name}\n  following {}\n", earlier.join(", ")))
    }

    /// Writes the case for whoever checks a policy, with the verdict of the version that judges it; where it follows others, as
    /// an example that claims it.
    pub(super) fn shown(&self, name: &str, version: &Version) -> String {
        let verdict = self.judgements.first().map(|judgement| told(judgement, version));
        match (self.following(name), verdict) {
            (Some(following), Some(verdict)) => format!("{}\n{following}  is {verdict}\n", self.written(name)),
            (_, verdict) => shown(name, &self.settings, verdict),
        }
    }

    /// Points out what history clauses of a version are supposed to come to, where no episodes were found that make them so.
    pub(super) fn with_supposed(&self, mut problem: Diagnostic, at: usize, version: &Version) -> Diagnostic {
        if self.before.is_some() {
            return problem;
        }
        let own = self.supposed.iter().filter(|(of, ..)| *of == at);
        for (_, history, measured) in own.filter(|(.., measured)| *measured != Measured::Unknown) {
            problem = match clause(version, *history, *measured) {
                Some((origin, text)) => problem.with_label(origin, &text),
                None => problem,
            };
        }
        problem
    }
}

fn clause(version: &Version, history: HistoryId, measured: Measured) -> Option<(crate::source::Span, String)> {
    let clause = version.conditions.history(history)?;
    let words = measured_words(measured, version.is_length(clause.function));
    Some((clause.origin, format!("in the case, this comes to {words}")))
}

/// Writes a case of some settings, with its verdict as a comment.
pub(super) fn shown(name: &str, settings: &[Setting], verdict: Option<String>) -> String {
    written(name, settings) + &verdict.map(|verdict| format!("  # {verdict}\n")).unwrap_or_default()
}

/// Words a verdict as a claim of an example would.
pub(super) fn told(judgement: &Judgement, version: &Version) -> String {
    let words = judgement.verdict.words();
    let violated = version.rules.iter().zip(&judgement.outcomes);
    let violated = violated.filter(|(rule, outcome)| rule.decides() && outcome.status() == Some(Status::Violated));
    let violated: Vec<&str> = violated.map(|(rule, _)| rule.name.as_str()).collect();
    match (judgement.verdict, judgement.because) {
        (Verdict::Impermissible, Because::ByDefault) => format!("{words} by default"),
        (Verdict::Impermissible, _) if !violated.is_empty() => format!("{words} by {}", violated.join(", ")),
        _ => words.to_owned(),
    }
}

fn written(name: &str, settings: &[Setting]) -> String {
    let mut text = format!("case {name}\n");
    let longest = settings.iter().map(|setting| setting.field.chars().count()).max().unwrap_or(0);
    for setting in settings {
        let _ = writeln!(text, "  {:<longest$}  {}", setting.field, setting.value);
    }
    if settings.is_empty() {
        text += "  # nothing is written\n";
    }
    text
}

/// Says what a clause comes to. `lasts`: it is a length of time, in nanoseconds.
pub fn measured_words(measured: Measured, lasts: bool) -> String {
    let bound = |bound: Bound| match bound {
        Bound::At(ratio) if lasts => {
            SignedDuration::try_from_nanos_i128(ratio.sum.mantissa).map_or("anything".to_owned(), write_duration)
        }
        Bound::At(ratio) if ratio.of == 1 => digits_words(ratio.sum.mantissa, ratio.sum.scale),
        Bound::At(ratio) => format!("{}/{}", digits_words(ratio.sum.mantissa, ratio.sum.scale), ratio.of),
        Bound::Lowest | Bound::Highest => "anything".to_owned(),
    };
    match measured {
        Measured::Unknown => "nothing that is known".to_owned(),
        Measured::NoValue => "no value, since there are none".to_owned(),
        Measured::Between(low, high) if low == high => bound(low),
        Measured::Between(low, high) => format!("between {} and {}", bound(low), bound(high)),
    }
}

/// Writes a decimal number from its digits.
fn digits_words(mantissa: i128, scale: u32) -> String {
    let sign = if mantissa < 0 { "-" } else { "" };
    let digits = mantissa.unsigned_abs().to_string();
    let scale = scale as usize;
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = padded.split_at_checked(padded.len() - scale).unwrap_or((&padded, ""));
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}
