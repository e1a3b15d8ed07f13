//! The rules of the house: which module may know which, which crate comes in by which door, and how long things are.
//!
//! The source is read as text: comments, texts in quotes and test modules are left out, then every path in the code is
//! looked at, whether it stands in a `use` or not.

#![expect(clippy::string_slice, reason = "a slice off its mark fails the test, as it should")]

#[cfg(test)]
#[path = "house"]
mod house {
    mod paths;

    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use paths::{code, functions, paths};

    /// Who may know whom: a module, and the modules (or the items of modules) that it may name.
    const ARROWS: &[(&str, &[&str])] = &[
        ("source", &[]),
        ("diagnostic", &["source"]),
        ("syntax", &["source", "diagnostic"]),
        ("policy", &["source"]),
        ("episode", &["policy", "source"]),
        ("check", &["syntax", "episode", "policy", "diagnostic", "source"]),
        ("log", &["episode", "policy", "diagnostic", "source"]),
        ("judge", &["policy", "episode", "source"]),
        ("prove", &["judge", "episode", "policy", "diagnostic", "source"]),
        ("audit", &["prove", "judge", "log", "check", "syntax", "episode", "policy", "diagnostic", "source"]),
        ("trial", &["audit", "prove", "judge", "log", "check", "syntax", "episode", "policy", "diagnostic", "source"]),
        // It reads the results of a trial, and runs none.
        (
            "report",
            &[
                "trial::Coverage",
                "trial::Item",
                "trial::Score",
                "trial::Survivor",
                "trial::Tried",
                "check::Claim",
                "check::ClaimKind",
                "audit",
                "prove",
                "judge",
                "check::Checked",
                "log::Unreadable",
                "episode",
                "policy",
                "diagnostic",
                "source",
            ],
        ),
        (
            "render",
            &[
                "check::Checked",
                "check::Claim",
                "check::ClaimKind",
                "check::Example",
                "check::Prose",
                "check::ProseBlock",
                "check::ProsePart",
                "check::Situation",
                "check::Stress",
                "check::Subject",
                "policy",
                "source::Span",
                "diagnostic::printable",
            ],
        ),
        (
            "cli",
            &[
                "report",
                "render",
                "trial",
                "prove",
                "audit",
                "judge",
                "log",
                "check",
                "syntax",
                "episode",
                "policy",
                "diagnostic",
                "source",
            ],
        ),
        ("lib", &[]),
        ("main", &["cli"]),
    ];

    /// The doors: what comes from outside, and the only modules in which it may be named. Every dependency has one.
    const DOORS: &[(&str, &[&str])] = &[
        ("batsat", &["prove/solver"]),
        ("pest", &["syntax"]),
        ("pest_derive", &["syntax"]),
        ("pulldown_cmark", &["syntax"]),
        ("strsim", &["diagnostic"]),
        ("unicode_normalization", &["syntax", "policy"]),
        ("rust_decimal", &["policy", "episode/brief", "check", "log", "judge", "prove", "trial/mutation"]),
        (
            "jiff",
            &[
                "policy",
                "episode/brief",
                "check",
                "log",
                "judge",
                "prove",
                "audit",
                "trial",
                "report",
                "render/duty",
                "cli",
            ],
        ),
        ("granit_parser", &["log"]),
        ("flate2", &["log/inputs"]),
        ("ruzstd", &["log/inputs"]),
        ("tempfile", &["log/inputs"]),
        ("glob", &["log/inputs"]),
        ("calamine", &["log/spreadsheet"]),
        ("zip", &["log/spreadsheet"]),
        ("csv", &["log", "report/rows"]),
        ("quick_xml", &["report/junit", "log/spreadsheet"]),
        ("maud", &["report/html"]),
        ("memchr", &["source", "log", "audit"]),
        ("serde", &["log/json", "report", "check/calendars"]),
        ("serde_yaml", &["check/calendars"]),
        ("serde_json", &["log", "report"]),
        ("schemars", &["report"]),
        ("miette", &["report/human"]),
        ("anstyle", &["report/human"]),
        ("hmac", &["report"]),
        ("sha2", &["report", "cli", "log/inputs"]),
        ("clap", &["cli"]),
        ("clap_complete", &["cli"]),
        ("clap_mangen", &["cli"]),
        ("getrandom", &["cli"]),
        ("terminal_size", &["cli"]),
        ("ctrlc", &["cli/progress"]),
        ("indicatif", &["cli/progress"]),
        ("similar", &["cli/fmt"]),
        ("std::fs", &["cli", "log/inputs"]),
        ("std::env", &["cli"]),
        ("std::net", &[]),
        ("std::process::Command", &[]),
        ("io::stdin", &["cli", "log/inputs"]),
        ("io::stdout", &["cli"]),
        ("io::stderr", &["cli"]),
        ("SystemTime::now", &[]),
        ("Instant::now", &[]),
        ("Timestamp::now", &["cli/common"]),
        ("Zoned::now", &[]),
        ("TimeZone::system", &[]),
    ];

