//! The variables that take part in signing in.

use super::Evidence;
use crate::snapshot::Platform;

/// What a variable is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// It holds a credential of Anthropic or a gateway.
    Credential,
    /// It names an endpoint.
    Endpoint,
    /// It chooses or sets up a cloud provider.
    Provider,
    /// It holds a cloud's credential.
    CloudCredential,
    /// Proxy.
    Proxy,
    /// Certificates.
    Certificates,
    /// Where Claude Code keeps its files.
    Place,
    /// Something else that changes what is sent.
    Behaviour,
    /// The model that is asked: it has no say in signing in.
    Model,
    /// How the machine is set up: where programs lie, who is signed in to it. Settings files have no say in it.
    Machine,
}

/// Which settings files may set a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FromSettings {
    /// Every scope.
    Any,
    /// Not project and local files: they are read by whoever opens the folder.
    NotFromProject,
}

/// A variable.
#[derive(Clone, Copy, Debug)]
pub struct Fact {
    /// Its name, as Claude Code asks for it.
    pub name: &'static str,
    /// What it is for.
    pub purpose: Purpose,
    /// Whether its value must never be shown.
    pub secret: bool,
    /// Which settings files may set it.
    pub from_settings: FromSettings,
    /// How that is known.
    pub evidence: Evidence,
}

impl Fact {
    /// Whether it has a say in which files are read.
    pub fn moves_files(&self) -> bool {
        match self.purpose {
            Purpose::Credential => ["ANTHROPIC_PROFILE", "ANTHROPIC_IDENTITY_TOKEN_FILE"].contains(&self.name),
            Purpose::Endpoint | Purpose::Proxy | Purpose::Behaviour | Purpose::Model | Purpose::Machine => false,
            Purpose::Provider | Purpose::CloudCredential | Purpose::Certificates | Purpose::Place => true,
        }
    }

    /// Whether its value is the path of a file or folder; a relative one begins where Claude Code is started.
    pub fn names_a_path(&self) -> bool {
        let files = [
            "ANTHROPIC_IDENTITY_TOKEN_FILE",
            "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "GOOGLE_APPLICATION_CREDENTIALS",
        ];
        self.purpose == Purpose::Place || files.contains(&self.name)
    }

    /// Whether it has a say in who signs in, and where.
    pub fn decides(&self) -> bool {
        !matches!(self.purpose, Purpose::Machine | Purpose::Certificates | Purpose::Model)
    }
}

const fn fact(name: &'static str, purpose: Purpose, secret: bool, evidence: Evidence) -> Fact {
    Fact { name, purpose, secret, from_settings: FromSettings::Any, evidence }
}

const fn personal(name: &'static str, purpose: Purpose, secret: bool, evidence: Evidence) -> Fact {
    Fact { name, purpose, secret, from_settings: FromSettings::NotFromProject, evidence }
}

use Evidence::{Documented, Observed};
use Purpose::{Behaviour, Certificates, CloudCredential, Credential, Endpoint, Machine, Model, Place, Provider, Proxy};

