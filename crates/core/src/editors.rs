//! What VS Code and its relatives give Claude Code: the variables of its extension, and those of their terminals.
//!
//! Documented: `claudeCode.environmentVariables` (a list of names and values; code.claude.com, vs-code),
//! `terminal.integrated.env.*` (null takes a variable away) and the places of the settings (code.visualstudio.com).

use crate::claude_code::variables;
use crate::json::Value;
use crate::reading::{Content, Reading, Trouble};
use crate::report::{Scope, Source, SourceKind};
use crate::secret::Secret;
use crate::snapshot::{Examined, Platform, Variable};

/// The largest settings file of an editor that is read.
pub const LIMIT: u64 = 4 << 20;

/// The name and the settings folder of each editor.
const EDITORS: [(&str, &str); 5] = [
    ("VS Code", "Code"),
    ("VS Code Insiders", "Code - Insiders"),
    ("VSCodium", "VSCodium"),
    ("Cursor", "Cursor"),
    ("Windsurf", "Windsurf"),
];

/// What runs on a machine that an editor elsewhere has open: VS Code keeps settings for it there.
const SERVERS: [(&str, &str); 2] = [("VS Code", ".vscode-server"), ("VS Code Insiders", ".vscode-server-insiders")];

/// A settings file to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditorFile {
    /// Whose it is. None: it lies in the project, for whichever editor opens it.
    pub editor: Option<&'static str>,
    /// The path.
    pub path: String,
}

/// What gets the variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// Claude Code's own panel.
    Extension,
    /// A terminal in the editor.
    Terminal,
}

impl Target {
    /// The word for sentences.
    pub fn word(self) -> &'static str {
        match self {
            Self::Extension => "extension",
            Self::Terminal => "terminal",
        }
    }
}

/// A variable on the fact list.
#[derive(Clone, Debug)]
pub struct EditorVariable {
    /// What gets it.
    pub target: Target,
    /// Its name.
    pub name: String,
    /// The value. None: it is taken away.
    pub value: Option<Secret>,
    /// Where it stands.
    pub source: Source,
}

/// A settings file of an editor that is there.
#[derive(Clone, Debug)]
pub struct EditorSettings {
    /// Whose it is, and where.
    pub file: EditorFile,
    /// Why it could not be read.
    pub trouble: Option<Trouble>,
    /// What stands in it about the variables on the fact list.
    pub variables: Vec<EditorVariable>,
}

/// Every settings file that may be there, those of the project last: they go before the person's own.
pub fn files(examined: &Examined) -> Vec<EditorFile> {
    let Examined { platform, home, project, .. } = examined;
    let folder = folder_of_settings(examined);
    let within =
        |folder: &str, names: &[&str]| names.iter().fold(folder.to_owned(), |path, name| platform.join(&path, name));
    let own = EDITORS.iter().map(|(editor, name)| (*editor, within(&folder, &[name, "User", "settings.json"])));
    let servers =
        SERVERS.iter().map(|(editor, name)| (*editor, within(home, &[name, "data", "Machine", "settings.json"])));
    let mut files: Vec<EditorFile> =
        own.chain(servers).map(|(editor, path)| EditorFile { editor: Some(editor), path }).collect();
    if let Some(project) = project {
        files.push(EditorFile { editor: None, path: within(project, &[".vscode", "settings.json"]) });
    }
    files
}

/// Where the IDEs of JetBrains keep their settings, a folder for each. What they give their terminals and their plug-in
/// is documented nowhere, so it is not read: that one of them is there is all that is told.
pub fn folder_of_jetbrains(examined: &Examined) -> String {
    examined.platform.join(&folder_of_settings(examined), "JetBrains")
}

fn folder_of_settings(examined: &Examined) -> String {
    let Examined { platform, home, .. } = examined;
    let variable = |name: &str| Variable::filled(&examined.variables, name).map(str::to_owned);
    match platform {
        Platform::Linux => variable("XDG_CONFIG_HOME").unwrap_or_else(|| platform.join(home, ".config")),
        Platform::MacOs => platform.join(home, "Library/Application Support"),
        Platform::Windows => variable("APPDATA").unwrap_or_else(|| platform.join(home, "AppData\\Roaming")),
    }
}

/// The settings of an editor's file as it was read; none where it is not there.
pub fn settings(platform: Platform, file: EditorFile, content: Reading<Content>) -> Option<EditorSettings> {
    let mut settings = EditorSettings { file, trouble: content.trouble(), variables: Vec::new() };
    match content {
        Reading::Absent => return None,
        Reading::Found(Content::Json(json, _)) => settings.variables = settings.of(platform, json.root()),
        Reading::Found(_) | Reading::Unreadable(_) => {}
    }
    Some(settings)
}

