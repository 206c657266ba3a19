//! What each provider is set up with: its switch, what it needs, what it takes besides, and how each value is written.
//!
//! Where a value is found is said by the sentence `provider-NAME` and its `.where`.

use super::CLOUDS;
use crate::claude_code::Evidence;
use crate::claude_code::Evidence::{Documented, Observed};
use crate::claude_code::variables;
use crate::report::Provider;

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An address, to which Claude Code adds `/v1/messages`.
    Address,
    /// An address that ends in `/v1` by itself.
    VersionedAddress,
    /// A region of AWS.
    AwsRegion,
    /// A place of Google's.
    GoogleRegion,
    /// The ID of a project of Google's.
    GoogleProject,
    /// The name of a Foundry resource.
    FoundryResource,
    /// A name or an ID, in one line.
    Name,
    /// The whole path of a file.
    File,
    /// A switch.
    Switch,
    /// A key or token.
    Key,
}

/// A variable that a provider takes.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// How its value is written.
    pub shape: Shape,
    /// Whether other programs read it too: it stays where it is when the provider changes.
    pub shared: bool,
    /// How it is known that the provider takes it.
    pub evidence: Evidence,
}

const fn own(name: &'static str, shape: Shape, evidence: Evidence) -> Field {
    Field { name, shape, shared: false, evidence }
}

const fn shared(name: &'static str, shape: Shape, evidence: Evidence) -> Field {
    Field { name, shape, shared: true, evidence }
}

