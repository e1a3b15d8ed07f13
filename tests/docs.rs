//! What the reference shows is run: docs/language.md, docs/logs.md, docs/mapping.md and docs/output.md.
//!
//! # How the pages are read
//!
//! A `forbear` fence is a whole file, or a fragment that is completed:
//! - a fragment that begins with `rule` or `define` stands in a policy `sample` over the clinical vocabulary, which
//!   permits by default unless the fragment has a `permit when` of its own;
//! - one that begins with `scale`, `kind` or `field` stands in a vocabulary `sample`.
//!
//! A `markdown` fence is a literate policy. A fence must have no problem at all; one marked `wrong` or `warns` has
//! exactly those whose codes stand in the prose below it, with an error among them, or none.
//!
//! A fence in the language of a log (`yaml`, `json`, `jsonl`, `csv`) is audited by the last good policy above it under
//! the same heading; where there is none, by a policy that permits everything. The `text` fence below it says what
//! comes of it, a line each, and of the findings all. A `yaml mapping` fence above it under the same heading is its mapping:
//!
//! ```text
//! EP-1  impermissible by RULE, RULE      or `by default`; `permissible`, `not covered`
//! EP-1  undetermined for want of FIELD, FIELD
//! EP-1  judged by version LABEL
//! EP-1  RULE is excused                  a status, perhaps with `by silence`; of a permit `given`, `not given`
//! EP-1  FIELD is missing                 or `unfit`, `partial`, `present`, or its value
//! EP-1  forbear::log::unfit              a finding of this record
//! line 3  unreadable
//! log  forbear::log::duplicate_id        a finding of the log as a whole
//! ```
//!
//! Of a table whose first heading is *you write*, each row begins with conditions that must be accepted; where it is
//! *refused*, with conditions that give the code in the same row. In docs/output.md each `sh` fence is run: `ward.forbear`
//! and `episodes.yaml` are the last such fences above it, the comment in its line is the exit code, and the fence below
//! it is its output, in which pseudonyms, digests, the clock and the version of the program are masked.

#[cfg(test)]
mod docs {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use forbear::check::{Checked, load};
    use forbear::diagnostic::{Severity, find_code};
    use forbear::policy::NormKind;
    use forbear::source::Sources;

    use page::{Block, Page, Table, page};

    /// Begins a fragment of rules, before `default permit` where it has no permit of its own.
    const POLICY: &str = "policy sample \"Sample\"\n  vocabulary clinical\n";

    /// Begins a fragment of declarations.
    const VOCABULARY: &str = "vocabulary sample \"Sample\"\n\n";

    #[test]
    fn the_language_is_as_its_page_says() {
        run("language.md");
    }

    #[test]
    fn logs_are_read_as_their_page_says() {
        run("logs.md");
    }

    #[test]
    fn mappings_are_read_as_their_page_says() {
        run("mapping.md");
    }

    #[test]
    fn exact_verdicts_are_as_their_page_says() {
        run("exact.md");
    }

    #[test]
    fn output_is_as_its_page_says() {
        run("output.md");
        commands::run_page("output.md");
    }

    #[test]
    fn reports_are_as_their_page_says() {
        run("reports.md");
        commands::run_page("reports.md");
    }

    #[test]
    fn privacy_is_as_its_page_says() {
        run("privacy.md");
        commands::run_page("privacy.md");
    }

    #[test]
    fn every_field_of_machine_output_is_told() {
        let text = text_of("output.md");
        let mut names = BTreeSet::new();
        property_names(&forbear::report::json::schema(), &mut names);
        let untold: Vec<&String> = names.iter().filter(|name| !text.contains(&format!("`{name}`"))).collect();
        assert!(untold.is_empty(), "docs/output.md does not tell {untold:?}");
    }

