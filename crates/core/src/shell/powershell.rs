//! PowerShell's four `$PROFILE` files: plain assignments to `$env:NAME`, and `SetEnvironmentVariable` for the process.
//! Everything else that has to do with a name is unsure.

use zeroize::Zeroizing;

use super::follow::counts;
use super::programs;
use super::statements::{Marks, statements};
use super::{ProfileText, StaticEnvironment, Step, StepAct, Why, after_steps, source_at};
use crate::claude_code::variables as facts;
use crate::reading::Reading;
use crate::report::{Source, SourceKind};
use crate::secret::Secret;
use crate::snapshot::Platform;

const MARKS: Marks = Marks { escape: b'`', doubled: true, comment: Some(("<#", "#>")), other_quote: None };

/// Which PowerShell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// Windows PowerShell 5.
    Five,
    /// PowerShell 7.
    Seven,
}

/// Its profile files in the order of reading. `documents`: where the person's documents lie, on Windows.
pub fn profiles(edition: Edition, platform: Platform, home: &str, documents: Option<&str>) -> Vec<String> {
    let (everyones, own) = match (platform, edition) {
        (Platform::Windows, edition) => {
            let documents = documents.map_or_else(|| platform.join(home, "Documents"), str::to_owned);
            let (everyones, folder) = match edition {
                Edition::Five => (r"C:\Windows\System32\WindowsPowerShell\v1.0", "WindowsPowerShell"),
                Edition::Seven => (r"C:\Program Files\PowerShell\7", "PowerShell"),
            };
            (everyones.to_owned(), platform.join(&documents, folder))
        }
        (Platform::MacOs, _) => {
            ("/usr/local/microsoft/powershell/7".to_owned(), platform.join(home, ".config/powershell"))
        }
        (Platform::Linux, _) => ("/opt/microsoft/powershell/7".to_owned(), platform.join(home, ".config/powershell")),
    };
    let names = ["profile.ps1", "Microsoft.PowerShell_profile.ps1"];
    [everyones, own].iter().flat_map(|folder| names.map(|name| platform.join(folder, name))).collect()
}

/// What a new window of it has, by its profiles in their order. Version 5 runs none of them unless it was allowed to,
/// so what they set is unsure there. What stands at the places of `left_out` is taken as if it were not written.
pub fn variables(
    edition: Edition,
    platform: Platform,
    files: &[(String, ProfileText)],
    base: &StaticEnvironment,
    left_out: &[Source],
) -> StaticEnvironment {
    let mut steps = Vec::new();
    for (path, (text, _)) in files {
        match text {
            Reading::Found(text) => read(path, text, platform, &mut steps),
            Reading::Absent => {}
            Reading::Unreadable(_) => {
                let source = source_at(SourceKind::ShellProfile, path, "", 0, None);
                steps.push(Step { name: String::new(), source, act: StepAct::Anything(Why::NotRead) });
            }
        }
    }
    if edition == Edition::Five {
        for step in &mut steps {
            if matches!(step.act, StepAct::Set(_) | StepAct::Unset) {
                step.act = StepAct::Unsure(Why::Condition);
            }
        }
    }
    steps.retain(|step| !left_out.contains(&step.source));
    after_steps(platform, base, steps)
}

/// A statement, and where it is in bytes.
pub(super) struct StatementPlace {
    pub at: usize,
    pub end: usize,
    /// Whether it may or may not run.
    pub inside: bool,
}

/// The statements of a program. `None`: it cannot be taken apart.
pub(super) fn places(text: &str) -> Option<Vec<StatementPlace>> {
    let place = |one: super::statements::Statement<'_>| StatementPlace {
        at: one.at,
        end: one.at + one.text.len(),
        inside: one.inside,
    };
    Some(statements(text, MARKS)?.into_iter().map(place).collect())
}

