//! What a server showed, and whether a root completes it: looked at as Claude Code looks at it, with that root alone.
//!
//! Observed of Claude Code 2.1.330 on Linux (`tests/live/certificates.py`), for what `NODE_EXTRA_CA_CERTS` names: a root
//! that has run out is refused ("has expired"); a certificate that somebody else vouches for is no root, be it the server's
//! own or one between; one between that the server leaves out is taken from the file where its root stands there too; a
//! server's certificate that vouches for itself is believed where it is named. A byte-order mark hides the first
//! certificate of a file.

use std::io;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use authlight_core::certificates::{Bundle, Form};
use authlight_core::report::Live;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, Error, RootCertStore};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::BasicConstraints;

use super::deadline::Deadline;
use super::tls::{plain, verify_named, webpki};
use super::{Audience, Consent, Kept, Until, walk_and_keep};

/// The certificates that a server showed, its own first, and under which name it was asked.
#[derive(Clone, Debug)]
pub struct ShownChain {
    /// The host.
    pub name: ServerName<'static>,
    /// Its certificate, and what it showed above that.
    pub certificates: Vec<CertificateDer<'static>>,
}

/// Why a file's certificates do not help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// There is no certificate in it. How it is written tells why.
    NoCertificate(Form),
    /// It holds the server's own certificate, for which somebody else vouches.
    ServersOwn,
    /// No certificate in it vouches for itself: it is one between, or of somebody else.
    NoRoot {
        /// Whose it is.
        subject: String,
    },
    /// The right root, but it has run out.
    Ended {
        /// Whose it is.
        subject: String,
        /// When, milliseconds since 1970.
        at_ms: i64,
    },
    /// The right root, but it does not count yet.
    NotYet {
        /// Whose it is.
        subject: String,
        /// When, milliseconds since 1970.
        at_ms: i64,
    },
    /// Another authority's root.
    Another {
        /// Whose it is.
        subject: String,
    },
    /// With this root the chain is whole, but what the server shows is not in order.
    Server {
        /// Why: `expired`, `not-yet`, `name`, `other`.
        why: &'static str,
    },
}

/// How far an endpoint is reached, and what it showed. No credential is sent.
pub fn look(
    endpoint: &Audience,
    consents: &[Consent],
    deadline: Duration,
    cancel: &AtomicBool,
) -> (Live, Option<ShownChain>) {
    let kept = Kept::default();
    let deadline = Deadline::after(deadline);
    let live = walk_and_keep(endpoint, Until::Tls, consents, deadline, cancel, &mut |_| {}, &kept);
    let shown = kept.lock().unwrap_or_else(PoisonError::into_inner).take();
    (live, shown)
}

/// A certificate, as far as it decides here.
struct Known<'d> {
    der: &'d CertificateDer<'static>,
    subject: String,
    from_ms: i64,
    to_ms: i64,
    authority: bool,
    self_issued: bool,
}

impl<'d> Known<'d> {
    fn of(der: &'d CertificateDer<'static>) -> Option<Self> {
        let certificate = Certificate::from_der(der).ok()?;
        let body = certificate.tbs_certificate();
        let ms = |time: x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_millis()).unwrap_or(i64::MAX);
        let constraints = body.get_extension::<BasicConstraints>().ok().flatten();
        Some(Self {
            der,
            subject: plain(&body.subject().to_string()),
            from_ms: ms(body.validity().not_before),
            to_ms: ms(body.validity().not_after),
            // The first version of certificates knew no such mark.
            authority: constraints.map_or(body.extensions().is_none(), |(_, constraints)| constraints.ca),
            self_issued: body.issuer() == body.subject(),
        })
    }
}

/// What named files hold, as Claude Code takes it.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// Those that vouch for themselves, and have not run out.
    pub believed: Vec<CertificateDer<'static>>,
    /// Those that somebody else vouches for: they can lie between, and are no root.
    pub between: Vec<CertificateDer<'static>>,
}

