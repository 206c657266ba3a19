//! The endings: a row each.

use authlight_core::report::CredentialKind::{self, ApiKey, ApiKeyHelper, AuthToken, ManagedKey};
use authlight_core::report::Outcome::{
    Blocked, Intercepted, Limited, NotTested, Rejected, ServerError, TimedOut, Unreachable, Verified,
};
use authlight_core::report::Stage::{Auth, Dns, Http, Permission, Proxy, Quota, Responder, Tcp, Tls};
use authlight_core::report::Status::{Unknown, Warn};

use super::certificates::Shown;
use super::reply::{
    Act, COUNT, FOREIGN, MODELS, PORTAL, Replies, Reply, answer, api_error, api_error_with, bomb, gateway_error, head,
    html, json, nothing, page, raw,
};
use super::server::Proxying;
use super::world::{Ending, ProxyScript, Start};

/// What this test sends and what was tried with each refusal.
const EACH: [CredentialKind; 4] = [ApiKey, ApiKeyHelper, AuthToken, ManagedKey];
const TWO: [CredentialKind; 2] = [ApiKey, AuthToken];
/// Read of a body, and what the system's buffers take besides.
const BODY: usize = 256 * 1024 + 12 * 1024 * 1024;

/// Every row.
pub fn endings() -> Vec<Ending> {
    [api(), gateways(), pages(), redirects(), hostile(), broken(), certificates(), handshakes(), proxies(), ways()]
        .concat()
}

/// `models` first, then `count`.
fn then(models: Reply, count: Reply) -> Replies {
    Replies { models: Some(models), otherwise: count, ..Replies::default() }
}

fn known() -> Reply {
    json(200, MODELS)
}

fn counted() -> Reply {
    json(200, COUNT)
}

fn not_found() -> Reply {
    api_error(404, "not_found_error", "Not Found")
}

fn portal(status: u16) -> Reply {
    html(status, PORTAL)
}

const NO_ANSWER: &str = "API Error: API returned an empty or malformed response (HTTP 200) — check for a proxy or \
                         gateway intercepting the request.";
const MODEL: &str = "There's an issue with the selected model";
const NO_JSON: &str = "API Error: JSON Parse error: ";
const LOST: &str = "API Error: Connection to the API was lost (ECONNRESET).";
const MALFORMED: &str = "API Error: Unable to connect to API (Malformed_HTTP_Response)";
const LENGTH: &str = "API Error: Unable to connect to API (InvalidContentLength)";
const LEAF: &str =
    "API Error: Unable to connect to API: SSL certificate verification failed (UNABLE_TO_VERIFY_LEAF_SIGNATURE).";
const IN_CHAIN: &str =
    "API Error: Unable to connect to API: Self-signed certificate detected (SELF_SIGNED_CERT_IN_CHAIN).";
const HANDSHAKE: &str = "API Error: Unable to connect to API (EPROTO)";
const DROPPED: &str = "API Error: Connection dropped (ECONNRESET).";

