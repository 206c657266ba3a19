//! A new key takes the place of an old one, wherever the old one is written.
//!
//! A key is long and random: where its characters stand, whole, it is meant. So it is replaced as it is written, in
//! whatever file, and not a byte beside it.

use thiserror::Error;
use zeroize::Zeroizing;

use super::{Edit, Fix, Repair, Risk, Target};
use crate::judge::Facts;
use crate::message::Message;
use crate::secret::{Secret, SecretKind};

/// The name of the fix.
pub const ID: &str = "F.rotate_key";

/// AL-3-01, -06: a key that is not accepted any more. Said, not done: the new one is asked for step by step.
pub(super) const FIX: Fix = Fix { id: ID, risk: Risk::Manual, mends: &["AL-3-01", "AL-3-06"], repair: told };

fn told(_: &Facts<'_>, _: &Target<'_>) -> Option<Repair> {
    let command = Some("authlight rotate --key-from -".to_owned());
    Some(Repair::of([Edit::Tell { what: Message::new("fix-rotate-key"), command, needs_elevation: false }]))
}

/// From this length on a text is no word that stands somewhere by chance.
const LONG_ENOUGH: usize = 20;

/// Why a key cannot take another's place. Nothing of either is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unfit {
    /// Nothing was given.
    #[error("no new key was given")]
    Empty,
    /// It is the old one.
    #[error("this is the key that is in use already. Make a new one first")]
    Same,
    /// It is a token of a claude.ai login.
    #[error("this is a token of a claude.ai login, and no API key. It is not taken in")]
    LoginToken,
    /// It is an Admin key.
    #[error("this is an Admin key, which cannot be used for messages. Make an ordinary API key")]
    AdminKey,
    /// It was never replaced by a real one, or is a shortened copy.
    #[error("this is no whole key: a placeholder, or a copy that was shortened. Copy the key itself")]
    NotWhole,
    /// A character that no key has: a blank, a quotation mark, a line break.
    #[error("a character stands in it that no key has (a blank, a quotation mark, a line break). Copy the key alone")]
    Character,
    /// The old one is too short to be found for certain, or has characters that are written otherwise elsewhere.
    #[error("the old key cannot be found for certain: it is too short, or written in several ways. Change it by hand")]
    OldNotFindable,
}

impl Unfit {
    /// Its word: the sentence `key-unfit-WORD`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Same => "same",
            Self::LoginToken => "login-token",
            Self::AdminKey => "admin-key",
            Self::NotWhole => "not-whole",
            Self::Character => "character",
            Self::OldNotFindable => "old-not-findable",
        }
    }
}

/// Whether `new` can take the place of `old` in any file.
///
/// # Errors
/// [`Unfit`]
pub fn fits(new: &Secret, old: &Secret) -> Result<(), Unfit> {
    fits_alone(new)?;
    if old.holds_login_token() {
        return Err(Unfit::LoginToken);
    }
    if new.same_as(old) {
        return Err(Unfit::Same);
    }
    if old.length() < LONG_ENOUGH || !bytes(old).iter().copied().all(of_a_key) {
        return Err(Unfit::OldNotFindable);
    }
    Ok(())
}

/// Whether a key can be written anywhere, whatever stands there.
///
/// # Errors
/// [`Unfit`]
pub fn fits_alone(new: &Secret) -> Result<(), Unfit> {
    is_key(new)?;
    if bytes(new).iter().copied().all(of_a_key) { Ok(()) } else { Err(Unfit::Character) }
}

/// Whether it can be a key at all that is taken in and written somewhere: of Anthropic's, a gateway's or a cloud's.
///
/// # Errors
/// [`Unfit`]
pub fn is_key(new: &Secret) -> Result<(), Unfit> {
    if new.is_blank() {
        return Err(Unfit::Empty);
    }
    if new.holds_login_token() {
        return Err(Unfit::LoginToken);
    }
    if new.kind() == SecretKind::AdminKey {
        return Err(Unfit::AdminKey);
    }
    if new.is_placeholder() || new.is_masked_copy() {
        return Err(Unfit::NotWhole);
    }
    if !bytes(new).iter().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'\\' | b'`')) {
        return Err(Unfit::Character);
    }
    Ok(())
}

/// What a history is searched for: the key, and the part of it that stands together even where only what changed is kept.
#[derive(Clone)]
pub struct Needle {
    whole: Zeroizing<Vec<u8>>,
    middle: std::ops::Range<usize>,
}

/// The beginning of a key that others share, and the end, in bytes: what a store of changes may have from another text.
const SHARED: (usize, usize) = (16, 4);

impl Needle {
    /// Of this key. None: it is too short to be found for certain.
    pub fn of(key: &Secret) -> Option<Self> {
        let whole = Zeroizing::new(bytes(key).to_vec());
        let middle = SHARED.0..whole.len().saturating_sub(SHARED.1);
        (whole.len() >= 2 * LONG_ENOUGH).then_some(Self { whole, middle })
    }

