//! The certificate of a company's network: what the endpoint shows, whose root completes it, and that root given to
//! Claude Code.
//!
//! A root is taken from the system's own store, where an administrator put it, or from a file that the person names;
//! never from the connection itself, over which whoever stands between can show a root of their own.

use std::io;
use std::path::Path;

use authlight_core::certificates::{Bundle, Form};
use authlight_core::fixes::company_certificate::{self, Hindrance};
use authlight_core::judge;
use authlight_core::message::Message;
use authlight_core::report::{Finding, Instance, Live, Stage, StageRow, Status};
use authlight_core::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::{CertificateDer, ServerName};
use thiserror::Error;

use super::change::plan;
use super::change::preview::{self, Preview};
use super::change::transaction::{Hands, Occasion};
use super::change::{ApplyError, Plan, PlanError, Receipt, Store, apply};
use super::repair::failing;
use crate::examination::{Examination, Trial};
use crate::live::chain::{self, ShownChain, Unfit};
use crate::machine::Machine as _;
use crate::machine::authorities::authorities;
use crate::machine::os::Disk;
use crate::report_out::redaction::LeakPass;

/// The largest file of certificates that is taken along.
const EARLIER_LIMIT: u64 = 16 << 20;

/// So many letters stand in a line of PEM (RFC 7468).
const PEM_LINE: usize = 64;

/// A certificate that nobody here vouches for, as an endpoint showed it.
pub struct Sought {
    /// Who showed it: the endpoint, or an encrypted proxy before it.
    pub host: String,
    /// The authority whose root is looked for, as certificates call it.
    pub issuer: String,
    shown: ShownChain,
}

/// Why no root is looked for.
#[derive(Debug)]
pub enum NotSought {
    /// There is no address to ask.
    NoAddress,
    /// Nothing is encrypted on the way there.
    Plain,
    /// The certificate is trusted as it is.
    Trusted(StageRow),
    /// Something else is in the way: a root would not help.
    Other(StageRow),
}

impl NotSought {
    /// In words.
    pub fn message(&self) -> Message {
        match self {
            Self::NoAddress => Message::new("certificate-no-address"),
            Self::Plain => Message::new("certificate-not-encrypted"),
            Self::Trusted(row) | Self::Other(row) => row.text.clone(),
        }
    }
}

/// A root that completes what was shown.
pub struct Root {
    /// Whose it is.
    pub subject: String,
    /// Until when it counts, milliseconds since 1970.
    pub until_ms: i64,
    /// Its SHA-256, as certificates are compared: pairs of hexadecimal digits.
    pub fingerprint: String,
    /// Where it was found; none: the system's own store.
    pub place: Option<String>,
    /// It, and what the server leaves out below it.
    certificates: Vec<CertificateDer<'static>>,
}

/// Why there is no root.
#[derive(Debug, Error)]
pub enum NoRoot {
    /// The system has none that completes the chain.
    #[error("the system's store has no certificate of that authority")]
    NotInStore,
    /// The one that the system has does not help.
    #[error("the certificate does not help")]
    Unfit {
        /// Where it was found.
        place: String,
        /// Why not.
        why: Unfit,
    },
    /// The file cannot be read.
    #[error("{path}: {cause}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        cause: io::Error,
    },
}

impl NoRoot {
    /// In words, with what to do. `sought`: what was looked for.
    pub fn message(&self, sought: &Sought) -> Message {
        let (key, place) = match self {
            Self::NotInStore => ("certificate-not-in-store", ""),
            Self::Unreadable { path, .. } => ("certificate-file-unreadable", path.as_str()),
            Self::Unfit { place, why } => (unfit_key(why), place.as_str()),
        };
        let mut message = Message::new(key)
            .with("place", place)
            .with("issuer", sought.issuer.as_str())
            .with("host", sought.host.as_str());
        if let Self::Unreadable { cause, .. } = self {
            message = message.with("why", cause.to_string());
        }
        match self {
            Self::Unfit { why: Unfit::NoCertificate(form), .. } => message.with("form", form_word(*form)),
            Self::Unfit { why: Unfit::NoRoot { subject } | Unfit::Another { subject }, .. } => {
                message.with("subject", subject.as_str())
            }
            Self::Unfit { why: Unfit::Ended { subject, at_ms } | Unfit::NotYet { subject, at_ms }, .. } => {
                message.with("subject", subject.as_str()).with("day", day(*at_ms))
            }
            Self::Unfit { why: Unfit::Server { why }, .. } => message.with("what", *why),
            _ => message,
        }
    }
}

fn unfit_key(why: &Unfit) -> &'static str {
    match why {
        Unfit::NoCertificate(_) => "certificate-file-none",
        Unfit::ServersOwn => "certificate-file-servers-own",
        Unfit::NoRoot { .. } => "certificate-file-no-root",
        Unfit::Ended { .. } => "certificate-file-ended",
        Unfit::NotYet { .. } => "certificate-file-not-yet",
        Unfit::Another { .. } => "certificate-file-another",
        Unfit::Server { .. } => "certificate-server-unfit",
    }
}

