//! The certificate.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use authlight_core::certificates::Form;
use authlight_core::message::Message;
use authlight_core::report::{Outcome, Stage, StageRow, Status};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ResolvesClientCert, WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use rustls::{
    AlertDescription, CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, Error, PeerMisbehaved,
    RootCertStore, SignatureScheme, StreamOwned,
};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;
use zeroize::Zeroizing;

use super::audience::{ClientFiles, Trust};
use super::chain::{self, ShownChain, Sorted, Unfit};
use super::claude_says::Situation;
use super::deadline::Line;
use super::{Seen as _, Step, Stopped, row, word};

/// A bundle of every authority in use is a quarter of a mebibyte.
const BUNDLE_LIMIT: u64 = 16 * 1024 * 1024;
/// Under which name it is told whether a certificate of this machine can be shown.
const CLIENT_CERTIFICATE: &str = "client_certificate";
/// So many names of a certificate are told.
const NAMES_TOLD: usize = 6;

/// Who is believed, ready for use, and what was noticed while it was made.
pub(super) struct Trusted {
    pub config: ClientConfig,
    shown: Arc<Shown>,
    /// Whether a server has asked for a certificate of ours.
    asked_for_ours: Arc<AtomicBool>,
    unchecked: bool,
    notes: BTreeMap<String, String>,
}

impl Trusted {
    /// The system's authorities, those that Claude Code has built in, and the files that it was given.
    pub(super) fn load(trust: &Trust) -> Result<Self, Box<Stopped>> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut notes = BTreeMap::new();
        let (mut extra, mut of_extra_files) = (Vec::new(), 0);
        for (number, file) in trust.extra_ca_files.iter().chain(&trust.ssl_cert_file).enumerate() {
            let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
            match bundle(file) {
                Ok(found) if found.is_empty() => {
                    notes.insert(format!("extra_certificates {name}"), "none in the file".to_owned());
                }
                Ok(found) => {
                    notes.insert(format!("extra_certificates {name}"), found.len().to_string());
                    extra.extend(found);
                    if number < trust.extra_ca_files.len() {
                        of_extra_files = extra.len();
                    }
                }
                Err(error) => {
                    notes.insert(format!("extra_certificates {name}"), word(&error));
                }
            }
        }
        let failed = |error: &dyn std::fmt::Display| {
            Stopped::failed(Stage::Tls, Outcome::NotTested, Message::new("live-tls-no-authorities"))
                .seen("error", error)
        };
        let Sorted { believed, between } = chain::sort(&extra, UnixTime::now());
        let verifier = verifier(believed, trust.bundled_only, &provider).map_err(|error| failed(&error))?;
        let (certificate, chain) = Default::default();
        let shown = Arc::new(Shown { verifier, named: extra, of_extra_files, between, certificate, chain });
        let asked_for_ours = Arc::new(AtomicBool::new(false));
        let ours = trust.client.as_ref().and_then(|files| match shown_by_us(files, &provider) {
            Ok(certified) => {
                notes.insert(CLIENT_CERTIFICATE.to_owned(), "ready".to_owned());
                Some(Arc::new(certified))
            }
            Err(why) => {
                notes.insert(CLIENT_CERTIFICATE.to_owned(), why);
                None
            }
        });
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(&error))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&shown) as Arc<dyn ServerCertVerifier>)
            .with_client_cert_resolver(Arc::new(Ours { certified: ours, asked_for: Arc::clone(&asked_for_ours) }));
        // As Claude Code does, which never offers HTTP/2 (observed of 2.1.330).
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { config, shown, asked_for_ours, unchecked: trust.unchecked, notes })
    }

    fn told(&self, mut row: StageRow) -> StageRow {
        row.evidence.extend(self.notes.clone());
        let certificate = self.shown.certificate.lock().unwrap_or_else(PoisonError::into_inner);
        certificate.iter().fold(row, |row, certificate| certificate.told(row))
    }

    /// What the last server showed.
    pub(super) fn shown_chain(&self) -> Option<ShownChain> {
        self.shown.chain.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// When the root ran out that would complete what was shown, of those that `NODE_EXTRA_CA_CERTS` names.
    fn root_ended(&self) -> Option<String> {
        let named = self.shown.named.get(..self.shown.of_extra_files)?;
        let now_ms = i64::try_from(UnixTime::now().as_secs().saturating_mul(1000)).ok()?;
        match self.shown_chain()?.completed_by(named, Form::Pem, now_ms) {
            Err(Unfit::Ended { at_ms, .. }) => Some(authlight_core::time::utc(at_ms)),
            _ => None,
        }
    }

    fn certificate(&self) -> Option<Described> {
        self.shown.certificate.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

pub(super) fn pem(path: &Path) -> io::Result<Vec<u8>> {
    // A pipe or device in its place would never end.
    if !path.metadata()?.is_file() {
        return Err(io::Error::other("not a file"));
    }
    let mut pem = Vec::new();
    File::open(path)?.take(BUNDLE_LIMIT).read_to_end(&mut pem)?;
    Ok(pem)
}

fn bundle(path: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
    let pem = pem(path)?;
    let mut probe = RootCertStore::empty();
    let usable = |der: &CertificateDer<'static>| probe.add(der.clone()).is_ok();
    Ok(CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok).filter(usable).collect())
}

#[cfg(not(any(windows, target_vendor = "apple")))]
fn verifier(
    extra: Vec<CertificateDer<'static>>,
    bundled_only: bool,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let mut roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if !bundled_only {
        let system = crate::machine::authorities::BUNDLES.iter().find_map(|path| bundle(Path::new(path)).ok());
        roots.add_parsable_certificates(system.unwrap_or_default());
    }
    roots.add_parsable_certificates(extra);
    webpki(roots, provider)
}

#[cfg(any(windows, target_vendor = "apple"))]
fn verifier(
    extra: Vec<CertificateDer<'static>>,
    bundled_only: bool,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    if !bundled_only
        && let Ok(system) =
            rustls_platform_verifier::Verifier::new_with_extra_roots(extra.clone(), Arc::clone(provider))
    {
        return Ok(Arc::new(system));
    }
    // Where the system's own list cannot be had, the one that Claude Code brings along still can: it is believed too.
    let mut roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    roots.add_parsable_certificates(extra);
    webpki(roots, provider)
}

pub(super) fn webpki(
    roots: RootCertStore,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let built = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build();
    Ok(built.map_err(|error| Error::General(error.to_string()))?)
}

/// Shows no certificate, and notes that one was asked for.
#[derive(Debug)]
struct Ours {
    certified: Option<Arc<CertifiedKey>>,
    asked_for: Arc<AtomicBool>,
}

impl ResolvesClientCert for Ours {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asked_for.store(true, Ordering::Relaxed);
        self.certified.clone()
    }

    fn has_certs(&self) -> bool {
        self.certified.is_some()
    }
}

