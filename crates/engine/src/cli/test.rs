//! `authlight test`: the live test alone, stage by stage.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use authlight_core::report::{Live, Outcome, Stage, StageRow, Status};
use url::Url;

use super::arguments::Test;
use super::{Console, Trouble, check, examined};
use crate::contexts;
use crate::examination::Trial;
use crate::live::Consent;
use crate::machine::session;
use crate::report_out::redaction::LeakPass;
use crate::report_out::text;
use crate::words::Language;

/// Tests and tells.
pub(super) fn run(command: &Test, console: &mut Console<'_>) -> Result<u8, Trouble> {
    let address = command.endpoint.as_deref().map(address).transpose()?;
    let (disk, mut examined) = examined::each(&command.examine, &console.surroundings, (console.now)())?;
    if examined.len() > 1 {
        return Err(Trouble::Arguments("test: one --project at a time".to_owned()));
    }
    let words = Language::english();
    let Some(examined) = examined.pop() else { return Ok(3) };
    let examination =
        contexts::examine(&disk, examined, command.examine.context.unwrap_or_default(), console.ask_shell);
    let outside = |path: &str| disk.outside(path);
    let deadline = Duration::from_secs(command.timeout.into());
    let cancel = AtomicBool::new(false);
    let mut consents = command.consent.agreed();
    consents.extend(command.swap_header.then_some(Consent::OtherHeader));
    let live = match address {
        Some(base) => Some(examination.test_address(base, &outside, &consents, deadline, &cancel, &mut |_| {})),
        None => {
            let trial = Trial { outside: &outside, consents: &consents, deadline, cancel: &cancel, run: &session::run };
            examination.test(&trial, &mut |_| {})
        }
    };
    let Some(mut live) = live else {
        return Err(Trouble::Arguments(
            "test: the address that Claude Code is given cannot be used, so nothing can be asked there. \
             See: authlight check"
                .to_owned(),
        ));
    };
    live.say(&words);
    let mut told = text::render_live(&live, &words, check::style(console)).into_bytes();
    let pass = LeakPass::new(&examination.secrets());
    pass.replace(&mut told);
    pass.check(&told).map_err(|leak| Trouble::Internal(leak.to_string()))?;
    console.print(&told)?;
    Ok(exit_code(&live, command.endpoint.is_some()))
}

/// An address to ask without any credential.
fn address(text: &str) -> Result<Url, Trouble> {
    let wrong = |why: &str| Trouble::Arguments(format!("--endpoint: {why}"));
    let url = Url::parse(text).map_err(|_| wrong("this is no address. It begins with https:// or http://"))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong("only https:// and http:// addresses can be asked"));
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
        return Err(wrong("leave out user, password and query: this test sends no credential"));
    }
    Ok(url)
}

/// `without`: no credential was to be sent, so an answer of the right shape is all there is to learn.
fn exit_code(live: &Live, without: bool) -> u8 {
    let answered = |stage: &StageRow| stage.stage == Stage::Responder && stage.status == Status::Pass;
    if live.stages.iter().any(|stage| stage.status == Status::Fail) {
        2
    } else if live.outcome == Outcome::Verified || without && live.stages.iter().any(answered) {
        0
    } else {
        3
    }
}
