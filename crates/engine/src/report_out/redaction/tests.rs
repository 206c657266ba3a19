use std::collections::BTreeMap;

use authlight_core::message::{Argument, Message, Words};
use authlight_core::secret::Secret;
use proptest::prelude::*;

use super::*;

/// A key of the real length, in pieces so that no scanner takes it for one.
fn key() -> String {
    ["sk-ant-", "api03-", "CANARY1", &"aB3_dE6-gH9".repeat(8), "AA"].concat()
}

fn redacted(text: &str) -> String {
    redact_text(text).text
}

/// The canary is gone, the lines are as many as before, and a second run changes nothing.
#[track_caller]
fn assert_gone(input: &str, secret: &str) -> String {
    let once = redact_text(input);
    assert!(!once.text.contains(secret), "left in: {}", once.text);
    assert_eq!(once.text.matches('\n').count(), input.matches('\n').count(), "lines of: {}", once.text);
    assert_eq!(redacted(&once.text), once.text, "a second run");
    assert!(once.counts.values().sum::<usize>() > 0);
    once.text
}

#[test]
fn shapes_are_found_without_a_name() {
    let jwt = ["eyJ", "hbGciOiJIUzI1NiJ9", ".eyJzdWIiOiJDQU5BUlkifQ.", "c2lnbmF0dXJl"].concat();
    let cases = [
        (key(), "[redacted: API key]"),
        (["sk-ant-", "oat01-", "CANARY2xyz"].concat(), "[redacted: API key]"),
        (["SK-ANT-", "API03-", "CANARY3XYZ"].concat(), "[redacted: API key]"),
        (["sk-", "proj-CANARY4abcdef0123"].concat(), "[redacted: API key]"),
        (jwt, "[redacted: token]"),
        (["AKIA", "CANARY5CANARY5AB"].concat(), "[redacted: AWS key]"),
        (["ABSK", "QmVkcm9ja0FQSUtleS1DQU5BUlk2Cg=="].concat(), "[redacted: AWS key]"),
        (["gh", "p_CANARY7abcdefghijklmnop"].concat(), "[redacted: token]"),
        (["AIza", "CANARY8abcdefghijklmnopqrstuvwxyz01"].concat(), "[redacted: token]"),
        (["ya29", ".CANARY9abcdefghij"].concat(), "[redacted: token]"),
    ];
    for (secret, marker) in &cases {
        let text = assert_gone(&format!("12:00 sent ({secret}), answer 401\n"), secret);
        assert_eq!(text, format!("12:00 sent ({marker}), answer 401\n"));
    }
}

