//! The list of what is owed, for people.

use std::fmt::Write;

use anstyle::AnsiColor;
use jiff::Timestamp;

use super::super::due::Due;
use super::{Terminal, counted};

/// Writes the list, soonest first, and how many things there are.
pub fn due_list(due: &[Due], open: usize, as_of: Timestamp, terminal: Terminal) -> String {
    let mut text = String::new();
    for one in due {
        entry(&mut text, one, terminal);
    }
    let overdue = due.iter().filter(|one| one.is_overdue()).count();
    let owed = counted(due.len(), "thing is owed", "things are owed");
    let _ = writeln!(text, "{owed}, {overdue} overdue, as of {as_of}");
    if open > 0 {
        let open = counted(open, "duty is open for want of evidence", "duties are open for want of evidence");
        let _ = writeln!(text, "{open}: `forbear audit` shows why");
    }
    text
}

fn entry(text: &mut String, due: &Due, terminal: Terminal) {
    let status = format!("{:<11}", due.status);
    let status = if due.is_overdue() { terminal.coloured(AnsiColor::Red, &status) } else { terminal.bold(&status) };
    let left = if due.left.is_empty() { String::new() } else { format!("  ({})", due.left) };
    let _ = writeln!(text, "{status} {}{left}", due.by);
    let who = due.who.as_ref().map(|who| format!("  owed by {who}")).unwrap_or_default();
    let _ = writeln!(text, "            {}: `{}`{who}", due.episode, due.act);
    let title = if due.title.is_empty() { String::new() } else { format!("  \"{}\"", due.title) };
    let _ = writeln!(text, "            by rule `{}`{title}\n", due.rule);
}
