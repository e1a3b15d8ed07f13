//! From a judged record to problems with places: what is broken, what is left open, and what gives no ground.

use crate::audit::{Judged, PolicyResult};
use crate::diagnostic::{Code, Diagnostic, Label, codes, printable};
use crate::judge::{Because, Citation, Leaf, Outcome, Status, Truth, Verdict};
use crate::policy::{FieldId, NormKind, Rule, RuleSeverity, Value, Version};
use crate::source::{Sources, Span};

use super::duties;
use super::exact;
use super::identities::Identities;
use super::otherwise::{ByEveryPolicy, Otherwise};
use super::shown::{Held, Shower};
use super::wording::{Speaker, each_once};

/// Gives the problems of a record, the gravest of each policy first, and those of its data last.
pub fn diagnose(judged: &Judged<'_>, sources: &Sources, identities: &Identities) -> Vec<Diagnostic> {
    tell(judged, sources, identities).into_iter().map(|told| told.problem).collect()
}

/// A problem of a record, and what it is about.
pub(super) struct Told<'a> {
    /// What the policy says of the record; none where its data do not fit.
    pub(super) result: Option<&'a PolicyResult<'a>>,
    /// The rule that is broken or open, where it is one.
    pub(super) rule: Option<&'a Rule>,
    pub(super) problem: Diagnostic,
}

/// Gives the problems of a record as [`diagnose`] does, each with what it is about.
pub(super) fn tell<'a>(judged: &'a Judged<'_>, sources: &Sources, identities: &Identities) -> Vec<Told<'a>> {
    let subject = record_name(judged, sources, identities);
    let mut told = Vec::new();
    for result in &judged.results {
        let of_policy = of_policy(&subject, (judged, result), identities).into_iter();
        told.extend(of_policy.map(|problem| Told { result: Some(result), rule: rule_of(result, &problem), problem }));
    }
    let findings = judged.findings.iter().map(|finding| identities.worded(finding));
    told.extend(findings.map(|problem| Told { result: None, rule: None, problem }));
    told
}

/// Finds the rule at whose clause a problem points first.
fn rule_of<'a>(result: &'a PolicyResult<'_>, problem: &Diagnostic) -> Option<&'a Rule> {
    let is_of_one_rule = problem.code != codes::BY_DEFAULT && problem.code != codes::GROUND_UNDETERMINED;
    let at = problem.span().filter(|_| is_of_one_rule)?;
    let links = |rule: &Rule| rule.duty.iter().flat_map(|duty| &duty.links).any(|link| link.origin == at);
    result.version?.rules.iter().find(|rule| rule.norm.origin == at || links(rule))
}

/// Counts what [`diagnose`] would give, without wording it.
pub(super) fn count(judged: &Judged<'_>) -> usize {
    let of_policy = |result: &PolicyResult<'_>| {
        let statuses = result.judgement.outcomes.iter().filter_map(Outcome::status);
        let rules = statuses.filter(|status| matches!(status, Status::Violated | Status::Undetermined)).count();
        let duties = result.judgement.duties.iter().filter(|duty| duties::is_told(duty)).count();
        let rules = rules + duties;
        match result.judgement.because {
            Because::ScopeOpen => 1 + duties,
            Because::TimeOpen | Because::NotInForce => 1,
            Because::ByDefault => rules + 1,
            Because::Undetermined => {
                rules + usize::from(result.version.is_some_and(|version| ground_is_open(version, result)))
            }
            Because::DoesNotApply | Because::Violations | Because::Permitted => rules,
        }
    };
    judged.findings.len()
        + judged.results.iter().map(|result| of_policy(result) + added(result) - left(result)).sum::<usize>()
}

/// Says whether it is open that anything permits the episode.
fn ground_is_open(version: &Version, result: &PolicyResult<'_>) -> bool {
    let grounds = result.judgement.outcomes.iter().filter_map(Outcome::ground);
    version.default == crate::policy::DefaultNorm::Forbid && grounds.max() == Some(Truth::Unknown)
}

