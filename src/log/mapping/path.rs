//! Ways to a value: `event.coding[0].code`, `participant[function=trainee].actor`, `entry[].resource`.
//!
//! Up to the first bracket a way is the dotted path of a record. A bracket enters a list: a number counts from 0, nothing
//! takes every member, and `path=text` takes those in which something is so.

/// A way that enters a list.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Path {
    /// The dotted path of the list.
    pub(super) list: String,
    pub(super) select: Select,
    /// What follows within the member; `None` is the member itself.
    pub(super) rest: Option<Box<Way>>,
}

/// A dotted path, or one that enters a list.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Way {
    Plain(String),
    Into(Path),
}

/// Which members of a list are meant.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Select {
    /// `[0]`
    At(usize),
    /// `[]`
    Each,
    /// `[function.code=trainee]`
    Where(Box<Way>, String),
}

/// How deep brackets may nest in brackets.
const DEEPEST: usize = 8;

impl Path {
    /// Reads a way that enters a list; `None` if it is none, such as the column `Latency [s]`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match Way::parse(text, 0)? {
            Way::Into(path) => Some(path),
            Way::Plain(_) => None,
        }
    }
}

impl Way {
    fn parse(text: &str, depth: usize) -> Option<Self> {
        if depth > DEEPEST {
            return None;
        }
        let Some((list, behind)) = text.split_once('[') else {
            return (!text.is_empty() && !text.contains(']')).then(|| Self::Plain(text.to_owned()));
        };
        let (inside, behind) = behind.split_at_checked(closing(behind)?)?;
        let behind = behind.strip_prefix(']')?;
        let rest = match behind.strip_prefix('.') {
            None if behind.is_empty() => None,
            None => return None,
            Some(rest) => Some(Box::new(Self::parse(rest, depth + 1)?)),
        };
        if list.is_empty() {
            return None;
        }
        Some(Self::Into(Path { list: list.to_owned(), select: select(inside, depth)?, rest }))
    }
}

/// Gives where the bracket that is open closes.
fn closing(text: &str) -> Option<usize> {
    let mut open = 1usize;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '[' => open += 1,
            ']' => open -= 1,
            _ => {}
        }
        (open == 0).then_some(at)
    })
}

fn select(inside: &str, depth: usize) -> Option<Select> {
    if inside.is_empty() {
        return Some(Select::Each);
    }
    if inside.bytes().all(|byte| byte.is_ascii_digit()) {
        return inside.parse().ok().map(Select::At);
    }
    let mut open = 0usize;
    let at = inside.find(|c: char| {
        match c {
            '[' => open += 1,
            ']' => open = open.saturating_sub(1),
            _ => {}
        }
        c == '=' && open == 0
    })?;
    let (way, text) = (inside.get(..at)?, inside.get(at + 1..)?);
    let way = Way::parse(way.trim(), depth + 1)?;
    Some(Select::Where(Box::new(way), text.trim().to_owned()))
}

/// Where the records of a document are: keys to a list, and keys within each of its members.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordsPath {
    /// `entry` of `entry[].resource`
    pub list: Vec<String>,
    /// `resource` of `entry[].resource`
    pub inside: Vec<String>,
}

impl RecordsPath {
    /// Reads `entry[].resource`, `statements[]` or `data.episodes[]`.
    pub(in crate::log) fn parse(text: &str) -> Option<Self> {
        let (list, inside) = text.split_once("[]")?;
        let keys = |text: &str| -> Option<Vec<String>> {
            let keys: Vec<String> = text.split('.').map(str::to_owned).collect();
            keys.iter().all(|key| !key.is_empty() && !key.contains(['[', ']'])).then_some(keys)
        };
        let inside = match inside.strip_prefix('.') {
            None if inside.is_empty() => Vec::new(),
            None => return None,
            Some(inside) => keys(inside)?,
        };
        Some(Self { list: keys(list)?, inside })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_enter_lists_and_other_brackets_do_not() {
        let path = Path::parse("participant[function.coding[0].code=trainee].actor.reference").unwrap();
        assert_eq!(path.list, "participant");
        assert_eq!(path.rest.as_deref(), Some(&Way::Plain("actor.reference".to_owned())));
        let Select::Where(way, text) = path.select else { panic!() };
        assert!(matches!(*way, Way::Into(_)) && text == "trainee");
        let path = Path::parse("extension[url=https://a.b/c?d=e].valueCode").unwrap();
        assert_eq!(path.select, Select::Where(Box::new(Way::Plain("url".to_owned())), "https://a.b/c?d=e".to_owned()));
        for plain in ["Latency [s]", "a", "[0]", "a[0", "a]b", "a[0]b", "a[].", ""] {
            assert_eq!(Path::parse(plain), None, "{plain}");
        }
        assert!(Path::parse(&format!("{}a", "a[0].".repeat(1000))).is_none());
        assert_eq!(Path::parse("a[].b").unwrap().select, Select::Each);
    }

    #[test]
    fn records_lie_in_a_list() {
        let path = RecordsPath::parse("data.entry[].resource").unwrap();
        assert_eq!(
            (path.list, path.inside),
            (vec!["data".to_owned(), "entry".to_owned()], vec!["resource".to_owned()])
        );
        assert!(RecordsPath::parse("statements[]").is_some());
        for wrong in ["entry", "[]", "a[0]", "a[].b[]", "a..b[]", "a[]b"] {
            assert_eq!(RecordsPath::parse(wrong), None, "{wrong}");
        }
    }
}
