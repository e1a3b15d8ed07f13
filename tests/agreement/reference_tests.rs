//! The reference judge against the tables of semantics.md, row by row, written out as tables.

use std::sync::Arc;

use forbear::episode::Slot;
use forbear::policy::time::When;
use forbear::policy::{
    Conditions, Field, FieldRef, FieldType, InForce, ListId, NameId, Names, Norm, NormKind, Policy, Relation,
    RuleSeverity, Vocabulary,
};
use forbear::source::{SourceId, Span};
use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::agreement::reference_instants::day;

// ---- a small world: eight fields, and policies made by hand ------------------------------------------------------------

const TIME: FieldId = FieldId(0);
const A: FieldId = FieldId(1);
const B: FieldId = FieldId(2);
const C: FieldId = FieldId(3);
const D: FieldId = FieldId(4);
const DAY: FieldId = FieldId(5);
const OTHER: FieldId = FieldId(6);
const SET: FieldId = FieldId(7);

fn nowhere() -> Span {
    Span::new(SourceId(0), 0, 0)
}

fn vocabulary() -> Arc<Vocabulary> {
    let field = |name: &str, kind, role| Field {
        name: name.to_owned(),
        title: String::new(),
        kind,
        role,
        known_afterwards: false,
        known_at: None,
        chosen: false,
        judged: false,
        path: name.to_owned(),
        origin: nowhere(),
    };
    let fields = vec![
        field("time", FieldType::Instant, Some(Role::Time)),
        field("a", FieldType::Boolean, None),
        field("b", FieldType::Boolean, None),
        field("c", FieldType::Boolean, None),
        field("d", FieldType::Boolean, None),
        field("day", FieldType::Date, None),
        field("other", FieldType::Instant, None),
        field("set", FieldType::SetOfKind(ListId(0)), None),
    ];
    Arc::new(Vocabulary::new("v".to_owned(), String::new(), vec![], fields))
}

fn zurich() -> TimeZone {
    TimeZone::get("Europe/Zurich").unwrap()
}

fn version(zone: TimeZone) -> Version {
    Version {
        policy: "p".to_owned(),
        title: String::new(),
        label: None,
        owner: None,
        in_force: None,
        zone,
        calendar: None,
        recorded_within: None,
        vocabulary: vocabulary(),
        applies_when: None,
        default: DefaultNorm::Permit,
        conditions: Conditions::new(),
        rules: vec![],
        origin: nowhere(),
    }
}

fn effective(from: &str, until: Option<&str>) -> Version {
    let day = |text: &str| text.parse().unwrap();
    let mut version = version(zurich());
    version.in_force = Some(InForce { from: day(from), until: until.map(day), origin: nowhere() });
    version
}

fn is_true(version: &mut Version, field: FieldId) -> ConditionId {
    let right = Term::Constant(Value::Boolean(true));
    version.conditions.add(Condition::Compare { left: FieldRef::this(field), relation: Relation::Is, right }, nowhere())
}

/// Adds a rule on boolean fields: guard, `unless`, and what the norm says.
fn add_rule(version: &mut Version, kind: NormKind, [guard, unless]: [Option<FieldId>; 2], norm: FieldId) {
    let guard = guard.map(|field| is_true(version, field));
    let unless = unless.map(|field| is_true(version, field));
    let condition = is_true(version, norm);
    version.rules.push(Rule {
        name: format!("r{}", version.rules.len()),
        title: String::new(),
        norm: Norm { kind, condition, origin: nowhere() },
        duty: None,
        guard,
        unless,
        silence: None,
        severity: RuleSeverity::Major,
        because: None,
        cites: vec![],
        remedy: None,
        silence_accepted: None,
        origin: nowhere(),
    });
}

fn episode(values: &[(FieldId, Value)]) -> Episode {
    let mut episode = Episode::new(nowhere(), 8);
    for (field, value) in values {
        episode.set(*field, Slot::Present(value.clone()), None);
    }
    episode
}

