//! A machine whose open programs are asked about once, however many contexts are looked at.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use authlight_core::json::Pieces;
use authlight_core::keychain::{Answer, Question};
use authlight_core::programs::Program;
use authlight_core::reading::{Content, FileFacts, Reading};
use authlight_core::registry_export::{Exported, Hive, TextValue};
use authlight_core::report::Source;
use authlight_core::residents::Holder;

use super::Machine;

/// See above.
pub struct Once<'m> {
    machine: &'m dyn Machine,
    programs: OnceLock<Reading<Vec<Program>>>,
}

impl<'m> Once<'m> {
    /// Of this machine.
    pub fn of(machine: &'m dyn Machine) -> Self {
        Self { machine, programs: OnceLock::new() }
    }
}

impl Machine for Once<'_> {
    fn read(&self, path: &str, limit: u64) -> (FileFacts, Reading<Vec<u8>>) {
        self.machine.read(path, limit)
    }

    fn sift(
        &self,
        path: &str,
        limit: u64,
        take: &mut dyn FnMut(&mut Pieces<'_>) -> Content,
    ) -> (FileFacts, Reading<Content>) {
        self.machine.sift(path, limit, take)
    }

    fn facts(&self, path: &str) -> Reading<FileFacts> {
        self.machine.facts(path)
    }

    fn list(&self, folder: &str) -> Reading<Vec<String>> {
        self.machine.list(folder)
    }

    fn link(&self, path: &str) -> Reading<Option<String>> {
        self.machine.link(path)
    }

    fn keychain(&self, home: &str, question: &Question) -> Answer {
        self.machine.keychain(home, question)
    }

    fn writable(&self, path: &str) -> Option<bool> {
        self.machine.writable(path)
    }

    fn preferences(&self, path: &str) -> (FileFacts, Reading<Option<String>>) {
        self.machine.preferences(path)
    }

    fn left_out(&self) -> &[Source] {
        self.machine.left_out()
    }

    fn registry_policy(&self, hive: Hive) -> Reading<Exported> {
        self.machine.registry_policy(hive)
    }

    fn registry_environment(&self, hive: Hive) -> Reading<Vec<TextValue>> {
        self.machine.registry_environment(hive)
    }

    fn listening(&self) -> Reading<BTreeSet<u16>> {
        self.machine.listening()
    }

    fn port_holder(&self, port: u16) -> Option<Holder> {
        self.machine.port_holder(port)
    }

    fn programs(&self) -> Reading<Vec<Program>> {
        self.programs.get_or_init(|| self.machine.programs()).clone()
    }

    fn wsl_distributions(&self) -> Reading<usize> {
        self.machine.wsl_distributions()
    }
}
