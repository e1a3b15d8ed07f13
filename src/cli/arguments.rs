//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// When may failure be allowed so that somebody learns? Checks policies, and audits logs of episodes against them.
#[derive(Debug, Parser)]
#[command(name = "forbear", version, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 nothing found; 1 findings; 2 the input or the call is unusable.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check policies: every mistake with its place, and what to write instead
    Check(CheckArguments),
    /// Judge every episode of a log by the policies
    Audit(AuditArguments),
    /// Judge again what a report is about, and say whether it stands
    Verify(VerifyArguments),
    /// Show the whole reasoning on one episode, rule by rule
    Explain(ExplainArguments),
    /// List what is owed now, soonest first
    Due(DueArguments),
    /// Run the policies' own examples, and show what they reach
    Test(TestArguments),
    /// Prove a statement about policies for every episode there could be, or show a case against it
    Prove(ProveArguments),
    /// Show which episodes change their verdict from one policy to another, each kind of change with a case
    Diff(DiffArguments),
    /// Write the policy in plain English, as a document that a meeting can vote on
    Doc(DocArguments),
    /// Put policies into the one layout; comments stay where they are
    Fmt(FmtArguments),
    /// Show the long text of a code, with a bad and a good sample
    ExplainCode(ExplainCodeArguments),
    /// Print a JSON Schema
    Schema(SchemaArguments),
    /// Draft what says which columns of a foreign log are which fields
    Map(MapArguments),
    /// Make a project to start from: policy, examples, vocabulary, log, and what guards them
    Init(InitArguments),
    /// Print what a shell needs to complete commands and options
    Completions(CompletionsArguments),
    /// Print the manual page, or write the pages of all commands into a folder
    Man(ManArguments),
}

/// What every command on policies takes.
#[derive(Debug, Args)]
pub(super) struct PolicyArguments {
    /// Policies and vocabularies: `*.forbear`, `*.forbear.md`, or a folder of them
    #[arg(required = true, value_name = "POLICY")]
    pub(super) policies: Vec<PathBuf>,
    /// Where calendars lie; unless given, the folders `calendars` beside the policies
    #[arg(long, value_name = "DIR")]
    pub(super) calendars: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    #[command(flatten)]
    pub(super) policies: PolicyArguments,
    /// How to write the problems
    #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
    pub(super) format: CheckFormat,
    /// The least severity that counts as a finding (exit code 1)
    #[arg(long, value_enum, default_value_t = CheckFailOn::Error, value_name = "SEVERITY")]
    pub(super) fail_on: CheckFailOn,
    /// Write nothing but problems
    #[arg(long, short)]
    pub(super) quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    /// For people
    Human,
    /// One JSON document
    Json,
    /// Workflow commands for a CI page
    Github,
    /// SARIF 2.1.0, which code hosts and editors show beside the policy
    Sarif,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFailOn {
    Error,
    Warning,
    Lint,
    Never,
}

#[derive(Debug, Args)]
pub(super) struct LogArguments {
    /// Logs: YAML, JSON, JSONL, CSV, `.xlsx` or `.ods`, also compressed; a folder, a pattern such as 'logs/**/*.csv', or `-` for the standard input
    #[arg(long, required = true, value_name = "LOG", num_args = 1..)]
    pub(super) log: Vec<PathBuf>,
    /// What says which columns of a foreign log are which fields; for several, repeat it
    #[arg(long, value_name = "FILE")]
    pub(super) mapping: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) privacy: PrivacyArguments,
    /// The longest record that is read, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 16)]
    pub(super) longest_record: usize,
    /// The instant as of which duties are judged, `2026-03-31` (its end, UTC) or `2026-03-31T12:00:00Z`; unless given, now
    #[arg(long, value_name = "INSTANT")]
    pub(super) as_of: Option<String>,
    /// Leave out the episodes after `--as-of`, and count them as left out
    #[arg(long, requires = "as_of")]
    pub(super) reconstruct: bool,
    /// The first day from which the log is complete
    #[arg(long, value_name = "DATE")]
    pub(super) log_from: Option<String>,
}

/// What a report shows of people, ids, dates and values.
#[derive(Debug, Args)]
pub(super) struct PrivacyArguments {
    /// How much of the log to show
    #[arg(long, value_enum, default_value_t = PrivacyLevel::Auditor, value_name = "LEVEL")]
    pub(super) privacy: PrivacyLevel,
    /// How to show who somebody is; `clear` goes with `--privacy internal` alone
    #[arg(long, value_enum, default_value_t = ShowIdentities::Pseudonyms)]
    pub(super) identities: ShowIdentities,
    /// The key of the pseudonyms: reports with the same key can be joined; unless given, it is drawn anew and kept nowhere
    #[arg(long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,
    /// The least number of episodes that tables for a committee show: 1 for all, or 3 and more
    #[arg(long, value_name = "N", default_value_t = crate::report::LEAST_CELL, value_parser = least_cell)]
    pub(super) small_cells: usize,
    /// Draw the key, and keep it in the file of `--key`, which must not be there yet
    #[arg(long, requires = "key")]
    pub(super) new_key: bool,
}

