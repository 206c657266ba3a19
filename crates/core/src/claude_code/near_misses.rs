//! Names that look like one of Claude Code's and are none.

use super::variables;
use crate::snapshot::Platform;

/// Names that people write and Claude Code does not know (observed: `key-*`, `url-var-*`; the others after what guides
/// and other tools use), and the one that is meant.
const MISTAKEN: &[(&str, &str)] = &[
    ("ANTHROPIC_KEY", "ANTHROPIC_API_KEY"),
    ("ANTHROPIC_API", "ANTHROPIC_API_KEY"),
    ("ANTHROPIC_API_KEYS", "ANTHROPIC_API_KEY"),
    ("ANTHROPIC_KEY_API", "ANTHROPIC_API_KEY"),
    ("ANTHROPIC_SECRET_KEY", "ANTHROPIC_API_KEY"),
    ("ANTHROPIC_API_SECRET", "ANTHROPIC_API_KEY"),
    ("ANTHROPIC_API_TOKEN", "ANTHROPIC_API_KEY"),
    ("ANTHROPIC_CLAUDE_API_KEY", "ANTHROPIC_API_KEY"),
    ("CLAUDE_KEY", "ANTHROPIC_API_KEY"),
    ("CLAUDE_API_KEY", "ANTHROPIC_API_KEY"),
    ("CLAUDE_API_TOKEN", "ANTHROPIC_API_KEY"),
    ("CLAUDE_CODE_API_KEY", "ANTHROPIC_API_KEY"),
    ("CLAUDE_CODE_KEY", "ANTHROPIC_API_KEY"),
    ("CLAUDE_ANTHROPIC_API_KEY", "ANTHROPIC_API_KEY"),
    ("ANTHROPIC_TOKEN", "ANTHROPIC_AUTH_TOKEN"),
    ("ANTHROPIC_AUTH_KEY", "ANTHROPIC_AUTH_TOKEN"),
    ("ANTHROPIC_AUTHORIZATION", "ANTHROPIC_AUTH_TOKEN"),
    ("ANTHROPIC_BEARER_TOKEN", "ANTHROPIC_AUTH_TOKEN"),
    ("ANTHROPIC_ACCESS_TOKEN", "ANTHROPIC_AUTH_TOKEN"),
    ("CLAUDE_AUTH_TOKEN", "ANTHROPIC_AUTH_TOKEN"),
    ("CLAUDE_CODE_AUTH_TOKEN", "ANTHROPIC_AUTH_TOKEN"),
    ("ANTHROPIC_OAUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"),
    ("CLAUDE_OAUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"),
    ("CLAUDE_CODE_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"),
    ("CLAUDE_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"),
    ("ANTHROPIC_URL", "ANTHROPIC_BASE_URL"),
    ("ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL"),
    ("ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL"),
    ("ANTHROPIC_API_BASE_URL", "ANTHROPIC_BASE_URL"),
    ("ANTHROPIC_API_ENDPOINT", "ANTHROPIC_BASE_URL"),
    ("ANTHROPIC_ENDPOINT", "ANTHROPIC_BASE_URL"),
    ("ANTHROPIC_HOST", "ANTHROPIC_BASE_URL"),
    ("CLAUDE_API_URL", "ANTHROPIC_BASE_URL"),
    ("CLAUDE_API_BASE_URL", "ANTHROPIC_BASE_URL"),
    ("CLAUDE_BASE_URL", "ANTHROPIC_BASE_URL"),
    ("CLAUDE_CODE_BASE_URL", "ANTHROPIC_BASE_URL"),
    ("CLAUDE_CODE_API_BASE_URL", "ANTHROPIC_BASE_URL"),
];

/// The variables whose names are worth a guess. A slip in any other says little about signing in.
const GUESSED: &[&str] =
    &["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_BASE_URL"];

/// How long a name is that is worth comparing.
const GUESSED_LENGTHS: std::ops::RangeInclusive<usize> = 9..=32;

/// The variable that was meant, where a name is not known but near to one: another case, other or no underscores, one
/// or two slips of the pen, or one of the names that guides mix up. A name with more at its end
/// (`ANTHROPIC_API_KEY_OLD`) was chosen so, and another word is another name (`OPENAI_API_KEY`).
pub fn resembles(platform: Platform, name: &str) -> Option<&'static str> {
    if !GUESSED_LENGTHS.contains(&name.len()) || variables::named(platform, name).is_some() {
        return None;
    }
    let folded = fold(name);
    // Nothing else begins like these; it also keeps this cheap for every other name.
    let near = |word: &str| folded.get(..word.len()).is_some_and(|start| slips(start, word) <= 2);
    if !near("ANTHROPIC") && !near("CLAUDE") {
        return None;
    }
    if let Some((_, meant)) = MISTAKEN.iter().find(|(mistaken, _)| fold(mistaken) == folded) {
        return Some(meant);
    }
    GUESSED.iter().copied().find(|meant| {
        let meant = fold(meant);
        let longer = folded.len() > meant.len() && folded.starts_with(&meant);
        !longer && slips(&folded, &meant) <= 2
    })
}

