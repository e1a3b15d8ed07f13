//! `take over`, `on site`, `patient. frail`: words that may be one name, which shows only where names are known.

use super::Slice;
use super::known::is_name;

/// How many words one name is looked for in.
const MOST_WORDS: usize = 3;

/// Words next to each other, and the names that they may be meant for.
pub(super) struct Joined<'t> {
    /// The words as they stand.
    pub(super) words: &'t str,
    /// Where they begin in the slice.
    pub(super) at: usize,
    /// The names, the likeliest first.
    pub(super) names: Vec<String>,
}

/// Gives the words around the place where reading stopped that may be one name, the longest first.
pub(super) fn around<'t>(slice: &Slice<'t>) -> Vec<Joined<'t>> {
    let stop = slice.before.len();
    let line_start = slice.before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let line = slice.text.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or("");
    let words = words(line, line_start);
    let here = words.iter().position(|(at, word)| at + word.len() > stop).unwrap_or(words.len());
    let mut found = Vec::new();
    for length in (2..=MOST_WORDS).rev() {
        for first in here.saturating_sub(length - 1)..=here {
            let Some(some) = words.get(first..first + length) else { continue };
            found.extend(joined(slice.text, some));
        }
    }
    found
}

/// Splits a line at its blanks, with the place of each word in the slice.
fn words(line: &str, start: usize) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut at = start;
    for part in line.split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        if !word.is_empty() {
            words.push((at, word));
        }
        at += part.len();
    }
    words
}

fn joined<'t>(text: &'t str, words: &[(usize, &'t str)]) -> Option<Joined<'t>> {
    let ((from, _), (last, last_word)) = (words.first()?, words.last()?);
    let end = last + last_word.trim_end_matches([',', '.', ';', ':', ')']).len();
    let plain = |(at, word): &(usize, &'t str)| {
        let word = if at == last { word.trim_end_matches([',', '.', ';', ':', ')']) } else { word };
        word.trim_matches('.').replace('-', "_")
    };
    let parts: Vec<String> = words.iter().map(plain).collect();
    let from = from + (words.first()?.1.len() - words.first()?.1.trim_start_matches('(').len());
    let without_articles: Vec<String> = parts.iter().filter(|part| !is_article(part)).cloned().collect();
    let mut names = names_of(&parts);
    names.extend(names_of(&without_articles).into_iter().filter(|_| without_articles.len() > 1));
    names.retain(|name| is_name(name));
    let words = text.get(from..end)?;
    (!names.is_empty()).then_some(Joined { words, at: from, names })
}

/// Says whether a word is an article, which a name may lack.
pub(super) fn is_article(word: &str) -> bool {
    matches!(word.to_ascii_lowercase().as_str(), "the" | "a" | "an")
}

/// Joins words in every way in which a name may be joined.
fn names_of(parts: &[String]) -> Vec<String> {
    let mut names: Vec<String> = vec![String::new()];
    for part in parts {
        let longer = |name: &String| match name.as_str() {
            "" => vec![part.trim_start_matches('(').to_owned()],
            _ => vec![format!("{name}_{part}"), format!("{name}.{part}")],
        };
        names = names.iter().flat_map(longer).collect();
    }
    names
}
