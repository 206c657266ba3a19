//! `authlight practice`: broken homes to practise on.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{Console, Trouble};
use crate::practice::{self, LaidOut, LayOutError, Scenario};

/// Lay out a broken home to practise on.
#[derive(Args, Debug)]
pub struct Practice {
    /// Name every scenario.
    #[arg(long)]
    list: bool,
    /// The list as JSON.
    #[arg(long, requires = "list")]
    json: bool,
    /// The scenario to lay out.
    #[arg(required_unless_present = "list", conflicts_with = "list")]
    scenario: Option<String>,
    /// The folder to lay it out in: new or empty. Without it, a new folder among the temporary ones.
    #[arg(long, value_name = "DIR", requires = "scenario", conflicts_with = "list")]
    home: Option<PathBuf>,
}

/// The version of the list's shape.
pub(super) const SCHEMA: &str = "authlight.practice/1";

impl Practice {
    /// Whether the answer is JSON.
    pub(super) fn wants_json(&self) -> bool {
        self.json
    }
}

#[derive(Serialize)]
struct List {
    schema: &'static str,
    scenarios: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    title: String,
    story: String,
    platform: &'static str,
}

/// Lists, or lays out.
pub(super) fn run(command: &Practice, console: &mut Console<'_>) -> Result<u8, Trouble> {
    let internal = |error: &dyn std::fmt::Display| Trouble::Internal(error.to_string());
    let document = match &command.scenario {
        None => list(practice::all().map_err(|error| internal(&error))?, command.json)?,
        Some(name) => {
            let scenario = practice::find(name).map_err(|error| internal(&error))?.ok_or_else(|| {
                Trouble::Arguments(format!("there is no scenario {name}; authlight practice --list names them all"))
            })?;
            let folder = match &command.home {
                Some(folder) => console.surroundings.folder.join(folder),
                None => {
                    let prefix = format!("authlight-practice-{name}-");
                    tempfile::Builder::new().prefix(&prefix).tempdir().map_err(|error| internal(&error))?.keep()
                }
            };
            let laid_out = scenario.lay_out(&folder).map_err(|error| match error {
                LayOutError::NotEmpty(_) => Trouble::Arguments(error.to_string()),
                _ => internal(&error),
            })?;
            told(&scenario, &laid_out)
        }
    };
    console.print(document.as_bytes())?;
    Ok(0)
}

fn list(scenarios: Vec<Scenario>, json: bool) -> Result<String, Trouble> {
    let rows: Vec<Row> = scenarios
        .into_iter()
        .map(|scenario| Row {
            platform: scenario.platform().word(),
            name: scenario.name,
            title: scenario.title,
            story: scenario.story,
        })
        .collect();
    if json {
        let list = List { schema: SCHEMA, scenarios: rows };
        let text = serde_json::to_string_pretty(&list).map_err(|error| Trouble::Internal(error.to_string()))?;
        return Ok(text + "\n");
    }
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    Ok(rows.iter().map(|row| format!("{:width$}  {}\n", row.name, row.title)).collect())
}

fn told(scenario: &Scenario, laid_out: &LaidOut) -> String {
    let mut text = format!(
        "{}\n\n{}\n\nLaid out in {}\n\nLook at it:\n  {}\n  {}\n",
        scenario.title,
        scenario.story,
        laid_out.root.parent().unwrap_or(&laid_out.root).display(),
        laid_out.command_line("check"),
        laid_out.command_line("window"),
    );
    if !scenario.replies.is_empty() {
        text.push_str(&format!(
            "\nIts endpoint answers only while the window is open on it:\n  authlight --practice {}\n",
            scenario.name
        ));
    }
    if !laid_out.left_out.is_empty() {
        text.push_str(&format!("\nThis system could not lay out: {}\n", laid_out.left_out.join(", ")));
    }
    text
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        practice: Practice,
    }

    fn arguments(words: &[&str]) -> Result<Practice, clap::Error> {
        Only::try_parse_from(std::iter::once(&"practice").chain(words)).map(|only| only.practice)
    }

    #[test]
    fn the_list_and_a_scenario_exclude_each_other() {
        assert!(arguments(&["--list", "--json"]).is_ok());
        assert!(arguments(&["key-beside-plan", "--home", "x"]).is_ok());
        for wrong in
            [&[][..], &["--json"], &["--list", "key-beside-plan"], &["--list", "--home", "x"], &["--home", "x"]]
        {
            assert!(arguments(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn the_list_says_what_each_is_about() {
        let text = list(practice::all().unwrap(), true).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let rows = json["scenarios"].as_array().unwrap();
        assert_eq!(rows.len(), practice::names().count());
        assert!(rows.iter().all(|row| row["story"].as_str().is_some_and(|story| !story.is_empty())));
        let plain = list(practice::all().unwrap(), false).unwrap();
        assert!(practice::names().all(|name| plain.lines().any(|line| line.split(' ').next() == Some(name))));
    }
}
