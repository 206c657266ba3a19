//! The address is written as Claude Code needs it: with its scheme, without the path that is added to it (observed:
//! `url-*`). Only where what is meant is certain.

use super::place::{first, occurrence, put};
use super::{Fix, Repair, Risk};
use crate::secret::{Secret, javascript_trim, unquoted};
use crate::url::{NoBase, Oddity, base};

/// AL-5-04 is no address, AL-5-06 ends in `/v1`, AL-5-07 in the path of a request, AL-5-08 in a lone question mark or in a
/// fragment, AL-5-09 has no scheme, or blanks around it.
pub(super) const FIX: Fix = Fix {
    id: "F.correct_address",
    risk: Risk::Safe,
    mends: &["AL-5-04", "AL-5-06", "AL-5-07", "AL-5-08", "AL-5-09"],
    repair: |facts, target| {
        let source = first(target)?;
        let text = corrected(occurrence(facts, source)?.value.plain())?;
        Some(Repair::of([put(facts, source, Secret::new(text))?]))
    },
};

/// Paths of requests to Anthropic's API, which belong to no base.
const REQUESTS: [&str; 4] = ["/v1/messages", "/v1/models", "/v1/complete", "/messages"];

/// The address that was surely meant. `None`: it is right, or cannot be told.
fn corrected(text: &str) -> Option<String> {
    let mut address = unquoted(javascript_trim(text)).trim().to_owned();
    if address.contains('@') {
        return None;
    }
    match base(&address) {
        Err(NoBase::NotAUrl) if !address.contains("://") => {
            // Only on this machine it is surely http.
            address.insert_str(0, "http://");
            base(&address).ok().filter(|base| base.loopback)?;
        }
        Ok(base) if base.oddities.contains(&Oddity::NoScheme) => address.insert_str(0, "http://"),
        Ok(_) => {}
        Err(_) => return None,
    }
    let before = base(&address).ok()?;
    if let Some((start, _)) = address.split_once('#') {
        address.truncate(start.len());
    }
    if let Some(start) = address.strip_suffix('?') {
        address.truncate(start.len());
    }
    loop {
        let bare = address.trim_end_matches('/');
        let end = REQUESTS.iter().chain(&["/v1"]).find_map(|end| bare.strip_suffix(end));
        let Some(start) = end else { break };
        address.truncate(start.len());
    }
    let after = base(&address).ok()?;
    let same_place = (&after.origin, after.port) == (&before.origin, before.port);
    (same_place && after.oddities.is_empty() && address != text).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::corrected;

    #[test]
    fn what_was_surely_meant_is_written() {
        for (text, meant) in [
            ("https://gw.example/v1", "https://gw.example"),
            ("https://gw.example/llm/v1/", "https://gw.example/llm"),
            ("https://gw.example/v1/messages", "https://gw.example"),
            ("https://gw.example/api/v1/v1/messages/", "https://gw.example/api"),
            ("\"https://gw.example\"", "https://gw.example"),
            (" https://gw.example/llm\n", "https://gw.example/llm"),
            ("https://gw.example/llm#/start", "https://gw.example/llm"),
            ("https://gw.example/llm?", "https://gw.example/llm"),
            ("gw.example:8080/llm", "http://gw.example:8080/llm"),
            ("localhost:4000", "http://localhost:4000"),
            ("127.0.0.1:4000/v1", "http://127.0.0.1:4000"),
        ] {
            assert_eq!(corrected(text).as_deref(), Some(meant), "{text}");
        }
        for text in [
            "https://gw.example",
            "https://gw.example/llm?key=1",
            "https://gw.example/v1/chat/completions",
            "gw.example/llm",
            "https://kim:secret#@gw.example/v1",
            "ftp://gw.example/v1",
            "${GATEWAY}",
            "not a url",
            "https://",
            "",
        ] {
            assert_eq!(corrected(text), None, "{text}");
        }
    }
}
