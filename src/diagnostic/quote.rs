//! What a log says, as a problem may tell it: masked by its class, until a report that may show it puts it in clear.

/// What a log says at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// What sort of thing it is.
    pub class: QuoteClass,
    /// The words of the log.
    pub text: String,
}

/// What sort of thing a log says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuoteClass {
    /// the id of a record
    Id,
    /// a date or an instant, or what is written like one
    Time,
    /// digits, with what stands between digits
    Number,
    /// any other word where something else was expected: it may be a name in the wrong column
    Word,
    /// what a field of type text holds
    Free,
    /// a key or the head of a column
    Key,
}

impl Quote {
    /// Makes one.
    pub fn new(class: QuoteClass, text: impl Into<String>) -> Self {
        Self { class, text: text.into() }
    }

    /// Makes one of a value that does not fit, and finds its class.
    pub fn of_value(text: &str) -> Self {
        let class = match text {
            _ if is_date_like(text) => QuoteClass::Time,
            _ if is_number_like(text) => QuoteClass::Number,
            _ => QuoteClass::Word,
        };
        Self::new(class, text)
    }

    /// Gives what stands for it in messages: no more than its class and length.
    pub fn mask(&self) -> String {
        let counted = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
        let characters = || match self.text.strip_suffix('…') {
            // It was cut off when it was read.
            Some(beginning) => format!("more than {} characters", beginning.chars().count()),
            None => counted(self.text.chars().count(), "character", "characters"),
        };
        match self.class {
            QuoteClass::Id => "`…`".to_owned(),
            QuoteClass::Time => "a date".to_owned(),
            QuoteClass::Number => {
                let digits = self.text.chars().filter(|c| c.is_numeric()).count();
                format!("a number of {}", counted(digits, "digit", "digits"))
            }
            QuoteClass::Word | QuoteClass::Free => format!("a text of {}", characters()),
            QuoteClass::Key => format!("a key of {}", characters()),
        }
    }
}

/// Says whether a text is digits, with no more between them than stands in numbers.
fn is_number_like(text: &str) -> bool {
    let of_number = |c: char| c.is_ascii_digit() || "+-.,'’% \u{a0}\u{202f}\u{2212}".contains(c);
    text.contains(|c: char| c.is_ascii_digit()) && text.chars().all(of_number)
}

/// Says whether a text begins with a day as people write one, and goes on with nothing but a time.
fn is_date_like(text: &str) -> bool {
    let Some(parted_by) = text.chars().find(|c| !c.is_ascii_digit()).filter(|c| "-./".contains(*c)) else {
        return false;
    };
    let mut day = text.splitn(3, parted_by);
    let (Some(first), Some(second), Some(rest)) = (day.next(), day.next(), day.next()) else { return false };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (third, time) = rest.split_at(end);
    let short = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let year = |part: &str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_day = short(second) && ((year(first) && short(third)) || (short(first) && (year(third) || short(third))));
    let is_time = time.is_empty() || time.starts_with(['T', ' ']);
    is_day && is_time && time.len() <= 30 && time.chars().all(|c| c.is_ascii_digit() || "T :.+-Z".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_tells_the_class_and_the_length() {
        let mask = |text: &str| Quote::of_value(text).mask();
        assert_eq!(mask("Anna Muster"), "a text of 11 characters");
        assert_eq!(mask("ü"), "a text of 1 character");
        for date in ["2025-02-30", "30.2.2025", "3/4/25", "2025-02-30T25:00:00+01:00", "2025-13-01 10:00"] {
            assert_eq!(mask(date), "a date", "{date}");
        }
        assert_eq!(mask("9"), "a number of 1 digit");
        assert_eq!(mask("1,5"), "a number of 2 digits");
        assert_eq!(mask("756.1234.5678.97"), "a number of 13 digits");
        assert_eq!(mask("+41 44 123 45 67"), "a number of 11 digits");
        assert_eq!(mask("44 12 1345 67"), "a number of 10 digits");
        assert_eq!(mask("B12"), "a text of 3 characters");
        assert_eq!(mask("1e999"), "a text of 5 characters");
        assert_eq!(mask(""), "a text of 0 characters");
    }
}