/// Names a record: by its id, or by its place.
pub fn record_name(judged: &Judged<'_>, sources: &Sources, identities: &Identities) -> String {
    match &judged.id {
        Some(id) => identities.episode(id),
        None => place_name(judged.place, sources),
    }
}

/// Names a record by its place: its line, or its cell in a spreadsheet.
pub(super) fn place_name(place: Span, sources: &Sources) -> String {
    let name = printable(sources.name(place.source), usize::MAX);
    match sources.cell(place) {
        Some(cell) => format!("the record at {name}, {cell}"),
        None => format!("the record at {name}:{}", sources.line_column(place).line),
    }
}

fn of_policy(
    subject: &str,
    (judged, result): (&Judged<'_>, &PolicyResult<'_>),
    identities: &Identities,
) -> Vec<Diagnostic> {
    match (result.judgement.because, result.version) {
        (Because::TimeOpen, _) => time_open(subject, result, identities).into_iter().collect(),
        (Because::NotInForce, _) => not_in_force(subject, result, identities).into_iter().collect(),
        (_, Some(version)) => {
            let problems = of_version(subject, (judged, result), version, identities);
            if exact::differs(result) {
                // What is left open rule by rule does not leave the episode open.
                let left_open = |problem: &Diagnostic| {
                    let codes = [codes::RULE_UNDETERMINED, codes::GROUND_UNDETERMINED, codes::SCOPE_UNDETERMINED];
                    codes.contains(&problem.code)
                };
                let (open, mut others): (Vec<_>, Vec<_>) = problems.into_iter().partition(left_open);
                if is_decided(result) {
                    others.insert(0, whatever(subject, result, version, open));
                }
                return others;
            }
            problems
        }
        _ => Vec::new(),
    }
}

/// Counts what is told of a verdict that is decided whatever the value, although rule by rule it is left open.
fn added(result: &PolicyResult<'_>) -> usize {
    usize::from(is_decided(result))
}

/// Counts what is then not told.
fn left(result: &PolicyResult<'_>) -> usize {
    let Some(version) = result.version.filter(|_| exact::differs(result)) else { return 0 };
    if result.judgement.because == Because::ScopeOpen {
        return 1;
    }
    let both = version.rules.iter().zip(&result.judgement.outcomes);
    let open = both.filter(|(rule, outcome)| {
        rule.severity != RuleSeverity::Advisory && outcome.status() == Some(Status::Undetermined)
    });
    open.count() + usize::from(ground_is_open(version, result))
}

/// Says whether the episode is impermissible whatever the value of what is missing.
fn is_decided(result: &PolicyResult<'_>) -> bool {
    exact::differs(result) && result.verdict() == Verdict::Impermissible && result.version.is_some()
}

/// Says that the episode is impermissible whatever the value, and which rules decide it jointly.
fn whatever(subject: &str, result: &PolicyResult<'_>, version: &Version, open: Vec<Diagnostic>) -> Diagnostic {
    let words = exact::whatever(result).unwrap_or_default();
    let message = format!("{subject} is {words}");
    let mut problem = Diagnostic::without_place(codes::WHATEVER_THE_VALUE, message);
    for rule in result.exact.iter().flat_map(|exact| &exact.rules) {
        if let Some(rule) = version.rules.get(rule.0 as usize) {
            problem = problem.with_label(
                rule.norm.origin,
                match result.exact.as_ref().map(|exact| exact.rules.len()) {
                    Some(1) => "broken whatever the value",
                    _ => "this is broken for some values, another rule for the others",
                },
            );
        }
    }
    for label in open.into_iter().flat_map(|problem| problem.labels) {
        if !problem.labels.iter().any(|known| known.span == label.span) {
            problem.labels.push(label);
        }
    }
    if problem.labels.is_empty() {
        problem = problem.with_label(version.origin, "no value gives a permit");
    }
    problem.with_help("write down what is missing, to know which rule it is; no value changes the verdict")
}

