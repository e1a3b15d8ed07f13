//! Mistakes in what looks back, limits and obliges.

use super::known::{after_next, at, here, next, opening, previous};
use super::{Mistake, Slice, Where, first_word, last_word};

/// `limit to 2 episodes`, `limit at most 2`, `limit 2 … per 30 days`, `limit 2 … in the past 30 days`
pub(super) fn limit(slice: &Slice<'_>) -> Option<Mistake> {
    if opening(slice) != "limit" {
        return None;
    }
    let example = "write `limit 2 episodes per trainee.id in any 30 days`";
    let number = slice.after.starts_with(|c: char| c.is_ascii_digit());
    match (previous(slice).as_str(), next(slice).as_str()) {
        ("limit", "average" | "mean" | "sum" | "total") => here(
            "`limit` is followed by a number of episodes",
            "of an amount, write `require sum of FIELD over episodes per trainee.id in the past 30 days at most 80`, or `average of`",
        ),
        (_, "at") => here(
            "a limit counts over a stretch of time",
            "of what goes on at once, write `require count of episodes per supervisor.id at the same time at most 3`: the episode itself is left out",
        ),
        ("limit", word) => here(format!("`limit` is followed by a number, not by `{word}`"), example),
        (_, "per") => here("`per` stands here twice, and the time of a limit begins with `in any`", example),
        ("per", _) if number => here("after `per` stands whose episodes are meant, not a time", example),
        ("in", "the" | "a" | "each" | "every") => {
            here("a limit looks at every stretch of time that ends with an episode", "write `in any`: `in any 30 days`")
        }
        (_, "within" | "every" | "each" | "a" | "during" | "over") => {
            here("the time of a limit begins with `in any`", example)
        }
        _ => None,
    }
}

/// `time since last episode`
pub(super) fn since_last(slice: &Slice<'_>) -> Option<Mistake> {
    if previous(slice) != "since" || !matches!(next(slice).as_str(), "last" | "the" | "previous") {
        return None;
    }
    here("this is not how the time since an episode is written", "write `time since the last episode per trainee.id`")
}

/// `at most half an hour`
pub(super) fn half(slice: &Slice<'_>) -> Option<Mistake> {
    if previous(slice) != "half" || !matches!(next(slice).as_str(), "a" | "an") {
        return None;
    }
    let length = match after_next(slice) {
        "minute" => "30 seconds",
        "hour" => "30 minutes",
        "day" => "12 hours",
        "year" => "6 months",
        _ => return None,
    };
    at(Where::Both, "a length of time is a number in digits and a unit", format!("write `{length}`"))
}

/// `within half a minute`, `oblige X immediately`
pub(super) fn length_in_words(slice: &Slice<'_>) -> Option<Mistake> {
    let word = next(slice);
    if previous(slice) == "within" && matches!(word.as_str(), "a" | "an" | "half" | "one" | "two" | "three" | "the") {
        let message = "a length of time is a number in digits and a unit";
        return here(message, "write it as in `within 30 seconds`, `within 1 hour`");
    }
    let at_once = matches!(word.as_str(), "immediately" | "promptly" | "soon" | "asap" | "timely" | "directly");
    if at_once && matches!(opening(slice).as_str(), "oblige" | "otherwise" | "rescue") {
        let help = "say how long it may take: `within 30 seconds`, `within 1 hour`";
        return here(format!("`{word}` has no exact length"), help);
    }
    None
}

/// `oblige X in 24 hours`, `within 24 hours from Y`, `by end of day`
pub(super) fn deadline(slice: &Slice<'_>) -> Option<Mistake> {
    if !matches!(opening(slice).as_str(), "oblige" | "otherwise") {
        return None;
    }
    let number = after_next(slice).starts_with(|c: char| c.is_ascii_digit());
    match (previous(slice).as_str(), next(slice).as_str()) {
        ("otherwise", _) => here("`otherwise` is followed by `oblige`", "write `otherwise oblige …`"),
        (_, "in" | "inside" | "under") if number => {
            let rest: Vec<&str> = slice.after.split_whitespace().skip(1).take(2).collect();
            here("a deadline begins with `within`", format!("write `within {}`", rest.join(" ")))
        }
        (_, "from" | "since") => here(
            format!("from when a deadline counts is not said with `{}`", next(slice)),
            format!("write `of {}`", after_next(slice)),
        ),
        (_, "or" | "and") if slice.before.to_lowercase().contains(" within ") => here(
            "a rule obliges to one thing, by one deadline",
            "make two rules of it, each with a `when` of its own; what is owed where it is missed stands in `otherwise oblige …`",
        ),
        ("by", _) => here(
            "this is not how a deadline by a time is written",
            "write `by the end of the day`, `by the end of the next working day`, or `by 12:00 on the next day`",
        ),
        ("oblige", "that" | "to" | "the" | "a" | "an") => here(
            "`oblige` is followed by the field that says when it was done",
            "write `oblige debrief.held_at within 24 hours`",
        ),
        _ => None,
    }
}

/// `debrief must be held within 24h`, at the beginning of a line
pub(super) fn must(slice: &Slice<'_>) -> Option<Mistake> {
    let begins_line = slice.before.rsplit(['\n', '\r']).next().is_some_and(|line| line.trim().is_empty());
    let (first, verb) = (first_word(slice.after), after_next(slice).to_lowercase());
    if !begins_line || !matches!(verb.as_str(), "must" | "should" | "shall" | "has" | "needs") {
        return None;
    }
    let field = if first.contains('.') { first.to_owned() } else { format!("{first}.…") };
    let message = format!("a clause does not begin with `{first} {verb}`");
    here(
        message,
        format!(
            "write `oblige {field} within …` if it is owed afterwards, naming the field that says when it was done, or `require …` if it must be so beforehand"
        ),
    )
}

/// `number of episodes`, `over the last 30 days`, `episodes where …` without `count of`
pub(super) fn looking_back(slice: &Slice<'_>) -> Option<Mistake> {
    let looks_back = slice.text.to_lowercase().contains("episode");
    if !looks_back {
        return None;
    }
    match (previous(slice).as_str(), next(slice).as_str()) {
        ("number", "of") => at(Where::Before, "episodes are counted with `count of`", "write `count of episodes …`"),
        ("how", "many") => {
            at(Where::Before, "episodes are counted with `count of`", "write `count of episodes … at most 2`")
        }
        (_, "during" | "over" | "throughout" | "for") => {
            here(format!("the time is not said with `{}`", next(slice)), "write `in the past 30 days`, or `to date`")
        }
        ("in", "last" | "past") => here(
            "`the` is missing",
            format!("write `in the {}`", slice.after.split_whitespace().take(3).collect::<Vec<_>>().join(" ")),
        ),
        (_, "in")
            if last_word(slice.before).ends_with(|c: char| c.is_alphanumeric())
                && after_next(slice).starts_with(|c: char| c.is_ascii_digit()) =>
        {
            here(
                "the time is not complete",
                "write `in the past 30 days`, or `in any 30 days` if this episode counts too",
            )
        }
        _ => None,
    }
}
