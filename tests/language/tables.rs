//! Gaps of decision tables: the row that is shown fits, and with enough of them the table is whole.

use super::checked;

const VOCABULARY: &str = "vocabulary v \"V\"\nscale s low < middle < high\nkind k red, green, blue\nfield id text role id\nfield x number\nfield w whole number from 1 to 9\nfield b boolean\nfield c k\nfield l s\nfield d duration\nfield p percent from 0 to 100\nfield y date\nfield m instant\nfield n text\nfield i identity\nfield sk set of k\nfield si set of identity\n";

/// For each column, cells of which exactly one holds of each value.
const COLUMNS: [(&str, &[&str]); 14] = [
    ("x", &["below 2", "2", "above 2 and below 5.5", "at least 5.5 and at most 7", "above 7"]),
    ("w", &["1", "2 to 4", "5, 6", "7 to 9"]),
    ("b", &["true", "false"]),
    ("c", &["red, blue", "not red, blue"]),
    ("l", &["at most low", "middle", "above middle"]),
    ("d", &["at most 30 seconds", "above 30 sec and below 2 minutes", ">= 2 min"]),
    ("y", &["before 2026-01-01", "2026-01-01", "2026-01-02 to 2026-01-31", "after 2026-01-31"]),
    ("m", &["on or before 2026-01-01", "after 2026-01-01 and before 2026-02-01T08:00", "on or after 2026-02-01T08:00"]),
    ("n", &["\"a\", \"b\\\"c\"", "\"d\"", "not one of \"a\", \"b\\\"c\", \"d\""]),
    ("m", &["before 2026-01-01", "2026-01-01 to 2026-01-31", "after 2026-01-31T23:59:59.999999999"]),
    ("i", &["\"T-1\"", "not \"T-1\""]),
    ("sk", &["includes all of red, green", "includes red and not includes green", "not includes red"]),
    ("si", &["includes any of \"T-1\", \"T-2\"", "not includes \"T-1\" and not includes \"T-2\""]),
    ("p", &["0 %", "above 0 % and below 50", "50 to 100 %"]),
];

fn policy(columns: &[(&str, &[&str])], rows: &[String]) -> String {
    let header: String = columns.iter().map(|(name, _)| format!(" {name} |")).collect();
    format!(
        "{VOCABULARY}\npolicy p \"P\"\n  vocabulary v\n  default permit\n\nrule r \"R\"\n  require t at least low\n\ntable t gives s\n  |{header}| t |\n{}\n",
        rows.join("\n")
    )
}

fn all_rows(columns: &[(&str, &[&str])]) -> Vec<String> {
    let mut rows = vec![String::new()];
    for (_, cells) in columns {
        rows = rows.iter().flat_map(|row| cells.iter().map(move |cell| format!("{row} {cell} |"))).collect();
    }
    rows.into_iter().map(|row| format!("  |{row}| low |")).collect()
}

/// Adds the rows that are shown, one after the other, until the table is whole.
fn mend(columns: &[(&str, &[&str])], mut rows: Vec<String>) -> usize {
    for added in 0..200 {
        let (_, checked) = checked("p.forbear", &policy(columns, &rows));
        let Some(problem) = checked.problems.first() else { return added };
        assert_eq!(problem.code.name(), "forbear::table::gap", "{problem:?}\n{}", rows.join("\n"));
        let says = &problem.labels[0].text;
        rows.push(says.split('`').nth(1).unwrap().to_owned());
    }
    panic!("the table is never whole:\n{}", rows.join("\n"));
}

#[test]
fn the_row_that_is_shown_fits_and_makes_the_table_whole() {
    for pair in COLUMNS.windows(2) {
        let rows = all_rows(pair);
        assert_eq!(mend(pair, rows.clone()), 0);
        for every in [2, 3, 5] {
            let kept = rows.iter().enumerate().filter(|(at, _)| at % every != 0).map(|(_, row)| row.clone());
            assert!(mend(pair, kept.collect()) > 0, "{pair:?}");
        }
        assert!(mend(pair, vec![]) > 0);
    }
}

#[test]
fn of_two_rows_for_one_case_both_are_shown() {
    let columns = &COLUMNS[4..6];
    assert_eq!(columns[1].0, "d");
    let mut rows = all_rows(columns);
    rows.push("  | middle | 45 seconds || high |".to_owned());
    let (_, checked) = checked("p.forbear", &policy(columns, &rows));
    let [problem] = checked.problems.as_slice() else { panic!("{:?}", checked.problems) };
    assert_eq!(problem.code.name(), "forbear::table::overlap");
    assert!(problem.message.contains("`l` middle, `d` 45 seconds"), "{}", problem.message);
    assert_eq!(problem.labels.len(), 2);
}

/// Each member of which a column asks doubles the sets there are.
#[test]
fn of_many_members_of_a_set_it_is_said_that_nobody_knows() {
    let rows = |count: usize| -> Vec<String> {
        let members = (0..count).map(|at| format!("\"P-{at}\"")).collect::<Vec<_>>().join(", ");
        vec![format!("  | includes any of {members} || low |")]
    };
    let code = |count: usize| {
        let (_, checked) = checked("p.forbear", &policy(&[("si", &[])], &rows(count)));
        checked.problems[0].code.name().to_owned()
    };
    assert_eq!(code(10), "forbear::table::gap");
    assert_eq!(code(11), "forbear::table::too_large");
}

/// Many rows, many columns, or much of one line take no time out of proportion.
#[test]
fn a_large_table_comes_to_an_end() {
    let columns: Vec<(&str, &[&str])> = vec![("x", &[])];
    let narrow =
        |count: usize| (0..count).map(|at| format!("  | at least {at} and below {} || low |", at + 1)).collect();
    let code = |rows: Vec<String>| {
        let (_, checked) = checked("p.forbear", &policy(&columns, &rows));
        checked.problems.iter().map(|problem| problem.code.name().replace("forbear::table::", "")).collect::<Vec<_>>()
    };
    assert_eq!(code(narrow(200)), ["gap"]);
    assert_eq!(code(narrow(4_000)), ["too_large"]);
    assert_eq!(code(vec!["  | any || low |".to_owned(); 4_000]).len(), 10);
    assert_eq!(code(vec![format!("  {}", "|".repeat(100_000))]), ["not_a_row"]);
}
