//! What would have made a verdict another, in words: changes that could have been arranged, waiting, and ratings one level
//! off.

use jiff::tz::TimeZone;

use crate::audit::{Judged, PolicyResult};
use crate::judge::Verdict;
use crate::policy::{FieldId, FieldType, RuleId, Value, Version};
use crate::prove::{Arranged, Changed, Changes, Flip, Later, To, Together};

use super::identities::Identities;
use super::shown::{Held, Shower};

/// Tells what would have made one verdict another.
#[derive(Clone, Copy)]
pub(super) struct Otherwise<'a> {
    pub(super) result: &'a PolicyResult<'a>,
    pub(super) version: &'a Version,
    shower: Shower<'a>,
}

impl<'a> Otherwise<'a> {
    /// Begins to tell.
    pub(super) fn new(result: &'a PolicyResult<'a>, version: &'a Version, identities: &'a Identities) -> Self {
        Self { result, version, shower: Shower { version, identities } }
    }

    /// Gives how people and times are shown.
    pub(super) fn identities(&self) -> &'a Identities {
        self.shower.identities
    }

    /// Tells the changes that would have made it permissible, the smallest first.
    pub(super) fn repairs(&self) -> Vec<String> {
        match self.result.repair.as_ref().map(|repair| &repair.arranged) {
            Some(Arranged::So(all)) => all.iter().map(|changes| self.changes(changes)).collect(),
            _ => Vec::new(),
        }
    }

    /// Tells some changes: "`supervision` at `in_room` in place of `on_site`, and `rescue.by` somebody else".
    fn changes(&self, changes: &Changes) -> String {
        let each: Vec<String> = changes.iter().map(|(field, to)| self.change(*field, to)).collect();
        each.join(", and ")
    }

    fn change(&self, field: FieldId, to: &To) -> String {
        let name = self.version.vocabulary.field_name(field);
        let is_text = self.version.vocabulary.field(field).is_some_and(|field| field.kind == FieldType::Text);
        let to = match to {
            To::Value(value) => format!("`{}`", self.value(value, field)),
            To::Another if is_text => "another text".to_owned(),
            To::Another => "somebody else".to_owned(),
        };
        match self.shower.held(&self.result.episode, field) {
            Held::Missing => format!("`{name}` {to}, where nothing is documented"),
            Held::Unfit => format!("`{name}` {to}, where what is documented cannot be read"),
            Held::Text(text) => format!("`{name}` {to} in place of {text}"),
            Held::Value(value) | Held::Partial(value) => format!("`{name}` {to} in place of `{value}`"),
        }
    }

    /// Shows a value that a field could have held.
    pub(super) fn value(&self, value: &Value, field: FieldId) -> String {
        self.shower.value(value, field)
    }

    /// Shows what a field could have held; nothing where it is any other person or text.
    pub(super) fn to(&self, to: &To, field: FieldId) -> Option<String> {
        match to {
            To::Value(value) => Some(self.value(value, field)),
            To::Another => None,
        }
    }

    /// Says that nothing could have been arranged, and why.
    pub(super) fn nothing(&self) -> Option<String> {
        let Arranged::Nothing { against, by_default } = &self.result.repair.as_ref()?.arranged else { return None };
        let said = "nothing that the team could have arranged would have made this permissible";
        let rules: Vec<String> = against.iter().map(|rule| self.rule(*rule)).collect();
        Some(match (rules.as_slice(), by_default) {
            ([], true) => format!("{said}: no rule would have permitted it"),
            ([], false) => said.to_owned(),
            ([one], _) => format!("{said}: {one} stands against it, whatever was chosen"),
            (several, _) => format!("{said}: {} stand against it, whatever was chosen", several.join(", ")),
        })
    }

    /// Names a rule.
    pub(super) fn rule(&self, id: RuleId) -> String {
        self.version.rules.get(id.0 as usize).map(|rule| format!("`{}`", rule.name)).unwrap_or_default()
    }

    /// Tells from when rules that look back would have been kept.
    pub(super) fn waiting(&self) -> Vec<String> {
        let Some(repair) = &self.result.repair else { return Vec::new() };
        let alone = repair.later.len() == 1;
        let told = |later: &Later| {
            let verdict = if repair.permissible_later && alone { ", and the episode permissible" } else { "" };
            // So long before it lies another episode.
            let from = self.identities().written_time(moment(later, &self.version.zone));
            let from = if self.identities().is_for_committee() { format!("some time in {from}") } else { from };
            format!(
                "{} would have been kept from {from} on{verdict}, had nothing else been recorded",
                self.rule(later.rule)
            )
        };
        repair.later.iter().map(told).collect()
    }

    /// Tells the ratings that would have given another verdict.
    pub(super) fn fragile(&self) -> Vec<String> {
        self.result.fragile.iter().map(|flip| self.flip(flip)).collect()
    }

    fn flip(&self, flip: &Flip) -> String {
        let name = self.version.vocabulary.field_name(flip.field);
        let side = match (&flip.to, flip.higher) {
            (Value::Boolean(_), _) => "rated the other way",
            (_, true) => "rated one level higher",
            (_, false) => "rated one level lower",
        };
        let rules: Vec<String> = flip.broken.iter().map(|rule| self.rule(*rule)).collect();
        let by = match flip.verdict {
            Verdict::Impermissible if !rules.is_empty() => format!(" by {}", rules.join(", ")),
            Verdict::Impermissible => " by default".to_owned(),
            _ => String::new(),
        };
        format!("{side}, `{name}` `{}`, this would be {}{by}", self.value(&flip.to, flip.field), flip.verdict.words())
    }
}

