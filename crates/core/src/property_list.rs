//! Property lists (macOS preferences), XML and binary, turned into JSON text. Nothing nests deeper, and no list holds
//! more, than any policy would.

/// How deep a list may nest.
const DEEPEST: usize = 64;

/// How many values a list may hold, those that stand in several places counted each time.
const MOST: usize = 100_000;

/// How many bytes its JSON may hold: a binary list may name one long text in many places.
const LARGEST: usize = 16 << 20;

/// The list as JSON; `None` if it is none.
pub fn to_json(bytes: &[u8]) -> Option<String> {
    let mut json = String::new();
    if bytes.starts_with(b"bplist00") {
        let list = Binary::of(bytes)?;
        list.write(list.top, 0, &mut 0, &mut json)?;
    } else {
        let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).ok()?;
        xml(text, &mut json)?;
    }
    Some(json)
}

fn push_text(text: &str, json: &mut String) {
    json.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => json.extend(['\\', letter]),
            control if u32::from(control) < 0x20 => json.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => json.push(other),
        }
    }
    json.push('"');
}

fn push_real(number: f64, json: &mut String) {
    // JSON knows no infinity.
    if number.is_finite() { json.push_str(&number.to_string()) } else { json.push_str("null") }
}

// ------------------------------------------------------------------------------------------------ XML

/// What is open: an array, or a dictionary with or without a key that waits for its value.
enum Open {
    Array { empty: bool },
    Dictionary { empty: bool, keyed: bool },
}

fn xml(text: &str, json: &mut String) -> Option<()> {
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

// --------------------------------------------------------------------------------------------- binary

/// A binary list: a table of objects that refer to each other.
struct Binary<'b> {
    bytes: &'b [u8],
    offset_size: usize,
    reference_size: usize,
    count: usize,
    table: usize,
    top: usize,
}

impl<'b> Binary<'b> {
    fn of(bytes: &'b [u8]) -> Option<Self> {
        let trailer = bytes.get(bytes.len().checked_sub(32)?..)?;
        let word = |at: usize| usize::try_from(number(trailer.get(at..at + 8)?)?).ok();
        let list = Self {
            bytes,
            offset_size: usize::from(trailer[6]),
            reference_size: usize::from(trailer[7]),
            count: word(8)?,
            top: word(16)?,
            table: word(24)?,
        };
        let sizes = 1..=8;
        (sizes.contains(&list.offset_size) && sizes.contains(&list.reference_size)).then_some(list)
    }

    fn object(&self, index: usize) -> Option<usize> {
        if index >= self.count {
            return None;
        }
        let at = self.table.checked_add(index.checked_mul(self.offset_size)?)?;
        usize::try_from(number(self.slice(at, self.offset_size)?)?).ok()
    }

