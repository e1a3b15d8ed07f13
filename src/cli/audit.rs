//! `forbear audit`: every episode of the logs, judged by the policies.

use std::io::{self, BufWriter, IsTerminal};

use crate::audit::{Audit, Judged, Running, Sink, Summary, Wants};
use crate::diagnostic::Severity;
use crate::judge::Verdict;
use crate::log::Unreadable;
use crate::report::human::{self, AuditPrinter};
use crate::report::json;

use super::Ended;
use super::arguments::{AuditArguments, AuditFailOn, AuditFormat};
use super::common::{self, Loaded, load, stdout_terminal, write, written};
use super::progress::Progress;

/// Runs the command.
pub(super) fn run(arguments: &AuditArguments) -> Ended {
    match load(&arguments.policies).and_then(|loaded| audit(arguments, loaded)) {
        Ok(ended) | Err(ended) => ended,
    }
}

fn audit(arguments: &AuditArguments, mut loaded: Loaded) -> Result<Ended, Ended> {
    common::require_sound(&loaded, arguments.quiet)?;
    let inputs = common::open(&arguments.log.log, &mut loaded.sources)?;
    let identities = common::identities(&arguments.log)?;
    let (set, sources) = (&loaded.checked.set, &loaded.sources);
    let clock = common::clock(&arguments.log)?;
    let audit = Audit { set, sources, inputs: &inputs, clock, limits: common::limits(&arguments.log) };
    common::require_no_later_record(&audit)?;
    let progress = Progress::new(audit.bytes(), shows_progress(arguments));
    let running = Running { watch: Some(&progress), ..Running::default() };
    let summary = match arguments.format {
        AuditFormat::Human if arguments.quiet => audit.run_so(running, &mut Nowhere),
        AuditFormat::Human => {
            let mut printer = AuditPrinter::new(sources, &identities, stdout_terminal(), arguments.show);
            let summary = audit.run_so(running, &mut printer);
            progress.finish();
            common::require_read(sources)?;
            write(&printer.finish(&summary))?;
            write(&human::closing_lines(clock, &common::input_records(&loaded, &inputs)))?;
            summary
        }
        AuditFormat::Jsonl => {
            let mut lines = json::Lines::new(BufWriter::new(io::stdout().lock()), sources, &identities);
            let summary = audit.run_so(running, &mut lines);
            progress.finish();
            written(lines.finish(&summary))?;
            summary
        }
        AuditFormat::Json => {
            let mut document = json::Document::new(sources, &identities);
            let summary = audit.run_so(running, &mut document);
            progress.finish();
            common::require_read(sources)?;
            let records = common::input_records(&loaded, &inputs);
            let document = document.finish(set, &summary, records, clock);
            written(json::write(&mut BufWriter::new(io::stdout().lock()), &document))?;
            summary
        }
    };
    common::require_read(sources)?;
    if summary.partial {
        return Err(common::complain(&format!("the audit was stopped after {} records", summary.records)));
    }
    Ok(ended(arguments, &summary, &loaded))
}

/// Lines that are written to a terminal while the audit runs would go through the bar.
fn shows_progress(arguments: &AuditArguments) -> bool {
    let writes_lines = arguments.format == AuditFormat::Jsonl && io::stdout().is_terminal();
    !arguments.quiet && !writes_lines
}

/// Receives and forgets: only the summary is wanted.
struct Nowhere;

impl Sink for Nowhere {
    fn judged(&mut self, _record: &Judged<'_>) {}

    fn wants_reasons(&self) -> bool {
        false
    }

    fn unreadable(&mut self, _unreadable: &Unreadable) {}

    fn wants(&self) -> Wants {
        Wants::Nothing
    }
}

fn ended(arguments: &AuditArguments, summary: &Summary, loaded: &Loaded) -> Ended {
    let found = |what: &AuditFailOn| match what {
        AuditFailOn::Impermissible => summary.leading(Verdict::Impermissible) > 0,
        AuditFailOn::Duty => summary.has_duty(|counts| counts.failed > 0),
        AuditFailOn::Undetermined => {
            summary.leading(Verdict::Undetermined) > 0 || summary.has_duty(|counts| counts.undetermined > 0)
        }
        AuditFailOn::Unreadable => summary.unreadable > 0,
        AuditFailOn::Data => summary.has_finding(Severity::Error),
        AuditFailOn::Warning => {
            common::any_at_least(&loaded.checked, Severity::Warning) || summary.has_finding(Severity::Warning)
        }
        AuditFailOn::Never => false,
    };
    if arguments.fail_on.iter().any(found) { Ended::Findings } else { Ended::Clean }
}
