//! What the organisation's settings allow: forced logins, allowed providers, versions.

use crate::json::{Kind, Value};
use crate::ladder::{Candidates, Slot};
use crate::report::{Provider, Scope};
use crate::snapshot::{SettingsFile, Snapshot, Store};

/// What the managed settings ask for; of several files the last one that says something counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy {
    /// `forceLoginMethod`.
    pub login: Option<ForcedLogin>,
    /// Whether `forceLoginOrgUUID` pins an organisation.
    pub organisation: Option<PinnedOrganisation>,
    /// Whether `forceLoginGatewayUrl` names a gateway.
    pub gateway: bool,
    /// `allowedProviders`; an empty list allows none.
    pub providers: Option<Vec<String>>,
    /// `requiredMinimumVersion`, `requiredMaximumVersion`.
    pub versions: (Option<String>, Option<String>),
    /// Whether the base URL is set by the managed settings themselves.
    pub pins_base_url: bool,
}

/// A forced way to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForcedLogin {
    /// claude.ai.
    ClaudeAi,
    /// The Console.
    Console,
    /// An apps gateway.
    Gateway,
}

/// `forceLoginOrgUUID`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinnedOrganisation {
    /// It names one or more.
    Named,
    /// Its value fits no account (observed: `sf-managed-forceLoginOrgUUID-*`).
    FitsNobody,
}

const NAMES: [&str; 8] =
    ["anthropic", "bedrock", "vertex", "foundry", "anthropicAws", "mantle", "customEndpoint", "gateway"];

impl Policy {
    /// Reads it from the managed settings.
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut policy = Self::default();
        // The first source that says something is the only one (documented: settings).
        let by_system = |file: &&SettingsFile| matches!(file.store, Store::MachineRegistry | Store::Preferences);
        let managed = || snapshot.settings.iter().filter(|file| file.scope == Scope::Managed);
        let system_rules = managed().any(|file| by_system(&file) && file.says_something());
        for file in managed().filter(|file| !system_rules || by_system(file)) {
            let Some(root) = file.document.json().map(crate::json::Json::root) else { continue };
            let text = |name: &str| root.get(name).and_then(Value::as_str).map(std::borrow::Cow::into_owned);
            if let Some(method) = text("forceLoginMethod") {
                policy.login = match method.as_str() {
                    "claudeai" => Some(ForcedLogin::ClaudeAi),
                    "console" => Some(ForcedLogin::Console),
                    "gateway" => Some(ForcedLogin::Gateway),
                    _ => policy.login,
                };
            }
            if let Some(pin) = root.get("forceLoginOrgUUID") {
                let named = |value: Value<'_>| value.as_str().is_some_and(|text| !text.is_empty());
                let fits = match pin.kind() {
                    Kind::String => named(pin),
                    Kind::Array => pin.items().next().is_some() && pin.items().all(named),
                    _ => false,
                };
                policy.organisation =
                    Some(if fits { PinnedOrganisation::Named } else { PinnedOrganisation::FitsNobody });
            }
            policy.gateway |= text("forceLoginGatewayUrl").is_some_and(|url| !url.is_empty());
            if let Some(list) = root.get("allowedProviders") {
                policy.providers = Some(
                    list.items()
                        .filter_map(|item| item.as_str().map(std::borrow::Cow::into_owned))
                        .filter(|name| NAMES.contains(&name.as_str()))
                        .collect(),
                );
            }
            for (slot, name) in
                [(&mut policy.versions.0, "requiredMinimumVersion"), (&mut policy.versions.1, "requiredMaximumVersion")]
            {
                if let Some(version) = text(name) {
                    *slot = Some(version);
                }
            }
            let pinned = root.get("env").and_then(|env| env.get("ANTHROPIC_BASE_URL")).and_then(Value::as_str);
            policy.pins_base_url |= pinned.is_some_and(|url| !url.trim().is_empty());
        }
        policy
    }

    /// Whether an apps gateway is asked for.
    pub fn wants_gateway(&self) -> bool {
        self.gateway || self.login == Some(ForcedLogin::Gateway)
    }

    /// The first part of what is printed when a session of `provider` with these credentials is refused at the start.
    /// `None`: it is not refused (observed: `cmd-force*`, `sf-managed-allowedProviders-*`).
    pub fn refusal(&self, version: &str, provider: Provider, candidates: &Candidates) -> Option<Refusal> {
        let outside = |limit: &Option<String>, wrong: std::cmp::Ordering| {
            limit.as_deref().and_then(|limit| compare_versions(version, limit)) == Some(wrong)
        };
        if outside(&self.versions.0, std::cmp::Ordering::Less) {
            return Some(Refusal::TooOld);
        }
        if outside(&self.versions.1, std::cmp::Ordering::Greater) {
            return Some(Refusal::TooNew);
        }
        if let Some(allowed) = &self.providers {
            let word = match provider {
                Provider::Anthropic => "anthropic",
                Provider::Gateway => "customEndpoint",
                Provider::Bedrock => "bedrock",
                Provider::Mantle => "mantle",
                Provider::AnthropicAws => "anthropicAws",
                Provider::Vertex => "vertex",
                Provider::Foundry => "foundry",
            };
            if allowed.is_empty() {
                return Some(Refusal::NoProvider);
            }
            let listed = allowed.iter().any(|name| name == word);
            if !listed || (provider == Provider::Gateway && !self.pins_base_url) {
                return Some(Refusal::ProviderNotAllowed);
            }
        }
        let there = |slots: &[Slot]| slots.iter().any(|slot| candidates.stands(*slot));
        let foreign = there(&[Slot::ApiKey, Slot::AuthToken, Slot::Helper]);
        let stored = there(&[Slot::ManagedKey]);
        let cloud = !matches!(provider, Provider::Anthropic | Provider::Gateway);
        if self.login == Some(ForcedLogin::Gateway) {
            return (foreign || stored).then_some(Refusal::GatewayRequired);
        }
        // Beside a cloud a key of an earlier sign-in is refused too (observed: `z-po-*-br-*`).
        if (self.login.is_some() || self.organisation.is_some()) && (foreign || (cloud && stored)) {
            return Some(Refusal::FirstPartyLogin);
        }
        if cloud {
            return None;
        }
        let account = [Slot::OauthToken, Slot::Login].iter().any(|slot| candidates.stands(*slot));
        // A pin that fits nobody (observed: `rp-31-188`, `rp-3-188`).
        if self.organisation == Some(PinnedOrganisation::FitsNobody) && (account || stored) {
            return Some(Refusal::NobodyAllowed);
        }
        if self.organisation.is_some() && account {
            return Some(Refusal::OrganisationUnverified);
        }
        None
    }
}

