//! `ANTHROPIC_CUSTOM_HEADERS`: one `Name: value` a line.

use crate::secret::{Secret, javascript_trim};

/// A header that the person adds.
#[derive(Clone, Debug)]
pub struct CustomHeader {
    /// Its name, trimmed.
    pub name: String,
    /// Its value, trimmed.
    pub value: Secret,
}

/// What is wrong with one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadHeader {
    /// A character in a name that no header name may have.
    Name,
    /// Nothing stands before the colon.
    EmptyName,
    /// A character in a value that cannot stand in a header.
    Value,
}

impl CustomHeader {
    /// Reads the variable. A line without a colon counts for nothing (observed: `key-custom-headers*`).
    #[expect(clippy::disallowed_methods, reason = "a list of headers is taken apart into secrets")]
    pub fn read(text: &Secret) -> Vec<Self> {
        text.reveal()
            .split('\n')
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| Self {
                name: javascript_trim(name).to_owned(),
                value: Secret::new(javascript_trim(value)),
            })
            .collect()
    }

    /// What is wrong with it.
    pub fn fault(&self) -> Option<BadHeader> {
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if self.name.is_empty() {
            Some(BadHeader::EmptyName)
        } else if !self.name.chars().all(token) {
            Some(BadHeader::Name)
        } else {
            self.value.bad_character().map(|_| BadHeader::Value)
        }
    }

    /// Whether it is of that name; case does not count.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}