fn form_word(form: Form) -> &'static str {
    match form {
        Form::Blank => "empty",
        Form::Utf16 => "utf16",
        Form::Pem => "damaged",
        Form::Der | Form::Other => "other",
    }
}

/// The day of a time, as people write it to machines.
pub fn day(ms: i64) -> String {
    authlight_core::time::utc(ms).get(..10).unwrap_or_default().to_owned()
}

/// Opens a connection to the endpoint, as Claude Code would, and looks at what it shows. No key is sent.
///
/// # Errors
/// [`NotSought`]
pub fn seek(now: &Examination, trial: &Trial<'_>) -> Result<Sought, NotSought> {
    let (live, shown) = now.look_at_certificates(trial).ok_or(NotSought::NoAddress)?;
    let stopped = live.stages.iter().find(|row| !matches!(row.status, Status::Pass));
    let Some(stopped) = stopped else {
        let last = live.stages.into_iter().rfind(|row| row.stage == Stage::Tls);
        return Err(last.map_or(NotSought::Plain, NotSought::Trusted));
    };
    let key = stopped.text.key.as_ref();
    // Where Claude Code checks nothing, a root lets it check again.
    let wants_root = company_certificate::WANT_A_ROOT.contains(&key) || key == "live-tls-unchecked";
    let Some(shown) = shown.filter(|_| wants_root) else { return Err(NotSought::Other(stopped.clone())) };
    let host = match &shown.name {
        ServerName::DnsName(name) => name.as_ref().to_owned(),
        ServerName::IpAddress(address) => std::net::IpAddr::from(*address).to_string(),
        _ => String::new(),
    };
    Ok(Sought { host, issuer: shown.wanted(), shown })
}

/// The root in the system's store.
///
/// # Errors
/// [`NoRoot`]
pub fn in_store(sought: &Sought, now: &Examination, disk: &Disk) -> Result<Root, NoRoot> {
    let examined = &now.snapshot.examined;
    let own = now.is_of_this_machine(&|path: &str| disk.outside(path));
    let known = authorities(disk, examined.platform, own, &|der| sought.shown.may_end_with(der));
    let mut nearest = NoRoot::NotInStore;
    for authority in known {
        let fits = sought.shown.completed_by(std::slice::from_ref(&authority.certificate), Form::Pem, examined.now_ms);
        match fits {
            Ok(certificates) => return Root::of(certificates, authority.place).ok_or(NoRoot::NotInStore),
            // Of the same name and with another key: an older one, or none of theirs.
            Err(Unfit::Another { .. } | Unfit::NoRoot { .. } | Unfit::NoCertificate(_) | Unfit::ServersOwn) => {}
            Err(why) => nearest = NoRoot::Unfit { place: authority.place.unwrap_or_default(), why },
        }
    }
    Err(nearest)
}

/// The root in a file that the person names.
///
/// # Errors
/// [`NoRoot`]
pub fn in_file(sought: &Sought, path: &Path, now: &Examination) -> Result<Root, NoRoot> {
    let place = path.display().to_string();
    let unreadable = |cause| NoRoot::Unreadable { path: place.clone(), cause };
    let (certificates, form) = chain::read(path).map_err(unreadable)?;
    match sought.shown.completed_by(&certificates, form, now.snapshot.examined.now_ms) {
        Ok(certificates) => Root::of(certificates, Some(place)).ok_or(NoRoot::NotInStore),
        Err(why) => Err(NoRoot::Unfit { place, why }),
    }
}

impl Root {
    fn of(certificates: Vec<CertificateDer<'static>>, place: Option<String>) -> Option<Self> {
        let root = certificates.first()?;
        let facts = Bundle::of(root).certificates.pop()?;
        let pairs = chain::sha256(root).iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>();
        let (subject, until_ms) = (facts.subject, facts.to_ms);
        Some(Self { subject, until_ms, fingerprint: pairs.join(":"), place, certificates })
    }
}

/// A root that would be given to Claude Code.
pub struct Prepared {
    /// The file that is made.
    pub file: String,
    /// How many certificates are taken along from the file that is named now.
    pub taken_along: usize,
    /// What would be done.
    pub plan: Plan,
    /// The same, to be shown.
    pub preview: Preview,
    failing: Vec<(String, Instance)>,
}

