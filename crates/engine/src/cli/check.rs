//! `authlight check`.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use authlight_core::report::{self, Live, Report};
use authlight_core::selection::Selection;
use authlight_core::what_if::Difference;

use super::arguments::{self, Check, Examine, FailOn, Format};
use super::{Console, Trouble, examined};
use crate::contexts;
use crate::examination::{Examination, Trial};
use crate::live::Consent;
use crate::machine::os::Disk;
use crate::machine::{Machine, session};
use crate::report_out::redaction::{LeakPass, Released};
use crate::report_out::{json, local, text};
use crate::what_if;
use crate::words::Language;
use authlight_core::snapshot::Examined;

/// Looks, judges, tells.
pub(super) fn run(command: &Check, console: &mut Console<'_>) -> Result<u8, Trouble> {
    let consent = &command.consent;
    let consents = !consent.allow_project_endpoint.is_empty()
        || !consent.allow_http.is_empty()
        || consent.run_helper
        || consent.one_token
        || consent.real_run
        || consent.service_status;
    if consents && !command.online {
        return Err(Trouble::Arguments("what may be sent matters with --online only".to_owned()));
    }
    if command.max_bytes.is_some() && command.wants_json() {
        return Err(Trouble::Arguments("--max-bytes cuts text; half a JSON document is none".to_owned()));
    }
    let selection = Selection::new(&command.only, &command.skip)
        .map_err(|unknown| Trouble::Arguments(format!("{unknown}. The IDs are told by: authlight list-checks")))?;
    let (disk, examined) = examined::each(&command.examine, &console.surroundings, (console.now)())?;
    let words = Language::shared();
    let context = command.examine.context.unwrap_or_default();
    let ask = contexts::once(console.ask_shell);
    let look = |machine: &dyn Machine, examined: Vec<Examined>| {
        examined.into_iter().map(|examined| contexts::examine(machine, examined, context, &ask)).collect::<Vec<_>>()
    };
    let looked = look(&disk, examined.clone());
    let examinations = if command.without.is_empty() {
        Examinations { of_what_is_told: looked, before: Vec::new() }
    } else {
        let without = what_if::without(&disk, &looked, &examined, context, &command.without)
            .map_err(|cannot| Trouble::Arguments(format!("--without {cannot}")))?;
        Examinations { of_what_is_told: without, before: looked }
    };
    tell(command, console, examinations, &disk, &selection, words)
}

/// What was looked at.
struct Examinations {
    /// One for each project, at least one.
    of_what_is_told: Vec<Examination>,
    /// The same with what is left out. Its secrets must not get out either.
    before: Vec<Examination>,
}

fn tell(
    command: &Check,
    console: &mut Console<'_>,
    mut examinations: Examinations,
    disk: &Disk,
    selection: &Selection,
    words: &Language,
) -> Result<u8, Trouble> {
    let Some(first) = examinations.of_what_is_told.first() else { return Ok(3) };
    let live = if command.online {
        let deadline = Duration::from_secs(command.timeout.into());
        let outside = |path: &str| disk.outside(path);
        let trial = Trial {
            outside: &outside,
            consents: &command.consent.agreed(),
            deadline,
            cancel: &AtomicBool::new(false),
            run: &session::run,
        };
        first.test(&trial, &mut |_| {}).unwrap_or_default()
    } else {
        Live::default()
    };
    let fail_on = match command.fail_on {
        FailOn::Fail => report::FailOn::Fail,
        FailOn::Warn => report::FailOn::Warn,
        FailOn::Unknown => report::FailOn::Unknown,
    };
    // The test has no part in the difference: it was made once.
    let untested = |examination: &Examination| examination.report_of(&Live::default(), words, selection);
    let compared = examinations.before.first().map(|before| [untested(before), untested(first)]);
    let reports = contexts::report_each(&mut examinations.of_what_is_told, &live, words, selection);
    let code = reports.iter().map(|report| report.exit_code(fail_on)).fold(0, worse);
    let Some(report) = reports.into_iter().next() else { return Ok(3) };
    let all = examinations.of_what_is_told.iter().chain(&examinations.before);
    let pass = LeakPass::new(&all.flat_map(Examination::secrets).collect::<Vec<_>>());
    let style = if command.out.is_some() { text::Style::default() } else { style(console) };
    let told = std::iter::once(report).chain(compared.into_iter().flatten()).collect();
    let document = document(told, command, style, words, &pass)?;
    console.deliver(document.as_str(), command.out.as_deref())?;
    Ok(code)
}

