//! What stands in a file of certificates. Only what decides whether they can be used is kept, never a key.

use rustls_pki_types::pem::{PemObject as _, SectionKind};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::BasicConstraints;
use x509_cert::time::Time;

use crate::environment::Environment;
use crate::reading::{FileFacts, Reading};

/// The variables that name files of certificates, the one that holds a key among them.
pub const VARIABLES: [&str; 4] =
    ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "CLAUDE_CODE_CLIENT_CERT", "CLAUDE_CODE_CLIENT_KEY"];

/// Whether Claude Code believes every certificate. `0` was observed; `false` does the same in the runtime of the native
/// program.
pub fn are_unchecked(environment: &Environment) -> bool {
    matches!(environment.text("NODE_TLS_REJECT_UNAUTHORIZED"), Some("0" | "false"))
}

/// So many letters of a certificate's name are kept.
const NAME_LIMIT: usize = 120;

/// A file that one of [`VARIABLES`] names.
#[derive(Clone, Debug)]
pub struct CertificateFile {
    /// The variable.
    pub variable: &'static str,
    /// The path.
    pub path: String,
    /// What the system says of it.
    pub facts: FileFacts,
    /// What it holds.
    pub content: Reading<Bundle>,
}

/// What a file of certificates holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// How it is written.
    pub form: Form,
    /// Its certificates, in their order.
    pub certificates: Vec<CertificateFacts>,
    /// How many blocks are cut off or damaged.
    pub damaged: usize,
    /// The private key in it, if there is one.
    pub key: Option<KeyForm>,
}

/// How a file of certificates is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text between `-----BEGIN …-----` and `-----END …-----`: what Claude Code reads.
    Pem,
    /// Binary.
    Der,
    /// UTF-16, as Windows editors save it.
    Utf16,
    /// Nothing, or blanks.
    Blank,
    /// Something else.
    Other,
}

/// How a private key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyForm {
    /// As it is.
    Plain,
    /// Behind a passphrase.
    Encrypted,
}

/// A certificate, as far as it matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Whose it is, in the notation `CN=…,O=…`.
    pub subject: String,
    /// From when it counts, milliseconds since 1970.
    pub from_ms: i64,
    /// Until when it counts, milliseconds since 1970.
    pub to_ms: i64,
    /// Whether it may vouch for others.
    pub authority: bool,
    /// Whether it vouches for itself.
    pub self_issued: bool,
}

impl Bundle {
    /// How the bytes of a file are written.
    pub fn form_of(bytes: &[u8]) -> Form {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            Form::Blank
        } else if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            Form::Utf16
        } else if bytes.first() == Some(&0x30) && CertificateFacts::of(bytes).is_some() {
            Form::Der
        } else if memchr::memmem::find(bytes, b"-----BEGIN ").is_some() {
            Form::Pem
        } else {
            Form::Other
        }
    }

    /// Reads the bytes of a file.
    pub fn of(bytes: &[u8]) -> Self {
        let mut bundle = Self { form: Self::form_of(bytes), certificates: Vec::new(), damaged: 0, key: None };
        match bundle.form {
            Form::Der => bundle.certificates.extend(CertificateFacts::of(bytes)),
            Form::Pem | Form::Other => bundle.read_pem(bytes),
            Form::Blank | Form::Utf16 => {}
        }
        bundle
    }

    fn read_pem(&mut self, bytes: &[u8]) {
        let holds = |words: &[u8]| memchr::memmem::find(bytes, words).is_some();
        for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(bytes) {
            match section {
                Ok((SectionKind::Certificate, der)) => match CertificateFacts::of(&der) {
                    Some(certificate) => self.certificates.push(certificate),
                    None => self.damaged += 1,
                },
                Ok(_) => {}
                Err(_) => self.damaged += 1,
            }
        }
        if holds(b"ENCRYPTED PRIVATE KEY-----") || (holds(b"PRIVATE KEY-----") && holds(b"Proc-Type: 4,ENCRYPTED")) {
            self.key = Some(KeyForm::Encrypted);
        } else if holds(b"PRIVATE KEY-----") {
            self.key = Some(KeyForm::Plain);
        }
    }
}