/// Reads what this machine shows of itself.
///
/// # Errors
/// Why it cannot be shown, for the evidence.
fn shown_by_us(files: &ClientFiles, provider: &CryptoProvider) -> Result<CertifiedKey, String> {
    let chain = bundle(&files.certificate).map_err(|error| format!("certificate: {}", word(&error)))?;
    if chain.is_empty() {
        return Err("certificate: none in the file".to_owned());
    }
    let pem = Zeroizing::new(pem(&files.key).map_err(|error| format!("key: {}", word(&error)))?);
    // One that is locked by a passphrase is in a form of its own, which the library does not open.
    let key = PrivateKeyDer::from_pem_slice(&pem).map_err(|_| "key: none that can be used".to_owned())?;
    let key = provider.key_provider.load_private_key(key).map_err(|error| format!("key: {error}"))?;
    let certified = CertifiedKey::new(chain, key);
    certified.keys_match().map_err(|_| "key: not that of the certificate".to_owned())?;
    Ok(certified)
}

/// Verifies as its inner verifier does, and keeps what the server showed.
#[derive(Debug)]
struct Shown {
    verifier: Arc<dyn ServerCertVerifier>,
    /// The certificates in the files that Claude Code was given.
    named: Vec<CertificateDer<'static>>,
    /// So many of them, the first, are named by `NODE_EXTRA_CA_CERTS`.
    of_extra_files: usize,
    /// Those of them that somebody else vouches for.
    between: Vec<CertificateDer<'static>>,
    certificate: Mutex<Option<Described>>,
    chain: Mutex<Option<ShownChain>>,
}