/// Variables of which those of one row are used, and no other beside them.
pub type Ways = &'static [&'static [&'static str]];

/// A provider, as it is set up.
#[derive(Clone, Copy, Debug)]
pub struct SetUp {
    /// Which.
    pub provider: Provider,
    /// The variable that switches it on; Anthropic and gateways have none.
    pub switch: Option<&'static str>,
    /// What it takes.
    pub fields: &'static [&'static [Field]],
    /// What it needs: one of each row.
    pub needs: &'static [&'static [&'static str]],
    /// Of each of these one way alone is used. The first goes before the others.
    pub ways: &'static [Ways],
    /// The page that tells more.
    pub page: &'static str,
}

const AWS: &[Field] = &[
    shared("AWS_REGION", Shape::AwsRegion, Observed("cloud-bedrock-*")),
    shared("AWS_PROFILE", Shape::Name, Observed("cloud-bedrock-profile-missing")),
    shared("AWS_ACCESS_KEY_ID", Shape::Key, Observed("cloud-bedrock-keys-*")),
    shared("AWS_SECRET_ACCESS_KEY", Shape::Key, Observed("cloud-bedrock-keys-*")),
    shared("AWS_SESSION_TOKEN", Shape::Key, Observed("cloud-bedrock-session-expired")),
];

const BEARER: &[Field] = &[own("AWS_BEARER_TOKEN_BEDROCK", Shape::Key, Observed("cloud-bedrock-bearer+keys"))];

/// What is sent where a gateway signs for the cloud (observed: `cloud-*-skip-auth+*`).
const SIGNED_BY_GATEWAY: &[Field] = &[own("ANTHROPIC_AUTH_TOKEN", Shape::Key, Observed("cloud-*-skip-auth+*"))];

/// The name of the model, which is another one at each cloud.
const MODEL: &[Field] = &[own("ANTHROPIC_MODEL", Shape::Name, Documented("env-vars"))];

const AWS_KEYS: &[&str] = &["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/// A bearer key goes before a profile, and that before keys (observed: `cloud-bedrock-*`).
const BEDROCK_WAYS: Ways = &[&["AWS_BEARER_TOKEN_BEDROCK"], &["AWS_PROFILE"], AWS_KEYS];

/// Every provider.
pub const SET_UPS: &[SetUp] = &[
    SetUp {
        provider: Provider::Anthropic,
        switch: None,
        fields: &[&[own("ANTHROPIC_API_KEY", Shape::Key, Observed("prec-apikey"))], MODEL],
        needs: &[],
        ways: &[],
        page: "https://code.claude.com/docs/en/authentication",
    },
    SetUp {
        provider: Provider::Gateway,
        switch: None,
        fields: &[
            &[
                own("ANTHROPIC_BASE_URL", Shape::Address, Observed("url-*")),
                own("ANTHROPIC_AUTH_TOKEN", Shape::Key, Observed("prec-authtoken")),
                own("ANTHROPIC_API_KEY", Shape::Key, Observed("prec-apikey")),
            ],
            MODEL,
        ],
        needs: &[&["ANTHROPIC_BASE_URL"], &["ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY"]],
        ways: &[&[&["ANTHROPIC_AUTH_TOKEN"], &["ANTHROPIC_API_KEY"]]],
        page: "https://code.claude.com/docs/en/llm-gateway",
    },
    SetUp {
        provider: Provider::Bedrock,
        switch: Some("CLAUDE_CODE_USE_BEDROCK"),
        fields: &[
            AWS,
            BEARER,
            &[
                own("ANTHROPIC_BEDROCK_BASE_URL", Shape::Address, Observed("cloud-bedrock-skip-auth")),
                own("CLAUDE_CODE_SKIP_BEDROCK_AUTH", Shape::Switch, Observed("cloud-bedrock-skip-auth")),
            ],
            SIGNED_BY_GATEWAY,
            MODEL,
        ],
        needs: &[&["AWS_REGION"]],
        ways: &[BEDROCK_WAYS],
        page: "https://code.claude.com/docs/en/amazon-bedrock",
    },
    SetUp {
        provider: Provider::Mantle,
        switch: Some("CLAUDE_CODE_USE_MANTLE"),
        fields: &[
            AWS,
            BEARER,
            &[
                own("ANTHROPIC_BEDROCK_MANTLE_BASE_URL", Shape::Address, Observed("cloud-mantle-*")),
                own("CLAUDE_CODE_SKIP_MANTLE_AUTH", Shape::Switch, Observed("cloud-mantle-*")),
            ],
            SIGNED_BY_GATEWAY,
            MODEL,
        ],
        needs: &[&["AWS_REGION"]],
        ways: &[BEDROCK_WAYS],
        page: "https://code.claude.com/docs/en/amazon-bedrock",
    },
    SetUp {
        provider: Provider::AnthropicAws,
        switch: Some("CLAUDE_CODE_USE_ANTHROPIC_AWS"),
        fields: &[
            AWS,
            &[
                own("ANTHROPIC_AWS_WORKSPACE_ID", Shape::Name, Observed("cloud-anthropic-aws-*")),
                own("ANTHROPIC_AWS_API_KEY", Shape::Key, Observed("cloud-anthropic-aws-apikey")),
                own("ANTHROPIC_AWS_BASE_URL", Shape::Address, Observed("cloud-anthropic-aws-*")),
                own("CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH", Shape::Switch, Observed("cloud-anthropic-aws-*")),
            ],
            SIGNED_BY_GATEWAY,
            MODEL,
        ],
        needs: &[&["ANTHROPIC_AWS_WORKSPACE_ID"], &["AWS_REGION"]],
        ways: &[&[&["ANTHROPIC_AWS_API_KEY"], &["AWS_PROFILE"], AWS_KEYS]],
        page: "https://code.claude.com/docs/en/claude-platform-on-aws",
    },
    SetUp {
        provider: Provider::Vertex,
        switch: Some("CLAUDE_CODE_USE_VERTEX"),
        fields: &[
            &[
                own("ANTHROPIC_VERTEX_PROJECT_ID", Shape::GoogleProject, Observed("cloud-vertex-project")),
                own("CLOUD_ML_REGION", Shape::GoogleRegion, Observed("cloud-vertex-noregion")),
                shared("GOOGLE_APPLICATION_CREDENTIALS", Shape::File, Observed("cloud-vertex-gac-garbage")),
                own("ANTHROPIC_VERTEX_BASE_URL", Shape::VersionedAddress, Observed("cloud-vertex-*")),
                own("CLAUDE_CODE_SKIP_VERTEX_AUTH", Shape::Switch, Observed("cloud-vertex-skip-auth*")),
            ],
            SIGNED_BY_GATEWAY,
            MODEL,
        ],
        needs: &[&["ANTHROPIC_VERTEX_PROJECT_ID"], &["CLOUD_ML_REGION"]],
        ways: &[],
        page: "https://code.claude.com/docs/en/google-vertex-ai",
    },
    SetUp {
        provider: Provider::Foundry,
        switch: Some("CLAUDE_CODE_USE_FOUNDRY"),
        fields: &[
            &[
                own("ANTHROPIC_FOUNDRY_RESOURCE", Shape::FoundryResource, Observed("cloud-foundry-resource")),
                own("ANTHROPIC_FOUNDRY_BASE_URL", Shape::Address, Observed("cloud-foundry-*")),
                own("ANTHROPIC_FOUNDRY_API_KEY", Shape::Key, Observed("cloud-foundry-*")),
                own("ANTHROPIC_FOUNDRY_AUTH_TOKEN", Shape::Key, Observed("cloud-foundry-authtoken")),
                shared("AZURE_TENANT_ID", Shape::Name, Documented("microsoft-foundry")),
                shared("AZURE_CLIENT_ID", Shape::Name, Documented("microsoft-foundry")),
                shared("AZURE_CLIENT_SECRET", Shape::Key, Documented("microsoft-foundry")),
                own("CLAUDE_CODE_SKIP_FOUNDRY_AUTH", Shape::Switch, Observed("cloud-foundry-*")),
            ],
            SIGNED_BY_GATEWAY,
            MODEL,
        ],
        needs: &[&["ANTHROPIC_FOUNDRY_RESOURCE", "ANTHROPIC_FOUNDRY_BASE_URL"]],
        ways: &[
            &[&["ANTHROPIC_FOUNDRY_RESOURCE"], &["ANTHROPIC_FOUNDRY_BASE_URL"]],
            // A token goes before a key, and both before an app of Azure's (observed: `cloud-foundry-*`).
            &[
                &["ANTHROPIC_FOUNDRY_AUTH_TOKEN"],
                &["ANTHROPIC_FOUNDRY_API_KEY"],
                &["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"],
            ],
        ],
        page: "https://code.claude.com/docs/en/microsoft-foundry",
    },
];

/// Variables that are of no use without one another.
pub const TOGETHER: &[&[&str]] =
    &[&["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"], &["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"]];

impl SetUp {
    /// Of a provider.
    pub fn of(provider: Provider) -> Option<&'static Self> {
        SET_UPS.iter().find(|set_up| set_up.provider == provider)
    }

    /// Everything that it takes.
    pub fn all_fields(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.fields.iter().flat_map(|group| group.iter())
    }

    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.all_fields().find(|field| field.name == name)
    }

    /// The variable that leaves signing to a gateway.
    pub fn skip_auth(&self) -> Option<&'static str> {
        CLOUDS.iter().find(|cloud| cloud.provider == self.provider).map(|cloud| cloud.skip_auth)
    }

    /// The variables that belong to other providers and to this one not: what stays behind of those.
    pub fn of_others(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = Vec::new();
        for other in SET_UPS.iter().filter(|other| other.provider != self.provider) {
            let fields = other.all_fields().filter(|field| !field.shared).map(|field| field.name);
            for name in other.switch.into_iter().chain(fields) {
                // A key of Anthropic's own waits for the way back.
                let own = self.field(name).is_some() || name == "ANTHROPIC_API_KEY";
                if !own && !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// Whether a model's name is surely one of another provider's: Bedrock's have `anthropic.` before them or are ARNs,
    /// Vertex's have `@` and a date behind them. A gateway may take any.
    pub fn is_model_of_another(&self, name: &str) -> bool {
        let bedrock = name.starts_with("arn:") || name.contains("anthropic.");
        let vertex = name.contains('@');
        match self.provider {
            Provider::Gateway => false,
            Provider::Bedrock | Provider::Mantle => vertex,
            Provider::Vertex => bedrock,
            Provider::Anthropic | Provider::AnthropicAws | Provider::Foundry => bedrock || vertex,
        }
    }
}

/// How much a field is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It is.
    Needed,
    /// It, or one of others.
    OneOf(&'static [&'static str]),
    /// It is not.
    Optional,
}