fn boolean(field: FieldId, truth: Truth) -> Option<(FieldId, Value)> {
    (truth != Unknown).then_some((field, Value::Boolean(truth == True)))
}

fn instant(text: &str) -> Value {
    Value::Instant(forbear::policy::time::parse_instant(text, &zurich()).unwrap())
}

fn day_of(text: &str) -> Value {
    Value::Date(text.parse().unwrap())
}

fn judge_one(version: Version, values: &[(FieldId, Value)]) -> Judgement {
    let policy = Policy { name: "p".to_owned(), versions: vec![version] };
    verdict_on(&policy, &episode(values))
}

/// Judges a record that every version reads alike, and that has none beside it.
fn verdict_on(policy: &Policy, record: &Episode) -> Judgement {
    let log = Log::new(policy, vec![vec![record; policy.versions.len()]], Timestamp::UNIX_EPOCH);
    verdict(&log, 0)
}

fn truth_of(condition: Condition, values: &[(FieldId, Value)]) -> Truth {
    let mut version = version(zurich());
    let id = version.conditions.add(condition, nowhere());
    truth_in(version, id, &episode(values))
}

fn truth_in(version: Version, id: ConditionId, record: &Episode) -> Truth {
    let policy = Policy { name: "p".to_owned(), versions: vec![version] };
    Log::new(&policy, vec![vec![record]], Timestamp::UNIX_EPOCH).reading(0, 0).truth(id)
}

// ---- Kleene's tables -----------------------------------------------------------------------------------------------------

const ALL: [Truth; 3] = [True, Unknown, False];

#[test]
fn connectives_are_strong_kleene() {
    //                          T        U        F
    let and_table = [
        /* T */ [True, Unknown, False],
        /* U */ [Unknown, Unknown, False],
        /* F */ [False, False, False],
    ];
    let or_table =
        [/* T */ [True, True, True], /* U */ [True, Unknown, Unknown], /* F */ [True, Unknown, False]];
    let not_table = [False, Unknown, True];
    for (a, left) in ALL.into_iter().enumerate() {
        assert_eq!(not(left), not_table[a], "not {left:?}");
        for (b, right) in ALL.into_iter().enumerate() {
            assert_eq!(and(left, right), and_table[a][b], "{left:?} and {right:?}");
            assert_eq!(or(left, right), or_table[a][b], "{left:?} or {right:?}");
        }
    }
}

// ---- section 4 -----------------------------------------------------------------------------------------------------------

#[test]
fn every_status_of_section_4() {
    use Status::{
        ExcusedNeeded as Needed, ExcusedNotNeeded as NotNeeded, ExcusedPerhapsNeeded as Perhaps, NotApplicable as Not,
        Satisfied as Sat, Undetermined as Und, Violated as Vio,
    };
    // guard, unless → for requirement T, U, F
    let table = [
        (True, False, [Sat, Und, Vio]),
        (True, Unknown, [Sat, Und, Und]),
        (True, True, [NotNeeded, Perhaps, Needed]),
        (Unknown, False, [Sat, Und, Und]),
        (Unknown, Unknown, [Sat, Und, Und]),
        (Unknown, True, [NotNeeded, Perhaps, Needed]),
        (False, False, [Not, Not, Not]),
        (False, Unknown, [Not, Not, Not]),
        (False, True, [Not, Not, Not]),
    ];
    for (guard, unless, expected) in table {
        for (requirement, expected) in ALL.into_iter().zip(expected) {
            assert_eq!(status(guard, unless, requirement), expected, "G {guard:?}, E {unless:?}, C {requirement:?}");
            let mut version = version(TimeZone::UTC);
            add_rule(&mut version, NormKind::Require, [Some(A), Some(B)], C);
            let values: Vec<_> =
                [boolean(A, guard), boolean(B, unless), boolean(C, requirement)].into_iter().flatten().collect();
            let judged = judge_one(version, &values);
            assert_eq!(
                judged.standings,
                [("r0".to_owned(), Standing::Requirement { status: expected, by_silence: false })]
            );
        }
    }
}

