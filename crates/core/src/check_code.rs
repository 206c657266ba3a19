//! The code for the phone: `XXXX-XXXX`, Crockford base32, the last character a check.
//!
//! 35 bits, most significant first: version 3 · provider 3 · status 3 · cause 4 · finding number 7 · light of each of the
//! five causes 3 each. Then one check character: the value modulo 31 in the same alphabet.

use crate::report::{Cause, Light, Provider, Report, Status};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The version of the layout.
const VERSION: u64 = 1;

/// The code of a report.
pub fn encode(report: &Report) -> String {
    let place = |found: Option<usize>| found.unwrap_or(0) as u64;
    let verdict = &report.verdict;
    let provider = place(Provider::ALL.iter().position(|p| *p == report.route.provider));
    let status = place(Status::ALL.iter().position(|s| *s == verdict.status));
    let cause = place(verdict.cause.and_then(|cause| Cause::ALL.iter().position(|c| *c == cause)).map(|n| n + 1));
    let number = verdict.code.as_ref().and_then(|code| code.rsplit('-').next()?.parse::<u64>().ok()).unwrap_or(0);
    let mut bits = VERSION << 3 | provider;
    bits = bits << 3 | status;
    bits = bits << 4 | cause;
    bits = bits << 7 | number.min(127);
    for five in Cause::FIVE {
        let light = report.cause(five).map_or(Light::Grey, |cause| cause.light);
        bits = bits << 3 | place(Light::ALL.iter().position(|l| *l == light));
    }
    let mut text = String::with_capacity(9);
    for index in (0..7).rev() {
        text.push(char::from(ALPHABET[(bits >> (5 * index) & 31) as usize]));
        if index == 3 {
            text.push('-');
        }
    }
    text.push(char::from(ALPHABET[(bits % 31) as usize]));
    text
}

/// Whether a code was read and typed without a slip. `O` is 0, `I` and `L` are 1, case does not count.
pub fn is_whole(code: &str) -> bool {
    let digits: Option<Vec<u64>> = code
        .chars()
        .filter(|c| *c != '-' && !c.is_whitespace())
        .map(|c| match c.to_ascii_uppercase() {
            'O' => Some(0),
            'I' | 'L' => Some(1),
            c => ALPHABET.iter().position(|letter| char::from(*letter) == c).map(|n| n as u64),
        })
        .collect();
    let Some([rest @ .., check]) = digits.as_deref() else { return false };
    rest.len() == 7 && rest.iter().fold(0, |bits, digit| bits << 5 | digit) % 31 == *check
}
