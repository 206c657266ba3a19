//! `/etc/environment`: lines of `NAME=value`, no shell.

use zeroize::Zeroizing;

/// A line.
pub(crate) struct Line {
    pub name: String,
    /// None where programs that read it differ: in what refers to other variables, in comments and blanks at the end.
    pub value: Option<Zeroizing<String>>,
    /// Where the name begins, in bytes.
    pub at: usize,
}

/// Reads them as pam_env does: an `export` before the name and quotation marks around the value are left out.
pub(crate) fn lines(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim();
        if trimmed.starts_with('#') {
            continue;
        }
        let body = trimmed.strip_prefix("export ").map_or(trimmed, str::trim_start);
        let Some((name, value)) = body.split_once('=') else { continue };
        let name_at = start + (body.as_ptr() as usize - line.as_ptr() as usize);
        let value = ['"', '\'']
            .iter()
            .find_map(|mark| value.strip_prefix(*mark).map(|rest| rest.strip_suffix(*mark).unwrap_or(rest)))
            .unwrap_or(value);
        let blank = line.trim_end_matches(['\n', '\r']).ends_with([' ', '\t']);
        let odd = blank || value.contains(['$', '#', '\\', '"', '\'']) || name.ends_with([' ', '\t']);
        let value = (!odd).then(|| Zeroizing::new(value.to_owned()));
        found.push(Line { name: name.trim().to_owned(), value, at: name_at });
    }
    found
}
