//! Tables of drawn policies: without gaps and overlaps, as the language has them.

use crate::generate::Draw;

const LEVELS: [&str; 3] = ["low", "middle", "high"];

/// Draws a comparison with a table, which is called `bound`.
pub(crate) fn leaf(draw: &mut Draw) -> String {
    let relation = ["at least", "at most", "above", "below", "is"];
    match draw.below(6) {
        0 | 1 => format!("{} {} bound", draw.one_of(&["risk", "nearby"]), draw.one_of(&relation)),
        2 => format!("bound {} {}", draw.one_of(&relation), draw.one_of(&LEVELS)),
        3 => "bound is one of low, high".to_owned(),
        4 => "bound between low and middle".to_owned(),
        _ => "bound is never".to_owned(),
    }
}

/// Gives ways to cut the values of a field in cells of which just one holds of each.
fn cuts(field: &str) -> &'static [&'static [&'static str]] {
    match field {
        "risk" | "nearby" => &[&["low", "above low"], &["low, high", "middle"], &["at most middle", "not low, middle"]],
        "certain" => &[&["true", "false"]],
        "n" => &[&["0 to 1", "at least 2"], &["below 2", "2", "above 2"], &["not 3", "3"]],
        "colour" => &[&["red", "blue"], &["not red", "red"]],
        "part" => &[
            &["at most 10 %", "above 10 %"],
            &["below 10 %", "10 % to 20 %", "above 20 %"],
            &["below 20 %", "at least 20 %"],
        ],
        "lasted" => &[
            &["below 1 hour", "at least 60 minutes"],
            &["at most 1 hour", "above 1 hour and below 2 hours", "at least 2 hours"],
        ],
        "planned" => &[
            &["before 2026-03-02", "on or after 2026-03-02"],
            &["on or before 2026-03-02", "after 2026-03-02 and before 2026-03-05", "on or after 2026-03-05"],
        ],
        "began" => &[
            &["before 2026-03-03T08:00Z", "on or after 2026-03-03T08:00Z"],
            &["on or before 2026-03-03T08:00Z", "after 2026-03-03T08:00Z"],
        ],
        _ => &[],
    }
}

/// Draws a table over some fields, of which there is one at least: the first decides, and in some rows the second.
pub(crate) fn table(draw: &mut Draw, fields: &[&str]) -> String {
    let mut columns = fields.to_vec();
    columns.sort_unstable();
    columns.dedup();
    if draw.below(2) == 0 {
        columns.reverse();
    }
    columns.truncate(1 + draw.below(2));
    let mut rows: Vec<Vec<&str>> = Vec::new();
    for cell in cut(draw, columns[0]) {
        let second = columns.get(1).copied().filter(|_| draw.below(3) > 0);
        match (second, columns.len()) {
            (Some(second), _) => rows.extend(cut(draw, second).iter().map(|other| vec![*cell, *other])),
            (None, 2) => rows.push(vec![*cell, "any"]),
            _ => rows.push(vec![*cell]),
        }
    }
    let header = columns.iter().map(|field| format!(" {field} |")).collect::<String>();
    let mut text = format!("table bound gives level\n  |{header}| bound |\n");
    for row in rows {
        let cells = row.iter().map(|cell| format!(" {cell} |")).collect::<String>();
        text += &format!("  |{cells}| {} |\n", draw.one_of(&["low", "middle", "high", "never"]));
    }
    text
}

fn cut(draw: &mut Draw, field: &str) -> &'static [&'static str] {
    let cuts = cuts(field);
    cuts[draw.below(cuts.len())]
}
