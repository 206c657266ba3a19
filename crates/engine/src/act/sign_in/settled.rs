//! After a sign-in: whether there is a new login, and whether it is what Claude Code uses.

use authlight_core::judge;
use authlight_core::ladder::{Slot, Why};
use authlight_core::message::Message;
use authlight_core::report::{Finding, Instance, Live, Source, Status};

use super::Account;
use crate::examination::Examination;

/// What a sign-in comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Settled {
    /// The new login is what Claude Code uses.
    Used,
    /// Something else is used in its place.
    Shadowed(Option<Rival>),
    /// There is no new login, whatever the program says.
    NotStored,
    /// It lies where we do not look: in the Keychain.
    NotSeen,
}

/// The finding that tells of what is used in the place of the login.
#[derive(Clone, Debug, PartialEq)]
pub struct Rival {
    /// Its code.
    pub code: String,
    /// Its stable name.
    pub instance: Instance,
}

impl Settled {
    /// The sentence, with what to do in its `.do`.
    pub fn message(&self) -> Message {
        Message::new(match self {
            Self::Used => "sign-in-done",
            Self::Shadowed(_) => "sign-in-done-but-shadowed",
            Self::NotStored => "sign-in-done-but-not-stored",
            Self::NotSeen => "sign-in-done-not-seen",
        })
    }
}

/// What a sign-in came to: the same machine before and after it.
pub fn settled(before: &Examination, after: &Examination, account: Account) -> Settled {
    let slot = match account {
        Account::ClaudeAi => Slot::Login,
        Account::Console => Slot::ManagedKey,
    };
    let (was, is) = (&before.resolution.candidates, &after.resolution.candidates);
    let Some(candidate) = is.get(slot) else { return Settled::NotStored };
    if matches!(candidate.out, Some(Why::NotLookedAt | Why::Unseen)) {
        return Settled::NotSeen;
    }
    let is_new = match account {
        Account::ClaudeAi => is.login != was.login,
        Account::Console => match (was.get(slot).and_then(|was| was.value.as_ref()), &candidate.value) {
            (Some(was), Some(is)) => !was.same_as(is),
            (was, is) => was.is_none() && is.is_some(),
        },
    };
    if !candidate.present || !is_new || matches!(candidate.out, Some(Why::Malformed | Why::Blanked)) {
        return Settled::NotStored;
    }
    if after.resolution.sends.iter().any(|sent| sent.credential == slot.kind()) {
        return Settled::Used;
    }
    Settled::Shadowed(rival(after))
}

/// The finding that names what is sent; else the worst one.
fn rival(after: &Examination) -> Option<Rival> {
    let live = Live::default();
    let mut told: Vec<Finding> = judge::findings(&after.facts(&live));
    told.retain(|found| found.code.is_some() && matches!(found.status, Status::Fail | Status::Warn));
    told.sort_by_key(|found| found.status != Status::Fail);
    let names = |found: &Finding, source: &Source| {
        let same = |seen: &Source| (seen.kind, &seen.name, &seen.path) == (source.kind, &source.name, &source.path);
        found.evidence.iter().any(same)
    };
    let sent = after.resolution.sends.iter().map(|sent| &sent.source);
    let cloud = after.resolution.base_source.iter();
    let named = sent.chain(cloud).find_map(|source| told.iter().find(|found| names(found, source)));
    let found = named.or(told.first())?;
    Some(Rival { code: found.code.clone()?.into_owned(), instance: found.instance.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::Scenario;
    use serde_json::{Value, json};

    const NOW_MS: i64 = 1_795_000_000_000;

    fn look(environment: &Value, files: &Value) -> Examination {
        let mut all = json!({"~/.claude.json": {"json": {"hasCompletedOnboarding": true, "theme": "dark"}}});
        for (path, file) in files.as_object().unwrap() {
            all[path.as_str()] = file.clone();
        }
        let scenario = json!({"name": "n", "title": "t", "story": "s", "mode": "print", "environment": environment,
            "files": all, "expect": {"codes": []}});
        let home = Scenario::from_json(&scenario.to_string()).unwrap().home_at(NOW_MS, None).unwrap();
        Examination::look(&home.machine(), home.examined())
    }

    fn login(until: &str) -> Value {
        json!({"~/.claude/.credentials.json": {"json": {"claudeAiOauth": {"accessToken": "{{key:oat:CANARY1}}",
            "refreshToken": "{{key:ort:CANARY2}}", "expiresAt": format!("{{{{ms:{until}}}}}"),
            "scopes": ["user:inference"]}}, "mode": "0600"}})
    }

    #[test]
    fn a_new_login_that_is_sent_is_used() {
        let (before, after) = (look(&json!({}), &login("-1h")), look(&json!({}), &login("+8h")));
        assert_eq!(settled(&before, &after, Account::ClaudeAi), Settled::Used);
        assert_eq!(settled(&look(&json!({}), &json!({})), &after, Account::ClaudeAi), Settled::Used);
    }

    #[test]
    fn the_old_login_is_no_new_one() {
        let same = look(&json!({}), &login("+8h"));
        assert_eq!(settled(&same, &same, Account::ClaudeAi), Settled::NotStored);
        let none = look(&json!({}), &json!({}));
        assert_eq!(settled(&none, &none, Account::ClaudeAi), Settled::NotStored);
    }

    #[test]
    fn a_stray_key_is_named_with_its_finding() {
        let stray = json!({"ANTHROPIC_API_KEY": "{{key:api:CANARY3}}"});
        let told = settled(&look(&stray, &json!({})), &look(&stray, &login("+8h")), Account::ClaudeAi);
        let Settled::Shadowed(Some(rival)) = told else { panic!("{told:?}") };
        assert_eq!(rival.code, "AL-1-12");
        assert!(rival.instance.0.contains("ANTHROPIC_API_KEY"), "{rival:?}");
    }

    #[test]
    fn a_console_sign_in_is_settled_by_its_key() {
        let key = |canary: &str| {
            let key = format!("{{{{key:api:{canary}}}}}");
            json!({"~/.claude.json": {"json": {"hasCompletedOnboarding": true, "theme": "dark", "primaryApiKey": key}},
                "~/.claude/.credentials.json": {"json": {}}})
        };
        let none = look(&json!({}), &json!({}));
        let (old, new) = (look(&json!({}), &key("CANARY4")), look(&json!({}), &key("CANARY5")));
        assert_eq!(settled(&none, &new, Account::Console), Settled::Used);
        assert_eq!(settled(&old, &new, Account::Console), Settled::Used);
        assert_eq!(settled(&new, &new, Account::Console), Settled::NotStored);
        // A portal that answers in the place of the service leads to a Console key, though a subscription was asked for.
        assert_eq!(settled(&none, &new, Account::ClaudeAi), Settled::NotStored);
    }
}
