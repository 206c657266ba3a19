//! A scenario with its placeholders filled in: everything that is on the machine, ready to be looked at.

use authlight_core::contexts::{ShellRun, ShellTrouble};
use authlight_core::programs::{self, Program, ProgramKind};
use authlight_core::reading::{Reading, Trouble};
use authlight_core::report::{Context, Mode};
use authlight_core::residents::Holder;
use authlight_core::secret::Secret;
use authlight_core::snapshot::{Arguments, Examined, Platform, Variable};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::format::{self, Content, Reply, Scenario, ScenarioError};
use super::placeholders::Filling;
use super::{Expectation, NO_ENDPOINT};
use crate::cli::examined::claude_arguments;
use crate::contexts::ShellSaid;
use crate::machine::fake::FakeMachine;
use crate::machine::host::host;

/// A machine with one person on it.
#[derive(Clone, Debug)]
pub struct Home {
    /// Whose rules apply.
    pub platform: Platform,
    /// The person's home, as seen from inside.
    pub home: String,
    /// The folder in which `claude` is started, as seen from inside.
    pub project: Option<String>,
    /// How `claude` is run.
    pub mode: Mode,
    /// Whose environment is examined.
    pub context: Context,
    /// Its flags, as written.
    pub claude_args: Option<String>,
    /// The same, read.
    pub arguments: Arguments,
    /// The environment, in its order.
    pub environment: Vec<(String, String)>,
    /// The files.
    pub files: Vec<HomeFile>,
    /// What the endpoint answers.
    pub replies: Vec<Reply>,
    /// The open programs that matter, if anybody is asked.
    pub programs: Option<Vec<Program>>,
    /// Which of them listen, and where.
    pub holders: Vec<Holder>,
    /// What the person's shell says when it is asked.
    pub shell_said: Option<ShellSaid>,
    /// What the programs print that a test runs, and their exit codes.
    pub prints: Vec<(i32, Secret)>,
    /// What is to be said of it.
    pub expect: Expectation,
    /// Now, milliseconds since 1970.
    pub now_ms: i64,
}

/// A file.
#[derive(Clone, Debug)]
pub struct HomeFile {
    /// The path, as seen from inside.
    pub path: String,
    /// What stands there.
    pub node: Node,
    /// Unix permission bits.
    pub mode: u32,
    /// Last change, milliseconds since 1970.
    pub modified_ms: i64,
}

/// What stands at a path.
#[derive(Clone, Debug)]
pub enum Node {
    /// A file.
    File(Vec<u8>),
    /// A file that is a text, many times.
    Repeat(String, u64),
    /// A symbolic link; an absolute target is seen from inside.
    Link(String),
    /// A folder.
    Folder,
    /// A pipe.
    Fifo,
}

impl Scenario {
    /// Whose rules apply.
    pub fn platform(&self) -> Platform {
        match self.platform {
            format::System::Linux => Platform::Linux,
            format::System::Macos => Platform::MacOs,
            format::System::Windows => Platform::Windows,
        }
    }

