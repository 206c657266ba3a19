//! `explain` held against what the real program printed, and against what people paste.

#![expect(clippy::unwrap_used, reason = "a test fails where something is missing, in its helpers too")]

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use authlight_core::explain::{self, Explanation, explain};
use authlight_core::message::{Message, Words};
use authlight_core::report::Cause;
use serde_json::Value;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn oracle() -> PathBuf {
    repository().join("tests/oracle")
}

// ---------------------------------------------------------------------------------------------- what is right

/// The words of `compare.py` for causes; `N` is "no sign-in matter".
fn cause(word: &str) -> Option<Cause> {
    Some(match word {
        "C1" => Cause::Environment,
        "C2" => Cause::Login,
        "C3" => Cause::Key,
        "C4" => Cause::Scope,
        "C5" => Cause::Endpoint,
        "GP" => Cause::Policy,
        _ => return None,
    })
}

/// As `judge_explain` of the oracle's `compare.py`: one accepted cause is named, and three at most.
fn judge(answer: &Explanation, accepted: &str) -> Result<(), String> {
    let named: BTreeSet<Cause> = answer.meanings.iter().filter_map(|meaning| meaning.cause).collect();
    let elsewhere = answer.not_sign_in || answer.meanings.iter().any(|meaning| meaning.cause.is_none());
    let right = accepted.split(' ').any(|word| match cause(word) {
        Some(cause) => named.contains(&cause),
        None => elsewhere,
    });
    if answer.recognised && right && named.len() <= 3 {
        Ok(())
    } else {
        Err(format!("{:?} {named:?}, expected {accepted}", answer.phrase))
    }
}

/// As `BY_TEXT` there: what the words alone decide.
fn accepted_by_text(text: &str) -> Option<&'static str> {
    let begins = |starts: &[&str]| starts.iter().any(|start| text.starts_with(start));
    let faulty_header = begins(&["Invalid API key · ", "Invalid auth token · "]) && text.contains(" header value");
    Some(match text {
        _ if begins(&["Your apiKeyHelper script is failing"]) => "C1 C3 C4",
        _ if begins(&["Failed to authenticate: OAuth session expired"]) => "C2",
        _ if begins(&["Login expired"]) => "C2 C3",
        _ if faulty_header => "C1 C3",
        _ if begins(&["API Error: Credentials file at "]) && text.contains("readable") => "C1 C2 C3",
        _ if begins(&["API Error: Failed to read identity token file"]) => "C1 C2 C3",
        _ if begins(&["API Error: Could not load "]) => "C5 C1 C3",
        _ if begins(&["AWS ", "Google Cloud ", "Microsoft Foundry "]) => "C5 C3",
        _ if begins(&["API Error: No projectId", "API Error: No workspace ID", "API Error: Must provide one of"]) => {
            "C5 C1"
        }
        _ if begins(&["API Error: baseURL and resource"]) => "C5 C1",
        _ if text.contains("is not available on your ") && text.contains(" deployment") => "N C5",
        _ if begins(&["API Error: Invalid URL", "API Error: Unable to connect", "API Error: Connection"]) => "C5",
        _ if begins(&["API Error: Can't reach", "API Error: Couldn't connect"]) => "C5",
        _ if begins(&["Request timed out"]) => "C5 N",
        _ => return None,
    })
}

/// `BY_SCRIPT` there: what the server was told to answer → (kinds of credential, accepted causes).
fn accepted_by_script() -> HashMap<String, Vec<(Vec<String>, String)>> {
    let source = fs::read_to_string(oracle().join("compare.py")).unwrap();
    let table = source.split("for _line in \"\"\"").nth(1).unwrap().split("\"\"\"").next().unwrap();
    let mut accepted: HashMap<_, Vec<_>> = HashMap::new();
    for line in table.lines().filter(|line| !line.trim().is_empty()) {
        let mut words = line.split_whitespace();
        let (script, kinds) = (words.next().unwrap(), words.next().unwrap());
        let causes = words.collect::<Vec<_>>().join(" ");
        let kinds = kinds.split(',').map(str::to_owned).collect();
        accepted.entry(script.to_owned()).or_default().push((kinds, causes));
    }
    assert!(accepted.len() >= 35, "the table was not found");
    accepted
}

// ---------------------------------------------------------------------------------------------- the recorded cases

fn cases() -> HashMap<String, Value> {
    let mut cases = HashMap::new();
    for file in fs::read_dir(oracle().join("cases")).unwrap() {
        let topic: Value = serde_json::from_slice(&fs::read(file.unwrap().path()).unwrap()).unwrap();
        for case in topic["cases"].as_array().unwrap() {
            cases.insert(case["id"].as_str().unwrap().to_owned(), case.clone());
        }
    }
    cases
}