fn of_version(
    subject: &str,
    (judged, result): (&Judged<'_>, &PolicyResult<'_>),
    version: &Version,
    identities: &Identities,
) -> Vec<Diagnostic> {
    let about = About { subject, judged, result, version, speaker: Speaker::new(result, version, identities) };
    match result.judgement.because {
        Because::ScopeOpen => about.scope_open().into_iter().chain(about.of_duties()).collect(),
        Because::DoesNotApply => Vec::new(),
        because => {
            let mut problems = about.of_rules();
            problems.extend(about.of_duties());
            match because {
                Because::ByDefault => problems.insert(0, about.no_ground(codes::BY_DEFAULT)),
                Because::Undetermined if ground_is_open(version, result) => {
                    problems.insert(0, about.no_ground(codes::GROUND_UNDETERMINED))
                }
                _ => {}
            }
            problems
        }
    }
}

fn time_open(subject: &str, result: &PolicyResult<'_>, identities: &Identities) -> Option<Diagnostic> {
    let version = result.policy.versions.first()?;
    let time = result.judgement.wanting.iter().find_map(|wanted| wanted.here())?;
    let field = version.vocabulary.field(time)?;
    let held = Shower { version, identities }.held(&result.episode, time);
    let (why, value) = match held {
        Held::Missing => ("is not documented", "(nothing)".to_owned()),
        Held::Unfit => ("cannot be read", "(unreadable)".to_owned()),
        Held::Value(value) | Held::Text(value) | Held::Partial(value) => ("is not known exactly enough", value),
    };
    let (name, policy) = (&field.name, &result.policy.name);
    let message = format!(
        "{subject} is undetermined: `{name}` {why}, so it is open which version of policy `{policy}` was in force, if any"
    );
    let mut problem = Diagnostic::without_place(codes::TIME_OPEN, message);
    let place = result.episode.place(time).unwrap_or(record_start(result.episode.record));
    problem.labels.push(Label::in_log(
        place,
        "perhaps one version, perhaps another or none",
        format!("{}: {value}", field.path),
    ));
    for version in &result.policy.versions {
        if let Some(in_force) = &version.in_force {
            problem = problem.with_label(in_force.origin, "may be in force, or may not");
        }
    }
    Some(problem.with_help(format!("document `{}` to the day at least", field.name)))
}

fn not_in_force(subject: &str, result: &PolicyResult<'_>, identities: &Identities) -> Option<Diagnostic> {
    let version = result.policy.versions.first()?;
    let time = version.vocabulary.role(crate::policy::Role::Time)?;
    let shower = Shower { version, identities };
    let (Held::Value(when) | Held::Partial(when)) = shower.held(&result.episode, time) else { return None };
    let message = format!("{subject} is not covered: no version of policy `{}` was in force then", result.policy.name);
    let shown = format!("{}: {when}", version.vocabulary.field(time)?.path);
    let label = Label::in_log(result.episode.place(time)?, "no version was in force", shown);
    let problem = Diagnostic { labels: vec![label], ..Diagnostic::without_place(codes::NOT_IN_FORCE, message) };
    Some(problem.with_help("give the version of that time on the command line, if there is one"))
}

/// One episode under the version that judges it.
struct About<'a> {
    subject: &'a str,
    judged: &'a Judged<'a>,
    result: &'a PolicyResult<'a>,
    version: &'a Version,
    speaker: Speaker<'a>,
}