    /// The machine at a time. `endpoint` is where its answers are given, if they are.
    ///
    /// # Errors
    /// [`ScenarioError`] where the scenario is written wrongly.
    pub fn home_at(&self, now_ms: i64, endpoint: Option<&str>) -> Result<Home, ScenarioError> {
        let platform = self.platform();
        let filling = Filling { now_ms, endpoint: endpoint.unwrap_or(NO_ENDPOINT) };
        let home = self.home.clone().unwrap_or_else(|| usual_home(platform).to_owned());
        let within = |path: &str| match path.strip_prefix('~') {
            Some(rest) => platform.join(&home, rest.trim_start_matches(['/', '\\'])),
            None => path.to_owned(),
        };
        let claude_args = self.claude_args.as_deref().map(|text| filling.text(text)).transpose()?;
        let arguments = claude_arguments(claude_args.as_deref())
            .map_err(|trouble| ScenarioError::Arguments(format!("{trouble:?}")))?;
        let environment = self.environment.iter().map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            Ok((filling.text(name)?, filling.text(&text)?))
        });
        let mut files = Vec::with_capacity(self.files.len());
        for (path, spec) in &self.files {
            let path = within(&filling.text(path)?);
            let node = node(&path, spec.content(&path)?, &filling, &within)?;
            let usual_mode = if matches!(node, Node::Folder) { 0o755 } else { 0o644 };
            let mode = spec
                .mode
                .as_deref()
                .map(|text| u32::from_str_radix(text, 8).map_err(|_| ScenarioError::Mode(format!("{path}: {text}"))));
            let modified = spec.modified.as_deref().map(|time| filling.time(time));
            files.push(HomeFile {
                node,
                mode: mode.transpose()?.unwrap_or(usual_mode),
                modified_ms: modified.transpose()?.unwrap_or(now_ms),
                path,
            });
        }
        let ports: Vec<u16> = self.listening.iter().flatten().copied().chain(endpoint.and_then(port)).collect();
        if self.listening.is_some() || endpoint.is_some() {
            let node = Node::File(connections(&ports).into_bytes());
            files.push(HomeFile { path: "/proc/net/tcp".to_owned(), node, mode: 0o644, modified_ms: now_ms });
        }
        Ok(Home {
            platform,
            project: self.project.as_deref().map(within),
            home: home.clone(),
            mode: match self.mode {
                format::Mode::Interactive => Mode::Interactive,
                format::Mode::Print => Mode::Print,
            },
            context: self.context,
            claude_args,
            arguments,
            environment: environment.collect::<Result<_, ScenarioError>>()?,
            files,
            replies: self.replies.iter().map(|reply| filled(reply, &filling)).collect::<Result<_, _>>()?,
            programs: self.programs(&filling, &within)?,
            holders: self.holders(&within),
            shell_said: self.shell_said(&filling)?,
            prints: self.prints(&filling)?,
            expect: Expectation {
                report: self.expect.report.as_ref().map(|part| filling.json(part)).transpose()?,
                ..self.expect.clone()
            },
            now_ms,
        })
    }

    /// What is to be examined, at a time.
    ///
    /// # Errors
    /// [`ScenarioError`] where the scenario is written wrongly.
    pub fn examined(&self, now_ms: i64) -> Result<Examined, ScenarioError> {
        Ok(self.home_at(now_ms, None)?.examined())
    }
}

impl Scenario {
    fn holders(&self, within: &dyn Fn(&str) -> String) -> Vec<Holder> {
        let processes = self.processes.iter().flatten();
        let of = |process: &format::ProcessSpec| {
            let (path, arguments) = (within(&process.program), process.arguments.clone());
            process.listens.clone().into_iter().map(move |port| Holder::of(port, &path, &arguments))
        };
        processes.flat_map(of).collect()
    }

    /// The processes of which the machine would tell.
    fn programs(
        &self,
        filling: &Filling<'_>,
        within: &dyn Fn(&str) -> String,
    ) -> Result<Option<Vec<Program>>, ScenarioError> {
        let Some(processes) = &self.processes else { return Ok(None) };
        let mut programs = Vec::new();
        for process in processes {
            let path = within(&process.program);
            let Some(kind) = programs::kind(&path, &process.arguments, process.terminal) else { continue };
            let mut environment = Reading::Absent;
            if matches!(kind, ProgramKind::ClaudeCode | ProgramKind::Desktop) {
                environment = Reading::Unreadable(Trouble::Denied);
                if let Some(variables) = &process.environment {
                    environment = Reading::Found(programs::environment(&entries(variables, filling)?));
                }
            }
            programs.push(Program {
                pid: process.pid,
                kind,
                started_ms: process.started.as_deref().map(|time| filling.time(time)).transpose()?,
                folder: process.folder.as_deref().map(within),
                own_settings: programs::has_own_settings(&process.arguments),
                environment,
            });
        }
        Ok(Some(programs))
    }
}

impl Scenario {
    fn prints(&self, filling: &Filling<'_>) -> Result<Vec<(i32, Secret)>, ScenarioError> {
        let printed = self.prints.iter().map(|print| {
            let text = print.json.as_ref().map(Value::to_string).or_else(|| print.text.clone()).unwrap_or_default();
            Ok((print.code, Secret::new(filling.text(&text)?)))
        });
        printed.collect()
    }

