//! The fixes: from a finding to what would be changed on the machine.
//!
//! A fix is a function of the facts and of the finding that it is to mend. What it gives is data: edits, which the engine
//! turns into a plan, shows, and applies on the person's word. It never touches the machine, and it names sentences by
//! its ID; the words are in `assets/locales`. Adding one: a file here, a row in [`FIXES`], words, and a scenario that
//! offers it.

mod answer_about_key;
mod by_hand;
mod clean_value;
pub mod company_certificate;
mod correct_address;
pub mod edit;
mod editor_variable;
mod except_host;
mod files;
mod gateway;
pub mod install_claude_code;
mod place;
pub mod provider;
pub mod put_key;
mod remove_variable;
mod rename_member;
pub mod reset;
pub mod rotate;
mod set_up_provider;
mod settings_text;
mod sign_in;
mod switch_on;
mod variables;

use crate::judge::Facts;
use crate::report::{Finding, FixKind, FixOffer, Instance, Source};

pub use edit::{Edit, FileChange};

/// A remedy.
#[derive(Clone, Copy)]
pub struct Fix {
    /// Its stable name: `F.remove_settings_env`.
    pub id: &'static str,
    /// How it is offered.
    pub risk: Risk,
    /// The codes of the findings that it mends.
    pub mends: &'static [&'static str],
    /// What it would change. `None`: it cannot help with this finding on this machine.
    pub repair: fn(&Facts<'_>, &Target<'_>) -> Option<Repair>,
}

/// How dangerous a fix is, and with that how it is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Risk {
    /// A button: it can be taken back, and nothing is lost meanwhile.
    Safe,
    /// Asked about once more: something is lost, or another's program is run.
    Careful,
    /// Shown as what the person, or an administrator, does by hand.
    Manual,
}

/// The finding that a fix is to mend.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// Its code.
    pub code: &'a str,
    /// Its stable name.
    pub instance: &'a Instance,
    /// Where it was seen; the first place is the one that it is named after. Paths are whole.
    pub evidence: &'a [Source],
}

impl Target<'_> {
    /// The first place.
    pub fn place(&self) -> Option<&Source> {
        self.evidence.first()
    }
}

/// What a fix would change.
#[derive(Clone, Debug, Default)]
pub struct Repair {
    /// The edits, in their order. What cannot be undone comes last.
    pub edits: Vec<Edit>,
    /// Codes of findings that it brings about and that are meant: after a sign-out nobody is signed in.
    pub brings: &'static [&'static str],
    /// In which environment its success is seen.
    pub shows: Shows,
}

/// In which environment it is seen that a repair has helped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Shows {
    /// In the one that is examined.
    #[default]
    Here,
    /// In a new terminal, by what its files say: a process keeps what it was started with until it ends.
    NewTerminal,
}

impl Repair {
    /// These edits.
    pub fn of(edits: impl IntoIterator<Item = Edit>) -> Self {
        Self { edits: edits.into_iter().collect(), brings: &[], shows: Shows::Here }
    }

    /// Whether all of it can be taken back.
    pub fn is_reversible(&self) -> bool {
        self.edits.iter().all(Edit::is_reversible)
    }

    /// Whether only an administrator can do it.
    pub fn needs_elevation(&self) -> bool {
        self.edits.iter().any(Edit::needs_elevation)
    }
}

/// Every fix that a finding can lead to. Of two that mend one finding the first that can help is offered.
pub const FIXES: &[Fix] = &[
    // What is written in files that Claude Code reads: mended where it stands, else taken out.
    answer_about_key::FORGET,
    answer_about_key::APPROVE,
    clean_value::FIX,
    correct_address::FIX,
    except_host::FIX,
    files::CLOSE,
    files::OPEN,
    files::LOCK_ASIDE,
    files::LOGIN_ASIDE,
    rename_member::FIX,
    rename_member::SET_ASIDE,
    rename_member::RIGHT_VARIABLE,
    settings_text::COMMAS,
    settings_text::COMMENTS,
    settings_text::ENCODING,
    settings_text::STATE_ASIDE,
    settings_text::FIELD,
    settings_text::ENTRIES,
    settings_text::MOVE_FROM_STATE,
    switch_on::FIX,
    remove_variable::OWN,
    remove_variable::SHARED,
    remove_variable::LEAVE_CLOUD,
    remove_variable::USE_LOGIN,
    remove_variable::DROP_STRONGER,
    remove_variable::DROP_WEAKER,
    remove_variable::BACK_TO_ANTHROPIC,
    remove_variable::REMOVE_PROXY,
    // What profiles and the person's variables say.
    variables::clean::FIX,
    variables::export::FIX,
    variables::new_terminal::FIX,
    variables::reached::FIX,
    variables::remove::FIX,
    variables::remove::ASKED,
    variables::rename::FIX,
    variables::right_file::FIX,
    variables::second_value::FIX,
    variables::unset_later::FIX,
    variables::use_plan::FIX,
    editor_variable::FIX,
    // What the live test saw on the way.
    company_certificate::FIX,
    // Where there is no program to sign in with.
    install_claude_code::FIX,
    // Where nothing but a new login helps, or a new key.
    sign_in::FIX,
    rotate::FIX,
    // What is left: said, not done.
    by_hand::ADMINISTRATOR,
    by_hand::FLAG,
    by_hand::FOLDER,
    by_hand::UNSET,
    // Where a value is missing that only the person knows.
    set_up_provider::FIX,
];

/// The fix of that ID.
pub fn find(id: &str) -> Option<&'static Fix> {
    FIXES.iter().find(|fix| fix.id == id)
}

/// The fix that a finding leads to, and what it would change. The finding's paths are whole yet.
pub fn of_finding(facts: &Facts<'_>, finding: &Finding) -> Option<(&'static Fix, Repair)> {
    let code = finding.code.as_deref()?;
    let target = Target { code, instance: &finding.instance, evidence: &finding.evidence };
    let able = FIXES.iter().filter(|fix| fix.mends.contains(&code));
    able.filter_map(|fix| Some((fix, (fix.repair)(facts, &target)?))).next()
}

/// What one fix would change about these findings: of two that mend a finding either can be asked for by its name.
pub fn of_findings(facts: &Facts<'_>, fix: &'static Fix, findings: Vec<Finding>) -> Vec<(Finding, Repair)> {
    let repaired = |finding: Finding| {
        let code = finding.code.as_deref().filter(|code| fix.mends.contains(code))?;
        let target = Target { code, instance: &finding.instance, evidence: &finding.evidence };
        let repair = (fix.repair)(facts, &target)?;
        Some((finding, repair))
    };
    findings.into_iter().filter_map(repaired).collect()
}

/// What the report says of it.
pub fn offer(fix: &Fix, repair: &Repair) -> FixOffer {
    FixOffer {
        id: fix.id.into(),
        kind: match fix.risk {
            _ if repair.needs_elevation() => FixKind::Admin,
            _ if !repair.edits.iter().any(Edit::changes_something) => FixKind::Guided,
            Risk::Safe | Risk::Careful => FixKind::Auto,
            Risk::Manual => FixKind::Guided,
        },
        reversible: repair.is_reversible(),
        needs_elevation: repair.needs_elevation(),
    }
}