#[test]
fn without_guard_it_applies_and_without_unless_nothing_excuses() {
    for (requirement, expected) in
        [(True, Verdict::Permissible), (False, Verdict::Impermissible), (Unknown, Verdict::Undetermined)]
    {
        let mut version = version(TimeZone::UTC);
        add_rule(&mut version, NormKind::Require, [None, None], C);
        assert_eq!(
            judge_one(version, &boolean(C, requirement).into_iter().collect::<Vec<_>>()).row.verdict(),
            expected
        );
    }
}

#[test]
fn the_ground_of_a_permit_is_guard_and_not_exception_and_condition() {
    for (guard, unless, condition) in
        ALL.into_iter().flat_map(|a| ALL.into_iter().flat_map(move |b| ALL.map(|c| (a, b, c))))
    {
        let expected = match (guard, unless, condition) {
            (True, False, True) => True,
            (False, _, _) | (_, True, _) | (_, _, False) => False,
            _ => Unknown,
        };
        let mut version = version(TimeZone::UTC);
        add_rule(&mut version, NormKind::Permit, [Some(A), Some(B)], C);
        let values: Vec<_> =
            [boolean(A, guard), boolean(B, unless), boolean(C, condition)].into_iter().flatten().collect();
        assert_eq!(judge_one(version, &values).standings, [("r0".to_owned(), Standing::Permit(expected))]);
    }
}

#[test]
fn silence_replaces_undetermined_and_nothing_else() {
    use Status::{
        ExcusedNeeded, ExcusedNotNeeded, ExcusedPerhapsNeeded, NotApplicable, Satisfied, Undetermined, Violated,
    };
    for silence in [None, Some(Silence::Violated), Some(Silence::Satisfied)] {
        for status in [Violated, NotApplicable, ExcusedNeeded, ExcusedNotNeeded, ExcusedPerhapsNeeded, Satisfied] {
            assert_eq!(settle(status, silence), Standing::Requirement { status, by_silence: false });
        }
    }
    assert_eq!(settle(Undetermined, None), Standing::Requirement { status: Undetermined, by_silence: false });
    assert_eq!(
        settle(Undetermined, Some(Silence::Violated)),
        Standing::Requirement { status: Violated, by_silence: true }
    );
    assert_eq!(
        settle(Undetermined, Some(Silence::Satisfied)),
        Standing::Requirement { status: Satisfied, by_silence: true }
    );
}

// ---- section 5 -----------------------------------------------------------------------------------------------------------

#[test]
fn every_row_of_the_verdict_table() {
    use Status::{ExcusedNeeded, NotApplicable, Satisfied, Undetermined, Violated};
    let table: [(Truth, &[Status], Truth, Row); 14] = [
        // scope is F
        (False, &[Violated, Undetermined], False, Row::DoesNotApply),
        (False, &[], True, Row::DoesNotApply),
        // scope is U
        (Unknown, &[Violated], True, Row::ScopeOpen),
        (Unknown, &[], False, Row::ScopeOpen),
        (Unknown, &[Satisfied], True, Row::ScopeOpen),
        // a norm is violated
        (True, &[Violated], True, Row::Violations),
        (True, &[Undetermined, Violated], Unknown, Row::Violations),
        // ground is F
        (True, &[], False, Row::ByDefault),
        (True, &[Undetermined, Satisfied], False, Row::ByDefault),
        // a norm is undetermined, or ground is U
        (True, &[Undetermined], True, Row::Undetermined),
        (True, &[Satisfied], Unknown, Row::Undetermined),
        (True, &[], Unknown, Row::Undetermined),
        // otherwise
        (True, &[], True, Row::Permitted),
        (True, &[Satisfied, NotApplicable, ExcusedNeeded], True, Row::Permitted),
    ];
    for (scope, norms, ground, expected) in table {
        assert_eq!(row(scope, norms, ground), expected, "scope {scope:?}, norms {norms:?}, ground {ground:?}");
    }
}