    #[test]
    fn the_sections_of_the_reference_are_those_of_the_grammar() {
        let page = page("language.md");
        let headings: Vec<String> = page.headings(2).map(str::to_lowercase).collect();
        let mut from = 0;
        for section in grammar_sections() {
            let at = headings.iter().skip(from).position(|heading| heading.starts_with(&section));
            assert!(at.is_some(), "no section `{section}` in its place; the sections are {headings:?}");
            from += at.unwrap() + 1;
        }
    }

    #[test]
    fn every_norm_has_a_section_of_its_own() {
        use NormKind::{Forbid, Limit, Never, Oblige, Permit, Require, RescuePlan, RiskCeiling, Supervision};
        let page = page("language.md");
        for norm in [Permit, Forbid, Never, Require, RiskCeiling, Supervision, RescuePlan, Limit, Oblige] {
            assert!(page.headings(3).any(|heading| heading == norm.words()), "no section `{}`", norm.words());
        }
    }

    #[test]
    fn reserved_words_are_reserved() {
        let page = page("language.md");
        let listed = page.words_below("Reserved words");
        for word in grammar_reserved() {
            assert!(listed.contains(&word), "the page does not list `{word}`");
        }
        for word in &listed {
            let found = codes_of(&complete(&format!("field {word} boolean\n")));
            let expected = BTreeSet::from(["forbear::syntax::reserved_name".to_owned()]);
            assert_eq!(found, expected, "as the name of a field, `{word}`");
            let found = codes_of(&complete(&format!("rule {word} \"A title\"\n  require failure.anticipated\n")));
            assert!(!found.is_empty(), "as the name of a rule, `{word}`");
        }
        for word in page.words_below("Words that are no level and no name") {
            let found = codes_of(&complete(&format!("kind sort\n  one_thing, {word}\n")));
            assert!(found.contains("forbear::syntax::reserved_name"), "as a name of a kind, `{word}`: {found:?}");
        }
    }

    #[test]
    fn every_code_that_is_named_exists() {
        for name in ["language.md", "logs.md", "mapping.md", "output.md", "reports.md", "privacy.md"] {
            let text = text_of(name);
            let named = text.split(['`', ' ', '\n', '"']).filter(|word| word.starts_with("forbear::"));
            let unknown: Vec<&str> = named.filter(|code| find_code(code).is_none()).collect();
            assert!(unknown.is_empty(), "docs/{name} names {unknown:?}");
        }
    }

    /// Runs all samples of a page.
    fn run(name: &str) {
        let page = page(name);
        let mut wrong: Vec<String> = page.fences().flat_map(|at| fence_problems(&page, at)).collect();
        wrong.extend(page.tables().flat_map(|(line, table)| table_problems(line, table)));
        wrong.extend(page.fences().flat_map(|at| logs::problems(&page, at)));
        let wrong: Vec<String> = wrong.into_iter().map(|problem| format!("docs/{name}:{problem}")).collect();
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
    }

    /// Says what a fence of policy or vocabulary does that the page does not say.
    fn fence_problems(page: &Page, at: usize) -> Option<String> {
        let Block::Fence { info, text, line } = &page.blocks[at] else { return None };
        let (language, mark) = info.split_once(' ').unwrap_or((info, ""));
        let name = match language {
            "forbear" => "sample.forbear",
            "markdown" => "sample.forbear.md",
            _ => return None,
        };
        let checked = check(name, &if language == "forbear" { complete(text) } else { text.clone() }).1;
        let found: BTreeSet<String> = checked.problems.iter().map(|problem| problem.code.name().to_owned()).collect();
        let told = if mark.is_empty() { BTreeSet::new() } else { page.codes_below(at) };
        let has_marked_severity = match mark {
            "" => true,
            "wrong" => checked.has_errors(),
            "warns" => checked.problems.iter().any(|problem| problem.severity() == Severity::Warning),
            other => return Some(format!("{line}: a fence is marked `{other}`")),
        };
        let is_right = found == told && has_marked_severity && (mark != "warns" || !checked.has_errors());
        (!is_right).then(|| format!("{line}: the page tells {told:?}, but there is\n{}", words(&checked)))
    }

