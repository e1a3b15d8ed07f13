//! Which sheets of a spreadsheet are logs: the one that there is, or those that a mapping names.

use std::collections::BTreeMap;

use super::{CannotOpen, Input};
use crate::log::finding::quote;
use crate::log::mapping::Sheets;
use crate::source::{Grid, Source, SourceId, Sources};

/// Keeps of each spreadsheet the sheets that its mapping names; where nothing says which of several is meant, that is a
/// problem.
pub fn choose_sheets(inputs: &mut Vec<Input>, sources: &Sources) -> Vec<CannotOpen> {
    let mut of_files: BTreeMap<String, Vec<(&str, &Input)>> = BTreeMap::new();
    for input in inputs.iter() {
        if let Some(sheet) = sources.get(input.id).and_then(Source::grid).map(Grid::sheet) {
            of_files.entry(sources.name(input.id).to_owned()).or_default().push((sheet, input));
        }
    }
    let (mut problems, mut dropped) = (Vec::new(), Vec::new());
    for (name, sheets) in of_files {
        match chosen(&sheets) {
            Ok(not_meant) => dropped.extend(not_meant),
            Err(reason) => problems.push(CannotOpen { name, reason }),
        }
    }
    inputs.retain(|input| !dropped.contains(&input.id));
    problems
}

/// Gives the sheets of one file that are not meant.
fn chosen(sheets: &[(&str, &Input)]) -> Result<Vec<SourceId>, String> {
    let there: Vec<&str> = sheets.iter().map(|(sheet, _)| *sheet).collect();
    let mapping = sheets.first().and_then(|(_, input)| input.mapping.as_ref());
    match mapping.and_then(|mapping| mapping.reading().sheets.as_ref()) {
        Some(Sheets::All) => Ok(Vec::new()),
        None if there.len() == 1 => Ok(Vec::new()),
        None => Err(format!(
            "it has the sheets {}, and no mapping says which is meant, as in `sheets: [{}]` or `sheets: all`",
            all(&there),
            quote(there.first().unwrap_or(&""))
        )),
        Some(Sheets::Named(named)) => {
            if let Some(absent) = named.iter().find(|said| !there.contains(&said.value.as_str())) {
                let absent = quote(&absent.value);
                return Err(format!("it has no sheet `{absent}` with anything in it, but {}", all(&there)));
            }
            let is_named = |sheet: &str| named.iter().any(|said| said.value == sheet);
            Ok(sheets.iter().filter(|(sheet, _)| !is_named(sheet)).map(|(_, input)| input.id).collect())
        }
    }
}

fn all(sheets: &[&str]) -> String {
    sheets.iter().map(|sheet| format!("`{}`", quote(sheet))).collect::<Vec<_>>().join(", ")
}