#[test]
fn names_give_values_away_in_every_notation() {
    let secret = "CANARY-hunter2-Zq81";
    let login = base64(b"joe:CANARY", false);
    assert_gone(&format!("{{\"auths\": {{\"https://index.example\": {{\"auth\": \"{login}\"}}}}}}\n"), &login);
    assert_gone(&format!("Authorization: Basic {login}\n"), &login);
    for (before, after) in [
        ("export ANTHROPIC_AUTH_TOKEN=", ""),
        ("ANTHROPIC_API_KEY=\"", "\" claude -p hi"),
        ("ANTHROPIC_API_KEY='", "'"),
        ("  \"ANTHROPIC_API_KEY\": \"", "\","),
        ("{'api_key': '", "'}"),
        ("{\"log\": \"{\\\"accessToken\\\":\\\"", "\\\",\\\"x\\\":1}\"}"),
        ("\"primaryApiKey\":\n    \"", "\""),
        ("x-api-key: ", ""),
        ("curl -H 'x-api-key: ", "' https://api.example"),
        ("curl -H \"Authorization: Bearer ", "\" https://api.example"),
        ("Authorization: ", ""),
        ("Proxy-Authorization: Digest username=\"u\", response=\"", "\""),
        ("> Cookie: a=b; session=", ""),
        ("$env:ANTHROPIC_API_KEY = \"", "\""),
        ("setx ANTHROPIC_API_KEY ", ""),
        ("setx ANTHROPIC_API_KEY \"", "\""),
        ("set -gx ANTHROPIC_API_KEY ", ""),
        ("setenv ANTHROPIC_AUTH_TOKEN ", ""),
        ("launchctl setenv ANTHROPIC_API_KEY ", ""),
        ("claude config set -g apiKey ", ""),
        ("[Environment]::SetEnvironmentVariable(\"ANTHROPIC_API_KEY\", \"", "\", \"User\")"),
        ("    ANTHROPIC_API_KEY    REG_SZ    ", ""),
        ("\"ANTHROPIC_API_KEY\"=\"", "\""),
        ("<key>ANTHROPIC_API_KEY</key>\n  <string>", "</string>"),
        ("<password>", "</password>"),
        ("- name: ANTHROPIC_API_KEY\n  value: ", ""),
        ("{\"name\":\"x-api-key\",\"value\":\"", "\"}"),
        ("[\"x-api-key\",\"", "\"]"),
        ("os.environ[\"DB_PASSWORD\"] = \"", "\""),
        ("  auth_token: ", ""),
        ("aws_secret_access_key = ", ""),
        ("machine gw.example login joe password ", ""),
        ("    password ", ""),
        ("some-tool --api-key ", " --verbose"),
        ("some-tool --token=", " --verbose"),
        ("GET /v1?api_key=", "&limit=2 HTTP/1.1"),
        ("Server=db;Password=", ";Timeout=3"),
        ("API key: ", ""),
        ("\\nANTHROPIC_API_KEY=", "\\nLANG=C"),
        ("\0ANTHROPIC_API_KEY=", "\0LANG=C"),
        ("ANTHROPIC_CUSTOM_HEADERS=x-api-key: ", ""),
        ("tokens: {\"refreshToken\": [\"", "\"]}"),
        ("passphrase: correct horse ", " staple"),
        ("curl -u joe:", " https://api.example"),
        ("curl --user 'joe:", "' https://api.example"),
        ("ANTHROPIC_BASE_URL=https://joe:", "@gw.example/llm"),
        ("https:\\/\\/joe:", "@gw.example\\/llm"),
        ("HTTPS_PROXY=joe:", "@proxy.example:3128"),
        ("HTTPS_PROXY=http://joe:p/", "@proxy.example:3128"),
        ("ANTHROPIC_API_KEY=\"", ""),
        ("<add key=\"ApiKey\" value=\"", "\"/>"),
        ("//registry.example/:_authToken=", ""),
        ("    extraheader = AUTHORIZATION: basic ", ""),
        ("      - ANTHROPIC_API_KEY=", ""),
        ("api_key: |\n  ", ""),
        ("const apiKey: string = \"", "\";"),
        ("api_key = b\"", "\""),
        ("{\"user\":\"joe\",\"pass\":\"", "\"}"),
        ("Uid=sa;PWD=", ";Timeout=3"),
        ("SMTP_PASS=", ""),
        ("{\"approved\": [\"aaaa\", \"", "\"]}"),
        ("https://claude.ai/oauth/authorize?code=true&code_challenge=", "&limit=2"),
        ("{\"headers\":{\"authorization\":[\"Bearer ", "\"]}}"),
        ("headers.set(\"x-api-key\", \"", "\")"),
    ] {
        let input = format!("{before}{secret}{after}\n");
        let output = assert_gone(&input, secret);
        assert!(output.contains("[redacted: "), "{output}");
        let kept =
            ["claude -p hi", "limit=2", "LANG=C", "--verbose", "https://api.example", "gw.example/llm", "Timeout=3"];
        for word in kept.iter().filter(|word| after.contains(**word)) {
            assert!(output.contains(word), "{word} in {output}");
        }
    }
}

