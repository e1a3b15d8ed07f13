//! Examples that do not hold, and what they do not reach, as problems with places: the claim and the reasoning side by
//! side.

mod told;

pub use told::{VersionTried, coverage_text, document, example_record, percent, score_text};

pub use super::machine::trial::{ExampleRecord, TestDocument};

use jiff::Timestamp;

use crate::audit::{Known, PolicyResult, Wanting};
use crate::check::{Claim, ClaimKind};
use crate::diagnostic::{Diagnostic, codes};
use crate::judge::{
    Because, Citation, DutyJudgement, DutyStatus, LinkJudgement, Need, Outcome, Status, Truth, Verdict,
};
use crate::policy::{FieldId, Rule, RuleId, Version};
use crate::trial::{Coverage, Tried};

use super::duties::{deadline_words, due_by};
use super::identities::Identities;
use super::wording::Speaker;

/// How many rules that nobody claimed anything of are shown with their reasons.
const MOST_OTHERS: usize = 4;

/// Words what does not hold of an example: one problem for each claim.
pub fn failures(tried: &Tried<'_>, identities: &Identities) -> Vec<Diagnostic> {
    let Some(result) = tried.judged.results.first() else { return Vec::new() };
    let failing = tried.claims.iter().zip(tried.held).filter(|(_, held)| !**held).map(|(claim, _)| claim);
    failing.map(|claim| failure(tried, claim, result, identities)).collect()
}

fn failure(tried: &Tried<'_>, claim: &Claim, result: &PolicyResult<'_>, identities: &Identities) -> Diagnostic {
    let version = version_of(tried, result);
    let as_of = tried.example.as_of();
    let speaker = |version| Speaker::new(result, version, identities);
    let teller = version.map(|version| Teller { version, result, as_of, speaker: speaker(version) });
    let name = match tried.record {
        Some(record) => format!("\"{}\": `{record}`", tried.example.title),
        None => format!("\"{}\"", tried.example.title),
    };
    let what = teller.as_ref().map(|teller| teller.what_is(&claim.kind)).unwrap_or_default();
    let message = match teller.as_ref().and_then(|teller| teller.contradicted(&claim.kind)) {
        Some(contradicted) => format!("{name} {contradicted}"),
        None => format!("{name} {}, and the example claims otherwise", verdict_words(result, teller.as_ref())),
    };
    let mut problem = Diagnostic::new(codes::EXAMPLE_FAILS, message, claim.origin, what);
    for (rule, citation) in teller.iter().flat_map(|teller| teller.involved(&claim.kind)) {
        let teller = teller.as_ref().map(|teller| teller.status_and_why(rule, citation)).unwrap_or_default();
        problem = problem.with_label(rule.norm.origin, teller);
    }
    let help = match &claim.kind {
        ClaimKind::ImpermissibleBy { only: true, .. } => {
            "correct the claim, the case, or the rule that is not as meant; leave out `only` if other rules may speak against it too"
        }
        _ => "correct the claim, the case, or the rule that is not as meant",
    };
    problem.with_help(help)
}

/// Gives the version that judged; where none was in force, the one beside which the example stands.
fn version_of<'p>(tried: &Tried<'_>, result: &PolicyResult<'p>) -> Option<&'p Version> {
    let own = || result.policy.versions.iter().find(|version| version.origin == tried.example.version.1);
    result.version.or_else(own)
}

/// Says the verdict with what it rests on: "is impermissible by `quota`".
fn verdict_words(result: &PolicyResult<'_>, teller: Option<&Teller<'_>>) -> String {
    let verdict = result.verdict();
    let named = |status| teller.map(|teller| teller.names_of(status)).unwrap_or_default();
    let detail = match result.judgement.because {
        Because::Violations => format!(" by {}", named(Status::Violated)),
        Because::ByDefault => " by default".to_owned(),
        Because::Undetermined | Because::ScopeOpen | Because::TimeOpen => {
            let name = |wanted| match teller {
                Some(teller) => super::exact::wanted_name(result, wanted, teller.speaker.shower.identities),
                None => result.wanted_name(wanted),
            };
            let Wanting { values, known } = result.wanting();
            let mut fields: Vec<String> = values.into_iter().map(|wanted| format!("`{}`", name(wanted))).collect();
            fields.extend((known == Known::Some).then(|| "perhaps others".to_owned()));
            if fields.is_empty() { String::new() } else { format!(" for want of {}", fields.join(", ")) }
        }
        Because::NotInForce => ", since no version is in force then".to_owned(),
        Because::DoesNotApply => ", since the policy does not apply".to_owned(),
        Because::Permitted => String::new(),
    };
    format!("is {}{detail}", verdict.words())
}

