//! One policy: header, definitions and rules in their order, then what can be said of the whole.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::policy::{Conditions, Version};

use super::calendars::Calendars;
use super::condition::Conditioner;
use super::group::PolicyGroup;
use super::vocabulary::{Made, Unread, Vocabularies};
use super::{definitions, glance, header, hindsight, looking_back, rule, table, warnings};

/// Makes one version of a policy; none if it has no name or no vocabulary, which is reported.
pub(super) fn version(
    group: &PolicyGroup<'_>,
    vocabularies: &Vocabularies,
    calendars: &Calendars,
    problems: &mut Vec<Diagnostic>,
) -> Option<(Version, Unread)> {
    let header = header::header(group, vocabularies, calendars, problems);
    let Made { vocabulary, mut unread } = header.vocabulary.clone()?;
    unread.names.extend(group.unread.iter().map(|name| (*name).to_owned()));
    let mut conditioner = Conditioner {
        vocabulary: &vocabulary,
        unread: &unread,
        zone: header.zone.clone(),
        calendar: header.calendar_named,
        conditions: Conditions::new(),
        definitions: BTreeMap::new(),
        tables: BTreeMap::new(),
        used_tables: BTreeSet::new(),
        used: BTreeSet::new(),
        problems,
    };
    table::tabulate(&group.tables, &mut conditioner);
    definitions::define(&group.defines, &mut conditioner);
    let applies_when = header.applies_when.and_then(|condition| conditioner.condition(condition));
    let rules = rule::rules(&group.rules, &mut conditioner);
    let Conditioner { conditions, used, used_tables, .. } = conditioner;
    let name = group.header.name.as_ref()?;
    let version = Version {
        policy: name.text.clone(),
        title: group.header.title.as_ref().map(|title| title.text.clone()).unwrap_or_default(),
        label: header.label,
        owner: header.owner,
        in_force: header.in_force,
        zone: header.zone,
        calendar: header.calendar,
        recorded_within: header.recorded_within,
        vocabulary: vocabulary.clone(),
        applies_when,
        default: header.default,
        conditions,
        rules,
        origin: name.span,
    };
    hindsight::check(&version, problems);
    looking_back::check(&version, problems);
    glance::check(&version, problems);
    // Where a rule was left out for its errors, nothing is said about what seems to be missing.
    let whole = group.whole && version.rules.len() == group.rules.len();
    if whole {
        table::unused(&version, &used_tables, problems);
    }
    warnings::check(&version, &used, header.default_span, whole, problems);
    Some((version, unread))
}
