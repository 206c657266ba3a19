//! Which permission rules Claude Code skips.

/// Tools whose content is a pattern for files: `:*` is no pattern there.
const FILE_TOOLS: &[&str] = &["Read", "Edit", "Write", "Glob", "NotebookEdit", "NotebookRead", "MultiEdit", "Cd"];

/// Whether a rule is set aside for its form. A tool that does not exist is no fault.
pub(super) fn is_malformed(rule: &str, allow: bool) -> bool {
    let (tool, content) = match opening_bracket(rule) {
        None if rule.contains(')') => return true,
        None => (rule, None),
        Some(open) => match rule[open + 1..].strip_suffix(')') {
            Some(content) if !ends_in_escape(content) => (&rule[..open], Some(content)),
            _ => return true,
        },
    };
    if tool.trim().is_empty() {
        return content.is_none_or(str::is_empty);
    }
    if tool.starts_with("mcp__") {
        return content.is_some() || (allow && is_wide_server(tool));
    }
    if tool.starts_with(|c: char| c.is_ascii_lowercase()) && !tool.starts_with("mcp") || allow && tool.contains('*') {
        return true;
    }
    match content {
        None => false,
        Some("") => true,
        Some(content) => match tool {
            "WebFetch" => !content.starts_with("domain:"),
            "Bash" => content == ":*",
            _ => FILE_TOOLS.contains(&tool) && content.contains(":*"),
        },
    }
}

/// `mcp__*`: an allow rule must name the server before the wildcard.
fn is_wide_server(tool: &str) -> bool {
    let server = tool.trim_start_matches("mcp__").split("__").next().unwrap_or_default();
    server.contains('*')
}

/// An escaped bracket opens nothing.
fn opening_bracket(rule: &str) -> Option<usize> {
    rule.match_indices('(').map(|(at, _)| at).find(|at| !ends_in_escape(&rule[..*at]))
}

fn ends_in_escape(text: &str) -> bool {
    text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}
