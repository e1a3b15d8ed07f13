//! From a judged record to its lines: rules, permits and duties, each with its evidence.

use crate::audit::{Judged, PolicyResult};
use crate::judge::{
    Because, Bound, Citation, DutyJudgement, DutyStatus, Itself, Leaf, Looked, Measured, Outcome, Seen, Status, Truth,
};
use crate::log::Unreadable;
use crate::policy::{Base, FieldId, Link, Role, Rule, Version};
use crate::source::Sources;

use super::super::exact;
use super::super::identities::Identities;
use super::super::otherwise::{ByEveryPolicy, Otherwise};
use super::super::shown::Held;
use super::super::tabled::Applying;
use super::super::wording::{Speaker, each_once};
use super::otherwise;
use super::{
    CountedRecord, DutyRecord, Evidence, EvidenceValue, HistoryRecord, JudgementRecord, Line, PermitRecord, Place,
    Problem, RuleRecord, TableRecord, TableRowRecord, UnreadableRecord,
};

/// Makes the lines of a judged record: one for each policy.
pub(in crate::report) fn lines(judged: &Judged<'_>, sources: &Sources, identities: &Identities) -> Vec<Line> {
    let line = |result| Line::Episode(Box::new(record(judged, result, sources, identities)));
    judged.results.iter().map(line).collect()
}

/// Makes the line of an unreadable record.
pub(in crate::report) fn unreadable(unreadable: &Unreadable, sources: &Sources) -> Line {
    Line::Unreadable(UnreadableRecord { at: Place::of(unreadable.at, sources), reason: unreadable.reason.clone() })
}

fn record(
    judged: &Judged<'_>,
    result: &PolicyResult<'_>,
    sources: &Sources,
    identities: &Identities,
) -> JudgementRecord {
    let judgement = &result.judgement;
    let mut record = JudgementRecord {
        subject: judged.id.as_deref().map(|id| identities.episode(id)),
        episode: judged.id.as_deref().map(|id| identities.episode(id)),
        at: Place::of(judged.place, sources),
        policy: result.policy.name.clone(),
        version: result.version.and_then(|version| version.label.clone()),
        verdict: result.verdict().word().to_owned(),
        kleene: exact::differs(result).then(|| judgement.verdict.word().to_owned()),
        decided_by: exact::differs(result).then(|| exact::rules(result)),
        possible: exact::possible(result),
        because: because_word(judgement.because).to_owned(),
        rules: Vec::new(),
        duties: Vec::new(),
        fails: result.fails(),
        permits: Vec::new(),
        wanting: exact::wanting(result, identities),
        wanting_known: exact::wanting_known(result),
        settled_by: exact::settling(result, identities),
        repairs: Vec::new(),
        nothing_arranged: None,
        together: ByEveryPolicy::of(judged, identities).as_ref().map(otherwise::together),
        kept_from: Vec::new(),
        fragile: Vec::new(),
        findings: judged.findings.iter().map(|finding| Problem::of(&identities.worded(finding), sources)).collect(),
    };
    if let Some(version) = result.version {
        let teller = Teller { version, result, sources, speaker: Speaker::new(result, version, identities) };
        for citation in &result.citations {
            teller.tell(citation, &mut record);
        }
        otherwise::tell(&Otherwise::new(result, version, identities), judged.together.is_none(), &mut record);
        record.duties = result.judgement.duties.iter().flat_map(|duty| teller.duty(duty)).collect();
    }
    record
}

fn because_word(because: Because) -> &'static str {
    match because {
        Because::NotInForce => "not_in_force",
        Because::DoesNotApply => "does_not_apply",
        Because::TimeOpen => "time_open",
        Because::ScopeOpen => "scope_open",
        Because::Violations => "violations",
        Because::ByDefault => "by_default",
        Because::Undetermined => "undetermined",
        Because::Permitted => "permitted",
    }
}

fn itself_word(itself: Itself) -> Option<&'static str> {
    match itself {
        Itself::LeftOut => None,
        Itself::Counted(Truth::True) => Some("yes"),
        Itself::Counted(Truth::False) => Some("no"),
        Itself::Counted(Truth::Unknown) => Some("perhaps"),
    }
}

