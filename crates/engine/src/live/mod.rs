//! The live test: one free question to the endpoint that Claude Code would use, told stage by stage.
//!
//! The stages before HTTP are looked at with plain sockets and rustls, because the HTTP client shows neither the
//! certificate behind a proxy nor where it came to a halt; the client then asks with the same configuration. The
//! first stage that fails decides. Each stage has a file of its own.

mod audience;
mod auth;
pub mod chain;
mod claude_says;
mod consent;
mod deadline;
mod dns;
mod echo;
mod helper;
mod http;
mod own_claude;
mod permission;
mod providers;
mod proxy;
mod quota;
mod reach;
mod responder;
mod tcp;
mod tls;

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use authlight_core::message::Message;
use authlight_core::report::{Live, Outcome, SentRequest, Stage, StageRow, Status};
use authlight_core::secret::Secret;

pub use audience::{Audience, Carried, ClientFiles, Proxy, Trust};
pub(crate) use consent::may_run;
pub use consent::{Consent, asked_for, needed};
pub use helper::{Given, Helper, HelperGives, Runs};
pub use own_claude::{OwnClaude, Stored};
pub use providers::Cloud;
pub use reach::{reach, service};

use crate::machine::session::{Errand, ErrandTrouble, Printed};
use chain::ShownChain;
use claude_says::Situation;
use deadline::{Deadline, Line, Timed};
use echo::Echo;

/// Runs somebody's program for what it prints, on the person's word: [`crate::machine::session::run`], or what a scenario
/// says of it.
pub type RunProgram<'a> = &'a dyn Fn(&Errand<'_>) -> Result<Printed, ErrandTrouble>;

/// How long a press of "Stop" may go unnoticed.
const NOTICE: Duration = Duration::from_millis(50);

/// Tests an endpoint and the credential that goes there. Waits for the answer: call it on a thread of its own.
///
/// `deadline` bounds the whole test (at most ten minutes); setting `cancel` ends it within a tenth of a second.
/// `progress` gets each stage as it ends. A claude.ai login is never sent, whatever the person agreed to, and
/// without the consents that are [`needed`] not even a name is looked up. The words of the rows are not filled in.
pub fn test(
    audience: &Audience,
    consents: &[Consent],
    deadline: Duration,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(&StageRow),
) -> Live {
    walk(audience, Until::Answered, consents, Deadline::after(deadline), cancel, progress)
}

/// How far the way is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    /// The certificate is known.
    Tls,
    /// The page that tells how the service does has answered.
    Service,
    /// The questions are answered.
    Answered,
}

fn walk(
    audience: &Audience,
    until: Until,
    consents: &[Consent],
    deadline: Deadline,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(&StageRow),
) -> Live {
    walk_and_keep(audience, until, consents, deadline, cancel, progress, &Kept::default())
}

/// The same, and what the servers on the way show is kept.
fn walk_and_keep(
    audience: &Audience,
    until: Until,
    consents: &[Consent],
    deadline: Deadline,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(&StageRow),
    kept: &Kept,
) -> Live {
    let (echo, live) = (Echo::of(audience), Live::default());
    let mut record = Record { audience, echo, live, stage: Stage::Dns, heard: false, progress };
    if let Some(row) = consent::withheld(audience, consents) {
        record.keep(row);
        return record.live;
    }

    if cancel.load(Ordering::Relaxed) {
        return record.stopped();
    }
    let gate = Arc::new(Gate::default());
    let (events, inbox) = mpsc::channel();
    let agreed = |consent| consents.contains(&consent);
    let course = Course {
        events,
        deadline,
        gate: Arc::clone(&gate),
        until,
        one_token: agreed(Consent::OneToken),
        other_header: agreed(Consent::OtherHeader),
        kept: Arc::clone(kept),
    };
    let audience = audience.clone();
    let worker = std::thread::Builder::new().name("authlight-live".to_owned());
    if worker.spawn(move || course.walk(&audience)).is_err() {
        return record.crashed();
    }
    loop {
        let stopped = cancel.load(Ordering::Relaxed);
        let left = deadline.left();
        let (Ok(left), false) = (left, stopped) else {
            gate.close();
            // What went out before the gate closed is told, whoever waits for the rest.
            while let Ok(event) = inbox.try_recv() {
                if record.take(event) {
                    return record.live;
                }
            }
            return if stopped { record.stopped() } else { record.late() };
        };
        match inbox.recv_timeout(left.min(NOTICE)) {
            Ok(event) => {
                if record.take(event) {
                    return record.live;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return record.crashed(),
        }
    }
}

/// What has come in so far, without what a server repeated of a secret.
struct Record<'a> {
    audience: &'a Audience,
    echo: Echo,
    live: Live,
    stage: Stage,
    /// Whether an answer has begun to come.
    heard: bool,
    progress: &'a mut dyn FnMut(&StageRow),
}

impl Record<'_> {
    fn keep(&mut self, mut row: StageRow) {
        self.echo.wash_row(&mut row);
        (self.progress)(&row);
        self.live.stages.push(row);
    }

    /// Takes an event in; whether it was the last.
    fn take(&mut self, event: Event) -> bool {
        match event {
            Event::Begun(stage) => self.stage = stage,
            Event::Heard => self.heard = true,
            Event::Row(row) => self.keep(*row),
            Event::Sent(mut sent) => {
                self.echo.wash_sent(&mut sent);
                self.live.sent.push(sent);
                self.heard = false;
            }
            Event::Learnt(secret) => self.echo.know(&secret),
            Event::Ended(end) => {
                self.end(end);
                return true;
            }
        }
        false
    }

    fn end(&mut self, end: End) {
        self.live.outcome = end.outcome;
        self.live.works = end.works;
        let says = |situation: Situation| situation.says(self.audience, &|message| self.echo.removed(message));
        // For the end of an answer that has begun, Claude Code was seen to wait without a word.
        let silent = |situation: &Situation| self.heard && *situation == Situation::TimedOut;
        self.live.claude_says = end.situation.filter(|situation| !silent(situation)).and_then(says);
    }

    fn stopped(mut self) -> Live {
        self.keep(row(self.stage, Status::Skipped, Message::new("live-stopped")));
        self.live
    }

    fn late(mut self) -> Live {
        let Stopped { row, outcome, situation } = *Stopped::late(self.stage);
        self.keep(row);
        self.end(End { outcome, works: false, situation });
        self.live
    }

    fn crashed(mut self) -> Live {
        self.keep(row(self.stage, Status::Crashed, Message::new("live-crashed")));
        self.live
    }
}