    fn table_problems(line: usize, table: &Table) -> Vec<String> {
        let refused = match table.head.first().map(String::as_str) {
            Some("you write") => false,
            Some("refused") => true,
            _ => return Vec::new(),
        };
        let mut wrong = Vec::new();
        for row in &table.rows {
            let told: BTreeSet<String> = if refused { full_codes(&row[1..].concat()) } else { BTreeSet::new() };
            for condition in &row[0] {
                let found = codes_of(&complete(&format!("rule sample_rule \"A title\"\n  require {condition}\n")));
                if found != told || (refused && told.is_empty()) {
                    wrong.push(format!("{line}: `{condition}` gives {found:?}, and the table tells {told:?}"));
                }
            }
        }
        wrong
    }

    /// Gives the codes among inline texts; they may be written without `forbear::`.
    fn full_codes(inline: &[String]) -> BTreeSet<String> {
        let known = inline.iter().filter(|text| text.contains("::")).filter_map(|text| find_code(text));
        known.map(|code| code.name().to_owned()).collect()
    }

    /// Completes a fragment to a file.
    fn complete(fragment: &str) -> String {
        let lines = fragment.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let first = lines.clone().next().unwrap_or("").split_whitespace().next().unwrap_or("").to_lowercase();
        let permits = lines.clone().any(|line| line.to_lowercase().starts_with("permit when"));
        match first.as_str() {
            "rule" | "define" => {
                let default = if permits { "" } else { "  default permit\n" };
                format!("{POLICY}{default}\n{fragment}")
            }
            "scale" | "kind" | "field" => format!("{VOCABULARY}{fragment}"),
            _ => fragment.to_owned(),
        }
    }

    fn check(name: &str, text: &str) -> (Sources, Checked) {
        let mut sources = Sources::new();
        sources.add(name, text);
        sources.add("calendars/ward.yaml", include_str!("requirements/calendars/ward.yaml"));
        let checked = load(&mut sources);
        (sources, checked)
    }

    fn codes_of(text: &str) -> BTreeSet<String> {
        let problems = check("sample.forbear", text).1.problems;
        problems.iter().map(|problem| problem.code.name().to_owned()).collect()
    }

    fn words(checked: &Checked) -> String {
        let told = checked.problems.iter().map(|problem| format!("  {}: {}", problem.code.name(), problem.message));
        let told: Vec<String> = told.collect();
        if told.is_empty() { "  no problem".to_owned() } else { told.join("\n") }
    }

    fn text_of(name: &str) -> String {
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap()
    }

    fn grammar() -> String {
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar/forbear.pest")).unwrap()
    }

    /// Gives the sections of the grammar that are about the language, in their order.
    fn grammar_sections() -> Vec<String> {
        let grammar = grammar();
        let titles = grammar.lines().filter_map(|line| line.strip_prefix("// ---- "));
        let titles = titles.map(|line| line.trim_end_matches('-').trim().to_owned());
        titles.take_while(|title| title != "recovery").collect()
    }

    /// Gives the words that the grammar reserves.
    fn grammar_reserved() -> Vec<String> {
        let grammar = grammar();
        let (_, after) = grammar.split_once("\nreserved = @{").unwrap();
        let (rule, _) = after.split_once('}').unwrap();
        rule.split("^\"").skip(1).map(|part| part.split('"').next().unwrap().to_owned()).collect()
    }

    fn property_names(schema: &serde_json::Value, names: &mut BTreeSet<String>) {
        match schema {
            serde_json::Value::Object(object) => {
                let properties = object.get("properties").and_then(serde_json::Value::as_object);
                names.extend(properties.into_iter().flat_map(|properties| properties.keys().cloned()));
                object.values().for_each(|value| property_names(value, names));
            }
            serde_json::Value::Array(values) => values.iter().for_each(|value| property_names(value, names)),
            _ => {}
        }
    }

    /// A page in its blocks.
    mod page {
        use std::collections::BTreeSet;
        use std::ops::Range;

        use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