#[test]
fn what_a_helpdesk_needs_stays() {
    for text in [
        "Invalid API key · Fix external API key\n",
        "Error: API key not configured. Run 'claude login' or set ANTHROPIC_API_KEY.\n",
        "Auth token: ANTHROPIC_AUTH_TOKEN\nAPI key: ANTHROPIC_API_KEY · not in use\n",
        "\"apiKeyHelper\": \"~/bin/give-key.sh\",\n\"apiKeySource\": \"none\"\n",
        "export ANTHROPIC_API_KEY=\"$MY_KEY\"\nANTHROPIC_API_KEY=${OTHER_KEY}\nTOKEN=$(cat ~/token)\n",
        "ANTHROPIC_API_KEY=your-api-key-here\nANTHROPIC_API_KEY=<your key>\nANTHROPIC_API_KEY=sk-ant-...\n",
        "ANTHROPIC_API_KEY=\nANTHROPIC_API_KEY=\"\"\n\"ANTHROPIC_API_KEY\": null,\n",
        "CLAUDE_CODE_MAX_OUTPUT_TOKENS=32000 max_tokens: 4096 \"expiresAt\": 1764000000000\n",
        "a key like sk-ant-api03-… or sk-ant-oat01-…\n",
        "basic authentication, Bearer token, Bearer authentication\n",
        "npm install -g @anthropic-ai/claude-code@2.1.330\n",
        "PWD=/srv/work/a1b2c3d4e5f6\ngit@github.com:org/repo.git\n",
        "https://api.anthropic.com:443/v1/messages?limit=3\n",
        "/usr/bin/claude /home/linuxbrew/.linuxbrew/bin/claude C:\\Users\\Public\\x\n",
        "curl --user 1000:1000\n",
        "error[E0433]: token::Kind is not known\n",
        "SyntaxError: Unexpected token: expected a brace at 3:5\n",
        "\"approved\": [], \"rejected\": []\n",
    ] {
        assert_eq!(redacted(text), text);
    }
}

