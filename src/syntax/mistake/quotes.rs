//! Texts that are not closed on their line, and texts that end too early.

/// A quote that nothing closes on its line.
pub(super) struct Unclosed {
    /// Where it opens.
    pub(super) at: usize,
    /// The quote that would close it.
    pub(super) closing: char,
    /// Where one of another sort seems to close it.
    pub(super) other: Option<usize>,
}

/// Finds a quote that opens on the line where reading stopped, and is not closed there.
pub(super) fn unclosed(text: &str, at: usize) -> Option<Unclosed> {
    let line_start = text.get(..at)?.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let line_end = text.get(at..)?.find(['\n', '\r']).map_or(text.len(), |end| at + end);
    let line = text.get(line_start..line_end)?;
    let mut from = 0;
    loop {
        let rest = line.get(from..)?;
        let (offset, opening) = rest.char_indices().find(|(_, c)| *c == '#' || opens(*c))?;
        if opening == '#' {
            return None;
        }
        let inner = from + offset + opening.len_utf8();
        match length(opening, line.get(inner..)?) {
            Some(length) => from = inner + length,
            None => {
                let other =
                    line.get(inner..)?.rfind(['"', '\u{201C}', '\u{201D}']).map(|other| line_start + inner + other);
                return Some(Unclosed { at: line_start + from + offset, closing: closing(opening), other });
            }
        }
    }
}

/// Finds a text that seems to go on after its closing quote: `"the "big" rule"`.
pub(super) fn goes_on(file: &str, at: usize) -> bool {
    let (before, after) = (file.get(..at).unwrap_or(""), file.get(at..).unwrap_or(""));
    let closed = before.ends_with(['"', '\u{201C}', '\u{201D}', '\u{BB}']);
    closed && after.starts_with(char::is_alphanumeric)
}

fn opens(c: char) -> bool {
    matches!(c, '"' | '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{AB}')
}

/// Gives how far a text goes after its opening quote, the closing one included, as the grammar has it.
fn length(opening: char, inner: &str) -> Option<usize> {
    let curly = |inner: &str| inner.find(['\u{201C}', '\u{201D}']).map(|at| at + '\u{201D}'.len_utf8());
    match opening {
        '"' => straight(inner).or_else(|| curly(inner)),
        '\u{AB}' => inner.find('\u{BB}').map(|at| at + '\u{BB}'.len_utf8()),
        _ => curly(inner),
    }
}

fn straight(inner: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        match c {
            '"' if !escaped => return Some(at + 1),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

fn closing(opening: char) -> char {
    match opening {
        '"' => '"',
        '\u{AB}' => '\u{BB}',
        '\u{201E}' => '\u{201C}',
        _ => '\u{201D}',
    }
}

/// Gives what stands in the quotes that a text begins with.
pub(super) fn text_at(after: &str) -> Option<&str> {
    let inner = after.strip_prefix(opens)?;
    let end = inner.find(['"', '\u{201C}', '\u{201D}', '\u{BB}', '\n', '\r']).unwrap_or(inner.len());
    inner.get(..end).map(str::trim)
}