    fn slice(&self, at: usize, length: usize) -> Option<&'b [u8]> {
        self.bytes.get(at..at.checked_add(length)?)
    }

    /// The length of an object, and where its content begins.
    fn length(&self, at: usize, low: u8) -> Option<(usize, usize)> {
        if low != 0xf {
            return Some((usize::from(low), at + 1));
        }
        let marker = *self.bytes.get(at + 1)?;
        let size = (marker >> 4 == 1).then(|| 1_usize << (marker & 0xf))?;
        let length = usize::try_from(number(self.slice(at + 2, size.min(9))?)?).ok()?;
        Some((length, at + 2 + size))
    }

    fn reference(&self, start: usize, index: usize) -> Option<usize> {
        let at = start.checked_add(index.checked_mul(self.reference_size)?)?;
        usize::try_from(number(self.slice(at, self.reference_size)?)?).ok()
    }

    fn write(&self, index: usize, depth: usize, values: &mut usize, json: &mut String) -> Option<()> {
        *values += 1;
        if depth > DEEPEST || *values > MOST || json.len() > LARGEST {
            return None;
        }
        let at = self.object(index)?;
        let marker = *self.bytes.get(at)?;
        let low = marker & 0xf;
        match marker >> 4 {
            0 => json.push_str(match low {
                0 => "null",
                8 => "false",
                9 => "true",
                _ => return None,
            }),
            1 => {
                let bytes = self.slice(at + 1, 1_usize.checked_shl(u32::from(low))?)?;
                // Eight bytes carry a sign, fewer do not; of sixteen the last eight count.
                let whole = number(&bytes[bytes.len().saturating_sub(8)..])?;
                let signed = if bytes.len() >= 8 { i128::from(whole.cast_signed()) } else { i128::from(whole) };
                json.push_str(&signed.to_string());
            }
            2 => match self.slice(at + 1, 1_usize.checked_shl(u32::from(low))?)? {
                bytes if bytes.len() == 4 => push_real(f64::from(f32::from_be_bytes(bytes.try_into().ok()?)), json),
                bytes => push_real(f64::from_be_bytes(bytes.try_into().ok()?), json),
            },
            // Dates and data say nothing in a policy; they keep their place.
            3 | 4 | 8 => json.push_str("\"\""),
            5 => {
                let (length, start) = self.length(at, low)?;
                push_text(&String::from_utf8_lossy(self.slice(start, length)?), json);
            }
            6 => {
                let (length, start) = self.length(at, low)?;
                let units = self.slice(start, length.checked_mul(2)?)?.chunks_exact(2);
                let units = units.map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
                let letters = char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER));
                push_text(&letters.collect::<String>(), json);
            }
            0xa => {
                let (length, start) = self.length(at, low)?;
                json.push('[');
                for item in 0..length {
                    if item > 0 {
                        json.push(',');
                    }
                    self.write(self.reference(start, item)?, depth + 1, values, json)?;
                }
                json.push(']');
            }
            0xd => {
                let (length, start) = self.length(at, low)?;
                json.push('{');
                for item in 0..length {
                    if item > 0 {
                        json.push(',');
                    }
                    let key = self.reference(start, item)?;
                    // A key is a text.
                    matches!(self.bytes.get(self.object(key)?)? >> 4, 5 | 6).then_some(())?;
                    self.write(key, depth + 1, values, json)?;
                    json.push(':');
                    self.write(self.reference(start, length.checked_add(item)?)?, depth + 1, values, json)?;
                }
                json.push('}');
            }
            _ => return None,
        }
        Some(())
    }
}