/// Why it is not done.
#[derive(Debug, Error)]
pub enum Refused {
    /// It cannot be set where it would count.
    #[error("it cannot be set where it would count")]
    Hindrance(Hindrance),
    /// The file that is named now holds certificates and cannot be read.
    #[error("{path}: {why}")]
    Earlier {
        /// The file.
        path: String,
        /// Why not.
        why: &'static str,
    },
    /// There is no plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

impl Refused {
    /// In words.
    pub fn message(&self) -> Message {
        match self {
            Self::Hindrance(hindrance) => hindrance.message(),
            Self::Earlier { path, why } => {
                Message::new("certificate-earlier-unreadable").with("path", path.as_str()).with("why", *why)
            }
            Self::Plan(error) => Message::new("certificate-no-plan").with("why", error.to_string()),
        }
    }
}

/// The plan: a file of ours with the root, behind what the file holds that is named now, and the variable that names it.
///
/// # Errors
/// [`Refused`]; nothing was changed.
pub fn prepare(now: &Examination, disk: &Disk, root: &Root, stamp: &str) -> Result<Prepared, Refused> {
    let live = Live::default();
    let facts = now.facts(&live);
    let mut certificates = earlier(company_certificate::named_now(&facts), disk, now.snapshot.examined.now_ms)?;
    let taken_along = certificates.len();
    let more = root.certificates.iter().filter(|one| !certificates.contains(one)).cloned().collect::<Vec<_>>();
    certificates.extend(more);
    let text = pem(&certificates);
    let examined = &now.snapshot.examined;
    let mark: String = chain::sha256(text.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let file = company_certificate::file(examined.platform, &examined.home, &root.subject, &mark);
    let repair = company_certificate::edits(&facts, &file, Secret::new(text)).map_err(Refused::Hindrance)?;
    let plan = plan::of(&repair.edits, disk, stamp)?;
    let preview = preview::of(&plan, &LeakPass::new(&now.secrets()));
    Ok(Prepared { file, taken_along, plan, preview, failing: failing(now) })
}

/// The certificates in the file that is named now, but for those that have run out. One that is not there holds none.
fn earlier(path: Option<&str>, disk: &Disk, now_ms: i64) -> Result<Vec<CertificateDer<'static>>, Refused> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let (_, bytes) = disk.read(path, EARLIER_LIMIT);
    if let Some(trouble) = bytes.trouble() {
        return Err(Refused::Earlier { path: path.to_owned(), why: trouble.word() });
    }
    let bytes = bytes.found().map(|bytes| zeroize::Zeroizing::new(bytes.clone())).unwrap_or_default();
    let form = Bundle::form_of(&bytes);
    // What Claude Code does not read is not taken along.
    let mut known: Vec<CertificateDer<'static>> = Vec::new();
    for certificate in chain::certificates(&bytes, form).into_iter().filter(|_| form == Form::Pem) {
        let facts = Bundle::of(&certificate).certificates.pop();
        if !known.contains(&certificate) && facts.is_some_and(|facts| facts.to_ms >= now_ms) {
            known.push(certificate);
        }
    }
    Ok(known)
}

/// The certificates as text, each under its name.
fn pem(certificates: &[CertificateDer<'static>]) -> String {
    let mut text = String::new();
    for certificate in certificates {
        let subject = Bundle::of(certificate).certificates.pop().map(|facts| facts.subject).unwrap_or_default();
        let subject: String = subject.chars().filter(|letter| letter.is_ascii() && *letter != '-').collect();
        text.push_str(&format!("# {subject}\n-----BEGIN CERTIFICATE-----\n"));
        let encoded = STANDARD.encode(certificate);
        for line in encoded.as_bytes().chunks(PEM_LINE) {
            text.push_str(&String::from_utf8_lossy(line));
            text.push('\n');
        }
        text.push_str("-----END CERTIFICATE-----\n");
    }
    text
}

/// What came of it.
pub enum Ended {
    /// The endpoint's certificate is trusted now, and nothing new is wrong.
    Healed(Receipt),
    /// The change is made, but not all is well.
    NotHealed {
        /// What was done.
        receipt: Receipt,
        /// What the endpoint's certificate is said of, where it is still not trusted.
        still: Option<Message>,
        /// What is new.
        new: Vec<Finding>,
    },
}

impl Prepared {
    /// Carries it out, looks again, and opens the connection once more.
    ///
    /// # Errors
    /// [`ApplyError`]
    pub fn carry_out(
        &self,
        store: &Store,
        hands: &dyn Hands,
        occasion: &Occasion,
        look: &dyn Fn() -> Examination,
        trial: &Trial<'_>,
    ) -> Result<Ended, ApplyError> {
        let receipt = apply(&self.plan, store, hands, occasion)?;
        let then = look();
        let still = match seek(&then, trial) {
            Err(NotSought::Trusted(_)) => None,
            Err(other) => Some(other.message()),
            Ok(sought) => Some(NoRoot::NotInStore.message(&sought)),
        };
        let live = Live::default();
        let is_new = |found: &Finding| {
            let code = found.code.as_deref().unwrap_or_default();
            let known = self.failing.iter().any(|(known, at)| known == code && *at == found.instance);
            found.status == Status::Fail && !known
        };
        let new: Vec<_> = judge::findings(&then.facts(&live)).into_iter().filter(is_new).collect();
        let healed = still.is_none() && new.is_empty();
        Ok(if healed { Ended::Healed(receipt) } else { Ended::NotHealed { receipt, still, new } })
    }
}
