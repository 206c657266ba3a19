//! Property lists (macOS preferences), XML and binary, turned into JSON text. Nothing nests deeper, and no list holds
//! more, than any policy would.

mod binary;
mod xml;

use binary::Binary;

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
        xml::write(text, &mut json)?;
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
