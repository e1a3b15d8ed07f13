//! `forbear explain-code`: the page of a code.

use crate::diagnostic::{all_codes, did_you_mean, find_code};

use super::Ended;
use super::arguments::ExplainCodeArguments;
use super::common::{complain, write};

/// Runs the command.
pub(super) fn run(arguments: &ExplainCodeArguments) -> Ended {
    let text = match &arguments.code {
        None => all_codes()
            .iter()
            .map(|code| format!("{:<8} {:<44} {}\n", code.severity().word(), code.name(), code.title()))
            .collect(),
        Some(name) => match find_code(name) {
            Some(code) => format!("{}  ({})\n\n{}", code.name(), code.severity().word(), code.page()),
            None => return unknown(name),
        },
    };
    match write(&text) {
        Ok(()) => Ended::Clean,
        Err(ended) => ended,
    }
}

fn unknown(name: &str) -> Ended {
    let full = if name.starts_with("forbear::") { name.to_owned() } else { format!("forbear::{name}") };
    let help = did_you_mean(&full, all_codes().iter().map(|code| code.name()));
    let help = help.unwrap_or_else(|| "`forbear explain-code` without a code lists all".to_owned());
    complain(&format!("there is no code `{name}`; {help}"))
}