/// Every variable that is taken in. Anything else in the environment is not looked at, but for near misses.
pub const FACTS: &[Fact] = &[
    fact("ANTHROPIC_API_KEY", Credential, true, Observed("prec-apikey")),
    fact("ANTHROPIC_AUTH_TOKEN", Credential, true, Observed("prec-authtoken")),
    personal("CLAUDE_CODE_OAUTH_TOKEN", Credential, true, Observed("senv-*-oauthtoken")),
    fact("ANTHROPIC_CUSTOM_HEADERS", Credential, true, Observed("key-custom-headers")),
    personal("ANTHROPIC_PROFILE", Credential, false, Observed("prof-env-profile")),
    personal("ANTHROPIC_CONFIG_DIR", Place, false, Observed("prof-*")),
    fact("ANTHROPIC_FEDERATION_RULE_ID", Credential, false, Observed("prof-federation-env")),
    fact("ANTHROPIC_ORGANIZATION_ID", Credential, false, Observed("prof-federation-env")),
    fact("ANTHROPIC_SERVICE_ACCOUNT_ID", Credential, false, Observed("prof-federation-env")),
    fact("ANTHROPIC_WORKSPACE_ID", Credential, false, Documented("wif-reference")),
    fact("ANTHROPIC_IDENTITY_TOKEN", Credential, true, Observed("prof-federation-env")),
    fact("ANTHROPIC_IDENTITY_TOKEN_FILE", Credential, false, Observed("prof-federation-env")),
    fact("ANTHROPIC_BASE_URL", Endpoint, false, Observed("url-*")),
    fact("ANTHROPIC_UNIX_SOCKET", Endpoint, false, Documented("env-vars")),
    personal("CLAUDE_CONFIG_DIR", Place, false, Observed("cfg-*")),
    personal("CLAUDE_SECURESTORAGE_CONFIG_DIR", Place, false, Observed("cfg-securestorage")),
    personal("XDG_CONFIG_HOME", Place, false, Observed("prof-xdg")),
    personal("HOME", Place, false, Observed("cred-home-missing")),
    personal("USERPROFILE", Place, false, Documented("setup")),
    personal("APPDATA", Place, false, Documented("wif-reference")),
    personal("SHELL", Place, false, Documented("environ(7)")),
    personal("ZDOTDIR", Place, false, Documented("zsh(1)")),
    personal("CLAUDE_CODE_SIMPLE", Behaviour, false, Observed("w-simple-*")),
    fact("CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST", Behaviour, false, Documented("env-vars")),
    fact("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", Behaviour, false, Observed("bg-*")),
    fact("DISABLE_TELEMETRY", Behaviour, false, Observed("bg-*")),
    fact("CLAUDE_CODE_MAX_RETRIES", Behaviour, false, Observed("failures-default-retries")),
    fact("API_TIMEOUT_MS", Behaviour, false, Observed("failures-default-retries")),
    fact("ANTHROPIC_MODEL", Model, false, Documented("env-vars")),
    fact("CLAUDE_CODE_USE_BEDROCK", Provider, false, Observed("cloud-*")),
    fact("CLAUDE_CODE_USE_MANTLE", Provider, false, Observed("cloud-*")),
    fact("CLAUDE_CODE_USE_ANTHROPIC_AWS", Provider, false, Observed("cloud-*")),
    fact("CLAUDE_CODE_USE_VERTEX", Provider, false, Observed("cloud-*")),
    fact("CLAUDE_CODE_USE_FOUNDRY", Provider, false, Observed("cloud-*")),
    fact("CLAUDE_CODE_SKIP_BEDROCK_AUTH", Provider, false, Observed("cloud-bedrock-skip-auth")),
    fact("CLAUDE_CODE_SKIP_MANTLE_AUTH", Provider, false, Observed("cloud-mantle-*")),
    fact("CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH", Provider, false, Observed("cloud-anthropic-aws-*")),
    fact("CLAUDE_CODE_SKIP_VERTEX_AUTH", Provider, false, Observed("cloud-vertex-skip-auth*")),
    fact("CLAUDE_CODE_SKIP_FOUNDRY_AUTH", Provider, false, Observed("cloud-foundry-*")),
    fact("ANTHROPIC_BEDROCK_BASE_URL", Endpoint, false, Observed("cloud-bedrock-skip-auth")),
    fact("ANTHROPIC_BEDROCK_MANTLE_BASE_URL", Endpoint, false, Observed("cloud-mantle-*")),
    fact("ANTHROPIC_AWS_BASE_URL", Endpoint, false, Observed("cloud-anthropic-aws-*")),
    fact("ANTHROPIC_VERTEX_BASE_URL", Endpoint, false, Observed("cloud-vertex-*")),
    fact("ANTHROPIC_FOUNDRY_BASE_URL", Endpoint, false, Observed("cloud-foundry-*")),
    fact("ANTHROPIC_FOUNDRY_RESOURCE", Endpoint, false, Observed("cloud-foundry-resource")),
    fact("ANTHROPIC_AWS_WORKSPACE_ID", Provider, false, Observed("cloud-anthropic-aws-*")),
    fact("ANTHROPIC_VERTEX_PROJECT_ID", Provider, false, Observed("cloud-vertex-project")),
    fact("CLOUD_ML_REGION", Provider, false, Observed("cloud-vertex-noregion")),
    fact("AWS_REGION", Provider, false, Observed("cloud-bedrock-*")),
    fact("AWS_DEFAULT_REGION", Provider, false, Observed("cloud-bedrock-*")),
    fact("AWS_PROFILE", CloudCredential, false, Observed("cloud-bedrock-profile-missing")),
    fact("AWS_ACCESS_KEY_ID", CloudCredential, true, Observed("cloud-bedrock-keys-*")),
    fact("AWS_SECRET_ACCESS_KEY", CloudCredential, true, Observed("cloud-bedrock-keys-*")),
    fact("AWS_SESSION_TOKEN", CloudCredential, true, Observed("cloud-bedrock-session-expired")),
    fact("AWS_BEARER_TOKEN_BEDROCK", CloudCredential, true, Observed("cloud-bedrock-bearer+keys")),
    fact("AWS_CONFIG_FILE", CloudCredential, false, Documented("amazon-bedrock")),
    fact("AWS_SHARED_CREDENTIALS_FILE", CloudCredential, false, Documented("amazon-bedrock")),
    fact("AWS_WEB_IDENTITY_TOKEN_FILE", CloudCredential, false, Documented("amazon-bedrock")),
    fact("AWS_ROLE_ARN", CloudCredential, false, Documented("amazon-bedrock")),
    fact("AWS_CONTAINER_CREDENTIALS_FULL_URI", CloudCredential, false, Documented("amazon-bedrock")),
    fact("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", CloudCredential, false, Documented("amazon-bedrock")),
    fact("ANTHROPIC_AWS_API_KEY", CloudCredential, true, Observed("cloud-anthropic-aws-apikey")),
    fact("GOOGLE_APPLICATION_CREDENTIALS", CloudCredential, false, Observed("cloud-vertex-gac-garbage")),
    fact("ANTHROPIC_FOUNDRY_API_KEY", CloudCredential, true, Observed("cloud-foundry-*")),
    fact("ANTHROPIC_FOUNDRY_AUTH_TOKEN", CloudCredential, true, Observed("cloud-foundry-authtoken")),
    fact("AZURE_CLIENT_ID", CloudCredential, false, Documented("microsoft-foundry")),
    fact("AZURE_TENANT_ID", CloudCredential, false, Documented("microsoft-foundry")),
    fact("AZURE_CLIENT_SECRET", CloudCredential, true, Documented("microsoft-foundry")),
    fact("https_proxy", Proxy, false, Observed("net-lower-https-proxy")),
    fact("HTTPS_PROXY", Proxy, false, Observed("net-https-proxy-*")),
    fact("http_proxy", Proxy, false, Observed("net-*")),
    fact("HTTP_PROXY", Proxy, false, Observed("net-proxy-http-base-*")),
    fact("ALL_PROXY", Proxy, false, Observed("net-*")),
    fact("all_proxy", Proxy, false, Documented("network-config")),
    personal("NO_PROXY", Proxy, false, Observed("net-no-proxy-*")),
    personal("no_proxy", Proxy, false, Observed("net-no-proxy-*")),
    fact("NODE_EXTRA_CA_CERTS", Certificates, false, Observed("net-selfsigned-extra")),
    fact("SSL_CERT_FILE", Certificates, false, Observed("net-privateca-ssl-cert-file")),
    fact("CLAUDE_CODE_CERT_STORE", Certificates, false, Observed("net-privateca-system-bundled-only")),
    fact("NODE_TLS_REJECT_UNAUTHORIZED", Certificates, false, Observed("net-*")),
    fact("CLAUDE_CODE_CLIENT_CERT", Certificates, false, Documented("network-config")),
    fact("CLAUDE_CODE_CLIENT_KEY", Certificates, false, Documented("network-config")),
    fact("CLAUDE_CODE_CLIENT_KEY_PASSPHRASE", Certificates, true, Documented("network-config")),
    personal("PATH", Machine, false, Documented("troubleshoot-install")),
    personal("LOCALAPPDATA", Machine, false, Documented("troubleshoot-install")),
    personal("NVM_DIR", Machine, false, Documented("troubleshoot-install")),
    personal("FNM_DIR", Machine, false, Documented("troubleshoot-install")),
    personal("VOLTA_HOME", Machine, false, Documented("troubleshoot-install")),
    personal("PNPM_HOME", Machine, false, Documented("troubleshoot-install")),
    personal("BUN_INSTALL", Machine, false, Documented("troubleshoot-install")),
    personal("ASDF_DATA_DIR", Machine, false, Documented("troubleshoot-install")),
    personal("MISE_DATA_DIR", Machine, false, Documented("troubleshoot-install")),
    personal("HOMEBREW_PREFIX", Machine, false, Documented("troubleshoot-install")),
    personal("npm_config_prefix", Machine, false, Documented("troubleshoot-install")),
    personal("NPM_CONFIG_PREFIX", Machine, false, Documented("troubleshoot-install")),
    personal("USER", Machine, false, Documented("troubleshoot-install")),
    personal("SSH_CONNECTION", Machine, false, Documented("troubleshoot-install")),
];