        use super::{full_codes, text_of};

        /// A part of a page.
        pub(super) enum Block {
            Heading {
                level: usize,
                title: String,
            },
            Fence {
                info: String,
                text: String,
                line: usize,
            },
            /// What stands in inline code.
            Prose(Vec<String>),
            Table {
                line: usize,
                table: Table,
            },
        }

        /// A table: its headings, and what stands in inline code in each cell.
        #[derive(Default)]
        pub(super) struct Table {
            pub(super) head: Vec<String>,
            pub(super) rows: Vec<Vec<Vec<String>>>,
        }

        pub(super) struct Page {
            pub(super) blocks: Vec<Block>,
        }

        impl Page {
            /// Gives where the fences are.
            pub(super) fn fences(&self) -> impl Iterator<Item = usize> + '_ {
                let is_fence = |at: &usize| matches!(self.blocks[*at], Block::Fence { .. });
                (0..self.blocks.len()).filter(is_fence)
            }

            pub(super) fn tables(&self) -> impl Iterator<Item = (usize, &Table)> {
                self.blocks.iter().filter_map(|block| match block {
                    Block::Table { line, table } => Some((*line, table)),
                    _ => None,
                })
            }

            pub(super) fn headings(&self, wanted: usize) -> impl Iterator<Item = &str> {
                self.blocks.iter().filter_map(move |block| match block {
                    Block::Heading { level, title } if *level == wanted => Some(title.as_str()),
                    _ => None,
                })
            }

            /// Gives the codes that the prose between a block and the next fence or heading names.
            pub(super) fn codes_below(&self, at: usize) -> BTreeSet<String> {
                let below = self.blocks.iter().skip(at + 1);
                let prose = below.map_while(|block| match block {
                    Block::Prose(inline) => Some(full_codes(inline)),
                    Block::Table { .. } => Some(BTreeSet::new()),
                    _ => None,
                });
                prose.flatten().collect()
            }

            /// Gives the words of the first `text` fence below a heading.
            pub(super) fn words_below(&self, title: &str) -> Vec<String> {
                let is_it = |block: &Block| matches!(block, Block::Heading { title: found, .. } if found == title);
                let at = self.blocks.iter().position(is_it).unwrap_or(self.blocks.len());
                let fence = self.blocks.iter().skip(at).find_map(|block| match block {
                    Block::Fence { info, text, .. } if info == "text" => Some(text),
                    _ => None,
                });
                fence.unwrap().split_whitespace().map(str::to_owned).collect()
            }
        }

        /// Reads a page.
        pub(super) fn page(name: &str) -> Page {
            let text = text_of(name);
            let mut reader = Reader { text: &text, page: Page { blocks: Vec::new() }, inline: None, title: None };
            for (event, range) in Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter() {
                reader.take(event, range);
            }
            reader.page
        }

