//! Candidates for "did you mean".

use super::enumerated;

/// How alike two names must at least be (Jaro-Winkler, 0 to 1) for one to be offered in place of the other.
const ALIKE: f64 = 0.80;

/// How alike two names are that one slip of the pen tells apart: `lwo` and `low`.
const ONE_SLIP: f64 = 0.90;

/// A candidate that is so much less alike than the best is not offered beside it.
const CLEARLY_FARTHER: f64 = 0.07;

/// How many candidates a message offers at most.
const AT_MOST: usize = 3;

/// Names longer than this are no slips of the pen; comparing them would cost time without helping anybody.
const LONGEST: usize = 80;

/// Gives the candidates nearest to a name, nearest first, three at most; none that is not near.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    if name.len() > LONGEST {
        return Vec::new();
    }
    let wanted = plain(name);
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| (likeness(&wanted, candidate), candidate))
        .filter(|(score, _)| *score >= ALIKE)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    let best = scored.first().map_or(0.0, |(score, _)| *score);
    scored.retain(|(score, _)| best - score <= CLEARLY_FARTHER);
    scored.into_iter().take(AT_MOST).map(|(_, candidate)| candidate).collect()
}

/// Gives how many slips of the pen tell two words apart: a letter left out, added, changed, or two exchanged.
pub fn slips(one: &str, other: &str) -> usize {
    strsim::osa_distance(one, other)
}

/// Compares the whole name, and its last part alone, so that `asa` finds `patient.asa`.
fn likeness(wanted: &str, candidate: &str) -> f64 {
    let candidate = plain(candidate);
    let slip = wanted.len() > 2 && strsim::osa_distance(wanted, &candidate) == 1;
    let whole = strsim::jaro_winkler(wanted, &candidate).max(if slip { ONE_SLIP } else { 0.0 });
    let last = candidate.rsplit('.').next().unwrap_or(&candidate);
    let tail = if last == candidate { 0.0 } else { strsim::jaro_winkler(wanted, last) * 0.98 };
    whole.max(tail)
}

/// Drops what people vary without meaning it: letter case, and how words are joined.
fn plain(name: &str) -> String {
    name.chars().flat_map(char::to_lowercase).map(|c| if c == '-' || c == ' ' { '_' } else { c }).collect()
}

/// Words the candidates: "did you mean `a`, `b` or `c`?"; `None` if nothing is near.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let near: Vec<String> = nearest(name, candidates).iter().map(|near| format!("`{near}`")).collect();
    (!near.is_empty()).then(|| format!("did you mean {}?", enumerated(&near, "or")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_offered_and_others_are_not() {
        assert_eq!(nearest("in-rom", ["in_room", "on_site"]), ["in_room"]);
        assert_eq!(nearest("asa", ["patient.asa", "patient.age"]).first(), Some(&"patient.asa"));
        assert!(nearest("xyz", ["in_room", "on_site"]).is_empty());
    }
}
