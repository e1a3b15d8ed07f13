//! The paths and functions of Rust source, read as text.

/// Blanks out comments, texts in quotes and test modules; lines stay where they are.
pub(crate) fn code(text: &str) -> String {
    let mut plain = without_texts(text);
    while let Some(from) = plain.find("#[cfg(test)]") {
        let end = item_end(&plain, from + "#[cfg(test)]".len());
        plain = format!("{}{}{}", &plain[..from], blank(&plain[from..end]), &plain[end..]);
    }
    plain
}

fn blank(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect()
}

/// Finds the end of the item that begins at a place: its `;`, or the brace that closes it.
fn item_end(text: &str, from: usize) -> usize {
    let mut depth = 0usize;
    for (at, c) in text[from..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth <= 1 => return from + at + 1,
            '}' => depth -= 1,
            ';' if depth == 0 => return from + at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Blanks out comments and texts in quotes.
fn without_texts(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let before = kept.chars().next_back().unwrap_or(' ');
        let length = skipped(rest, before).unwrap_or(0);
        if length > 0 {
            kept.push_str(&blank(&rest[..length]));
            rest = &rest[length..];
        } else {
            kept.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    kept
}

/// Gives the length of the comment or text in quotes that begins here.
fn skipped(rest: &str, before: char) -> Option<usize> {
    let to_end = |end: &str, from: usize| rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len());
    let in_word = before.is_alphanumeric() || before == '_';
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(to_end("*/", 2));
    }
    if rest.starts_with('r') && !in_word {
        let hashes = rest[1..].chars().take_while(|c| *c == '#').count();
        let is_text = rest[1 + hashes..].starts_with('"');
        return is_text.then(|| to_end(&format!("\"{}", "#".repeat(hashes)), 2 + hashes));
    }
    if rest.starts_with('"') {
        return Some(quoted(rest, '"'));
    }
    // A lifetime has no second quotation mark after its first character.
    let mut after = rest.strip_prefix('\'')?.chars();
    let is_character = after.next() == Some('\\') || after.next() == Some('\'');
    is_character.then(|| quoted(rest, '\''))
}

fn quoted(rest: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == mark => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Finds every path with the number of its line; of `use a::{b, c::d}` each, in full.
pub(crate) fn paths(code: &str) -> Vec<(usize, Vec<String>)> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].1 == "use" {
            let line = tokens[at].0;
            at = tree(&tokens, at + 1, &[], line, &mut found);
        } else if is_name(&tokens[at].1) {
            let line = tokens[at].0;
            let mut path = vec![tokens[at].1.clone()];
            while tokens.get(at + 1).is_some_and(|token| token.1 == "::")
                && tokens.get(at + 2).is_some_and(|token| is_name(&token.1))
            {
                path.push(tokens[at + 2].1.clone());
                at += 2;
            }
            found.push((line, path));
            at += 1;
        } else {
            at += 1;
        }
    }
    found
}

/// Reads one branch of a `use`, and gives where it ends.
fn tree(
    tokens: &[(usize, String)],
    mut at: usize,
    stem: &[String],
    line: usize,
    found: &mut Vec<(usize, Vec<String>)>,
) -> usize {
    let mut path = stem.to_vec();
    while let Some((_, token)) = tokens.get(at) {
        match token.as_str() {
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token.1 != "}") {
                    at = tree(tokens, at, &path, line, found);
                    at += usize::from(tokens.get(at).is_some_and(|token| token.1 == ","));
                }
                return at + 1;
            }
            "::" => {}
            "as" => at += 1,
            "self" | "*" => {}
            name if is_name(name) => path.push(name.to_owned()),
            _ => break,
        }
        at += 1;
    }
    found.push((line, path));
    at
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Cuts code into names, `::` and single characters, each with its line.
fn tokens(code: &str) -> Vec<(usize, String)> {
    let mut tokens: Vec<(usize, String)> = Vec::new();
    for (line, text) in code.lines().enumerate() {
        let mut rest = text;
        let mut after_blank = true;
        while let Some(c) = rest.chars().next() {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let length = match c {
                c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
                ':' if rest.starts_with("::") => 2,
                c => c.len_utf8(),
            };
            // `::csv::Reader` after a blank begins a path and continues none.
            let opens_path = after_blank && c == ':' && length == 2;
            if !c.is_whitespace() && !opens_path {
                tokens.push((line + 1, rest[..length].to_owned()));
            }
            after_blank = c.is_whitespace();
            rest = &rest[length..];
        }
    }
    tokens
}

/// A function of a file.
pub(crate) struct Function {
    pub(crate) name: String,
    /// The line on which it begins, from 1.
    pub(crate) line: usize,
    /// How many lines it has, its head included.
    pub(crate) lines: usize,
}

/// Finds every function that has a body.
pub(crate) fn functions(code: &str) -> Vec<Function> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    for (at, pair) in tokens.windows(2).enumerate() {
        if pair[0].1 != "fn" || !is_name(&pair[1].1) {
            continue;
        }
        let mut depth = 0usize;
        for (line, token) in &tokens[at + 2..] {
            match token.as_str() {
                "{" => depth += 1,
                "}" if depth == 1 => {
                    found.push(Function { name: pair[1].1.clone(), line: pair[0].0, lines: line - pair[0].0 + 1 });
                    break;
                }
                "}" => depth = depth.saturating_sub(1),
                ";" if depth == 0 => break,
                _ => {}
            }
        }
    }
    found
}
