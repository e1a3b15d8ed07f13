//! `forbear audit`: every episode of the logs, judged by the policies.

use std::io::{self, Write};

use crate::audit::{Audit, Nowhere, Summary};
use crate::diagnostic::Severity;
use crate::judge::Verdict;
use crate::policy::PolicySet;
use crate::report::human::{self, AuditPrinter, Terminal};
use crate::report::{About, InputRecord, Report, github, html, json, junit, rows, sarif};

use super::arguments::{AuditArguments, AuditFailOn, AuditFormat};
use super::common::{self, Loaded, load, stdout_terminal};
use super::logs;
use super::output::deliver;
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
    let summary = if arguments.format == AuditFormat::Human && arguments.quiet && output.is_none() {
        audit.run(false, &mut Nowhere)
    } else {
        let about = About { set, sources, clock, identities: &identities };
        let asked = Asked { arguments, about, audit: &audit, inputs: &|| common::input_records(&loaded, &inputs) };
        deliver(output, |to| asked.write(to))?
    };
    Ok(ended(arguments, &summary, &loaded))
}

/// The report that was asked for.
struct Asked<'a> {
    arguments: &'a AuditArguments,
    about: About<'a>,
    audit: &'a Audit<'a>,
    /// Gives the inputs with their digests: when the logs have been read.
    inputs: &'a dyn Fn() -> Vec<InputRecord>,
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

    fn report(&self, report: &mut dyn Report) -> io::Result<Summary> {
        let summary = self.audit.run(false, report);
        report.finish(&summary, &(self.inputs)())?;
        Ok(summary)
    }

    fn for_people(&self, to: &mut dyn Write) -> io::Result<Summary> {
        let terminal = if self.arguments.output.is_some() { Terminal::PLAIN } else { stdout_terminal() };
        let mut printer = AuditPrinter::new(self.about.sources, self.about.identities, terminal, self.arguments.show);
        let summary = self.audit.run(false, &mut printer);
        to.write_all(printer.finish(&summary).as_bytes())?;
        let closing = human::closing_lines(self.about.clock, self.about.identities.privacy(), &(self.inputs)());
        to.write_all(closing.as_bytes())?;
        Ok(summary)
    }

    /// Writes a suite for each policy: once through the log to count, and once for each policy.
    fn suites(&self, to: &mut dyn Write) -> io::Result<Summary> {
        let mut counting = junit::Counting::new(self.about.set.policies.len());
        let summary = self.audit.run(false, &mut counting);
        let mut suites = junit::Suites::begin(to, self.about, counting, (self.inputs)())?;
        for (at, policy) in self.about.set.policies.iter().enumerate() {
            let alone = PolicySet { policies: vec![policy.clone()] };
            let mut suite = suites.suite(at, &policy.name)?;
            let of_policy =
                Audit { set: &alone, limits: self.audit.limits.clone(), ..*self.audit }.run(false, &mut suite);
            suite.finish(&of_policy)?;
        }
        suites.finish()?;
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