/// Switches that only an `env` block can have meant; in an environment they may be another program's.
const SWITCHES: &[(&str, &str)] = &[
    ("ANTHROPIC_API_KEY_HELPER", "apiKeyHelper"),
    ("USE_BEDROCK", "CLAUDE_CODE_USE_BEDROCK"),
    ("CLAUDE_USE_BEDROCK", "CLAUDE_CODE_USE_BEDROCK"),
    ("USE_VERTEX", "CLAUDE_CODE_USE_VERTEX"),
    ("CLAUDE_USE_VERTEX", "CLAUDE_CODE_USE_VERTEX"),
];

/// Variables of an `env` block of which a slip of the pen is recognised too.
const BLOCK_SLIPS: &[&str] =
    &["ANTHROPIC_CUSTOM_HEADERS", "CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY"];

/// Settings that people write and Claude Code does not know (observed: `folk-settings-*`, `set-unknown-key`), and what
/// was meant: a variable for the `env` block, or another setting.
const SETTINGS: &[(&str, &str)] = &[
    ("apiKey", "ANTHROPIC_API_KEY"),
    ("anthropicApiKey", "ANTHROPIC_API_KEY"),
    ("claudeApiKey", "ANTHROPIC_API_KEY"),
    ("authToken", "ANTHROPIC_AUTH_TOKEN"),
    ("anthropicAuthToken", "ANTHROPIC_AUTH_TOKEN"),
    ("oauthToken", "CLAUDE_CODE_OAUTH_TOKEN"),
    ("primaryApiKey", "ANTHROPIC_API_KEY"),
    ("apiBaseUrl", "ANTHROPIC_BASE_URL"),
    ("baseUrl", "ANTHROPIC_BASE_URL"),
    ("apiUrl", "ANTHROPIC_BASE_URL"),
    ("anthropicBaseUrl", "ANTHROPIC_BASE_URL"),
    ("apiEndpoint", "ANTHROPIC_BASE_URL"),
    ("customHeaders", "ANTHROPIC_CUSTOM_HEADERS"),
    ("environment", "env"),
    ("environmentVariables", "env"),
    ("envVars", "env"),
    ("envs", "env"),
];

/// Settings that take part in signing in, of which a slip of the pen is recognised.
const SETTING_SLIPS: &[&str] = &[
    "apiKeyHelper",
    "env",
    "forceLoginMethod",
    "forceLoginOrgUUID",
    "awsAuthRefresh",
    "awsCredentialExport",
    "gcpAuthRefresh",
];

/// What was probably meant by a name in an `env` block that Claude Code does not know. `None`: it is known, or like none.
pub fn meant_in_env_block(platform: Platform, name: &str) -> Option<&'static str> {
    if variables::named(platform, name).is_some() {
        return None;
    }
    let listed = SWITCHES.iter().find(|(wrong, _)| same_letters(wrong, name)).map(|(_, meant)| *meant);
    let slip = || BLOCK_SLIPS.iter().copied().find(|meant| is_slip(name, meant));
    listed.or_else(|| resembles(platform, name)).or_else(slip)
}

/// What was probably meant by a setting that Claude Code does not know, and whether it is a slip in its name.
pub fn meant_setting(name: &str) -> Option<(&'static str, bool)> {
    if super::settings_fields::is_known_key(name) {
        return None;
    }
    let listed = SETTINGS.iter().find(|(wrong, _)| same_letters(wrong, name)).map(|(_, meant)| (*meant, false));
    listed.or_else(|| SETTING_SLIPS.iter().copied().find(|meant| is_slip(name, meant)).map(|meant| (meant, true)))
}

/// The same but for case, hyphens and underscores.
fn same_letters(a: &str, b: &str) -> bool {
    fold(a) == fold(b)
}

/// One or two letters wrong, missing, added or swapped, or the case; of a short name the case alone.
fn is_slip(name: &str, meant: &str) -> bool {
    let most = if meant.len() < 8 { 0 } else { 2 };
    same_letters(name, meant) || name.len().abs_diff(meant.len()) <= most && slips(&fold(name), &fold(meant)) <= most
}

/// Upper case, without underscores, hyphens and blanks.
fn fold(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).map(|c| c.to_ascii_uppercase()).collect()
}