impl About<'_> {
    fn of_duties(&self) -> Vec<Diagnostic> {
        let told = self.result.judgement.duties.iter().filter(|duty| duties::is_told(duty));
        told.filter_map(|duty| duties::problem(self.subject, self.result, self.version, duty, &self.speaker)).collect()
    }

    fn of_rules(&self) -> Vec<Diagnostic> {
        let mut found: Vec<(RuleSeverity, Diagnostic)> = Vec::new();
        for citation in &self.result.citations {
            let Some(rule) = citation.rule.and_then(|id| self.version.rules.get(id.0 as usize)) else { continue };
            if let Some(Outcome::Requirement {
                status: status @ (Status::Violated | Status::Undetermined),
                by_silence,
            }) = citation.outcome
            {
                found.push((rule.severity, self.of_rule(rule, citation, status, by_silence)));
            }
        }
        found.sort_by_key(|(severity, problem)| (problem.severity(), std::cmp::Reverse(*severity)));
        let mut problems: Vec<Diagnostic> = found.into_iter().map(|(_, problem)| problem).collect();
        if let Some(gravest) = problems.first_mut() {
            let helps = gravest.help.take().into_iter().chain(self.otherwise());
            gravest.help = helps.reduce(|known, help| format!("{known}; {help}"));
        }
        problems
    }

    /// Says what would have made the verdict another.
    fn otherwise(&self) -> impl Iterator<Item = String> + use<> {
        let identities = self.speaker.shower.identities;
        let (repairs, by) = match ByEveryPolicy::of(self.judged, identities) {
            None => (Otherwise::new(self.result, self.version, identities).repairs(), ""),
            Some(together) if self.result.verdict() == Verdict::Impermissible => {
                (together.repairs(), " by every policy")
            }
            Some(_) => (Vec::new(), ""),
        };
        let repair =
            repairs.into_iter().next().map(|repair| format!("it would have been permissible{by} with {repair}"));
        let settled = exact::settled_by(self.result, self.speaker.shower.identities)
            .map(|words| format!("the verdict would be settled by {words}"));
        repair.into_iter().chain(settled)
    }

    fn of_rule(&self, rule: &Rule, citation: &Citation, status: Status, by_silence: bool) -> Diagnostic {
        let why = self.speaker.why(rule, citation);
        let (code, message) = self.rule_message(rule, status, by_silence, &why);
        let mut problem = Diagnostic::without_place(code, message);
        let leaves = deciding_leaves(citation, status, by_silence);
        let demands = if by_silence { "silence counts against it".to_owned() } else { demand_words(rule, status) };
        problem = problem.with_label(rule.norm.origin, demands);
        for (row, says) in self.rows_of(leaves.iter().copied()) {
            problem = problem.with_label(row, says);
        }
        let speaker = self.speaker.about(citation);
        let looked = leaves.iter().filter_map(|leaf| speaker.looked_at(leaf));
        let labels: Vec<Label> = looked
            .flat_map(|(_, looked, _, _)| {
                self.speaker.backward.map(|backward| backward.labels(looked)).unwrap_or_default()
            })
            .collect();
        for (field, leaf) in self.fields_of(leaves) {
            problem.labels.extend(self.label(field, Some(leaf)));
        }
        problem.labels.extend(labels);
        problem.with_help_if(self.help_for(citation, status, by_silence).or_else(|| rule.remedy.clone()))
    }

    fn rule_message(&self, rule: &Rule, status: Status, by_silence: bool, why: &str) -> (Code, String) {
        let (subject, name) = (self.subject, &rule.name);
        let advisory = rule.severity == RuleSeverity::Advisory;
        match (status, by_silence, advisory) {
            (Status::Violated, false, false) => {
                (codes::RULE_VIOLATED, format!("{subject} is impermissible by `{name}`: {why}"))
            }
            (Status::Violated, true, false) => (
                codes::RULE_VIOLATED,
                format!("{subject} is impermissible by `{name}`, for which silence counts as a violation: {why}"),
            ),
            (Status::Violated, _, true) => {
                (codes::ADVICE_NOT_FOLLOWED, format!("{subject} does not follow the advice of `{name}`: {why}"))
            }
            (_, _, false) => (codes::RULE_UNDETERMINED, format!("{subject} is left open by `{name}`: {why}")),
            (_, _, true) => {
                (codes::ADVICE_UNDETERMINED, format!("whether {subject} follows the advice of `{name}` is open: {why}"))
            }
        }
    }

    /// Says that nothing permits the episode, or that it is open whether anything does: each permit, and why.
    fn no_ground(&self, code: Code) -> Diagnostic {
        let open = code == codes::GROUND_UNDETERMINED;
        let message = if open {
            format!("{} is left open: it is not clear whether any rule permits it", self.subject)
        } else {
            format!("{} is impermissible by default: no rule permits it", self.subject)
        };
        let mut problem = Diagnostic::without_place(code, message);
        let mut fields = Vec::new();
        for (rule, citation) in self.permits() {
            let why = self.speaker.why(rule, citation);
            let verb = if citation.outcome == Some(Outcome::Ground(Truth::Unknown)) { "is open" } else { "does not" };
            problem = problem.with_label(rule.norm.origin, format!("`{}` {verb}: {why}", rule.name));
            for (row, says) in self.rows_of(ground_leaves(citation)) {
                problem = problem.with_label(row, says);
            }
            for (field, leaf) in self.fields_of(ground_leaves(citation)) {
                if !fields.contains(&field) {
                    fields.push(field);
                    problem.labels.extend(self.label(field, Some(leaf)));
                }
            }
        }
        if problem.labels.is_empty() {
            problem = problem.with_label(self.version.origin, "this policy permits nothing");
        }
        problem
    }

    fn permits(&self) -> impl Iterator<Item = (&Rule, &Citation)> {
        self.result.citations.iter().filter_map(|citation| {
            let rule = self.version.rules.get(citation.rule?.0 as usize)?;
            let missing = matches!(citation.outcome, Some(Outcome::Ground(Truth::False | Truth::Unknown)));
            (rule.is_permit() && missing).then_some((rule, citation))
        })
    }

    fn scope_open(&self) -> Option<Diagnostic> {
        let citation = self.result.citations.iter().find(|citation| citation.rule.is_none())?;
        let fields = self.fields_of(&citation.guard.leaves);
        let open: Vec<String> = each_once(fields.iter().map(|(field, _)| self.speaker.fact(*field)));
        let message =
            format!("it is open whether policy `{}` covers {}: {}", self.version.policy, self.subject, open.join(", "));
        let origin = self.version.conditions.origin(citation.guard.condition?)?;
        let mut problem =
            Diagnostic::new(codes::SCOPE_UNDETERMINED, message, origin, "covers an episode only if this holds");
        for (row, says) in self.rows_of(&citation.guard.leaves) {
            problem = problem.with_label(row, says);
        }
        for (field, leaf) in fields {
            problem.labels.extend(self.label(field, Some(leaf)));
        }
        Some(problem)
    }

    /// Gives the rows of tables by which some comparisons were decided, each once, and what to say there.
    fn rows_of<'l>(&self, leaves: impl IntoIterator<Item = &'l Leaf>) -> Vec<(Span, String)> {
        each_once(leaves.into_iter().flat_map(|leaf| self.speaker.row_labels(leaf)))
    }

    /// Gives the fields of some comparisons, each once, with the first comparison that reads it.
    fn fields_of<'l>(&self, leaves: impl IntoIterator<Item = &'l Leaf>) -> Vec<(FieldId, &'l Leaf)> {
        let mut found: Vec<(FieldId, &Leaf)> = Vec::new();
        for leaf in leaves {
            for field in self.speaker.fields(leaf) {
                if !found.iter().any(|(known, _)| *known == field) {
                    found.push((field, leaf));
                }
            }
        }
        found
    }

    /// Says what to do where a value leaves a rule open, or silence settled it.
    fn help_for(&self, citation: &Citation, status: Status, by_silence: bool) -> Option<String> {
        if status != Status::Undetermined && !by_silence {
            return None;
        }
        let fields = self.fields_of(deciding_leaves(citation, status, by_silence));
        let unfit = |field: FieldId| matches!(self.result.episode.slot(field), crate::episode::Slot::Unfit);
        let help = if fields.iter().any(|(field, _)| unfit(*field)) {
            "correct in the log what cannot be read"
        } else {
            "document what is missing, as it was known at the time"
        };
        Some(help.to_owned())
    }

    /// Labels a value in the log; where there is none, the record.
    fn label(&self, field: FieldId, leaf: Option<&Leaf>) -> Option<Label> {
        let path = &self.version.vocabulary.field(field)?.path;
        let held = self.speaker.shower.held(&self.result.episode, field);
        let (value, says) = match held {
            Held::Missing => ("(nothing)".to_owned(), "not documented".to_owned()),
            Held::Unfit => ("(unreadable)".to_owned(), "cannot be read".to_owned()),
            Held::Partial(value) => (value, "known only in part".to_owned()),
            Held::Value(value) | Held::Text(value) => {
                (value, leaf.and_then(|leaf| self.distance(field, leaf)).unwrap_or_default())
            }
        };
        let place = self.result.episode.place(field).unwrap_or(record_start(self.result.episode.record));
        Some(Label::in_log(place, says, format!("{path}: {value}")))
    }

    /// Says by how many levels a value misses what is asked of it.
    fn distance(&self, field: FieldId, leaf: &Leaf) -> Option<String> {
        use crate::policy::{Condition, Relation, TableTest, Term};
        let (left, relation, wanted) = match self.version.conditions.get(leaf.condition) {
            Condition::Compare { left, relation, right: Term::Constant(Value::Name(wanted)) } => {
                (left, relation, *wanted)
            }
            Condition::Table { test: TableTest::Bounds { left, relation }, .. } => {
                let asked = self.speaker.asked_table(leaf)?;
                let [applying] = asked.rows.as_slice() else { return None };
                (left, relation, applying.row.result?)
            }
            _ => return None,
        };
        let Some(Value::Name(is)) = self.result.episode.value(field) else { return None };
        let met = (leaf.truth == Truth::True) != leaf.negated;
        if left.field != field || met || !matches!(relation, Relation::AtLeast | Relation::AtMost) {
            return None;
        }
        let levels = is.0.abs_diff(wanted.0);
        let side = if *is < wanted { "below" } else { "above" };
        let bound = self.speaker.shower.constant(&Value::Name(wanted), field);
        let count = if levels == 1 { "one level".to_owned() } else { format!("{levels} levels") };
        Some(format!("{count} {side} `{bound}`"))
    }
}

