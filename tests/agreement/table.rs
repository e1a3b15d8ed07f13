//! Decision tables: generated ones, which leave no case open and share none, since they are made by splitting columns;
//! and the reference's account of what is asked of them, row by row as section 2 says.

use std::collections::BTreeSet;

use forbear::policy::{Condition, FieldRef, NameId, Relation, Row, Table, TableId, TableTest, Term, Value};

use super::condition::Conditions;
use super::generate::Chooser;
use super::reference::{Reading, Truth};
use super::reference_view::{Seen, Sight, View};
use super::vocabulary::{Field, Type, Words};

// ---- generated -----------------------------------------------------------------------------------------------------------

/// A table that was written: its name, and the scale of its results.
#[derive(Debug, Clone)]
pub(crate) struct Tabled {
    name: String,
    gives: &'static str,
}

/// Writes some tables over fields that permissions may read, and gives their text and names.
pub(crate) fn draw(words: &Words, fields: &[Field], choose: &mut Chooser) -> (String, Vec<Tabled>) {
    let (mut text, mut tables) = (String::new(), vec![]);
    for gives in ["risk", "closeness"] {
        if !choose.chance(45) {
            continue;
        }
        let name = format!("{gives}_by_table");
        let laid_out: Vec<Field> = fields.iter().filter(|field| can_be_column(field.kind)).cloned().collect();
        let columns = choose.some(&laid_out, 3);
        let header: String = columns.iter().map(|field| format!(" {} |", field.name)).collect();
        text += &format!("\ntable {name} gives {gives}\n  |{header}| {name} |\n");
        let mut rows = vec![];
        split(words, &columns, String::new(), &mut rows, choose);
        for row in rows {
            let result = if choose.chance(12) { "never" } else { choose.pick_of(words.levels(gives)) };
            text += &format!("  |{row}| {result} |\n");
        }
        tables.push(Tabled { name, gives });
    }
    (text, tables)
}

fn can_be_column(kind: Type) -> bool {
    use Type::*;
    // Every type there is.
    matches!(
        kind,
        Boolean
            | Number { .. }
            | Whole { .. }
            | Percent { .. }
            | Duration
            | Kind(_)
            | Scale(_)
            | Date
            | Instant
            | Text
            | Identity
            | SetOf(_)
            | SetOfIdentity
    )
}

/// Splits the cases of the first column, and those of the others within each part.
fn split(words: &Words, columns: &[Field], before: String, rows: &mut Vec<String>, choose: &mut Chooser) {
    let Some((column, rest)) = columns.split_first() else {
        rows.push(before);
        return;
    };
    for cell in pieces(words, column.kind, choose) {
        split(words, rest, format!("{before} {cell} |"), rows, choose);
    }
}

/// Gives cells of which exactly one holds of each value.
fn pieces(words: &Words, kind: Type, choose: &mut Chooser) -> Vec<String> {
    if choose.chance(25) {
        return vec!["any".to_owned()];
    }
    let constants = kind.constants(words);
    match kind {
        Type::Text | Type::Identity => {
            let some = choose.some(&constants, constants.len() - 1).join(", ");
            vec![some.clone(), format!("not one of {some}")]
        }
        Type::SetOf(_) | Type::SetOfIdentity => of_members(&constants, choose),
        Type::Date | Type::Instant => of_moments(&constants, choose),
        Type::Boolean => vec!["true".to_owned(), choose.pick(["false", "not true"]).to_owned()],
        Type::Kind(_) => {
            let some = choose.some(&constants, constants.len() - 1);
            let first = some.join(choose.pick([", ", " or "]));
            if choose.chance(50) {
                return vec![first, format!("not {}", some.join(", "))];
            }
            let rest: Vec<String> = constants.into_iter().filter(|name| !some.contains(name)).collect();
            vec![first, rest.join(", ")]
        }
        _ => of_order(&constants, choose),
    }
}

/// Two or three parts by which members a set has.
fn of_members(constants: &[String], choose: &mut Chooser) -> Vec<String> {
    let (one, other) = (&constants[0], &constants[1]);
    match choose.below(3) {
        0 => vec![format!("includes {one}"), format!("not includes {one}")],
        1 => vec![format!("includes any of {one}, {other}"), format!("not includes {one} and not includes {other}")],
        _ => vec![
            format!("includes all of {one}, {other}"),
            format!("includes {one} and not includes {other}"),
            format!("not includes {one}"),
        ],
    }
}

/// Two or three parts by when something was.
fn of_moments(constants: &[String], choose: &mut Chooser) -> Vec<String> {
    let bound = choose.pick_of(constants);
    match choose.below(3) {
        0 => vec![format!("before {bound}"), format!("on or after {bound}")],
        1 => vec![format!("on or before {bound}"), format!("after {bound}")],
        _ => vec![format!("before {bound}"), bound.clone(), format!("after {bound}")],
    }
}

/// Two or three parts around constants of which neither is the first nor the last.
fn of_order(constants: &[String], choose: &mut Chooser) -> Vec<String> {
    let inner = &constants[1..constants.len() - 1];
    let Some(bound) = (!inner.is_empty()).then(|| choose.pick_of(inner)) else {
        return vec![format!("at most {}", constants[0]), format!("above {}", constants[0])];
    };
    match choose.below(5) {
        0 => vec![format!("below {bound}"), format!("at least {bound}")],
        1 => vec![format!("at most {bound}"), format!("above {bound}")],
        2 => vec![format!("< {bound}"), bound.clone(), format!("> {bound}")],
        3 => vec![bound.clone(), format!("not {bound}")],
        _ => {
            let last = inner.last().unwrap();
            let between = if bound == last { bound.clone() } else { format!("{bound} to {last}") };
            vec![format!("below {bound}"), between, format!("above {last}")]
        }
    }
}

