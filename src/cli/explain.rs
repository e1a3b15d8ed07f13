//! `forbear explain`: the whole reasoning on one episode.

use crate::audit::{Audit, Judged, Running, Sink};
use crate::diagnostic::did_you_mean;
use crate::judge::Verdict;
use crate::log::Unreadable;
use crate::report::explain::explain;
use crate::report::{Identities, Privacy};
use crate::source::Sources;

use super::arguments::ExplainArguments;
use super::common::{self, Loaded, complain, load, write};
use super::logs;
use super::{Ended, privacy};

/// Runs the command.
pub(super) fn run(arguments: &ExplainArguments) -> Ended {
    match load(&arguments.policies).and_then(|loaded| explain_one(arguments, loaded)) {
        Ok(ended) | Err(ended) => ended,
    }
}

fn explain_one(arguments: &ExplainArguments, mut loaded: Loaded) -> Result<Ended, Ended> {
    common::require_sound(&loaded, false)?;
    let inputs = logs::open(&arguments.log.log, &arguments.log.mapping, &loaded.checked.set, &mut loaded.sources)?;
    let identities = privacy::identities(&arguments.log.privacy)?;
    let (set, sources) = (&loaded.checked.set, &loaded.sources);
    let clock = common::clock(&arguments.log)?;
    let audit = Audit { set, sources, inputs: &inputs, clock, limits: common::limits(&arguments.log) };
    common::require_no_later_record(&audit)?;
    let mut search = Search {
        wanted: &arguments.episode,
        sources,
        identities: &identities,
        found: Vec::new(),
        others: Vec::new(),
        worst: None,
        fails: false,
    };
    let is_wanted = |id: &str| id == arguments.episode || identities.episode(id) == arguments.episode;
    audit.run_so(Running { all_reasons: true, about: Some(&is_wanted), ..Running::default() }, &mut search);
    common::require_read(sources)?;
    if search.found.is_empty() {
        let help = did_you_mean(&arguments.episode, search.others.iter().map(String::as_str));
        let help = help.map(|help| format!("; {help}")).unwrap_or_default();
        return Err(complain(&format!("no record of these logs has the id `{}`{help}", arguments.episode)));
    }
    write(&search.found.join("\n"))?;
    let clean = matches!(search.worst, Some(Verdict::Permissible | Verdict::NotCovered)) && !search.fails;
    Ok(if clean { Ended::Clean } else { Ended::Findings })
}

/// Looks for the records of one id.
struct Search<'a> {
    wanted: &'a str,
    sources: &'a Sources,
    identities: &'a Identities,
    found: Vec<String>,
    others: Vec<String>,
    worst: Option<Verdict>,
    fails: bool,
}

impl Sink for Search<'_> {
    fn judged(&mut self, record: &Judged<'_>) {
        match &record.id {
            Some(id) if id == self.wanted || self.identities.episode(id) == self.wanted => {
                self.worst = self.worst.max(Some(record.leading_verdict()));
                self.fails |= record.fails() || record.has_open_duty();
                self.found.push(explain(record, self.sources, self.identities));
            }
            Some(id) if self.identities.privacy() > Privacy::Committee => self.others.push(id.clone()),
            Some(_) | None => {}
        }
    }

    fn unreadable(&mut self, _unreadable: &Unreadable) {}
}
