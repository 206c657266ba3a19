//! The files of certificates that variables name.

use authlight_core::certificates::{Bundle, CertificateFile, VARIABLES};
use authlight_core::environment::Environment;
use authlight_core::snapshot::Snapshot;
use zeroize::Zeroizing;

use super::Machine;

/// A bundle of every authority in use is a quarter of a mebibyte.
const LIMIT: u64 = 16 << 20;

/// Reads them. A key among them is looked at and not kept.
pub fn read(machine: &dyn Machine, snapshot: &Snapshot, environment: &Environment) -> Vec<CertificateFile> {
    let base = snapshot.examined.project.as_deref().unwrap_or(&snapshot.examined.home);
    VARIABLES
        .into_iter()
        .filter_map(|variable| {
            let path = snapshot.examined.platform.join(base, environment.text(variable)?);
            let (facts, bytes) = machine.read(&path, LIMIT);
            let content = bytes.map(|bytes| Bundle::of(&Zeroizing::new(bytes)));
            Some(CertificateFile { variable, path, facts, content })
        })
        .collect()
}