#[expect(clippy::disallowed_methods, reason = "a shell profile is read as a text, in which secrets stand")]
fn read(path: &str, text: &Secret, platform: Platform, steps: &mut Vec<Step>) {
    let text = text.reveal();
    let anything = |at: usize, why: Why| {
        let source = source_at(SourceKind::ShellProfile, path, text, at, None);
        Step { name: String::new(), source, act: StepAct::Anything(why) }
    };
    let Some(all) = statements(text, MARKS) else {
        steps.push(anything(0, Why::NotRead));
        return;
    };
    // Behind an early end nothing is sure.
    let mut ended = false;
    for statement in all {
        let step = |name: &str, act: StepAct| {
            let source = source_at(SourceKind::ShellProfile, path, text, statement.at, Some(name));
            Step { name: name.to_owned(), source, act }
        };
        let own = |name: &str| counts(name) || facts::named(platform, name).is_some();
        let surely = !statement.inside && !ended;
        if surely && let Some((name, act)) = plain(statement.text) {
            if own(&name) {
                steps.push(step(&name, act));
            }
            continue;
        }
        let words = statement.text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        for name in words.filter(|word| !word.is_empty() && own(word)) {
            steps.push(step(name, StepAct::Unsure(Why::NotFollowed)));
        }
        let lower = statement.text.to_ascii_lowercase();
        let first = lower.split_ascii_whitespace().next().unwrap_or_default();
        ended |= matches!(first, "return" | "exit" | "throw");
        let runs = lower.contains("invoke-expression") || lower.split(['|', ' ', '(', ';']).any(|word| word == "iex");
        if first == "." || lower.starts_with(". ") || (runs && !is_known(statement.text)) {
            steps.push(anything(statement.at, Why::Program));
        }
    }
}

/// `Invoke-Expression (&starship init powershell)`, `zoxide init powershell | Out-String | Invoke-Expression`.
fn is_known(statement: &str) -> bool {
    let first = statement.split('|').next().unwrap_or_default();
    let inner = first.rsplit(['(', '{']).next().unwrap_or_default();
    let inner = inner.trim_matches(|c: char| c.is_whitespace() || "&(){}'\"".contains(c));
    programs::sets(inner).is_some_and(<[&str]>::is_empty)
}

/// An assignment, or a name that is taken away.
fn plain(statement: &str) -> Option<(String, StepAct)> {
    let lower = statement.to_ascii_lowercase();
    if let Some(length) = ["$env:", "${env:"].iter().find_map(|start| lower.starts_with(start).then_some(start.len())) {
        let rest = &statement[length..];
        let end = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let (name, rest) = rest.split_at(end);
        let value = rest.strip_prefix('}').unwrap_or(rest).trim_start().strip_prefix('=')?.trim();
        let act = match literal(value) {
            _ if value.eq_ignore_ascii_case("$null") => StepAct::Unset,
            // An empty one is taken away, but by the newest.
            Some(text) if text.is_empty() => StepAct::Unsure(Why::Condition),
            Some(text) => StepAct::Set(Secret::new(text.as_str())),
            None => StepAct::Unsure(Why::Computed),
        };
        return (!name.is_empty()).then(|| (name.to_owned(), act));
    }
    let call = ["[environment]::setenvironmentvariable(", "[system.environment]::setenvironmentvariable("];
    if let Some(length) = call.iter().find_map(|start| lower.starts_with(start).then_some(start.len())) {
        let arguments = statement[length..].strip_suffix(')')?;
        let mut parts = arguments.splitn(2, ',');
        let name = literal(parts.next()?.trim())?;
        let rest = parts.next()?.trim();
        let (value, process) = match literal(rest) {
            Some(value) => (Some(value), true),
            None => {
                let (value, target) = rest.rsplit_once(',')?;
                let target = target.trim().trim_matches(['\'', '"']).to_ascii_lowercase();
                (literal(value.trim()), target.ends_with("process"))
            }
        };
        let act = match value {
            // That of the person or the machine is another one; this process keeps what it has.
            _ if !process => StepAct::Unsure(Why::NotFollowed),
            Some(text) if text.is_empty() => StepAct::Unsure(Why::Condition),
            Some(text) => StepAct::Set(Secret::new(text.as_str())),
            None => StepAct::Unsure(Why::Computed),
        };
        return Some((name.to_string(), act));
    }
    let mut words = statement.split_ascii_whitespace();
    let command = words.next()?;
    if ["remove-item", "ri", "del", "rm"].iter().any(|name| command.eq_ignore_ascii_case(name)) {
        let place = words.next()?.trim_matches(['\'', '"']);
        let name = place.get(..4).filter(|start| start.eq_ignore_ascii_case("env:")).and_then(|_| place.get(4..))?;
        let name = name.trim_start_matches(['\\', '/']);
        let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        return plain.then(|| (name.to_owned(), StepAct::Unset));
    }
    None
}

/// A text in quotation marks in which nothing is expanded.
fn literal(value: &str) -> Option<Zeroizing<String>> {
    let mut signs = value.chars();
    let quote = signs.next()?;
    let inner = signs.as_str().strip_suffix(quote)?;
    if !matches!(quote, '\'' | '"') || (quote == '"' && inner.contains(['$', '`'])) {
        return None;
    }
    let doubled: String = [quote, quote].iter().collect();
    let once = inner.replace(&doubled, "\0");
    if once.contains(quote) || inner.contains('\0') {
        return None;
    }
    Some(Zeroizing::new(once.replace('\0', &quote.to_string())))
}