/// Points at the beginning of a record, not at all of it.
pub(super) fn record_start(record: Span) -> Span {
    Span::new(record.source, record.start, (record.start + 1).min(record.end.max(record.start + 1)))
}

/// Gives the comparisons that a message is about.
fn deciding_leaves(citation: &Citation, status: Status, by_silence: bool) -> Vec<&Leaf> {
    let clauses = [&citation.norm, &citation.guard, &citation.unless];
    let open = status == Status::Undetermined || by_silence;
    let relevant = |clause: &&&crate::judge::Clause| !open || clause.truth == Truth::Unknown;
    clauses.iter().filter(relevant).take(if open { 3 } else { 2 }).flat_map(|clause| &clause.leaves).collect()
}

fn ground_leaves(citation: &Citation) -> Vec<&Leaf> {
    let clauses = [(&citation.guard, Truth::False), (&citation.unless, Truth::True), (&citation.norm, Truth::False)];
    let failing = clauses.iter().find(|(clause, truth)| clause.truth == *truth);
    match failing {
        Some((clause, _)) => clause.leaves.iter().collect(),
        None => clauses
            .iter()
            .filter(|(clause, _)| clause.truth == Truth::Unknown)
            .flat_map(|(clause, _)| &clause.leaves)
            .collect(),
    }
}

/// Says what the clause does: "required by `in_the_room`", "forbidden by `refusal`".
fn demand_words(rule: &Rule, status: Status) -> String {
    let verb = match rule.norm.kind {
        NormKind::Forbid | NormKind::Never => "forbidden by",
        NormKind::Limit => "limited by",
        _ if rule.severity == RuleSeverity::Advisory => "advised by",
        _ => "required by",
    };
    let perhaps = if status == Status::Undetermined { "perhaps " } else { "" };
    format!("{perhaps}{verb} `{}`", rule.name)
}
