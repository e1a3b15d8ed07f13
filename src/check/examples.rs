//! Pass 8: cases and examples, each beside the version that judges it.
//!
//! A case becomes the episode that a log would give if it said the same: what it does not state is missing. Only its id
//! and its time are made up, as semantics.md, section 9, says.

pub(super) mod case;
mod claim;
mod problem;
pub(super) mod time;
mod value;

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::policy::time::{days, parse_date};
use crate::policy::{Conditions, Role, RuleId, Version};
use crate::source::Span;
use crate::syntax::BareValues;
use crate::syntax::ast::{
    self, CaseDeclaration, ClauseKind, ExampleDeclaration, RuleDeclaration, SettingKind, Subject as Written, ValueKind,
    Word,
};

use super::condition::{CalendarNamed, Conditioner};
use super::example::{Example, LogExample, Situation, Stating, Subject};
use super::group::{Loose, PolicyGroup};
use super::names::Declared;
use super::vocabulary::Unread;

use case::Cases;

/// A version with what it was made of.
pub(super) struct Beside<'d, 'g> {
    pub(super) group: &'g PolicyGroup<'d>,
    pub(super) version: Version,
    pub(super) unread: Unread,
}

/// Gives why no example breaks a rule, where the rule says so: by the place of its name.
pub(super) fn untested(rules: &[&RuleDeclaration]) -> impl Iterator<Item = (Span, String)> {
    let because = |rule: &&RuleDeclaration| {
        let reason = rule.clauses.iter().find_map(|clause| match &clause.kind {
            ClauseKind::Untested(text) => Some(text.text.clone()),
            _ => None,
        });
        Some((rule.name.as_ref()?.span, reason?))
    };
    rules.iter().filter_map(because)
}