#[test]
fn persons_are_reduced() {
    for (input, output) in [
        ("/home/alice/.claude.json", "~/.claude.json"),
        ("HOME=/Users/alice\n", "HOME=~\n"),
        ("PATH=/home/alice/bin:/home/alice/.local/bin", "PATH=~/bin:~/.local/bin"),
        (r"C:\Users\Alice Smith\AppData\Roaming", r"~\AppData\Roaming"),
        (r#""c:\\Users\\alice\\.claude""#, r#""~\\.claude""#),
        ("/mnt/c/Users/alice/x", "~/x"),
        ("file:///home/alice/x", "file://~/x"),
        ("~/.claude/projects/-home-alice-work-shop/", "~/.claude/projects/~-work-shop/"),
        ("mail alice.b+c@mail.example.com now", "mail [redacted: name]@mail.example.com now"),
    ] {
        assert_eq!(redacted(input), output);
        assert_eq!(redacted(output), output);
    }
}

#[test]
fn the_end_of_a_key_that_claude_code_shows_is_gone() {
    assert_gone("use this key? sk-ant-...CANARYa1B2c3D4e5F6g7\n", "CANARY");
    assert_gone("use this key? sk-ant-api03-…CANARYa1B2c3D4e5F6g7\n", "CANARY");
}

#[test]
fn a_private_key_leaves_its_line_numbers_behind() {
    let begin = ["-----BEGIN OPENSSH ", "PRIVATE KEY-----"].concat();
    let end = ["-----END OPENSSH ", "PRIVATE KEY-----"].concat();
    let body = "Q0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZ\n".repeat(3);
    let whole = assert_gone(&format!("before\n{begin}\n{body}{end}\nafter\n"), "Q0FOQVJZ");
    assert!(whole.starts_with("before\n[redacted: private key]\n") && whole.ends_with("\nafter\n"), "{whole}");
    let half = assert_gone(&format!("before\n{begin}\n{body}\nafter, in words\n"), "Q0FOQVJZ");
    assert!(half.ends_with("after, in words\n"), "{half}");
    assert_gone(&format!("\"private_key\": \"{begin}\\n{}{end}\\n\"", body.replace('\n', "\\n")), "Q0FOQVJZ");
}

#[test]
fn a_key_that_a_narrow_terminal_broke_is_one_key() {
    let key = key();
    let (head, tail) = key.split_at(50);
    let (middle, end) = tail.split_at(30);
    for line_break in ["\n", "\r\n"] {
        let input =
            format!("ANTHROPIC_API_KEY={head}{line_break}{middle}{line_break}{end}{line_break}LANG=C{line_break}");
        let output = assert_gone(&input, end);
        assert!(!output.contains(middle), "{output}");
        assert!(output.ends_with(&format!("{line_break}LANG=C{line_break}")), "{output}");
    }
    let quoted =
        assert_gone(&format!("export ANTHROPIC_API_KEY=\"CANARYCANARY{}\nCANARYtail\"\nls\n", "q"), "CANARYtail");
    assert!(quoted.ends_with("\nls\n"), "{quoted}");
}

#[test]
fn typographic_dashes_and_invisible_characters_do_not_hide_a_key() {
    let key = ["sk\u{2013}ant\u{2011}", "api03\u{2013}CANARY\u{200b}abcdef"].concat();
    assert_eq!(assert_gone(&format!("key {key}."), "CANARY"), "key [redacted: API key].");
}

#[test]
fn bytes_that_are_no_utf_8_pass_through() {
    let key = key();
    let mut input = b"\xff\xc3\x28 caf\xe9 ".to_vec();
    input.extend_from_slice(format!("ANTHROPIC_API_KEY={key}\r\n").as_bytes());
    input.extend_from_slice(b"\xf0\x28\x8c\xbc\r\n");
    let output = redact_bytes(&input);
    assert_eq!(output.bytes, b"\xff\xc3\x28 caf\xe9 ANTHROPIC_API_KEY=[redacted: API key]\r\n\xf0\x28\x8c\xbc\r\n");
    assert_eq!(output.counts, BTreeMap::from([(Rule::ApiKey, 1)]));
}

#[test]
fn utf_16_is_seen_through() {
    let text = format!("ANTHROPIC_API_KEY={}\r\n# höhe\r\n", key());
    let wanted = "ANTHROPIC_API_KEY=[redacted: API key]\r\n# höhe\r\n";
    for big_end in [false, true] {
        let wide = |text: &str| -> Vec<u8> {
            text.encode_utf16().flat_map(|u| if big_end { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
        };
        // With the mark, a lone surrogate and half a unit at the end, which come through.
        let odd: &[u8] = if big_end { b"\xdc\x01\x07" } else { b"\x01\xdc\x07" };
        let marked = [wide("\u{feff}"), wide(&text), odd.to_vec()].concat();
        assert_eq!(redact_bytes(&marked).bytes, [wide("\u{feff}"), wide(wanted), odd.to_vec()].concat());
        // Appended to a text in UTF-8, as old PowerShell does.
        let mixed = [b"LANG=C\n".to_vec(), wide(&text)].concat();
        assert_eq!(redact_bytes(&mixed).bytes, [b"LANG=C\n".to_vec(), wide(wanted)].concat());
    }
}

#[test]
fn one_huge_line_is_read_once() {
    // Each of these would never end if a step looked at the whole line for every name in it.
    for part in [
        "key=",
        "token",
        "a://",
        "password ",
        "\"token\":",
        "user:pw",
        "eyJ",
        "sk-ant-",
        "x@",
        "key=\"",
        "key>",
        "key REG_SZ ",
    ] {
        let input = format!("{} {}", part.repeat(100_000), key());
        assert!(!redacted(&input).contains("CANARY1"), "{part}");
    }
}

#[test]
fn addresses_lose_what_may_be_secret() {
    for (input, output) in [
        ("https://gw.example/llm", "https://gw.example/llm"),
        ("https://gw.example", "https://gw.example"),
        ("https://gw.example/", "https://gw.example/"),
        ("https://joe:CANARY@gw.example:8443/llm?key=CANARY#CANARY", "https://gw.example:8443/llm"),
        ("joe:CANARY@proxy.example:3128", "proxy.example:3128"),
        ("http://joe:CAN/ARY@proxy.example:3128", "http://proxy.example:3128"),
        ("\"https://gw.example\"", "\"https://gw.example\""),
        ("not a url", "not a url"),
    ] {
        assert_eq!(safe_url(input), output);
    }
}

/// One secret with every character that some writing treats in its own way, one plain one.
fn canaries() -> [String; 2] {
    [key(), "CANARY/é\"'<&> +~x\\z\u{1F511}=%".to_owned()]
}

fn base64(bytes: &[u8], url_safe: bool) -> String {
    let alphabet: Vec<char> =
        ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(if url_safe { ['-', '_'] } else { ['+', '/'] }).collect();
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |w, b| w << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let six = (word >> (18 - 6 * at) & 63) as usize;
            if at <= chunk.len() {
                out.push(alphabet[six]);
            } else if !url_safe {
                out.push('=');
            }
        }
    }
    out
}

#[test]
fn the_last_pass_knows_every_writing() {
    let percent = |text: &str, upper: bool| -> String {
        text.bytes()
            .map(|b| match b {
                b if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) => char::from(b).to_string(),
                b if upper => format!("%{b:02X}"),
                b => format!("%{b:02x}"),
            })
            .collect()
    };
    for canary in canaries() {
        let pass = LeakPass::new(&[Secret::new("another-secret-that-is-not-there"), Secret::new(canary.clone())]);
        let utf_16: Vec<u8> = canary.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let json = serde_json::to_string(&canary).unwrap();
        let mut writings = vec![
            canary.clone(),
            json[1..json.len() - 1].to_owned(),
            serde_json::to_string(&json).unwrap(),
            canary.chars().map(|c| format!("\\u{:04x}", u32::from(c).min(0xffff))).collect(),
            percent(&canary, true),
            percent(&canary, false),
            percent(&percent(&canary, true), true),
            percent(&canary, true).replace("%20", "+"),
            percent(&canary, true).replace("%2F", "/"),
            canary.bytes().map(|b| format!("%{b:02X}")).collect(),
            canary.bytes().map(|b| format!("{b:02x}")).collect(),
            canary.bytes().map(|b| format!("{b:02X}")).collect(),
            canary.bytes().map(|b| format!("{b:02x} ")).collect(),
            canary
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;")
                .replace('\'', "&#39;"),
            canary.chars().map(|c| format!("&#{};", u32::from(c))).collect(),
            String::from_utf8_lossy(&utf_16).into_owned(),
            base64(&utf_16, false),
            canary.chars().flat_map(|c| [c, '\n']).collect(),
            canary.chars().flat_map(|c| if c == '_' { vec!['\\', c] } else { vec![c] }).collect(),
        ];
        // No writing for a code point above U+FFFF as one escape; and its bytes are no UTF-8 text.
        if !canary.is_ascii() {
            writings.remove(15);
            writings.remove(3);
        }
        for before in ["", "x", "xy"] {
            for url_safe in [false, true] {
                writings.push(base64(format!("{before}{canary}").as_bytes(), url_safe));
                writings.push(base64(format!("{before}{canary}and more").as_bytes(), url_safe));
            }
        }
        for writing in writings {
            let text = format!("# Report\n\nseen: {writing} twice: {writing}\n");
            assert_eq!(pass.release(&text), Err(Leak { layer: Layer::KnownValues, places: 2 }), "{writing}");
        }
        assert_eq!(pass.release("# Report\nnothing\n").unwrap().as_str(), "# Report\nnothing\n");
    }
}