impl SetUp {
    /// How much a field is needed.
    pub fn need(&self, name: &str) -> Need {
        match self.needs.iter().find(|row| row.contains(&name)) {
            Some([_]) => Need::Needed,
            Some(row) => Need::OneOf(row),
            None => Need::Optional,
        }
    }
}

impl Field {
    /// Whether its value is a secret.
    pub fn is_secret(&self) -> bool {
        variables::find(self.name).is_none_or(|fact| fact.secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claude_code::variables::FromSettings;

    #[test]
    fn every_field_is_a_variable_that_settings_may_set_and_keys_are_secrets() {
        for set_up in SET_UPS {
            for name in set_up.switch.into_iter().chain(set_up.all_fields().map(|field| field.name)) {
                let fact = variables::find(name).unwrap();
                assert_eq!(fact.from_settings, FromSettings::Any, "{name}");
            }
            for field in set_up.all_fields() {
                assert_eq!(field.is_secret(), field.shape == Shape::Key, "{}", field.name);
            }
            let named = set_up.needs.iter().copied().chain(set_up.ways.iter().flat_map(|ways| ways.iter().copied()));
            assert!(named.flatten().all(|name| set_up.field(name).is_some()), "{:?}", set_up.provider);
        }
        assert!(Provider::ALL.iter().all(|provider| SetUp::of(*provider).is_some()));
    }

    #[test]
    fn the_switches_and_addresses_are_those_of_the_clouds() {
        for cloud in CLOUDS {
            let set_up = SetUp::of(cloud.provider).unwrap();
            assert_eq!(set_up.switch, Some(cloud.switch));
            assert!(set_up.field(cloud.base_url).is_some() && set_up.field(cloud.skip_auth).is_some());
            assert!(!set_up.of_others().contains(&cloud.switch));
        }
    }
}
