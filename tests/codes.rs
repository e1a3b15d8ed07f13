//! Every code has a page that is fit to be read, and whose samples do what they say: the bad one has the problem and no
//! other, the good one has none.
//!
//! The index of all pages, `docs/codes/README.md`, is checked row by row. Samples of two
//! blocks, a policy and a log, are audited; what is particular to them stands in `logs`.

#[cfg(test)]
mod codes {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use forbear::check::{lint_names, lints, load};
    use forbear::diagnostic::{Code, Diagnostic, Severity, all_codes, find_code};
    use forbear::prove::claims;
    use forbear::source::Sources;
    use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

    /// The least length of a long text: two short paragraphs.
    const SHORTEST_TEXT: usize = 200;

    #[test]
    fn names_are_unique_and_well_formed() {
        let names: BTreeSet<&str> = all_codes().iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), all_codes().len(), "a code stands twice in the register");
        for name in names {
            let parts: Vec<&str> = name.split("::").collect();
            assert_eq!((parts.len(), parts[0]), (3, "forbear"), "{name}");
            let is_plain = |part: &str| part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            assert!(parts.iter().all(|part| !part.is_empty() && is_plain(part)), "{name}");
            assert_eq!(find_code(name).map(Code::name), Some(name));
        }
    }

    #[test]
    fn every_page_is_of_a_code() {
        for file in pages() {
            let (area, name) = (stem(file.parent().unwrap()), stem(&file));
            assert!(find_code(&format!("{area}::{name}")).is_some(), "no code for {}", file.display());
        }
        assert_eq!(pages().len(), all_codes().len());
    }

    #[test]
    fn every_page_says_what_it_should() {
        let unfit: Vec<String> = all_codes().iter().flat_map(|code| shape_problems(*code)).collect();
        assert!(unfit.is_empty(), "\n{}", unfit.join("\n"));
    }

    #[test]
    fn samples_do_what_they_say() {
        let plain = all_codes().iter().filter(|code| !needs_log(**code));
        let wrong: Vec<String> = plain.flat_map(|code| sample_problems(*code)).collect();
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    #[test]
    fn every_lint_can_be_allowed_by_the_last_part_of_its_code() {
        let of_policies = all_codes().iter().filter(|code| code.severity() == Severity::Lint);
        // One is of audits, the other of `allow` itself.
        let mut wanted: BTreeSet<&str> = of_policies.map(|code| name(*code)).collect();
        assert!(wanted.remove("made_good") && wanted.remove("allows_nothing"));
        assert_eq!(lint_names().collect::<BTreeSet<_>>(), wanted);
    }

    #[test]
    fn samples_of_logs_do_what_they_say() {
        let of_logs = all_codes().iter().filter(|code| needs_log(**code));
        let wrong: Vec<String> = of_logs.flat_map(|code| logs::sample_problems(*code)).collect();
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    #[test]
    fn the_index_names_every_code_in_the_order_of_the_register() {
        let index = fs::read_to_string(folder().join("README.md")).unwrap();
        let found: Vec<&str> = index.lines().filter(|line| line.starts_with("| [`")).collect();
        let wanted: Vec<String> = all_codes().iter().map(|code| index_row(*code)).collect();
        assert_eq!(found, wanted, "write the rows of docs/codes/README.md so:\n{}\n", wanted.join("\n"));
    }

    /// Says whether a page's samples are a policy and a log.
    fn needs_log(code: Code) -> bool {
        matches!(area(code), "log" | "mapping") || page(code).bad.block(logs::LOGS).is_some()
    }

    fn index_row(code: Code) -> String {
        let (area, name) = (area(code), name(code));
        format!("| [`{area}::{name}`]({area}/{name}.md) | {} | {} |", code.severity().word(), code.title())
    }

    fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes")
    }

    /// Finds the page files: those in the folders of the areas.
    fn pages() -> Vec<PathBuf> {
        let entries = |folder: &Path| -> Vec<PathBuf> {
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
        };
        let areas = entries(&folder()).into_iter().filter(|path| path.is_dir());
        areas.flat_map(|area| entries(&area)).collect()
    }

    fn stem(path: &Path) -> String {
        path.file_stem().unwrap().to_string_lossy().into_owned()
    }

    fn area(code: Code) -> &'static str {
        code.name().split("::").nth(1).unwrap()
    }

    fn name(code: Code) -> &'static str {
        code.name().split("::").nth(2).unwrap()
    }

    /// A page in its parts.
    struct Page {
        /// What stands between the title and the first sample.
        text: String,
        bad: Sample,
        good: Sample,
        headings: Vec<String>,
    }

    /// What stands under `## Bad` or `## Good`.
    #[derive(Default)]
    struct Sample {
        /// The fenced blocks: language and text.
        blocks: Vec<(String, String)>,
        prose: String,
    }

    impl Sample {
        fn is_none_on_purpose(&self) -> bool {
            self.prose.starts_with("No sample: ")
        }

        fn block(&self, languages: &[&str]) -> Option<&(String, String)> {
            self.blocks.iter().find(|(language, _)| languages.contains(&language.as_str()))
        }
    }

    fn page(code: Code) -> Page {
        let mut page =
            Page { text: String::new(), bad: Sample::default(), good: Sample::default(), headings: Vec::new() };
        let (mut in_heading, mut language) = (false, None);
        for event in Parser::new(code.page()) {
            match event {
                Event::Start(Tag::Heading { .. }) => {
                    in_heading = true;
                    page.headings.push(String::new());
                }
                Event::End(TagEnd::Heading(_)) => in_heading = false,
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    language = Some(info.to_string());
                    page.sample().blocks.push((info.to_string(), String::new()));
                }
                Event::End(TagEnd::CodeBlock) => language = None,
                Event::Text(text) if language.is_some() => {
                    page.sample().blocks.last_mut().unwrap().1.push_str(&text);
                }
                Event::Text(text) | Event::Code(text) if in_heading => {
                    page.headings.last_mut().unwrap().push_str(&text)
                }
                Event::Text(text) | Event::Code(text) => page.prose().push_str(&text),
                _ => {}
            }
        }
        page
    }

    impl Page {
        fn sample(&mut self) -> &mut Sample {
            if self.headings.last().is_some_and(|heading| heading == "Good") { &mut self.good } else { &mut self.bad }
        }

        fn prose(&mut self) -> &mut String {
            if self.headings.len() < 2 { &mut self.text } else { &mut self.sample().prose }
        }
    }

    /// Says what is wrong with the shape of a page.
    fn shape_problems(code: Code) -> Vec<String> {
        let page = page(code);
        let has_samples = |sample: &Sample| sample.is_none_on_purpose() || !sample.blocks.is_empty();
        let title = code.title();
        let faults = [
            (!code.page().starts_with("# "), "does not begin with `# title`"),
            (title.is_empty() || title == name(code), "has no title of its own"),
            (title.ends_with('.'), "has a full stop after its title"),
            (page.text.len() < SHORTEST_TEXT, "has no long text"),
            (page.headings.iter().skip(1).map(String::as_str).ne(["Bad", "Good"]), "lacks `## Bad` and `## Good`"),
            (!has_samples(&page.bad) || !has_samples(&page.good), "lacks a sample, and a line `No sample: why`"),
        ];
        let said = |(is_wrong, what): (bool, &str)| is_wrong.then(|| format!("the page of {} {what}", code.name()));
        faults.into_iter().filter_map(said).collect()
    }

    /// Runs both samples and says which does not do what it should.
    fn sample_problems(code: Code) -> Vec<String> {
        let page = page(code);
        let with_lints = code.severity() == Severity::Lint;
        let found = |sample: &Sample| sample.block(&["forbear", "markdown"]).map(|block| load_block(block, with_lints));
        let (Some(bad), Some(good)) = (found(&page.bad), found(&page.good)) else {
            let none = page.bad.is_none_on_purpose() && page.good.is_none_on_purpose();
            return if none { Vec::new() } else { vec![format!("{} has no sample that can be run", code.name())] };
        };
        let mut wrong = Vec::new();
        if bad.is_empty() || bad.iter().any(|problem| problem.code != code) {
            wrong.push(format!("the bad sample of {} gives {}", code.name(), told(&bad)));
        }
        if !good.is_empty() {
            wrong.push(format!("the good sample of {} gives {}", code.name(), told(&good)));
        }
        wrong
    }

    fn load_block((language, text): &(String, String), with_lints: bool) -> Vec<Diagnostic> {
        let mut sources = Sources::new();
        sources.add(if language == "markdown" { "sample.forbear.md" } else { "sample.forbear" }, text.as_str());
        sources.add("calendars/ward.yaml", include_str!("requirements/calendars/ward.yaml"));
        let mut checked = load(&mut sources);
        if !checked.has_errors() {
            let proved = claims(&checked.set, &checked.problems);
            checked.problems.extend(proved);
        }
        if with_lints {
            let found = lints(&checked, &sources, logs::PRESENT.parse().unwrap());
            checked.problems.extend(found);
        }
        checked.problems
    }

    fn told(problems: &[Diagnostic]) -> String {
        let told: Vec<String> =
            problems.iter().map(|problem| format!("{}: {}", problem.code.name(), problem.message)).collect();
        if told.is_empty() { "no problem".to_owned() } else { told.join("; ") }
    }

    /// Samples of two blocks: a policy (for area `log` perhaps only a vocabulary) and a log that is audited by it.
    mod logs {
        use std::path::Path;
        use std::sync::Arc;

        use forbear::audit::{Audit, Clock, Judged, Sink};
        use forbear::check::load;
        use forbear::diagnostic::{Code, Diagnostic};
        use forbear::log::{Format, Input, Limits, Mapping, Unreadable};
        use forbear::report::{Identities, diagnose};
        use forbear::source::Sources;

        use super::{Sample, area, page, told};

        /// The languages of the second block; each is also the extension of a log.
        pub(super) const LOGS: &[&str] = &["yaml", "json", "jsonl", "csv"];

        /// The present of every sample.
        pub(super) const PRESENT: &str = "2026-12-31T00:00:00Z";

        /// Says which sample of a page does not do what it should.
        pub(super) fn sample_problems(code: Code) -> Vec<String> {
            let page = page(code);
            let mut wrong = Vec::new();
            if let Some(bad) = audited(code, &page.bad, &mut wrong)
                && (bad.is_empty() || bad.iter().any(|problem| problem.code != code))
            {
                wrong.push(format!("the bad sample of {} gives {}", code.name(), told(&bad)));
            }
            if let Some(good) = audited(code, &page.good, &mut wrong)
                && !good.is_empty()
            {
                wrong.push(format!("the good sample of {} gives {}", code.name(), told(&good)));
            }
            wrong
        }

        /// Audits a sample; `None` if there is none on purpose, or what there is cannot be used, which is reported.
        fn audited(code: Code, sample: &Sample, wrong: &mut Vec<String>) -> Option<Vec<Diagnostic>> {
            if sample.is_none_on_purpose() {
                return None;
            }
            let (Some((_, policy)), Some((extension, log))) = (sample.block(&["forbear"]), sample.block(LOGS)) else {
                wrong.push(format!("a sample of {} lacks a policy or a log", code.name()));
                return None;
            };
            let mut sources = Sources::new();
            sources.add("sample.forbear", policy.as_str());
            sources.add("calendars/ward.yaml", include_str!("requirements/calendars/ward.yaml"));
            let checked = load(&mut sources);
            if checked.has_errors() {
                wrong.push(format!("the policy of a sample of {} gives {}", code.name(), told(&checked.problems)));
                return None;
            }
            let id = sources.add(format!("sample.{extension}"), log.as_str());
            let format = Format::of_path(Path::new(&format!("sample.{extension}"))).unwrap();
            let mut input = Input::new(id, format);
            if let Some((_, text)) = sample.block(&["yaml mapping"]) {
                let mapping = sources.add("mapping.yaml", text.as_str());
                let vocabularies: Vec<_> = checked.set.policies.iter().flat_map(|policy| &policy.versions).collect();
                let vocabularies: Vec<_> = vocabularies.iter().map(|version| &*version.vocabulary).collect();
                let (mapping, problems) = Mapping::read(&sources, mapping, &vocabularies);
                if !problems.is_empty() {
                    return Some(problems);
                }
                input.mapping = Some(Arc::new(mapping));
            }
            let inputs = [input];
            let present = PRESENT.parse().unwrap();
            let audit = Audit {
                set: &checked.set,
                sources: &sources,
                inputs: &inputs,
                clock: Clock::at(present),
                limits: Limits::default(),
            };
            let mut found = Found {
                sources: &sources,
                with_verdicts: !matches!(area(code), "log" | "mapping"),
                problems: Vec::new(),
            };
            let summary = audit.run(false, &mut found);
            let Found { mut problems, .. } = found;
            problems.extend(summary.log_findings);
            Some(problems)
        }

        /// Collects what an audit finds: for pages of area `log` only what is wrong with the log, since what follows from
        /// it for the verdict is the business of other pages.
        struct Found<'a> {
            sources: &'a Sources,
            with_verdicts: bool,
            problems: Vec<Diagnostic>,
        }

        impl Sink for Found<'_> {
            fn judged(&mut self, record: &Judged<'_>) {
                if self.with_verdicts {
                    self.problems.extend(diagnose(record, self.sources, &Identities::CLEAR));
                } else {
                    self.problems.extend(record.findings.iter().cloned());
                }
            }

            fn unreadable(&mut self, unreadable: &Unreadable) {
                self.problems.push(unreadable.diagnostic());
            }
        }
    }
}