pub(super) fn sort(certificates: &[CertificateDer<'static>], now: UnixTime) -> Sorted {
    let mut sorted = Sorted::default();
    let now_ms = i64::try_from(now.as_secs().saturating_mul(1000)).unwrap_or(i64::MAX);
    for known in certificates.iter().filter_map(Known::of) {
        if !known.self_issued {
            sorted.between.push(known.der.clone());
        } else if (known.from_ms..=known.to_ms).contains(&now_ms) {
            sorted.believed.push(known.der.clone());
        }
    }
    sorted
}

/// Whether a certificate vouches for itself.
pub(super) fn is_self_issued(der: &CertificateDer<'_>) -> bool {
    let certificate = Certificate::from_der(der);
    certificate.is_ok_and(|one| one.tbs_certificate().issuer() == one.tbs_certificate().subject())
}

impl ShownChain {
    /// Who issued the last certificate that was shown: whose root is looked for.
    pub fn wanted(&self) -> String {
        self.certificates.last().and_then(issuer).unwrap_or_default()
    }

    /// Whether a certificate bears the name of somebody who issued one of these.
    pub fn may_end_with(&self, der: &CertificateDer<'_>) -> bool {
        let Ok(certificate) = Certificate::from_der(der) else { return false };
        let subject = certificate.tbs_certificate().subject();
        let issued = |shown: &CertificateDer<'_>| {
            Certificate::from_der(shown).is_ok_and(|shown| shown.tbs_certificate().issuer() == subject)
        };
        self.certificates.iter().any(issued)
    }

    /// The certificates of a file that make this chain whole: the root first. `form`: how the file is written.
    ///
    /// # Errors
    /// [`Unfit`]
    pub fn completed_by(
        &self,
        file: &[CertificateDer<'static>],
        form: Form,
        now_ms: i64,
    ) -> Result<Vec<CertificateDer<'static>>, Unfit> {
        let known: Vec<Known<'_>> = file.iter().filter_map(Known::of).collect();
        let (Some(first), Some(own)) = (known.first(), self.certificates.first()) else {
            return Err(Unfit::NoCertificate(form));
        };
        let now = UnixTime::since_unix_epoch(Duration::from_millis(now_ms.unsigned_abs()));
        let is_named = file.contains(own);
        if is_named && Known::of(own).is_some_and(|own| own.self_issued) {
            return match verify_named(own, &self.name, now) {
                Ok(_) => Ok(vec![own.clone()]),
                Err(error) => Err(Unfit::Server { why: word(&error) }),
            };
        }
        let (roots, others): (Vec<&Known<'_>>, Vec<&Known<'_>>) =
            known.iter().partition(|one| one.self_issued && one.authority);
        let between: Vec<_> = others.iter().filter(|one| one.authority).map(|one| one.der.clone()).collect();
        let mut best: Option<Unfit> = None;
        for root in &roots {
            let subject = root.subject.clone();
            let fits = match self.ends_with(root.der, &[], now) {
                Ok(()) => Ok(vec![root.der.clone()]),
                Err(_) => self.ends_with(root.der, &between, now).map(|()| {
                    let more = between.iter().cloned();
                    std::iter::once(root.der.clone()).chain(more).collect::<Vec<_>>()
                }),
            };
            let unfit = match fits {
                Ok(_) if root.to_ms < now_ms => Unfit::Ended { subject, at_ms: root.to_ms },
                Ok(_) if root.from_ms > now_ms => Unfit::NotYet { subject, at_ms: root.from_ms },
                Ok(fits) => return Ok(fits),
                Err(error) => match word(&error) {
                    "another" => Unfit::Another { subject },
                    why => Unfit::Server { why },
                },
            };
            // What is nearest to help is told.
            if best.is_none() || matches!(best, Some(Unfit::Another { .. })) {
                best = Some(unfit);
            }
        }
        Err(match best {
            Some(unfit) => unfit,
            None if is_named => Unfit::ServersOwn,
            None => Unfit::NoRoot { subject: first.subject.clone() },
        })
    }

    /// Verifies with this root alone. Its own dates are not looked at here.
    fn ends_with(
        &self,
        root: &CertificateDer<'static>,
        between: &[CertificateDer<'static>],
        now: UnixTime,
    ) -> Result<(), Error> {
        let Some((own, above)) = self.certificates.split_first() else {
            return Err(CertificateError::UnknownIssuer.into());
        };
        let mut roots = RootCertStore::empty();
        roots.add(root.clone())?;
        let provider: Arc<CryptoProvider> = Arc::new(aws_lc_rs::default_provider());
        let above: Vec<_> = above.iter().chain(between).cloned().collect();
        webpki(roots, &provider)?.verify_server_cert(own, &above, &self.name, &[], now).map(|_| ())
    }
}

fn issuer(der: &CertificateDer<'static>) -> Option<String> {
    Some(plain(&Certificate::from_der(der).ok()?.tbs_certificate().issuer().to_string()))
}

fn word(error: &Error) -> &'static str {
    match error {
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => "expired",
        Error::InvalidCertificate(CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) => {
            "not-yet"
        }
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => "name",
        Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature) => "another",
        _ => "other",
    }
}

/// The certificates in a file, and how it is written: text (PEM), or one alone in binary (DER).
///
/// # Errors
/// What the system says.
pub fn read(path: &Path) -> io::Result<(Vec<CertificateDer<'static>>, Form)> {
    let bytes = super::tls::pem(path)?;
    let form = Bundle::form_of(&bytes);
    Ok((certificates(&bytes, form), form))
}

/// The certificates in bytes that are written so.
pub fn certificates(bytes: &[u8], form: Form) -> Vec<CertificateDer<'static>> {
    use rustls::pki_types::pem::PemObject as _;
    match form {
        Form::Der => vec![CertificateDer::from(bytes.to_vec())],
        _ => CertificateDer::pem_slice_iter(bytes).filter_map(Result::ok).collect(),
    }
}

/// The fingerprint by which certificates are compared.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(bytes).into()
}
