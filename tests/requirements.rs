//! Real institutional requirements, each stated as a policy and shown by episodes that comply and episodes that do not.
//!
//! `requirements/R001.forbear` states the requirement R001 and cites it; `R001.yaml` is a log whose first line gives the
//! clock. Records whose id begins with `ok` are permissible and owe nothing that was missed; those that begin with `bad`
//! fail. `docs/requirements.md` lists every requirement, those that the language cannot state among them.

#[cfg(test)]
mod requirements {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::{Path, PathBuf};

    use forbear::audit::{Audit, Clock, Judged, Sink};
    use forbear::check::{Checked, load};
    use forbear::judge::{Chain, Verdict};
    use forbear::log::{Format, Input, Limits, Unreadable};
    use forbear::report::human::{Terminal, render_all};
    use forbear::source::{SourceId, Sources};

    const TERMINAL: Terminal = Terminal { colour: false, width: 100 };

    #[test]
    fn every_requirement_is_kept_and_broken_as_its_log_says() {
        let mut wrong = Vec::new();
        for name in stated() {
            wrong.extend(problems(&name).into_iter().map(|problem| format!("{name}: {problem}")));
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    /// Says what is wrong with one requirement.
    fn problems(name: &str) -> Vec<String> {
        let mut sources = Sources::new();
        let text = |ending: &str| fs::read_to_string(folder().join(format!("{name}.{ending}"))).unwrap();
        sources.add(format!("{name}.forbear"), text("forbear"));
        sources.add("calendars/ward.yaml", fs::read_to_string(folder().join("calendars/ward.yaml")).unwrap());
        let checked = load(&mut sources);
        let mut wrong = Vec::new();
        if !checked.problems.is_empty() {
            wrong.push(format!("the policy has problems\n{}", render_all(&checked.problems, &sources, TERMINAL)));
        }
        if checked.has_errors() {
            return wrong;
        }
        wrong.extend(uncited(&checked, name));
        let log = text("yaml");
        let as_of = log.lines().next().unwrap().strip_prefix("# as of ").expect("the first line gives the clock");
        let clock = Clock::at(as_of.trim().parse().unwrap());
        let id = sources.add_protected(format!("{name}.yaml"), log);
        wrong.extend(judged(&checked, &sources, id, clock));
        wrong
    }

    fn judged(checked: &Checked, sources: &Sources, id: SourceId, clock: Clock) -> Vec<String> {
        let inputs = [Input::new(id, Format::Yaml)];
        let audit = Audit { set: &checked.set, sources, inputs: &inputs, clock, limits: Limits::default() };
        let mut found = Found::default();
        audit.run(false, &mut found);
        for sort in ["ok", "bad"] {
            if !found.sorts.contains_key(sort) {
                found.wrong.push(format!("no record is `{sort}`"));
            }
        }
        found.wrong
    }

    /// Says which rules do not cite the requirement.
    fn uncited(checked: &Checked, name: &str) -> Vec<String> {
        let versions = checked.set.policies.iter().flat_map(|policy| &policy.versions);
        let rules = versions.flat_map(|version| &version.rules).filter(|rule| !rule.is_permit());
        let uncited = rules.filter(|rule| !rule.cites.iter().any(|cited| cited.starts_with(name)));
        uncited.map(|rule| format!("rule `{}` does not cite it", rule.name)).collect()
    }

    #[derive(Default)]
    struct Found {
        sorts: BTreeMap<&'static str, usize>,
        wrong: Vec<String>,
    }

    impl Sink for Found {
        fn judged(&mut self, record: &Judged<'_>) {
            let id = record.id.clone().unwrap_or_default();
            if !record.findings.is_empty() {
                self.wrong.push(format!("{id} has findings: {:?}", record.findings));
            }
            let sort = ["ok", "bad"].into_iter().find(|sort| id.starts_with(sort));
            let Some(sort) = sort else { return };
            *self.sorts.entry(sort).or_default() += 1;
            let missed = |chain: Chain| matches!(chain, Chain::Failed | Chain::MadeGood | Chain::Undetermined);
            let owes = record.results.iter().flat_map(|result| &result.judgement.duties).any(|duty| missed(duty.chain));
            let complies = record.leading_verdict() == Verdict::Permissible && !owes;
            if (sort == "ok" && !complies) || (sort == "bad" && !record.fails()) {
                let told: Vec<_> = record.results.iter().map(|result| &result.judgement).collect();
                self.wrong.push(format!("{id} is judged otherwise: {told:?}"));
            }
        }

        fn unreadable(&mut self, unreadable: &Unreadable) {
            self.wrong.push(format!("unreadable: {}", unreadable.reason));
        }
    }

    #[test]
    fn the_table_lists_every_requirement_once() {
        let table = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/requirements.md")).unwrap();
        let rows: Vec<(&str, bool)> = table.lines().filter_map(row).collect();
        let listed: Vec<&str> = rows.iter().filter(|(_, stated)| *stated).map(|(name, _)| *name).collect();
        assert_eq!(listed, stated(), "the table's stated rows are those that have a policy here");
        assert!(rows.len() >= 90 && listed.len() >= 60, "{} of {}", listed.len(), rows.len());
    }

    /// Reads a row of the table: `| R001 | stated | … |`.
    fn row(line: &str) -> Option<(&str, bool)> {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        match cells.as_slice() {
            ["", name, standing, ..] if name.starts_with('R') && name.len() == 4 => Some((name, *standing == "stated")),
            _ => None,
        }
    }

    /// Gives the requirements that have a policy, in order.
    fn stated() -> Vec<String> {
        let paths = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
        let is_policy = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "forbear");
        let mut names: Vec<String> =
            paths.filter(is_policy).map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/requirements")
    }
}