/// The API itself: every row of the table of failures, and what it says besides.
#[rustfmt::skip]
fn api() -> Vec<Ending> {
    let auth = |name, message: &str| Ending::http(name, api_error(401, "authentication_error", message))
        .halts(Auth, "live-auth-rejected", Rejected);
    let forbidden = |name, message: &str| Ending::http(name, api_error(403, "permission_error", message))
        .halts(Permission, "live-permission-refused", Blocked);
    let trouble = |name, status, kind, message| Ending::http(name, api_error(status, kind, message))
        .halts(Http, "live-http-server-error", ServerError);
    vec![
        auth("401_invalid_key", "invalid x-api-key")
            .all_say(&[ApiKey, ApiKeyHelper], "Invalid API key · Fix external API key")
            .and(AuthToken, Some("Not logged in · Please run /login"))
            .and(ManagedKey, Some("Not logged in · Please run /login")),
        auth("401_invalid_bearer", "Invalid bearer token")
            .all_say(&EACH, "Failed to authenticate. API Error: 401 Invalid bearer token"),
        auth("401_oauth_expired", "OAuth token has expired. Please obtain a new token or refresh your existing token.")
            .all_say(&EACH, "Failed to authenticate. API Error: 401 OAuth token has expired. Please obtain a new token or refresh your existing token."),
        auth("401_oauth_invalid", "Invalid authentication credentials")
            .all_say(&EACH, "Failed to authenticate. API Error: 401 Invalid authentication credentials"),
        auth("401_oauth_unsupported", "OAuth authentication is currently not supported.")
            .all_say(&EACH, "Failed to authenticate. API Error: 401 OAuth authentication is currently not supported."),
        auth("401_oauth_revoked", "OAuth token has been revoked. Please obtain a new token.")
            .all_say(&EACH, "Failed to authenticate. API Error: 401 OAuth token has been revoked. Please obtain a new token."),
        auth("401_long_sentence", "x".repeat(400).as_str()).says("Failed to authenticate. API Error: 401 xxxxxxxx"),
        Ending::http("401_no_body", answer(401, &[("request-id", "req_FAKE0001")], "")).halts(Auth, "live-auth-rejected", Rejected)
            .says("Failed to authenticate. API Error: 401 status code (no body)"),
        Ending::http("403_no_body", answer(403, &[], "")).halts(Responder, "live-responder-refusal", Intercepted)
            .says("Failed to authenticate. API Error: 403 status code (no body)"),
        Ending::http("500_no_body", answer(500, &[], "")).halts(Http, "live-http-server-error", ServerError)
            .says("API Error: 500 status code (no body). This is a server-side issue"),
        forbidden("403_oauth_revoked", "OAuth token has been revoked. Please obtain a new token.")
            .all_say(&EACH, "Failed to authenticate: OAuth token revoked. Please log in again or contact your administrator."),
        forbidden("403_permission", "Your API key does not have permission to use the specified resource.")
            .all_say(&EACH, "Failed to authenticate. API Error: 403 Your API key does not have permission to use the specified resource."),
        forbidden("403_oauth_org", "OAuth authentication is currently not allowed for this organization.")
            .all_say(&EACH, "Your organization has disabled Claude subscription access for Claude Code · Use an Anthropic API key instead, or ask your admin to enable access"),
        forbidden("403_scope", "OAuth token does not meet scope requirement user:inference")
            .all_say(&EACH, "Failed to authenticate. API Error: 403 OAuth token does not meet scope requirement user:inference"),
        Ending::http("403_forbidden", api_error(403, "forbidden", "Request not allowed"))
            .halts(Permission, "live-permission-refused", Blocked)
            .all_say(&EACH, "Failed to authenticate. API Error: 403 Request not allowed"),
        Ending::http("403_org_disabled", api_error(403, "permission_error", "This organization has been disabled."))
            .halts(Permission, "live-permission-disabled", Blocked)
            .all_say(&EACH, "Failed to authenticate. API Error: 403 This organization has been disabled."),
        Ending::http("400_org_disabled", api_error(400, "invalid_request_error", "This organization has been disabled."))
            .halts(Permission, "live-permission-disabled", Blocked)
            .says("Your ANTHROPIC_API_KEY belongs to a disabled organization · Update or unset the environment variable")
            .and(AuthToken, Some("API Error: 400 This organization has been disabled."))
            .and(ApiKeyHelper, Some("API Error: 400 This organization has been disabled."))
            .and(ManagedKey, Some("API Error: 400 This organization has been disabled.")),
        Ending::http("400_credit", api_error(400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits."))
            .halts(Quota, "live-quota-credit", Limited)
            .all_say(&EACH, "Credit balance is too low"),
        Ending::http("400_credit_on_count", then(known(), api_error(400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API.")))
            .halts(Quota, "live-quota-credit", Limited)
            .all_say(&EACH, "Credit balance is too low"),
        Ending::http("400_invalid", api_error(400, "invalid_request_error", "messages: at least one message is required"))
            .comes_to(Auth, Unknown, "live-auth-unclear", NotTested)
            .all_say(&TWO, "API Error: 400 messages: at least one message is required"),
        Ending::http("402_billing", api_error(402, "billing_error", "There is a problem with your billing information."))
            .halts(Quota, "live-quota-credit", Limited)
            .all_say(&TWO, "API Error: 402 There is a problem with your billing information."),
        Ending::http("404_model", then(known(), api_error(404, "not_found_error", "model: claude-fake-model")))
            .comes_to(Permission, Warn, "live-permission-model", Verified).all_say(&TWO, MODEL),
        Ending::http("404_not_found_everywhere", not_found()).comes_to(Auth, Unknown, "live-auth-unclear", NotTested),
        Ending::http("404_plain", answer(404, &[("content-type", "text/plain")], "404 page not found"))
            .halts(Responder, "live-responder-path", Unreachable).all_say(&TWO, MODEL),
        Ending::http("405_html", html(405, "<html><body><h1>405 Method Not Allowed</h1></body></html>"))
            .halts(Responder, "live-responder-path", Unreachable).all_say(&TWO, "API Error: 405 Method Not Allowed"),
        Ending::http("407_proxy", answer(407, &[("content-type", "text/html"), ("proxy-authenticate", "Basic realm=\"corp\"")], "<html><body>Proxy Authentication Required</body></html>"))
            .halts(Proxy, "live-proxy-unset", Unreachable).all_say(&TWO, "API Error: 407 Proxy Authentication Required"),
        Ending::http("413_too_large", api_error(413, "request_too_large", "Request exceeds the maximum size"))
            .comes_to(Auth, Unknown, "live-auth-unclear", NotTested)
            .all_say(&TWO, "Request too large (max 32MB). Accumulated images and attachments in the conversation pushed the request over the limit."),
        Ending::http("429_rate", api_error_with(429, "rate_limit_error", "This request would exceed your organization's rate limit of 50 requests per minute.", &[("retry-after", "1")]))
            .comes_to(Quota, Warn, "live-quota-rate", Verified)
            .all_say(&TWO, "API Error: Request rejected (429) · This request would exceed your organization's rate limit of 50 requests per minute."),
        Ending::http("429_usage", api_error_with(429, "rate_limit_error", "This request would exceed your account's rate limit. Please try again later.", &[
                ("anthropic-ratelimit-unified-status", "rejected"), ("anthropic-ratelimit-unified-reset", "4102444800"),
                ("anthropic-ratelimit-unified-representative-claim", "five_hour"), ("anthropic-ratelimit-unified-overage-status", "rejected")]))
            .comes_to(Quota, Warn, "live-quota-rate", Verified)
            .all_say(&TWO, "API Error: Request rejected (429) · This request would exceed your account's rate limit. Please try again later."),
        trouble("500", 500, "api_error", "Internal server error")
            .all_say(&TWO, "API Error: 500 Internal server error. This is a server-side issue, usually temporary — try again in a moment. If it persists, check your inference gateway ({endpoint})."),
        trouble("529", 529, "overloaded_error", "Overloaded")
            .all_say(&TWO, "API Error: 529 Overloaded. This is a server-side issue, usually temporary — try again in a moment. If it persists, check your inference gateway ({endpoint})."),
        trouble("504_timeout", 504, "timeout_error", "Request timed out")
            .says("API Error: 504 Request timed out. This is a server-side issue"),
        Ending::http("502_html", html(502, "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"))
            .halts(Http, "live-http-server-error", ServerError)
            .all_say(&TWO, "API Error: 502 Bad Gateway. This is a server-side issue, usually temporary — try again in a moment. If it persists, check your inference gateway ({endpoint})."),
        Ending::http("503_plain", answer(503, &[("content-type", "text/plain")], "upstream connect error"))
            .halts(Http, "live-http-server-error", ServerError)
            .all_say(&TWO, "API Error: 503 upstream connect error. This is a server-side issue, usually temporary — try again in a moment. If it persists, check your inference gateway ({endpoint})."),
        Ending::http("captive_200", portal(200)).halts(Responder, "live-responder-page", Intercepted).all_say(&TWO, NO_ANSWER),
        Ending::http("captive_302", answer(302, &[("location", "http://{elsewhere}/portal/login"), ("content-type", "text/html")], PORTAL))
            .halts(Responder, "live-responder-redirect-away", Intercepted).all_say(&TWO, NO_ANSWER),
        Ending::http("captive_401", portal(401)).halts(Responder, "live-responder-page", Intercepted)
            .all_say(&EACH, "Failed to authenticate. API Error: 401 Corporate Network Login"),
        Ending::http("captive_403", portal(403)).halts(Responder, "live-responder-page", Intercepted)
            .all_say(&TWO, "Failed to authenticate. API Error: 403 Corporate Network Login"),
        Ending::http("empty_200", json(200, "")).halts(Responder, "live-responder-other", Unreachable).all_say(&TWO, NO_ANSWER),
        Ending::http("json_200_other", json(200, r#"{"hello":"world"}"#)).halts(Responder, "live-responder-other", Unreachable).all_say(&TWO, NO_ANSWER),
        Ending::http("litellm_401", gateway_error(401, "auth_error", "Authentication Error, Invalid proxy server token passed."))
            .halts(Auth, "live-auth-rejected", Rejected)
            .all_say(&EACH, "Failed to authenticate. API Error: 401 Authentication Error, Invalid proxy server token passed."),
        Ending::http("openai_404", gateway_error(404, "invalid_request_error", "Invalid URL (POST /v1/messages)"))
            .comes_to(Auth, Unknown, "live-auth-unclear", NotTested),
        Ending::http("close", nothing()).halts(Http, "live-http-no-answer", Unreachable).all_say(&TWO, DROPPED),
        Ending::http("models_and_count", then(known(), counted())).works(),
        Ending::http("models_alone", then(known(), not_found())).verified(),
        Ending::http("count_refused", then(known(), api_error(401, "authentication_error", "invalid x-api-key")))
            .halts(Auth, "live-auth-rejected", Rejected).says("Invalid API key · Fix external API key"),
        Ending::http("count_forbidden", then(known(), api_error(403, "permission_error", "Request not allowed")))
            .halts(Permission, "live-permission-refused", Blocked).says("Failed to authenticate. API Error: 403 Request not allowed"),
        Ending::http("count_alone", then(not_found(), counted())).works(),
        Ending::http("count_after_a_plain_404", then(answer(404, &[], "404 page not found"), counted())).works(),
        Ending::http("count_in_trouble", then(known(), api_error(500, "api_error", "Internal server error"))).verified(),
        Ending::http("count_breaks", then(known(), nothing())).verified(),
        Ending::http("404_model_without_models", then(not_found(), api_error(404, "not_found_error", "model: claude-fake-model")))
            .comes_to(Permission, Warn, "live-permission-model", Verified).all_say(&TWO, MODEL),
        Ending::http("no_models_listed", json(200, r#"{"data":[],"has_more":false}"#)).verified(),
    ]
}

/// Servers of others that speak for a model.
#[rustfmt::skip]
fn gateways() -> Vec<Ending> {
    let refused = |name, reply| Ending::http(name, reply).halts(Auth, "live-auth-rejected", Rejected);
    vec![
        Ending::http("litellm_works", then(json(200, FOREIGN), counted())).works(),
        Ending::http("litellm_list_then_401", then(json(200, FOREIGN), gateway_error(401, "auth_error", "No api key passed in.")))
            .halts(Auth, "live-auth-rejected", Rejected).says("Failed to authenticate. API Error: 401 No api key passed in."),
        refused("litellm_400_auth", gateway_error(400, "auth_error", "Authentication Error, No api key passed in."))
            .says("API Error: 400 Authentication Error, No api key passed in."),
        Ending::http("litellm_budget", gateway_error(400, "budget_exceeded", "Budget has been exceeded! Current cost: 5.1, Max budget: 5.0"))
            .halts(Quota, "live-quota-credit", Limited).says("API Error: 400 Budget has been exceeded! Current cost: 5.1, Max budget: 5.0"),
        Ending::http("litellm_429", gateway_error(429, "throttling_error", "Rate limit reached for this key"))
            .halts(Quota, "live-quota-gateway", Limited).says("API Error: Request rejected (429) · Rate limit reached for this key"),
        Ending::http("litellm_model_unknown", then(json(200, FOREIGN), gateway_error(400, "not_found_error", "model=claude-x not found")))
            .comes_to(Permission, Warn, "live-permission-model", Verified).says("API Error: 400 model=claude-x not found"),
        Ending::http("litellm_500", gateway_error(500, "internal_error", "Connection error."))
            .halts(Http, "live-http-server-error", ServerError).says("API Error: 500 Connection error. This is a server-side issue"),
        refused("openrouter_401", json(401, r#"{"error":{"message":"No auth credentials found","code":401}}"#))
            .says("Failed to authenticate. API Error: 401 No auth credentials found"),
        Ending::http("openrouter_402", json(402, r#"{"error":{"message":"Insufficient credits. Add more to go on.","code":402}}"#))
            .halts(Quota, "live-quota-credit", Limited).says("API Error: 402 Insufficient credits. Add more to go on."),
        refused("one_api_401", json(401, r#"{"error":{"message":"No such token (request id: 2026)","type":"one_api_error"}}"#))
            .says("Failed to authenticate. API Error: 401 No such token (request id: 2026)"),
        refused("new_api_401", json(401, r#"{"error":{"code":"","message":"Token unknown (request id: 2026)","type":"new_api_error"}}"#))
            .says("Failed to authenticate. API Error: 401 Token unknown (request id: 2026)"),
        Ending::http("new_api_no_quota", json(403, r#"{"error":{"code":"insufficient_user_quota","message":"The quota of the user is used up","type":"new_api_error"}}"#))
            .halts(Quota, "live-quota-credit", Limited).says("Failed to authenticate. API Error: 403 The quota of the user is used up"),
        Ending::http("new_api_no_channel", json(503, r#"{"error":{"message":"No channel for this model","type":"new_api_error"}}"#))
            .halts(Http, "live-http-server-error", ServerError).says("API Error: 503 No channel for this model. This is a server-side issue"),
        refused("kong_key_missing", answer(401, &[("content-type", "application/json"), ("www-authenticate", "Key realm=\"kong\""), ("server", "kong/3.9.1")], r#"{"message":"No API key found in request"}"#))
            .says("Failed to authenticate. API Error: 401 No API key found in request"),
        Ending::http("kong_no_route", answer(404, &[("content-type", "application/json"), ("server", "kong/3.9.1")], r#"{"message":"no Route matched with those values"}"#))
            .halts(Responder, "live-responder-path", Unreachable).says(MODEL),
        refused("azure_apim_401", answer(401, &[("content-type", "application/json"), ("www-authenticate", "AzureApiManagementKey realm=\"https://gw.example\"")], r#"{"statusCode":401,"message":"Access denied: a subscription key is missing."}"#))
            .says("Failed to authenticate. API Error: 401 Access denied: a subscription key is missing."),
        Ending::http("aws_gateway_403", answer(403, &[("content-type", "application/json"), ("x-amzn-errortype", "ForbiddenException"), ("x-amzn-requestid", "FAKE-1")], r#"{"message":"Forbidden"}"#))
            .halts(Responder, "live-responder-refusal", Intercepted).says("Failed to authenticate. API Error: 403 Forbidden"),
        Ending::http("aws_gateway_no_route", answer(403, &[("content-type", "application/json"), ("x-amzn-errortype", "MissingAuthenticationTokenException")], r#"{"message":"Missing Authentication Token"}"#))
            .halts(Responder, "live-responder-refusal", Intercepted).says("Failed to authenticate. API Error: 403 Missing Authentication Token"),
        Ending::http("nginx_401", page(401, "401 Authorization Required", &[("server", "nginx"), ("www-authenticate", "Basic realm=\"llm\"")]))
            .halts(Responder, "live-responder-refusal", Intercepted).says("Failed to authenticate. API Error: 401 Authorization Required"),
        Ending::http("nginx_404", page(404, "404 Not Found", &[("server", "nginx")])).halts(Responder, "live-responder-path", Unreachable).says(MODEL),
        Ending::http("nginx_413", page(413, "413 Request Entity Too Large", &[("server", "nginx")])).halts(Responder, "live-responder-other", Unreachable).says("Request too large (max 32MB)."),
        Ending::http("nginx_504", page(504, "504 Gateway Time-out", &[("server", "nginx")]))
            .halts(Http, "live-http-server-error", ServerError).says("API Error: 504 Gateway Time-out. This is a server-side issue"),
        Ending::http("nginx_wants_client_certificate", page(400, "400 No required SSL certificate was sent", &[("server", "nginx")]))
            .halts(Responder, "live-responder-client-certificate", Unreachable).says("API Error: 400 No required SSL certificate was sent"),
        Ending::http("google_front_end_404", page(404, "Error 404 (Not Found)!!1", &[("server", "ghs")])).halts(Responder, "live-responder-path", Unreachable).says(MODEL),
        Ending::http("google_front_end_403", page(403, "Error 403 (Forbidden)!!1", &[])).halts(Responder, "live-responder-refusal", Intercepted)
            .says("Failed to authenticate. API Error: Error 403 (Forbidden)!!1"),
        Ending::http("fastapi_405", json(405, r#"{"detail":"Method Not Allowed"}"#)).halts(Responder, "live-responder-path", Unreachable),
        Ending::http("ollama", then(json(200, FOREIGN), answer(404, &[("content-type", "text/plain")], "404 page not found")))
            .comes_to(Auth, Unknown, "live-auth-unclear", NotTested),
        Ending::http("foreign_list_strange_question", then(json(200, FOREIGN), json(422, r#"{"detail":[]}"#))).comes_to(Auth, Unknown, "live-auth-unclear", NotTested),
        Ending::http("foreign_list_with_the_mark_of_the_api", answer(200, &[("request-id", "req_FAKE0001")], FOREIGN)).verified(),
        Ending::http("foreign_list_everywhere", json(200, FOREIGN)).comes_to(Auth, Unknown, "live-auth-unclear", NotTested),
        Ending::http("base_url_ends_with_v1", Replies { otherwise: answer(404, &[], "404 page not found"), ..Replies::default() }).below("/v1")
            .halts(Responder, "live-responder-path", Unreachable).says(MODEL),
    ]
}

/// Pages for people, by somebody on the way.
#[rustfmt::skip]
fn pages() -> Vec<Ending> {
    let shown = |name, status, title, headers: &[(&str, &str)]| Ending::http(name, page(status, title, headers))
        .halts(Responder, "live-responder-page", Intercepted);
    let sent_on = |name, status, to| Ending::http(name, answer(status, &[("location", to)], ""))
        .halts(Responder, "live-responder-redirect-away", Intercepted).says(NO_ANSWER);
    vec![
        shown("hotel_portal", 200, "Welcome, guest: please agree to the terms", &[]).says(NO_ANSWER),
        shown("portal_511", 511, "Network Authentication Required", &[]).says("API Error: 511 Network Authentication Required. This is a server-side issue"),
        shown("portal_401_with_a_mark", 401, "Sign in to continue", &[("request-id", "req_x")]).says("Failed to authenticate. API Error: 401 Sign in to continue"),
        sent_on("hotel_portal_302", 302, "http://{elsewhere}/guest?mac=1"),
        sent_on("inspector_307", 307, "https://{elsewhere}/auD?origurl=http"),
        shown("zscaler_like_403", 403, "Internet Security by your company", &[("server", "Zscaler/6.2")]).says("Failed to authenticate. API Error: 403 Internet Security by your company"),
        shown("netskope_like_200", 200, "Example Corp: application not approved", &[]).says(NO_ANSWER),
        shown("netskope_like_403", 403, "Example Corp: application not approved", &[("server", "NSPROXY")]).says("Failed to authenticate. API Error: 403 Example Corp: application not approved"),
        shown("palo_alto_like_503", 503, "Web Page Blocked", &[]).says("API Error: 503 Web Page Blocked. This is a server-side issue"),
        shown("fortigate_like_403", 403, "Web Page Blocked!", &[]).says("Failed to authenticate. API Error: 403 Web Page Blocked!"),
        shown("cloudflare_challenge_403", 403, "Just a moment...", &[("server", "cloudflare"), ("cf-mitigated", "challenge")]).says("Failed to authenticate. API Error: 403 Just a moment..."),
        shown("cloudflare_challenge_503", 503, "Just a moment...", &[("server", "cloudflare"), ("cf-mitigated", "challenge")])
            .says("API Error: 503 Just a moment. This is a server-side issue"),
        shown("cloudflare_block_403", 403, "Attention Required! | Cloudflare", &[("server", "cloudflare")]).says("Failed to authenticate. API Error: 403 Attention Required! | Cloudflare"),
        Ending::http("cloudflare_1020_text", answer(403, &[("content-type", "text/plain"), ("server", "cloudflare")], "error code: 1020"))
            .halts(Responder, "live-responder-refusal", Intercepted).says("Failed to authenticate. API Error: 403 error code: 1020"),
        Ending::http("cloudflare_522", page(522, "gw.example | 522: Connection timed out", &[("server", "cloudflare")]))
            .halts(Http, "live-http-server-error", ServerError).says("API Error: gw.example | 522: Connection timed out. This is a server-side issue"),
        sent_on("azure_ad_302", 302, "https://{elsewhere}/common/oauth2/authorize?client_id=1"),
        sent_on("okta_302", 302, "https://{elsewhere}/app/llm/sso/saml"),
        shown("azure_ad_page", 200, "Sign in to your account", &[]).says(NO_ANSWER),
        shown("okta_page_403", 403, "Example Corp - Sign In", &[]).says("Failed to authenticate. API Error: 403 Example Corp - Sign In"),
        Ending::http("corporate_403_text", answer(403, &[("content-type", "text/plain")], "Access to this category is not allowed by policy."))
            .halts(Responder, "live-responder-refusal", Intercepted)
            .says("Failed to authenticate. API Error: 403 Access to this category is not allowed by policy."),
        Ending::http("corporate_401_json", json(401, r#"{"error":"login_required"}"#)).halts(Responder, "live-responder-refusal", Intercepted),
        Ending::http("waf_429_text", answer(429, &[("content-type", "text/plain")], "Too many requests from your address"))
            .halts(Responder, "live-responder-refusal", Intercepted).says("API Error: Request rejected (429) · Too many requests from your address"),
        Ending::http("squid_503", page(503, "ERROR: The requested URL could not be retrieved", &[("x-squid-error", "ERR_CONNECT_FAIL 111")]))
            .halts(Http, "live-http-server-error", ServerError).says("API Error: 503 ERROR: The requested URL could not be retrieved. This is a server-side issue"),
        Ending::http("page_called_json", json(200, PORTAL)).halts(Responder, "live-responder-page", Intercepted).says(NO_JSON),
        Ending::http("list_called_page", html(200, MODELS)).halts(Responder, "live-responder-page", Intercepted).says(NO_ANSWER),
        Ending::http("refusal_called_text", answer(401, &[("content-type", "text/plain")], r#"{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}"#))
            .halts(Auth, "live-auth-rejected", Rejected).says("Invalid API key · Fix external API key"),
        Ending::http("refusal_without_a_type", answer(401, &[], r#"{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}"#))
            .halts(Auth, "live-auth-rejected", Rejected).says("Invalid API key · Fix external API key"),
    ]
}

#[rustfmt::skip]
fn redirects() -> Vec<Ending> {
    let same = |name, status, to| Ending::http(name, answer(status, &[("location", to)], "")).halts(Responder, "live-responder-redirect-same", Unreachable);
    vec![
        same("redirect_relative", 301, "/v2/models"),
        same("redirect_to_itself", 302, ""),
        same("redirect_308_other_path", 308, "../llm/models"),
        Ending::http("redirect_cross_origin", answer(302, &[("location", "http://{elsewhere}/v1/models")], ""))
            .halts(Responder, "live-responder-redirect-away", Intercepted).says(NO_ANSWER),
        Ending::http("redirect_without_scheme", answer(302, &[("location", "//{elsewhere}/v1/models")], ""))
            .halts(Responder, "live-responder-redirect-away", Intercepted).says(NO_ANSWER),
        Ending::new("redirect_downgrade", Start::Https(Shown::Good), answer(301, &[("location", "http://{elsewhere}/v1/models")], ""))
            .halts(Responder, "live-responder-redirect-away", Intercepted).says(NO_ANSWER),
        Ending::http("redirect_without_location", answer(302, &[], "")).halts(Responder, "live-responder-redirect-nowhere", Unreachable).says("API Error: 302 status code (no body)"),
        Ending::http("redirect_to_nonsense", answer(302, &[("location", "http://[")], "")).halts(Responder, "live-responder-redirect-nowhere", Unreachable).says("API Error: Unable to connect to API (RedirectURLInvalid)"),
        Ending::http("redirect_on_count", then(known(), answer(302, &[("location", "http://{elsewhere}/")], "")))
            .halts(Responder, "live-responder-redirect-away", Intercepted).says(NO_ANSWER),
        Ending::http("not_modified_304", raw(head(304, &[]))).halts(Responder, "live-responder-redirect-nowhere", Unreachable).says("API Error: 304 status code (no body)"),
    ]
}

/// Endless, huge, slow.
#[rustfmt::skip]
pub fn hostile() -> Vec<Ending> {
    let late = |name, reply: Reply| Ending::http(name, reply).halts(Http, "live-timed-out", TimedOut).says("Request timed out.").endless();
    // Claude Code waits for the end of what has begun.
    let unheard = |name, reply: Reply| Ending::http(name, reply).halts(Http, "live-timed-out", TimedOut).endless();
    let other = |ending: Ending| ending.halts(Responder, "live-responder-other", Unreachable);
    let close_delimited = head(200, &[("content-type", "application/json")]);
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    vec![
        late("first_byte_never", Reply::default().then(Act::Hold)),
        late("head_never_ends", raw("HTTP/1.1 200 OK\r\nx-a: b\r\n").then(Act::Hold)),
        late("head_drips", raw("HTTP/1.1 200 OK\r\nx-a: ").then(Act::Drip(b"a".to_vec()))),
        unheard("body_never_comes", raw(head(200, &[("content-length", "40")])).then(Act::Hold)),
        unheard("body_drips", raw(&close_delimited).then(Act::Drip(b" ".to_vec()))),
        unheard("chunks_drip", raw(head(200, &[("transfer-encoding", "chunked")])).then(Act::Drip(b"1\r\n \r\n".to_vec()))),
        late("early_hints_forever", Reply::default().then(Act::Drip(b"HTTP/1.1 103 Early Hints\r\n\r\n".to_vec()))),
        other(Ending::http("endless_body", raw(&close_delimited).then(Act::SendForever(vec![b' '; 65_536])))).takes(BODY),
        other(Ending::http("endless_chunks", raw(head(200, &[("transfer-encoding", "chunked")])).then(Act::SendForever(chunk.into_bytes())))).takes(BODY),
        Ending::http("endless_page", raw(head(200, &[("content-type", "text/html")])).then(Act::SendForever(vec![b'<'; 65_536])))
            .halts(Responder, "live-responder-page", Intercepted).takes(BODY),
        Ending::http("endless_refusal", raw(head(401, &[])).then(Act::SendForever(vec![b'a'; 65_536])))
            .halts(Responder, "live-responder-refusal", Intercepted).takes(BODY),
        other(Ending::http("gzip_bomb", bomb(64, MODELS))).takes(1 << 20),
        other(Ending::http("gzip_broken", answer(200, &[("content-type", "application/json"), ("content-encoding", "gzip")], MODELS))),
        other(Ending::http("br_unasked", answer(200, &[("content-type", "application/json"), ("content-encoding", "br")], [0x8b; 64]))),
        other(Ending::http("deflate_unasked", answer(200, &[("content-type", "application/json"), ("content-encoding", "deflate")], [0x78, 0x9c, 0xff, 0x01]))),
        other(Ending::http("unknown_encoding", answer(200, &[("content-type", "application/json"), ("content-encoding", "x-secret")], "abcdef"))),
        Ending::http("br_refusal", answer(401, &[("content-encoding", "br"), ("request-id", "req_FAKE0001")], [0x8b; 64]))
            .halts(Auth, "live-auth-rejected", Rejected),
        Ending::http("header_of_a_megabyte", answer(200, &[("x-long", "a".repeat(1 << 20).as_str())], MODELS))
            .halts(Http, "live-http-head-too-long", Unreachable).takes(BODY),
        Ending::http("ten_thousand_headers", raw(format!("HTTP/1.1 200 OK\r\n{}\r\n{MODELS}", "x-many: 1\r\n".repeat(10_000))))
            .halts(Http, "live-http-head-too-long", Unreachable).takes(BODY),
        Ending::http("endless_headers", raw("HTTP/1.1 200 OK\r\n").then(Act::SendForever(b"x-many: 1\r\n".repeat(1000))))
            .halts(Http, "live-http-head-too-long", Unreachable).takes(BODY),
        Ending::http("long_list", then(json(200, &format!(r#"{{"data":[{}],"has_more":false}}"#, r#"{"type":"model","id":"m"},"#.repeat(40_000))), counted()))
            .works().takes(BODY),
        Ending::http("deep_json", json(200, &"[".repeat(200_000))).halts(Responder, "live-responder-other", Unreachable).says(NO_JSON),
        Ending::http("nul_bytes", answer(200, &[("content-type", "application/json")], [0; 4096])).halts(Responder, "live-responder-other", Unreachable).says(NO_JSON),
        Ending::http("control_characters_in_the_sentence", api_error(401, "authentication_error", "bad\u{1b}[31m\u{7} key\r\nnext"))
            .halts(Auth, "live-auth-rejected", Rejected).says("Failed to authenticate. API Error: 401 bad key"),
    ]
}

/// Answers that are none, or not whole.
#[rustfmt::skip]
fn broken() -> Vec<Ending> {
    let refusal = r#"{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}"#;
    let garbled = |name, reply| Ending::http(name, reply).halts(Http, "live-http-not-http", Unreachable);
    let dropped = |name, reply| Ending::http(name, reply).halts(Http, "live-http-no-answer", Unreachable).says(DROPPED);
    vec![
        Ending::new("closes_before_the_request", Start::Closes, nothing()).halts(Http, "live-http-no-answer", Unreachable).says(DROPPED),
        Ending::new("resets_on_the_request", Start::Resets, nothing()).halts(Http, "live-http-no-answer", Unreachable).says(DROPPED),
        dropped("closes_in_the_status_line", raw("HTTP/1.1 20")),
        dropped("closes_in_the_headers", raw("HTTP/1.1 200 OK\r\ncontent-ty")),
        Ending::http("closes_before_the_body", raw(head(200, &[("content-length", "40")]))).halts(Responder, "live-responder-other", Unreachable).says(LOST),
        Ending::http("closes_in_the_body", raw(head(401, &[("content-length", "400"), ("content-type", "application/json")]) + &refusal[..40]))
            .halts(Responder, "live-responder-refusal", Intercepted),
        Ending::http("closes_in_the_body_of_the_api", raw(head(401, &[("content-length", "400"), ("request-id", "req_FAKE0001")]) + &refusal[..40]))
            .halts(Auth, "live-auth-rejected", Rejected),
        Ending::http("length_too_long", raw(head(200, &[("content-length", "4000"), ("content-type", "application/json")]) + MODELS))
            .verified(),
        Ending::http("length_too_short", raw(head(200, &[("content-length", "9"), ("content-type", "application/json")]) + MODELS))
            .halts(Responder, "live-responder-other", Unreachable).says(NO_JSON),
        garbled("length_no_number", raw("HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n")).says(LENGTH),
        garbled("two_lengths", raw(format!("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n{MODELS}"))).says(LENGTH),
        Ending::http("chunk_without_length", raw(head(200, &[("transfer-encoding", "chunked")]) + "zz\r\n{}\r\n0\r\n\r\n"))
            .halts(Responder, "live-responder-other", Unreachable),
        Ending::http("chunks_without_an_end", raw(head(200, &[("transfer-encoding", "chunked"), ("content-type", "application/json")]) + &format!("{:x}\r\n{MODELS}\r\n", MODELS.len())))
            .verified(),
        Ending::http("chunk_of_an_impossible_length", raw(head(200, &[("transfer-encoding", "chunked")]) + "fffffffffffffffff\r\n{}"))
            .halts(Responder, "live-responder-other", Unreachable),
        Ending::http("continue_then_answer", Replies { models: Some(raw([b"HTTP/1.1 100 Continue\r\n\r\n".as_slice(), &bytes(known())].concat())), otherwise: counted(), ..Replies::default() }).works(),
        Ending::http("early_hints_then_answer", Replies { models: Some(raw([b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n".as_slice(), &bytes(known())].concat())), otherwise: counted(), ..Replies::default() }).works(),
        Ending::http("switching_protocols_101", raw("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"))
            .halts(Responder, "live-responder-other", Unreachable),
        Ending::http("no_content_204", raw(head(204, &[]))).halts(Responder, "live-responder-other", Unreachable)
            .says("API Error: API returned an empty or malformed response (HTTP 204)"),
        Ending::http("status_of_its_own_299", json(299, "{}")).halts(Responder, "live-responder-other", Unreachable)
            .says("API Error: API returned an empty or malformed response (HTTP 299)"),
        Ending::http("status_600", json(600, "{}")).halts(Http, "live-http-server-error", ServerError),
        garbled("http_0_9", raw("<html><body>It works</body></html>")),
        garbled("http_2_frames", raw(HTTP_2)),
        garbled("http_version_of_its_own", raw("HTTP/3.7 200 OK\r\n\r\n{}")),
        garbled("status_no_number", raw("HTTP/1.1 OK fine\r\n\r\n")).says(MALFORMED),
        garbled("header_with_a_blank", raw("HTTP/1.1 200 OK\r\nbad name: x\r\n\r\n{}")).says(MALFORMED),
        garbled("tls_on_a_plain_port", raw(ALERT_VERSION)),
        garbled("mail_server", raw("220 mail.example ESMTP\r\n")),
        Ending::new("ssh_server", Start::Greets(raw("SSH-2.0-OpenSSH_10.0\r\n")), nothing()).halts(Http, "live-http-not-http", Unreachable),
    ]
}

/// What a server of HTTP/2 says to a question of HTTP/1.1: its settings, and then that this was no HTTP/2.
const HTTP_2: &[u8] = b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64\0\x04\0\0\xff\xff\0\x05\0\0\x40\0\
                        \0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x01";

fn bytes(reply: Reply) -> Vec<u8> {
    reply.acts.into_iter().flat_map(|act| if let Act::Send(bytes) = act { bytes } else { Vec::new() }).collect()
}

fn https(name: &'static str, shown: Shown) -> Ending {
    Ending::new(name, Start::Https(shown), then(known(), counted()))
}

#[rustfmt::skip]
fn certificates() -> Vec<Ending> {
    vec![
        https("certificate_good", Shown::Good).works(),
        https("certificate_large_curve", Shown::LargeCurve).works(),
        https("certificate_with_intermediate", Shown::WithIntermediate).works(),
        https("tls_1_2_alone", Shown::Only12).works(),
        https("tls_1_3_alone", Shown::Only13).works(),
        https("client_certificate_may_be_missing", Shown::AsksClient).works(),
        // Neither Claude Code nor this program offers HTTP/2: who chose it would not be understood.
        https("http_2_preferred", Shown::PrefersHttp2).works(),
        https("http_2_alone", Shown::OnlyHttp2).halts(Tls, "live-tls-http-2", Unreachable).says(HANDSHAKE),
        https("certificate_expired", Shown::Expired).halts(Tls, "live-tls-expired", Unreachable)
            .says("API Error: Unable to connect to API: SSL certificate has expired"),
        https("certificate_not_yet", Shown::NotYet).halts(Tls, "live-tls-not-yet", Unreachable)
            .says("API Error: Unable to connect to API: SSL certificate is not yet valid"),
        https("certificate_other_name", Shown::OtherName).halts(Tls, "live-tls-other-name", Intercepted)
            .says("API Error: Unable to connect to API: SSL certificate hostname mismatch"),
        https("certificate_self_signed", Shown::SelfSigned).halts(Tls, "live-tls-self-signed", Intercepted)
            .says("API Error: Unable to connect to API: Self-signed certificate detected (DEPTH_ZERO_SELF_SIGNED_CERT)"),
        https("certificate_self_signed_leaf", Shown::SelfSignedLeaf).halts(Tls, "live-tls-self-signed", Intercepted)
            .says("API Error: Unable to connect to API: Self-signed certificate detected (DEPTH_ZERO_SELF_SIGNED_CERT)"),
        https("certificate_self_signed_expired", Shown::SelfSignedExpired).halts(Tls, "live-tls-expired", Unreachable)
            .says("API Error: Unable to connect to API: SSL certificate has expired"),
        https("certificate_unknown_root", Shown::Unknown).halts(Tls, "live-tls-unknown-issuer", Intercepted).says(LEAF),
        https("certificate_unknown_root_shown", Shown::UnknownWithRoot).halts(Tls, "live-tls-unknown-issuer", Intercepted)
            .says(IN_CHAIN),
        https("certificate_unknown_intermediate", Shown::UnknownWithIntermediate).halts(Tls, "live-tls-unknown-issuer", Intercepted)
            .says("API Error: Unable to connect to API: SSL certificate verification failed (UNABLE_TO_GET_ISSUER_CERT_LOCALLY)."),
        https("certificate_intermediate_missing", Shown::WithoutIntermediate).halts(Tls, "live-tls-unknown-issuer", Intercepted).says(LEAF),
        https("certificate_for_clients", Shown::ForClients).halts(Tls, "live-tls-refused", Intercepted)
            .says("API Error: Unable to connect to API (INVALID_PURPOSE)"),
        https("client_certificate_wanted_1_2", Shown::WantsClient12).halts(Tls, "live-tls-client-certificate", Unreachable).says(HANDSHAKE),
        https("client_certificate_wanted_1_3", Shown::WantsClient13).halts(Tls, "live-tls-client-certificate", Unreachable).says(HANDSHAKE),
    ]
}

/// A TLS alert by its bytes: version, level, description.
const fn alert(version: [u8; 2], description: u8) -> [u8; 7] {
    [0x15, version[0], version[1], 0, 2, 2, description]
}

const ALERT_VERSION: [u8; 7] = alert([3, 1], 70);

/// The server's first message, of a version and with a cipher of its own choice.
fn server_hello(version: [u8; 2]) -> Vec<u8> {
    let mut hello = vec![0x16, version[0], version[1], 0, 42, 2, 0, 0, 38, version[0], version[1]];
    hello.extend([7; 32]);
    hello.extend([0, 0, 0x2f, 0]);
    hello
}

#[rustfmt::skip]
fn handshakes() -> Vec<Ending> {
    let with = |name, bytes: &[u8]| Ending::new(name, Start::Raw(raw(bytes)), nothing());
    let too_old = |name, bytes: &[u8]| with(name, bytes).halts(Tls, "live-tls-too-old", Unreachable).says(HANDSHAKE);
    let failed = |name, bytes: &[u8]| with(name, bytes).halts(Tls, "live-tls-failed", Unreachable).says(HANDSHAKE);
    let no_tls = |name, bytes: &[u8]| with(name, bytes).halts(Tls, "live-tls-not-tls", Unreachable).says(HANDSHAKE);
    let dropped = |name, start| Ending::new(name, start, nothing()).halts(Tls, "live-tls-dropped", Unreachable).says(DROPPED);
    vec![
        too_old("alert_protocol_version", &ALERT_VERSION),
        too_old("server_hello_tls_1_0", &server_hello([3, 1])),
        too_old("server_hello_tls_1_1", &server_hello([3, 2])),
        too_old("server_hello_ssl_3", &server_hello([3, 0])),
        with("alert_no_application_protocol", &alert([3, 3], 120)).halts(Tls, "live-tls-http-2", Unreachable).says(HANDSHAKE),
        Ending::new("http_2_without_asking", Start::Https(Shown::Good), raw(HTTP_2)).halts(Http, "live-http-not-http", Unreachable),
        failed("alert_handshake_failure", &alert([3, 3], 40)),
        failed("alert_handshake_failure_ssl_3", &alert([3, 0], 40)),
        failed("alert_internal_error", &alert([3, 3], 80)),
        failed("alert_access_denied", &alert([3, 3], 49)),
        failed("alert_unrecognised_name", &alert([3, 3], 112)),
        Ending::new("plain_http_on_a_tls_port", Start::HttpForHttps, nothing()).halts(Tls, "live-tls-not-tls", Unreachable).says(HANDSHAKE),
        no_tls("ssh_on_a_tls_port", b"SSH-2.0-OpenSSH_10.0\r\n"),
        no_tls("zeroes_on_a_tls_port", &[0; 64]),
        Ending::new("mail_on_a_tls_port", Start::GreetsTls(raw("220 mail.example ESMTP\r\n")), nothing()).halts(Tls, "live-tls-not-tls", Unreachable).says(HANDSHAKE),
        dropped("closes_before_the_handshake", Start::ClosesTls),
        dropped("resets_in_the_handshake", Start::ResetsTls),
        dropped("closes_after_the_hello", Start::Raw(nothing())),
        dropped("closes_inside_a_record", Start::Raw(raw([0x16, 3, 3, 0, 90, 2]))),
        Ending::new("silent_in_the_handshake", Start::Raw(Reply::default().then(Act::Hold)), nothing())
            .halts(Tls, "live-timed-out", TimedOut).says("Request timed out.").endless(),
        Ending::new("closes_after_the_handshake", Start::Https(Shown::Good), nothing()).halts(Http, "live-http-no-answer", Unreachable).says(DROPPED),
        Ending::new("refusal_over_tls", Start::Https(Shown::Good), api_error(401, "authentication_error", "invalid x-api-key"))
            .halts(Auth, "live-auth-rejected", Rejected).says("Invalid API key · Fix external API key"),
        Ending::new("silent_after_the_handshake", Start::Https(Shown::Good), Reply::default().then(Act::Hold))
            .halts(Http, "live-timed-out", TimedOut).says("Request timed out.").endless(),
    ]
}

fn wants(schemes: &[&str]) -> Reply {
    let headers: Vec<(&str, &str)> = schemes.iter().map(|scheme| ("proxy-authenticate", *scheme)).collect();
    answer(407, &headers, "")
}

#[rustfmt::skip]
fn proxies() -> Vec<Ending> {
    let through = |name, proxying| https(name, Shown::Good).through(ProxyScript::new(proxying));
    let halts = |name, proxying, key| through(name, proxying).halts(Proxy, key, Unreachable);
    let tunnel = "API Error: Couldn't connect through your proxy (ERR_PROXY_TUNNEL) — the proxy refused the tunnel: check its credentials and that it allows this host";
    let with = |name, script: ProxyScript| https(name, Shown::Good).through(script);
    let script = ProxyScript::new;
    vec![
        through("proxy_opens", Proxying::Opens).works(),
        with("proxy_opens_for_a_password", ProxyScript { userinfo: "kim:pw@", ..script(Proxying::OpensFor("a2ltOnB3", wants(&["Basic realm=\"corp\""]))) }).works(),
        with("proxy_encrypted", ProxyScript { scheme: "https", start: Start::Https(Shown::Good), ..script(Proxying::Opens) }).works(),
        halts("proxy_wants_basic", Proxying::Answers(wants(&["Basic realm=\"corp\""])), "live-proxy-credentials").says(tunnel),
        halts("proxy_wants_ntlm", Proxying::Answers(wants(&["NTLM"])), "live-proxy-sign-in").says(tunnel),
        halts("proxy_wants_negotiate", Proxying::Answers(wants(&["Negotiate", "NTLM"])), "live-proxy-sign-in").says(tunnel),
        halts("proxy_wants_kerberos_or_basic", Proxying::Answers(wants(&["Negotiate", "Basic realm=\"corp\""])), "live-proxy-credentials").says(tunnel),
        halts("proxy_wants_digest", Proxying::Answers(wants(&["Digest realm=\"corp\", nonce=\"1\""])), "live-proxy-sign-in").says(tunnel),
        halts("proxy_wants_it_does_not_say_what", Proxying::Answers(wants(&[])), "live-proxy-credentials").says(tunnel),
        with("proxy_password_wrong", ProxyScript { userinfo: "kim:old@", ..script(Proxying::OpensFor("a2ltOnB3", wants(&["Basic realm=\"corp\""]))) })
            .halts(Proxy, "live-proxy-credentials-wrong", Unreachable).says(tunnel),
        halts("proxy_403", Proxying::Answers(page(403, "Access denied by policy", &[])), "live-proxy-refused").says(tunnel),
        halts("proxy_502", Proxying::Answers(page(502, "Bad Gateway", &[])), "live-proxy-refused").says(tunnel),
        halts("proxy_503_squid", Proxying::Answers(page(503, "Service Unavailable", &[("x-squid-error", "ERR_DNS_FAIL 0")])), "live-proxy-refused").says(tunnel),
        halts("proxy_portal_302", Proxying::Answers(answer(302, &[("location", "http://{elsewhere}/")], "")), "live-proxy-refused").says(tunnel),
        halts("proxy_is_a_web_server", Proxying::Answers(page(405, "405 Not Allowed", &[("server", "nginx")])), "live-proxy-not-connect").says(tunnel),
        halts("proxy_is_a_web_server_400", Proxying::Answers(page(400, "400 Bad Request", &[("server", "nginx")])), "live-proxy-not-connect").says(tunnel),
        halts("proxy_is_a_mail_server", Proxying::Answers(raw("220 mail.example ESMTP\r\n\r\n")), "live-proxy-not-a-proxy").says(MALFORMED),
        halts("proxy_speaks_socks", Proxying::Answers(raw([5, 0xff])), "live-proxy-dropped").says(DROPPED),
        halts("proxy_closes", Proxying::Answers(nothing()), "live-proxy-dropped").says(DROPPED),
        halts("proxy_head_without_end", Proxying::Answers(raw("HTTP/1.1 200 OK\r\n").then(Act::SendForever(b"x-many: 1\r\n".repeat(1000)))), "live-proxy-not-a-proxy").says(MALFORMED).takes(BODY),
        through("proxy_silent", Proxying::Answers(Reply::default().then(Act::Hold))).halts(Proxy, "live-timed-out", TimedOut).says("Request timed out.").endless(),
        through("proxy_drips", Proxying::Answers(raw("HTTP/1.1 200 ").then(Act::Drip(b"a".to_vec())))).halts(Proxy, "live-timed-out", TimedOut).says("Request timed out.").endless(),
        through("proxy_opens_and_closes", Proxying::OpensAndCloses).halts(Tls, "live-tls-dropped", Unreachable).says(DROPPED),
        through("proxy_opens_to_a_page", Proxying::Answers(raw(format!("HTTP/1.1 200 OK\r\n\r\n{PORTAL}")))).halts(Tls, "live-tls-not-tls", Unreachable).says(HANDSHAKE),
        with("proxy_closes_at_once", ProxyScript { start: Start::Closes, ..script(Proxying::Opens) }).halts(Proxy, "live-proxy-dropped", Unreachable).says(DROPPED),
        with("proxy_dead", ProxyScript { start: Start::Dead, ..script(Proxying::Opens) }).halts(Tcp, "live-tcp-refused", Unreachable)
            .says("API Error: Connection refused — a firewall or proxy may be blocking it (ECONNREFUSED)"),
        with("proxy_socks5", ProxyScript { scheme: "socks5", ..script(Proxying::Opens) }).halts(Proxy, "live-proxy-scheme", Unreachable)
            .says("API Error: Unable to connect to API (UnsupportedProxyProtocol)"),
        with("proxy_socks4", ProxyScript { scheme: "socks4", ..script(Proxying::Opens) }).halts(Proxy, "live-proxy-scheme", Unreachable)
            .says("API Error: Unable to connect to API (UnsupportedProxyProtocol)"),
        with("proxy_script_pac", ProxyScript { path: "/proxy.pac", ..script(Proxying::Answers(page(405, "Method Not Allowed", &[]))) })
            .halts(Proxy, "live-proxy-script", Unreachable).says(tunnel),
        with("proxy_script_wpad", ProxyScript { path: "/wpad.dat", ..script(Proxying::Answers(nothing())) })
            .halts(Proxy, "live-proxy-script", Unreachable).says(DROPPED),
        with("proxy_encrypted_unknown", ProxyScript { scheme: "https", start: Start::Https(Shown::Unknown), ..script(Proxying::Opens) })
            .halts(Proxy, "live-tls-unknown-issuer", Intercepted).says(LEAF),
        with("proxy_encrypted_expired", ProxyScript { scheme: "https", start: Start::Https(Shown::Expired), ..script(Proxying::Opens) })
            .halts(Proxy, "live-tls-expired", Unreachable)
            .says("API Error: Unable to connect to API: SSL certificate has expired"),
        with("proxy_encrypted_but_plain", ProxyScript { scheme: "https", ..script(Proxying::Opens) }).halts(Proxy, "live-timed-out", TimedOut).says("Request timed out.").endless(),
        https("proxy_to_a_bad_certificate", Shown::Unknown).through(script(Proxying::Opens)).halts(Tls, "live-tls-unknown-issuer", Intercepted)
            .says(LEAF),
        Ending::new("proxy_inspects", Start::Https(Shown::UnknownWithRoot), nothing()).through(script(Proxying::Opens)).halts(Tls, "live-tls-unknown-issuer", Intercepted).says(IN_CHAIN),
        Ending::http("proxy_for_plain_http", nothing()).through(script(Proxying::Answers(known()))).verified(),
        Ending::http("proxy_for_plain_http_407", nothing()).through(script(Proxying::Answers(wants(&["Basic realm=\"corp\""]))))
            .halts(Proxy, "live-proxy-credentials", Unreachable).says("API Error: 407 status code (no body)"),
        Ending::http("proxy_for_plain_http_ntlm", nothing()).through(script(Proxying::Answers(wants(&["NTLM"]))))
            .halts(Proxy, "live-proxy-sign-in", Unreachable).says("API Error: 407 status code (no body)"),
        Ending::http("proxy_for_plain_http_503", nothing()).through(script(Proxying::Answers(page(503, "Service Unavailable", &[]))))
            .halts(Http, "live-http-server-error", ServerError).says("API Error: 503 Service Unavailable. This is a server-side issue"),
        Ending::http("proxy_for_plain_http_blocks", nothing()).through(script(Proxying::Answers(page(403, "Access denied by policy", &[]))))
            .halts(Responder, "live-responder-page", Intercepted).says("Failed to authenticate. API Error: 403 Access denied by policy"),
    ]
}

#[rustfmt::skip]
fn ways() -> Vec<Ending> {
    vec![
        Ending::new("nobody_listens", Start::Dead, nothing()).halts(Tcp, "live-tcp-refused", Unreachable)
            .says("API Error: Connection refused — a firewall or proxy may be blocking it (ECONNREFUSED)"),
        Ending::new("name_unknown", Start::Nowhere, nothing()).halts(Dns, "live-dns-unknown", Unreachable)
            .says("API Error: Can't reach the API server — check your internet or DNS (ENOTFOUND)"),
        Ending::http("below_a_path", then(known(), counted())).below("/llm/").works(),
        Ending::http("over_one_connection", then(known().kept(), counted())).works(),
        Ending::new("over_one_encrypted_connection", Start::Https(Shown::Good), then(known().kept(), counted())).works(),
        Ending::http("over_one_connection_that_breaks", Replies { models: Some(known().kept()), otherwise: nothing(), ..Replies::default() }).verified(),
        Ending::http("count_never_comes", then(known(), Reply::default().then(Act::Hold))).verified().endless(),
    ]
}
