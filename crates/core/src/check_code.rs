//! The code for the phone: `XXXX-XXXX`, Crockford base32, the last character a check.
//!
//! 35 bits, most significant first: version 3 · provider 3 · status 3 · cause 4 · finding number 7 · light of each of the
//! five causes 3 each. The check character is a sum over GF(32) in which each place has a weight of its own, so that
//! one character misheard, or two exchanged, never checks.

use crate::report::{Cause, Light, Provider, Report, Status};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The version of the layout.
const VERSION: u64 = 1;

/// Characters before the check character.
const LENGTH: usize = 7;

/// What a code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The provider.
    pub provider: Provider,
    /// The status of the verdict.
    pub status: Status,
    /// The code of the finding that explains it.
    pub finding: Option<String>,
    /// The lights of the five causes.
    pub lights: [Light; 5],
}

/// A code that was misheard or mistyped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misheard;

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
    let mut digits: Vec<u8> = (0..LENGTH).rev().map(|index| (bits >> (5 * index) & 31) as u8).collect();
    digits.push(check(&digits));
    let letters = |half: &[u8]| half.iter().map(|digit| char::from(ALPHABET[usize::from(*digit)])).collect::<String>();
    format!("{}-{}", letters(&digits[..4]), letters(&digits[4..]))
}

/// What a code says; `None` if the text is no code. `O` is 0, `I` and `L` are 1, case does not count. The hyphen may
/// be missing where the first character can be that of a code.
pub fn read(text: &str) -> Option<Result<Summary, Misheard>> {
    let text = text.trim();
    let halves = text.split_once(['-', ' ']);
    if halves.is_some_and(|(first, _)| first.chars().count() != 4) || (halves.is_none() && !may_begin(text)) {
        return None;
    }
    let digits: Vec<u8> = text.chars().filter(|sign| !matches!(sign, '-' | ' ')).map(digit).collect::<Option<_>>()?;
    let (sum, digits) = digits.split_last().filter(|(_, digits)| digits.len() == LENGTH)?;
    if check(digits) != *sum {
        return Some(Err(Misheard));
    }
    let mut bits = digits.iter().fold(0_u64, |bits, digit| bits << 5 | u64::from(*digit));
    let mut take = |width: u32| {
        let value = bits & ((1 << width) - 1);
        bits >>= width;
        value as usize
    };
    let mut lights = [Light::Grey; 5];
    for light in lights.iter_mut().rev() {
        *light = *Light::ALL.get(take(3))?;
    }
    let (number, cause) = (take(7), take(4));
    let (status, provider) = (*Status::ALL.get(take(3))?, *Provider::ALL.get(take(3))?);
    if take(3) as u64 != VERSION {
        return None;
    }
    let finding = cause.checked_sub(1).filter(|_| number > 0).map(|cause| {
        let group = Cause::ALL.get(cause).and_then(|cause| Cause::FIVE.iter().position(|five| five == cause));
        format!("AL-{}-{number:02}", group.map_or(0, |five| five + 1))
    });
    Some(Ok(Summary { provider, status, finding, lights }))
}

/// Whether a text begins as this version's codes do.
fn may_begin(text: &str) -> bool {
    text.chars().next().and_then(digit).is_some_and(|digit| u64::from(digit >> 2) == VERSION)
}

fn digit(sign: char) -> Option<u8> {
    match sign.to_ascii_uppercase() {
        'O' => Some(0),
        'I' | 'L' => Some(1),
        sign => ALPHABET.iter().position(|letter| char::from(*letter) == sign).map(|place| place as u8),
    }
}

/// The sum of all digits, each times 2 to the power of its distance from the end, in GF(32) over x⁵ + x² + 1. The 31
/// powers of 2 are all different there.
fn check(digits: &[u8]) -> u8 {
    digits.iter().fold(0, |sum, digit| {
        let twice = (sum ^ digit) << 1;
        if twice > 31 { twice ^ 0b10_0101 } else { twice }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A code, as digits.
    fn code(bits: u64) -> Vec<u8> {
        let mut digits: Vec<u8> = (0..LENGTH).rev().map(|index| (bits >> (5 * index) & 31) as u8).collect();
        digits.push(check(&digits));
        digits
    }

    fn reads(digits: &[u8]) -> Option<Result<Summary, Misheard>> {
        let text: String = digits.iter().map(|digit| char::from(ALPHABET[usize::from(*digit)])).collect();
        read(&format!("{}-{}", &text[..4], &text[4..]))
    }

    #[test]
    fn no_character_misheard_and_no_two_exchanged_check() {
        let layout = VERSION << 32;
        // The sum is linear: what holds for a difference holds for every pair of codes that differ by it.
        for digits in [code(layout), code(layout | 0x1234_5678), code(layout | 0x7654_3210)] {
            assert!(reads(&digits) != Some(Err(Misheard)));
            for place in 0..digits.len() {
                for other in (0..32).filter(|other| *other != digits[place]) {
                    let mut misheard = digits.clone();
                    misheard[place] = other;
                    assert_eq!(reads(&misheard), Some(Err(Misheard)), "{digits:?} {misheard:?}");
                }
            }
        }
        for (one, other) in (0..8).flat_map(|one| (one + 1..8).map(move |other| (one, other))) {
            for values in 0..32 * 32 {
                let (first, second) = ((values / 32) as u8, (values % 32) as u8);
                // Any code with these two values in these two places.
                let mut digits = code(0);
                let free = (0..7).find(|place| *place != one && *place != other).unwrap_or_default();
                let whole = (0..32).map(|value| {
                    digits[..7].fill(0);
                    (digits[free], digits[one]) = (value, first);
                    if other < 7 {
                        digits[other] = second;
                    }
                    digits[7] = check(&digits[..7]);
                    digits.clone()
                });
                let whole = whole.into_iter().find(|digits| digits[other] == second).expect("one of them fits");
                let mut exchanged = whole.clone();
                exchanged.swap(one, other);
                assert_eq!(check(&exchanged[..7]) == exchanged[7], first == second, "{whole:?} {exchanged:?}");
            }
        }
    }

    #[test]
    fn what_is_no_code_is_none() {
        for text in ["", "password", "rejected", "4000-000", "4000-00000", "400-00000", "4000-U000", "AL-4-02", "é"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read("41b9-odio"), Some(Err(Misheard)));
        assert_eq!(read("41B90D10"), Some(Err(Misheard)));
    }
}