/// A number of at most eight bytes, big end first.
fn number(bytes: &[u8]) -> Option<u64> {
    (bytes.len() <= 8).then(|| bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// Both made by Python's plistlib from one dictionary.
    const XML: &[u8] = b"<?xml version=\x221.0\x22 encoding=\x22UTF-8\x22?>\x0a<!DOCTYPE plist PUBLIC \x22-//Apple//DTD PLIST 1.0//EN\x22 \x22http://www.apple.com/DTDs/PropertyList-1.0.dtd\x22>\x0a<plist version=\x221.0\x22>\x0a<dict>\x0a\x09<key>env</key>\x0a\x09<dict>\x0a\x09\x09<key>ANTHROPIC_BASE_URL</key>\x0a\x09\x09<string>https://gw.example/\xc3\xa4\x22q\x22</string>\x0a\x09\x09<key>N</key>\x0a\x09\x09<string>a&amp;b&lt;c</string>\x0a\x09</dict>\x0a\x09<key>forceLoginMethod</key>\x0a\x09<string>console</string>\x0a\x09<key>n</key>\x0a\x09<array>\x0a\x09\x09<integer>1</integer>\x0a\x09\x09<integer>-2</integer>\x0a\x09\x09<integer>300</integer>\x0a\x09\x09<integer>70000</integer>\x0a\x09\x09<integer>1099511627776</integer>\x0a\x09\x09<real>-1.5</real>\x0a\x09</array>\x0a\x09<key>t</key>\x0a\x09<true/>\x0a\x09<key>f</key>\x0a\x09<false/>\x0a\x09<key>deep</key>\x0a\x09<dict>\x0a\x09\x09<key>a</key>\x0a\x09\x09<dict>\x0a\x09\x09\x09<key>b</key>\x0a\x09\x09\x09<array>\x0a\x09\x09\x09\x09<array/>\x0a\x09\x09\x09\x09<dict/>\x0a\x09\x09\x09</array>\x0a\x09\x09</dict>\x0a\x09</dict>\x0a\x09<key>long</key>\x0a\x09<string>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx</string>\x0a</dict>\x0a</plist>\x0a";
    const BINARY: &[u8] = b"bplist00\xd7\x01\x02\x03\x04\x05\x06\x07\x08\x0d\x0e\x15\x16\x17\x1eSenv_\x10\x10forceLoginMethodQnQtQfTdeepTlong\xd2\x09\x0a\x0b\x0c_\x10\x12ANTHROPIC_BASE_URLQNo\x10\x17\x00h\x00t\x00t\x00p\x00s\x00:\x00/\x00/\x00g\x00w\x00.\x00e\x00x\x00a\x00m\x00p\x00l\x00e\x00/\x00\xe4\x00\x22\x00q\x00\x22Ua&b<cWconsole\xa6\x0f\x10\x11\x12\x13\x14\x10\x01\x13\xff\xff\xff\xff\xff\xff\xff\xfe\x11\x01,\x12\x00\x01\x11p\x13\x00\x00\x01\x00\x00\x00\x00\x00#\xbf\xf8\x00\x00\x00\x00\x00\x00\x09\x08\xd1\x18\x19Qa\xd1\x1a\x1bQb\xa2\x1c\x1d\xa0\xd0_\x10(xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\x00\x08\x00\x17\x00\x1b\x00.\x000\x002\x004\x009\x00>\x00C\x00X\x00Z\x00\x8b\x00\x91\x00\x99\x00\xa0\x00\xa2\x00\xab\x00\xae\x00\xb3\x00\xbc\x00\xc5\x00\xc6\x00\xc7\x00\xca\x00\xcc\x00\xcf\x00\xd1\x00\xd4\x00\xd5\x00\xd6\x00\x00\x00\x00\x00\x00\x02\x01\x00\x00\x00\x00\x00\x00\x00\x1f\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x01";
    const SAME: &str = r##"{"env": {"ANTHROPIC_BASE_URL": "https://gw.example/ä\"q\"", "N": "a&b<c"}, "forceLoginMethod": "console", "n": [1, -2, 300, 70000, 1099511627776, -1.5], "t": true, "f": false, "deep": {"a": {"b": [[], {}]}}, "long": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}"##;

    fn json(bytes: &[u8]) -> Value {
        serde_json::from_str(&to_json(bytes).expect("a list")).expect("JSON")
    }

    #[test]
    fn both_forms_say_the_same() {
        let same: Value = serde_json::from_str(SAME).unwrap();
        assert_eq!(json(XML), same);
        assert_eq!(json(BINARY), same);
    }

    #[test]
    fn what_is_cut_short_is_no_list_and_never_panics() {
        for whole in [XML, BINARY] {
            for end in 0..whole.len() {
                let _ = to_json(&whole[..end]);
                let mut bent = whole.to_vec();
                bent[end] ^= 0x5a;
                let _ = to_json(&bent);
            }
        }
        for text in ["", "plain", "<plist></plist>", "<plist><dict><true/></dict></plist>", "<dict><key>a</key></dict>"]
        {
            assert_eq!(to_json(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn depth_and_size_are_bounded() {
        assert_eq!(to_json("<array>".repeat(200_000).as_bytes()), None);
        // One array that holds itself.
        let mut knot = b"bplist00\xa1\x00\x08".to_vec();
        knot.extend([0, 0, 0, 0, 0, 0, 1, 1]);
        for word in [1_u64, 0, 10] {
            knot.extend(word.to_be_bytes());
        }
        assert_eq!(to_json(&knot), None);
        assert!(to_json(&naming_one_text(1 << 20, 3)).is_some());
        assert_eq!(to_json(&naming_one_text(1 << 20, 1000)), None);
    }

    /// A binary list that names one text of `length` bytes in `times` places.
    fn naming_one_text(length: u32, times: u16) -> Vec<u8> {
        let mut list = b"bplist00\xaf\x11".to_vec();
        list.extend(times.to_be_bytes());
        list.extend(std::iter::repeat_n(1, usize::from(times)));
        let text = list.len() as u32;
        list.extend(b"\x5f\x12");
        list.extend(length.to_be_bytes());
        list.extend(std::iter::repeat_n(b'x', length as usize));
        let table = list.len() as u64;
        for offset in [8, text] {
            list.extend(offset.to_be_bytes());
        }
        list.extend([0, 0, 0, 0, 0, 0, 4, 1]);
        for word in [2, 0, table] {
            list.extend(word.to_be_bytes());
        }
        list
    }

    #[test]
    fn an_empty_list_is_one() {
        assert_eq!(to_json(b"<?xml version=\"1.0\"?><plist version=\"1.0\"><dict/></plist>").as_deref(), Some("{}"));
        assert_eq!(
            to_json(b"<plist><!-- <dict> --><string><![CDATA[a<b]]></string></plist>").as_deref(),
            Some("\"a<b\"")
        );
    }
}