#[test]
fn the_ground_is_the_disjunction_of_the_permits_or_true_by_default() {
    for (a, b) in ALL.into_iter().flat_map(|a| ALL.map(|b| (a, b))) {
        for default in [DefaultNorm::Forbid, DefaultNorm::Permit] {
            let mut version = version(TimeZone::UTC);
            version.default = default;
            add_rule(&mut version, NormKind::Permit, [None, None], A);
            add_rule(&mut version, NormKind::Permit, [None, None], B);
            let values: Vec<_> = [boolean(A, a), boolean(B, b)].into_iter().flatten().collect();
            let expected = match (default, or(a, b)) {
                (DefaultNorm::Permit, _) | (_, True) => Verdict::Permissible,
                (_, False) => Verdict::Impermissible,
                (_, Unknown) => Verdict::Undetermined,
            };
            assert_eq!(judge_one(version, &values).row.verdict(), expected);
        }
    }
    let mut nothing_permits = version(TimeZone::UTC);
    nothing_permits.default = DefaultNorm::Forbid;
    assert_eq!(judge_one(nothing_permits, &[]).row.verdict(), Verdict::Impermissible);
}

#[test]
fn advisory_rules_are_judged_and_decide_nothing() {
    for requirement in ALL {
        let mut version = version(TimeZone::UTC);
        add_rule(&mut version, NormKind::Require, [None, None], C);
        version.rules[0].severity = RuleSeverity::Advisory;
        let judged = judge_one(version, &boolean(C, requirement).into_iter().collect::<Vec<_>>());
        assert_eq!(judged.row.verdict(), Verdict::Permissible);
        let Standing::Requirement { status, .. } = judged.standings[0].1 else { panic!() };
        assert_eq!(status, super::status(True, False, requirement));
    }
}

#[test]
fn wanting_names_what_undetermined_rules_read_through_definitions_too() {
    let mut version = version(TimeZone::UTC);
    version.default = DefaultNorm::Forbid;
    add_rule(&mut version, NormKind::Permit, [None, None], A);
    add_rule(&mut version, NormKind::Require, [Some(B), None], C); // satisfied: `b` does not matter
    add_rule(&mut version, NormKind::Require, [None, None], A);
    let part = is_true(&mut version, D);
    let definition = version.conditions.define(forbear::policy::Definition {
        name: "x".to_owned(),
        condition: part,
        origin: nowhere(),
    });
    version.rules[2].norm.condition = version.conditions.add(Condition::Defined(definition), nowhere());
    let judged = judge_one(version, &[(A, Value::Boolean(true)), (C, Value::Boolean(true))]);
    assert_eq!(judged.row.verdict(), Verdict::Undetermined);
    assert_eq!(judged.wanting, BTreeSet::from(["d".to_owned()]));
}

// ---- section 6 -----------------------------------------------------------------------------------------------------------

/// v0 in 2025, v1 from March to June 2026, v2 from July 2026: a gap before, one between, none at the end.
fn three_versions() -> Policy {
    let versions = vec![
        effective("2025-01-01", Some("2025-12-31")),
        effective("2026-03-01", Some("2026-06-30")),
        effective("2026-07-01", None),
    ];
    Policy { name: "p".to_owned(), versions }
}

