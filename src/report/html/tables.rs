//! Tables of counts, each row with a bar that can be read without colour: patterns, and the numbers beside it.

use maud::{Markup, html};

use crate::judge::Verdict;

use super::super::human::thousands;
use super::super::small::{merge, verdict_groups};
use super::gather::Counts;

/// The columns of all tables by verdict: one for each verdict or, where a number would be small, for several.
pub(super) struct Columns {
    columns: Vec<Column>,
    least: usize,
}

struct Column {
    label: String,
    /// The positions in [`Verdict::ALL`].
    verdicts: Vec<usize>,
    pattern: &'static str,
}

/// A row: its label, and what is counted.
pub(super) type Row = (String, Counts);

const PATTERNS: [&str; 4] = ["impermissible", "undetermined", "permissible", "not-covered"];

impl Columns {
    /// Chooses the columns by the totals: a verdict of which there are few shares one.
    pub(super) fn of(totals: &Counts, least: usize) -> Self {
        let columns = verdict_groups(totals, least).into_iter().map(Column::of).collect();
        Self { columns, least }
    }

    /// Gives one column for all verdicts.
    fn undivided(&self) -> Self {
        Self { columns: vec![Column::of((0..Verdict::ALL.len()).collect())], least: self.least }
    }

    fn counts(&self, counts: &Counts) -> Vec<usize> {
        let sum = |column: &Column| column.verdicts.iter().filter_map(|at| counts.get(*at)).sum();
        self.columns.iter().map(sum).collect()
    }

    /// Writes a table of groups, with a bar in each row and the totals below.
    pub(super) fn table(&self, caption: &str, head: &str, rows: &[Row]) -> Markup {
        let counted: Vec<Vec<usize>> = rows.iter().map(|(_, counts)| self.counts(counts)).collect();
        let merged = match merge(&counted, self.least) {
            Some(merged) if !merged.kept.is_empty() || self.columns.len() == 1 => merged,
            // Of all verdicts together, more can be shown.
            _ if self.columns.len() > 1 => {
                return self.undivided().table(&caption.replacen("Verdicts", "Episodes", 1), head, rows);
            }
            _ => return too_few(),
        };
        let mut shown: Vec<(String, Vec<usize>)> = Vec::new();
        for at in &merged.kept {
            if let (Some((label, _)), Some(counts)) = (rows.get(*at), counted.get(*at)) {
                shown.push((label.clone(), counts.clone()));
            }
        }
        if !merged.together.is_empty() {
            let others = if merged.kept.is_empty() { "" } else { "others " };
            shown.push((format!("{} {others}together", merged.together.len()), merged.sums.clone()));
        }
        let divided = self.columns.len() > 1;
        let largest = shown.iter().map(|(_, counts)| counts.iter().sum::<usize>()).max().unwrap_or(0);
        let total: Vec<usize> =
            (0..self.columns.len()).map(|at| counted.iter().filter_map(|row| row.get(at)).sum()).collect();
        framed(
            caption,
            html! {
                thead {
                    tr {
                        th scope="col" { (head) }
                        @for column in &self.columns { th.number scope="col" { (column.label) } }
                        @if divided { th.number scope="col" { "all" } }
                        th scope="col" { (self.legend()) }
                    }
                }
                tbody {
                    @for (label, counts) in &shown {
                        tr {
                            th scope="row" { (label) }
                            @for count in counts { td.number { (thousands(*count)) } }
                            @if divided { td.number { (thousands(counts.iter().sum())) } }
                            td.drawn { (self.bar(counts, largest)) }
                        }
                    }
                }
                @if shown.len() > 1 {
                    tfoot {
                        tr {
                            th scope="row" { "all" }
                            @for count in &total { td.number { (thousands(*count)) } }
                            @if divided { td.number { (thousands(total.iter().sum())) } }
                            td {}
                        }
                    }
                }
            },
        )
    }

    /// Writes a table of two fields; of each cell all episodes, and those that are impermissible.
    pub(super) fn matrix(&self, caption: &str, heads: [&str; 2], of: &Matrix) -> Markup {
        let counted: Vec<Vec<usize>> = of.cells.iter().map(|counts| self.counts(counts)).collect();
        let merged = match merge(&counted, self.least) {
            Some(merged) if !merged.kept.is_empty() || self.columns.len() == 1 => merged,
            _ if self.columns.len() > 1 => return self.undivided().matrix(caption, heads, of),
            _ => return too_few(),
        };
        let broken = self.columns.iter().position(|column| column.verdicts == [0]);
        let across = of.across.len();
        let cell = |at: usize| {
            let counts = counted.get(at).filter(|counts| counts.iter().sum::<usize>() > 0);
            let broken = broken.zip(counts).and_then(|(column, counts)| counts.get(column)).filter(|count| **count > 0);
            html! {
                @if merged.together.contains(&at) { "·" }
                @else if let Some(counts) = counts {
                    strong { (thousands(counts.iter().sum())) }
                    @if let Some(broken) = broken { br; span.quiet { (thousands(*broken)) " ✕" } }
                } @else { span.quiet { "–" } }
            }
        };
        html! {
            (framed(caption, html! {
                thead {
                    tr { th scope="col" { (heads[0]) " ↓  " (heads[1]) " →" } @for name in &of.across { th.number scope="col" { (name) } } }
                }
                tbody {
                    @for (row, name) in of.down.iter().enumerate() {
                        tr {
                            th scope="row" { (name) }
                            @for column in 0..across { td.number { (cell(row * across + column)) } }
                        }
                    }
                }
            }))
            @if broken.is_some() { p.remark { "✕ impermissible" } }
            @if !merged.together.is_empty() {
                p.remark {
                    "· stands where a number would be small: these cells have " (thousands(merged.sums.iter().sum()))
                    " episodes together."
                }
            }
        }
    }

