//! How the address is written.

use super::super::{Check, Found, Outcome};
use super::{GATEWAY_PAGE, base_variable};
use crate::judge::Facts;
use crate::report::{Cause, CredentialKind, Outcome as LiveOutcome, Provider, Status};
use crate::secret::{Secret, SecretKind};
use crate::url::{Base, NoBase, Oddity};

pub(super) const CHECK: Check = Check { id: "C5.base_url", cause: Cause::Endpoint, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let resolution = facts.resolution;
    let Some(source) = &resolution.base_source else { return Outcome::Skipped("skip-default-endpoint") };
    let name = source.name.clone().unwrap_or_else(|| base_variable(facts).to_owned());
    let make = |code, status, debug: &str| {
        let found = Found::new(code, status, format!("{name}: {debug}")).with("name", name.as_str());
        found.at(source).help(GATEWAY_PAGE)
    };
    match &resolution.base {
        Err(NoBase::OtherScheme | NoBase::File) => {
            // For the clouds it was not observed.
            let status = if resolution.cloud.is_some() { Status::Warn } else { Status::Fail };
            Outcome::Found(vec![make("AL-5-04", status, "another scheme").with("fault", "scheme")])
        }
        Err(NoBase::NotAUrl) => {
            let fault = resolution.environment.text(base_variable(facts)).map_or("words", fault);
            Outcome::Found(vec![make("AL-5-04", Status::Fail, fault).with("fault", fault)])
        }
        Ok(base) => Outcome::of(oddities(facts, base, &make)),
    }
}

/// Why a text is no URL. The text itself is not shown: it may be a key in the wrong place.
fn fault(text: &str) -> &'static str {
    if Secret::new(text).kind() != SecretKind::Other {
        "key"
    } else if text.starts_with(['"', '\'']) {
        "quotes"
    } else if text.contains("${") || text.contains("$(") || text.starts_with(['$', '%', '<', '{']) {
        "template"
    } else if !text.contains("://") && !text.contains(char::is_whitespace) && text.contains(['.', ':', '/']) {
        "no-scheme"
    } else {
        "words"
    }
}

fn oddities(facts: &Facts<'_>, base: &Base, make: &dyn Fn(&'static str, Status, &str) -> Found) -> Vec<Found> {
    let mut found = Vec::new();
    // Bedrock and Vertex have paths of their own: `/v1` belongs to Vertex's.
    let own_paths = matches!(facts.resolution.provider, Provider::Bedrock | Provider::Vertex);
    // What was taken there proves that the path is right.
    let messages = !own_paths && facts.live.outcome != LiveOutcome::Verified;
    for oddity in &base.oddities {
        if !messages && matches!(oddity, Oddity::EndsInV1 | Oddity::EndsInMessages) {
            continue;
        }
        let one = match oddity {
            Oddity::EndsInV1 => make("AL-5-06", Status::Warn, "ends in /v1, which is added again"),
            Oddity::EndsInMessages => make("AL-5-07", Status::Warn, "ends in the path of a request"),
            Oddity::QueryOrFragment => make("AL-5-08", Status::Warn, "a query or fragment swallows the path"),
            Oddity::NoScheme => make("AL-5-09", Status::Note, "no scheme, taken for http").with("what", "scheme"),
            Oddity::Blanks => make("AL-5-09", Status::Note, "blanks around it").with("what", "blanks"),
        };
        found.push(one.with("url", base.url.as_str()));
    }
    let other_request = ["/chat/completions", "/completions", "/responses", "/messages", "/models", "/complete"];
    let shown = base.oddities.contains(&Oddity::EndsInMessages);
    if messages && !shown && other_request.iter().any(|path| base.url.ends_with(path)) {
        let one = make("AL-5-07", Status::Warn, "ends in the path of a request");
        found.push(one.with("url", base.url.as_str()));
    }
    if base.userinfo {
        let sent = facts.resolution.sends.iter().any(|sent| sent.credential == CredentialKind::UrlUserinfo);
        let (status, word) = if sent { (Status::Note, "yes") } else { (Status::Warn, "no") };
        found.push(make("AL-5-10", status, "user and password in it").with("sent", word));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn tells_why_a_text_is_no_url() {
        let key = ["sk-ant-", "api03-CANARY"].concat();
        for (text, why) in [
            (key.as_str(), "key"),
            ("\"https://gw.example\"", "quotes"),
            ("${GATEWAY}", "template"),
            ("%GATEWAY%", "template"),
            ("gw.example/llm", "no-scheme"),
            ("127.0.0.1:4000", "no-scheme"),
            ("not a url", "words"),
            ("https://", "words"),
        ] {
            assert_eq!(fault(text), why, "{text}");
        }
    }
}
