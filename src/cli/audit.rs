//! `forbear audit`: every episode of the logs, judged by the policies.

use std::io::{self, IsTerminal, Write};

use crate::audit::{Audit, Nowhere, Running, Sink, Summary, Wants};
use crate::diagnostic::Severity;
use crate::judge::Verdict;
use crate::policy::PolicySet;
use crate::report::human::{self, AuditPrinter, Terminal};
use crate::report::{About, InputRecord, Report, github, html, json, junit, rows, sarif};

use super::arguments::{AuditArguments, AuditFailOn, AuditFormat};
use super::common::{self, Loaded, load, stdout_terminal};
use super::logs;
use super::output::{NoReport, deliver};
use super::progress::Progress;
use super::{Ended, privacy};

/// Runs the command.
pub(super) fn run(arguments: &AuditArguments) -> Ended {
    match load(&arguments.policies).and_then(|loaded| audit(arguments, loaded)) {
        Ok(ended) | Err(ended) => ended,
    }
}

fn audit(arguments: &AuditArguments, mut loaded: Loaded) -> Result<Ended, Ended> {
    common::require_sound(&loaded, arguments.quiet)?;
    let inputs = logs::open(&arguments.log.log, &arguments.log.mapping, &loaded.checked.set, &mut loaded.sources)?;
    let identities = privacy::identities(&arguments.log.privacy)?;
    privacy::require_tables(arguments.format, &identities)?;
    let (set, sources) = (&loaded.checked.set, &loaded.sources);
    let clock = common::clock(&arguments.log)?;
    let audit = Audit { set, sources, inputs: &inputs, clock, limits: common::limits(&arguments.log) };
    common::require_no_later_record(&audit)?;
    let output = arguments.output.as_deref();
    let about = About { set, sources, clock, identities: &identities };
    let bytes = passes(arguments, set.policies.len()) * audit.bytes(wants(arguments.format));
    let progress = Progress::new(bytes, shows_progress(arguments));
    let inputs = || common::input_records(&loaded, &inputs);
    let asked = Asked { arguments, about, audit: &audit, inputs: &inputs, progress: &progress };
    let summary = if arguments.format == AuditFormat::Human && arguments.quiet && output.is_none() {
        deliver(None, |_| asked.run(asked.audit, &mut Nowhere))?
    } else {
        deliver(output, |to| asked.write(to))?
    };
    progress.finish();
    if summary.partial {
        return Err(common::complain(&format!("the audit was stopped after {} records", summary.records)));
    }
    Ok(ended(arguments, &summary, &loaded))
}

/// Lines that are written to a terminal while the audit runs would go through the bar.
fn shows_progress(arguments: &AuditArguments) -> bool {
    let writes_at_once = arguments.format != AuditFormat::Human && arguments.output.is_none();
    !(arguments.quiet || (writes_at_once && io::stdout().is_terminal()))
}

/// Gives how many times the logs are judged.
fn passes(arguments: &AuditArguments, policies: usize) -> u64 {
    match arguments.format {
        AuditFormat::Junit => 1 + policies as u64,
        _ => 1,
    }
}

/// Gives what a report wants to be given of the records.
fn wants(format: AuditFormat) -> Wants {
    match format {
        AuditFormat::Human | AuditFormat::Csv | AuditFormat::Github => Wants::Findings,
        _ => Wants::Everything,
    }
}

/// The report that was asked for.
struct Asked<'a> {
    arguments: &'a AuditArguments,
    about: About<'a>,
    audit: &'a Audit<'a>,
    /// Gives the inputs with their digests: when the logs have been read.
    inputs: &'a dyn Fn() -> Vec<InputRecord>,
    progress: &'a Progress,
}

impl Asked<'_> {
    fn write(&self, to: &mut dyn Write) -> io::Result<Summary> {
        let about = self.about;
        match self.arguments.format {
            AuditFormat::Human => self.for_people(to),
            AuditFormat::Json => self.report(&mut json::Document::new(to, about)),
            AuditFormat::Jsonl => self.report(&mut json::Lines::new(to, about)),
            AuditFormat::Sarif => self.report(&mut sarif::Findings::new(to, about)),
            AuditFormat::Html => self.report(&mut html::Page::new(to, about)),
            AuditFormat::Csv => self.report(&mut rows::Rows::new(to, about)),
            AuditFormat::Github => self.report(&mut github::Annotations::new(to, about)),
            AuditFormat::Junit => self.suites(to),
        }
    }

    /// Judges, and shows how far it is. A log that cannot be read to its end gives no report: it would be about less than it says.
    fn run(&self, audit: &Audit<'_>, sink: &mut dyn Sink) -> io::Result<Summary> {
        let summary = audit.run_so(Running { watch: Some(self.progress), ..Running::default() }, sink);
        match audit.sources.broken() {
            None => Ok(summary),
            Some((name, reason)) => {
                Err(NoReport(format!("the log `{name}` cannot be read to its end: {reason}")).into())
            }
        }
    }

    fn report(&self, report: &mut dyn Report) -> io::Result<Summary> {
        let summary = self.run(self.audit, report)?;
        self.progress.finish();
        report.finish(&summary, &(self.inputs)())?;
        Ok(summary)
    }

    fn for_people(&self, to: &mut dyn Write) -> io::Result<Summary> {
        let terminal = if self.arguments.output.is_some() { Terminal::PLAIN } else { stdout_terminal() };
        let mut printer = AuditPrinter::new(self.about.sources, self.about.identities, terminal, self.arguments.show);
        let summary = self.run(self.audit, &mut printer)?;
        self.progress.finish();
        to.write_all(printer.finish(&summary).as_bytes())?;
        let closing = human::closing_lines(self.about.clock, self.about.identities.privacy(), &(self.inputs)());
        to.write_all(closing.as_bytes())?;
        Ok(summary)
    }

    /// Writes a suite for each policy: once through the log to count, and once for each policy. What was counted has to be there,
    /// so that a part of an audit is none.
    fn suites(&self, to: &mut dyn Write) -> io::Result<Summary> {
        let mut counting = junit::Counting::new(self.about.set.policies.len());
        let summary = self.run_whole(self.audit, &mut counting)?;
        let mut suites = junit::Suites::begin(to, self.about, counting, (self.inputs)())?;
        for (at, policy) in self.about.set.policies.iter().enumerate() {
            let alone = PolicySet { policies: vec![policy.clone()] };
            let mut suite = suites.suite(at, &policy.name)?;
            let of_policy = Audit { set: &alone, limits: self.audit.limits.clone(), ..*self.audit };
            let summary = self.run_whole(&of_policy, &mut suite)?;
            suite.finish(&summary)?;
        }
        self.progress.finish();
        suites.finish()?;
        Ok(summary)
    }

    fn run_whole(&self, audit: &Audit<'_>, sink: &mut dyn Sink) -> io::Result<Summary> {
        let summary = self.run(audit, sink)?;
        if summary.partial {
            self.progress.finish();
            return Err(
                NoReport("the audit was stopped, and JUnit XML cannot tell a part from the whole".to_owned()).into()
            );
        }
        Ok(summary)
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