    /// Beyond this, a file has two ideas in it.
    const LONGEST_FILE: usize = 600;

    /// Beyond this, so has a function.
    const LONGEST_FUNCTION: usize = 100;

    #[test]
    fn modules_know_only_whom_they_may() {
        none_wrong(all_files().iter().flat_map(|file| wrong_arrows(&file.module, &file.text)));
    }

    #[test]
    fn what_comes_from_outside_comes_in_by_its_door() {
        none_wrong(all_files().iter().flat_map(|file| wrong_doors(&file.module, &file.text)));
    }

    #[test]
    fn every_module_and_every_dependency_is_in_the_tables() {
        let of_files: BTreeSet<String> = all_files().iter().map(|file| top(&file.module).to_owned()).collect();
        let in_table: BTreeSet<String> = ARROWS.iter().map(|(module, _)| (*module).to_owned()).collect();
        assert_eq!(of_files, in_table);
        for dependency in dependencies() {
            assert!(DOORS.iter().any(|(door, _)| *door == dependency), "`{dependency}` has no door");
        }
    }

    #[test]
    fn the_arrows_go_round_in_no_circle() {
        let mut built: BTreeSet<&str> = BTreeSet::new();
        while let Some((module, _)) = ARROWS.iter().find(|(module, known)| {
            !built.contains(module) && known.iter().all(|name| built.contains(name.split("::").next().unwrap()))
        }) {
            built.insert(module);
        }
        assert_eq!(built.len(), ARROWS.len(), "what is left goes round in a circle");
    }

    #[test]
    fn files_and_functions_are_short_and_files_say_what_they_are() {
        none_wrong(all_files().iter().flat_map(|file| wrong_sizes(&file.module, &file.text)));
    }

    #[test]
    fn the_rules_notice_what_breaks_them() {
        let cases: &[(&str, &str, &str)] = &[
            ("judge", "use crate::log::Record;", "`judge` may not know `log`"),
            ("judge/scope", "use crate::{episode::Episode, syntax::{ast, parse}};", "`judge` may not know `syntax`"),
            ("judge/scope", "fn f(x: crate::report::Identities) {}", "`judge` may not know `report`"),
            ("judge/scope", "use super::super::log::Record;", "`judge` may not know `log`"),
            ("report/human/audit", "use crate::log::open;", "`report` may not know `log::open`"),
            ("report/json", "use crate::log::{Unreadable, read};", "`report` may not know `log::read`"),
            ("report/json", "use crate::check::{self, Checked};", "`report` may not know `check`"),
            ("policy/rule", "pub use crate::diagnostic::Diagnostic as Problem;", "`policy` may not know `diagnostic`"),
            ("check/rule", "use pest::Parser;", "`pest` may not be named in `check/rule`"),
            ("report/json", "fn f(x: &dyn ::miette::Diagnostic) {}", "`miette` may not be named in `report/json`"),
            ("judge", "fn f() { let now = jiff::Timestamp::now(); }", "`Timestamp::now` may not be named in `judge`"),
            ("audit", "use std::{collections::BTreeMap, fs};", "`std::fs` may not be named in `audit`"),
            ("cli/audit", "use jiff::Timestamp;\nfn f() { Timestamp::now(); }", "`Timestamp::now` may not be named"),
        ];
        for (module, text, wanted) in cases {
            let found: Vec<String> = wrong_arrows(module, text).into_iter().chain(wrong_doors(module, text)).collect();
            assert!(found.len() == 1 && found[0].contains(wanted), "{module}: {text}\n{found:?}");
        }
        let fine: &[(&str, &str)] = &[
            ("judge", "// use crate::log::Record;\n/* crate::log */ fn f() -> &'static str { \"crate::log\" }"),
            ("judge", "#[cfg(test)]\nmod tests { use crate::log::Record; }\nuse crate::policy::Rule;"),
            ("judge/scope", "use super::truth::Truth;\nuse super::Judgement;"),
            ("log/csv", "use super::format;\nfn f() { ::csv::ReaderBuilder::new(); }"),
            ("report/human", "use miette::{Diagnostic, SourceCode};"),
            ("log/inputs", "fn f<'a>(x: &'a str) -> char { std::fs::read(x); '\"' }"),
        ];
        for (module, text) in fine {
            let found: Vec<String> = wrong_arrows(module, text).into_iter().chain(wrong_doors(module, text)).collect();
            assert_eq!(found, Vec::<String>::new(), "{module}: {text}");
        }
        let long = format!("//! Long.\nfn f() {{\n{}}}\n", "    g();\n".repeat(LONGEST_FUNCTION));
        assert_eq!(wrong_sizes("judge", &long), ["judge:2: `f` has 102 lines"]);
        assert_eq!(wrong_sizes("judge", &"//! Long.\n".repeat(601)), ["judge: 601 lines"]);
        assert_eq!(wrong_sizes("judge", "use std::io;\n"), ["judge: it opens without a `//!` comment"]);
    }