impl ServerCertVerifier for Shown {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let described =
            Described::of(end_entity).map(|described| Described { above: above(intermediates), ..described });
        *self.certificate.lock().unwrap_or_else(PoisonError::into_inner) = described;
        *self.chain.lock().unwrap_or_else(PoisonError::into_inner) = Some(ShownChain {
            name: server_name.to_owned(),
            certificates: std::iter::once(end_entity)
                .chain(intermediates)
                .map(|der| der.clone().into_owned())
                .collect(),
        });
        let above: Vec<_> = intermediates.iter().chain(&self.between).cloned().collect();
        match self.verifier.verify_server_cert(end_entity, &above, server_name, ocsp_response, now) {
            // That a server shows an authority's certificate is refused by a rule that has no word of its own. Claude
            // Code believes it where it is the one that it was given (observed: `net-selfsigned-extra`).
            Err(Error::InvalidCertificate(CertificateError::Other(_) | CertificateError::UnknownIssuer))
                if self.named.contains(end_entity) && chain::is_self_issued(end_entity) =>
            {
                verify_named(end_entity, server_name, now)
            }
            answer => answer,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

/// Of a certificate that is believed by itself, name and time remain to be looked at.
pub(super) fn verify_named(
    der: &CertificateDer<'_>,
    name: &ServerName<'_>,
    now: UnixTime,
) -> Result<ServerCertVerified, Error> {
    verify_server_name(&ParsedCertificate::try_from(der)?, name)?;
    let certificate = Certificate::from_der(der).map_err(|_| CertificateError::BadEncoding)?;
    let validity = certificate.tbs_certificate().validity();
    if now.as_secs() < validity.not_before.to_unix_duration().as_secs() {
        return Err(CertificateError::NotValidYet.into());
    }
    if now.as_secs() > validity.not_after.to_unix_duration().as_secs() {
        return Err(CertificateError::Expired.into());
    }
    Ok(ServerCertVerified::assertion())
}

/// What a certificate says of itself.
#[derive(Clone, Debug)]
struct Described {
    issuer: String,
    names: String,
    valid_from: String,
    valid_to: String,
    self_signed: bool,
    above: Above,
}

/// What a server shows besides its own certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Above {
    Nothing,
    Between,
    /// Up to one that vouches for itself.
    Root,
}

fn above(intermediates: &[CertificateDer<'_>]) -> Above {
    let mut shown = intermediates.iter().filter_map(Described::of);
    match (intermediates.is_empty(), shown.any(|described| described.self_signed)) {
        (true, _) => Above::Nothing,
        (false, true) => Above::Root,
        (false, false) => Above::Between,
    }
}

impl Described {
    fn of(der: &CertificateDer<'_>) -> Option<Self> {
        let certificate = Certificate::from_der(der).ok()?;
        let body = certificate.tbs_certificate();
        let names = body.get_extension::<SubjectAltName>().ok().flatten();
        let mut names: Vec<String> = names.iter().flat_map(|(_, names)| &names.0).filter_map(name).collect();
        let more = names.len() > NAMES_TOLD;
        names.truncate(NAMES_TOLD);
        if more {
            names.push("…".to_owned());
        }
        Some(Self {
            issuer: plain(&body.issuer().to_string()),
            names: plain(&names.join(", ")),
            valid_from: body.validity().not_before.to_string(),
            valid_to: body.validity().not_after.to_string(),
            self_signed: body.issuer() == body.subject(),
            above: Above::Nothing,
        })
    }

    fn told(&self, row: StageRow) -> StageRow {
        row.seen("issuer", &self.issuer)
            .seen("names", &self.names)
            .seen("valid_from", &self.valid_from)
            .seen("valid_to", &self.valid_to)
    }
}

fn name(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(name.to_string()),
        GeneralName::IpAddress(bytes) => match *bytes.as_bytes() {
            [a, b, c, d] => Some(std::net::Ipv4Addr::new(a, b, c, d).to_string()),
            ref other => <[u8; 16]>::try_from(other).ok().map(|v6| std::net::Ipv6Addr::from(v6).to_string()),
        },
        _ => None,
    }
}

/// Strangers write certificates too: no line breaks, no control characters, a bounded length.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(200).collect()
}

/// Looks at the endpoint's certificate. Nothing is sent but the handshake.
pub(super) fn look(line: Box<dyn Line>, host: &str, trusted: &Trusted) -> Step<()> {
    let mut stream = handshake(line, host, trusted)?;
    stream.conn.send_close_notify();
    // The look is over; whether the goodbye arrives does not matter.
    let _ = stream.flush();
    let issuer = trusted.certificate().map(|certificate| certificate.issuer).unwrap_or_default();
    let version = stream.conn.protocol_version().and_then(|version| version.as_str()).unwrap_or("TLS");
    let text = Message::new("live-tls-trusted").with("host", host).with("issuer", issuer);
    Ok((trusted.told(row(Stage::Tls, Status::Pass, text)).seen("version", version), ()))
}

/// An encrypted connection, for a proxy that wants one.
pub(super) fn through(line: Box<dyn Line>, host: &str, trusted: &Trusted) -> Result<Box<dyn Line>, Box<Stopped>> {
    Ok(Box::new(handshake(line, host, trusted)?))
}

type Stream = StreamOwned<ClientConnection, Box<dyn Line>>;

fn handshake(mut line: Box<dyn Line>, host: &str, trusted: &Trusted) -> Result<Stream, Box<Stopped>> {
    let name = ServerName::try_from(host.to_owned());
    let connection = name.map_err(|error| error.to_string()).and_then(|name| {
        ClientConnection::new(Arc::new(trusted.config.clone()), name).map_err(|error| error.to_string())
    });
    let mut connection = connection.map_err(|error| {
        let text = Message::new("live-tls-failed").with("host", host);
        Stopped::failed(Stage::Tls, Outcome::Unreachable, text).seen("error", error)
    })?;
    while connection.is_handshaking() {
        connection.complete_io(&mut line).map_err(|error| broken(&error, host, trusted))?;
    }
    Ok(StreamOwned::new(connection, line))
}