        struct Reader<'t> {
            text: &'t str,
            page: Page,
            /// The inline code of the paragraph or cell that is being read.
            inline: Option<Vec<String>>,
            /// The text of the heading that is being read.
            title: Option<String>,
        }

        impl Reader<'_> {
            fn take(&mut self, event: Event<'_>, range: Range<usize>) {
                match event {
                    Event::Start(tag) => self.start(tag, range.start),
                    Event::End(tag) => self.end(tag),
                    Event::Code(code) => {
                        self.inline.iter_mut().for_each(|inline| inline.push(code.to_string()));
                        self.title.iter_mut().for_each(|title| title.push_str(&code));
                    }
                    Event::Text(text) => match (self.page.blocks.last_mut(), &mut self.title) {
                        (_, Some(title)) => title.push_str(&text),
                        (Some(Block::Fence { text: fence, .. }), None) if self.inline.is_none() => {
                            fence.push_str(&text);
                        }
                        _ => {}
                    },
                    _ => {}
                }
            }

            fn start(&mut self, tag: Tag<'_>, at: usize) {
                let line = self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
                match tag {
                    Tag::Heading { .. } => self.title = Some(String::new()),
                    Tag::Paragraph => self.inline = Some(Vec::new()),
                    Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                        self.page.blocks.push(Block::Fence { info: info.to_string(), text: String::new(), line });
                    }
                    Tag::Table(_) => self.page.blocks.push(Block::Table { line, table: Table::default() }),
                    Tag::TableRow => self.table().rows.push(Vec::new()),
                    Tag::TableCell => {
                        self.inline = Some(Vec::new());
                        self.title = Some(String::new());
                    }
                    _ => {}
                }
            }

            fn end(&mut self, tag: TagEnd) {
                match tag {
                    TagEnd::Heading(level) => {
                        let title = self.title.take().unwrap_or_default();
                        self.page.blocks.push(Block::Heading { level: number(level), title });
                    }
                    TagEnd::Paragraph => {
                        let inline = self.inline.take().unwrap_or_default();
                        self.page.blocks.push(Block::Prose(inline));
                    }
                    TagEnd::TableCell => {
                        let (inline, title) = (self.inline.take(), self.title.take());
                        let table = self.table();
                        match table.rows.last_mut() {
                            Some(row) => row.push(inline.unwrap_or_default()),
                            None => table.head.push(title.unwrap_or_default()),
                        }
                    }
                    _ => {}
                }
            }

            fn table(&mut self) -> &mut Table {
                match self.page.blocks.last_mut() {
                    Some(Block::Table { table, .. }) => table,
                    _ => panic!("a cell outside a table"),
                }
            }
        }

        fn number(level: HeadingLevel) -> usize {
            level as usize
        }
    }

    /// Logs with what comes of them.
    mod logs {
        use std::collections::BTreeSet;
        use std::path::Path;
        use std::sync::Arc;

        use forbear::audit::{Audit, Clock, Judged, PolicyResult, Sink};
        use forbear::episode::Slot;
        use forbear::judge::{Because, LinkJudgement, Outcome, Status, Truth};
        use forbear::log::{Format, Input, Limits, Mapping, Unreadable};
        use forbear::policy::{FieldId, FieldType, Value, number, time};
        use forbear::source::Sources;

        use super::page::{Block, Page};
        use super::{check, complete};

        /// The present of every sample.
        const PRESENT: &str = "2026-12-31T00:00:00Z";

        /// Permits everything: for logs above which no policy stands.
        const NO_RULES: &str = "policy sample \"Sample\"\n  vocabulary clinical\n  default permit\n";

        /// Says what comes of a log that the `text` fence below it does not say.
        pub(super) fn problems(page: &Page, at: usize) -> Vec<String> {
            let Block::Fence { info, text, line } = &page.blocks[at] else { return Vec::new() };
            let Some(format) = Format::of_path(Path::new(&format!("sample.{info}"))) else { return Vec::new() };
            let Some(told) = told_below(page, at) else { return Vec::new() };
            let (mut sources, checked) = check("sample.forbear", &policy_above(page, at));
            let id = sources.add(format!("sample.{info}"), text.as_str());
            let mut input = Input::new(id, format);
            if let Some(mapping) = mapping_above(page, at) {
                let mapping = sources.add("mapping.yaml", mapping);
                let versions = checked.set.policies.iter().flat_map(|policy| &policy.versions);
                let vocabularies: Vec<_> = versions.map(|version| &*version.vocabulary).collect();
                let (mapping, problems) = Mapping::read(&sources, mapping, &vocabularies);
                if !problems.is_empty() {
                    return problems.iter().map(|problem| format!("{line}: {}", problem.message)).collect();
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
                facts: BTreeSet::new(),
                findings: BTreeSet::new(),
                subjects: BTreeSet::new(),
            };
            let summary = audit.run(true, &mut found);
            found.findings.extend(summary.log_findings.iter().map(|finding| format!("log {}", finding.code.name())));
            found.compare(&told).into_iter().map(|problem| format!("{line}: {problem}")).collect()
        }

        /// Gives the lines of the `text` fence that is the next fence below.
        fn told_below(page: &Page, at: usize) -> Option<BTreeSet<String>> {
            let next = page.blocks.iter().skip(at + 1).find_map(|block| match block {
                Block::Fence { info, text, .. } => Some((info.as_str(), text)),
                _ => None,
            });
            let (_, text) = next.filter(|(info, _)| *info == "text")?;
            let one_blank = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
            Some(text.lines().map(one_blank).filter(|line| !line.is_empty()).collect())
        }

        /// Gives the last mapping above, under the same heading.
        fn mapping_above(page: &Page, at: usize) -> Option<&str> {
            let above = page.blocks.iter().take(at).rev();
            let mut above = above.take_while(|block| !matches!(block, Block::Heading { .. }));
            above.find_map(|block| match block {
                Block::Fence { info, text, .. } if info == "yaml mapping" => Some(text.as_str()),
                _ => None,
            })
        }

        /// Gives the last good policy above, under the same heading.
        fn policy_above(page: &Page, at: usize) -> String {
            let above = page.blocks.iter().take(at).rev();
            let mut above = above.take_while(|block| !matches!(block, Block::Heading { .. }));
            let found = above.find_map(|block| match block {
                Block::Fence { info, text, .. } if matches!(info.as_str(), "forbear" | "forbear warns") => {
                    Some(complete(text))
                }
                _ => None,
            });
            match found {
                Some(text) if text.starts_with("vocabulary") && !text.contains("\npolicy ") => {
                    let name = text.split_whitespace().nth(1).unwrap();
                    format!("{text}\npolicy sample \"Sample\"\n  vocabulary {name}\n  default permit\n")
                }
                Some(text) => text,
                None => NO_RULES.to_owned(),
            }
        }

        /// What an audit says, in the words of the pages.
        struct Found<'a> {
            sources: &'a Sources,
            /// Everything that may be told.
            facts: BTreeSet<String>,
            /// What must be told.
            findings: BTreeSet<String>,
            /// The records, each of which must be told of.
            subjects: BTreeSet<String>,
        }

        impl Found<'_> {
            fn compare(&self, told: &BTreeSet<String>) -> Vec<String> {
                let is_told = |subject: &String| told.iter().any(|line| line.starts_with(&format!("{subject} ")));
                let of = |line: &str| {
                    let subject = format!("{} ", line.split(' ').next().unwrap_or(""));
                    let of_it =
                        self.facts.iter().filter(|fact| fact.starts_with(&subject) && !fact.ends_with("is missing"));
                    of_it.map(|fact| format!("\n    {fact}")).collect::<String>()
                };
                let wrong = told.iter().filter(|line| !self.facts.contains(*line) && !self.findings.contains(*line));
                let mut wrong: Vec<String> =
                    wrong.map(|line| format!("it is not so that `{line}`; there is{}", of(line))).collect();
                let untold = self.findings.iter().filter(|finding| !told.contains(*finding));
                wrong.extend(untold.map(|finding| format!("`{finding}` is not told")));
                let untold = self.subjects.iter().filter(|subject| !is_told(subject));
                wrong.extend(untold.map(|subject| format!("nothing is told of `{subject}`")));
                wrong
            }
        }

        impl Sink for Found<'_> {
            fn judged(&mut self, record: &Judged<'_>) {
                let at = self.sources.line_column(record.place).line;
                let subject = record.id.clone().unwrap_or_else(|| format!("line {at}"));
                let found = record.findings.iter().map(|finding| format!("{subject} {}", finding.code.name()));
                self.findings.extend(found);
                let facts = record.results.iter().flat_map(facts).map(|fact| format!("{subject} {fact}"));
                self.facts.extend(facts);
                self.subjects.insert(subject);
            }

            fn unreadable(&mut self, unreadable: &Unreadable) {
                self.findings.insert(format!("line {} unreadable", self.sources.line_column(unreadable.at).line));
            }
        }

        fn facts(result: &PolicyResult<'_>) -> Vec<String> {
            let mut facts = vec![result.judgement.verdict.words().to_owned(), verdict(result)];
            let Some(version) = result.version else { return facts };
            facts.extend(version.label.iter().map(|label| format!("judged by version {label}")));
            for (rule, outcome) in version.rules.iter().zip(&result.judgement.outcomes) {
                facts.push(format!("{} is {}", rule.name, outcome_words(outcome)));
            }
            for (id, field) in version.vocabulary.field_ids().zip(&version.vocabulary.fields) {
                facts.extend(states(result, id).into_iter().map(|state| format!("{} is {state}", field.name)));
            }
            for duty in &result.judgement.duties {
                let rule = result.version.and_then(|version| version.rules.get(duty.rule.0 as usize));
                let link = |(at, link): (usize, &LinkJudgement)| {
                    let status = link.status.word().replace('_', " ");
                    rule.map(|rule| format!("{} link {} is {status}", rule.name, at + 1))
                };
                facts.extend(duty.links.iter().enumerate().filter_map(link));
            }
            if result.fails() {
                facts.push("fails".to_owned());
            }
            facts
        }

        /// Gives the verdict with the rules or fields that it rests on.
        fn verdict(result: &PolicyResult<'_>) -> String {
            let judgement = &result.judgement;
            let rules = result.version.map(|version| version.rules.as_slice()).unwrap_or_default();
            let violated = rules
                .iter()
                .zip(&judgement.outcomes)
                .filter(|(rule, outcome)| rule.decides() && outcome.status() == Some(Status::Violated));
            let violated: Vec<&str> = violated.map(|(rule, _)| rule.name.as_str()).collect();
            let wanting = result.wanting().values;
            let wanting: Vec<String> = wanting.iter().map(|wanted| result.wanted_name(*wanted)).collect();
            let words = result.verdict().words();
            if result.verdict() != judgement.verdict {
                return format!("{words} whatever the value");
            }
            match judgement.because {
                Because::ByDefault => format!("{words} by default"),
                Because::Violations => format!("{words} by {}", violated.join(", ")),
                Because::Undetermined | Because::ScopeOpen | Because::TimeOpen => {
                    format!("{words} for want of {}", wanting.join(", "))
                }
                _ => words.to_owned(),
            }
        }

        fn outcome_words(outcome: &Outcome) -> String {
            match outcome {
                Outcome::Ground(Truth::True) => "given".to_owned(),
                Outcome::Ground(Truth::False) => "not given".to_owned(),
                Outcome::Ground(Truth::Unknown) => "undetermined".to_owned(),
                Outcome::Duty(chain) => chain.word().replace('_', " "),
                Outcome::Requirement { status, by_silence } => {
                    let by_silence = if *by_silence { " by silence" } else { "" };
                    format!("{}{by_silence}", status.word().replace('_', " "))
                }
            }
        }

        /// Gives the words that are true of a field: its state, and its value if there is one way of writing it.
        fn states(result: &PolicyResult<'_>, id: FieldId) -> Vec<String> {
            match result.episode.slot(id) {
                Slot::Missing => vec!["missing".to_owned()],
                Slot::Unfit => vec!["unfit".to_owned()],
                Slot::Present(value) if value.is_partial() => vec!["partial".to_owned()],
                Slot::Present(value) => {
                    [Some("present".to_owned()), shown(result, id, value)].into_iter().flatten().collect()
                }
            }
        }

        fn shown(result: &PolicyResult<'_>, id: FieldId, value: &Value) -> Option<String> {
            let vocabulary = &result.version?.vocabulary;
            let list = match vocabulary.field(id)?.kind {
                FieldType::Kind(list) | FieldType::Scale(list) | FieldType::SetOfKind(list) => vocabulary.list(list),
                _ => None,
            };
            Some(match value {
                Value::Boolean(value) => value.to_string(),
                Value::Number(value) => number::write(*value),
                Value::Percent(value) => format!("{} %", number::write(*value)),
                Value::Duration(value) => time::write_duration(*value),
                Value::Date(day) => day.to_string(),
                Value::Text(text) => format!("\"{text}\""),
                Value::Name(name) => list?.name_of(*name).to_owned(),
                Value::Names(names) if names.members.is_empty() => "empty".to_owned(),
                Value::Names(names) => {
                    let names: Vec<&str> =
                        names.members.iter().map(|name| list.map_or("", |list| list.name_of(*name))).collect();
                    names.join(", ")
                }
                Value::Instant(_) | Value::Identity(_) | Value::People(_) | Value::Period(_) => return None,
            })
        }
    }

    /// Commands with what they write.
    mod commands {
        use std::fs;
        use std::path::PathBuf;
        use std::process::Command;

        use super::page::{Block, Page};

        /// Runs every command of a page.
        pub(super) fn run_page(name: &str) {
            let wrong = problems(&super::page(name), name);
            assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
        }

        /// Runs every command of a page, and says which does something else than the page says.
        fn problems(page: &Page, name: &str) -> Vec<String> {
            let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("docs").join(name);
            // What an earlier run left is none of this one's business.
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(&folder).unwrap();
            let mut wrong = Vec::new();
            for at in page.fences() {
                let Block::Fence { info, text, line } = &page.blocks[at] else { continue };
                match info.split(' ').next().unwrap_or("") {
                    "forbear" => fs::write(folder.join("ward.forbear"), text).unwrap(),
                    "yaml" => fs::write(folder.join("episodes.yaml"), text).unwrap(),
                    "sh" => wrong.extend(text.lines().flat_map(|command| {
                        let problem = run(&folder, command, output_below(page, at));
                        problem.map(|problem| format!("docs/{name}:{line}: {problem}"))
                    })),
                    _ => {}
                }
            }
            wrong
        }

        fn output_below(page: &Page, at: usize) -> Option<&str> {
            match page.blocks.get(at + 1) {
                Some(Block::Fence { info, text, .. }) if info != "sh" => Some(text),
                _ => None,
            }
        }

        fn run(folder: &PathBuf, line: &str, told: Option<&str>) -> Option<String> {
            let (command, comment) = line.split_once('#').unwrap_or((line, ""));
            let arguments = command.split_whitespace().skip(1);
            let mut program = Command::new(env!("CARGO_BIN_EXE_forbear"));
            let output = program.args(arguments).current_dir(folder).env("NO_COLOR", "1").output().unwrap();
            let code = output.status.code();
            let expected = comment.trim().strip_prefix("exit code ").and_then(|code| code.trim().parse().ok());
            if expected.is_none() || code != expected {
                return Some(format!("`{line}` ends with {code:?}"));
            }
            let is = masked(&String::from_utf8(output.stdout).unwrap());
            let told = masked(told?);
            (is != told).then(|| format!("`{line}` writes\n{is}\nand the page shows\n{told}"))
        }

        /// Masks what differs from run to run: pseudonyms, digests, moments, the version of the program.
        fn masked(text: &str) -> String {
            let text = text.replace(&format!("\"{}\"", env!("CARGO_PKG_VERSION")), "\"…\"");
            let mut masked = String::new();
            let mut word = String::new();
            for c in text.trim_end().chars().chain(['\n']) {
                if c.is_alphanumeric() || matches!(c, '-' | ':' | '.') {
                    word.push(c);
                    continue;
                }
                masked.push_str(mask(&word));
                word.clear();
                masked.push(c);
            }
            masked
        }

        fn mask(word: &str) -> &str {
            let bare = word.trim_end_matches([':', '.']);
            let is_digest = bare.len() == 64 && bare.chars().all(|c| c.is_ascii_hexdigit());
            let is_pseudonym = bare.len() == 13 && bare.starts_with("P-");
            let is_moment = bare.len() >= 20 && bare.ends_with('Z') && bare.contains('T');
            if is_digest || is_pseudonym || is_moment { "…" } else { word }
        }
    }
}