impl CertificateFacts {
    fn of(der: &[u8]) -> Option<Self> {
        let certificate = Certificate::from_der(der).ok()?;
        let body = certificate.tbs_certificate();
        let ms = |time: Time| i64::try_from(time.to_unix_duration().as_millis()).unwrap_or(i64::MAX);
        let constraints = body.get_extension::<BasicConstraints>().ok().flatten();
        let subject = body.subject().to_string();
        Some(Self {
            subject: subject.chars().filter(|letter| !letter.is_control()).take(NAME_LIMIT).collect(),
            from_ms: ms(body.validity().not_before),
            to_ms: ms(body.validity().not_after),
            // The first version of certificates knew no such mark.
            authority: constraints.map_or(body.extensions().is_none(), |(_, constraints)| constraints.ca),
            self_issued: body.issuer() == body.subject(),
        })
    }

    /// Whether it counts at a time, in milliseconds since 1970.
    pub fn counts_at(&self, now_ms: i64) -> bool {
        (self.from_ms..=self.to_ms).contains(&now_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUTHORITY: &str = include_str!("../tests/certificates/authority.pem");
    const SERVER: &str = include_str!("../tests/certificates/server.pem");

    #[test]
    fn the_facts_of_a_certificate_are_read() {
        let bundle = Bundle::of(AUTHORITY.as_bytes());
        let [authority] = bundle.certificates.as_slice() else { panic!("{bundle:?}") };
        assert!(authority.subject.contains("CN=Example Root"), "{}", authority.subject);
        assert!(authority.authority && authority.self_issued);
        assert_eq!(crate::time::utc(authority.from_ms), "2020-01-01T00:00:00Z");
        assert_eq!(crate::time::utc(authority.to_ms), "2099-01-01T00:00:00Z");
        let bundle = Bundle::of(SERVER.as_bytes());
        assert!(!bundle.certificates[0].authority && !bundle.certificates[0].self_issued);
    }

    #[test]
    fn several_certificates_with_words_between_them_are_all_found() {
        let both = format!("# Example\r\n{}\r\nbetween\r\n{}", AUTHORITY.replace('\n', "\r\n"), SERVER);
        let bundle = Bundle::of(both.as_bytes());
        assert_eq!((bundle.certificates.len(), bundle.damaged, bundle.form), (2, 0, Form::Pem));
    }

    #[test]
    fn what_is_no_certificate_is_told_by_its_kind() {
        let der = rustls_pki_types::CertificateDer::from_pem_slice(AUTHORITY.as_bytes()).unwrap();
        assert_eq!(Bundle::of(&der).form, Form::Der);
        assert_eq!(Bundle::of(b" \n").form, Form::Blank);
        assert_eq!(Bundle::of(b"\xff\xfe-\0").form, Form::Utf16);
        assert_eq!(Bundle::of(b"not a certificate").form, Form::Other);
        assert_eq!(Bundle::of(b"0").form, Form::Other);
        let half = &AUTHORITY.as_bytes()[..AUTHORITY.len() / 2];
        let bundle = Bundle::of(half);
        assert_eq!((bundle.form, bundle.certificates.len(), bundle.damaged), (Form::Pem, 0, 1));
    }

    #[test]
    fn a_key_is_noticed_and_not_kept() {
        let block = |label: &str| format!("-----BEGIN {label}-----\nQ0FOQVJZ\n-----END {label}-----\n");
        let plain = Bundle::of(block(&["PRIVATE", "KEY"].join(" ")).as_bytes());
        assert_eq!(plain.key, Some(KeyForm::Plain));
        let locked = Bundle::of(block(&["ENCRYPTED", "PRIVATE", "KEY"].join(" ")).as_bytes());
        assert_eq!(locked.key, Some(KeyForm::Encrypted));
        assert!(!format!("{plain:?}{locked:?}").contains("CANARY"));
    }
}