struct Teller<'a> {
    version: &'a Version,
    result: &'a PolicyResult<'a>,
    /// As of when it is judged; none if the example does not say.
    as_of: Option<Timestamp>,
    speaker: Speaker<'a>,
}

impl<'a> Teller<'a> {
    fn rule(&self, id: RuleId) -> Option<&'a Rule> {
        self.version.rules.get(id.0 as usize)
    }

    fn names_of(&self, status: Status) -> String {
        let rules = self.version.rules.iter().zip(&self.result.judgement.outcomes);
        let named = rules.filter(|(rule, outcome)| rule.decides() && outcome.status() == Some(status));
        named.map(|(rule, _)| format!("`{}`", rule.name)).collect::<Vec<_>>().join(", ")
    }

    /// Says why a claim does not hold, in a few words.
    fn what_is(&self, claim: &ClaimKind) -> String {
        match claim {
            ClaimKind::ImpermissibleBy { rules, only } => self.not_impermissible_by(rules, *only),
            ClaimKind::ImpermissibleByDefault { .. } if self.result.judgement.because == Because::ByDefault => {
                format!("other rules are open: {}", self.names_of(Status::Undetermined))
            }
            ClaimKind::Undetermined { fields, .. } if self.result.verdict() == Verdict::Undetermined => {
                self.wanting_otherwise(fields)
            }
            ClaimKind::Owes(rules) => self.each(rules, |id| format!("`{}` is {}", self.name(id), self.duty_words(id))),
            ClaimKind::OverdueWith(rules) | ClaimKind::NotYetOverdueWith(rules) => {
                self.each(rules, |id| format!("`{}` is {}", self.name(id), self.due_words(id)))
            }
            ClaimKind::OwesNothing => self.what_is_owed(),
            ClaimKind::ExcusedFrom(rules) => {
                self.each(rules, |id| format!("`{}` {}", self.name(id), self.status_words(id)))
            }
            _ => format!("it {}", verdict_words(self.result, Some(self))),
        }
    }

    /// Says of a claim about duties or exceptions that it does not hold: of these the verdict tells nothing.
    fn contradicted(&self, claim: &ClaimKind) -> Option<String> {
        let named = || self.each(claim.rules(), |id| format!("`{}`", self.name(id))).replace("; ", ", ");
        Some(match claim {
            ClaimKind::Owes(_) => format!("does not owe {}, and the example claims that it does", named()),
            ClaimKind::OwesNothing => {
                "owes something, or that is open, and the example claims that it owes nothing".to_owned()
            }
            ClaimKind::OverdueWith(_) => format!("is not overdue with {}, and the example claims that it is", named()),
            ClaimKind::NotYetOverdueWith(_) => {
                format!("does not owe {} with time left, and the example claims that it does", named())
            }
            ClaimKind::ExcusedFrom(_) => format!("is not excused from {}, and the example claims that it is", named()),
            _ => return None,
        })
    }

    fn each(&self, rules: &[RuleId], say: impl Fn(RuleId) -> String) -> String {
        rules.iter().map(|id| say(*id)).collect::<Vec<_>>().join("; ")
    }

    fn name(&self, id: RuleId) -> &'a str {
        self.rule(id).map_or("", |rule| rule.name.as_str())
    }

    fn not_impermissible_by(&self, rules: &[RuleId], only: bool) -> String {
        let judgement = &self.result.judgement;
        if judgement.verdict != Verdict::Impermissible {
            return format!("it {}", verdict_words(self.result, Some(self)));
        }
        let violated =
            |id: &RuleId| judgement.outcomes.get(id.0 as usize).and_then(Outcome::status) == Some(Status::Violated);
        let others: Vec<RuleId> = rules.iter().copied().filter(|id| !violated(id)).collect();
        if !others.is_empty() {
            return self.each(&others, |id| format!("`{}` {}", self.name(id), self.status_words(id)));
        }
        if only { self.what_else_speaks_against_it(rules) } else { String::new() }
    }

    fn what_else_speaks_against_it(&self, rules: &[RuleId]) -> String {
        let named: Vec<&str> = rules.iter().map(|id| self.name(*id)).collect();
        let other = |status: Status| {
            let both = self.version.rules.iter().zip(&self.result.judgement.outcomes);
            let others = both.filter(|(rule, outcome)| {
                rule.decides() && outcome.status() == Some(status) && !named.contains(&rule.name.as_str())
            });
            others.map(|(rule, _)| format!("`{}`", rule.name)).collect::<Vec<_>>().join(", ")
        };
        let (violated, open) = (other(Status::Violated), other(Status::Undetermined));
        match (violated.is_empty(), open.is_empty()) {
            (false, _) => format!("not only: {violated} is violated too"),
            (true, false) => format!("without it the verdict would be open, by {open}"),
            (true, true) => "without it, no permit would be given".to_owned(),
        }
    }

    fn wanting_otherwise(&self, fields: &[FieldId]) -> String {
        let Wanting { values: wanting, known } = self.result.wanting();
        let name = |field: &FieldId| format!("`{}`", self.version.vocabulary.field_name(*field));
        let absent: Vec<String> = fields
            .iter()
            .filter(|field| !wanting.iter().any(|wanted| wanted.here() == Some(**field)))
            .map(name)
            .collect();
        if absent.is_empty() {
            return format!("it {}", verdict_words(self.result, Some(self)));
        }
        let absent = absent.join(", ");
        match known {
            Known::All => format!("it does not turn on {absent}"),
            Known::Some | Known::ByRule => {
                format!("it was not found that it turns on {absent}, and the search was cut")
            }
        }
    }

    fn what_is_owed(&self) -> String {
        let owed = |duty: &&DutyJudgement| {
            duty.links.iter().any(|link| link.status.is_owed() || link.status == DutyStatus::Undetermined)
        };
        let duties = self.result.judgement.duties.iter().filter(owed);
        duties
            .map(|duty| format!("`{}` is {}", self.name(duty.rule), self.duty_words(duty.rule)))
            .collect::<Vec<_>>()
            .join("; ")
    }

    fn duty_words(&self, id: RuleId) -> String {
        match self.result.judgement.duty(id) {
            Some(duty) => {
                let words: Vec<String> = told(duty).map(|link| link.status.word().replace('_', " ")).collect();
                words.join(", and what is owed otherwise is ")
            }
            None => "not owed, since the episode is not covered".to_owned(),
        }
    }

    /// Says what became of a duty, and by when it was due.
    fn due_words(&self, id: RuleId) -> String {
        let Some(duty) = self.result.judgement.duty(id) else { return self.duty_words(id) };
        let identities = self.speaker.shower.identities;
        let by = |link: &LinkJudgement| due_by(link, self.version, identities);
        let one = |link: &LinkJudgement| {
            let by = by(link).map(|by| format!(", due by {by}")).unwrap_or_default();
            format!("{}{by}", link.status.word().replace('_', " "))
        };
        let words = told(duty).map(one).collect::<Vec<_>>().join(", and what is owed otherwise is ");
        let as_of = self.as_of.filter(|_| told(duty).any(|link| by(link).is_some()));
        let as_of =
            as_of.map(|at| format!(", as of {}", deadline_words((at, at), false, &self.version.zone, identities)));
        format!("{words}{}", as_of.unwrap_or_default())
    }

    fn status_words(&self, id: RuleId) -> String {
        match self.result.judgement.outcomes.get(id.0 as usize) {
            Some(outcome) => outcome_words(*outcome),
            None => "says nothing, since the episode is not covered".to_owned(),
        }
    }

    fn status_and_why(&self, rule: &Rule, citation: &Citation) -> String {
        let status = citation.outcome.map(outcome_words).unwrap_or_default();
        let why = self.speaker.why(rule, citation);
        let duty = rule.duty.as_ref().and(citation.rule).map(|id| format!("is {}", self.duty_words(id)));
        let status = duty.unwrap_or(status);
        if why.is_empty() || rule.duty.is_some() {
            return format!("`{}` {status}", rule.name);
        }
        format!("`{}` {status}: {why}", rule.name)
    }

    /// Gives the rules that a claim is about, and those on which the verdict rests.
    fn involved(&self, claim: &ClaimKind) -> Vec<(&'a Rule, &'a Citation)> {
        let claimed = claim.rules();
        let about_duties = matches!(
            claim,
            ClaimKind::Owes(_)
                | ClaimKind::OverdueWith(_)
                | ClaimKind::NotYetOverdueWith(_)
                | ClaimKind::OwesNothing
                | ClaimKind::ExcusedFrom(_)
        );
        let mut involved = Vec::new();
        let mut others = 0;
        for citation in &self.result.citations {
            let Some(id) = citation.rule else { continue };
            let Some(rule) = self.rule(id) else { continue };
            // Where rules are claimed to speak against it, the ground on which it is permitted tells nothing.
            let told = rule.is_permit() && self.result.judgement.because == Because::Permitted && !claimed.is_empty();
            let decides = !about_duties && !told && self.rests_on(rule, citation);
            if claimed.contains(&id) {
                involved.push((rule, citation));
            } else if decides && others < MOST_OTHERS {
                others += 1;
                involved.push((rule, citation));
            }
        }
        involved
    }

    fn rests_on(&self, rule: &Rule, citation: &Citation) -> bool {
        match (self.result.judgement.because, citation.outcome) {
            (Because::Violations, Some(outcome)) => rule.decides() && outcome.status() == Some(Status::Violated),
            (Because::ByDefault, Some(outcome)) => outcome.ground().is_some(),
            (Because::Permitted, Some(outcome)) => outcome.ground() == Some(Truth::True),
            (Because::Undetermined, Some(outcome)) => {
                outcome.ground() == Some(Truth::Unknown)
                    || (rule.decides() && outcome.status() == Some(Status::Undetermined))
            }
            _ => false,
        }
    }
}