/// The higher-ranking of two exit codes (contract, section 3).
fn worse(a: u8, b: u8) -> u8 {
    let rank = |code| [0, 1, 3, 2].iter().position(|known| *known == code);
    if rank(a) >= rank(b) { a } else { b }
}

/// The document of a report; behind it may stand the two that it is compared by.
fn document(
    told: Vec<Report>,
    command: &Check,
    style: text::Style,
    words: &Language,
    pass: &LeakPass,
) -> Result<Released, Trouble> {
    let format = if command.wants_json() { Format::Json } else { Format::Text };
    let most = command.max_bytes.unwrap_or(usize::MAX);
    local::compose(told, words, pass, &|told| match (format, told) {
        (Format::Json, [report, ..]) => json::document(report),
        (Format::Text, [report, before, after]) => {
            let difference = Difference::between(before, after);
            let difference = text::render_difference(&command.without, &difference, words, style);
            // Where there is no room for both, the verdict goes before.
            let room = if difference.len() > most / 2 { None } else { Some(most - difference.len()) };
            let checklist = text::render_within(report, words, style, room.unwrap_or(most));
            Ok(room.map(|_| difference).unwrap_or_default() + &checklist)
        }
        (Format::Text, [report, ..]) => Ok(text::render_within(report, words, style, most)),
        (_, []) => Ok(String::new()),
    })
    .map_err(|error| Trouble::Internal(error.to_string()))
}

/// Colours and symbols as far as the terminal takes them.
pub(super) fn style(console: &Console<'_>) -> text::Style {
    let Console { out_is_terminal, surroundings, .. } = console;
    text::Style {
        colour: *out_is_terminal && surroundings.colour,
        ascii: *out_is_terminal && !surroundings.beyond_ascii,
    }
}

/// The checklist as text, where no window can open: says why on standard error, and exits as `check` does.
pub fn checklist(examine: &Examine, why: &str) -> u8 {
    super::with_own_console(|console| checklist_on(console, &Check::of(examine.clone()), why))
}

/// The same for whoever has no console: why there is no window, the checklist in at most so many bytes, and the exit
/// code.
pub fn checklist_in_a_text(examine: &Examine, why: &str, most: usize) -> (String, u8) {
    let command = Check { max_bytes: Some(most), ..Check::of(examine.clone()) };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = super::with_console(&mut out, &mut err, false, |console| checklist_on(console, &command, why));
    let text = [err, b"\n".to_vec(), out].concat();
    (String::from_utf8_lossy(&text).into_owned(), code)
}

fn checklist_on(console: &mut Console<'_>, command: &Check, why: &str) -> u8 {
    console.say(&format!("authlight: {why}"));
    match run(command, console) {
        Ok(code) => code,
        Err(trouble) => trouble.tell_on(console),
    }
}

impl Check {
    /// Whether the answer is JSON.
    pub fn wants_json(&self) -> bool {
        self.json || self.format == Some(Format::Json)
    }

    /// A plain look at this.
    fn of(examine: Examine) -> Self {
        Self {
            examine,
            json: false,
            format: None,
            out: None,
            online: false,
            consent: arguments::Consent::default(),
            timeout: 30,
            only: Vec::new(),
            skip: Vec::new(),
            without: Vec::new(),
            fail_on: FailOn::Fail,
            max_bytes: None,
        }
    }
}

impl arguments::Consent {
    /// As the live test takes it.
    pub(super) fn agreed(&self) -> Vec<Consent> {
        let endpoints = self.allow_project_endpoint.iter().cloned().map(|host| Consent::ProjectEndpoint { host });
        let hosts = endpoints.chain(self.allow_http.iter().cloned().map(|host| Consent::PlainHttp { host }));
        let helper = || Consent::RunHelper { command: String::new(), named_in: String::new() };
        let own_claude = || Consent::OwnClaude { folder: String::new() };
        hosts
            .chain(self.one_token.then_some(Consent::OneToken))
            .chain(self.service_status.then_some(Consent::ServiceStatus))
            .chain(self.run_helper.then(helper))
            .chain(self.real_run.then(own_claude))
            .collect()
    }
}
