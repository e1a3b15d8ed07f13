//! From tokens to lines, each with its comment.

use super::items::{Item, Joint, Kind, Place};

/// Beyond this a line is broken before `and` and `or`.
const LONGEST: usize = 100;

/// A word on a line, and whether a column begins with it or a line may be broken before it.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) joint: Joint,
    pub(super) stop: bool,
    pub(super) inner: usize,
    /// How many parentheses are open around it.
    depth: usize,
    /// Blanks that its column wants after it.
    pub(super) padding: usize,
}

/// A line to be written.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) kind: Kind,
    pub(super) indent: usize,
    pub(super) pieces: Vec<Piece>,
    pub(super) comment: Option<String>,
    /// Whether a blank line stands before it.
    pub(super) gap: bool,
}

/// A comment on a line of its own, until the line that it precedes is known.
struct Waiting {
    text: String,
    indented: bool,
    gap: bool,
}

/// Puts tokens and comments on lines.
pub(super) fn arrange(items: Vec<Item>) -> Vec<Line> {
    let mut arranged = Arranged { lines: Vec::new(), waiting: Vec::new(), ended: true };
    for item in items {
        match item {
            Item::Comment { text, alone: false, .. } if !arranged.ended => arranged.beside(text),
            Item::Comment { text, indented, gap, .. } => {
                arranged.waiting.push(Waiting { text, indented, gap });
                arranged.ended = true;
            }
            Item::Token { text, place, joint, inner, gap, stop, depth } => {
                arranged.token(Piece { text, joint, stop, inner, depth, padding: 0 }, place, gap);
            }
        }
    }
    arranged.before_declaration(true);
    arranged.lines
}

struct Arranged {
    lines: Vec<Line>,
    waiting: Vec<Waiting>,
    /// Whether the last line takes no more.
    ended: bool,
}

impl Arranged {
    fn beside(&mut self, text: String) {
        if let Some(line) = self.lines.last_mut() {
            line.comment = Some(text);
        }
        self.ended = true;
    }

    fn token(&mut self, piece: Piece, place: Place, gap: bool) {
        let place = match place {
            Place::Same if self.ended => Place::New(Kind::Other, piece.inner),
            place => place,
        };
        match place {
            Place::Same => {
                if let Some(line) = self.lines.last_mut() {
                    line.pieces.push(piece);
                }
            }
            Place::New(kind, indent) => {
                let gap = self.gap_before(kind, indent, gap);
                self.lines.push(Line { kind, indent, pieces: vec![piece], comment: None, gap });
                self.ended = false;
            }
        }
    }

    /// Writes the waiting comments, and says whether a blank line follows them.
    fn gap_before(&mut self, kind: Kind, indent: usize, gap: bool) -> bool {
        let previous = self.lines.last().map(|line| line.kind);
        match kind {
            Kind::Declaration | Kind::Field | Kind::Raw => {
                let apart = !(kind == Kind::Field && previous == Some(Kind::Field));
                let commented = self.before_declaration(apart);
                if commented { gap } else { !self.lines.is_empty() && (apart || gap) }
            }
            _ => {
                for waiting in std::mem::take(&mut self.waiting) {
                    self.comment(waiting.text, indent, waiting.gap);
                }
                gap && matches!(kind, Kind::Setting | Kind::Row | Kind::Record)
            }
        }
    }

    /// Writes the waiting comments where a declaration follows or the text ends. Says whether any stands above what
    /// follows: those below the last clause, in as far as it is, belong to what is above.
    fn before_declaration(&mut self, apart: bool) -> bool {
        let mut above = !self.lines.is_empty();
        let mut first = true;
        for waiting in std::mem::take(&mut self.waiting) {
            above = above && waiting.indented && !waiting.gap;
            if above {
                self.comment(waiting.text, 2, false);
            } else {
                let gap = !self.lines.is_empty() && (waiting.gap || first && apart);
                self.comment(waiting.text, 0, gap);
                first = false;
            }
        }
        !first
    }

    fn comment(&mut self, text: String, indent: usize, gap: bool) {
        self.lines.push(Line { kind: Kind::Comment, indent, pieces: Vec::new(), comment: Some(text), gap });
    }
}

/// Writes the lines.
pub(super) fn write(lines: &[Line], line_end: &str) -> String {
    let mut written = String::new();
    for line in lines {
        if line.gap {
            written.push_str(line_end);
        }
        write_line(line, line_end, &mut written);
        written.push_str(line_end);
    }
    written
}

fn write_line(line: &Line, line_end: &str, written: &mut String) {
    let breaks = matches!(line.kind, Kind::Clause | Kind::Header | Kind::Other | Kind::Declaration);
    let mut parts = Vec::new();
    broken(&line.pieces, line.indent, if breaks { LONGEST } else { usize::MAX }, &mut parts);
    for (at, (indent, pieces)) in parts.into_iter().enumerate() {
        if at > 0 {
            written.push_str(line_end);
        }
        written.extend(std::iter::repeat_n(' ', indent));
        write_pieces(pieces, written);
    }
    if let Some(comment) = &line.comment {
        if line.pieces.is_empty() {
            written.extend(std::iter::repeat_n(' ', line.indent));
        } else {
            written.push_str("  ");
        }
        written.push_str(comment);
    }
}

fn write_pieces(pieces: &[Piece], written: &mut String) {
    let mut before: Option<&Piece> = None;
    for piece in pieces {
        if let Some(before) = before
            && before.joint != Joint::After
            && piece.joint != Joint::Before
        {
            written.extend(std::iter::repeat_n(' ', 1 + before.padding));
        }
        written.push_str(&piece.text);
        before = Some(piece);
    }
}

/// Breaks what is too long before the `and` and `or` that stand in the fewest parentheses, and what is then still too
/// long before those that stand in more, two further in for each parenthesis.
fn broken<'l>(pieces: &'l [Piece], indent: usize, longest: usize, parts: &mut Vec<(usize, &'l [Piece])>) {
    let may_break = pieces.iter().skip(1).filter(|piece| piece.stop).map(|piece| piece.depth).min();
    let Some(depth) = may_break.filter(|_| width(pieces, indent) > longest) else {
        if !pieces.is_empty() {
            parts.push((indent, pieces));
        }
        return;
    };
    let mut indent = indent;
    for part in pieces.chunk_by(|_, next| !(next.stop && next.depth == depth)) {
        if !std::ptr::eq(part.as_ptr(), pieces.as_ptr()) {
            indent = part.first().map_or(indent, |piece| piece.inner + 2 * depth);
        }
        broken(part, indent, longest, parts);
    }
}

/// Gives how wide a line is, its comment left out.
fn width(pieces: &[Piece], indent: usize) -> usize {
    (indent + pieces.iter().map(|piece| 1 + piece.padding + piece.text.chars().count()).sum::<usize>())
        .saturating_sub(1)
}