#[test]
fn the_last_pass_knows_pieces_and_shapes_and_tells_no_value() {
    let key = key();
    let pass = LeakPass::new(&[Secret::new(format!(" {key}\n")), Secret::new("short")]);
    for piece in [&key[key.len() - 20..], &key[13..40]] {
        let leak = pass.release(&format!("approved: {piece}")).unwrap_err();
        assert_eq!(leak.layer, Layer::KnownValues);
        assert!(!format!("{leak} {leak:?} {pass:?}").contains("CANARY"), "{leak}");
    }
    let unknown = ["sk-ant-", "api03-UNKNOWN0123456789"].concat();
    assert_eq!(pass.release(&format!("a {unknown}")), Err(Leak { layer: Layer::Patterns, places: 1 }));
    assert!(pass.release("short words, ends in …gH9AA").is_ok());
}

struct Echo;

impl Words for Echo {
    fn say(&self, message: &Message) -> String {
        message.args.iter().fold(message.key.to_string(), |text, (_, argument)| match argument {
            Argument::Text(word) => format!("{text} {word}"),
            Argument::Number(number) => format!("{text} {number}"),
        })
    }
}

#[test]
fn every_text_of_a_report_is_cleaned() {
    let canary = key();
    let report = crate::report_out::samples::with_canary_everywhere(&canary, "alice");
    let shown = serde_json::to_string(&report).unwrap();
    assert!(shown.matches("CANARY1").count() > 20, "the sample is full of it");
    let outgoing = Outgoing::new(report, &Echo, &LeakPass::new(&[]));
    let json = serde_json::to_string(outgoing.report()).unwrap();
    for word in ["CANARY1", "alice", "masked", &canary[canary.len() - 4..]] {
        assert!(!json.contains(word), "{word} in {json}");
    }
    assert!(LeakPass::new(&[Secret::new(canary)]).release(&json).is_ok());
    assert!(outgoing.report().redaction.passed);
    assert!(!format!("{outgoing:?}").contains("CANARY1"));
}

