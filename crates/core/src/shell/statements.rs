//! Programs of PowerShell and nu cut into statements: enough to see a plain assignment, and whether it stands in a
//! block.

/// A statement.
pub(super) struct Statement<'t> {
    pub text: &'t str,
    /// Where it begins, in bytes.
    pub at: usize,
    /// Whether it stands in a block of its own, or behind something on its line: it may or may not run.
    pub inside: bool,
}

/// What sets the two apart.
#[derive(Clone, Copy)]
pub(super) struct Marks {
    /// The sign that takes the next one as it is.
    pub escape: u8,
    /// Whether a sign in a text in double quotation marks may be escaped, and how.
    pub doubled: bool,
    /// The signs around a block comment.
    pub comment: Option<(&'static str, &'static str)>,
    /// Other quotation marks than the single and the double one.
    pub other_quote: Option<u8>,
}

/// The statements of a program. None: its quotation marks or brackets do not close.
pub(super) fn statements(text: &str, marks: Marks) -> Option<Vec<Statement<'_>>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    // What says at the start how the text is stored is no part of it.
    let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let (mut at, mut start, mut depth, mut deepest) = (first, first, 0_usize, 0_usize);
    let mut push = |start: usize, end: usize, depth: usize| {
        let piece = &text[start..end];
        let trimmed = piece.trim_start();
        if !trimmed.trim_end().is_empty() {
            let at = start + (piece.len() - trimmed.len());
            found.push(Statement { text: trimmed.trim_end(), at, inside: depth > 0 });
        }
    };
    while at < bytes.len() {
        match bytes[at] {
            b'#' if at == first || b" \t\r\n;{(".contains(&bytes[at - 1]) => {
                push(start, at, deepest);
                at += memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at);
                start = at;
                deepest = depth;
                continue;
            }
            _ if marks.comment.is_some_and(|(open, _)| text[at..].starts_with(open)) => {
                let (_, close) = marks.comment?;
                push(start, at, deepest);
                at += text[at..].find(close)? + close.len();
                start = at;
                continue;
            }
            // PowerShell: a text of several lines.
            b'@' if marks.doubled && matches!(bytes.get(at + 1), Some(b'"' | b'\'')) => {
                let close = if bytes[at + 1] == b'"' { "\n\"@" } else { "\n'@" };
                at += 2 + text[at + 2..].find(close)? + close.len();
                continue;
            }
            quote @ (b'"' | b'\'') => at = behind_quote(bytes, at, quote, marks)?,
            quote if Some(quote) == marks.other_quote => at = behind_quote(bytes, at, quote, marks)?,
            escape if escape == marks.escape && escape != b'\\' => {
                // One more is stepped over below, whole if it is longer.
                at += 1;
            }
            // PowerShell: `${name}`.
            b'{' if marks.doubled && at > 0 && bytes[at - 1] == b'$' => at += memchr::memchr(b'}', &bytes[at..])?,
            b'{' | b'(' | b'[' => {
                if bytes[at] == b'{' && depth == 0 {
                    // What stands before it belongs to the block.
                    push(start, at, 1);
                    start = at + 1;
                }
                depth += 1;
                deepest = deepest.max(usize::from(bytes[at] == b'{'));
            }
            b'}' | b')' | b']' => {
                depth = depth.checked_sub(1)?;
                if bytes[at] == b'}' {
                    push(start, at, 1);
                    start = at + 1;
                }
                if depth == 0 && bytes[at] == b'}' {
                    deepest = 1;
                }
            }
            b'\n' | b';' => {
                push(start, at, deepest + usize::from(depth > 0));
                start = at + 1;
                if bytes[at] == b'\n' {
                    deepest = usize::from(depth > 0);
                }
            }
            _ => {}
        }
        at += 1;
        while at < bytes.len() && !text.is_char_boundary(at) {
            at += 1;
        }
    }
    push(start.min(bytes.len()), bytes.len(), deepest + depth);
    (depth == 0).then_some(found)
}

/// The place of the closing mark.
fn behind_quote(bytes: &[u8], from: usize, quote: u8, marks: Marks) -> Option<usize> {
    let mut at = from + 1;
    loop {
        match *bytes.get(at)? {
            byte if byte == quote => {
                if marks.doubled && bytes.get(at + 1) == Some(&quote) {
                    at += 2;
                    continue;
                }
                return Some(at);
            }
            byte if byte == marks.escape && quote == b'"' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::disallowed_methods, reason = "what was read is compared")]

    use super::super::{ProfileText, StaticEnvironment};
    use crate::reading::Reading;
    use crate::report::Source;
    use crate::secret::Secret;
    use crate::snapshot::Variable;

    /// What a reader makes of a file where an address is there already: what is sure with its line, then what is unsure.
    pub fn told(
        path: &str,
        text: &str,
        variables: impl FnOnce(&[(String, ProfileText)], &StaticEnvironment) -> StaticEnvironment,
    ) -> Vec<String> {
        let there = vec![Variable {
            name: "ANTHROPIC_BASE_URL".to_owned(),
            value: Secret::new("base"),
            source: Source::variable("ANTHROPIC_BASE_URL"),
        }];
        let base = StaticEnvironment { variables: there, ..StaticEnvironment::default() };
        let file = (path.to_owned(), (Reading::Found(Secret::new(text)), None));
        let all = variables(&[file], &base);
        let sure = all.variables.iter().map(|v| format!("{}={}@{:?}", v.name, v.value.reveal(), v.source.line));
        sure.chain(all.unsure.iter().map(|u| format!("{}? {:?}", u.name, u.why))).collect()
    }
}