/// How many letters were left out, added, mistaken or swapped with their neighbour.
fn slips(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_seen_and_real_names_are_left_alone() {
        for (name, meant) in [
            ("anthropic_api_key", "ANTHROPIC_API_KEY"),
            ("ANTROPIC_API_KEY", "ANTHROPIC_API_KEY"),
            ("ANTHROPIC_APIKEY", "ANTHROPIC_API_KEY"),
            ("ANTHROPIC_ATUH_TOKEN", "ANTHROPIC_AUTH_TOKEN"),
            ("ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL"),
        ] {
            assert_eq!(meant_in_env_block(Platform::Linux, name), Some(meant), "{name}");
        }
        for name in
            ["ANTHROPIC_API_KEY", "ANTHROPIC_MODEL", "ANTHROPIC_AWS_API_KEY", "OPENAI_API_KEY", "PATH", "API_KEY"]
        {
            assert_eq!(meant_in_env_block(Platform::Linux, name), None, "{name}");
        }
        assert_eq!(meant_setting("apiKeyHelpr"), Some(("apiKeyHelper", true)));
        assert_eq!(meant_setting("apikey"), Some(("ANTHROPIC_API_KEY", false)));
        assert_eq!(meant_setting("ENV"), Some(("env", true)));
        for name in ["env", "model", "$schema", "theme", "hooks", "e", "end"] {
            assert_eq!(meant_setting(name), None, "{name}");
        }
    }

    #[test]
    fn names_that_were_meant_are_recognised() {
        for (name, meant) in [
            ("ANTHROPIC_KEY", "ANTHROPIC_API_KEY"),
            ("anthropic_api_key", "ANTHROPIC_API_KEY"),
            ("Anthropic_Api_Key", "ANTHROPIC_API_KEY"),
            ("ANTHROPIC_APIKEY", "ANTHROPIC_API_KEY"),
            ("ANTHROPIC-API-KEY", "ANTHROPIC_API_KEY"),
            ("ANTROPIC_API_KEY", "ANTHROPIC_API_KEY"),
            ("ANTHROPIC_API_KYE", "ANTHROPIC_API_KEY"),
            ("ATNHROPIC_API_KEY", "ANTHROPIC_API_KEY"),
            ("ANTHROPHIC_API_KEY", "ANTHROPIC_API_KEY"),
            ("ANTHROPIC_AUTH_TOKN", "ANTHROPIC_AUTH_TOKEN"),
            ("CLAUDE_API_KEY", "ANTHROPIC_API_KEY"),
            ("ANTHROPIC_API_TOKEN", "ANTHROPIC_API_KEY"),
            ("ANTHROPIC_BASEURL", "ANTHROPIC_BASE_URL"),
        ] {
            assert_eq!(resembles(Platform::Linux, name), Some(meant), "{name}");
        }
    }

    #[test]
    fn case_is_a_slip_where_it_counts() {
        for name in ["anthropic_api_key", "Anthropic_Api_Key", "https_Proxy"] {
            assert_eq!(meant_in_env_block(Platform::Windows, name), None, "{name}");
        }
        assert_eq!(resembles(Platform::MacOs, "Anthropic_Api_Key"), Some("ANTHROPIC_API_KEY"));
        assert_eq!(resembles(Platform::Windows, "Anthropic_Apikey"), Some("ANTHROPIC_API_KEY"));
    }

    #[test]
    fn names_of_their_own_are_left_alone() {
        for name in [
            "ANTHROPIC_API_KEY",
            "ANTHROPIC_API_KEY_OLD",
            "ANTHROPIC_API_KEY_2",
            "ANTHROPIC_API_KEY_WORK",
            "MY_ANTHROPIC_API_KEY",
            "OPENAI_API_KEY",
            "GEMINI_API_KEY",
            "ANTHROPIC_MODEL",
            "ANTHROPIC_SMALL_FAST_MODEL",
            "ANTHROPIC_AWS_API_KEY",
            "ANTHROPIC_VERTEX_BASE_URL",
            "ANTHROPIC_BEDROCK_BASE_URL",
            "ANTHROPIC_LOG",
            "ANTHROPIC_BETAS",
            "CLAUDE_CODE_ENTRYPOINT",
            "CLAUDE_CODE_SSE_PORT",
            "CLAUDECODE",
            "CLAUDE_ENV_FILE",
            "PATH",
            "",
            "é",
        ] {
            assert_eq!(resembles(Platform::Linux, name), None, "{name}");
        }
    }

    #[test]
    fn every_mistaken_name_means_a_known_one_and_is_none() {
        for (mistaken, meant) in MISTAKEN {
            assert!(variables::find(meant).is_some() && variables::find(mistaken).is_none(), "{mistaken}");
        }
    }
}