/// Tells what would have made an episode permissible by every policy, where several are concerned.
#[derive(Clone, Copy)]
pub(super) struct ByEveryPolicy<'a> {
    judged: &'a Judged<'a>,
    identities: &'a Identities,
}

impl<'a> ByEveryPolicy<'a> {
    /// Begins to tell; nothing where only one policy is concerned, or none is against it.
    pub(super) fn of(judged: &'a Judged<'a>, identities: &'a Identities) -> Option<Self> {
        judged.together.is_some().then_some(Self { judged, identities })
    }

    /// Gives the changes, the smallest first, each as its policy has the field.
    pub(super) fn changes(&self) -> &'a [Vec<Changed>] {
        match &self.judged.together {
            Some(Together::So(all)) => all,
            _ => &[],
        }
    }

    /// Gives what tells of a policy's own fields.
    pub(super) fn of_policy(&self, policy: usize) -> Option<Otherwise<'a>> {
        let result = self.judged.results.get(policy)?;
        Some(Otherwise::new(result, result.version?, self.identities))
    }

    /// Tells the changes that every policy would have permitted, the smallest first.
    pub(super) fn repairs(&self) -> Vec<String> {
        let change = |one: &Changed| Some(self.of_policy(one.policy)?.change(one.field, &one.to));
        let told = |set: &Vec<Changed>| set.iter().filter_map(change).collect::<Vec<_>>().join(", and ");
        self.changes().iter().map(told).collect()
    }

    /// Says whether it is proved that nothing could have been arranged.
    pub(super) fn is_nothing(&self) -> bool {
        self.judged.together == Some(Together::Nothing)
    }

    /// Says that nothing would have done, or that nothing was found.
    pub(super) fn nothing(&self) -> Option<&'static str> {
        match self.judged.together.as_ref()? {
            Together::So(_) => None,
            Together::Nothing => {
                Some("nothing that the team could have arranged would have made this permissible by every policy")
            }
            Together::Open => {
                Some("no change was found that every policy permits, nor was it proved that there is none")
            }
        }
    }
}

/// Shows from when: a day where times are days, else a moment of the local clock.
fn moment(later: &Later, zone: &TimeZone) -> String {
    let local = zone.to_datetime(later.from);
    if later.by_days {
        return local.date().to_string();
    }
    let form = if local.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
    local.strftime(form).to_string()
}