/// Makes the examples of all versions; with how the settings of all cases were read.
pub(super) fn make(
    versions: &[Beside<'_, '_>],
    loose: &[Loose<'_>],
    problems: &mut Vec<Diagnostic>,
) -> (Vec<Example>, BareValues) {
    let mut of_policies: Vec<Vec<&Loose<'_>>> = versions.iter().map(|_| Vec::new()).collect();
    for file in loose {
        match problem::policy_of(file, versions) {
            Ok(name) => {
                for (beside, of_policy) in versions.iter().zip(&mut of_policies) {
                    if beside.version.policy == name {
                        of_policy.push(file);
                    }
                }
            }
            Err(found) => problems.extend(found),
        }
    }
    let mut made = Vec::new();
    let mut bare = BareValues::new();
    for (beside, loose) in versions.iter().zip(&of_policies) {
        made.extend(of_version(beside, loose, versions, (problems, &mut bare)));
    }
    (made, bare)
}

fn of_version(
    beside: &Beside<'_, '_>,
    loose: &[&Loose<'_>],
    versions: &[Beside<'_, '_>],
    (problems, bare): (&mut Vec<Diagnostic>, &mut BareValues),
) -> Vec<Example> {
    let all = beside.group.cases.iter().chain(loose.iter().flat_map(|file| &file.cases));
    let all: Vec<&CaseDeclaration> = all.copied().collect();
    let from_files = loose.iter().flat_map(|file| &file.examples).copied();
    let chosen: Vec<_> = from_files.filter(|example| chooses(example, &all, beside, versions)).collect();
    // A version that judges nothing in a file of its own need not know the words of its cases.
    let alone = chosen.is_empty() && !is_latest(beside, versions);
    let declared = if alone { &beside.group.cases } else { &all };
    let mut maker = Maker::new(beside, problems, bare);
    let cases = maker.cases(declared);
    let mut titles = Declared::default();
    let mut examples = Vec::new();
    for example in beside.group.examples.iter().copied().chain(chosen) {
        if let Some(title) = &example.title {
            let word = Word { text: title.text.clone(), span: title.span };
            titles.is_new("examples", &word, maker.conditioner.problems);
        }
        examples.extend(maker.example(example, &cases));
    }
    examples
}

fn is_latest(beside: &Beside<'_, '_>, versions: &[Beside<'_, '_>]) -> bool {
    let begins = |version: &Version| version.in_force.map(|in_force| in_force.from);
    let of_policy = versions.iter().filter(|other| other.version.policy == beside.version.policy);
    let latest = of_policy.max_by_key(|other| begins(&other.version));
    latest.is_some_and(|latest| std::ptr::eq(latest, beside))
}

/// Says whether an example in a file of its own is judged by a version: the one whose period contains the time that it
/// states, else the latest.
fn chooses(
    example: &ExampleDeclaration,
    cases: &[&CaseDeclaration],
    beside: &Beside<'_, '_>,
    versions: &[Beside<'_, '_>],
) -> bool {
    let contains = |version: &Version| {
        let day = stated_day(example, cases, version)?;
        version.in_force.map(|in_force| in_force.contains(day))
    };
    let of_policy = versions.iter().filter(|other| other.version.policy == beside.version.policy);
    if of_policy.clone().any(|other| contains(&other.version) == Some(true)) {
        return contains(&beside.version) == Some(true);
    }
    is_latest(beside, versions)
}

/// Finds the day that an example states for its own time, in its settings or those of its case.
fn stated_day(
    example: &ExampleDeclaration,
    cases: &[&CaseDeclaration],
    version: &Version,
) -> Option<jiff::civil::Date> {
    let Written::Case { case, with, .. } = &example.subject else { return None };
    let field = version.vocabulary.role(Role::Time)?;
    let name = version.vocabulary.field_name(field);
    let in_settings = |settings: &[ast::Setting]| {
        let setting = settings.iter().find(|setting| setting.field.text == name)?;
        match &setting.kind {
            SettingKind::Values(values) => match values.first().map(|value| &value.kind) {
                Some(ValueKind::Date(text)) => text.get(..10).and_then(|day| parse_date(day).ok()),
                _ => None,
            },
            _ => None,
        }
    };
    let mut day = in_settings(with);
    let mut next = case.as_ref();
    for _ in 0..cases.len() {
        let Some(found) =
            cases.iter().find(|known| known.name.as_ref().zip(next).is_some_and(|(a, b)| a.text == b.text))
        else {
            break;
        };
        day = day.or_else(|| in_settings(&found.settings));
        next = found.like.as_ref();
    }
    day
}

/// Makes the cases and examples of one version.
pub(super) struct Maker<'m> {
    pub(super) version: &'m Version,
    pub(super) conditioner: Conditioner<'m>,
    /// Rules that are declared; those among them that have an error are not in the version.
    declared: &'m [&'m RuleDeclaration],
    whole: bool,
    /// How the settings were read, by this version and those before.
    bare: &'m mut BareValues,
}

impl<'m> Maker<'m> {
    fn new(beside: &'m Beside<'m, 'm>, problems: &'m mut Vec<Diagnostic>, bare: &'m mut BareValues) -> Self {
        let version = &beside.version;
        let conditioner = Conditioner {
            vocabulary: &version.vocabulary,
            unread: &beside.unread,
            zone: version.zone.clone(),
            calendar: CalendarNamed::No,
            conditions: Conditions::new(),
            definitions: BTreeMap::new(),
            tables: BTreeMap::new(),
            used_tables: std::collections::BTreeSet::new(),
            used: std::collections::BTreeSet::new(),
            problems,
        };
        Self { version, conditioner, declared: &beside.group.rules, whole: beside.group.whole, bare }
    }

    fn example(&mut self, written: &ExampleDeclaration, cases: &Cases) -> Option<Example> {
        let subject = match &written.subject {
            Written::Case { claims, .. } => {
                let situation = self.situation(written, cases);
                let claims = self.claims(claims, written);
                Subject::Case(Box::new(situation?), claims?)
            }
            Written::Log { file, as_of, records } => self.log(written, file, as_of, records)?,
        };
        if written.broken {
            return None;
        }
        let title = written.title.as_ref()?.text.clone();
        let version = (self.version.policy.clone(), self.version.origin);
        Some(Example { title, origin: written.span, version, subject })
    }