    /// Draws a row: a stretch for each column.
    fn bar(&self, counts: &[usize], largest: usize) -> Markup {
        let mut from = 0;
        let stretches = counts.iter().zip(&self.columns).map(|(count, column)| {
            let begins = from;
            from += count * WIDTH * 10 / largest.max(1);
            (begins, from - begins, column.pattern)
        });
        let stretches: Vec<(usize, usize, &str)> = stretches.filter(|(_, width, _)| *width > 0).collect();
        html! {
            svg aria-hidden="true" viewBox={"0 0 " (WIDTH) " 14"} width=(WIDTH) height="14" {
                @for (begins, width, pattern) in stretches {
                    rect x=(tenths(begins)) y="0.5" width=(tenths(width)) height="13" class={"bar " (pattern)} {}
                }
            }
        }
    }

    fn legend(&self) -> Markup {
        html! {
            @for column in &self.columns {
                span.key { svg aria-hidden="true" viewBox="0 0 14 14" width="12" height="12" {
                    rect x="0.5" y="0.5" width="13" height="13" class={"bar " (column.pattern)} {}
                } " " (column.label) } " "
            }
        }
    }
}

/// The width of the longest bar.
const WIDTH: usize = 160;

fn tenths(tenths: usize) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The cells of two fields, row by row.
pub(super) struct Matrix {
    pub(super) down: Vec<String>,
    pub(super) across: Vec<String>,
    pub(super) cells: Vec<Counts>,
}

impl Column {
    fn of(verdicts: Vec<usize>) -> Self {
        let words: Vec<&str> = verdicts.iter().filter_map(|at| Verdict::ALL.get(*at)).map(|one| one.words()).collect();
        let label = if words.len() == Verdict::ALL.len() { "episodes".to_owned() } else { words.join(" or ") };
        let pattern = match verdicts.as_slice() {
            [one] => PATTERNS.get(*one).copied().unwrap_or("mixed"),
            _ => "mixed",
        };
        Self { label, verdicts, pattern }
    }
}

/// Writes a table of numbers with no verdicts, each of a whole: `None` stands where one may not be shown.
pub(super) fn numbers(caption: &str, heads: &[&str], rows: &[(Markup, Vec<Option<usize>>)]) -> Markup {
    framed(
        caption,
        html! {
            thead {
                tr {
                    @for (at, head) in heads.iter().enumerate() {
                        @if at == 0 { th scope="col" { (head) } } @else { th.number scope="col" { (head) } }
                    }
                }
            }
            tbody {
                @for (label, counts) in rows {
                    tr {
                        th scope="row" { (label) }
                        @for count in counts {
                            td.number { @match count { Some(count) => (thousands(*count)), None => "·" } }
                        }
                    }
                }
            }
        },
    )
}

/// Puts a table into a frame that scrolls, and that the keyboard reaches.
pub(super) fn framed(caption: &str, table: Markup) -> Markup {
    html! {
        div.wide role="region" aria-label=(caption) tabindex="0" { table { caption { (caption) } (table) } }
    }
}

fn too_few() -> Markup {
    html! { p.remark { "There are too few episodes to show this without telling small numbers." } }
}

/// Defines the patterns of all bars.
pub(super) fn patterns() -> Markup {
    html! {
        svg.unseen aria-hidden="true" width="0" height="0" {
            defs {
                pattern #p-undetermined width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect width="6" height="6" fill="var(--paper)" {}
                    rect width="2.5" height="6" fill="var(--ink)" {}
                }
                pattern #p-not-covered width="5" height="5" patternUnits="userSpaceOnUse" {
                    rect width="5" height="5" fill="var(--paper)" {}
                    circle cx="2.5" cy="2.5" r="1" fill="var(--ink)" {}
                }
                pattern #p-mixed width="6" height="6" patternUnits="userSpaceOnUse" {
                    rect width="6" height="6" fill="var(--paper)" {}
                    path d="M0 3H6M3 0V6" stroke="var(--ink)" stroke-width="1" {}
                }
            }
        }
    }
}