/// Why a session is refused at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The program is older than the policy wants.
    TooOld,
    /// It is newer.
    TooNew,
    /// The list of providers allows none.
    NoProvider,
    /// The provider is not on the list, or its endpoint is not pinned.
    ProviderNotAllowed,
    /// An apps gateway is asked for, and another credential is there.
    GatewayRequired,
    /// A sign-in is asked for, and a key or token is there.
    FirstPartyLogin,
    /// The organisation of the account is looked up at the server, which decides.
    OrganisationUnverified,
    /// No organisation is allowed at all.
    NobodyAllowed,
}

impl Refusal {
    /// What Claude Code prints, as far as it is always the same.
    pub fn message(self) -> &'static str {
        match self {
            Self::TooOld | Self::TooNew => "Claude Code ",
            Self::NoProvider => "Your organization's managed settings allow Claude Code to use no API provider at all",
            Self::ProviderNotAllowed => "Your organization's managed settings allow Claude Code to use",
            Self::GatewayRequired => "Administrator policy requires a Cloud gateway sign-in on this machine",
            Self::FirstPartyLogin => "This machine's managed settings require a first-party login",
            Self::NobodyAllowed => "forceLoginOrgUUID in managed settings is set to an empty array.",
            Self::OrganisationUnverified => "Unable to verify organization for the current authentication token.",
        }
    }
}

/// Orders two versions by their numbers; `None` if one of them is none.
pub fn compare_versions(a: &str, b: &str) -> Option<std::cmp::Ordering> {
    let numbers = |text: &str| -> Option<Vec<u64>> {
        let core = text.trim().split(['-', '+']).next()?;
        core.split('.').map(|part| part.parse().ok()).collect()
    };
    Some(numbers(a)?.cmp(&numbers(b)?))
}
