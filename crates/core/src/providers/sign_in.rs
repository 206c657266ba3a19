//! How a cloud is signed in to, for a test that does it: which link of the chain holds, and which endpoints beside the
//! model's own take part. Nothing is asked here, and no file is read.

use super::aws::{self, Keys, Link, Section};
use super::{CloudOutcome, Inputs, setting, vertex};
use crate::claude_code::locations;
use crate::environment::Environment;
use crate::json::{Json, Value};
use crate::report::{CredentialKind, Provider, Source, SourceKind};
use crate::route::Resolution;
use crate::secret::Secret;
use crate::snapshot::Snapshot;

/// A service beside the endpoint of the models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// AWS: tells who somebody is, and gives the keys of a role.
    Sts,
    /// AWS: lists the models of Bedrock.
    Bedrock,
    /// AWS: gives keys to whoever is signed in to IAM Identity Center.
    Sso,
    /// Google, Microsoft: gives a token.
    Token,
}

/// Where such a service is.
#[derive(Clone, Debug)]
pub struct Place {
    /// Which.
    pub service: Service,
    /// The address, as text; not yet looked at.
    pub url: String,
    /// What names it, where it is not the vendor's own.
    pub source: Option<Source>,
}

/// How the credential comes about. Files are named as the examined machine names them.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// The route's headers hold it.
    Carried,
    /// AWS keys.
    AwsKeys(Keys),
    /// AWS IAM Identity Center.
    AwsSso {
        /// What the name of the file of the sign-in is made of.
        cached_as: String,
        /// The folder in which it lies.
        folder: String,
        /// The account.
        account: String,
        /// The role in it.
        role: String,
        /// The command that signs in again.
        renew: String,
    },
    /// An AWS role, with the keys that may take it.
    AwsRole {
        /// The keys.
        keys: Keys,
        /// The role.
        role: String,
        /// What the role's owner wants to hear.
        external_id: Option<String>,
    },
    /// An AWS role, with a token in a file.
    AwsWebIdentity {
        /// The file.
        file: String,
        /// The role.
        role: String,
    },
    /// Google: a person.
    GoogleUser {
        /// The program that signed in.
        client_id: Secret,
        /// Its secret.
        client_secret: Secret,
        /// What gets a token.
        refresh_token: Secret,
    },
    /// Google: a service account.
    GoogleServiceAccount {
        /// Its name.
        email: String,
        /// The name of its key.
        key_id: Option<String>,
        /// Its key, in PEM.
        private_key: Secret,
    },
    /// Azure: a program's own secret.
    AzureSecret {
        /// The program.
        client_id: String,
        /// Its secret.
        client_secret: Secret,
    },
    /// Azure: what its command-line tool keeps.
    AzureCli {
        /// The file.
        file: String,
    },
    /// A token that a program has given.
    Token(Secret),
    /// It cannot be made here.
    NotHere {
        /// Why, as the key of a sentence.
        why: &'static str,
        /// The vendor's command that shows it.
        command: String,
    },
}

/// A program that gives a credential where this test cannot come by it alone: what the person's files name for that, or
/// the vendor's own tool. It is run on the person's word, or not at all.
#[derive(Clone, Debug)]
pub struct Program {
    /// What is run.
    pub line: Line,
    /// What it gives.
    pub gives: Gives,
    /// What names it; none of the vendor's tool.
    pub source: Option<Source>,
}

/// What is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A command line, for the shell.
    Shell(String),
    /// A tool by its name, where it is installed, and its arguments.
    Tool(&'static str, Vec<String>),
}

/// What a program prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// Keys of AWS, as `credential_process` and `awsCredentialExport` want them (JSON).
    AwsKeys,
    /// A token and nothing else.
    Token,
    /// A token in JSON, as Azure's tool prints it.
    AzureToken,
}

/// What a program of this kind has printed, as a sign-in; none where it is something else.
#[expect(clippy::disallowed_methods, reason = "what a program gives is taken apart")]
pub fn given(gives: Gives, printed: &Secret) -> Option<SignIn> {
    let text = printed.reveal().trim();
    if gives == Gives::Token {
        let token = !text.is_empty() && !text.contains(char::is_whitespace);
        return token.then(|| SignIn::Token(Secret::new(text)));
    }
    let json = Json::parse(text.as_bytes()).ok()?;
    let root = json.root();
    let member = |value: Value<'_>, name: &str| {
        let text = value.get(name).and_then(Value::as_str)?;
        (!text.trim().is_empty()).then(|| Secret::new(text))
    };
    if gives == Gives::AzureToken {
        return member(root, "accessToken").map(SignIn::Token);
    }
    let keys = root.get("Credentials").unwrap_or(root);
    let (id, secret) = (member(keys, "AccessKeyId")?, member(keys, "SecretAccessKey")?);
    Some(SignIn::AwsKeys(Keys { id, secret, session: member(keys, "SessionToken") }))
}

