//! A machine as it would be after a plan: to judge a repair before it is made.

use std::collections::{BTreeMap, BTreeSet};

use authlight_core::keychain::{Answer, Question};
use authlight_core::programs::Program;
use authlight_core::reading::{FileFacts, Reading, Trouble};
use authlight_core::registry_export::{Exported, Hive, TextValue};
use authlight_core::report::Source;
use authlight_core::residents::Holder;
use authlight_core::secret::Secret;
use zeroize::Zeroizing;

use super::Machine;
use crate::act::change::{Plan, Step};

/// A machine, and the plan that it is seen after. What a program of the plan would do is not seen.
pub struct Planned<'m> {
    machine: &'m dyn Machine,
    files: BTreeMap<String, Option<Zeroizing<Vec<u8>>>>,
    modes: BTreeMap<String, u32>,
    variables: Vec<(String, Option<Secret>)>,
}

impl<'m> Planned<'m> {
    /// The machine after the plan.
    pub fn new(machine: &'m dyn Machine, plan: &Plan) -> Self {
        let (mut files, mut modes, mut variables) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        for step in &plan.steps {
            match step {
                Step::File(step) => drop(files.insert(step.shown.clone(), step.after.clone())),
                Step::SetAside { shown, .. } => drop(files.insert(shown.clone(), None)),
                Step::Mode { shown, after, .. } => drop(modes.insert(shown.clone(), *after)),
                Step::UserVariable { name, after, .. } => variables.push((name.clone(), after.clone())),
                Step::Run(_) | Step::Tell { .. } | Step::Open { .. } => {}
            }
        }
        Self { machine, files, modes, variables }
    }

    fn dressed(&self, path: &str, facts: FileFacts) -> FileFacts {
        match self.modes.get(path) {
            Some(mode) => FileFacts { mode: Some(*mode), ..facts },
            None => facts,
        }
    }

    fn size_of(&self, path: &str, facts: FileFacts) -> FileFacts {
        match self.files.get(path) {
            Some(Some(bytes)) => FileFacts { size: bytes.len() as u64, ..facts },
            _ => facts,
        }
    }
}

impl Machine for Planned<'_> {
    fn read(&self, path: &str, limit: u64) -> (FileFacts, Reading<Vec<u8>>) {
        let Some(planned) = self.files.get(path) else {
            let (facts, bytes) = self.machine.read(path, limit);
            return (self.dressed(path, facts), bytes);
        };
        let Some(bytes) = planned else { return (FileFacts::default(), Reading::Absent) };
        let facts = self.machine.facts(path).found().copied().unwrap_or_default();
        let facts = self.size_of(path, self.dressed(path, facts));
        if bytes.len() as u64 > limit {
            return (facts, Reading::Unreadable(Trouble::TooLarge));
        }
        (facts, Reading::Found(bytes.to_vec()))
    }

    fn facts(&self, path: &str) -> Reading<FileFacts> {
        match self.files.get(path) {
            Some(None) => Reading::Absent,
            Some(Some(_)) => {
                let facts = self.machine.facts(path).found().copied().unwrap_or_default();
                Reading::Found(self.size_of(path, self.dressed(path, facts)))
            }
            None => self.machine.facts(path).map(|facts| self.dressed(path, facts)),
        }
    }

    fn list(&self, folder: &str) -> Reading<Vec<String>> {
        self.machine.list(folder)
    }

    fn link(&self, path: &str) -> Reading<Option<String>> {
        if matches!(self.files.get(path), Some(None)) { Reading::Absent } else { self.machine.link(path) }
    }

    fn keychain(&self, home: &str, question: &Question) -> Answer {
        self.machine.keychain(home, question)
    }

    fn writable(&self, path: &str) -> Option<bool> {
        self.machine.writable(path)
    }

    fn left_out(&self) -> &[Source] {
        self.machine.left_out()
    }

    fn registry_policy(&self, hive: Hive) -> Reading<Exported> {
        self.machine.registry_policy(hive)
    }

    fn registry_environment(&self, hive: Hive) -> Reading<Vec<TextValue>> {
        let there = self.machine.registry_environment(hive);
        if hive != Hive::CurrentUser || self.variables.is_empty() {
            return there;
        }
        let mut values = match there {
            Reading::Found(values) => values,
            Reading::Absent => Vec::new(),
            Reading::Unreadable(trouble) => return Reading::Unreadable(trouble),
        };
        for (name, after) in &self.variables {
            values.retain(|value| !value.name.eq_ignore_ascii_case(name));
            let set = after.iter().map(|text| TextValue { name: name.clone(), text: text.clone(), expands: false });
            values.extend(set);
        }
        Reading::Found(values)
    }

    fn listening(&self) -> Reading<BTreeSet<u16>> {
        self.machine.listening()
    }

    fn port_holder(&self, port: u16) -> Option<Holder> {
        self.machine.port_holder(port)
    }

    fn programs(&self) -> Reading<Vec<Program>> {
        self.machine.programs()
    }

    fn wsl_distributions(&self) -> Reading<usize> {
        self.machine.wsl_distributions()
    }
}
