//! What `claude auth status` would say. It is predicted and never run: running it can renew and rewrite a login.

use crate::claude_code::variables::{self, Purpose};
use crate::ladder::{Candidates, Slot, Why};
use crate::report::Scope;
use crate::route::Resolution;
use crate::snapshot::Snapshot;

/// Its answer, as far as it is known (observed: every `status_json` of the record).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthStatus {
    /// `loggedIn`.
    pub logged_in: bool,
    /// `authMethod`.
    pub method: &'static str,
    /// The credential that it goes by; none for a cloud, and where it says that nobody is logged in.
    pub by: Option<Slot>,
}

/// Predicts it. It leaves out what project and local settings say about credentials and address, but takes their
/// provider switches; it does not look at approvals, at custom headers, or at whether a credential can be sent.
pub fn predict(snapshot: &Snapshot, resolution: &Resolution) -> AuthStatus {
    if resolution.cloud.is_some() {
        return AuthStatus { logged_in: true, method: "third_party", by: None };
    }
    let seen = resolution.environment.keeping(|name, place| {
        !matches!(place.source.scope, Some(Scope::Project | Scope::Local))
            || variables::find(name).is_some_and(|fact| fact.purpose == Purpose::Provider)
    });
    let mut candidates = Candidates::find(snapshot, &seen);
    for candidate in &mut candidates.all {
        if matches!(candidate.out, Some(Why::Declined | Why::NotApproved | Why::Bare)) {
            candidate.out = None;
        }
    }
    let filled: Vec<Slot> = candidates.fill().iter().map(|(_, candidate)| candidate.slot).collect();
    // It names the bearer token before any key.
    let by = if filled.contains(&Slot::AuthToken) { Some(Slot::AuthToken) } else { filled.first().copied() };
    let stored = || snapshot.state.json()?.root().get("primaryApiKey")?.as_f64();
    // A stored key that is a number is none, but counts here (observed: `set-claudejson-number-primary`).
    let by = by.or_else(|| stored().map(|_| Slot::ManagedKey));
    let method = match by {
        Some(Slot::AuthToken | Slot::OauthToken | Slot::NamedProfile | Slot::FoundProfile) => "oauth_token",
        Some(Slot::ApiKey | Slot::ManagedKey) => "api_key",
        Some(Slot::Helper) => "api_key_helper",
        Some(Slot::Login | Slot::LooseLogin) => "claude.ai",
        None => "none",
    };
    AuthStatus { logged_in: by.is_some(), method, by }
}
