//! The lines around what we write, which say who wrote it and how it is taken back.

use std::ops::Range;

use super::{line_end, line_start};

/// Above what was set aside.
pub const ASIDE: &str =
    "# >>> Authlight set this aside. To take it back: authlight undo, or remove the \"# \" below. >>>";
/// Above what a line was before something in it was set aside.
pub const CHANGED: &str =
    "# >>> Authlight changed what follows. This is how it was; to take it back: authlight undo. >>>";
/// Above what was added.
pub const ADDED: &str = "# >>> Authlight added this. To take it back: authlight undo, or remove these lines. >>>";
/// Below each of them.
pub const END: &str = "# <<< Authlight <<<";

/// Lines as comments, in a block that begins with `first`.
pub(super) fn commented(first: &str, lines: &[u8]) -> Vec<u8> {
    let end: &[u8] = if lines.ends_with(b"\r\n") { b"\r\n" } else { b"\n" };
    let mut block = [first.as_bytes(), end].concat();
    for line in lines.split_inclusive(|byte| *byte == b'\n') {
        block.extend_from_slice(b"# ");
        block.extend_from_slice(line);
    }
    if !block.ends_with(b"\n") {
        block.extend_from_slice(end);
    }
    block.extend_from_slice(END.as_bytes());
    block.extend_from_slice(end);
    block
}

/// Our block of lines that were added: all of it, and what stands between its marks.
pub(super) struct Added {
    pub whole: Range<usize>,
    pub inside: Range<usize>,
}

/// Where our block is, if it is there. `may_begin`: whether a line of the program begins at a place.
pub(super) fn added(text: &[u8], may_begin: impl Fn(usize) -> bool) -> Option<Added> {
    let trimmed = |at: usize| text[at..line_end(text, at)].trim_ascii_end();
    let mut at = 0;
    while at < text.len() {
        let next = line_end(text, at);
        if trimmed(at) == ADDED.as_bytes() && may_begin(at) {
            let mut end = next;
            while end < text.len() {
                if trimmed(end) == END.as_bytes() {
                    return Some(Added { whole: at..line_end(text, end), inside: next..end });
                }
                end = line_end(text, end);
            }
            return None;
        }
        at = next;
    }
    None
}

/// A new block.
pub(super) fn new_block(line: &[u8], end: &[u8]) -> Vec<u8> {
    [ADDED.as_bytes(), end, line, end, END.as_bytes(), end].concat()
}

/// What has to go so that a line of our own block is gone: the block too, if it is its only one. `None`: the line is none
/// of ours.
pub(super) fn own_line(text: &[u8], added: Option<&Added>, at: usize) -> Option<Range<usize>> {
    let added = added.filter(|added| added.inside.contains(&at))?;
    let line = line_start(text, at)..line_end(text, at);
    Some(if line == added.inside { added.whole.clone() } else { line })
}