/// Gives the first link of a duty, and those after it that are owed.
fn told(duty: &DutyJudgement) -> impl Iterator<Item = &LinkJudgement> {
    let later = duty.links.iter().skip(1).filter(|link| link.status != DutyStatus::NotOwed);
    duty.links.first().into_iter().chain(later)
}

fn outcome_words(outcome: Outcome) -> String {
    let (words, by_silence) = match outcome {
        Outcome::Ground(Truth::True) => ("gives a ground", false),
        Outcome::Ground(Truth::False) => ("gives no ground", false),
        Outcome::Ground(Truth::Unknown) => ("is open", false),
        Outcome::Duty(_) => ("is a duty", false),
        Outcome::Requirement { status, by_silence } => {
            let words = match status {
                Status::Violated => "is violated",
                Status::NotApplicable => "does not apply",
                Status::Satisfied => "is satisfied",
                Status::Undetermined => "is undetermined",
                Status::Excused(Need::Needed) => "is excused",
                Status::Excused(Need::NotNeeded) => "is excused, and satisfied all the same",
                Status::Excused(Need::PerhapsNeeded) => "is excused, whether needed or not",
            };
            (words, by_silence)
        }
    };
    format!("{words}{}", if by_silence { " by silence" } else { "" })
}

/// Words that the examples of a version reach too little.
pub fn too_little_covered(tried: &VersionTried<'_>, least: usize) -> Diagnostic {
    let (reached, all) = tried.coverage.reached();
    let message = format!(
        "the examples of policy `{}` reach {} %, and {least} % is asked for",
        tried.version.policy,
        percent(reached, all)
    );
    Diagnostic::new(codes::TOO_LITTLE_COVERED, message, tried.version.origin, format!("{reached} of {all}"))
        .with_help("add examples for what is not reached; the list stands below")
}

/// Words the rules that no example breaks.
pub fn untested(version: &Version, coverage: &Coverage) -> Vec<Diagnostic> {
    let rules = coverage.untested.iter().filter_map(|id| version.rules.get(id.0 as usize));
    rules.map(untested_rule).collect()
}

fn untested_rule(rule: &Rule) -> Diagnostic {
    let name = &rule.name;
    let (message, claim) = match (&rule.duty, rule.decides()) {
        (Some(_), _) => (format!("no example owes anything by `{name}`"), format!("owes {name}")),
        (None, true) => (format!("no example breaks `{name}`"), format!("is impermissible by {name} only")),
        (None, false) => (format!("no example goes against the advice of `{name}`"), "is permissible".to_owned()),
    };
    Diagnostic::new(codes::RULE_UNTESTED, message, rule.norm.origin, "nothing shows that this says what is meant")
        .with_help(format!("add an example that does, with `{claim}`, or say `untested because \"…\"` in the rule"))
}
