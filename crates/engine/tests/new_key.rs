//! A new key by the console: what is shown before anything is written. The writing itself is tried in the window's tests
//! and from end to end, since it is written down in the account that runs us.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

#[path = "support/desk.rs"]
mod desk;

use std::io::Write as _;

use desk::{Desk, Done};
use flate2::Compression;
use flate2::write::ZlibEncoder;

fn key(word: &str) -> String {
    format!("{}{word}-{}AA", ["sk-ant-", "api03-"].concat(), "0123456789".repeat(8))
}

fn desk() -> Desk {
    let mut desk = Desk::new()
        .file(
            "/home/kim/.claude/settings.json",
            &format!("{{\n  \"env\": {{\"ANTHROPIC_API_KEY\": \"{}\"}}\n}}\n", key("OLDCANARY")),
        )
        .file("/home/kim/shop/.env", &format!("# of the shop\nANTHROPIC_API_KEY={}\n", key("OLDCANARY")));
    desk.input = format!(" {}\n", key("NEWCANARY")).into_bytes();
    desk
}

fn run(desk: &Desk, command: &[&str]) -> Done {
    let root = desk.outside("/");
    let shop = desk.outside("/home/kim/shop");
    let place = ["--root", root.to_str().unwrap(), "--os", "linux", "--project", shop.to_str().unwrap()];
    let done = desk.run(command.iter().copied().chain(place));
    for said in [&done.out, &done.err] {
        assert!(!said.contains("CANARY") && !said.contains("0123456789"), "{said}");
    }
    done
}

#[test]
fn without_a_place_the_places_are_told() {
    let done = run(&desk(), &["fix", "F.put_key", "--dry-run"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.out.contains("settings: In the settings of Claude Code") && done.out.contains("this-terminal: "));
    assert!(done.out.contains("read -rs ANTHROPIC_API_KEY"), "{}", done.out);
    let done = run(&desk(), &["fix", "F.put_key"]);
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.err.contains("--place"), "{done:?}");
}

#[test]
fn what_would_be_written_is_shown_without_the_key() {
    let desk = desk();
    let plan = ["fix", "F.put_key", "--place", "settings", "--key-from", "-", "--approve"];
    let done = run(&desk, &[&plan[..], &["--dry-run"]].concat());
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.out.contains(".claude/settings.json") && done.out.contains(".claude.json"), "{}", done.out);
    let before = std::fs::read(desk.outside("/home/kim/.claude/settings.json")).unwrap();
    assert_eq!(run(&desk, &plan).code, 2, "without a word for it nothing is done");
    assert_eq!(std::fs::read(desk.outside("/home/kim/.claude/settings.json")).unwrap(), before);
}

#[test]
fn what_is_no_key_is_not_taken_and_what_does_not_belong_together_is_said() {
    let mut desk = desk();
    desk.input = ["sk-ant-", "oat01-CANARY"].concat().into_bytes();
    let done = run(&desk, &["fix", "F.put_key", "--place", "settings", "--key-from", "-", "--yes"]);
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.err.contains("claude.ai login"), "{done:?}");
    assert_eq!(run(&desk, &["fix", "F.put_key", "--place", "nowhere"]).code, 64);
    assert_eq!(run(&desk, &["fix", "F.close_file", "--place", "settings"]).code, 64);
}

#[test]
fn a_rotation_warns_of_the_history_of_git() {
    let desk = desk();
    let clean = run(&desk, &["rotate", "--key-from", "-", "--dry-run"]);
    assert!(clean.out.contains("shop/.env") && !clean.out.contains("stands in the git history"), "{clean:?}");
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    packed.write_all(format!("blob 1\0{}", key("OLDCANARY")).as_bytes()).unwrap();
    let object = desk.outside("/home/kim/shop/.git/objects/ab/cdef");
    std::fs::create_dir_all(object.parent().unwrap()).unwrap();
    std::fs::write(object, packed.finish().unwrap()).unwrap();
    let done = run(&desk, &["rotate", "--key-from", "-", "--dry-run"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.out.contains("The old key stands in the git history of"), "{done:?}");
}

#[test]
fn an_old_login_file_is_named_before_it_goes() {
    let old = "/home/kim/.claude/.credentials.json.set-aside-20261124T021658Z-ab12";
    let desk = desk().file(old, "{}");
    let done = run(&desk, &["reset", "--delete-old-login", "--dry-run"]);
    assert!(done.out.contains("set-aside-20261124T021658Z-ab12") && done.out.contains("cannot be undone"), "{done:?}");
    let done = run(&desk, &["reset", "--delete-old-login", "--yes"]);
    assert_eq!(done.code, 2, "no new login works yet: {done:?}");
    assert!(desk.outside(old).exists());
}
