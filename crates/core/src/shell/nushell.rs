//! `env.nu` and `config.nu`: plain assignments to `$env.NAME`. Everything else that has to do with a name is unsure.
//!
//! From the manual: `env.nu` is read before `config.nu`, and both for every interactive shell; after them the folders
//! named `autoload`.

use zeroize::Zeroizing;

use super::follow::counts;
use super::statements::{Marks, statements};
use super::{ProfileText, StaticEnvironment, Step, StepAct, Why, after_steps, source_at};
use crate::reading::Reading;
use crate::report::{Source, SourceKind};
use crate::secret::Secret;
use crate::snapshot::Platform;

const MARKS: Marks = Marks { escape: b'\\', doubled: false, comment: None, other_quote: Some(b'`') };

/// The folders of its files, likeliest first; the first that is there counts.
pub fn folder(platform: Platform, home: &str, config_home: Option<&str>) -> String {
    let config = match (config_home.filter(|folder| !folder.is_empty()), platform) {
        (Some(folder), _) => folder.to_owned(),
        (None, Platform::MacOs) => platform.join(home, "Library/Application Support"),
        (None, Platform::Linux) => platform.join(home, ".config"),
        (None, Platform::Windows) => platform.join(home, "AppData\\Roaming"),
    };
    platform.join(&config, "nushell")
}

/// What a new terminal with nu has, by its files in their order.
/// What stands at the places of `left_out` is taken as if it were not written.
pub fn variables(
    platform: Platform,
    files: &[(String, ProfileText)],
    base: &StaticEnvironment,
    left_out: &[Source],
) -> StaticEnvironment {
    let mut steps = Vec::new();
    for (path, (text, _)) in files {
        match text {
            Reading::Found(text) => read(path, text, &mut steps),
            Reading::Absent => {}
            Reading::Unreadable(_) => steps.push(anything(path, "", 0, Why::NotRead)),
        }
    }
    steps.retain(|step| !left_out.contains(&step.source));
    // Case does not count: the first spelling stays, and the last value (observed).
    let there = base.variables.iter().map(|variable| &variable.name);
    let unsure = base.unsure.iter().map(|unsure| &unsure.name);
    let spellings: Vec<String> = steps.iter().map(|step| &step.name).chain(there).chain(unsure).cloned().collect();
    let mut doubted = Vec::new();
    for step in &mut steps {
        let other = |name: &&String| name.eq_ignore_ascii_case(&step.name) && **name != step.name;
        let others: Vec<String> = spellings.iter().filter(other).cloned().collect();
        if !others.is_empty() {
            step.act = StepAct::Unsure(Why::NotFollowed);
        }
        let doubt = |name| Step { name, source: step.source.clone(), act: StepAct::Unsure(Why::NotFollowed) };
        doubted.extend(others.into_iter().map(doubt));
    }
    steps.extend(doubted);
    steps.retain(|step| step.name.is_empty() || counts(&step.name));
    after_steps(platform, base, steps)
}

fn anything(path: &str, text: &str, at: usize, why: Why) -> Step {
    let source = source_at(SourceKind::ShellProfile, path, text, at, None);
    Step { name: String::new(), source, act: StepAct::Anything(why) }
}

#[expect(clippy::disallowed_methods, reason = "a shell profile is read as a text, in which secrets stand")]
fn read(path: &str, text: &Secret, steps: &mut Vec<Step>) {
    let text = text.reveal();
    let Some(all) = statements(text, MARKS) else {
        steps.push(anything(path, text, 0, Why::NotRead));
        return;
    };
    // Behind an early end of the file nothing is sure.
    let mut ended = false;
    for statement in all {
        let first = statement.text.split_ascii_whitespace().next().unwrap_or_default();
        let words: Vec<&str> = statement.text.split_ascii_whitespace().take(3).collect();
        let step = |name: &str, act: StepAct| {
            let source = source_at(SourceKind::ShellProfile, path, text, statement.at, Some(name));
            Step { name: name.to_owned(), source, act }
        };
        if !statement.inside
            && let Some((name, value)) = assignment(statement.text)
        {
            if may_count(&name) {
                let value = literal(value).filter(|_| !ended);
                let act = value.map_or(StepAct::Unsure(Why::Computed), |text| StepAct::Set(Secret::new(text.as_str())));
                steps.push(step(&name, act));
            }
        } else if let ("hide-env", [_, name], false) = (first, words.as_slice(), statement.inside) {
            if may_count(name) {
                steps.push(step(name, if ended { StepAct::Unsure(Why::NotFollowed) } else { StepAct::Unset }));
            }
        } else {
            let ends = matches!(first, "return" | "exit" | "exec") && !statement.inside;
            // An error takes brackets of its own, so where it stands is not told.
            ended |= ends || first == "error";
            for name in names(statement.text) {
                steps.push(step(name, StepAct::Unsure(Why::NotFollowed)));
            }
            if matches!(first, "source" | "source-env" | "use" | "overlay" | "load-env" | "exec" | "exit" | "return")
                && !harmless(statement.text)
            {
                steps.push(anything(path, text, statement.at, Why::Program));
            }
        }
    }
}