/// Reads the least number that is shown. With 2 nothing would be hidden: what is hidden could only be 1.
fn least_cell(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(least) if least == 1 || least >= 3 => Ok(least),
        Ok(2) => Err("whoever saw that a number is hidden would know that it is 1".to_owned()),
        _ => Err("write 1, or a number from 3 on".to_owned()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PrivacyLevel {
    /// Pseudonyms for people and episodes, years in place of dates, no small numbers
    Committee,
    /// Pseudonyms for people; ids of episodes, and dates
    Auditor,
    /// All but free text; people as pseudonyms all the same, unless `--identities clear`
    Internal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ShowIdentities {
    /// As pseudonyms
    Pseudonyms,
    /// As the log has them
    Clear,
}

#[derive(Debug, Args)]
pub(super) struct AuditArguments {
    #[command(flatten)]
    pub(super) policies: PolicyArguments,
    #[command(flatten)]
    pub(super) log: LogArguments,
    /// How to write the judgements
    #[arg(long, value_enum, default_value_t = AuditFormat::Human)]
    pub(super) format: AuditFormat,
    /// Where to write them; unless given, to the standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// What counts as a finding (exit code 1)
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHAT",
          default_values_t = [AuditFailOn::Impermissible, AuditFailOn::Duty, AuditFailOn::Undetermined, AuditFailOn::Unreadable, AuditFailOn::Data])]
    pub(super) fail_on: Vec<AuditFailOn>,
    /// How many findings to show in full
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(super) show: usize,
    /// Write nothing for people but errors: the exit code tells
    #[arg(long, short)]
    pub(super) quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum AuditFormat {
    /// A summary with the first findings in full
    Human,
    /// One JSON document
    Json,
    /// One JSON line for each pair of episode and policy
    Jsonl,
    /// SARIF 2.1.0, which code hosts and editors show beside the policy
    Sarif,
    /// JUnit XML: a suite for each policy, a case for each episode
    Junit,
    /// Workflow commands for a CI page: the first findings, and how many more there are
    Github,
    /// One row for each finding, for a spreadsheet
    Csv,
    /// One page for a committee: tables, and the episodes with their reasoning; it needs no network
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum AuditFailOn {
    /// An impermissible episode
    Impermissible,
    /// A duty that was missed and not made good
    Duty,
    /// An undetermined episode, or duty
    Undetermined,
    /// A record that cannot be read
    Unreadable,
    /// A value that does not fit, or an id that stands twice
    Data,
    /// A warning about the policy, or a key that no vocabulary knows
    Warning,
    /// Nothing
    Never,
}

#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// The report: JSON, JSONL, SARIF or HTML
    pub(super) report: PathBuf,
    #[command(flatten)]
    pub(super) policies: PolicyArguments,
    #[command(flatten)]
    pub(super) log: LogArguments,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    #[command(flatten)]
    pub(super) policies: PolicyArguments,
    #[command(flatten)]
    pub(super) log: LogArguments,
    /// The episode's id
    #[arg(long, value_name = "ID")]
    pub(super) episode: String,
}

#[derive(Debug, Args)]
pub(super) struct DueArguments {
    #[command(flatten)]
    pub(super) policies: PolicyArguments,
    #[command(flatten)]
    pub(super) log: LogArguments,
    /// How to write the list
    #[arg(long, value_enum, default_value_t = DueFormat::Human)]
    pub(super) format: DueFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DueFormat {
    /// For people
    Human,
    /// One JSON document
    Json,
}

#[derive(Debug, Args)]
pub(super) struct TestArguments {
    #[command(flatten)]
    pub(super) policies: PolicyArguments,
    /// How to write the results
    #[arg(long, value_enum, default_value_t = TestFormat::Human)]
    pub(super) format: TestFormat,
    /// The least coverage in per cent; below it, the run fails
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(super) min_coverage: Option<u8>,
    /// Change the policy in many small ways, and show which changes no example notices
    #[arg(long)]
    pub(super) mutation: bool,
    /// What says which columns of the foreign logs of examples are which fields; for several, repeat it
    #[arg(long, value_name = "FILE")]
    pub(super) mapping: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TestFormat {
    /// For people
    Human,
    /// One JSON document
    Json,
}

/// What policies that are compared need besides.
#[derive(Debug, Args)]
pub(super) struct BesideArguments {
    /// What both policies need besides: vocabularies, a file or a folder; for several, repeat it
    #[arg(long, value_name = "FILE")]
    pub(super) with: Vec<PathBuf>,
    /// Where calendars lie; unless given, the folders `calendars` beside the policies
    #[arg(long, value_name = "DIR")]
    pub(super) calendars: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Statements:
  A stricter than B             whatever A permits, B permits too, or does not cover
  A equivalent to B             A and B give the same verdict on every episode
  A never permits \"CONDITION\"  no episode of which the condition is true is permitted
  A always satisfies RULE       whatever A permits satisfies the rule, or is excused from it

A and B are files or folders, each with one policy.")]
pub(super) struct ProveArguments {
    /// What is to be proved, see below
    #[arg(required = true, value_name = "STATEMENT")]
    pub(super) statement: Vec<String>,
    #[command(flatten)]
    pub(super) beside: BesideArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
The file of --expect has one announcement a line, in the language's own conditions:
  stricter when CONDITION
  looser when CONDITION
  duty NAME is new          (or: dropped, changed)
  rule NAME is new          (or: dropped, changed; of an advisory rule)
  nothing else")]
pub(super) struct DiffArguments {
    /// The policy as it was: a file, or a folder with one policy
    pub(super) old: PathBuf,
    /// The policy as it is to be
    pub(super) new: PathBuf,
    #[command(flatten)]
    pub(super) beside: BesideArguments,
    /// A log of which to count the episodes that change; for several, repeat it
    #[arg(long, value_name = "LOG")]
    pub(super) log: Vec<PathBuf>,
    /// What says which columns of a foreign log are which fields; for several, repeat it
    #[arg(long, value_name = "FILE")]
    pub(super) mapping: Vec<PathBuf>,
    /// What was announced; more or less than that is a finding
    #[arg(long, value_name = "FILE")]
    pub(super) expect: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct DocArguments {
    #[command(flatten)]
    pub(super) policies: PolicyArguments,
    /// How to write the document; unless given, HTML if the file's name ends in `.html`, else Markdown
    #[arg(long, value_enum)]
    pub(super) format: Option<DocFormat>,
    /// The policies as they were, a file or a folder: the document then says what changed since; for several files, repeat it
    #[arg(long, value_name = "OLD")]
    pub(super) since: Vec<PathBuf>,
    /// Where to write it; unless given, to the standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DocFormat {
    /// Markdown with tables
    Markdown,
    /// One page that needs no network and no script
    Html,
}

#[derive(Debug, Args)]
pub(super) struct ExplainCodeArguments {
    /// The code: `forbear::type::unknown_level`, with or without `forbear::`; none: list all
    pub(super) code: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct SchemaArguments {
    /// What to describe
    #[arg(value_enum)]
    pub(super) what: SchemaOf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaOf {
    /// Everything that `--format json` and `--format jsonl` write
    Output,
    /// A mapping, for editors that complete and check one
    Mapping,
}

#[derive(Debug, Args)]
pub(super) struct MapArguments {
    #[command(subcommand)]
    pub(super) command: MapCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum MapCommand {
    /// Draft a mapping from the columns and values of a log, or from the data dictionary of a survey
    Suggest(SuggestArguments),
}

#[derive(Debug, Args)]
pub(super) struct SuggestArguments {
    /// The log, or the data dictionary
    pub(super) log: PathBuf,
    /// The line of a CSV file that has the names of the columns
    #[arg(long, value_name = "N")]
    pub(super) header_row: Option<usize>,
    /// Which sheet of a spreadsheet it is for
    #[arg(long, value_name = "SHEET")]
    pub(super) sheet: Option<String>,
    /// Where in a JSON document the records are, as in `entry[].resource`
    #[arg(long, value_name = "WAY")]
    pub(super) records: Option<String>,
    /// The policies in whose words it is to be read; unless given, those of the clinical vocabulary
    #[arg(value_name = "POLICY")]
    pub(super) policies: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// Where to make it; the folder may be there already, the files may not
    #[arg(value_name = "DIR", default_value = ".")]
    pub(super) folder: PathBuf,
    /// The name of the policy, in one word
    #[arg(long, value_name = "NAME", default_value = super::init::NAME)]
    pub(super) name: String,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArguments {
    /// Which shell
    #[arg(value_enum)]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArguments {
    /// Write `forbear.1`, `forbear-check.1` and so on into this folder
    #[arg(value_name = "DIR")]
    pub(super) folder: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct FmtArguments {
    /// Policy and vocabulary files, or folders of them; `-` reads from the standard input and writes to the standard output
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// What the standard input is called: in messages, and to say whether it is a document (`.forbear.md`); it is laid out as this
    /// file would be, with what lies beside it
    #[arg(long, value_name = "FILE")]
    pub(super) stdin_filename: Option<PathBuf>,
    /// Write nothing; say which files would change, and end with 1 if there are any
    #[arg(long)]
    pub(super) check: bool,
    /// Write nothing; show what would change, line by line
    #[arg(long)]
    pub(super) diff: bool,
}
