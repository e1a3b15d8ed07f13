//! The one judge: a policy and an episode to a [`Judgement`].
//!
//! Takes a checked policy with all its versions, and the episode as each version reads it; gives the Kleene verdict,
//! the status of every rule, what becomes of every duty, and what an undetermined verdict turns on. It cannot fail, and it
//! depends on nothing but its arguments: no clock, no order of rules or records. Reasons, with the places of the values
//! that decided, are worked out on demand by [`cite`], for what is reported.
//!
//! What history clauses need of the other records is made beforehand, in one pass over all of them: [`Gathering`], then
//! [`Past`].
//!
//! The meaning is that of semantics.md sections 2 to 8. Verdicts here are Kleene's; `prove`
//! makes them exact where a missing value cannot matter, and changes nothing here.

mod brief;
mod cite;
mod compare;
mod condition;
mod duty;
mod measured;
mod nobody;
mod past;
mod reason;
mod scope;
mod status;
mod table;
mod truth;
mod view;
mod wanting;

pub use brief::{BriefJudge, BriefJudgement};
pub use cite::{Citation, Clause, cite};
pub use condition::{Evaluation, LookingBack};
pub use duty::{Chain, DutyJudgement, DutyStatus, LinkJudgement, acts_too_early};
pub use measured::{Bound, Exact, Measured, Ratio};
pub use nobody::clear_only_without;
pub use past::{Gathering, Itself, Looked, OfRecord, Past, Seen};
pub use reason::{Leaf, reasons};
pub use scope::{InForceness, candidates};
pub(crate) use status::outcome;
pub use status::{Need, Outcome, Status};
pub use truth::Truth;
pub use wanting::Wanted;

use crate::episode::Episode;
use jiff::Timestamp;

use crate::policy::{DefaultNorm, HistoryId, Policy, Rule, RuleId, Version};

/// What a policy says of an episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The policy is not in force at that time, or does not apply.
    NotCovered,
    /// A ground is given, and nothing speaks against it.
    Permissible,
    /// What is missing decides.
    Undetermined,
    /// A rule is broken, or no rule permits it.
    Impermissible,
}

impl Verdict {
    /// Every verdict, the strictest first.
    pub const ALL: [Self; 4] = [Self::Impermissible, Self::Undetermined, Self::Permissible, Self::NotCovered];

    /// Gives the word of machine output.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotCovered => "not_covered",
            Self::Permissible => "permissible",
            Self::Undetermined => "undetermined",
            Self::Impermissible => "impermissible",
        }
    }

    /// Gives the words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotCovered => "not covered",
            other => other.word(),
        }
    }
}

/// Why the verdict is what it is: what a report cites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// The policy is not in force at that time.
    NotInForce,
    /// `applies when` is false.
    DoesNotApply,
    /// It is open in which version the episode falls, if in any.
    TimeOpen,
    /// It is open whether the policy applies.
    ScopeOpen,
    /// Rules are broken.
    Violations,
    /// No permit can hold, and nothing is permitted by default.
    ByDefault,
    /// Rules, or the permits that could still hold, are undetermined.
    Undetermined,
    /// A permit is given, or everything is permitted by default.
    Permitted,
}

/// What one policy says of one episode.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// What it rests on.
    pub because: Because,
    /// The version in force, as an index into the policy's versions; none if there is none, or it is open which.
    pub version: Option<usize>,
    /// What each rule of that version says, in their order; empty where the episode is not covered or the version open.
    pub outcomes: Vec<Outcome>,
    /// What becomes of each duty, in the order of the rules; empty where the outcomes are.
    pub duties: Vec<DutyJudgement>,
    /// What an undetermined verdict turns on, found rule by rule: fields of the episode in the order of the vocabulary (of the
    /// first version, where it is open which one is in force), then earlier ones. Not each of them can settle the verdict:
    /// which can, `prove` finds out.
    pub wanting: Vec<Wanted>,
}

impl Judgement {
    /// Gives the status of a rule with a requirement; none for any other, or where nothing is said of the rules.
    pub fn status(&self, rule: RuleId) -> Option<Status> {
        self.outcomes.get(rule.0 as usize)?.status()
    }

    /// Gives what becomes of the duty of a rule; none if it is no duty, or where nothing is said of the rules.
    pub fn duty(&self, rule: RuleId) -> Option<&DutyJudgement> {
        self.duties.iter().find(|duty| duty.rule == rule)
    }

    /// Says whether the episode fails: by its verdict, or by a duty that was missed and not made good.
    pub fn fails(&self, version: Option<&Version>) -> bool {
        let advisory = |rule: RuleId| {
            let rule = version.and_then(|version| version.rules.get(rule.0 as usize));
            rule.is_some_and(|rule| rule.severity == crate::policy::RuleSeverity::Advisory)
        };
        let failed = |duty: &DutyJudgement| duty.chain == Chain::Failed && !advisory(duty.rule);
        self.verdict == Verdict::Impermissible || self.duties.iter().any(failed)
    }
}

/// What a judgement depends on besides the policy and the record.
#[derive(Debug, Clone, Copy)]
pub struct Standpoint<'p> {
    /// The instant as of which duties are judged.
    pub as_of: Timestamp,
    /// The past, and the number of the record in it; none where no clause looks back.
    pub past: Option<(&'p Past<'p>, u32)>,
    /// What history clauses are supposed to come to, whatever the past: of a version, by number, each clause.
    pub supposed: &'p [(usize, HistoryId, Measured)],
}

