//! Every way in which the live test can end, played by scripted servers on this machine: what is said of it, what is
//! taken, and that nothing secret went anywhere else or before the person's word.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

#[path = "support/scripted/mod.rs"]
mod scripted;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use authlight_core::report::{CredentialKind, Header, Live, Outcome, Provider, StageRow, Status};
use authlight_core::secret::Secret;
use authlight_engine::live::{Audience, Carried, Consent, Proxy, Trust, test};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use scripted::endings::{endings, hostile};
use scripted::world::{Ending, Played};

fn key() -> String {
    ["sk-ant-", "api03-CANARYkeyCANARY-0123456789-abcdef"].concat()
}

fn audience(played: &Played, kind: CredentialKind) -> Audience {
    let bearer = kind == CredentialKind::AuthToken || kind == CredentialKind::ApiKeyHelper;
    let header = if bearer { Header::Authorization } else { Header::XApiKey };
    Audience {
        base: played.base.clone(),
        helper: None,
        cloud: None,
        provider: Provider::Gateway,
        model: "claude-opus-5-5".to_owned(),
        headers: vec![Carried { header, kind, secret: Secret::new(key()), bearer }],
        extra_headers: Vec::new(),
        proxy: played.proxy.clone().map(Proxy::new),
        trust: Trust { extra_ca_files: vec![played.root.clone()], ..Trust::default() },
        endpoint_from_project: true,
        is_claude_ai_login: false,
    }
}

fn run(audience: &Audience, consents: &[Consent], deadline: Duration) -> Live {
    test(audience, consents, deadline, &AtomicBool::new(false), &mut |_| {})
}

/// The row that decides: what failed, is not known or warns, or else how far it came.
fn deciding(live: &Live) -> &StageRow {
    let first = |status| live.stages.iter().find(|row| row.status == status);
    let last = live.stages.iter().rfind(|row| row.status == Status::Pass);
    [Status::Crashed, Status::Fail, Status::Unknown, Status::Warn].into_iter().find_map(first).or(last).unwrap()
}

/// The key, or a part of it, in any of its forms.
fn holds_secret(bytes: &[u8]) -> bool {
    let encoded = (0..3).map(|before| STANDARD.encode(format!("{}CANARYkeyCANARY", "x".repeat(before))));
    // The first and last characters depend on what stands around.
    let mut forms: Vec<String> = encoded.map(|text| text[4..16].to_owned()).collect();
    forms.push("CANARY".to_owned());
    forms.iter().any(|form| bytes.windows(form.len()).any(|part| part == form.as_bytes()))
}

fn differences(ending: &Ending) -> Vec<String> {
    ending.says.iter().flat_map(|(kind, says)| differences_with(ending, *kind, *says)).collect()
}