/// The fact of that name.
pub fn find(name: &str) -> Option<&'static Fact> {
    FACTS.iter().find(|fact| fact.name == name)
}

/// The fact that a variable of this name is in an environment of the platform: on Windows case does not count, and of
/// names that differ in case alone the first is the one that Claude Code asks for first.
pub fn named(platform: Platform, name: &str) -> Option<&'static Fact> {
    FACTS.iter().find(|fact| platform.is_same_variable(fact.name, name))
}

/// How Claude Code reads a switch such as `CLAUDE_CODE_USE_BEDROCK` (observed: `cloud-*`, every word tried).
pub fn is_on(value: &str) -> bool {
    let word = crate::secret::javascript_trim(value);
    ["1", "true", "yes", "on"].iter().any(|on| word.eq_ignore_ascii_case(on))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_stands_twice() {
        for (index, fact) in FACTS.iter().enumerate() {
            assert!(FACTS[..index].iter().all(|other| other.name != fact.name), "{}", fact.name);
        }
    }

    #[test]
    fn switches_are_words_not_numbers() {
        for on in ["1", "true", "TRUE", " yes\n", "On"] {
            assert!(is_on(on), "{on}");
        }
        for off in ["", "0", "2", "off", "no", "\"1\"", "y"] {
            assert!(!is_on(off), "{off}");
        }
    }
}