impl Standpoint<'_> {
    /// Stands at an instant, and looks at no other record.
    pub fn alone(as_of: Timestamp) -> Self {
        Self { as_of, past: None, supposed: &[] }
    }
}

impl<'p> Standpoint<'p> {
    /// Stands at an instant, with a past.
    pub fn after(as_of: Timestamp, past: Option<(&'p Past<'p>, u32)>) -> Self {
        Self { as_of, past, supposed: &[] }
    }

    /// Supposes what history clauses come to.
    #[must_use]
    pub fn supposing(self, supposed: &'p [(usize, HistoryId, Measured)]) -> Self {
        Self { supposed, ..self }
    }

    /// Gives from where a version looks back.
    pub fn looking_back(&self, version: usize) -> Option<LookingBack<'p>> {
        self.past.map(|(past, record)| LookingBack { past, version, record })
    }
}

/// Judges one episode by one policy. `readings` holds the episode as each version reads it, in the order of versions.
pub fn judge(policy: &Policy, readings: &[&Episode], standpoint: Standpoint<'_>) -> Judgement {
    match scope::in_force(policy, readings) {
        scope::InForceness::Never => decided(Verdict::NotCovered, Because::NotInForce, None),
        scope::InForceness::Open => {
            let mut judgement = decided(Verdict::Undetermined, Because::TimeOpen, None);
            judgement.wanting = scope::time_fields(policy).into_iter().map(Wanted::Here).collect();
            judgement
        }
        scope::InForceness::By(at) => match (policy.versions.get(at), readings.get(at)) {
            (Some(version), Some(episode)) => judge_by(version, at, episode, standpoint),
            _ => decided(Verdict::NotCovered, Because::NotInForce, None),
        },
    }
}

fn decided(verdict: Verdict, because: Because, version: Option<usize>) -> Judgement {
    Judgement { verdict, because, version, outcomes: Vec::new(), duties: Vec::new(), wanting: Vec::new() }
}

/// Judges by a version that is in force, or is supposed to be: its number among those of the policy.
pub fn judge_by(version: &Version, at: usize, episode: &Episode, standpoint: Standpoint<'_>) -> Judgement {
    let mut evaluation = Evaluation::looking_back(version, episode, standpoint.looking_back(at));
    for (_, history, measured) in standpoint.supposed.iter().filter(|(version, ..)| *version == at) {
        evaluation.suppose(*history, *measured);
    }
    let applies = version.applies_when.map_or(Truth::True, |condition| evaluation.truth(condition));
    if applies == Truth::False {
        return decided(Verdict::NotCovered, Because::DoesNotApply, Some(at));
    }
    let (outcomes, duties) = of_rules(version, applies, standpoint.as_of, &mut evaluation);
    let (verdict, because) = match applies {
        Truth::Unknown => (Verdict::Undetermined, Because::ScopeOpen),
        _ => verdict(version, &outcomes),
    };
    let mut judgement = Judgement { verdict, because, version: Some(at), outcomes, duties, wanting: Vec::new() };
    if verdict == Verdict::Undetermined {
        judgement.wanting = wanting::wanting(version, &judgement, &mut evaluation);
    }
    judgement
}

/// Gives what each rule says, and what becomes of each duty.
fn of_rules(
    version: &Version,
    scope: Truth,
    as_of: Timestamp,
    evaluation: &mut Evaluation<'_>,
) -> (Vec<Outcome>, Vec<DutyJudgement>) {
    let mut duties = Vec::new();
    let mut outcome = |(rule, id): (&crate::policy::Rule, u32)| match &rule.duty {
        None => status::outcome(rule, evaluation),
        Some(duty) => {
            let judged = duty::judge(RuleId(id), rule, &duty.links, scope, as_of, evaluation);
            let chain = judged.chain;
            duties.push(judged);
            Outcome::Duty(chain)
        }
    };
    let outcomes = version.rules.iter().zip(0..).map(&mut outcome).collect();
    (outcomes, duties)
}

/// Gives the verdict on an episode that is covered: the first row that fits.
fn verdict(version: &Version, outcomes: &[Outcome]) -> (Verdict, Because) {
    verdict_of(version.default, version.rules.iter().map(Rule::decides), outcomes)
}

/// Gives the verdict on an episode that is covered, of which it is known what each rule says.
pub(crate) fn verdict_by(version: &Version, outcomes: &[Outcome]) -> Verdict {
    verdict(version, outcomes).0
}

/// Gives the verdict where it is known of each rule whether it decides.
fn verdict_of(default: DefaultNorm, decides: impl Iterator<Item = bool>, outcomes: &[Outcome]) -> (Verdict, Because) {
    let (mut violated, mut undetermined) = (false, false);
    for (decides, outcome) in decides.zip(outcomes) {
        let status = outcome.status().filter(|_| decides);
        violated |= status == Some(Status::Violated);
        undetermined |= status == Some(Status::Undetermined);
    }
    let ground = ground(default, outcomes);
    if violated {
        (Verdict::Impermissible, Because::Violations)
    } else if ground == Truth::False {
        (Verdict::Impermissible, Because::ByDefault)
    } else if undetermined || ground == Truth::Unknown {
        (Verdict::Undetermined, Because::Undetermined)
    } else {
        (Verdict::Permissible, Because::Permitted)
    }
}

/// Gives whether failure is allowed at all: by default, or by some permit.
fn ground(default: DefaultNorm, outcomes: &[Outcome]) -> Truth {
    match default {
        DefaultNorm::Permit => Truth::True,
        DefaultNorm::Forbid => Truth::any(outcomes.iter().filter_map(Outcome::ground)),
    }
}