/// Whether it counts in some spelling.
fn may_count(name: &str) -> bool {
    counts(name) || counts(&name.to_ascii_uppercase())
}

/// Modules of nu itself, and names that a program has written out for it.
fn harmless(statement: &str) -> bool {
    let rest = statement.split_once(' ').map_or("", |(_, rest)| rest.trim());
    rest.starts_with("std")
        || ["starship", "zoxide", "atuin", "carapace", "oh-my-posh"].iter().any(|name| rest.contains(name))
}

fn names(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| !word.is_empty() && counts(word))
}

/// `$env.NAME = value`
fn assignment(statement: &str) -> Option<(String, &str)> {
    let rest = statement.strip_prefix("$env.")?;
    let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let (name, rest) = rest.split_at(length);
    let value = rest.trim_start().strip_prefix('=')?;
    (!name.is_empty() && !value.starts_with(['=', '~'])).then(|| (name.to_owned(), value.trim()))
}

/// A text in quotation marks and nothing behind it.
fn literal(value: &str) -> Option<Zeroizing<String>> {
    let mut signs = value.chars();
    let quote = signs.next()?;
    let inner = signs.as_str().strip_suffix(quote)?;
    match quote {
        // Behind an equals sign, a name between backticks is a program's.
        '\'' => (!inner.contains(quote)).then(|| Zeroizing::new(inner.to_owned())),
        '"' => {
            let mut text = Zeroizing::new(String::with_capacity(inner.len()));
            let mut signs = inner.chars();
            while let Some(sign) = signs.next() {
                match sign {
                    '"' => return None,
                    '\\' => text.push(match signs.next()? {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        same @ ('"' | '\\' | '\'' | '/') => same,
                        _ => return None,
                    }),
                    other => text.push(other),
                }
            }
            Some(text)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::statements::tests;
    use super::*;

    fn told(text: &str) -> Vec<String> {
        tests::told("env.nu", text, |files, base| variables(Platform::Linux, files, base, &[]))
    }

    #[test]
    fn plain_assignments_are_told_and_all_else_is_unsure() {
        let base = "ANTHROPIC_BASE_URL=base@None";
        for (text, expected) in [
            ("$env.ANTHROPIC_API_KEY = \"a\\\"1\"\n", vec![base, "ANTHROPIC_API_KEY=a\"1@Some(1)"]),
            ("# x\n  $env.ANTHROPIC_API_KEY = 'a#1' # why\n", vec![base, "ANTHROPIC_API_KEY=a#1@Some(2)"]),
            ("$env.ANTHROPIC_API_KEY = 'a'; $env.ANTHROPIC_API_KEY = 'b'", vec![base, "ANTHROPIC_API_KEY=b@Some(1)"]),
            ("$env.ANTHROPIC_API_KEY = (open key)\n", vec![base, "ANTHROPIC_API_KEY? Computed"]),
            ("$env.ANTHROPIC_API_KEY = $\"a($x)\"\n", vec![base, "ANTHROPIC_API_KEY? Computed"]),
            ("if true { $env.ANTHROPIC_API_KEY = 'a' }\n", vec![base, "ANTHROPIC_API_KEY? NotFollowed"]),
            ("def f [] {\n  $env.ANTHROPIC_API_KEY = 'a'\n}\n", vec![base, "ANTHROPIC_API_KEY? NotFollowed"]),
            ("hide-env ANTHROPIC_BASE_URL\n", vec![]),
            ("source more.nu\n", vec!["ANTHROPIC_BASE_URL? Program"]),
            ("use std/util\n", vec![base]),
            ("$env.ANTHROPIC_API_KEY = `work`\n", vec![base, "ANTHROPIC_API_KEY? Computed"]),
            ("return\n$env.HTTPS_PROXY = 'a'\n", vec!["ANTHROPIC_BASE_URL? Program", "HTTPS_PROXY? Computed"]),
            ("error make {msg: 'x'}\n$env.ANTHROPIC_API_KEY = 'a'\n", vec![base, "ANTHROPIC_API_KEY? Computed"]),
            (
                "$env.anthropic_base_url = 'b'\n",
                vec!["anthropic_base_url? NotFollowed", "ANTHROPIC_BASE_URL? NotFollowed"],
            ),
            ("$env.ANTHROPIC_API_KEY = 'a\n", vec!["ANTHROPIC_BASE_URL? NotRead"]),
            (
                "$env.config = { show_banner: false }\n$env.ANTHROPIC_API_KEY = 'a'\n",
                vec![base, "ANTHROPIC_API_KEY=a@Some(2)"],
            ),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }
}