/// Writes what is asked of a table.
pub(crate) fn comparison(of: &Conditions<'_>, words: &Words, choose: &mut Chooser) -> String {
    let Tabled { name, gives } = choose.pick_of(&of.tables).clone();
    let levels = words.levels(gives);
    let of_scale = of.fields_of(|field| field.kind == Type::Scale(gives));
    let order = choose.pick(["at most", "at least", "is", "is not", "above", "below"]);
    match choose.below(10) {
        0 => format!("{name} is never"),
        1 => format!("{name} is not never"),
        2 => format!("{name} {} {}", choose.pick(["is one of", "is not one of"]), choose.some(levels, 3).join(", ")),
        3 => format!("{name} between {} and {}", choose.pick_of(levels), levels.last().unwrap()),
        4 => format!("{name} {order} {}", choose.pick_of(levels)),
        5 if !of_scale.is_empty() => format!("{name} {order} {}", choose.pick_of(&of_scale).name),
        _ if !of_scale.is_empty() => format!("{} {order} {name}", choose.pick_of(&of_scale).name),
        _ => format!("{name} {order} {}", choose.pick_of(levels)),
    }
}

/// Gives the table that a norm may name in place of a level, if there is one.
pub(crate) fn level(of: &Conditions<'_>, gives: &str, choose: &mut Chooser) -> Option<String> {
    let table = of.tables.iter().find(|table| table.gives == gives)?;
    choose.chance(50).then(|| table.name.clone())
}

// ---- the reference's account ----------------------------------------------------------------------------------------------

/// Section 2: T if T for the results of all rows that may apply, F if F for all, else U.
pub(crate) fn truth(reading: &Reading<'_>, id: TableId, test: &TableTest) -> Truth {
    let table = reading.version.conditions.table(id).unwrap();
    let may_apply = |row: &&Row| row.cells.iter().all(|cell| reading.truth(*cell) != Truth::False);
    let value = |field: &FieldRef| reading.episode.value(field.field).cloned();
    let truths: BTreeSet<Truth> =
        table.rows.iter().filter(may_apply).map(|row| of_result(test, row.result, &value)).collect();
    match truths.into_iter().collect::<Vec<_>>().as_slice() {
        [] => panic!("no row of {} may apply", table.name),
        [one] => *one,
        _ => Truth::Unknown,
    }
}

/// What is asked, of one result; `None` is `never`.
fn of_result(test: &TableTest, result: Option<NameId>, value: &dyn Fn(&FieldRef) -> Option<Value>) -> Truth {
    let Some(result) = result else { return known(matches!(test, TableTest::Never)) };
    let level = |term: &Term| match term {
        Term::Constant(value) => Some(value.clone()),
        Term::Field(field) => value(field),
    };
    match test {
        TableTest::Never => Truth::False,
        TableTest::OneOf(levels) => known(levels.contains(&Value::Name(result))),
        TableTest::Bounds { left, relation } => {
            value(left).map_or(Truth::Unknown, |left| known(stands(rank(&left), *relation, result.0)))
        }
        TableTest::Gives { relation, right } => {
            level(right).map_or(Truth::Unknown, |right| known(stands(result.0, *relation, rank(&right))))
        }
        TableTest::Between(low, high) => match (level(low), level(high)) {
            (Some(low), Some(high)) => known((rank(&low)..=rank(&high)).contains(&result.0)),
            _ => Truth::Unknown,
        },
    }
}

fn rank(level: &Value) -> u16 {
    match level {
        Value::Name(NameId(rank)) => *rank,
        other => panic!("{other:?} is no level"),
    }
}

fn stands(one: u16, relation: Relation, other: u16) -> bool {
    match relation {
        Relation::Is => one == other,
        Relation::AtLeast => one >= other,
        Relation::AtMost => one <= other,
        Relation::Above => one > other,
        Relation::Below => one < other,
        Relation::Before | Relation::After => panic!("levels come neither before nor after"),
    }
}

fn known(holds: bool) -> Truth {
    if holds { Truth::True } else { Truth::False }
}

/// The conditions that a table has: its cells.
pub(crate) fn cells(table: &Table) -> Vec<forbear::policy::ConditionId> {
    table.rows.iter().flat_map(|row| row.cells.iter().copied()).collect()
}

/// The same in a view: every way in which rows may apply, and each what it may come to.
pub(crate) fn see(view: &View<'_>, condition: &Condition) -> Seen {
    let Condition::Table { table, test } = condition else { panic!("{condition:?} asks no table") };
    let table = view.version.conditions.table(*table).unwrap();
    // What the rows so far agree in; none: no row has applied.
    let mut ways: BTreeSet<Option<Sight>> = BTreeSet::from([None]);
    for row in &table.rows {
        let applies = row.cells.iter().fold(Seen::TRUE, |seen, cell| seen.combine(view.see(*cell), Ord::min));
        let given = view.among(
            test.fields(),
            |value: &dyn Fn(&FieldRef) -> Option<Value>| of_result(test, row.result, value),
            row.result.is_none(),
        );
        let mut after = BTreeSet::new();
        for way in ways {
            if applies.sights().contains(&Sight::False) {
                after.insert(way);
            }
            if applies.sights().iter().any(|sight| *sight != Sight::False) {
                after.extend(given.sights().into_iter().map(|sight| match way {
                    None => Some(sight),
                    Some(before) if before == sight => way,
                    Some(_) => Some(Sight::Unseen),
                }));
            }
        }
        ways = after;
    }
    let seen = ways.into_iter().flatten().map(Seen::from_sight).fold(Seen::default(), Seen::or_also);
    if seen == Seen::default() { Seen::EITHER } else { seen }
}
