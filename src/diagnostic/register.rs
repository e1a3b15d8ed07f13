//! The register of codes: one line a code. Its page in `docs/codes/` has the title, the long text and both samples.

/// How much a problem weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The policy or the data cannot be used as it stands.
    Error,
    /// It can be used, and probably does not do what was meant.
    Warning,
    /// It could be said better.
    Lint,
}

impl Severity {
    /// Gives the word for people and machines.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Lint => "lint",
        }
    }
}

/// A stable code: it names a problem, and is never renamed or reused.
#[derive(Clone, Copy)]
pub struct Code(&'static Entry);

struct Entry {
    name: &'static str,
    severity: Severity,
    page: &'static str,
}

impl Code {
    /// Gives the full name: `forbear::type::unknown_level`.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Gives the severity.
    pub fn severity(self) -> Severity {
        self.0.severity
    }

    /// Gives the code's page: Markdown with the long text, a bad sample and a good one.
    pub fn page(self) -> &'static str {
        self.0.page
    }

    /// Gives the title: the first line of the page.
    pub fn title(self) -> &'static str {
        self.0.page.lines().next().unwrap_or("").trim_start_matches(['#', ' '])
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Code {}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Gives every code, in the order of the register.
pub fn all_codes() -> &'static [Code] {
    REGISTER
}

/// Finds a code by its full name, or by what stands after `forbear::`.
pub fn find_code(name: &str) -> Option<Code> {
    let name = name.strip_prefix("forbear::").unwrap_or(name);
    REGISTER.iter().copied().find(|code| code.name().strip_prefix("forbear::") == Some(name))
}

macro_rules! register {
    ($($constant:ident $severity:ident $area:literal $name:literal;)*) => {
        /// Every code as a constant.
        pub(super) mod codes {
            use super::{Code, Entry, Severity};
            $(
                #[doc = concat!("`forbear::", $area, "::", $name, "`")]
                pub const $constant: Code = {
                    static ENTRY: Entry = Entry {
                        name: concat!("forbear::", $area, "::", $name),
                        severity: Severity::$severity,
                        page: include_str!(concat!("../../docs/codes/", $area, "/", $name, ".md")),
                    };
                    Code(&ENTRY)
                };
            )*
        }
        static REGISTER: &[Code] = &[$(codes::$constant),*];
    };
}