    fn log(
        &mut self,
        written: &ExampleDeclaration,
        file: &ast::Text,
        as_of: &[Word],
        records: &[ast::LogClaims],
    ) -> Option<Subject> {
        let mut good = true;
        let mut end = None;
        for (at, day) in as_of.iter().enumerate() {
            let parsed = day.text.get(..10).and_then(|day| parse_date(day).ok());
            let parsed =
                parsed.filter(|_| day.text.len() == 10).and_then(|day| days(day, day, &self.version.zone).ok());
            if parsed.is_none() || at > 0 {
                good = false;
                let problem = if at > 0 { problem::as_of_twice(day.span) } else { problem::no_such_day(day) };
                self.conditioner.problems.push(problem);
            }
            end = end.or(parsed.map(|day| day.latest));
        }
        if records.is_empty() && !written.broken {
            self.conditioner.problems.push(problem::without_records(written.span));
        }
        let mut made = Vec::new();
        for record in records {
            match self.claims(&record.claims, written) {
                Some(claims) => made.push((record.record.text.clone(), record.record.span, claims)),
                None => good = false,
            }
        }
        let example = LogExample { file: file.text.clone(), file_origin: file.span, as_of: end, records: made };
        good.then_some(Subject::Log(example))
    }

    fn situation(&mut self, written: &ExampleDeclaration, cases: &Cases) -> Option<Situation> {
        let Written::Case { case, with, without, following, as_of, .. } = &written.subject else { return None };
        let Some(case) = case else {
            if !written.broken {
                self.conditioner.problems.push(problem::without_case(written.span, cases.names()));
            }
            return None;
        };
        let settings = self.find_case(case, cases);
        let changes = self.changes(with, without);
        let mut earlier = Some(Vec::new());
        for one in following {
            let found = self.find_case(&one.case, cases);
            let length = self.conditioner.length(&one.distance);
            earlier = earlier.zip(found.zip(length)).map(|(mut all, (settings, length))| {
                all.push((one, settings, length));
                all
            });
        }
        let mut later = Some(None);
        for (at, length) in as_of.iter().enumerate() {
            if at > 0 {
                self.conditioner.problems.push(problem::as_of_twice(length.span));
            }
            later = self.conditioner.length(length).map(Some);
        }
        let changes = changes?;
        let base = settings?;
        let mut settings = base.clone();
        changes.apply(&mut settings);
        let title = written.title.as_ref().map(|title| title.text.clone()).unwrap_or_default();
        let with = changes.with.iter().map(|(field, text, _, _)| (*field, text.clone())).collect();
        let stated = Stating { case: case.text.clone(), base, settings, title, origin: written.span };
        let earlier = earlier?.into_iter().map(|(written, settings, distance)| time::Before {
            case: written.case.text.clone(),
            settings,
            distance,
            origin: written.span,
        });
        let made = time::situation(self.version, stated, (with, changes.without), &earlier.collect::<Vec<_>>(), later?);
        if made.is_none() {
            self.conditioner.problems.push(problem::beyond_the_calendar(written.span));
        }
        made
    }

    /// Finds a rule by name; what is not there is reported, unless it has an error of its own.
    fn rule(&mut self, name: &Word, origin: Span) -> Option<RuleId> {
        let at = self.version.rules.iter().position(|rule| rule.name == name.text);
        if let Some(id) = at.and_then(|at| u32::try_from(at).ok()) {
            return Some(RuleId(id));
        }
        let declared = self.declared.iter().any(|rule| rule.name.as_ref().is_some_and(|known| known.text == name.text));
        if !declared && (self.whole || !self.conditioner.unread.names.contains(&name.text)) {
            let problem = problem::unknown_rule(name, self.version, origin);
            self.conditioner.problems.push(problem);
        }
        None
    }
}
