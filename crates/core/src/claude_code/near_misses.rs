//! Names that look like one of Claude Code's and are none.

use super::variables;

/// Variables that people set and Claude Code does not know (observed: `key-*`, `url-var-*`), and what was meant.
const VARIABLES: &[(&str, &str)] = &[
    ("CLAUDE_API_KEY", "ANTHROPIC_API_KEY"),
    ("CLAUDE_CODE_API_KEY", "ANTHROPIC_API_KEY"),
    ("ANTHROPIC_KEY", "ANTHROPIC_API_KEY"),
    ("ANTHROPIC_APIKEY", "ANTHROPIC_API_KEY"),
    ("ANTHROPIC_TOKEN", "ANTHROPIC_AUTH_TOKEN"),
    ("ANTHROPIC_BEARER_TOKEN", "ANTHROPIC_AUTH_TOKEN"),
    ("ANTHROPIC_OAUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"),
    ("CLAUDE_OAUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"),
    ("CLAUDE_CODE_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"),
    ("ANTHROPIC_API_KEY_HELPER", "apiKeyHelper"),
    ("ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL"),
    ("ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL"),
    ("ANTHROPIC_API_BASE_URL", "ANTHROPIC_BASE_URL"),
    ("ANTHROPIC_URL", "ANTHROPIC_BASE_URL"),
    ("ANTHROPIC_ENDPOINT", "ANTHROPIC_BASE_URL"),
    ("CLAUDE_CODE_API_BASE_URL", "ANTHROPIC_BASE_URL"),
    ("CLAUDE_BASE_URL", "ANTHROPIC_BASE_URL"),
    ("USE_BEDROCK", "CLAUDE_CODE_USE_BEDROCK"),
    ("CLAUDE_USE_BEDROCK", "CLAUDE_CODE_USE_BEDROCK"),
    ("USE_VERTEX", "CLAUDE_CODE_USE_VERTEX"),
    ("CLAUDE_USE_VERTEX", "CLAUDE_CODE_USE_VERTEX"),
];

/// Variables of which a slip of the pen is recognised.
const SLIPS: &[&str] = &[
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_BASE_URL",
    "ANTHROPIC_CUSTOM_HEADERS",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "CLAUDE_CODE_USE_BEDROCK",
    "CLAUDE_CODE_USE_VERTEX",
    "CLAUDE_CODE_USE_FOUNDRY",
];

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

/// What was probably meant by a variable that Claude Code does not know. `None`: it is known, or like none.
pub fn meant_variable(name: &str) -> Option<&'static str> {
    if variables::find(name).is_some() {
        return None;
    }
    let listed = VARIABLES.iter().find(|(wrong, _)| same_letters(wrong, name));
    listed.map(|(_, meant)| *meant).or_else(|| SLIPS.iter().copied().find(|meant| is_slip(name, meant)))
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
    let letters = |text: &str| -> Vec<u8> {
        text.bytes().filter(|byte| !matches!(byte, b'_' | b'-')).map(|byte| byte.to_ascii_lowercase()).collect()
    };
    letters(a) == letters(b)
}

/// One or two letters wrong, missing, added or swapped, or the case; of a short name the case alone.
fn is_slip(name: &str, meant: &str) -> bool {
    if same_letters(name, meant) {
        return true;
    }
    let most = if meant.len() < 8 { 0 } else { 2 };
    most > 0 && name.len().abs_diff(meant.len()) <= most && distance(name.as_bytes(), meant.as_bytes()) <= most
}

/// Insertions, deletions, replacements and swaps of neighbours from one name to the other.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let same = a[i - 1].eq_ignore_ascii_case(&b[j - 1]);
            let mut least = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + usize::from(!same));
            if i > 1 && j > 1 && a[i - 1].eq_ignore_ascii_case(&b[j - 2]) && a[i - 2].eq_ignore_ascii_case(&b[j - 1]) {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = least;
        }
    }
    rows[a.len()][b.len()]
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
            assert_eq!(meant_variable(name), Some(meant), "{name}");
        }
        for name in
            ["ANTHROPIC_API_KEY", "ANTHROPIC_MODEL", "ANTHROPIC_AWS_API_KEY", "OPENAI_API_KEY", "PATH", "API_KEY"]
        {
            assert_eq!(meant_variable(name), None, "{name}");
        }
        assert_eq!(meant_setting("apiKeyHelpr"), Some(("apiKeyHelper", true)));
        assert_eq!(meant_setting("apikey"), Some(("ANTHROPIC_API_KEY", false)));
        assert_eq!(meant_setting("ENV"), Some(("env", true)));
        for name in ["env", "model", "$schema", "theme", "hooks", "e", "end"] {
            assert_eq!(meant_setting(name), None, "{name}");
        }
    }
}