/// What a test of a cloud needs beside the route.
#[derive(Clone, Debug)]
pub struct CloudSignIn {
    /// How the credential comes about.
    pub sign_in: SignIn,
    /// The region; empty where the cloud has none.
    pub region: String,
    /// Google's project.
    pub project: Option<String>,
    /// Google's project that pays for the request.
    pub quota_project: Option<String>,
    /// The workspace of Claude Platform on AWS.
    pub workspace: Option<String>,
    /// The services that take part.
    pub places: Vec<Place>,
    /// What gives the credential where [`CloudSignIn::sign_in`] does not come by it.
    pub program: Option<Program>,
}

/// The sign-in to the cloud that is switched on.
pub fn of(snapshot: &Snapshot, resolution: &Resolution) -> Option<CloudSignIn> {
    let cloud = resolution.cloud?;
    let environment = &resolution.environment;
    let skip_auth = environment.is_on(cloud.skip_auth);
    let inputs = Inputs { snapshot, environment, candidates: &resolution.candidates, skip_auth };
    let signs = ["AWS_ACCESS_KEY_ID", "aws_access_key_id", "AZURE_CLIENT_ID"];
    let carried = resolution.sends.iter().any(|sent| {
        sent.credential == CredentialKind::CloudProvider && sent.value.is_some() && !signs.contains(&sent.name.as_str())
    });
    let mut found = CloudSignIn {
        sign_in: SignIn::Carried,
        region: String::new(),
        project: None,
        quota_project: None,
        workspace: environment.text("ANTHROPIC_AWS_WORKSPACE_ID").map(str::to_owned),
        places: Vec::new(),
        program: None,
    };
    match cloud.provider {
        Provider::Bedrock | Provider::Mantle | Provider::AnthropicAws => {
            found.region = aws::region(&inputs);
            if !(carried || skip_auth) {
                (found.sign_in, found.program) = aws_sign_in(&inputs, &mut found.places);
                found.places.extend(aws_place(&inputs, Service::Sts, &found.region));
            }
            // With an address of its own for the models, that is asked for the list too (observed: `rp-77120-124`).
            if cloud.provider == Provider::Bedrock && setting(environment, cloud.base_url).is_none() {
                found.places.extend(aws_place(&inputs, Service::Bedrock, &found.region));
            }
        }
        Provider::Vertex => google(&inputs, &mut found),
        Provider::Foundry if !(carried || skip_auth) => azure(&inputs, &mut found),
        Provider::Foundry | Provider::Anthropic | Provider::Gateway => {}
    }
    if let Some(CloudOutcome::Stops(stop)) = resolution.cloud_outcome {
        found.sign_in = SignIn::NotHere { why: "live-cloud-stops", command: stop.message().to_owned() };
        found.places.clear();
        found.program = None;
    }
    Some(found)
}

/// `aws`, with the profile that is used.
fn aws_command(environment: &Environment, rest: &str) -> String {
    match environment.text("AWS_PROFILE") {
        Some(profile) => format!("aws {rest} --profile {profile}"),
        None => format!("aws {rest}"),
    }
}

fn aws_sign_in(inputs: &Inputs<'_>, places: &mut Vec<Place>) -> (SignIn, Option<Program>) {
    let who = || aws_command(inputs.environment, "sts get-caller-identity");
    let not_here = |why: &'static str| SignIn::NotHere { why, command: who() };
    let by_tool = |sign_in: SignIn| (sign_in, Some(aws_tool(inputs.environment)));
    match aws::link(inputs) {
        Link::Keys(_, keys) => (SignIn::AwsKeys(keys), None),
        Link::Command { line, source, .. } => {
            let program = Program { line: Line::Shell(line), gives: Gives::AwsKeys, source: Some(source) };
            (not_here("live-cloud-command"), Some(program))
        }
        // What has run out can be renewed by the tool that it belongs to.
        Link::Sso(section) => match aws_sso(inputs, &section, places) {
            Some(sign_in) => by_tool(sign_in),
            None => (not_here("live-cloud-sso-incomplete"), None),
        },
        Link::Role(section) => {
            let keys = section.get("source_profile").and_then(|profile| aws::keys_of_profile(inputs, profile));
            match (keys, section.get("role_arn")) {
                (Some(keys), Some(role)) if !section.contains_key("mfa_serial") => {
                    let external_id = section.get("external_id").cloned();
                    (SignIn::AwsRole { keys, role: role.clone(), external_id }, None)
                }
                _ => by_tool(not_here("live-cloud-role")),
            }
        }
        // What a project names is not read in order to be sent.
        Link::WebIdentity { .. } if names_files(inputs) => (not_here("live-cloud-project-file"), None),
        Link::WebIdentity { file, role } => {
            let start = inputs.snapshot.examined.project.as_deref().unwrap_or(&inputs.snapshot.examined.home);
            (SignIn::AwsWebIdentity { file: inputs.snapshot.examined.platform.join(start, &file), role }, None)
        }
        Link::Elsewhere => by_tool(not_here("live-cloud-elsewhere")),
        Link::Nothing => by_tool(not_here("live-cloud-aws-nothing")),
    }
}