fn arbitrary_key() -> impl Strategy<Value = String> {
    prop_oneof![
        "(api03|admin01|oat01|ort01)-[A-Za-z0-9_-]{12,95}".prop_map(|body| ["sk-ant-", &body].concat()),
        "[A-Z0-9]{16}".prop_map(|body| ["AKIA", &body].concat()),
        "[A-Za-z0-9_-]{12,40}\\.[A-Za-z0-9_-]{8,80}\\.[A-Za-z0-9_-]{8,40}".prop_map(|body| ["eyJ", &body].concat()),
    ]
    .prop_filter("no run of x", |key| !key[10..].chars().all(|c| matches!(c, 'x' | 'X' | '-')))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_key_never_survives_its_surroundings(
        before in "(?s).{0,60}",
        after in "(?s).{0,60}",
        gap in "[ \"'=:,;(\n]",
        key in arbitrary_key(),
    ) {
        let output = redacted(&format!("{before}{gap}{key}{gap}{after}"));
        prop_assert!(!output.contains(&key), "{output:?}");
    }

    #[test]
    fn a_named_value_never_survives(
        before in "(?s).{0,40}[\n ]",
        name in "(MY_|X_)?(API_KEY|AUTH_TOKEN|SECRET|PASSWORD)",
        assign in "=|: ?\"|=\"|='|=\"\"",
        value in "[A-Za-z0-9!@#%^*+/_.-]{12,40}[a-z][0-9][A-Z]",
    ) {
        let closing = assign.trim_start_matches(['=', ':', ' ']);
        let output = redacted(&format!("{before}{name}{assign}{value}{closing}\n"));
        prop_assert!(!output.contains(&value), "{output:?}");
    }

    #[test]
    fn a_second_run_changes_nothing(text in "(?s)([ -~]{0,30}|\\PC{0,10}|[\r\n\"'=:@/\\\\]{0,6}|(token|password|Bearer |Basic |sk-ant-|://|API_KEY|eyJ|x@y\\.de|/home/a|\\[redacted: API key\\])){0,14}") {
        let once = redacted(&text);
        prop_assert_eq!(redacted(&once), once.clone());
    }

    #[test]
    fn lines_stay_and_any_bytes_pass(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let output = redact_bytes(&bytes).bytes;
        let breaks = |bytes: &[u8]| bytes.iter().filter(|b| **b == b'\n').count();
        prop_assert_eq!(breaks(&output), breaks(&bytes));
        prop_assert_eq!(&redact_bytes(&output).bytes, &output);
    }
}

#[test]
fn a_list_that_is_cut_off_is_read_to_its_end() {
    for text in ["api_key: [\"abc", "{\"api_key\":[\"", "token = ['", "secret: [\"a\", \"b"] {
        let output = redact_bytes(text.as_bytes()).bytes;
        assert!(!String::from_utf8_lossy(&output).contains("abc"), "{text}");
    }
}