register! {
    NOT_UNDERSTOOD        Error   "syntax" "not_understood";
    UNKNOWN_CLAUSE        Error   "syntax" "unknown_clause";
    UNCLOSED_TEXT         Error   "syntax" "unclosed_text";
    MIXED_AND_OR          Error   "syntax" "mixed_and_or";
    STRAY_BULLET          Error   "syntax" "stray_bullet";
    JOINED_TO_LIST        Error   "syntax" "joined_to_list";
    BULLET_AGAINST_HEADING Error  "syntax" "bullet_against_heading";
    TOO_DEEP              Error   "syntax" "too_deep";
    MISSING_NAME          Error   "syntax" "missing_name";
    BAD_NAME              Error   "syntax" "bad_name";
    RESERVED_NAME         Error   "syntax" "reserved_name";
    NUMBER_WITH_SEPARATOR Error   "syntax" "number_with_separator";
    BAD_DATE              Error   "syntax" "bad_date";
    MONTH_OR_YEAR         Error   "syntax" "month_or_year";
    NO_UNIT               Error   "syntax" "no_unit";
    LIST_ENDS_IN_COMMA    Warning "syntax" "list_ends_in_comma";
    NO_FENCE              Error   "syntax" "no_fence";
    UNREAD_BLOCK          Warning "syntax" "unread_block";
    NOT_TEXT              Error   "syntax" "not_text";
    WOULD_CHANGE_MEANING  Error   "format" "would_change_meaning";
    NOTHING_DECLARED      Error   "policy" "nothing_declared";
    NO_POLICY             Error   "policy" "no_policy";
    POLICY_WITHOUT_VOCABULARY Error "policy" "without_vocabulary";
    UNKNOWN_TIME_ZONE     Error   "policy" "unknown_time_zone";
    NO_SUCH_DAY           Error   "policy" "no_such_day";
    ENDS_BEFORE_IT_BEGINS Error   "policy" "ends_before_it_begins";
    OVERLAPPING_VERSIONS  Error   "policy" "overlapping_versions";
    GAP_BETWEEN_VERSIONS  Warning "policy" "gap_between_versions";
    NOTHING_PERMITTED     Warning "policy" "nothing_permitted";
    REPEATED_CLAUSE       Error   "policy" "repeated_clause";
    UNKNOWN_CALENDAR      Error   "policy" "unknown_calendar";
    BAD_CALENDAR          Error   "policy" "bad_calendar";
    ABOUT_TO_END          Lint    "policy" "about_to_end";
    VOCABULARY_WITHOUT_TITLE Error "vocabulary" "without_title";
    VOCABULARY_TOO_LARGE  Error   "vocabulary" "too_large";
    NO_VOCABULARY         Error   "vocabulary" "no_vocabulary";
    UNKNOWN_VOCABULARY    Error   "vocabulary" "unknown_vocabulary";
    VOCABULARY_CYCLE      Error   "vocabulary" "cycle";
    SHORT_SCALE           Error   "vocabulary" "short_scale";
    SHARED_FORM           Error   "vocabulary" "shared_form";
    SHARED_PATH           Error   "vocabulary" "shared_path";
    UNKNOWN_TYPE          Error   "vocabulary" "unknown_type";
    EMPTY_RANGE           Error   "vocabulary" "empty_range";
    UNKNOWN_ROLE          Error   "vocabulary" "unknown_role";
    ROLE_TWICE            Error   "vocabulary" "role_twice";
    ROLE_OF_UNFIT_TYPE    Error   "vocabulary" "role_of_unfit_type";
    ROLE_KNOWN_AFTERWARDS Error   "vocabulary" "role_known_afterwards";
    ROLE_NOT_BOUND        Error   "vocabulary" "role_not_bound";
    NOT_A_MOMENT          Error   "vocabulary" "not_a_moment";
    DUPLICATE_NAME        Error   "name" "duplicate";
    UNKNOWN_FIELD         Error   "name" "unknown_field";
    TWO_MEANINGS          Error   "name" "two_meanings";
    MISTAKEN_LIST         Error   "name" "mistaken_list";
    UNUSED_DEFINITION     Warning "name" "unused_definition";
    DEFINITION_CYCLE      Error   "name" "definition_cycle";
    UNKNOWN_LEVEL         Error   "type" "unknown_level";
    UNKNOWN_KIND_NAME     Error   "type" "unknown_name";
    UNQUOTED_TEXT         Error   "type" "unquoted_text";
    TYPES_DIFFER          Error   "type" "types_differ";
    DIFFERENT_SCALES      Error   "type" "different_scales";
    NO_SUCH_COMPARISON    Error   "type" "no_such_comparison";
    NOT_A_CONDITION       Error   "type" "not_a_condition";
    OUT_OF_RANGE          Error   "type" "out_of_range";
    FRACTION_OR_PERCENT   Error   "type" "fraction_or_percent";
    WORKING_DAYS          Error   "type" "working_days";
    TEXT_IN_GUARD         Warning "type" "text_in_guard";
    TABLE_NOT_A_ROW       Error   "table" "not_a_row";
    TABLE_ROW_LENGTH      Error   "table" "row_length";
    TABLE_RESULT_NAME     Error   "table" "result_name";
    TABLE_BAD_CELL        Error   "table" "bad_cell";
    TABLE_UNFIT_COLUMN    Error   "table" "unfit_column";
    TABLE_NOT_COMPARED    Error   "table" "not_compared";
    TABLE_GAP             Error   "table" "gap";
    TABLE_OVERLAP         Error   "table" "overlap";
    TABLE_TOO_LARGE       Error   "table" "too_large";
    UNKNOWN_RECORDS       Error   "history" "unknown_records";
    WITHOUT_KEY           Error   "history" "without_key";
    WITHOUT_WINDOW        Error   "history" "without_window";
    UNFIT_KEY             Error   "history" "unfit_key";
    HISTORY_MISPLACED     Error   "history" "misplaced";
    KNOWN_TOO_EARLY       Warning "history" "known_too_early";
    OF_NONE               Warning "history" "of_none";
    NOT_DATED             Error   "duty" "not_dated";
    NO_CALENDAR           Error   "duty" "no_calendar";
    OTHERWISE_ALONE       Error   "duty" "otherwise_alone";
    NEVER_OWED            Warning "duty" "never_owed";
    DUTY_BY_SILENCE       Error   "duty" "by_silence";
    WITHOUT_DEADLINE      Lint    "duty" "without_deadline";
    EXAMPLE_WITHOUT_CASE  Error   "example" "without_case";
    EXAMPLE_WITHOUT_CLAIM Error   "example" "without_claim";
    TWO_VERDICTS          Error   "example" "two_verdicts";
    UNKNOWN_CASE          Error   "example" "unknown_case";
    CASE_CYCLE            Error   "example" "like_itself";
    SET_TWICE             Error   "example" "set_twice";
    UNKNOWN_RULE          Error   "example" "unknown_rule";
    UNFIT_CLAIM           Error   "example" "unfit_claim";
    EXAMPLE_FAILS         Error   "example" "fails";
    EXAMPLE_LOG           Error   "example" "log";
    FOLLOWING_UNCOVERED   Warning "example" "following_uncovered";
    RULE_UNTESTED         Error   "example" "untested_rule";
    TOO_LITTLE_COVERED    Error   "example" "too_little_covered";
    WITHOUT_REASON        Lint    "lint" "without_reason";
    WILL_AS_BOOLEAN       Lint    "lint" "will_as_boolean";
    NEGATED_NAME          Lint    "lint" "negated_name";
    UNUSED_SEVERITY       Lint    "lint" "unused_severity";
    UNRESTRICTED_PERMIT   Lint    "lint" "unrestricted_permit";
    CROWDED_LINE          Lint    "lint" "crowded_line";
    REPEATED_GUARD        Lint    "lint" "repeated_guard";
    ALLOWS_NOTHING        Lint    "lint" "allows_nothing";
    UNKNOWN_LINT          Error   "lint" "unknown_lint";
    ALLOWED_WITHOUT_REASON Error  "lint" "allowed_without_reason";
    NO_NORM               Error   "rule" "no_norm";
    SEVERAL_NORMS         Error   "rule" "several_norms";
    NEVER_SOFTENED        Error   "rule" "never_softened";
    MEANINGLESS_ON_PERMIT Error   "rule" "meaningless_on_permit";
    UNKNOWN_SILENCE       Error   "rule" "unknown_silence";
    UNKNOWN_SEVERITY      Error   "rule" "unknown_severity";
    HINDSIGHT             Error   "rule" "hindsight";
    NEVER_APPLIES         Warning "rule" "never_applies";
    ALWAYS_HOLDS          Warning "rule" "always_holds";
    PERMIT_WITHOUT_EFFECT Warning "rule" "permit_without_effect";
    PROOF_NEVER_VIOLATED  Warning "proof" "never_violated";
    PROOF_IMPLIED         Warning "proof" "implied";
    PROOF_CONFLICT        Warning "proof" "conflict";
    PROOF_SILENCE_PAYS    Warning "proof" "silence_pays";
    PROOF_NOTHING_PERMITS Warning "proof" "nothing_permits";
    PROOF_NEEDLESS_SILENCE Warning "proof" "needless_silence";
    PROOF_CONSTANT_DEFINITION Warning "proof" "constant_definition";
    RULE_VIOLATED         Error   "rule" "violated";
    RULE_UNDETERMINED     Warning "rule" "undetermined";
    ADVICE_NOT_FOLLOWED   Warning "rule" "advice_not_followed";
    ADVICE_UNDETERMINED   Warning "rule" "advice_undetermined";
    DUTY_OVERDUE          Error   "duty" "overdue";
    DUTY_LATE             Error   "duty" "late";
    DUTY_UNDETERMINED     Warning "duty" "undetermined";
    DUTY_MADE_GOOD        Lint    "duty" "made_good";
    YEAR_NOT_COVERED      Error   "duty" "year_not_covered";
    BY_DEFAULT            Error   "verdict" "by_default";
    GROUND_UNDETERMINED   Warning "verdict" "ground_undetermined";
    WHATEVER_THE_VALUE    Error   "verdict" "whatever_the_value";
    SCOPE_UNDETERMINED    Warning "verdict" "scope_undetermined";
    TIME_OPEN             Warning "verdict" "time_open";
    NOT_IN_FORCE          Warning "verdict" "not_in_force";
    LOG_UNFIT             Error   "log" "unfit";
    LOG_UNKNOWN_LEVEL     Error   "log" "unknown_level";
    LOG_REPEATED_KEY      Error   "log" "repeated_key";
    LOG_UNKNOWN_KEY       Warning "log" "unknown_key";
    LOG_UNREADABLE        Error   "log" "unreadable";
    LOG_EMPTY             Warning "log" "empty";
    LOG_STOPPED           Error   "log" "stopped";
    LOG_DUPLICATE_ID      Error   "log" "duplicate_id";
    LOG_UNMATCHED_TEXT    Warning "log" "unmatched_text";
    LOG_ACT_TOO_EARLY     Error   "log" "act_too_early";
    LOG_ACT_IN_FUTURE     Error   "log" "act_in_future";
    LOG_RECORDED_LATE     Warning "log" "recorded_late";
    LOG_RECORDED_AFTER_CHANGE Warning "log" "recorded_after_change";
    LOG_CANNOT_OPEN       Error   "log" "cannot_open";
    LOG_LOCK_FILE         Warning "log" "lock_file";
    MAPPING_NOT_UNDERSTOOD Error  "mapping" "not_understood";
    MAPPING_UNKNOWN_KEY   Error   "mapping" "unknown_key";
    MAPPING_SAID_TWICE    Error   "mapping" "said_twice";
    MAPPING_UNKNOWN_FIELD Error   "mapping" "unknown_field";
    MAPPING_UNFIT_CLAUSE  Error   "mapping" "unfit_clause";
    MAPPING_UNFIT_VALUE   Error   "mapping" "unfit_value";
    MAPPING_NO_CODE       Error   "mapping" "no_code";
    MAPPING_NOT_AS_WRITTEN Error  "mapping" "not_as_written";
    MAPPING_NO_SUCH_COLUMN Error  "mapping" "no_such_column";
    MAPPING_FOR_NO_LOG    Error   "mapping" "for_no_log";
    MAPPING_NEVER_THERE   Warning "mapping" "never_there";
}