#[cfg(test)]
mod tests {
    use super::super::statements::tests;
    use super::*;

    fn told(edition: Edition, text: &str) -> Vec<String> {
        tests::told("profile.ps1", text, |files, base| variables(edition, Platform::Windows, files, base, &[]))
    }

    #[test]
    fn plain_assignments_are_told_and_all_else_is_unsure() {
        let base = "ANTHROPIC_BASE_URL=base@None";
        for (text, expected) in [
            ("$env:ANTHROPIC_API_KEY = 'a''1'\r\n", vec![base, "ANTHROPIC_API_KEY=a'1@Some(1)"]),
            ("$Env:anthropic_api_key=\"a1\" # why\n", vec![base, "ANTHROPIC_API_KEY=a1@Some(1)"]),
            (
                "<# $env:ANTHROPIC_API_KEY = 'x' #>\n${env:ANTHROPIC_API_KEY} = 'a'\n",
                vec![base, "ANTHROPIC_API_KEY=a@Some(2)"],
            ),
            ("$env:ANTHROPIC_API_KEY = \"$x\"\n", vec![base, "ANTHROPIC_API_KEY? Computed"]),
            ("$env:ANTHROPIC_API_KEY = Get-Content key\n", vec![base, "ANTHROPIC_API_KEY? Computed"]),
            ("$env:ANTHROPIC_API_KEY += 'a'\n", vec![base, "ANTHROPIC_API_KEY? NotFollowed"]),
            ("if ($x) { $env:ANTHROPIC_API_KEY = 'a' }\n", vec![base, "ANTHROPIC_API_KEY? NotFollowed"]),
            ("function f {\n  $env:ANTHROPIC_API_KEY = 'a'\n}\n", vec![base, "ANTHROPIC_API_KEY? NotFollowed"]),
            (
                "if (-not $env:ANTHROPIC_BASE_URL)\n{\n$env:ANTHROPIC_BASE_URL = 'b'\n}\n",
                vec!["ANTHROPIC_BASE_URL? NotFollowed"],
            ),
            (
                "[Environment]::SetEnvironmentVariable('ANTHROPIC_API_KEY', 'a')\n",
                vec![base, "ANTHROPIC_API_KEY=a@Some(1)"],
            ),
            (
                "[System.Environment]::SetEnvironmentVariable('ANTHROPIC_API_KEY','a','Process')\n",
                vec![base, "ANTHROPIC_API_KEY=a@Some(1)"],
            ),
            (
                "[Environment]::SetEnvironmentVariable('ANTHROPIC_API_KEY','a','User')\n",
                vec![base, "ANTHROPIC_API_KEY? NotFollowed"],
            ),
            ("Remove-Item Env:\\ANTHROPIC_BASE_URL\n", vec![]),
            ("$env:ANTHROPIC_BASE_URL = $null\n", vec![]),
            ("$x = @'\n$env:ANTHROPIC_API_KEY = 'a'\n'@\n", vec![base, "ANTHROPIC_API_KEY? NotFollowed"]),
            ("Invoke-Expression (&starship init powershell)\n", vec![base]),
            ("iex (Get-Content more.txt)\n", vec!["ANTHROPIC_BASE_URL? Program"]),
            (
                ". .\\more.ps1\n$env:ANTHROPIC_API_KEY = 'a'\n",
                vec!["ANTHROPIC_API_KEY=a@Some(2)", "ANTHROPIC_BASE_URL? Program"],
            ),
            ("return\n$env:ANTHROPIC_API_KEY = 'a'\n", vec![base, "ANTHROPIC_API_KEY? NotFollowed"]),
            ("$env:ANTHROPIC_API_KEY = 'a\n", vec!["ANTHROPIC_BASE_URL? NotRead"]),
        ] {
            assert_eq!(told(Edition::Seven, text), expected, "{text}");
        }
        let five = told(Edition::Five, "$env:ANTHROPIC_API_KEY = 'a'\n");
        assert_eq!(five, [base, "ANTHROPIC_API_KEY? Condition"]);
    }

    #[test]
    fn it_has_four_profiles() {
        let all = profiles(Edition::Seven, Platform::Windows, r"C:\Users\kim", None);
        assert_eq!(all.len(), 4);
        assert_eq!(all[3], r"C:\Users\kim\Documents\PowerShell\Microsoft.PowerShell_profile.ps1");
        assert_eq!(all[0], r"C:\Program Files\PowerShell\7\profile.ps1");
    }
}