#[test]
fn every_row_of_the_table_of_versions() {
    // INVARIANT: without rules and with `default permit`, whatever is covered is permissible.
    let table = [
        // wholly within one version
        (Some("2025-06-01T12:00"), Verdict::Permissible, Some(0)),
        (Some("2025-01-01T00:00"), Verdict::Permissible, Some(0)),
        (Some("2025-12-31T23:59:59.999999999"), Verdict::Permissible, Some(0)),
        (Some("2024-12-31T23:30Z"), Verdict::Permissible, Some(0)),
        (Some("2025-10-26T02:30"), Verdict::Permissible, Some(0)),
        (Some("2025"), Verdict::Permissible, Some(0)),
        (Some("2026-05"), Verdict::Permissible, Some(1)),
        (Some("2026-06-30"), Verdict::Permissible, Some(1)),
        (Some("2027"), Verdict::Permissible, Some(2)),
        // in none: before, in the gap
        (Some("2024-12-31T23:59:59.999999999"), Verdict::NotCovered, None),
        (Some("2024"), Verdict::NotCovered, None),
        (Some("2026-01"), Verdict::NotCovered, None),
        (Some("2026-02-28T23:59"), Verdict::NotCovered, None),
        (Some("2025-12-31T23:30Z"), Verdict::NotCovered, None),
        // may lie in several, or in none
        (Some("2026"), Verdict::Undetermined, None),
        // missing
        (None, Verdict::Undetermined, None),
    ];
    let policy = three_versions();
    for (time, expected, version) in table {
        let values: Vec<_> = time.map(|text| (TIME, instant(text))).into_iter().collect();
        let judged = verdict_on(&policy, &episode(&values));
        assert_eq!((judged.row.verdict(), judged.version), (expected, version), "{time:?}");
        assert_eq!(judged.wanting.contains("time"), expected == Verdict::Undetermined, "{time:?}");
    }
}

#[test]
fn a_version_without_effective_is_always_in_force() {
    assert_eq!(judge_one(version(zurich()), &[]).row.verdict(), Verdict::Permissible);
    assert_eq!(judge_one(version(zurich()), &[(TIME, instant("2025"))]).row.verdict(), Verdict::Permissible);
}

#[test]
fn one_version_that_perhaps_is_in_force_leaves_the_scope_open() {
    for (from, until, expected) in [
        ("2026-03-10", Some("2026-03-20"), Verdict::Undetermined),
        ("2026-03-01", Some("2026-03-31"), Verdict::Permissible),
        ("2026-03-02", Some("2026-03-31"), Verdict::Undetermined),
        ("2026-03-01", Some("2026-03-30"), Verdict::Undetermined),
        ("2026-03-31", None, Verdict::Undetermined),
        ("2026-04-01", None, Verdict::NotCovered),
        ("2026-02-01", Some("2026-02-28"), Verdict::NotCovered),
    ] {
        assert_eq!(
            judge_one(effective(from, until), &[(TIME, instant("2026-03"))]).row.verdict(),
            expected,
            "{from} {until:?}"
        );
    }
}

#[test]
fn what_applies_when_says_joins_the_scope() {
    for (applies, expected) in
        [(True, Verdict::Permissible), (False, Verdict::NotCovered), (Unknown, Verdict::Undetermined)]
    {
        let mut version = version(zurich());
        let applies_when = is_true(&mut version, A);
        version.applies_when = Some(applies_when);
        let judged = judge_one(version, &boolean(A, applies).into_iter().collect::<Vec<_>>());
        assert_eq!(judged.row.verdict(), expected);
        assert_eq!(judged.wanting.contains("a"), expected == Verdict::Undetermined);
    }
}

// ---- sections 1 and 2: partial values -----------------------------------------------------------------------------------

fn compare(left: FieldId, relation: Relation, right: Value) -> Condition {
    Condition::Compare { left: FieldRef::this(left), relation, right: Term::Constant(right) }
}

