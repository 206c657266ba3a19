//! Signs in as the window does, through its state and its jobs, and tells each event as a line of JSON. For
//! `tests/live/sign_in.py`, which plays the browser and the service.
//!
//! `sign_in [--console] [--sso] [--best] [--email ADDRESS] [--stop-when page]`: in the home and the environment of this
//! process, in the browser unless the best place is asked for. A line on standard input stops it.

use std::ffi::OsString;
use std::io::{self, BufRead as _, Write as _};
use std::process::ExitCode;
use std::sync::{Arc, mpsc};

use authlight_core::message::Words as _;
use authlight_engine::act::jobs::Jobs;
use authlight_engine::act::sign_in::{Account, Call, Ended, Phase, Place, Settled};
use authlight_engine::cli::{self, Examine, Face};
use authlight_engine::inspector::Inspector;
use authlight_engine::state::{Action, Effect, JobKind, SignInClick, State};
use authlight_engine::words::Language;
use serde_json::{Value, json};

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let asked = arguments.get(1).and_then(|first| first.to_str()).unwrap_or_default();
    // What this program says to itself.
    if !asked.is_empty() && !asked.starts_with("--") {
        return match cli::run(arguments) {
            Face::Done(code) => ExitCode::from(code),
            Face::Window(_) => ExitCode::FAILURE,
        };
    }
    let words: Vec<String> = arguments.iter().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let has = |word: &str| words.iter().any(|known| known == word);
    let after = |word: &str| words.iter().skip_while(|known| *known != word).nth(1).cloned();
    let account = if has("--console") { Account::Console } else { Account::ClaudeAi };
    let call = Call { account, sso: has("--sso"), email: after("--email") };
    let stop_at_page = after("--stop-when").is_some_and(|when| when == "page");
    let place = if has("--best") { Place::Best } else { Place::Browser };
    match sign_in(call, place, stop_at_page) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&json!({"event": "broke", "why": error.to_string()}));
            ExitCode::FAILURE
        }
    }
}

fn sign_in(call: Call, place: Place, stop_at_page: bool) -> io::Result<()> {
    let inspector = Inspector::new(Examine::default()).map_err(|_| io::Error::other("the arguments do not fit"))?;
    let (ring, rung) = mpsc::channel();
    let stop_ring = ring.clone();
    let waker = Arc::new(move || drop(ring.send(Call::default())));
    let mut jobs = Jobs::new(Arc::new(inspector), waker);
    let mut state = State::default();
    let (typed, line) = mpsc::channel();
    std::thread::spawn(move || {
        let read = io::stdin().lock().read_line(&mut String::new());
        if read.is_ok_and(|length| length > 0) && typed.send(()).is_ok() {
            drop(stop_ring.send(Call::default()));
        }
    });
    let words = Language::english();
    let begin = SignInClick::Start { call: Some(call), place };
    let mut waiting = vec![Action::SignInClicked(begin)];
    loop {
        if line.try_recv().is_ok() {
            waiting.push(Action::SignInClicked(SignInClick::Close));
        }
        while let Some(action) = waiting.pop() {
            for effect in state.update(action) {
                match jobs.start(effect) {
                    Some(Effect::Open(address)) => {
                        tell(&json!({"event": "open", "address": address}));
                        if stop_at_page {
                            waiting.push(Action::SignInClicked(SignInClick::Close));
                        }
                    }
                    Some(effect) => tell(&json!({"event": "effect", "what": format!("{effect:?}")})),
                    None => {}
                }
            }
        }
        if let Some(sign_in) = &state.sign_in {
            tell(&json!({"event": "state", "says": words.say(&sign_in.message())}));
            if let Phase::Ended(ended) = &sign_in.phase {
                tell(&over(ended, &words));
                return Ok(());
            }
        } else if !state.is_running(JobKind::SignIn) {
            return Err(io::Error::other("the job broke off"));
        }
        if rung.recv().is_err() {
            return Err(io::Error::other("nobody tells anything any more"));
        }
        waiting.extend(jobs.arrived().into_iter().rev());
    }
}

fn over(ended: &Ended, words: &Language) -> Value {
    let settled = match ended {
        Ended::SignedIn(Settled::Used) => json!("used"),
        Ended::SignedIn(Settled::NotStored) => json!("not-stored"),
        Ended::SignedIn(Settled::NotSeen) => json!("not-seen"),
        Ended::SignedIn(Settled::Shadowed(rival)) => json!({"shadowed": rival.as_ref().map(|rival| &rival.code)}),
        _ => Value::Null,
    };
    let plan = match ended {
        Ended::InTerminal(plan) => json!({"command": plan.command, "opens": plan.launch.is_some()}),
        _ => Value::Null,
    };
    json!({"event": "over", "word": ended.message().key, "says": words.say(&ended.message()),
        "do": ended.to_do().map(|to_do| words.say(&to_do)), "page": ended.page(), "settled": settled, "terminal": plan})
}

fn tell(event: &Value) {
    let mut out = io::stdout().lock();
    let _nobody_listens = writeln!(out, "{event}").and_then(|()| out.flush());
}
