//! The binary form.

use super::{DEEPEST, LARGEST, MOST, push_real, push_text};

/// A binary list: a table of objects that refer to each other.
pub(super) struct Binary<'b> {
    bytes: &'b [u8],
    offset_size: usize,
    reference_size: usize,
    count: usize,
    table: usize,
    /// The object that holds all others.
    pub top: usize,
}

impl<'b> Binary<'b> {
    /// Reads where its parts lie.
    pub fn of(bytes: &'b [u8]) -> Option<Self> {
        let trailer = bytes.get(bytes.len().checked_sub(32)?..)?;
        let word = |at: usize| usize::try_from(number(trailer.get(at..at + 8)?)?).ok();
        let list = Self {
            bytes,
            offset_size: usize::from(trailer[6]),
            reference_size: usize::from(trailer[7]),
            count: word(8)?,
            top: word(16)?,
            table: word(24)?,
        };
        let sizes = 1..=8;
        (sizes.contains(&list.offset_size) && sizes.contains(&list.reference_size)).then_some(list)
    }

    fn object(&self, index: usize) -> Option<usize> {
        if index >= self.count {
            return None;
        }
        let at = self.table.checked_add(index.checked_mul(self.offset_size)?)?;
        usize::try_from(number(self.slice(at, self.offset_size)?)?).ok()
    }

    fn slice(&self, at: usize, length: usize) -> Option<&'b [u8]> {
        self.bytes.get(at..at.checked_add(length)?)
    }

    /// The length of an object, and where its content begins.
    fn length(&self, at: usize, low: u8) -> Option<(usize, usize)> {
        if low != 0xf {
            return Some((usize::from(low), at + 1));
        }
        let marker = *self.bytes.get(at + 1)?;
        let size = (marker >> 4 == 1).then(|| 1_usize << (marker & 0xf))?;
        let length = usize::try_from(number(self.slice(at + 2, size.min(9))?)?).ok()?;
        Some((length, at + 2 + size))
    }

    fn reference(&self, start: usize, index: usize) -> Option<usize> {
        let at = start.checked_add(index.checked_mul(self.reference_size)?)?;
        usize::try_from(number(self.slice(at, self.reference_size)?)?).ok()
    }

    /// Writes an object as JSON, with all that it refers to.
    pub fn write(&self, index: usize, depth: usize, values: &mut usize, json: &mut String) -> Option<()> {
        *values += 1;
        if depth > DEEPEST || *values > MOST || json.len() > LARGEST {
            return None;
        }
        let at = self.object(index)?;
        let marker = *self.bytes.get(at)?;
        let low = marker & 0xf;
        match marker >> 4 {
            0 => json.push_str(match low {
                0 => "null",
                8 => "false",
                9 => "true",
                _ => return None,
            }),
            1 => {
                let bytes = self.slice(at + 1, 1_usize.checked_shl(u32::from(low))?)?;
                // Eight bytes carry a sign, fewer do not; of sixteen the last eight count.
                let whole = number(&bytes[bytes.len().saturating_sub(8)..])?;
                let signed = if bytes.len() >= 8 { i128::from(whole.cast_signed()) } else { i128::from(whole) };
                json.push_str(&signed.to_string());
            }
            2 => match self.slice(at + 1, 1_usize.checked_shl(u32::from(low))?)? {
                bytes if bytes.len() == 4 => push_real(f64::from(f32::from_be_bytes(bytes.try_into().ok()?)), json),
                bytes => push_real(f64::from_be_bytes(bytes.try_into().ok()?), json),
            },
            // Dates and data say nothing in a policy; they keep their place.
            3 | 4 | 8 => json.push_str("\"\""),
            5 => {
                let (length, start) = self.length(at, low)?;
                push_text(&String::from_utf8_lossy(self.slice(start, length)?), json);
            }
            6 => {
                let (length, start) = self.length(at, low)?;
                let units = self.slice(start, length.checked_mul(2)?)?.chunks_exact(2);
                let units = units.map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
                let letters = char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER));
                push_text(&letters.collect::<String>(), json);
            }
            0xa => {
                let (length, start) = self.length(at, low)?;
                json.push('[');
                for item in 0..length {
                    if item > 0 {
                        json.push(',');
                    }
                    self.write(self.reference(start, item)?, depth + 1, values, json)?;
                }
                json.push(']');
            }
            0xd => {
                let (length, start) = self.length(at, low)?;
                json.push('{');
                for item in 0..length {
                    if item > 0 {
                        json.push(',');
                    }
                    let key = self.reference(start, item)?;
                    // A key is a text.
                    matches!(self.bytes.get(self.object(key)?)? >> 4, 5 | 6).then_some(())?;
                    self.write(key, depth + 1, values, json)?;
                    json.push(':');
                    self.write(self.reference(start, length.checked_add(item)?)?, depth + 1, values, json)?;
                }
                json.push('}');
            }
            _ => return None,
        }
        Some(())
    }
}

/// A number of at most eight bytes, big end first.
fn number(bytes: &[u8]) -> Option<u64> {
    (bytes.len() <= 8).then(|| bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}
