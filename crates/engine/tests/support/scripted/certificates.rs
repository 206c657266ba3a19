//! Certificates, good and bad.

use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    PKCS_ECDSA_P521_SHA512,
};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};

pub struct Authority {
    pub issuer: Issuer<'static, KeyPair>,
    pub certificate: CertificateDer<'static>,
    pub pem: String,
}

/// A company's root, with the large curve that some of them use.
pub fn authority(name: &str) -> Authority {
    authority_with(name, KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).unwrap())
}

/// The same with the usual curve.
pub fn usual_authority(name: &str) -> Authority {
    authority_with(name, KeyPair::generate().unwrap())
}

fn authority_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn authority_with(name: &str, key: KeyPair) -> Authority {
    let params = authority_params(name);
    let certificate = params.self_signed(&key).unwrap();
    let (pem, certificate) = (certificate.pem(), certificate.der().clone());
    Authority { issuer: Issuer::new(params, key), certificate, pem }
}

impl Authority {
    pub fn file(&self) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("company-root.pem");
        std::fs::write(&path, &self.pem).unwrap();
        (folder, path)
    }

    pub fn leaf(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> (Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        change(&mut params);
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }

    /// One that this one vouches for.
    pub fn intermediate(&self, name: &str) -> Authority {
        let (params, key) = (authority_params(name), KeyPair::generate().unwrap());
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let (pem, certificate) = (certificate.pem(), certificate.der().clone());
        Authority { issuer: Issuer::new(params, key), certificate, pem }
    }
}

/// What `openssl req -x509` makes: a certificate for a server that calls itself an authority.
pub fn self_signed(name: &str, change: impl FnOnce(&mut CertificateParams)) -> (Certificate, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    change(&mut params);
    (params.self_signed(&key).unwrap(), key)
}

pub fn expired(params: &mut CertificateParams) {
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2021, 1, 1);
}

pub fn not_yet(params: &mut CertificateParams) {
    params.not_before = rcgen::date_time_ymd(2999, 1, 1);
}

/// How a server encrypts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Good,
    LargeCurve,
    /// The root is named, and the server shows what lies between.
    WithIntermediate,
    /// The root is named, and the server leaves out what lies between.
    WithoutIntermediate,
    Expired,
    NotYet,
    OtherName,
    /// For clients, not for servers.
    ForClients,
    SelfSigned,
    SelfSignedLeaf,
    SelfSignedExpired,
    /// Nobody has named the root, and only the server's own certificate is shown.
    Unknown,
    /// Nobody has named the root, which is shown.
    UnknownWithRoot,
    /// Nobody has named the root; what lies between is shown.
    UnknownWithIntermediate,
    /// Good, if the other side shows a certificate too.
    WantsClient12,
    WantsClient13,
    /// Asks for a certificate and goes on without one.
    AsksClient,
    Only12,
    Only13,
    /// Good, for the name under which somebody else is known.
    Elsewhere,
    /// Good, and HTTP/2 where the other side offers it (ALPN).
    PrefersHttp2,
    /// Good, for whoever offers HTTP/2 alone.
    OnlyHttp2,
}

/// For a server at 127.0.0.1, whose `company` root is the one that is named.
pub fn config(shown: Shown, company: &Authority) -> Arc<ServerConfig> {
    let host = "127.0.0.1";
    let unknown = usual_authority("Example Unknown Root");
    let (pair, more) = match shown {
        Shown::LargeCurve => {
            let big = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).unwrap();
            let params = CertificateParams::new([host.to_owned()]).unwrap();
            ((params.signed_by(&big, &company.issuer).unwrap(), big), vec![])
        }
        Shown::WithIntermediate => {
            let between = company.intermediate("Example Corp Intermediate");
            (between.leaf(host, |_| ()), vec![between.certificate])
        }
        Shown::WithoutIntermediate => (company.intermediate("Example Corp Intermediate").leaf(host, |_| ()), vec![]),
        Shown::Expired => (company.leaf(host, expired), vec![]),
        Shown::Elsewhere => (company.leaf("localhost", |_| ()), vec![]),
        Shown::NotYet => (company.leaf(host, not_yet), vec![]),
        Shown::OtherName => (company.leaf("other.example", |_| ()), vec![]),
        Shown::ForClients => {
            let clients = |params: &mut CertificateParams| {
                params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
            };
            (company.leaf(host, clients), vec![])
        }
        Shown::SelfSigned => (self_signed(host, |_| ()), vec![]),
        Shown::SelfSignedLeaf => (self_signed(host, |params| params.is_ca = IsCa::NoCa), vec![]),
        Shown::SelfSignedExpired => (self_signed(host, expired), vec![]),
        Shown::Unknown => (unknown.leaf(host, |_| ()), vec![]),
        Shown::UnknownWithRoot => (unknown.leaf(host, |_| ()), vec![unknown.certificate]),
        Shown::UnknownWithIntermediate => {
            let between = unknown.intermediate("Example Unknown Intermediate");
            (between.leaf(host, |_| ()), vec![between.certificate])
        }
        _ => (company.leaf(host, |_| ()), vec![]),
    };
    let versions: &[&SupportedProtocolVersion] = match shown {
        Shown::WantsClient12 | Shown::Only12 => &[&rustls::version::TLS12],
        Shown::WantsClient13 | Shown::Only13 => &[&rustls::version::TLS13],
        _ => rustls::DEFAULT_VERSIONS,
    };
    let mut roots = RootCertStore::empty();
    roots.add(company.certificate.clone()).unwrap();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let builder = ServerConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap();
    let builder = match shown {
        Shown::WantsClient12 | Shown::WantsClient13 => builder.with_client_cert_verifier(clients.build().unwrap()),
        Shown::AsksClient => builder.with_client_cert_verifier(clients.allow_unauthenticated().build().unwrap()),
        _ => builder.with_no_client_auth(),
    };
    let mut config = single(builder, pair, more);
    config.alpn_protocols = match shown {
        Shown::PrefersHttp2 => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
        Shown::OnlyHttp2 => vec![b"h2".to_vec()],
        _ => Vec::new(),
    };
    Arc::new(config)
}

/// One certificate and its key, nothing else.
pub fn plain_config(pair: (Certificate, KeyPair)) -> Arc<ServerConfig> {
    let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    Arc::new(single(builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth(), pair, vec![]))
}

fn single(
    builder: rustls::ConfigBuilder<ServerConfig, rustls::server::WantsServerCert>,
    (certificate, key): (Certificate, KeyPair),
    more: Vec<CertificateDer<'static>>,
) -> ServerConfig {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let chain = std::iter::once(certificate.der().clone()).chain(more).collect();
    builder.with_single_cert(chain, key).unwrap()
}
