//! What a plan shows before anything is done: the place that changes, and no secret, whatever the file is written in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

#[cfg(unix)]
#[path = "support/every_scenario.rs"]
mod every_scenario;

use std::fs;
#[cfg(unix)]
use std::path::{Path, PathBuf};

use authlight_core::fixes::{Edit, FileChange};
use authlight_core::json::edit::{Change, NewValue};
use authlight_core::secret::Secret;
use authlight_core::snapshot::Platform;
use authlight_engine::act::change::plan;
use authlight_engine::act::change::preview::{self, Line, Preview};
#[cfg(unix)]
use authlight_engine::contexts;
use authlight_engine::machine::os::Disk;
use authlight_engine::report_out::redaction::LeakPass;
#[cfg(unix)]
use every_scenario::{Case, NOW_MS, by_workers, every_scenario};
use proptest::prelude::*;

/// The preview of one edit of a file with these bytes.
fn of(bytes: &[u8], change: impl FnOnce(String) -> Edit, secrets: &[Secret]) -> Preview {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.json");
    fs::write(&file, bytes).unwrap();
    let path = file.to_str().unwrap().to_owned();
    let here = if cfg!(windows) { Platform::Windows } else { Platform::Linux };
    let plan = plan::of(&[change(path)], &Disk::running(here), "stamp").unwrap();
    preview::of(&plan, &LeakPass::new(secrets))
}

fn set(name: &str, value: &str) -> impl FnOnce(String) -> Edit {
    let (name, value) = (name.to_owned(), NewValue::Text(Secret::new(value)));
    move |path| Edit::json(path, Change::Set { path: vec!["env".to_owned(), name], value })
}

fn whole(text: &str) -> impl FnOnce(String) -> Edit {
    let change = FileChange::Whole(Secret::new(text));
    move |path| Edit::File { path, change }
}

fn lines(preview: &Preview) -> &[Line] {
    &preview.steps[0].lines
}

fn key(word: &str) -> String {
    ["sk-ant-", "api03-", word, &"x".repeat(90)].concat()
}

#[test]
fn a_line_says_where_it_stands_and_what_it_becomes() {
    for end in ["\n", "\r\n"] {
        let text = ["{", "  \"theme\": \"dark\",", "  \"env\": {", "    \"A\": \"old\"", "  }", "}", ""].join(end);
        let preview = of(text.as_bytes(), set("A", "new"), &[]);
        let line = |added, text: &str| Line { added, number: 4, text: text.to_owned() };
        assert_eq!(lines(&preview), [line(false, "    \"A\": \"old\""), line(true, "    \"A\": \"new\"")]);
    }
}

#[test]
fn of_a_long_line_the_neighbourhood_of_the_change_is_shown() {
    let history = "\"before\": 1, ".repeat(5000);
    for tail in ["", &" ,\"after\": 2".repeat(30_000)] {
        let text = format!("{{{history}\"env\": {{\"A\": \"old value\"}}{tail}}}");
        let preview = of(text.as_bytes(), set("A", "new value"), &[]);
        let [goes, comes] = lines(&preview) else { panic!("{preview:?}") };
        assert!(goes.text.contains("\"env\": {\"A\": \"old value\"}"), "{}", goes.text);
        assert!(comes.text.contains("\"env\": {\"A\": \"new value\"}"), "{}", comes.text);
        assert!(goes.text.chars().count() < 200 && goes.text.starts_with('…'), "{}", goes.text);
    }
    // Changes that lie far apart are shown at both ends.
    let (first, last) = ("1".repeat(300), "2".repeat(300));
    let preview = of(format!("begin {first} end").as_bytes(), whole(&format!("start {last} stop")), &[]);
    assert!(
        lines(&preview)[0].text.starts_with("begin 1") && lines(&preview)[0].text.ends_with("1 end"),
        "{preview:?}"
    );
}

#[test]
fn a_key_in_a_minified_file_is_masked_and_its_name_is_shown() {
    let text =
        format!("{{\"history\": \"{}\", \"env\": {{\"ANTHROPIC_API_KEY\": \"{}\"}}}}", "x ".repeat(900), key("CANARY"));
    let preview = of(text.as_bytes(), set("ANTHROPIC_API_KEY", &key("CANARYNEW")), &[]);
    let told = format!("{preview:?}");
    assert!(!told.contains("CANARY"), "{told}");
    assert_eq!(told.matches("ANTHROPIC_API_KEY").count(), 2, "{told}");
    let gateway = "correct-horse-CANARY-battery";
    let text = format!("{{\"env\": {{\"A\": \"{gateway}\", \"B\": \"{}\"}}}}", "b".repeat(5000));
    let preview = of(text.as_bytes(), set("A", "new"), &[Secret::new(gateway)]);
    assert!(!format!("{preview:?}").contains("CANARY"), "{preview:?}");
}

