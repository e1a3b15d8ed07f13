//! What a page counts of every record: by time, and by the fields that play a role in reports.

use std::collections::BTreeMap;

use crate::audit::{Judged, PolicyResult};
use crate::episode::{Episode, Slot};
use crate::judge::Verdict;
use crate::policy::time::When;
use crate::policy::{FieldId, FieldType, Names, Role, Value, Version};

/// Records by strictest verdict, in the order of [`Verdict::ALL`].
pub(super) type Counts = [usize; 4];

/// A level or a name, in the order of its scale or kind; or that there is none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    Named(u16, String),
    Missing,
    Unfit,
}

impl Group {
    pub(super) fn words(&self) -> String {
        match self {
            Self::Named(_, name) => name.replace('_', " "),
            Self::Missing => "(not documented)".to_owned(),
            Self::Unfit => "(cannot be read)".to_owned(),
        }
    }
}

/// Records by the groups of one field; nothing if no vocabulary has such a field.
#[derive(Debug, Default)]
pub(super) struct Grouping {
    pub(super) is_bound: bool,
    pub(super) groups: BTreeMap<Group, Counts>,
}

/// All that is counted.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// By year and month.
    pub(super) months: BTreeMap<(i16, i8), Counts>,
    /// Records of which it is not known in which month they lie.
    pub(super) undated: Counts,
    pub(super) units: Grouping,
    pub(super) kinds: Grouping,
    pub(super) outcomes: Grouping,
    /// By the fields whose scale is called `harm`.
    pub(super) harms: BTreeMap<String, BTreeMap<Group, Counts>>,
    pub(super) has_matrix: bool,
    /// By risk and supervision.
    pub(super) matrix: BTreeMap<(Group, Group), Counts>,
    pub(super) has_strategies: bool,
    /// Records by planned strategy and by what came of the rescue.
    pub(super) strategies: BTreeMap<Group, BTreeMap<Group, usize>>,
}

impl Gathered {
    pub(super) fn add(&mut self, judged: &Judged<'_>) {
        let verdict = judged.leading_verdict();
        match reading(judged, &[Role::Time]).and_then(|(version, episode)| month(version, episode)) {
            Some(month) => count(self.months.entry(month).or_default(), verdict),
            None => count(&mut self.undated, verdict),
        }
        for (role, grouping) in [
            (Role::Unit, &mut self.units),
            (Role::FailureKind, &mut self.kinds),
            (Role::RescueOutcome, &mut self.outcomes),
        ] {
            if let Some(group) = group_of_role(judged, role) {
                grouping.is_bound = true;
                count(grouping.groups.entry(group).or_default(), verdict);
            }
        }
        self.add_harms(judged, verdict);
        if let Some((version, episode)) = reading(judged, &[Role::Risk, Role::Supervision]) {
            self.has_matrix = true;
            let of = |role| version.vocabulary.role(role).map(|field| group(version, episode, field));
            if let (Some(risk), Some(supervision)) = (of(Role::Risk), of(Role::Supervision)) {
                count(self.matrix.entry((risk, supervision)).or_default(), verdict);
            }
        }
        self.add_strategies(judged);
    }

    fn add_harms(&mut self, judged: &Judged<'_>, verdict: Verdict) {
        let Some((version, episode)) = judged.results.first().and_then(version_and_episode) else { return };
        for (at, field) in version.vocabulary.field_ids().zip(&version.vocabulary.fields) {
            let FieldType::Scale(list) = field.kind else { continue };
            if version.vocabulary.list(list).is_some_and(|list| list.name == "harm") {
                let title = if field.title.is_empty() { &field.name } else { &field.title };
                let groups = self.harms.entry(title.clone()).or_default();
                count(groups.entry(group(version, episode, at)).or_default(), verdict);
            }
        }
    }

    fn add_strategies(&mut self, judged: &Judged<'_>) {
        let Some((version, episode)) = reading(judged, &[Role::RescueStrategies]) else { return };
        let Some(field) = version.vocabulary.role(Role::RescueStrategies) else { return };
        self.has_strategies = true;
        let outcome = match version.vocabulary.role(Role::RescueOutcome) {
            Some(outcome) => group(version, episode, outcome),
            None => Group::Missing,
        };
        let strategies = match episode.slot(field) {
            Slot::Present(Value::Names(Names { members, .. })) if !members.is_empty() => {
                members.iter().map(|name| named(version, field, name.0)).collect()
            }
            Slot::Unfit => vec![Group::Unfit],
            Slot::Missing | Slot::Present(_) => vec![Group::Missing],
        };
        for strategy in strategies {
            *self.strategies.entry(strategy).or_default().entry(outcome.clone()).or_default() += 1;
        }
    }
}

/// Gives the group of a record by the field with a role; nothing if no policy's vocabulary has one.
pub(super) fn group_of_role(judged: &Judged<'_>, role: Role) -> Option<Group> {
    let (version, episode) = reading(judged, &[role])?;
    Some(group(version, episode, version.vocabulary.role(role)?))
}

/// Gives the first policy's reading of a record in which fields have all these roles.
fn reading<'r>(judged: &'r Judged<'_>, roles: &[Role]) -> Option<(&'r Version, &'r Episode)> {
    let has_all = |version: &Version| roles.iter().all(|role| version.vocabulary.role(*role).is_some());
    judged.results.iter().filter_map(version_and_episode).find(|(version, _)| has_all(version))
}

/// Gives the version in whose words an episode is read: the first, where it is open which one judges.
pub(super) fn version_and_episode<'r>(result: &'r PolicyResult<'_>) -> Option<(&'r Version, &'r Episode)> {
    Some((result.version.or_else(|| result.policy.versions.first())?, &result.episode))
}

fn group(version: &Version, episode: &Episode, field: FieldId) -> Group {
    match episode.slot(field) {
        Slot::Missing => Group::Missing,
        Slot::Present(Value::Name(name)) => named(version, field, name.0),
        Slot::Present(Value::Boolean(value)) => {
            Group::Named(u16::from(*value), if *value { "yes" } else { "no" }.to_owned())
        }
        // The roles that reports group by are kinds, scales and booleans.
        Slot::Unfit | Slot::Present(_) => Group::Unfit,
    }
}

fn named(version: &Version, field: FieldId, name: u16) -> Group {
    let list = match version.vocabulary.field(field).map(|field| field.kind) {
        Some(FieldType::Kind(list) | FieldType::Scale(list) | FieldType::SetOfKind(list)) => Some(list),
        _ => None,
    };
    let list = list.and_then(|list| version.vocabulary.list(list));
    Group::Named(name, list.map_or("", |list| list.name_of(crate::policy::NameId(name))).to_owned())
}

/// Gives the year and month in which an episode surely lies.
fn month(version: &Version, episode: &Episode) -> Option<(i16, i8)> {
    let of = |day: jiff::civil::Date| (day.year(), day.month());
    match episode.value(version.vocabulary.role(Role::Time)?)? {
        Value::Date(day) => Some(of(*day)),
        Value::Instant(When { first_day, last_day, .. }) => Some(of(*first_day)).filter(|one| *one == of(*last_day)),
        _ => None,
    }
}

/// Adds one to the count of a verdict.
pub(super) fn count(counts: &mut Counts, verdict: Verdict) {
    let at = Verdict::ALL.iter().position(|known| *known == verdict);
    if let Some(count) = at.and_then(|at| counts.get_mut(at)) {
        *count += 1;
    }
}