    /// Names each path by which a module reaches a module that it may not know.
    fn wrong_arrows(module: &str, text: &str) -> Vec<String> {
        let own = top(module);
        let known = ARROWS.iter().find(|(name, _)| *name == own).map_or(&[] as &[&str], |(_, known)| *known);
        let depth = module.split('/').count();
        let mut wrong = Vec::new();
        for (line, path) in paths(&code(text)) {
            let ups = path.iter().take_while(|part| *part == "super").count();
            let from_root = match path.first().map(String::as_str) {
                Some("crate" | "forbear") => path.get(1..),
                Some("super") if ups >= depth => path.get(ups..),
                _ => None,
            };
            let Some([other, rest @ ..]) = from_root else { continue };
            // Within `mod inner { … }`, `super` is the file itself, and what follows no module of the root.
            if path[0] == "super" && !ARROWS.iter().any(|(name, _)| name == other) {
                continue;
            }
            let item = rest.first().map_or(String::new(), |item| format!("{other}::{item}"));
            let item_only = known.iter().any(|name| name.starts_with(&format!("{other}::")));
            if other != own && !known.contains(&other.as_str()) && !known.contains(&item.as_str()) {
                let whom = if item_only && !rest.is_empty() { &item } else { other };
                wrong.push(format!("{module}:{line}: `{own}` may not know `{whom}`"));
            }
        }
        wrong.dedup();
        wrong
    }

    /// Names each path by which something comes in where it has no door.
    fn wrong_doors(module: &str, text: &str) -> Vec<String> {
        let mut wrong = Vec::new();
        for (line, path) in paths(&code(text)) {
            for (door, allowed) in DOORS {
                let parts: Vec<&str> = door.split("::").collect();
                let named = if parts.len() == 1 {
                    // A crate stands first; what follows it tells it from a local name.
                    path.len() > 1 && path[0] == *door
                } else {
                    path.windows(parts.len()).any(|window| window.iter().zip(&parts).all(|(is, part)| is == part))
                };
                let inside = |place: &&str| module == *place || module.starts_with(&format!("{place}/"));
                if named && !allowed.iter().any(inside) {
                    wrong.push(format!("{module}:{line}: `{door}` may not be named in `{module}`"));
                }
            }
        }
        wrong
    }

    /// Names what is too long, and a file that does not say what it is.
    fn wrong_sizes(module: &str, text: &str) -> Vec<String> {
        let mut wrong = Vec::new();
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            wrong.push(format!("{module}: {lines} lines"));
        }
        if !text.starts_with("//!") {
            wrong.push(format!("{module}: it opens without a `//!` comment"));
        }
        for function in functions(&code(text)) {
            if function.lines > LONGEST_FUNCTION {
                wrong.push(format!("{module}:{}: `{}` has {} lines", function.line, function.name, function.lines));
            }
        }
        wrong
    }

    /// A file of the source.
    struct File {
        /// Its module, as a path below `src`: `log/json/split`.
        module: String,
        text: String,
    }

    fn all_files() -> Vec<File> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut files = Vec::new();
        gather(&root, &mut files);
        assert!(files.len() > 50, "the source is gone");
        let module = |path: &PathBuf| path.strip_prefix(&root).unwrap().with_extension("").display().to_string();
        let file = |path: PathBuf| File { module: module(&path), text: fs::read_to_string(&path).unwrap() };
        files.into_iter().map(file).collect()
    }

    fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
        let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                gather(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }

    /// Reads the names of the dependencies, as code writes them.
    fn dependencies() -> Vec<String> {
        let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
        let section = manifest.split("[dependencies]").nth(1).unwrap();
        let section = section.split("\n[").next().unwrap();
        let name = |line: &str| line.split_once('=').map(|(name, _)| name.trim().replace('-', "_"));
        let names: Vec<String> = section.lines().filter_map(name).collect();
        assert!(names.len() > 5);
        names
    }

    fn top(module: &str) -> &str {
        module.split('/').next().unwrap()
    }

    fn none_wrong(wrong: impl Iterator<Item = String>) {
        let wrong: Vec<String> = wrong.collect();
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }
}