/// Tells the citations of one record.
struct Teller<'a> {
    version: &'a Version,
    result: &'a PolicyResult<'a>,
    sources: &'a Sources,
    speaker: Speaker<'a>,
}

impl Teller<'_> {
    fn tell(&self, citation: &Citation, record: &mut JudgementRecord) {
        let Some(rule) = citation.rule.and_then(|id| self.version.rules.get(id.0 as usize)) else { return };
        let message = self.speaker.why(rule, citation);
        let clause = Place::of(rule.norm.origin, self.sources);
        match citation.outcome {
            Some(Outcome::Requirement { status, by_silence })
                if by_silence || matches!(status, Status::Violated | Status::Undetermined) =>
            {
                let open = by_silence || status == Status::Undetermined;
                record.rules.push(RuleRecord {
                    rule: rule.name.clone(),
                    status: status.word().to_owned(),
                    by_silence,
                    severity: rule.severity.word().to_owned(),
                    message,
                    clause,
                    evidence: self.evidence(citation, open),
                    history: self.history(citation),
                    tables: self.tables(citation),
                });
            }
            Some(Outcome::Ground(truth @ (Truth::False | Truth::Unknown))) => record.permits.push(PermitRecord {
                rule: rule.name.clone(),
                ground: if truth == Truth::False { "not_given" } else { "undetermined" }.to_owned(),
                message,
                clause,
                evidence: self.evidence(citation, truth == Truth::Unknown),
                tables: self.tables(citation),
            }),
            _ => {}
        }
    }

    /// Tells every link of a duty that is or was owed.
    fn duty(&self, duty: &DutyJudgement) -> Vec<DutyRecord> {
        let Some(rule) = self.version.rules.get(duty.rule.0 as usize) else { return Vec::new() };
        let links = rule.duty.iter().flat_map(|duty| &duty.links).zip(&duty.links).enumerate();
        let owed = links.filter(|(_, (_, judged))| judged.status != DutyStatus::NotOwed);
        owed.map(|(at, (link, judged))| DutyRecord {
            rule: rule.name.clone(),
            link: at + 1,
            status: judged.status.word().to_owned(),
            by_silence: judged.by_silence,
            deadline: judged
                .deadline
                .filter(|(first, last)| first == last)
                .map(|(first, _)| self.identities().written_time(first.to_string())),
            chain: duty.chain.word().to_owned(),
            severity: rule.severity.word().to_owned(),
            clause: Place::of(link.origin, self.sources),
            evidence: self.duty_fields(link).into_iter().map(|field| self.evidence_of(field)).collect(),
            tables: self.tables_of_duty(rule, link),
        })
        .collect()
    }

    /// Gives the act of a link, and the field from which its deadline counts.
    fn duty_fields(&self, link: &Link) -> Vec<FieldId> {
        let base = link.deadline.and_then(|deadline| match deadline.base {
            Base::Episode => self.version.vocabulary.role(Role::Time),
            Base::Field(field) => Some(field),
            Base::Missed => None,
        });
        each_once([Some(link.act), base].into_iter().flatten())
    }

    /// Tells what the history clauses of a rule came to.
    fn history(&self, citation: &Citation) -> Vec<HistoryRecord> {
        let Some(backward) = self.speaker.backward else { return Vec::new() };
        let tell = |looked: &Looked| {
            let history = self.version.conditions.history(looked.history)?;
            let bound = |bound: Bound| match bound {
                Bound::At(ratio) => Some(backward.number(history, ratio)),
                Bound::Lowest | Bound::Highest => None,
            };
            let (low, high) = match looked.measured {
                Measured::Between(low, high) => (bound(low), bound(high)),
                Measured::Unknown | Measured::NoValue => (None, None),
            };
            let begins = backward.past.begins();
            Some(HistoryRecord {
                clause: Place::of(history.origin, self.sources),
                message: backward.fact(history, looked),
                low,
                high,
                counts_itself: itself_word(looked.itself).map(str::to_owned),
                after: looked.from.map(|from| self.identities().written_time(from.to_string())),
                before_log: looked.from.zip(begins).is_some_and(|(from, begins)| from < begins),
                counted: looked.seen.iter().filter_map(|seen| self.counted(seen)).collect(),
                more: looked.more,
            })
        };
        citation.looked.iter().filter_map(tell).collect()
    }

    fn counted(&self, seen: &Seen) -> Option<CountedRecord> {
        let backward = self.speaker.backward?;
        let record = backward.past.record(seen.record)?;
        Some(CountedRecord {
            episode: (!record.id.is_empty()).then(|| self.identities().episode(&record.id)),
            at: Place::of(record.place, self.sources),
            date: backward.date(seen.record),
            sure: seen.sure,
        })
    }

    /// Gives the tables that were asked, each once.
    fn tables(&self, citation: &Citation) -> Vec<TableRecord> {
        let clauses = [&citation.norm, &citation.guard, &citation.unless];
        self.tables_of(clauses.into_iter().flat_map(|clause| clause.leaves.iter().copied()))
    }

    /// Gives the tables that a duty asks, whatever its link comes to: of what decides it nothing is cited.
    fn tables_of_duty(&self, rule: &Rule, link: &Link) -> Vec<TableRecord> {
        let clauses = [rule.guard, rule.unless, Some(link.condition)].into_iter().flatten();
        let leaves = self.version.conditions.leaves(clauses).into_iter();
        self.tables_of(leaves.map(|condition| Leaf { condition, truth: Truth::Unknown, negated: false }))
    }

    fn tables_of(&self, leaves: impl Iterator<Item = Leaf>) -> Vec<TableRecord> {
        let mut told: Vec<TableRecord> = Vec::new();
        for asked in leaves.filter_map(|leaf| self.speaker.asked_table(&leaf)) {
            if told.iter().any(|table| table.table == asked.table.name) {
                continue;
            }
            let row = |applying: &Applying<'_>| TableRowRecord {
                result: self.speaker.result(asked.table, applying.row),
                sure: applying.surely,
                at: Place::of(applying.row.origin, self.sources),
            };
            told.push(TableRecord { table: asked.table.name.clone(), rows: asked.rows.iter().map(row).collect() });
        }
        told
    }

    /// Gives the values that decided; of what is open, those that leave it open come first.
    fn evidence(&self, citation: &Citation, open: bool) -> Vec<Evidence> {
        let mut clauses = [&citation.norm, &citation.guard, &citation.unless];
        if open {
            clauses.sort_by_key(|clause| clause.truth != Truth::Unknown);
        }
        let leaves = clauses.into_iter().flat_map(|clause| &clause.leaves);
        let fields = each_once(leaves.flat_map(|leaf: &Leaf| self.speaker.fields(leaf)));
        fields.into_iter().map(|field| self.evidence_of(field)).collect()
    }

    fn evidence_of(&self, field: FieldId) -> Evidence {
        let held = self.speaker.shower.held(&self.result.episode, field);
        let state = match held {
            Held::Missing => "missing",
            Held::Unfit => "unfit",
            Held::Partial(_) => "partial",
            Held::Value(_) | Held::Text(_) => "present",
        };
        let place = self.result.episode.place(field).unwrap_or(self.result.episode.record);
        Evidence {
            field: self.version.vocabulary.field_name(field).to_owned(),
            value: self.value(field),
            state: state.to_owned(),
            at: Place::of(place, self.sources),
        }
    }

    /// Writes an instant exactly, on the local clock with its offset (RFC 3339).
    fn with_offset(&self, at: jiff::Timestamp) -> String {
        let offset = self.version.zone.to_offset(at);
        self.identities().written_time(at.display_with_offset(offset).to_string())
    }

    fn identities(&self) -> &Identities {
        self.speaker.shower.identities
    }

    fn value(&self, field: FieldId) -> Option<EvidenceValue> {
        use crate::policy::Value;
        Some(match self.result.episode.value(field)? {
            set @ (Value::Names(_) | Value::People(_)) => EvidenceValue::Many(self.speaker.shower.members(set, field)),
            Value::Instant(when) if when.is_exact() => EvidenceValue::One(self.with_offset(when.earliest)),
            value => EvidenceValue::One(self.speaker.shower.value(value, field)),
        })
    }
}