#[test]
fn a_partial_instant_decides_what_all_its_instants_agree_on() {
    use Relation::{After, Before, Is};
    let table = [
        // the whole of March 2026, in Zurich
        ("2026-03", Before, instant("2026-04-01T00:00"), True),
        ("2026-03", Before, instant("2026-03-31T23:59:59.999999999"), Unknown),
        ("2026-03", Before, instant("2026-03-01T00:00"), False),
        ("2026-03", After, instant("2026-02-28T23:59:59.999999999"), True),
        ("2026-03", After, instant("2026-03-01T00:00"), Unknown),
        ("2026-03", Is, instant("2026-03-15T12:00"), Unknown),
        ("2026-03", Is, instant("2026-04-01T00:00"), False),
        // against days: the local date is compared
        ("2026-03-04", Is, day_of("2026-03-04"), True),
        ("2026-03-04", Is, day_of("2026-03-05"), False),
        ("2026-03", Is, day_of("2026-03-05"), Unknown),
        ("2026-03", Before, day_of("2026-03-31"), Unknown),
        ("2026-03", Before, day_of("2026-04-01"), True),
        ("2026-03-04T23:30Z", Is, day_of("2026-03-05"), True),
        // the night the clocks are put back: one of two instants, and nothing between them
        ("2025-10-26T02:30", Before, instant("2025-10-26T02:30+01:00"), Unknown),
        ("2025-10-26T02:30", Is, instant("2025-10-26T02:45+02:00"), False),
        ("2025-10-26T02:30", After, instant("2025-10-26T02:30+02:00"), Unknown),
        ("2025-10-26T02:30", After, instant("2025-10-26T02:29+02:00"), True),
        ("2025-10-26T02:30", Is, day_of("2025-10-26"), True),
    ];
    for (time, relation, right, expected) in table {
        assert_eq!(
            truth_of(compare(OTHER, relation, right.clone()), &[(OTHER, instant(time))]),
            expected,
            "{time} {relation:?} {right:?}"
        );
    }
}

#[test]
fn an_instant_is_one_of_several_or_between_them_taken_together() {
    let one_of = |values: Vec<Value>| Condition::OneOf { left: FieldRef::this(OTHER), values: values.into() };
    let twice = [(OTHER, instant("2025-10-26T02:30"))];
    let [summer, winter] = ["2025-10-26T02:30+02:00", "2025-10-26T02:30+01:00"].map(instant);
    assert_eq!(
        truth_of(one_of(vec![summer.clone(), winter.clone()]), &twice),
        True,
        "whichever it is, it is one of them"
    );
    assert_eq!(truth_of(one_of(vec![summer.clone()]), &twice), Unknown);
    let between = |low, high| Condition::Between {
        left: FieldRef::this(OTHER),
        low: Term::Constant(low),
        high: Term::Constant(high),
    };
    assert_eq!(truth_of(between(summer.clone(), winter.clone()), &twice), True, "both ends belong to it");
    assert_eq!(truth_of(between(day_of("2026-03-01"), day_of("2026-03-31")), &[(OTHER, instant("2026-03"))]), True);
    assert_eq!(truth_of(between(day_of("2026-03-01"), day_of("2026-03-30")), &[(OTHER, instant("2026-03"))]), Unknown);
}

#[test]
fn within_needs_the_order_and_the_distance() {
    let within = Condition::Within {
        first: FieldRef::this(TIME),
        at_most: Term::Constant(Value::Duration(SignedDuration::from_hours(48))),
        second: FieldRef::this(OTHER),
    };
    let table = [
        ("2026-03-04T12:00", "2026-03-04T12:00", True),
        ("2026-03-04T12:00", "2026-03-06T12:00", True),
        ("2026-03-04T12:00", "2026-03-06T12:00:00.000000001", False),
        ("2026-03-04T12:00", "2026-03-04T11:59:59.999999999", False),
        ("2026-03-04", "2026-03-05", True),
        ("2026-03-04", "2026-03-06", Unknown),
        ("2026-03-04", "2026-03-07", False),
        ("2026-03-04", "2026-03-04", Unknown),
        ("2026-03", "2026-03-15T00:00", Unknown),
    ];
    for (first, second, expected) in table {
        let values = [(TIME, instant(first)), (OTHER, instant(second))];
        assert_eq!(truth_of(within.clone(), &values), expected, "{first} within 2 days before {second}");
    }
    let to_day = Condition::Within {
        first: FieldRef::this(DAY),
        at_most: Term::Constant(Value::Duration(SignedDuration::from_hours(48))),
        second: FieldRef::this(OTHER),
    };
    for (time, expected) in [
        ("2026-03-06T23:59", True),
        ("2026-03-06", True),
        ("2026-03-07T00:00", False),
        ("2026-03-07", False),
        ("2026-03", Unknown),
    ] {
        assert_eq!(
            truth_of(to_day.clone(), &[(DAY, day_of("2026-03-04")), (OTHER, instant(time))]),
            expected,
            "{time}"
        );
    }
}

