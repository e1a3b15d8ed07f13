//! Sets: a list, a single value that is the only member, or in CSV a cell that is split.

use super::{Fitter, misfit, scalar, shown};
use crate::episode::Slot;
use crate::log::finding::{Finding, FindingKind, Misfit};
use crate::log::record::{Raw, Refused};
use crate::policy::{Field, FieldId, FieldType, ListId, NameId, Names, People, Value};
use crate::source::Span;

/// Reads the value of a field that holds a set; members that do not fit make it partial.
pub(super) fn read(
    fitter: &Fitter<'_>,
    id: FieldId,
    field: &Field,
    raw: &Raw,
    place: Span,
    split: bool,
    findings: &mut Vec<Finding>,
) -> Slot {
    let members: Vec<(Member<'_>, Span)> = match raw {
        Raw::Nothing => return Slot::Missing,
        Raw::Other(_) => {
            findings.push(misfit(id, Misfit::Group, place, None));
            return Slot::Unfit;
        }
        Raw::List(members) => members.iter().map(|(member, at)| (Member::of(member), *at)).collect(),
        Raw::Refused(refused) => vec![(Member::Refused(refused), place)],
        Raw::Boolean(_) | Raw::Number(_) | Raw::Text(_) | Raw::Local(_) => {
            let text = raw.as_text().unwrap_or("");
            if text.trim().is_empty() {
                return Slot::Missing;
            }
            if split { parts(text) } else { vec![text.trim()] }
                .into_iter()
                .map(|part| (Member::Text(part), place))
                .collect()
        }
    };
    Set { fitter, id, field, findings }.gather(&members)
}

/// A member as written.
enum Member<'r> {
    Text(&'r str),
    /// Nothing, a list or a group; the words name it.
    Other(&'static str),
    /// A member for which a mapping does not provide.
    Refused(&'r Refused),
}

impl<'r> Member<'r> {
    fn of(raw: &'r Raw) -> Self {
        match raw {
            Raw::Nothing => Self::Other("nothing"),
            Raw::Other(what) => Self::Other(what),
            Raw::List(_) => Self::Other("a list"),
            Raw::Refused(refused) => Self::Refused(refused),
            _ => match raw.as_text().unwrap_or("").trim() {
                "" => Self::Other("nothing"),
                text => Self::Text(text),
            },
        }
    }
}

/// Splits a cell; a separator at an end, or two in a row, separate nothing.
fn parts(text: &str) -> Vec<&str> {
    text.split(['|', ';']).map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// How many members that do not fit are told of one set.
const MOST_TOLD: usize = 20;

struct Set<'a, 'v> {
    fitter: &'a Fitter<'v>,
    id: FieldId,
    field: &'a Field,
    findings: &'a mut Vec<Finding>,
}

impl Set<'_, '_> {
    fn gather(&mut self, members: &[(Member<'_>, Span)]) -> Slot {
        let (mut names, mut people) = (Vec::new(), Vec::new());
        let mut refused = 0;
        for (member, place) in members {
            match self.member(member) {
                Ok(One::Name(name)) => names.push(name),
                Ok(One::Person(person)) => people.push(person),
                Err(refusal) => {
                    refused += 1;
                    if refused <= MOST_TOLD {
                        self.refuse(&refusal, member, *place);
                    }
                }
            }
        }
        // A set of which no member fits is known in part as well: something is on record, and may be anything.
        let complete = refused == 0;
        names.sort_unstable();
        names.dedup();
        people.sort_unstable();
        people.dedup();
        Slot::Present(match self.field.kind {
            FieldType::SetOfKind(_) => Value::Names(Names { members: names.into(), complete }),
            _ => Value::People(People { members: people.into(), complete }),
        })
    }

    fn member(&self, member: &Member<'_>) -> Result<One, Refusal> {
        let text = match member {
            Member::Other(what) => return Err(Refusal::Misfit(Misfit::Member(what))),
            Member::Refused(_) => return Err(Refusal::Mapping),
            Member::Text(text) => text,
        };
        match self.field.kind {
            FieldType::SetOfKind(list) => {
                self.fitter.level(list, text).map(One::Name).ok_or(Refusal::UnknownName(list))
            }
            _ => scalar::plain(text).map(One::Person).map_err(Refusal::Misfit),
        }
    }

    fn refuse(&mut self, refusal: &Refusal, member: &Member<'_>, place: Span) {
        let kind = match (refusal, member) {
            (Refusal::UnknownName(list), Member::Text(text)) => self.fitter.unknown_level(*list, text),
            (_, Member::Refused(refused)) => FindingKind::refused(refused),
            (Refusal::UnknownName(list), Member::Other(_)) => self.fitter.unknown_level(*list, ""),
            (Refusal::Mapping, _) => return,
            (Refusal::Misfit(misfit), _) => FindingKind::Unfit(misfit.clone()),
        };
        let value = match member {
            Member::Text(text) => shown(self.field, &Raw::Text((*text).to_owned())),
            Member::Refused(refused) => {
                shown(self.field, &Raw::Text(refused.written.clone())).filter(|text| !text.is_empty())
            }
            Member::Other(_) => None,
        };
        self.findings.push(Finding { kind, fields: vec![self.id], place, value });
    }
}

/// Why a member is not taken; to look for near names costs time, and waits until somebody is told.
enum Refusal {
    UnknownName(ListId),
    Misfit(Misfit),
    Mapping,
}

enum One {
    Name(NameId),
    Person(Box<str>),
}
