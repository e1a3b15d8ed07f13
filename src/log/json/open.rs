//! What is open within an element, and what in it might be elements of the list around it.

use std::ops::Range;

/// The brackets that are owed, and the groups that follow the element should it turn out never to close.
#[derive(Debug, Default)]
pub(super) struct Open {
    /// The closing brackets that are owed, the innermost last; that of a marked group has the bit [`MARKED`].
    owed: Vec<u8>,
    /// How many of them are braces: without such a count, a bracket that closes nothing would cost a search.
    braces: usize,
    /// The groups that might be elements, in the order of the input; none lies in another that closes.
    marks: Vec<Mark>,
}

const MARKED: u8 = 0x80;

/// A group that might be an element.
#[derive(Debug)]
struct Mark {
    start: usize,
    /// One past its last byte; none as long as it is open.
    end: Option<usize>,
    /// How many brackets are open around it.
    depth: usize,
    /// Whether it is the first member of a list that is open: if that list never closes, the rest of the input is in it.
    begins_list: bool,
}

impl Open {
    pub(super) fn is_empty(&self) -> bool {
        self.owed.is_empty()
    }

    /// Gives the bracket that closes what is innermost.
    pub(super) fn innermost(&self) -> Option<u8> {
        self.owed.last().map(|owed| owed & !MARKED)
    }

    /// Opens what a bracket closes.
    pub(super) fn push(&mut self, owed: u8) {
        self.braces += usize::from(owed & !MARKED == b'}');
        self.owed.push(owed);
    }

    /// Opens a group that might be an element.
    pub(super) fn push_marked(&mut self, start: usize, begins_list: bool) {
        self.marks.push(Mark { start, end: None, depth: self.owed.len(), begins_list });
        self.push(b'}' | MARKED);
    }

    /// Gives the depth of the innermost thing that a bracket closes.
    pub(super) fn depth_of(&self, bracket: u8) -> Option<usize> {
        let count = if bracket == b'}' { self.braces } else { self.owed.len() - self.braces };
        if count == 0 {
            return None;
        }
        self.owed.iter().rposition(|owed| owed & !MARKED == bracket)
    }

    /// Closes what is at a depth, and what was left open in it. Groups in it are no elements, unless the bracket may as
    /// well be that of the list around the element.
    pub(super) fn close(&mut self, depth: usize, end: usize, may_be_outer: bool) {
        let inside = self.marks.iter().rev().take_while(|mark| mark.depth > depth).count();
        let first = self.marks.len() - inside;
        if may_be_outer {
            self.marks.iter_mut().skip(first).for_each(|mark| mark.begins_list = false);
        } else {
            self.marks.truncate(first);
        }
        let is_marked = self.owed.get(depth).is_some_and(|owed| owed & MARKED != 0);
        if let Some(mark) = self.marks.last_mut().filter(|_| is_marked) {
            mark.end = Some(end);
        }
        self.leave(depth);
    }

    /// Leaves the innermost marked group, which lacks a bracket; says whether there is one.
    pub(super) fn leave_marked(&mut self) -> bool {
        let depth = self.owed.iter().rposition(|owed| owed & MARKED != 0);
        self.leave(depth.unwrap_or(0));
        depth.is_some()
    }

    fn leave(&mut self, depth: usize) {
        self.braces -= self.owed.drain(depth..).filter(|owed| owed & !MARKED == b'}').count();
    }

    /// Gives the elements that follow one that never closed, where it was looked at up to `seen`.
    pub(super) fn after(mut self, seen: usize) -> Vec<Range<usize>> {
        let in_open_list = self.marks.iter().position(|mark| mark.begins_list);
        self.marks.truncate(in_open_list.unwrap_or(self.marks.len()));
        let starts = self.marks.iter().skip(1).map(|mark| mark.start).chain([seen]);
        self.marks.iter().zip(starts).map(|(mark, next)| mark.start..mark.end.unwrap_or(next)).collect()
    }
}
