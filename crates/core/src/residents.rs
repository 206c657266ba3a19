//! Programs that rewrite Claude Code's settings or hold an endpoint on this machine, recognised by what they leave.
//!
//! The table is `assets/facts/residents.toml`.

use crate::programs::ProgramKind;
use crate::reading::Reading;
use crate::secret::Secret;
use crate::snapshot::Snapshot;
use crate::url::Base;

include!(concat!(env!("OUT_DIR"), "/residents.rs"));

/// A program of that kind, and by what it is recognised.
#[derive(Clone, Copy, Debug)]
pub struct Resident {
    /// The word for sentences to choose by.
    pub id: &'static str,
    /// What it calls itself.
    pub name: &'static str,
    /// Where it listens if nobody says otherwise.
    pub ports: &'static [u16],
    /// What it writes in place of a key.
    pub marks: &'static [&'static str],
    /// What it leaves in the home.
    pub files: &'static [&'static str],
    /// What starts it with the computer, in the home.
    pub autostart: &'static [&'static str],
    /// The file names of its programs.
    pub programs: &'static [&'static str],
    /// How the path of its script ends.
    pub scripts: &'static [&'static str],
    /// Where that is written.
    pub source: &'static str,
    /// When it was last compared.
    pub checked: &'static str,
}

/// What a resident left in the home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Whose it is.
    pub id: &'static str,
    /// The path.
    pub path: String,
    /// Whether it starts it with the computer.
    pub starts: bool,
}

/// The program that listens on a port of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The port.
    pub port: u16,
    /// The file name of its program. Its arguments are not kept: they may hold a secret.
    pub program: String,
    /// The resident that it is; its word.
    pub resident: Option<&'static str>,
}

impl Holder {
    /// By the path of the program and its arguments.
    pub fn of(port: u16, path: &str, arguments: &[String]) -> Self {
        let path = path.strip_suffix(" (deleted)").unwrap_or(path);
        let program = path.rsplit('/').next().unwrap_or_default().to_owned();
        Self { port, program, resident: of_program(path, arguments).map(|resident| resident.id) }
    }

    /// Whether it may be any program, since it only runs what others wrote, or lets them in from outside.
    fn may_be_any(&self) -> bool {
        let version = |c: char| c.is_ascii_digit() || c == '.';
        ["node", "nodejs", "bun", "deno", "python", "docker-proxy", "rootlessport", "ssh", "socat"]
            .contains(&self.program.trim_end_matches(version))
    }
}

/// How sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// It left its mark, or its port and its files are there.
    Known,
    /// Only its port.
    Likely,
}

impl Certainty {
    /// The word for sentences.
    pub fn word(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Likely => "likely",
        }
    }
}

/// A resident that was recognised.
#[derive(Clone, Copy, Debug)]
pub struct Recognised<'a> {
    /// Which.
    pub resident: &'static Resident,
    /// How sure it is.
    pub certainty: Certainty,
    /// What it left in the home.
    pub left: Option<&'a Trace>,
    /// What starts it with the computer.
    pub starts: Option<&'a Trace>,
    /// Whether it is seen to run. Where it is not, it may.
    pub runs: bool,
}

/// The places to look at: whose, below the home, and whether it is what starts it.
pub fn places() -> impl Iterator<Item = (&'static Resident, &'static str, bool)> {
    RESIDENTS.iter().flat_map(|resident| {
        let files = resident.files.iter().map(move |path| (resident, *path, false));
        files.chain(resident.autostart.iter().map(move |path| (resident, *path, true)))
    })
}

/// The resident whose program this is.
pub fn of_program(path: &str, arguments: &[String]) -> Option<&'static Resident> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let script = arguments.iter().skip(1).find(|word| !word.starts_with('-'));
    RESIDENTS.iter().find(|resident| {
        let is_script = |script: &String| resident.scripts.iter().any(|end| script.ends_with(end));
        resident.programs.contains(&name) || script.is_some_and(is_script)
    })
}

/// The resident that wrote this in place of a key.
pub fn of_mark(value: &Secret) -> Option<&'static Resident> {
    RESIDENTS.iter().find(|resident| resident.marks.iter().any(|mark| value.same_as(&Secret::new(*mark))))
}