#[test]
fn a_field_that_is_read_twice_is_one_instant() {
    let itself = |relation| Condition::Compare {
        left: FieldRef::this(OTHER),
        relation,
        right: Term::Field(FieldRef::this(OTHER)),
    };
    let partial = [(OTHER, instant("2026-03"))];
    assert_eq!(truth_of(itself(Relation::Is), &partial), True);
    assert_eq!(truth_of(itself(Relation::Before), &partial), False);
}

#[test]
fn comparisons_with_what_is_missing_are_unknown_and_presence_never_is() {
    assert_eq!(truth_of(compare(DAY, Relation::Is, day_of("2026-03-04")), &[]), Unknown);
    let right = Term::Field(FieldRef::this(DAY));
    let with_field = Condition::Compare { left: FieldRef::this(OTHER), relation: Relation::Before, right };
    assert_eq!(truth_of(with_field, &[(OTHER, instant("2026-03"))]), Unknown);
    let between =
        |high| Condition::Between { left: FieldRef::this(DAY), low: Term::Constant(day_of("2026-03-04")), high };
    let late = [(DAY, day_of("2026-03-01"))];
    assert_eq!(truth_of(between(Term::Field(FieldRef::this(OTHER))), &late), Unknown, "a bound is missing");
    let present = Condition::Present(FieldRef::this(OTHER));
    assert_eq!(truth_of(present.clone(), &[]), False);
    assert_eq!(truth_of(present.clone(), &[(OTHER, instant("2026-03"))]), True, "partial is present");
    let mut version = version(zurich());
    let id = version.conditions.add(present, nowhere());
    let mut unfit = episode(&[]);
    unfit.set(OTHER, Slot::Unfit, None);
    assert_eq!(truth_in(version, id, &unfit), False, "unfit is missing");
}

#[test]
fn sets_decide_by_what_is_known_of_them() {
    let set = |members: &[u16], complete| {
        Value::Names(Names { members: members.iter().map(|at| NameId(*at)).collect(), complete })
    };
    // the set → includes 1, is not empty
    let table = [
        (Some(set(&[0, 1], true)), True, True),
        (Some(set(&[0], true)), False, True),
        (Some(set(&[], true)), False, False),
        (Some(set(&[0, 1], false)), True, True),
        (Some(set(&[0], false)), Unknown, True),
        (Some(set(&[], false)), Unknown, Unknown),
        (None, Unknown, Unknown),
    ];
    for (value, includes, not_empty) in table {
        let values: Vec<_> = value.clone().map(|value| (SET, value)).into_iter().collect();
        let member = Term::Constant(Value::Name(NameId(1)));
        assert_eq!(truth_of(Condition::Includes { set: FieldRef::this(SET), member }, &values), includes, "{value:?}");
        assert_eq!(truth_of(Condition::NotEmpty(FieldRef::this(SET)), &values), not_empty, "{value:?}");
    }
}

#[test]
fn days_are_local_to_the_version() {
    let at = Timestamp::UNIX_EPOCH;
    assert_eq!(day(&Value::Instant(When::exact(at, &zurich())), &zurich()), date(1970, 1, 1));
    let new_york = TimeZone::get("America/New_York").unwrap();
    assert_eq!(day(&Value::Instant(When::exact(at, &new_york)), &new_york), date(1969, 12, 31));
}