fn differences_with(ending: &Ending, kind: CredentialKind, says: Option<&str>) -> Vec<String> {
    let played = ending.play();
    let mut wrong = Vec::new();
    let mut expect = |what: &str, holds: bool, seen: &dyn std::fmt::Debug| {
        if !holds {
            wrong.push(format!("{} ({kind:?}): {what}: {seen:?}", ending.name));
        }
    };
    let audience = audience(&played, kind);

    let withheld = run(&audience, &[], Duration::from_secs(60));
    played.recorder.settle(&played.addresses);
    let arrived = played.recorder.connections();
    expect("something went out before the person agreed", arrived.is_empty(), &arrived);
    expect("something was told as sent", withheld.sent.is_empty(), &withheld.sent);

    let host = played.base.host_str().unwrap().to_owned();
    let deadline = Duration::from_secs(if ending.endless { 2 } else { 60 });
    let began = Instant::now();
    let live = run(&audience, &[Consent::ProjectEndpoint { host }], deadline);
    // Long enough for any machine: whoever went on after the deadline would go on for ever.
    let spent = began.elapsed();
    expect("it went on after its deadline", spent < deadline + Duration::from_secs(30), &spent);
    let row = deciding(&live);
    let came = (row.stage, row.status, row.text.key.as_ref(), live.outcome, live.works);
    let right = (ending.stage, ending.status, ending.key, ending.outcome, ending.works);
    expect(&format!("should be {right:?}"), came == right, &(came, row));
    let address = format!("{}:{}", played.base.host_str().unwrap(), played.base.port().unwrap_or_default());
    let says = says.map(|text| text.replace("{endpoint}", &address));
    let fits = match (&says, &live.claude_says) {
        (Some(says), Some(said)) => said.starts_with(says.as_str()),
        (says, said) => says == said,
    };
    expect(&format!("Claude Code says {says:?}"), fits, &live.claude_says);
    let shown = format!("{live:?}");
    expect("a secret is shown", !holds_secret(shown.as_bytes()), &shown);
    let unreadable = |text: &str| text.chars().any(|letter| letter.is_control() || letter == '\u{fffd}');
    let garbled = live.stages.iter().flat_map(|row| row.evidence.values()).any(|value| unreadable(value));
    expect("evidence that nobody can read", !garbled, &live.stages);

    played.recorder.finish();
    played.recorder.settle(&played.addresses);
    // A request that is not encrypted goes through its proxy whole, as Claude Code would send it.
    let in_the_clear = played.base.scheme() == "http" && played.proxy.is_some();
    let told: BTreeSet<&str> = live.sent.iter().map(|sent| sent.path.as_str()).collect();
    for connection in played.recorder.connections() {
        let own = connection.origin == "endpoint" || (connection.origin == "proxy" && in_the_clear);
        let requests = connection.requests.concat();
        let leaked = holds_secret(&connection.received) && played.base.scheme() == "https";
        let elsewhere = !own && (holds_secret(&connection.received) || holds_secret(requests.as_bytes()));
        expect("the key went elsewhere", !leaked && !elsewhere, &connection.origin);
        expect("somebody else was asked", connection.origin != "elsewhere", &connection.peer);
        let paths = connection.requests.iter().filter_map(|request| request.split(' ').nth(1));
        let untold = paths.filter(|path| !told.iter().any(|told| path.ends_with(told))).count();
        expect("a request that was not told", untold == 0, &(&connection.requests, &told));
        let most = ending.takes.unwrap_or(2 << 20);
        expect("too much was taken", connection.taken <= most, &connection.taken);
    }
    if matches!(live.outcome, Outcome::Rejected | Outcome::Verified) {
        let asked = played
            .recorder
            .connections()
            .iter()
            .any(|connection| holds_secret(connection.requests.concat().as_bytes()));
        expect("the key never arrived", asked, &live.sent);
    }
    wrong
}

#[test]
fn each_ending_is_told_as_what_it_is() {
    let endings = endings();
    let names: BTreeSet<&str> = endings.iter().map(|ending| ending.name).collect();
    assert!(endings.len() >= 120 && names.len() == endings.len(), "{} endings, {} names", endings.len(), names.len());
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while let Some(ending) = endings.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = differences(ending);
                    wrong.lock().unwrap().extend(found);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// The most memory that this process has had, in KiB.
#[cfg(target_os = "linux")]
fn peak_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// With both sides in one process: what is endless, huge or packed may cost no more than this beside any other answer. The
/// packed one alone would unfold to 64 MiB.
#[cfg(target_os = "linux")]
const MEMORY: usize = 24 << 10;

#[cfg(target_os = "linux")]
#[test]
fn what_is_hostile_takes_little_memory() {
    const ALONE: &str = "AUTHLIGHT_MEASURES_ITSELF";
    if std::env::var_os(ALONE).is_none() {
        // In a process of its own: others take memory too.
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        let done = child.args(["--exact", "what_is_hostile_takes_little_memory"]).env(ALONE, "1").output().unwrap();
        let text = String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success() && text.contains("1 passed"), "{text}{}", String::from_utf8_lossy(&done.stderr));
        return;
    }
    let endings = endings();
    let ordinary = ["models_and_count", "401_invalid_key", "certificate_good"];
    for ending in endings.iter().filter(|ending| ordinary.contains(&ending.name)) {
        assert_eq!(differences(ending), [""; 0]);
    }
    for ending in hostile().iter().filter(|ending| !ending.endless) {
        let before = peak_memory();
        assert_eq!(differences(ending), [""; 0]);
        // The kernel adds up its counts of each processor roughly: it can say a little less later.
        let more = peak_memory().saturating_sub(before);
        assert!(more < MEMORY, "{}: {more} KiB", ending.name);
    }
}