    /// How many bytes of what came before have to be searched again with what follows.
    pub fn overlap(&self) -> usize {
        self.whole.len() - 1
    }

    /// Whether the whole key stands in a text.
    pub fn is_in(&self, text: &[u8]) -> bool {
        memchr::memmem::find(text, &self.whole).is_some()
    }

    /// Whether it came with a change.
    pub fn came_with(&self, added: &[u8]) -> bool {
        memchr::memmem::find(added, &self.whole[self.middle.clone()]).is_some()
    }
}

/// A character that is written the same in JSON, in shells, in XML and in a registry.
fn of_a_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'+' | b'/' | b'=')
}

#[expect(clippy::disallowed_methods, reason = "a key is looked for where it is written, and written where it belongs")]
fn bytes(secret: &Secret) -> &[u8] {
    crate::secret::javascript_trim(secret.reveal()).as_bytes()
}

/// The lines, from 1, on which a key stands whole.
pub fn lines_with(file: &[u8], key: &Secret) -> Vec<usize> {
    let mut lines: Vec<usize> = written(key)
        .iter()
        .flat_map(|key| places(file, key))
        .map(|at| memchr::memchr_iter(b'\n', &file[..at]).count() + 1)
        .collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// The file with the new key in every place of the old one.
pub fn replaced(file: &[u8], old: &Secret, new: &Secret) -> Zeroizing<Vec<u8>> {
    let mut text = Zeroizing::new(file.to_vec());
    for (old, new) in written(old).iter().zip(&written(new)) {
        let mut next = Zeroizing::new(Vec::with_capacity(text.len()));
        let mut from = 0;
        for at in places(&text, old) {
            next.extend_from_slice(&text[from..at]);
            next.extend_from_slice(new);
            from = at + old.len();
        }
        next.extend_from_slice(&text[from..]);
        text = next;
    }
    text
}

/// How a key is written: in one byte a character, and in two.
fn written(key: &Secret) -> [Zeroizing<Vec<u8>>; 2] {
    let narrow = bytes(key);
    let wide = narrow.iter().flat_map(|byte| [*byte, 0]).collect();
    [Zeroizing::new(narrow.to_vec()), Zeroizing::new(wide)]
}

/// Where a key stands and no longer one around it. What may stand before it is an equals sign, of an assignment.
fn places(file: &[u8], key: &[u8]) -> Vec<usize> {
    let step = if key.get(1) == Some(&0) { 2 } else { 1 };
    let alone = |at: &usize| {
        let before = at.checked_sub(step).map(|before| file[before]);
        let after = file.get(at + key.len()).copied();
        before.is_none_or(|before| !of_a_key(before) || matches!(before, b'=' | b'/'))
            && after.is_none_or(|after| !of_a_key(after) || matches!(after, b'.' | b'/'))
    };
    memchr::memmem::find_iter(file, key).filter(alone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(kind: &str, rest: &str) -> Secret {
        Secret::new(["sk-ant-", kind, "-canary", rest, "-0123456789cdefghij"].concat())
    }

    fn text(secret: &Secret) -> String {
        String::from_utf8(bytes(secret).to_vec()).unwrap()
    }

    #[test]
    fn a_key_is_replaced_wherever_it_is_written_and_nothing_beside_it() {
        let (old, new) = (key("api03", "1"), key("api03", "2"));
        // `A` is to be replaced; `B` is a part of something longer.
        let file = "export K=A # A\n{\"k\": \"A\"}\r\n<string>A</string>\nxB Bx\n'A'";
        let with = |key: &Secret| file.replace('A', &text(key)).replace('B', &text(&old));
        let before = with(&old);
        let after = String::from_utf8(replaced(before.as_bytes(), &old, &new).to_vec()).unwrap();
        assert_eq!(after, with(&new));
        assert_eq!(lines_with(before.as_bytes(), &old), [1, 2, 3, 5]);
    }

    #[test]
    fn a_file_in_two_bytes_a_character_stays_one() {
        let (old, new) = (key("api03", "1"), key("api03", "22"));
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let before = wide(&format!("\u{feff}K={}\r\n", text(&old)));
        assert_eq!(*replaced(&before, &old, &new), wide(&format!("\u{feff}K={}\r\n", text(&new))));
    }

    #[test]
    fn what_is_no_new_key_is_refused() {
        let old = key("api03", "1");
        for (new, why) in [
            (Secret::new(" "), Unfit::Empty),
            (old.clone(), Unfit::Same),
            (key("oat01", "1"), Unfit::LoginToken),
            (key("admin01", "1"), Unfit::AdminKey),
            (Secret::new("your-api-key-here"), Unfit::NotWhole),
            (Secret::new(format!("\"{}\"", text(&key("api03", "2")))), Unfit::Character),
        ] {
            assert_eq!(fits(&new, &old), Err(why));
        }
        assert_eq!(fits(&key("api03", "2"), &Secret::new("short")), Err(Unfit::OldNotFindable));
        assert_eq!(fits(&key("api03", "2"), &old), Ok(()));
    }
}