/// AWS's own tool, with the profile that is used.
fn aws_tool(environment: &Environment) -> Program {
    let mut arguments = ["configure", "export-credentials", "--format", "process"].map(str::to_owned).to_vec();
    let profile = environment.text("AWS_PROFILE");
    arguments.extend(profile.into_iter().flat_map(|profile| ["--profile".to_owned(), profile.to_owned()]));
    Program { line: Line::Tool("aws", arguments), gives: Gives::AwsKeys, source: None }
}

/// Whether a project chose such a program, or where the files lie that it goes by.
pub fn is_chosen_by_project(snapshot: &Snapshot, environment: &Environment, program: &Program) -> bool {
    let of_project = |source: &Source| snapshot.examined.is_of_project(source);
    let files =
        ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_PROFILE", "CLOUDSDK_CONFIG", "AZURE_CONFIG_DIR"];
    let found = ["PATH", "GOOGLE_APPLICATION_CREDENTIALS"].iter().chain(&files);
    program.source.as_ref().is_some_and(of_project)
        || found.filter_map(|name| environment.winner(name)).any(|place| of_project(&place.source))
}

/// Whether a project chose where AWS finds its files.
fn names_files(inputs: &Inputs<'_>) -> bool {
    let places = ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONFIG_FILE"].map(|name| inputs.environment.set(name));
    places.into_iter().flatten().any(|place| inputs.snapshot.examined.is_of_project(&place.source))
}

fn aws_sso(inputs: &Inputs<'_>, section: &Section, places: &mut Vec<Place>) -> Option<SignIn> {
    let session = section.get("sso_session");
    let of_session = session.and_then(|name| aws::named_section(inputs, &format!("sso-session {name}")));
    let region = of_session.as_ref().unwrap_or(section).get("sso_region")?;
    let start = of_session.as_ref().unwrap_or(section).get("sso_start_url")?;
    if region.is_empty() || !aws::is_region(region) {
        return None;
    }
    let examined = &inputs.snapshot.examined;
    let sign_in = SignIn::AwsSso {
        cached_as: session.unwrap_or(start).clone(),
        folder: examined.platform.join(&examined.home, ".aws/sso/cache"),
        account: section.get("sso_account_id")?.clone(),
        role: section.get("sso_role_name")?.clone(),
        renew: aws_command(inputs.environment, "sso login"),
    };
    places.extend(aws_place(inputs, Service::Sso, region));
    Some(sign_in)
}

