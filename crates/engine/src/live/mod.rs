//! The live test: one free question to the endpoint that Claude Code would use, told stage by stage.
//!
//! The stages before HTTP are looked at with plain sockets and rustls, because the HTTP client shows neither the
//! certificate behind a proxy nor where it came to a halt; the client then asks with the same configuration. The
//! first stage that fails decides. Each stage has a file of its own.

mod audience;
mod auth;
mod claude_says;
mod consent;
mod deadline;
mod dns;
mod echo;
mod http;
mod permission;
mod proxy;
mod quota;
mod responder;
mod tcp;
mod tls;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use authlight_core::message::Message;
use authlight_core::report::{Live, Outcome, SentRequest, Stage, StageRow, Status};

pub use audience::{Audience, Carried, Proxy, Trust};
pub use consent::Consent;

use claude_says::Situation;
use deadline::{Deadline, Line, Timed};
use echo::Echo;

/// How long a press of "Stop" may go unnoticed.
const NOTICE: Duration = Duration::from_millis(50);

/// Tests an endpoint and the credential that goes there. Waits for the answer: call it on a thread of its own.
///
/// `deadline` bounds the whole test (at most ten minutes); setting `cancel` ends it within a tenth of a second.
/// `progress` gets each stage as it ends. A claude.ai login is never sent, whatever the person agreed to, and
/// without the consent that an endpoint needs not even its name is looked up. The words of the rows are not
/// filled in.
pub fn test(
    audience: &Audience,
    consent: &Consent,
    deadline: Duration,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(&StageRow),
) -> Live {
    let mut live = Live::default();
    let echo = Echo::of(audience);
    let mut keep = |live: &mut Live, mut row: StageRow| {
        echo.wash_row(&mut row);
        progress(&row);
        live.stages.push(row);
    };
    if let Some(row) = consent::withheld(audience, consent) {
        keep(&mut live, row);
        return live;
    }

    let deadline = Deadline::after(deadline);
    let abandoned = Arc::new(AtomicBool::new(false));
    let (events, inbox) = mpsc::channel();
    let worker = {
        let course = Course { events, deadline, abandoned: Arc::clone(&abandoned) };
        let audience = audience.clone();
        std::thread::Builder::new().name("authlight-live".to_owned()).spawn(move || course.walk(&audience))
    };
    let mut stage = Stage::Dns;
    if worker.is_err() {
        keep(&mut live, row(stage, Status::Crashed, Message::new("live-crashed")));
        return live;
    }
    loop {
        if cancel.load(Ordering::Relaxed) {
            abandoned.store(true, Ordering::SeqCst);
            keep(&mut live, row(stage, Status::Skipped, Message::new("live-stopped")));
            return live;
        }
        let Ok(left) = deadline.left() else {
            abandoned.store(true, Ordering::SeqCst);
            let late = Stopped::late(stage);
            keep(&mut live, late.row);
            live.outcome = late.outcome;
            live.claude_says = late.situation.and_then(|situation| situation.says(audience));
            return live;
        };
        match inbox.recv_timeout(left.min(NOTICE)) {
            Ok(Event::Begun(begun)) => stage = begun,
            Ok(Event::Row(row)) => keep(&mut live, *row),
            Ok(Event::Sent(mut sent)) => {
                echo.wash_sent(&mut sent);
                live.sent.push(sent);
            }
            Ok(Event::Ended(end)) => {
                live.outcome = end.outcome;
                live.works = end.works;
                live.claude_says = end.situation.and_then(|situation| situation.says(audience));
                live.claude_says = live.claude_says.map(|says| echo.removed(&says));
                return live;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                keep(&mut live, row(stage, Status::Crashed, Message::new("live-crashed")));
                return live;
            }
        }
    }
}

/// What the worker tells.
enum Event {
    Begun(Stage),
    Row(Box<StageRow>),
    Sent(SentRequest),
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

    fn saying(mut self: Box<Self>, situation: Situation) -> Box<Self> {
        self.situation = Some(situation);
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

/// One test on its worker thread.
struct Course {
    events: Sender<Event>,
    deadline: Deadline,
    abandoned: Arc<AtomicBool>,
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

    /// Runs one stage, unless nobody waits for it.
    fn run<T>(&self, stage: Stage, look: impl FnOnce() -> Step<T>) -> Result<T, Left> {
        if self.abandoned.load(Ordering::SeqCst) {
            return Err(None);
        }
        self.tell(Event::Begun(stage));
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
        let deadline = self.deadline;
        let asked = audience.proxy.as_ref().map_or(&audience.base, |proxy| &proxy.url);
        if let Some(proxy) = &audience.proxy {
            self.run_unless_passed(Stage::Proxy, || proxy::usable(proxy))?;
        }
        let stay_here = audience.base.scheme() == "http" && audience.stays_here();
        let addresses = self.run(Stage::Dns, || dns::look_up(asked, stay_here))?;
        let reached = self.run(Stage::Tcp, || tcp::connect(&addresses, deadline))?;
        let mut line: Box<dyn Line> = Box::new(Timed::new(reached.stream, deadline));
        let trusted = self.run_unless_passed(Stage::Tls, || tls::Trusted::load(&audience.trust))?;
        if audience.base.scheme() == "https" {
            if let Some(proxy) = &audience.proxy {
                line = self.run(Stage::Proxy, || proxy::tunnel(line, proxy, audience, &trusted, self))?;
            }
            self.run(Stage::Tls, || tls::look(line, &audience.host(), &trusted))?;
        } else {
            drop(line);
        }
        let client = http::Client { audience, trusted: &trusted, addresses: &reached.addresses, course: self };
        let reply = self.run(Stage::Http, || client.ask())?;
        let answer = self.run(Stage::Responder, || responder::judge(&reply))?;
        self.run(Stage::Auth, || auth::judge(&answer, !audience.headers.is_empty()))?;
        self.run(Stage::Permission, || permission::judge(&answer))?;
        let end = self.run(Stage::Quota, || quota::judge(&answer))?;
        Ok(end)
    }

    /// For what is worth a row only where it fails.
    fn run_unless_passed<T>(&self, stage: Stage, look: impl FnOnce() -> Result<T, Box<Stopped>>) -> Result<T, Left> {
        look().or_else(|stopped| self.run(stage, || Err(stopped)))
    }
}