    fn shell_said(&self, filling: &Filling<'_>) -> Result<Option<ShellSaid>, ScenarioError> {
        let Some(says) = &self.shell_says else { return Ok(None) };
        let environment = says.environment.as_ref().map(|variables| entries(variables, filling)).transpose()?;
        let variables = environment.map(|entries| {
            programs::environment(&entries).into_iter().map(|variable| (variable.name, variable.value)).collect()
        });
        let trouble = says.trouble.as_deref();
        let run = ShellRun {
            command: "bash -i".to_owned(),
            trouble: trouble.and_then(|word| ShellTrouble::ALL.into_iter().find(|trouble| trouble.word() == word)),
            printed: says.printed,
            went_to: says.went_to.clone(),
        };
        Ok(Some(ShellSaid { variables, unsure: Vec::new(), run }))
    }
}

/// An environment as the system keeps it.
fn entries(variables: &Map<String, Value>, filling: &Filling<'_>) -> Result<Zeroizing<Vec<u8>>, ScenarioError> {
    let entries = variables.iter().map(|(name, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Ok(format!("{name}={}\0", filling.text(&text)?))
    });
    Ok(entries.collect::<Result<String, ScenarioError>>()?.into_bytes().into())
}

/// Linux's table of connections, where something listens on these ports of loopback.
fn connections(ports: &[u16]) -> String {
    let rows = ports.iter().enumerate().map(|(row, port)| {
        format!(
            "{row:4}: 0100007F:{port:04X} 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1\n"
        )
    });
    std::iter::once(
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n".to_owned(),
    )
    .chain(rows)
    .collect()
}

fn port(endpoint: &str) -> Option<u16> {
    endpoint.rsplit_once(':')?.1.parse().ok()
}

fn usual_home(platform: Platform) -> &'static str {
    match platform {
        Platform::Linux => "/home/kim",
        Platform::MacOs => "/Users/kim",
        Platform::Windows => "C:\\Users\\kim",
    }
}

fn node(
    path: &str,
    content: Content<'_>,
    filling: &Filling<'_>,
    within: &dyn Fn(&str) -> String,
) -> Result<Node, ScenarioError> {
    Ok(match content {
        Content::Json(value) => Node::File(format!("{:#}\n", filling.json(value)?).into_bytes()),
        Content::Text(text) => Node::File(filling.text(text)?.into_bytes()),
        Content::Base64(text) => Node::File(STANDARD.decode(text).map_err(|_| ScenarioError::Base64(path.to_owned()))?),
        Content::Link(target) => Node::Link(within(&filling.text(target)?)),
        Content::Folder => Node::Folder,
        Content::Fifo => Node::Fifo,
        Content::Repeat(text, times) => Node::Repeat(filling.text(text)?, times),
    })
}

fn filled(reply: &Reply, filling: &Filling<'_>) -> Result<Reply, ScenarioError> {
    let headers = reply.headers.iter().map(|(name, value)| Ok((name.clone(), filling.text(value)?)));
    Ok(Reply {
        path: reply.path.clone(),
        status: reply.status,
        headers: headers.collect::<Result<_, ScenarioError>>()?,
        json: reply.json.as_ref().map(|json| filling.json(json)).transpose()?,
        text: reply.text.as_deref().map(|text| filling.text(text)).transpose()?,
    })
}

impl Home {
    /// What is to be examined.
    pub fn examined(&self) -> Examined {
        let own = self.environment.iter();
        let variables =
            own.filter_map(|(name, value)| Variable::of(self.platform, name, Secret::new(value.as_str()))).collect();
        Examined {
            now_ms: self.now_ms,
            host: host(&self.machine(), self.platform, &|name| {
                self.environment.iter().any(|(own, _)| self.platform.is_same_variable(own, name))
            }),
            project: self.project.clone(),
            own: self.programs.is_some(),
            mode: self.mode,
            arguments: self.arguments.clone(),
            ..Examined::of_process(self.platform, self.home.as_str(), variables)
        }
    }

    /// The machine in memory.
    pub fn machine(&self) -> FakeMachine {
        FakeMachine::of(self)
    }
}