impl EditorSettings {
    /// Whether whoever wrote the project wrote it.
    pub fn is_of_the_folder(&self) -> bool {
        self.file.editor.is_none()
    }

    fn of(&self, platform: Platform, root: Value<'_>) -> Vec<EditorVariable> {
        let terminal = match platform {
            Platform::Linux => "terminal.integrated.env.linux",
            Platform::MacOs => "terminal.integrated.env.osx",
            Platform::Windows => "terminal.integrated.env.windows",
        };
        let mut found = Vec::new();
        let mut add = |target, name: &str, value: Option<Secret>, place: crate::json::Position| {
            let Some(fact) = variables::named(platform, name) else { return };
            let source = Source {
                scope: Some(if self.is_of_the_folder() { Scope::Project } else { Scope::User }),
                path: Some(self.file.path.clone()),
                line: Some(place.line),
                column: Some(place.column),
                name: Some(fact.name.to_owned()),
                ..Source::new(SourceKind::IdeSettings)
            };
            found.push(EditorVariable { target, name: fact.name.to_owned(), value, source });
        };
        for item in root.get("claudeCode.environmentVariables").into_iter().flat_map(Value::items) {
            let (Some(name), Some(value)) = (item.get("name").and_then(Value::as_str), item.member("value")) else {
                continue;
            };
            if let Some(text) = value.value.as_str() {
                add(Target::Extension, &name, Some(Secret::new(text)), value.position());
            }
        }
        for member in root.get(terminal).map(Value::effective_members).unwrap_or_default() {
            let value = member.value.as_str().map(Secret::new);
            if value.is_some() || member.value.is_null() {
                add(Target::Terminal, &member.name(), value, member.position());
            }
        }
        found
    }
}

/// What is started there is started with: the variables, as the settings change them. None: they change none, or say
/// something that only the editor can fill in.
pub fn started_with<'a>(
    platform: Platform,
    variables: &[Variable],
    changes: impl IntoIterator<Item = &'a EditorVariable>,
) -> Option<Vec<Variable>> {
    let mut there = variables.to_vec();
    let mut changed = false;
    for change in changes {
        there.retain(|variable| !platform.is_same_variable(&variable.name, &change.name));
        changed = true;
        let Some(value) = &change.value else { continue };
        if value.plain().contains("${") {
            return None;
        }
        there.push(Variable { name: change.name.clone(), value: value.clone(), source: change.source.clone() });
    }
    changed.then_some(there)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(platform: Platform, text: &str) -> Vec<(Target, String, Option<Secret>, usize)> {
        let file = EditorFile { editor: Some("VS Code"), path: "settings.json".to_owned() };
        let content = Reading::Found(Content::of_an_editor(text.as_bytes().to_vec()));
        let found = settings(platform, file, content).unwrap().variables;
        found.into_iter().map(|one| (one.target, one.name, one.value, one.source.line.unwrap())).collect()
    }

    #[test]
    fn both_places_are_read_and_nothing_else() {
        let text = "{\n// keys\n\"claudeCode.environmentVariables\": [\n\
                    {\"name\": \"ANTHROPIC_API_KEY\",\n \"value\": \"k\"},\n{\"name\": \"OTHER\", \"value\": \"x\"},\n\
                    {\"name\": \"ANTHROPIC_BASE_URL\"}, 7, {\"name\": \"HTTPS_PROXY\", \"value\": 3},\n],\n\
                    \"terminal.integrated.env.linux\": {\"ANTHROPIC_AUTH_TOKEN\": null, \"EDITOR\": \"x\"},\n\
                    \"terminal.integrated.env.osx\": {\"ANTHROPIC_BASE_URL\": \"https://gw.example\"},\n}";
        let names = |platform| {
            read(platform, text)
                .into_iter()
                .map(|(target, name, value, line)| (target, name, value.is_some(), line))
                .collect::<Vec<_>>()
        };
        let key = (Target::Extension, "ANTHROPIC_API_KEY".to_owned(), true, 5);
        assert_eq!(
            names(Platform::Linux),
            [key.clone(), (Target::Terminal, "ANTHROPIC_AUTH_TOKEN".to_owned(), false, 9)]
        );
        assert_eq!(
            names(Platform::MacOs),
            [key.clone(), (Target::Terminal, "ANTHROPIC_BASE_URL".to_owned(), true, 10)]
        );
        assert_eq!(names(Platform::Windows), [key]);
        for odd in
            ["[]", "{\"claudeCode.environmentVariables\": {}}", "{\"claudeCode.environmentVariables\": 1", "", "//"]
        {
            assert!(read(Platform::Linux, odd).is_empty(), "{odd}");
        }
    }
}