/// The address of a service of AWS: what a variable or the profile names, else the vendor's own.
fn aws_place(inputs: &Inputs<'_>, service: Service, region: &str) -> Option<Place> {
    let (variable, host) = match service {
        Service::Sts => ("AWS_ENDPOINT_URL_STS", "sts"),
        Service::Bedrock => ("AWS_ENDPOINT_URL_BEDROCK", "bedrock"),
        Service::Sso => ("AWS_ENDPOINT_URL_SSO", "portal.sso"),
        Service::Token => return None,
    };
    let environment = inputs.environment;
    let by_variable = || {
        let (url, source) = setting(environment, variable).or_else(|| setting(environment, "AWS_ENDPOINT_URL"))?;
        Some((url.to_owned(), source.clone()))
    };
    let by_profile = || {
        let path = inputs.snapshot.cloud.aws_config.path.clone();
        let source = Source { path: Some(path), ..Source::new(SourceKind::CloudFiles) };
        Some((aws::profile_text(inputs, "endpoint_url")?, source))
    };
    let ignored = environment.is_on("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
    if let Some((url, source)) = by_variable().or_else(by_profile).filter(|_| !ignored) {
        return Some(Place { service, url, source: Some(source) });
    }
    let end = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    Some(Place { service, url: format!("https://{host}.{region}.{end}"), source: None })
}

#[expect(clippy::disallowed_methods, reason = "a file of credentials is taken apart")]
fn google(inputs: &Inputs<'_>, found: &mut CloudSignIn) {
    let environment = inputs.environment;
    let file = &inputs.snapshot.cloud.google_credentials;
    let text = |name: &str| {
        let text = file.json()?.root().get(name).and_then(Value::as_str)?;
        (!text.is_empty()).then(|| Secret::new(text))
    };
    let plain = |name: &str| text(name).map(|secret| secret.reveal().to_owned());
    found.region = vertex::region(environment).to_owned();
    found.quota_project = plain("quota_project_id").filter(|_| !inputs.skip_auth);
    let named = environment.text("ANTHROPIC_VERTEX_PROJECT_ID").map(str::to_owned);
    found.project = named.or_else(|| plain("project_id")).or_else(|| plain("quota_project_id"));
    if inputs.skip_auth {
        return;
    }
    let command = "gcloud auth application-default print-access-token".to_owned();
    let user = || {
        let (client_id, client_secret) = (text("client_id")?, text("client_secret")?);
        Some(SignIn::GoogleUser { client_id, client_secret, refresh_token: text("refresh_token")? })
    };
    let account = || {
        let (email, private_key) = (plain("client_email")?, text("private_key")?);
        Some(SignIn::GoogleServiceAccount { email, key_id: plain("private_key_id"), private_key })
    };
    let sign_in = match plain("type").as_deref() {
        Some("authorized_user") => user(),
        Some("service_account") | None => account(),
        Some(_) => None,
    };
    let why = if file.json().is_some() { "live-cloud-google-kind" } else { "live-cloud-google-nothing" };
    if sign_in.is_none() {
        let arguments = ["auth", "application-default", "print-access-token"].map(str::to_owned).to_vec();
        found.program = Some(Program { line: Line::Tool("gcloud", arguments), gives: Gives::Token, source: None });
    }
    found.sign_in = sign_in.unwrap_or(SignIn::NotHere { why, command });
    let own = plain("token_uri").filter(|url| url != GOOGLE_TOKEN);
    let source = own.as_ref().map(|_| super::cloud_file(&file.path, "token_uri"));
    let url = own.unwrap_or_else(|| GOOGLE_TOKEN.to_owned());
    if !matches!(found.sign_in, SignIn::NotHere { .. }) {
        found.places.push(Place { service: Service::Token, url, source });
    }
}

const GOOGLE_TOKEN: &str = "https://oauth2.googleapis.com/token";

fn azure(inputs: &Inputs<'_>, found: &mut CloudSignIn) {
    let environment = inputs.environment;
    let secret = environment.set("AZURE_CLIENT_SECRET").map(|place| place.value.clone());
    let (client, tenant) = (environment.text("AZURE_CLIENT_ID"), environment.text("AZURE_TENANT_ID"));
    if let (Some(client_id), Some(tenant), Some(client_secret)) = (client, tenant, secret) {
        let may_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        if !tenant.chars().all(may_name) {
            found.sign_in = SignIn::NotHere { why: "live-cloud-azure-tenant", command: AZURE_COMMAND.to_owned() };
            return;
        }
        let named = setting(environment, "AZURE_AUTHORITY_HOST");
        let host = named.map_or("https://login.microsoftonline.com", |(url, _)| url).trim_end_matches('/');
        // The variable may name the host alone.
        let scheme = if host.contains("://") { "" } else { "https://" };
        found.places.push(Place {
            service: Service::Token,
            url: format!("{scheme}{host}/{tenant}/oauth2/v2.0/token"),
            source: named.map(|(_, source)| source.clone()),
        });
        found.sign_in = SignIn::AzureSecret { client_id: client_id.to_owned(), client_secret };
        return;
    }
    found.sign_in = SignIn::AzureCli { file: locations::azure_tokens(inputs.snapshot, environment) };
    let arguments = AZURE_COMMAND.split(' ').skip(1).chain(["--output", "json"]).map(str::to_owned).collect();
    found.program = Some(Program { line: Line::Tool("az", arguments), gives: Gives::AzureToken, source: None });
}

/// The command of Azure's tool that shows a token.
pub const AZURE_COMMAND: &str = "az account get-access-token --resource https://cognitiveservices.azure.com";
