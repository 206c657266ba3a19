//! The certificates of authorities that the system has: in its bundle, in the folders from which administrators fill
//! that, and in the stores of macOS and Windows.

use std::collections::HashSet;

use authlight_core::certificates::Bundle;
use authlight_core::snapshot::Platform;
use rustls::pki_types::CertificateDer;

use super::Machine;
use crate::live::chain::certificates;

/// Where Linux and BSD distributions keep their bundle. Named here, and not taken from this program's own
/// `SSL_CERT_FILE`, which need not be what the examined environment has.
pub(crate) const BUNDLES: [&str; 7] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/var/lib/ca-certificates/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
];

/// Where administrators put what goes into the bundle at its next update: nothing but an administrator writes there.
const ANCHORS: [&str; 6] = [
    "/usr/local/share/ca-certificates",
    "/etc/pki/ca-trust/source/anchors",
    "/usr/share/pki/ca-trust-source/anchors",
    "/etc/ca-certificates/trust-source/anchors",
    "/etc/pki/trust/anchors",
    "/usr/share/pki/trust/anchors",
];

/// A bundle of every authority in use is a quarter of a mebibyte.
const BUNDLE_LIMIT: u64 = 16 << 20;

/// One authority's certificate is a few KiB.
const ANCHOR_LIMIT: u64 = 1 << 20;

/// So many files of one such folder are read.
const MOST_ANCHORS: usize = 256;

/// An authority's certificate, and where the system has it.
pub struct Authority {
    /// The file; none: the system's own store.
    pub place: Option<String>,
    /// The certificate.
    pub certificate: CertificateDer<'static>,
}

/// What the system has that `fits`. `own`: the examined machine is the one that runs.
pub fn authorities(
    machine: &dyn Machine,
    platform: Platform,
    own: bool,
    fits: &dyn Fn(&CertificateDer<'_>) -> bool,
) -> Vec<Authority> {
    let mut met = HashSet::new();
    let mut found = Vec::new();
    let mut take = |place: Option<&str>, certificate: CertificateDer<'static>| {
        if fits(&certificate) && met.insert(certificate.clone()) {
            found.push(Authority { place: place.map(str::to_owned), certificate });
        }
    };
    if platform == Platform::Linux {
        let anchors = ANCHORS.iter().flat_map(|folder| anchors(machine, folder));
        let bundles = BUNDLES.iter().map(|path| ((*path).to_owned(), BUNDLE_LIMIT));
        for (path, limit) in bundles.chain(anchors) {
            let (_, bytes) = machine.read(&path, limit);
            let Some(bytes) = bytes.found() else { continue };
            let form = Bundle::form_of(bytes);
            certificates(bytes, form).into_iter().for_each(|certificate| take(Some(&path), certificate));
        }
    } else if own {
        in_system_store().into_iter().for_each(|certificate| take(None, certificate));
    }
    found
}

#[cfg(any(windows, target_vendor = "apple"))]
fn in_system_store() -> Vec<CertificateDer<'static>> {
    rustls_native_certs::load_native_certs().certs
}

#[cfg(not(any(windows, target_vendor = "apple")))]
fn in_system_store() -> Vec<CertificateDer<'static>> {
    Vec::new()
}

/// The files of a folder, and of the folders in it.
fn anchors(machine: &dyn Machine, folder: &str) -> Vec<(String, u64)> {
    let names = |folder: &str| machine.list(folder).found().cloned().unwrap_or_default();
    let is_file = |path: &String| [".crt", ".pem", ".cer", ".der"].iter().any(|end| path.ends_with(end));
    let below = names(folder).into_iter().flat_map(|name| {
        let path = format!("{folder}/{name}");
        if is_file(&path) { vec![path] } else { names(&path).iter().map(|name| format!("{path}/{name}")).collect() }
    });
    below.filter(is_file).take(MOST_ANCHORS).map(|path| (path, ANCHOR_LIMIT)).collect()
}
