//! What looks back, as text: every function and window, with and without `where`, and the limits.

use super::condition::Conditions;
use super::generate::Chooser;
use super::vocabulary::{Field, Type, Words};

/// Writes history clauses of one version.
#[derive(Clone)]
pub(crate) struct Looking<'w> {
    pub(crate) words: &'w Words,
    /// Whether to ask only how many there were, by keys that are names or texts.
    pub(crate) counts_only: bool,
    /// What `where` may ask if the record may count itself.
    pub(crate) of_itself: Conditions<'w>,
    /// What `where` may ask of earlier records only.
    pub(crate) of_earlier: Conditions<'w>,
}

/// By what records are gathered; few values each, so that they meet. The first four are names, texts or booleans.
const KEYS: [&str; 7] = ["trainee.id", "activity", "asked", "trainee.id", "patient.asa", "strategy", "planned_on"];

impl Looking<'_> {
    /// Says whether there is anything to look at: records need a time, or a start and an end.
    pub(crate) fn is_possible(words: &Words) -> bool {
        words.has_time() || words.have_spans()
    }

    /// Writes a clause with its comparison.
    pub(crate) fn clause(&self, choose: &mut Chooser) -> String {
        match choose.below(if self.counts_only { 4 } else { 12 }) {
            0..=2 => {
                let (filter, window) = self.filter_and_window(choose);
                let compared = self.compared(&["0", "1", "2", "3"], Some(Type::Whole { ranged: true }), choose);
                format!("count of episodes{filter} {window} {compared}")
            }
            3 => self.any(choose),
            4 | 5 => self.of_field("sum", choose),
            6 | 7 => self.of_field("average", choose),
            8 | 9 => self.share(choose),
            _ if self.words.has_time() => {
                let filter = self.filter(choose.chance(60), &self.of_earlier, choose);
                let lengths = ["36 hours", "1 day", "3 days", "90 minutes", "12 hours", "70 days"];
                let compared = self.compared(&lengths, Some(Type::Duration), choose);
                format!("time since the last episode{filter} {} {compared}", self.per(false, choose))
            }
            _ => self.any(choose),
        }
    }

    fn any(&self, choose: &mut Chooser) -> String {
        let (filter, window) = self.filter_and_window(choose);
        format!("{} episode{filter} {window}", choose.pick(["any", "no"]))
    }

    fn of_field(&self, function: &str, choose: &mut Chooser) -> String {
        let (itself, window) = self.window(choose);
        let conditions = self.asked(itself);
        let field = (*choose.pick_of(&conditions.fields_of(has_sum))).clone();
        let filter = self.filter(choose.chance(60), conditions, choose);
        let constants: &[&str] = match field.kind {
            Type::Duration => &["2 minutes", "1.5 hours", "1 day", "45 minutes", "30 seconds"],
            Type::Percent { .. } => &["20 %", "12.5", "100 %", "60 %"],
            Type::Whole { .. } => &["1", "2", "4", "9"],
            _ => &["2.5", "2", "5", "0", "10"],
        };
        format!(
            "{function} of {} over episodes{filter} {window} {}",
            field.name,
            self.compared(constants, Some(field.kind), choose)
        )
    }

    fn share(&self, choose: &mut Chooser) -> String {
        let (itself, window) = self.window(choose);
        let conditions = self.asked(itself);
        let hit = self.filter(true, conditions, choose);
        let among = self.among(conditions, choose);
        format!("share of episodes{hit}{among} {window} {}", self.compared(SHARES, None, choose))
    }

    fn among(&self, conditions: &Conditions<'_>, choose: &mut Chooser) -> String {
        if choose.chance(50) {
            return String::new();
        }
        format!(" among episodes{}", self.filter(choose.chance(90), conditions, choose))
    }

    /// Writes `limit N episodes …` or `limit share of episodes …`.
    pub(crate) fn limit(&self, choose: &mut Chooser) -> String {
        let window = format!("in any {}", self.length(choose));
        let per = if choose.chance(25) { String::new() } else { format!("{} ", self.per(choose.chance(25), choose)) };
        if self.counts_only || choose.chance(55) {
            let filter = self.filter(choose.chance(50), &self.of_itself, choose);
            return format!("limit {} episodes{filter} {per}{window}", choose.pick(["1", "2", "1", "0", "3"]));
        }
        let hit = self.filter(true, &self.of_itself, choose);
        let among = self.among(&self.of_itself, choose);
        let given = match choose.below(3) {
            0 => String::new(),
            least => format!(" given at least {}{}", 2 * least, choose.pick(["", " episodes"])),
        };
        format!("limit share of episodes{hit}{among} to {} {per}{window}{given}", choose.pick(SHARES))
    }

    // ---- parts -----------------------------------------------------------------------------------------------------

    fn filter_and_window(&self, choose: &mut Chooser) -> (String, String) {
        let (itself, window) = self.window(choose);
        (self.filter(choose.chance(65), self.asked(itself), choose), window)
    }

    fn asked(&self, itself: bool) -> &Conditions<'_> {
        if itself { &self.of_itself } else { &self.of_earlier }
    }

    fn filter(&self, is_asked: bool, conditions: &Conditions<'_>, choose: &mut Chooser) -> String {
        if !is_asked {
            return String::new();
        }
        let depth = choose.below(2);
        format!(" where ({})", conditions.clause(depth, choose))
    }

    /// Writes keys and window, and says whether the record counts itself.
    fn window(&self, choose: &mut Chooser) -> (bool, String) {
        let per = self.per(choose.chance(20), choose);
        let spans = self.words.have_spans() && !self.counts_only;
        match choose.below(8) {
            at if spans && (!self.words.has_time() || at >= 6) => (false, format!("{per} at the same time")),
            4 => (false, format!("{per} to date")),
            5 => (true, format!("{per} in any {}", self.length(choose))),
            _ => (false, format!("{per} in the past {}", self.length(choose))),
        }
    }

    /// Writes the length of a window; in whole days where records have a date and no time.
    fn length(&self, choose: &mut Chooser) -> &'static str {
        let days = ["3 days", "1 day", "1 week", "1 month", "2 months", "1 year", "65 days"];
        if self.words.time() == Some(Type::Date) || choose.chance(60) {
            return choose.pick(days);
        }
        choose.pick(["36 hours", "24 hours", "90 minutes", "12 hours"])
    }

    fn per(&self, two: bool, choose: &mut Chooser) -> String {
        let keys: &[&str] = if self.counts_only { &KEYS[..4] } else { &KEYS };
        let first = choose.pick_of(keys);
        match choose.pick_of(keys) {
            second if two && second != first => format!("per {first}, {second}"),
            _ => format!("per {first}"),
        }
    }

    fn compared(&self, constants: &[&'static str], with: Option<Type>, choose: &mut Chooser) -> String {
        if let Some(kind) = with
            && choose.chance(10)
        {
            let fields = self.of_itself.fields_of(|field| field.kind.compares_with(kind));
            if let Some(field) = fields.first() {
                return format!("{} {}", choose.pick(["at most", "above"]), field.name);
            }
        }
        let value = choose.pick_of(constants);
        match choose.below(8) {
            0 | 1 => format!("at most {value}"),
            2 | 3 => format!("at least {value}"),
            4 => format!("above {value}"),
            5 => format!("below {value}"),
            6 => format!("{} {value}", choose.pick(["is", "is not"])),
            _ => format!("between {} and {}", constants[0], constants[1]),
        }
    }
}

const SHARES: &[&str] = &["50 %", "20 %", "0 %", "33.3 %", "100 %"];

fn has_sum(field: &Field) -> bool {
    matches!(field.kind, Type::Number { .. } | Type::Whole { .. } | Type::Percent { .. } | Type::Duration)
}