/// Through which every request goes out, until nobody waits for its answer any longer.
#[derive(Default)]
struct Gate(Mutex<bool>);

impl Gate {
    fn close(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }

    /// Does `pass` unless closed; closing waits until it is done.
    fn open(&self, pass: impl FnOnce()) -> bool {
        let closed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !*closed {
            pass();
        }
        !*closed
    }
}

/// What the worker tells.
enum Event {
    Begun(Stage),
    /// The lines before a body have come.
    Heard,
    Row(Box<StageRow>),
    Sent(SentRequest),
    /// A secret that the test came by.
    Learnt(Secret),
    Ended(End),
}

/// What it came to.
struct End {
    outcome: Outcome,
    works: bool,
    situation: Option<Situation>,
}

/// A stage at which the test ends.
struct Stopped {
    row: StageRow,
    outcome: Outcome,
    situation: Option<Situation>,
}

impl Stopped {
    fn failed(stage: Stage, outcome: Outcome, text: Message) -> Box<Self> {
        Box::new(Self { row: row(stage, Status::Fail, text), outcome, situation: None })
    }

    /// Nobody answered in time.
    fn late(stage: Stage) -> Box<Self> {
        let text = Message::new("live-timed-out").with("stage", stage.word());
        let mut late = Self::failed(stage, Outcome::TimedOut, text);
        late.situation = Some(Situation::TimedOut);
        late
    }

    fn seen(mut self: Box<Self>, name: &str, value: impl ToString) -> Box<Self> {
        self.row = self.row.seen(name, value);
        self
    }

    fn saying(mut self: Box<Self>, situation: impl Into<Option<Situation>>) -> Box<Self> {
        self.situation = situation.into();
        self
    }
}

/// What a stage leaves: its row and what the next one needs, or the end.
type Step<T> = Result<(StageRow, T), Box<Stopped>>;

/// A row without its time.
fn row(stage: Stage, status: Status, text: Message) -> StageRow {
    StageRow { stage, status, text, evidence: std::collections::BTreeMap::new(), duration_ms: 0.0 }
}

/// Adds evidence to a row.
trait Seen {
    fn seen(self, name: &str, value: impl ToString) -> Self;
}

impl Seen for StageRow {
    fn seen(mut self, name: &str, value: impl ToString) -> Self {
        self.evidence.insert(name.to_owned(), value.to_string());
        self
    }
}

/// The stable word for a failed call, for evidence.
fn word(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "refused".to_owned(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => "reset".to_owned(),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe => "closed".to_owned(),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => "timed out".to_owned(),
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => "no route".to_owned(),
        _ => error.to_string(),
    }
}

/// The certificates of the last server that showed some.
type Kept = Arc<Mutex<Option<ShownChain>>>;

/// One test on its worker thread.
struct Course {
    events: Sender<Event>,
    deadline: Deadline,
    gate: Arc<Gate>,
    until: Until,
    /// Whether the person agreed to a message that costs one token.
    one_token: bool,
    /// Whether the person agreed to try the other header.
    other_header: bool,
    kept: Kept,
}

/// What is known of an endpoint once it has been reached.
struct Way {
    trusted: tls::Trusted,
    addresses: Vec<std::net::SocketAddr>,
}

/// Why the course was left: an end to report, or nobody waits any longer.
type Left = Option<End>;