fn broken(error: &io::Error, host: &str, trusted: &Trusted) -> Box<Stopped> {
    if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        return refused(error, host, trusted);
    }
    if error.kind() == io::ErrorKind::TimedOut {
        return Stopped::late(Stage::Tls);
    }
    if trusted.asked_for_ours.load(Ordering::Relaxed) {
        let text = Message::new("live-tls-client-certificate").with("host", host);
        return Stopped::failed(Stage::Tls, Outcome::Unreachable, text).seen("error", word(error));
    }
    let text = Message::new("live-tls-dropped").with("host", host);
    Stopped::failed(Stage::Tls, Outcome::Unreachable, text).seen("error", word(error)).saying(Situation::Dropped)
}

/// Puts a refused certificate or a failed handshake into words.
pub(super) fn refused(error: &Error, host: &str, trusted: &Trusted) -> Box<Stopped> {
    let certificate = trusted.certificate();
    let unknown = matches!(error, Error::InvalidCertificate(CertificateError::UnknownIssuer));
    let root_ended = unknown.then(|| trusted.root_ended()).flatten();
    let (outcome, key, situation) = match error {
        // Observed: of such a root Claude Code says that the certificate has expired.
        _ if root_ended.is_some() => (Outcome::Intercepted, "live-tls-root-ended", Some(Situation::CertificateExpired)),
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            (Outcome::Unreachable, "live-tls-expired", Some(Situation::CertificateExpired))
        }
        Error::InvalidCertificate(CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) => {
            (Outcome::Unreachable, "live-tls-not-yet", Some(Situation::CertificateNotYet))
        }
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => (Outcome::Intercepted, "live-tls-other-name", Some(Situation::CertificateName)),
        Error::InvalidCertificate(_) if certificate.as_ref().is_some_and(|shown| shown.self_signed) => {
            (Outcome::Intercepted, "live-tls-self-signed", Some(Situation::CertificateSelfSigned))
        }
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            let situation = match certificate.as_ref().map(|shown| shown.above) {
                Some(Above::Root) => Situation::CertificateUnknownRoot,
                Some(Above::Between) => Situation::CertificateUnknownBetween,
                Some(Above::Nothing) | None => Situation::CertificateUnknown,
            };
            (Outcome::Intercepted, "live-tls-unknown-issuer", Some(situation))
        }
        Error::InvalidCertificate(
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. },
        ) => (Outcome::Intercepted, "live-tls-refused", Some(Situation::CertificatePurpose)),
        Error::InvalidCertificate(_) => (Outcome::Intercepted, "live-tls-refused", None),
        Error::AlertReceived(AlertDescription::NoApplicationProtocol)
        | Error::PeerMisbehaved(PeerMisbehaved::SelectedUnofferedApplicationProtocol) => {
            (Outcome::Unreachable, "live-tls-http-2", Some(Situation::Handshake))
        }
        Error::AlertReceived(AlertDescription::ProtocolVersion) | Error::PeerIncompatible(_) => {
            (Outcome::Unreachable, "live-tls-too-old", Some(Situation::Handshake))
        }
        _ if trusted.asked_for_ours.load(Ordering::Relaxed) => {
            (Outcome::Unreachable, "live-tls-client-certificate", Some(Situation::Handshake))
        }
        Error::InvalidMessage(_) => (Outcome::Unreachable, "live-tls-not-tls", Some(Situation::Handshake)),
        _ => (Outcome::Unreachable, "live-tls-failed", Some(Situation::Handshake)),
    };
    let shown = |part: fn(Described) -> String| certificate.clone().map(part).unwrap_or_default();
    let text = Message::new(key)
        .with("host", host)
        .with("issuer", shown(|certificate| certificate.issuer))
        .with("names", shown(|certificate| certificate.names))
        .with("from", shown(|certificate| certificate.valid_from))
        .with("to", root_ended.unwrap_or_else(|| shown(|certificate| certificate.valid_to)));
    let mut stopped = Stopped::failed(Stage::Tls, outcome, text).seen("error", plain(&error.to_string()));
    stopped.row = trusted.told(stopped.row);
    stopped.situation = situation;
    if trusted.unchecked && matches!(error, Error::InvalidCertificate(_)) {
        // Claude Code goes on here, so that nothing is known of what it says.
        stopped.row.status = Status::Unknown;
        stopped.row.text = Message::new("live-tls-unchecked").with("host", host);
        (stopped.outcome, stopped.situation) = (Outcome::NotTested, None);
    }
    stopped
}