/// The resident that an address on this machine belongs to, with what is sent there.
pub fn at<'a, 's>(
    snapshot: &'a Snapshot,
    base: &Base,
    sent: impl IntoIterator<Item = &'s Secret>,
) -> Option<Recognised<'a>> {
    if !base.loopback {
        return None;
    }
    let marked = sent.into_iter().find_map(of_mark);
    let holder = holder(snapshot, base);
    let held = holder.and_then(|holder| RESIDENTS.iter().find(|resident| holder.resident == Some(resident.id)));
    let by_port = || {
        // Whoever holds the port is somebody else.
        let refuted = holder.is_some_and(|holder| !holder.may_be_any());
        RESIDENTS.iter().find(|resident| !refuted && resident.ports.contains(&base.port))
    };
    let resident = held.or(marked).or_else(by_port)?;
    let mut recognised = of(snapshot, resident);
    if held.is_some() || marked.is_some() {
        recognised.certainty = Certainty::Known;
    }
    recognised.runs |= held.is_some();
    Some(recognised)
}

/// The program that listens where an address on this machine leads, where the system told it.
pub fn holder<'a>(snapshot: &'a Snapshot, base: &Base) -> Option<&'a Holder> {
    snapshot.port_holder.as_ref().filter(|holder| base.loopback && holder.port == base.port)
}

/// What is known of a resident here.
pub fn of<'a>(snapshot: &'a Snapshot, resident: &'static Resident) -> Recognised<'a> {
    let trace = |starts| snapshot.residents.iter().find(|trace| trace.id == resident.id && trace.starts == starts);
    let programs = if let Reading::Found(programs) = &snapshot.programs { programs.as_slice() } else { &[] };
    let runs = programs.iter().any(|program| program.kind == ProgramKind::Resident(resident.id));
    let (left, starts) = (trace(false), trace(true));
    let sure = left.is_some() || starts.is_some() || runs;
    Recognised { resident, certainty: if sure { Certainty::Known } else { Certainty::Likely }, left, starts, runs }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::{Examined, Platform};

    #[test]
    fn a_program_is_known_by_its_file_or_its_script() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let id = |path: &str, arguments: &[&str]| of_program(path, &words(arguments)).map(|resident| resident.id);
        assert_eq!(id("/opt/cc-switch/cc-switch", &["cc-switch"]), Some("cc-switch"));
        assert_eq!(id("/usr/bin/node", &["node", "/usr/local/bin/ccr", "start"]), Some("claude-code-router"));
        assert_eq!(id("/usr/bin/node", &["node", "server.js", "/usr/local/bin/ccr"]), None);
        assert_eq!(id("/usr/bin/cc", &["cc"]), None);
    }

    #[test]
    fn who_holds_the_port_is_believed_before_the_ports_number() {
        let known = |port: u16, path: &str, arguments: &[&str]| {
            let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
            let mut snapshot = Snapshot::new(Examined::of_process(Platform::Linux, "/home/kim", Vec::new()));
            snapshot.port_holder = Some(Holder::of(port, path, &arguments));
            let base = crate::url::base("http://127.0.0.1:3456").unwrap();
            at(&snapshot, &base, []).map(|found| (found.resident.id, found.certainty, found.runs))
        };
        let router = "claude-code-router";
        let script = ["node", "/usr/lib/node_modules/x/claude-code-router/dist/cli.js"];
        assert_eq!(known(3456, "/usr/bin/node", &script), Some((router, Certainty::Known, true)));
        assert_eq!(known(3456, "/opt/cc-switch (deleted)", &[]), Some(("cc-switch", Certainty::Known, true)));
        assert_eq!(known(3456, "/usr/sbin/nginx", &["nginx"]), None, "somebody else");
        for open in ["/usr/bin/node", "/usr/bin/python3.13", "/usr/bin/docker-proxy"] {
            assert_eq!(known(3456, open, &[]), Some((router, Certainty::Likely, false)), "{open} may run anything");
        }
        assert_eq!(known(80, "/usr/sbin/nginx", &[]), Some((router, Certainty::Likely, false)), "of another port");
    }

    #[test]
    fn a_mark_is_no_part_of_another_key() {
        assert_eq!(of_mark(&Secret::new(" PROXY_MANAGED\n")).map(|resident| resident.id), Some("cc-switch"));
        assert!(of_mark(&Secret::new("PROXY_MANAGED_BY_US")).is_none());
        assert!(of_mark(&Secret::new("")).is_none());
    }
}