impl Course {
    fn walk(&self, audience: &Audience) {
        let end = match self.stages(audience) {
            Ok(end) => end,
            Err(Some(end)) => end,
            Err(None) => return,
        };
        self.tell(Event::Ended(end));
    }

    /// Nobody listens after a cancelled test, which is no fault.
    fn tell(&self, event: Event) {
        let _ = self.events.send(event);
    }

    /// Tells what is about to be sent. Where nobody waits any longer it must not be sent.
    fn announce(&self, sent: SentRequest, stage: Stage) -> Result<(), Box<Stopped>> {
        if self.gate.open(|| self.tell(Event::Sent(sent))) { Ok(()) } else { Err(Stopped::late(stage)) }
    }

    /// Runs one stage, unless nobody waits for it.
    fn run<T>(&self, stage: Stage, look: impl FnOnce() -> Step<T>) -> Result<T, Left> {
        if !self.gate.open(|| self.tell(Event::Begun(stage))) {
            return Err(None);
        }
        let begun = Instant::now();
        let timed = |mut row: StageRow| {
            row.duration_ms = begun.elapsed().as_secs_f64() * 1000.0;
            self.tell(Event::Row(Box::new(row)));
        };
        match look() {
            Ok((row, next)) => {
                timed(row);
                Ok(next)
            }
            Err(stopped) => {
                timed(stopped.row);
                Err(Some(End { outcome: stopped.outcome, works: false, situation: stopped.situation }))
            }
        }
    }

    fn stages(&self, audience: &Audience) -> Result<End, Left> {
        let way = self.way(audience)?;
        if let Some(cloud) = &audience.cloud {
            return providers::course(self, audience, cloud, &way);
        }
        let client = self.client(audience, &way);
        let nothing_said = || End { outcome: Outcome::NotTested, works: false, situation: None };
        match self.until {
            Until::Tls => Ok(nothing_said()),
            Until::Service => {
                let reply = self.run(Stage::Http, || client.service())?;
                self.run(Stage::Responder, || reach::judge_service(&reply))?;
                Ok(nothing_said())
            }
            Until::Answered => {
                let reply = self.run(Stage::Http, || client.ask())?;
                self.verdict(&client, &reply)
            }
        }
    }

    /// The way to an endpoint, up to the point where something would be sent.
    fn way(&self, audience: &Audience) -> Result<Way, Left> {
        let deadline = self.deadline;
        let asked = audience.proxy.as_ref().map_or(&audience.base, |proxy| &proxy.url);
        if let Some(proxy) = &audience.proxy {
            self.run_unless_passed(Stage::Proxy, || proxy::usable(proxy))?;
        }
        let stay_here = audience.base.scheme() == "http" && audience.stays_here();
        let found = || dns::look_up(asked, stay_here).map_err(|stopped| providers::name_unknown(stopped, audience));
        let addresses = self.run(Stage::Dns, found)?;
        let reached = self.run(Stage::Tcp, || tcp::connect(&addresses, deadline))?;
        let mut line: Box<dyn Line> = Box::new(Timed::new(reached.stream, deadline));
        let trusted = self.run_unless_passed(Stage::Tls, || tls::Trusted::load(&audience.trust))?;
        if audience.base.scheme() == "https" {
            let encrypt = || {
                if let Some(proxy) = &audience.proxy {
                    line = self.run(Stage::Proxy, || proxy::tunnel(line, proxy, audience, &trusted, self))?;
                }
                self.run(Stage::Tls, || tls::look(line, &audience.host(), &trusted))
            };
            let encrypted = encrypt();
            *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = trusted.shown_chain();
            encrypted?;
        }
        Ok(Way { trusted, addresses: reached.addresses })
    }

    fn client<'a>(&'a self, audience: &'a Audience, way: &'a Way) -> http::Client<'a> {
        let (trusted, addresses) = (&way.trusted, way.addresses.as_slice());
        http::Client { audience, trusted, addresses, course: self, one_token: self.one_token, signing: None }
    }

    /// What an answer of the API or a gateway comes to.
    fn verdict(&self, client: &http::Client<'_>, reply: &http::Reply) -> Result<End, Left> {
        let audience = client.audience;
        let answer = self.run(Stage::Responder, || responder::judge(reply))?;
        self.run(Stage::Auth, || {
            let judged = auth::judge(&answer, audience);
            let other = audience.with_the_other_header().filter(|_| self.other_header);
            match (judged, other) {
                (Err(refused), Some(other)) if refused.outcome == Outcome::Rejected => {
                    Err(auth::with_the_other_header(refused, &http::Client { audience: &other, ..*client }))
                }
                (judged, _) => judged,
            }
        })?;
        self.run(Stage::Permission, || permission::judge(&answer))?;
        let end = self.run(Stage::Quota, || quota::judge(&answer))?;
        Ok(end)
    }

    /// For what is worth a row only where it fails.
    fn run_unless_passed<T>(&self, stage: Stage, look: impl FnOnce() -> Result<T, Box<Stopped>>) -> Result<T, Left> {
        look().or_else(|stopped| self.run(stage, || Err(stopped)))
    }
}