#[test]
fn utf_16_is_read_and_bytes_that_are_no_text_do_no_harm() {
    let wide = |text: &str, mark: u16, bytes: fn(u16) -> [u8; 2]| {
        std::iter::once(mark).chain(text.encode_utf16()).flat_map(bytes).collect::<Vec<u8>>()
    };
    let text = format!("first\r\nKEY={}\r\n", key("CANARY"));
    for bytes in [wide(&text, 0xfeff, u16::to_le_bytes), wide(&text, 0xfeff, u16::to_be_bytes)] {
        let preview = of(&bytes, whole("first\n"), &[]);
        assert!(lines(&preview).iter().any(|line| line.text.starts_with("KEY=")), "{preview:?}");
        assert!(!format!("{preview:?}").contains("CANARY"));
    }
    let preview = of(b"\x00\xff\xfe\x1b[2Jold\xe2\x80\xaetext\x07", whole("new"), &[]);
    let shown = &lines(&preview)[0].text;
    assert!(
        shown.contains("old") && !shown.chars().any(|letter| letter.is_control() || letter == '\u{202e}'),
        "{shown:?}"
    );
}

#[test]
fn a_file_that_changes_from_end_to_end_is_told_in_time() {
    let old = "an old line of a long file\n".repeat(200_000);
    let new = "quite another line\n".repeat(200_000);
    let preview = of(old.as_bytes(), whole(&new), &[]);
    assert_eq!(lines(&preview).len(), 200);
    assert_eq!(lines(&preview).iter().filter(|line| line.added).count(), 100);
}

/// Every file below a folder.
#[cfg(unix)]
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        let metadata = fs::symlink_metadata(&path).unwrap();
        if metadata.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if metadata.is_file() {
            found.push(path);
        }
    }
    found
}

/// What is looked at of a scenario's file, as if it went altogether: every line of it is shown.
#[cfg(unix)]
#[test]
fn no_secret_of_any_scenario_is_in_any_preview() {
    let all = every_scenario(&mut |label, what| panic!("{label}: {what}"));
    let shares = by_workers(&all, |share| {
        let (mut faults, mut previews, mut shown) = (Vec::new(), 0, 0);
        for Case { label, scenario, .. } in share {
            let home = scenario.home_at(NOW_MS, None).unwrap();
            let folder = tempfile::tempdir().unwrap();
            scenario.lay_out_home(&home, &folder.path().join("machine")).unwrap();
            let root = folder.path().join("machine/root");
            let disk = Disk::below(root.clone(), home.platform);
            let said = home.shell_said.clone();
            let now = contexts::examine(&disk, home.examined(), home.context, &move |_, _| said.clone());
            let pass = LeakPass::new(&now.secrets());
            for file in files(&root) {
                let inside = disk.inside(&file).unwrap();
                for text in ["", "something else\n"] {
                    let change = FileChange::Whole(Secret::new(text));
                    let Ok(plan) = plan::of(&[Edit::File { path: inside.clone(), change }], &disk, "stamp") else {
                        continue;
                    };
                    let preview = preview::of(&plan, &pass);
                    previews += 1;
                    shown += preview.steps[0].lines.len();
                    for line in &preview.steps[0].lines {
                        if line.text.contains("CANARY") {
                            faults.push(format!("{label}: {inside}:{}: {}", line.number, line.text));
                        }
                    }
                    if format!("{plan:?}").contains("CANARY") {
                        faults.push(format!("{label}: {inside}: the plan's own Debug"));
                    }
                }
            }
        }
        (faults, previews, shown)
    });
    let (mut faults, mut previews, mut shown) = (Vec::new(), 0, 0);
    for (more, some, lines) in shares {
        faults.extend(more);
        previews += some;
        shown += lines;
    }
    println!("{previews} previews, {shown} lines");
    assert!(previews > 500 && shown > 500, "{previews} previews, {shown} lines");
    assert!(faults.is_empty(), "{} lines tell a secret:\n{}", faults.len(), faults.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Wherever a secret stands, however long its line is and whatever else is changed around it: nothing of it is shown.
    #[test]
    fn no_piece_of_a_secret_is_shown(
        before in "[a-z \"{}:,=\\\\é\n]{0,400}",
        after in "[a-z \"{}:,=\\\\é\n]{0,400}",
        repeat in 1_usize..400,
        stays in any::<bool>(),
        shaped in any::<bool>(),
    ) {
        let secret = if shaped { key("CANARY") } else { "Tr0ub4dor-CANARY-9z8y7x6w5v".to_owned() };
        let padding = before.repeat(repeat);
        let old = format!("{padding} {secret} {after}\nold");
        let new = format!("{padding} {} {after}\nnew", if stays { &secret } else { "none" });
        let preview = of(old.as_bytes(), whole(&new), &[Secret::new(secret.clone())]);
        let told: String = lines(&preview).iter().map(|line| line.text.as_str()).collect();
        for piece in secret.as_bytes().windows(9).filter(|piece| !piece.windows(2).all(|two| two[0] == two[1])) {
            let piece = std::str::from_utf8(piece).unwrap();
            // Its beginning says what kind of key it is, and is no secret.
            prop_assert!(["sk-ant-", "ant-api", "api03-"].iter().any(|kind| piece.contains(kind)) || !told.contains(piece), "{} in {}", piece, told);
        }
    }
}