/// The first step of a case that sends a prompt, if it is one of print mode.
fn printed(case: &Value) -> Option<String> {
    let default = serde_json::json!(["print"]);
    let steps = case.get("steps").unwrap_or(&default).as_array()?;
    for step in steps {
        let name = step.as_str().or_else(|| step["name"].as_str())?;
        let arguments = step["args"].as_array().into_iter().flatten().filter_map(Value::as_str);
        if arguments.into_iter().any(|a| a.starts_with('/') || a == "setup-token") || name == "tui" {
            return None;
        }
        if matches!(name, "print" | "print_json") {
            return Some(name.to_owned());
        }
    }
    None
}

#[test]
fn every_recorded_failure_is_explained() {
    let (cases, scripts) = (cases(), accepted_by_script());
    let mut compared = 0;
    let mut wrong = Vec::new();
    for line in fs::read_to_string(oracle().join("results/2.1.330.jsonl")).unwrap().lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        let id = record["id"].as_str().unwrap();
        let case = &cases[id];
        let Some(step) = printed(case).map(|name| &record["steps"][name]) else { continue };
        let stdout = step["stdout"].as_str().unwrap_or_default().trim();
        let text = if stdout.is_empty() { step["json"]["result"].as_str().unwrap_or_default().trim() } else { stdout };
        let unstable = record["unstable"]
            .as_array()
            .is_some_and(|parts| parts.iter().any(|part| part == "stdout" || part == "exit"));
        if step["exit"] == 0 || text.is_empty() || unstable {
            continue;
        }
        let server = &case["server"]["messages"];
        let script = server.as_array().and_then(|all| all.last()).unwrap_or(server).as_str().unwrap_or_default();
        let accepted: Vec<&str> = match (accepted_by_text(text), scripts.get(script)) {
            (Some(causes), _) => vec![causes],
            // Right for every credential, so right for the one of this case.
            (None, Some(rows)) => rows.iter().map(|(_, causes)| causes.as_str()).collect(),
            (None, None) if text.starts_with("Not logged in") => vec!["C1 C2"],
            (None, None) if text.starts_with("There's an issue with the selected model") => vec!["N C5"],
            (None, None) => continue,
        };
        compared += 1;
        let answer = explain(text);
        wrong.extend(
            accepted.iter().filter_map(|causes| judge(&answer, causes).err()).map(|why| format!("{id}: {why}")),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(compared >= 120, "only {compared} were compared");
}

// ---------------------------------------------------------------------------------------------- every server's answer

/// What the real program printed for a server's answer, with whichever credential.
const PRINTED: &[(&str, &str)] = &[
    ("401_invalid_key", "Invalid API key · Fix external API key"),
    ("401_invalid_key", "Not logged in · Please run /login"),
    ("401_invalid_bearer", "Failed to authenticate. API Error: 401 Invalid bearer token"),
    (
        "401_oauth_expired",
        "Failed to authenticate. API Error: 401 OAuth token has expired. Please obtain a new token or refresh your existing token.",
    ),
    ("401_oauth_invalid", "Failed to authenticate. API Error: 401 Invalid authentication credentials"),
    (
        "401_oauth_unsupported",
        "Failed to authenticate. API Error: 401 OAuth authentication is currently not supported.",
    ),
    (
        "401_oauth_revoked",
        "Failed to authenticate. API Error: 401 OAuth token has been revoked. Please obtain a new token.",
    ),
    (
        "403_oauth_revoked",
        "Failed to authenticate: OAuth token revoked. Please log in again or contact your administrator.",
    ),
    (
        "403_permission",
        "Failed to authenticate. API Error: 403 Your API key does not have permission to use the specified resource.",
    ),
    ("403_org_disabled", "Failed to authenticate. API Error: 403 This organization has been disabled."),
    (
        "400_org_disabled",
        "Your ANTHROPIC_API_KEY belongs to a disabled organization · Update or unset the environment variable",
    ),
    (
        "400_org_disabled",
        "Your ANTHROPIC_API_KEY belongs to a disabled organization · Unset the environment variable to use your subscription instead",
    ),
    ("400_org_disabled", "API Error: 400 This organization has been disabled."),
    (
        "403_oauth_org",
        "Your organization has disabled Claude subscription access for Claude Code · Use an Anthropic API key instead, or ask your admin to enable access",
    ),
    (
        "403_oauth_org",
        "Claude Code can't use your Claude subscription, usually because a payment is past due · Pay or renew at https://claude.ai/settings/billing (if you just paid, try again shortly), or use an Anthropic API key instead",
    ),
    ("403_scope", "Failed to authenticate. API Error: 403 OAuth token does not meet scope requirement user:inference"),
    ("403_forbidden", "Failed to authenticate. API Error: 403 Request not allowed"),
    ("400_credit", "Credit balance is too low"),
    ("400_invalid", "API Error: 400 messages: at least one message is required"),
    ("402_billing", "API Error: 402 There is a problem with your billing information."),
    (
        "404_model",
        "There's an issue with the selected model (claude-opus-5-5). It may not exist or you may not have access to it. Run --model to pick a different model.",
    ),
    (
        "404_plain",
        "There's an issue with the selected model (claude-opus-5-5). It may not exist or you may not have access to it. Run --model to pick a different model.",
    ),
    (
        "openai_404",
        "There's an issue with the selected model (claude-opus-5-5). It may not exist or you may not have access to it. Run --model to pick a different model.",
    ),
    ("405_html", "API Error: 405 Method Not Allowed"),
    ("407_proxy", "API Error: 407 Proxy Authentication Required"),
    (
        "413_too_large",
        "Request too large (max 32MB). Accumulated images and attachments in the conversation pushed the request over the limit.",
    ),
    (
        "429_rate",
        "API Error: Request rejected (429) · This request would exceed your organization's rate limit of 50 requests per minute.",
    ),
    (
        "429_rate",
        "API Error: Server is temporarily limiting requests (not your usage limit) · This request would exceed your organization's rate limit of 50 requests per minute.",
    ),
    (
        "429_usage",
        "API Error: Request rejected (429) · This request would exceed your account's rate limit. Please try again later.",
    ),
    ("429_usage", "You've hit your limit · resets Jan 1, 2100, 12am (UTC)"),
    (
        "500",
        "API Error: 500 Internal server error. This is a server-side issue, usually temporary — try again in a moment. If it persists, check your inference gateway (127.0.0.1:18080).",
    ),
    (
        "500",
        "API Error: 500 Internal server error. This is a server-side issue, usually temporary — try again in a moment. If it persists, check https://status.claude.com.",
    ),
    (
        "502_html",
        "API Error: 502 Bad Gateway. This is a server-side issue, usually temporary — try again in a moment. If it persists, check your inference gateway (127.0.0.1:18080).",
    ),
    (
        "503_plain",
        "API Error: 503 upstream connect error. This is a server-side issue, usually temporary — try again in a moment. If it persists, check your inference gateway (127.0.0.1:18080).",
    ),
    (
        "529",
        "API Error: 529 Overloaded. This is a server-side issue, usually temporary — try again in a moment. If it persists, check https://status.claude.com.",
    ),
    (
        "529",
        "API Error: Repeated 529 Overloaded errors. The API is at capacity — this is usually temporary. Try again in a moment.",
    ),
    (
        "captive_200",
        "API Error: API returned an empty or malformed response (HTTP 200) — check for a proxy or gateway intercepting the request. Response: content-type html, body is an HTML page, 149 bytes, request-id absent, server other.",
    ),
    (
        "empty_200",
        "API Error: API returned an empty or malformed response (HTTP 200) — check for a proxy or gateway intercepting the request. Response: content-type json, empty body, 0 bytes",
    ),
    ("captive_401", "Failed to authenticate. API Error: 401 Corporate Network Login"),
    ("captive_403", "Failed to authenticate. API Error: 403 Corporate Network Login"),
    ("litellm_401", "Failed to authenticate. API Error: 401 Authentication Error, Invalid proxy server token passed."),
    (
        "close",
        "API Error: Connection dropped (ECONNRESET). Check the gateway set in ANTHROPIC_BASE_URL, then try again.",
    ),
    ("close", "API Error: Connection dropped (ECONNRESET). Check your internet connection, then try again."),
    (
        "slow",
        "Request timed out. If the API is slow to answer, or a proxy or gateway holds responses, set API_TIMEOUT_MS above 3000.",
    ),
];

#[test]
fn every_answer_of_a_server_is_explained_as_the_program_wraps_it() {
    let scripts = accepted_by_script();
    let mut wrong = Vec::new();
    for (script, text) in PRINTED {
        let rows = &scripts[*script];
        for (kinds, accepted) in rows {
            // Each of the two texts for an unknown key belongs to some of the credentials.
            let of_key = kinds.iter().any(|kind| kind == "api_key");
            if *script == "401_invalid_key" && text.starts_with("Not logged in") == of_key && kinds[0] != "*" {
                continue;
            }
            if let Err(why) = judge(&explain(text), accepted) {
                wrong.push(format!("{script} {kinds:?} {text:?}: {why}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let untold: Vec<_> = scripts
        .keys()
        .filter(|script| !PRINTED.iter().any(|(name, _)| name == script))
        .filter(|script| !matches!(script.as_str(), "captive_302" | "json_200_other"))
        .collect();
    assert!(untold.is_empty(), "no text for {untold:?}");
}

#[test]
fn bodies_of_the_api_are_explained_as_they_came() {
    for (body, accepted) in [
        (r#"{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}"#, "C3"),
        (
            r#"API Error: 401 {"type":"error","error":{"type":"authentication_error","message":"Invalid bearer token"},"request_id":"req_1"}"#,
            "C3",
        ),
        (r#"{"error":{"type":"authentication_error","message":"words that nobody has seen"}}"#, "C3"),
        (
            r#"{"type":"error","error":{"type":"permission_error","message":"OAuth token has been revoked. Please obtain a new token."}}"#,
            "C2",
        ),
        (r#"{"type":"error","error":{"type":"permission_error","message":"words that nobody has seen"}}"#, "C3"),
        (r#"API Error: 403 {"error":{"type":"forbidden","message":"Request not allowed"}}"#, "C5"),
        (
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing"}}"#,
            "N",
        ),
        (r#"{"type":"error","error":{"type":"not_found_error","message":"model: claude-fake-model"}}"#, "N"),
        (r#"{"type":"error","error":{"type":"not_found_error","message":"Not Found"}}"#, "C5"),
        (r#"{"type":"error","error":{"type":"billing_error","message":"There is a problem"}}"#, "N"),
        (r#"{"type":"error","error":{"type":"rate_limit_error","message":"too many"}}"#, "N"),
        (r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, "N"),
        (r#"{"type":"error","error":{"type":"api_error","message":"Internal server error"}}"#, "N"),
        (
            r#"{"error":{"message":"Authentication Error, Invalid proxy server token passed.","type":"auth_error","param":"None","code":"401"}}"#,
            "C5",
        ),
        (r#"{"error": "invalid_grant", "error_description": "Refresh token not found or invalid"}"#, "C2"),
        (r#"{"message": "The security token included in the request is expired"}"#, "C5"),
        (r#"{"message": "You don't have access to the model with the specified model ID."}"#, "C5"),
        (
            r#"{"error": {"code": 401, "message": "Request had invalid authentication credentials.", "status": "UNAUTHENTICATED"}}"#,
            "C5",
        ),
        (
            r#"{"error": {"code": 403, "message": "Permission 'aiplatform.endpoints.predict' denied", "status": "PERMISSION_DENIED"}}"#,
            "C5",
        ),
        (r#"{"error":{"message":"Invalid URL (POST /v1/messages)","type":"invalid_request_error"}}"#, "C5"),
    ] {
        judge(&explain(body), accepted).unwrap_or_else(|why| panic!("{body}: {why}"));
    }
}

#[test]
fn clouds_helpers_headers_proxies_and_certificates() {
    for (text, code) in [
        (
            "API Error: Could not load AWS credentials · Could not load credentials from any providers. Check or refresh your AWS credentials and try again.",
            "AL-5-78",
        ),
        (
            "AWS authentication failed · refresh your AWS credentials (SSO sign-in, access keys, API key or proxy token) and retry · if credentials are current, check AWS permissions and model access · API Error: 403 words nobody has seen",
            "AL-5-79",
        ),
        (
            "AWS authentication failed · enable this model for your account and region in the Amazon Bedrock console, or run --model to pick another model · API Error: 403 You don't have access to the model with the specified model ID.",
            "AL-5-82",
        ),
        ("AWS credentials expired or invalid · run aws sso login · API Error: 401", "AL-5-80"),
        (
            "The model us.anthropic.claude-opus-5-5 is not available on your bedrock deployment. Try --model to switch to us.anthropic.claude-opus-5",
            "AL-5-82",
        ),
        ("The model claude-opus-5-5 is not available on your vertex deployment.", "AL-5-89"),
        (
            "API Error: Could not load Google Cloud credentials · Could not load the default credentials. Browse to https://cloud.google.com/docs/authentication",
            "AL-5-85",
        ),
        (
            "API Error: Could not load Google Cloud credentials · invalid_grant: reauth related error (invalid_rapt)",
            "AL-5-86",
        ),
        (
            "Google Cloud credentials expired or invalid · refresh your Google Cloud credentials · API Error: 401 Request had invalid authentication credentials.",
            "AL-5-86",
        ),
        ("Google Cloud authentication failed · check access · API Error: 403 words nobody has seen", "AL-5-87"),
        ("API Error: No projectId was given and it could not be resolved from credentials.", "AL-5-88"),
        (
            "API Error: Must provide one of the `baseURL` or `resource` arguments, or the `ANTHROPIC_FOUNDRY_RESOURCE` environment variable",
            "AL-5-90",
        ),
        ("API Error: baseURL and resource are mutually exclusive", "AL-5-91"),
        (
            "API Error: Could not load Azure credentials · Failed to get token from azureADTokenProvider: ChainedTokenCredential authentication failed.",
            "AL-5-92",
        ),
        (
            "Microsoft Foundry authentication failed · refresh your Foundry credential (ANTHROPIC_FOUNDRY_AUTH_TOKEN, ANTHROPIC_FOUNDRY_API_KEY) and retry · API Error: 401",
            "AL-5-93",
        ),
        (
            "API Error: No workspace ID found. Set `workspaceId` in the constructor or the `ANTHROPIC_AWS_WORKSPACE_ID` environment variable.",
            "AL-5-95",
        ),
        (
            "Your apiKeyHelper script is failing · This usually means you need to re-authenticate with your provider",
            "AL-4-52",
        ),
        ("apiKeyHelper failed: exited 1: oops", "AL-4-52"),
        ("apiKeyHelper failed: exited 126: /bin/sh: 1: /home/proj/helper.sh: Permission denied", "AL-4-64"),
        ("apiKeyHelper failed: did not return a value", "AL-4-62"),
        (
            "Invalid API key · Fix external API key · Invalid X-Api-Key header value from ANTHROPIC_API_KEY: it contains a line break at character 12 (48 characters).",
            "AL-1-50",
        ),
        (
            "Invalid auth token · Fix external auth token · Invalid Authorization header value from CLAUDE_CODE_OAUTH_TOKEN: it contains an ellipsis character (U+2026) at character 48 (48 characters).",
            "AL-1-51",
        ),
        ("Invalid ANTHROPIC_CUSTOM_HEADERS · Fix the environment variable", "AL-1-52"),
        (
            "Login expired · Run /login to sign in again, or re-authenticate your Anthropic profile · API Error: User OAuth refresh failed (HTTP 400): {\"error\":\"invalid_grant\"}",
            "AL-2-60",
        ),
        (
            "API Error: Credentials file at /home/u/.config/anthropic/credentials/default.json is group/world-readable (mode 0o644); run `chmod 600`",
            "AL-2-74",
        ),
        ("API Error: Failed to read identity token file /run/token: ENOENT", "AL-2-75"),
        (
            "API Error: Couldn't connect through your proxy (ERR_PROXY_TUNNEL) — the proxy refused the tunnel: check its credentials and that it allows this host",
            "AL-5-57",
        ),
        ("API Error: Unable to connect to API (UnsupportedProxyProtocol)", "AL-5-59"),
        ("Invalid proxy URL in HTTPS_PROXY: \"not a url\" cannot be parsed as a URL.", "AL-5-60"),
        ("API Error: Unable to connect to API (EPROTO)", "AL-5-61"),
        ("API Error: Unable to connect to API (ECONNREFUSED)", "AL-5-50"),
        ("Unable to connect to API (ECONNREFUSED)", "AL-5-50"),
        ("Unable to connect to API (FailedToOpenSocket)", "AL-5-51"),
        ("Unable to connect to API (EPROTO)", "AL-5-61"),
        ("self-signed certificate in certificate chain", "AL-5-63"),
        ("Error: unable to get local issuer certificate", "AL-5-63"),
        ("API Error: Unable to connect to API (A_CODE_NOBODY_HAS_SEEN)", "AL-5-54"),
        ("API Error: Invalid URL", "AL-5-62"),
        ("API Error: Connection dropped (ECONNRESET). Check the proxy set in HTTPS_PROXY, then try again.", "AL-5-53"),
        ("API Error: Connection refused — a firewall or proxy may be blocking it (ECONNREFUSED)", "AL-5-50"),
        ("API Error: Can't reach the API server — check your internet or DNS (ENOTFOUND)", "AL-5-51"),
        (
            "API Error: Unable to connect to API: SSL certificate verification failed (UNABLE_TO_VERIFY_LEAF_SIGNATURE). The certificates the server sent don't lead to a trusted authority.",
            "AL-5-63",
        ),
        (
            "API Error: Unable to connect to API: Self-signed certificate detected (DEPTH_ZERO_SELF_SIGNED_CERT)",
            "AL-5-64",
        ),
        (
            "API Error: Unable to connect to API: Self-signed certificate detected (SELF_SIGNED_CERT_IN_CHAIN)",
            "AL-5-63",
        ),
        ("API Error: Unable to connect to API: SSL certificate has expired", "AL-5-65"),
        ("API Error: Unable to connect to API: SSL certificate hostname mismatch", "AL-5-66"),
        (
            "Request timed out. If the API is slow to answer, or a proxy or gateway holds responses, set API_TIMEOUT_MS above 3000.",
            "AL-5-56",
        ),
        (
            "These settings did not load, so nothing in them is in effect, including hooks:\n  /home/proj/.claude/settings.json (env): Expected record, but received string",
            "AL-4-50",
        ),
        (
            "This machine's managed settings require a first-party login: they pin Anthropic sign-ins to your organization (forceLoginOrgUUID), and this session is configured with an API key",
            "AL-0-54",
        ),
        (
            "Your organization's managed settings allow Claude Code to use no API provider at all (allowedProviders lists only unrecognized entries), so it cannot start on this machine.",
            "AL-0-56",
        ),
        ("Your organization's managed settings allow Claude Code to use: bedrock", "AL-0-55"),
        (
            "/etc/claude-code/managed-settings.json: Managed settings document could not be parsed as a JSON object; none of its settings are in effect.",
            "AL-0-64",
        ),
        ("Configuration error in /home/u/.claude.json: JSON Parse error", "AL-4-54"),
    ] {
        let answer = explain(text);
        assert_eq!(answer.code.as_deref(), Some(code), "{text}");
        if let Some(accepted) = accepted_by_text(text) {
            judge(&answer, accepted).unwrap_or_else(|why| panic!("{text}: {why}"));
        }
    }
}

// ---------------------------------------------------------------------------------------------- what people paste

#[test]
fn what_differs_between_two_copies_of_a_message_does_not_count() {
    let signed_out = "Not logged in · Please run /login";
    for paste in [
        "Not logged in · Please run /login\n".to_owned(),
        "NOT LOGGED IN. PLEASE RUN /LOGIN".to_owned(),
        "Not logged in - Please run /login".to_owned(),
        "error: Not logged in • Please run /login".to_owned(),
        "\u{1b}[31mNot logged in\u{1b}[0m · \u{1b}[1mPlease run /login\u{1b}[22m".to_owned(),
        r#"{"type":"result","result":"Not logged in \u00b7 Please run \/login","is_error":true}"#.to_owned(),
        r"stderr: '\x1b[31mNot logged in\x1b[39m · Please run /login\n'".to_owned(),
        r#""{\"result\":\"Not logged in\\n· Please run /login\"}""#.to_owned(),
        "│ Not logged in · Please │\n│ run /login             │".to_owned(),
        "> Not logged in ·\n> Please run /login".to_owned(),
        "Not log\nged in · Please run /lo\ngin".to_owned(),
        "Not logged in\u{a0}·\u{200b} Please run\u{2028}/login".to_owned(),
        format!(
            "$ claude -p hi\r\n2026-11-23T10:00:00Z WARN {signed_out}\r\n    at Object.<anonymous> (/app/index.js:10:5)\r\n"
        ),
    ] {
        let answer = explain(&paste);
        assert_eq!(answer.phrase.as_deref(), Some(signed_out), "{paste}");
        assert_eq!(answer.cause, Some(Cause::Login), "{paste}");
    }
    for paste in
        ["You’ve hit your limit · resets 3pm", "“You've hit your limit”", "API Error: You've hit your weekly limit"]
    {
        assert_eq!(explain(paste).code.as_deref(), Some("AL-9-01"), "{paste}");
    }
}

#[test]
fn unrelated_text_is_not_recognised() {
    for text in [
        "",
        " \n\t",
        "hello",
        "·",
        "claude",
        "Traceback (most recent call last):\n  File \"app.py\", line 3, in <module>\n    main()\nValueError: invalid literal for int() with base 10: 'x'",
        "thread 'main' panicked at src/main.rs:4:5:\nindex out of bounds: the len is 3 but the index is 7",
        "TypeError: Cannot read properties of undefined (reading 'map')\n    at Object.<anonymous> (/srv/app/index.js:10:5)",
        "Error: connect ECONNREFUSED 127.0.0.1:5432",
        "bash: /usr/bin/foo: Permission denied",
        "error: failed to push some refs to 'origin'",
        "401",
        "The quick brown fox logged in.",
        "AL-4",
    ] {
        let answer = explain(text);
        assert!(!answer.recognised && answer.meanings.is_empty(), "{text:?} was taken for {:?}", answer.phrase);
        assert_eq!((answer.cause, answer.exit_code()), (None, 3), "{text:?}");
    }
}

#[test]
fn a_message_is_found_at_either_end_of_a_very_long_paste() {
    let filler = "ö· zeile 17 of a log that says nothing 漢字 \u{1f980}\n".repeat(40_000);
    let message = "Failed to authenticate. API Error: 401 Invalid bearer token";
    for (paste, found) in
        [(format!("{message}\n{filler}"), true), (format!("{filler}{message}"), true), (filler.clone(), false)]
    {
        assert!(paste.len() > 4 * explain::MOST_BYTES);
        assert_eq!(explain(&paste).recognised, found);
    }
    // The cut may fall on any byte of a character.
    for shift in 0..8 {
        let paste = format!("{}{}\n{message}", "x".repeat(shift), "\u{1f980}".repeat(explain::MOST_BYTES / 2));
        assert_eq!(explain(&paste).code.as_deref(), Some("AL-3-51"));
    }
}

#[test]
fn broken_escapes_and_sequences_lose_nothing_around_them() {
    for noise in [
        "\u{1b}[",
        "\u{1b}]0;title\u{7}",
        "\u{1b}]8;;https://x\u{1b}\\",
        "\\",
        "\\u",
        "\\u12",
        "\\ud83d",
        "\\x",
        "\u{9b}1m",
        "\0",
    ] {
        let paste = format!("{noise} Credit balance is too low {noise}");
        assert_eq!(explain(&paste).code.as_deref(), Some("AL-9-06"), "{noise:?}");
    }
}

#[test]
fn nothing_of_the_text_is_repeated() {
    let canary = ["sk-ant-", "api03-CANARY1-of-a-paste"].concat();
    let answer =
        explain(&format!("ANTHROPIC_API_KEY={canary} claude\nInvalid API key · Fix external API key {canary}"));
    assert!(answer.recognised);
    for shown in [format!("{answer:?}"), serde_json::to_string(&answer).unwrap()] {
        assert!(!shown.contains("CANARY"), "{shown}");
    }
}

// ---------------------------------------------------------------------------------------------- what is answered

#[test]
fn the_document_is_that_of_the_contract() {
    let answer = serde_json::to_value(explain("Invalid API key · Fix external API key")).unwrap();
    let keys: Vec<_> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["schema", "recognised", "phrase", "cause", "code", "meanings", "not_sign_in"]);
    assert_eq!(answer["schema"], "authlight.explanation/1");
    assert_eq!(answer["cause"], "C3.key");
    let meaning = &answer["meanings"][0];
    let keys: Vec<_> = meaning.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["when", "cause", "code", "do"]);
    assert_eq!((&meaning["cause"], &meaning["code"]), (&answer["cause"], &answer["code"]));

    let money = serde_json::to_value(explain("Credit balance is too low")).unwrap();
    assert_eq!((&money["not_sign_in"], &money["cause"]), (&Value::Bool(true), &Value::Null));
    let unknown = serde_json::to_value(explain("hello")).unwrap();
    assert_eq!(
        (&unknown["recognised"], &unknown["phrase"], &unknown["code"]),
        (&Value::Bool(false), &Value::Null, &Value::Null)
    );
}

#[test]
fn phrases_with_two_meanings_are_told_apart_by_what_stands_beside_them() {
    let alone = explain("Not logged in · Please run /login");
    assert_eq!(alone.cause, Some(Cause::Login));
    assert!(alone.meanings.iter().any(|meaning| meaning.cause == Some(Cause::Key)), "it can mean a refused token too");

    let refused = explain(r#"{"is_error":true,"api_error_status":401,"result":"Not logged in · Please run /login"}"#);
    assert_eq!(refused.cause, Some(Cause::Key));
    let nothing_sent =
        explain(r#"{"is_error":true,"api_error_status":null,"result":"Not logged in · Please run /login"}"#);
    assert!(nothing_sent.meanings.iter().all(|meaning| meaning.cause != Some(Cause::Key)));

    let model = explain("There's an issue with the selected model (x). It may not exist");
    assert!(model.not_sign_in);
    assert!(
        model.meanings.iter().any(|meaning| meaning.cause == Some(Cause::Endpoint)),
        "a base URL with /v1 says so too"
    );
    let address =
        explain("ANTHROPIC_BASE_URL=https://gw.example/v1 claude -p hi\nThere's an issue with the selected model (x).");
    assert_eq!(address.cause, Some(Cause::Endpoint));
}

#[test]
fn a_message_that_matters_wins_over_a_remark_beside_it() {
    let answer = explain(
        "⚠ Claude Sonnet 4.5 will be retired on November 30, 2026. Consider switching to a newer model.\n\
         These settings entries were skipped; the rest of each source is in effect:\n  x (hooks): …\n\
         Failed to authenticate: OAuth session expired and could not be refreshed",
    );
    assert_eq!(answer.code.as_deref(), Some("AL-2-51"));
}

#[test]
fn lines_that_guides_teach_name_the_command_that_exists() {
    let english = Phrases::english();
    for line in [
        "Error: API key not configured. Run 'claude login' or set ANTHROPIC_API_KEY.",
        "Error: authentication_error - OAuth token has expired. Run 'claude login' to re-authenticate.",
        "claude login",
        "I ran ‘claude login’ and nothing happened",
    ] {
        let mut answer = explain(line);
        answer.say(&english);
        let answer = serde_json::to_value(answer).unwrap();
        assert_eq!(answer["cause"], "C2.login", "{line}");
        let first = &answer["meanings"][0];
        assert!(first["when"].as_str().unwrap().contains("no such command"), "{first}");
        assert!(first["do"].as_str().unwrap().contains("claude auth login"), "{first}");
    }
    assert_eq!(explain("Error: invalid_api_key - API key is invalid or has been revoked.").cause, Some(Cause::Key));
    let endpoint = explain("Error: authentication_error - Could not authenticate with the configured API endpoint.");
    assert_eq!(endpoint.cause, Some(Cause::Endpoint));
}

#[test]
fn a_code_is_taken_for_a_code() {
    assert_eq!(explain::as_code(" al-4-02\n").as_deref(), Some("AL-4-02"));
    assert_eq!(explain::as_code("AL-5-100").as_deref(), Some("AL-5-100"));
    for no_code in ["AL-4-02 AL-4-03", "AL-5-200", "AL-5-1000", "AL-5-1"] {
        assert_eq!(explain::as_code(no_code), None, "{no_code}");
    }
    let answer = explain("al-2-51");
    assert_eq!((answer.code.as_deref(), answer.phrase), (Some("AL-2-51"), None));
}

// ---------------------------------------------------------------------------------------------- the table

#[test]
fn the_table_is_wide_enough_and_each_row_leads_to_itself() {
    assert!(explain::phrases().len() >= 110 && explain::codes().count() >= 110);
    for phrase in explain::phrases() {
        let answer = explain(phrase.says);
        // A row that needs something beside it may be silent alone, but never another's.
        assert!(
            answer.phrase.is_none() || answer.phrase.as_deref() == Some(phrase.says),
            "{}: {:?} is taken for {:?}",
            phrase.id,
            phrase.says,
            answer.phrase
        );
        let causes: BTreeSet<_> = phrase.meanings().filter_map(|meaning| meaning.cause).collect();
        assert!(causes.len() <= 3, "{}", phrase.id);
        assert!(phrase.proven == phrase.source.contains("seen: "), "{}: proven means seen", phrase.id);
    }
    let silent = explain::phrases().iter().filter(|phrase| !explain(phrase.says).recognised).count();
    assert!(silent <= 20, "{silent} rows need something beside them");
}

/// The words of `phrases.ftl`, read as far as that file goes: attributes of one line.
struct Phrases(HashMap<String, String>);

impl Phrases {
    fn english() -> Self {
        let text = fs::read_to_string(repository().join("assets/locales/en/phrases.ftl")).unwrap();
        let mut words = HashMap::new();
        let mut code = "";
        for line in text.lines() {
            if let Some(name) = line.strip_suffix(" =") {
                code = name;
            } else if let Some((attribute, said)) =
                line.trim_start().strip_prefix('.').and_then(|l| l.split_once(" = "))
            {
                assert!(words.insert(format!("{code}.{attribute}"), said.to_owned()).is_none(), "{code} twice");
            }
        }
        Self(words)
    }
}

impl Words for Phrases {
    fn say(&self, message: &Message) -> String {
        // A meaning that a check finds too has its words beside those of the check.
        self.0.get(message.key.as_ref()).cloned().unwrap_or_else(|| message.key.to_string())
    }
}

#[test]
fn every_meaning_has_words_and_no_words_are_left_over() {
    let of_a_check = |code: &str| !code.starts_with("AL-9") && code[5..] < *"50";
    let own = explain::codes().filter(|code| !of_a_check(code));
    let mut keys: BTreeSet<_> = own.flat_map(|code| [format!("{code}.when"), format!("{code}.do")]).collect();
    for (key, said) in Phrases::english().0 {
        assert!(keys.remove(&key), "no meaning is {key}");
        assert!(said.ends_with('.') || said.contains("https://"), "{key}: a sentence ends");
        let lower = said.to_lowercase();
        for harsh in ["invalid", "illegal", "fatal", "{"] {
            assert!(!lower.contains(harsh), "{key}: {harsh:?}");
        }
    }
    assert!(keys.is_empty(), "no words for {keys:?}");
}
