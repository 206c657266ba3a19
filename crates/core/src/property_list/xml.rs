//! The form in XML.

use super::{DEEPEST, MOST, push_real, push_text};

/// What is open: an array, or a dictionary with or without a key that waits for its value.
enum Open {
    Array { empty: bool },
    Dictionary { empty: bool, keyed: bool },
}

/// Writes the list as JSON; `None` if it is none.
pub(super) fn write(text: &str, json: &mut String) -> Option<()> {
    let mut open: Vec<Open> = Vec::new();
    let mut rest = text;
    let mut values = 0;
    loop {
        rest = &rest[rest.find('<')?..];
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = &after[after.find("-->")? + 3..];
            continue;
        }
        let end = rest.find('>')?;
        let (tag, after) = (&rest[1..end], &rest[end + 1..]);
        rest = after;
        if tag.starts_with(['?', '!']) {
            continue;
        }
        let empty_tag = tag.ends_with('/');
        let name = tag.trim_end_matches('/').split_whitespace().next()?;
        match name {
            "plist" => continue,
            "/plist" => return None,
            "/array" | "/dict" => {
                let (closing, array) = match open.pop()? {
                    Open::Array { .. } => (']', true),
                    Open::Dictionary { keyed: false, .. } => ('}', false),
                    Open::Dictionary { .. } => return None,
                };
                if array != (name == "/array") {
                    return None;
                }
                json.push(closing);
            }
            "key" => {
                let Some(Open::Dictionary { empty, keyed }) = open.last_mut() else { return None };
                if std::mem::replace(keyed, true) {
                    return None;
                }
                if !std::mem::replace(empty, false) {
                    json.push(',');
                }
                let (content, after) = if empty_tag { (String::new(), rest) } else { content(rest, "</key>")? };
                rest = after;
                push_text(&content, json);
                json.push(':');
                continue;
            }
            _ => {
                values += 1;
                if values > MOST {
                    return None;
                }
                match open.last_mut() {
                    Some(Open::Array { empty: first @ true }) => *first = false,
                    Some(Open::Array { .. }) => json.push(','),
                    Some(Open::Dictionary { keyed: waiting @ true, .. }) => *waiting = false,
                    Some(Open::Dictionary { .. }) => return None,
                    None => {}
                }
                if matches!(name, "array" | "dict") {
                    if empty_tag {
                        json.push_str(if name == "array" { "[]" } else { "{}" });
                    } else if open.len() >= DEEPEST {
                        return None;
                    } else if name == "array" {
                        json.push('[');
                        open.push(Open::Array { empty: true });
                        continue;
                    } else {
                        json.push('{');
                        open.push(Open::Dictionary { empty: true, keyed: false });
                        continue;
                    }
                } else {
                    rest = scalar(name, empty_tag, rest, json)?;
                }
            }
        }
        if open.is_empty() {
            return Some(());
        }
    }
}

fn scalar<'t>(name: &str, empty_tag: bool, rest: &'t str, json: &mut String) -> Option<&'t str> {
    let (text, after) = if empty_tag { (String::new(), rest) } else { content(rest, &format!("</{name}>"))? };
    match name {
        "true" | "false" => json.push_str(name),
        "integer" => {
            let text = text.trim();
            let number = match text.strip_prefix("0x") {
                Some(digits) => i128::from_str_radix(digits, 16).ok()?,
                None => text.parse::<i128>().ok()?,
            };
            json.push_str(&number.to_string());
        }
        "real" => push_real(text.trim().parse().ok()?, json),
        "string" | "date" | "data" => push_text(&text, json),
        _ => return None,
    }
    Some(after)
}

/// The text up to `end`, with its entities put in, and what follows.
fn content<'t>(rest: &'t str, end: &str) -> Option<(String, &'t str)> {
    let mut text = String::new();
    let mut rest = rest;
    loop {
        let at = rest.find(['<', '&'])?;
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix(end) {
            return Some((text, after));
        }
        if let Some(after) = rest.strip_prefix("<![CDATA[") {
            let close = after.find("]]>")?;
            text.push_str(&after[..close]);
            rest = &after[close + 3..];
            continue;
        }
        let entity = rest.strip_prefix('&')?;
        let close = entity.find(';')?;
        text.push(match &entity[..close] {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            other => {
                let number = other.strip_prefix('#')?;
                let code = match number.strip_prefix('x') {
                    Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                    None => number.parse().ok()?,
                };
                char::from_u32(code)?
            }
        });
        rest = &entity[close + 1..];
    }
}
