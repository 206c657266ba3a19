//! A company's certificate, for the window: looked at, its root found, and given to Claude Code.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, MutexGuard, PoisonError};

use authlight_core::fixes::company_certificate::ID;
use authlight_core::message::{Message, Words as _};

use super::{Inspector, Looked, TEST_TIME, steps_text};
use crate::act::certificate::{self, Ended, NoRoot, NotSought, Prepared, Root, Sought};
use crate::act::change::transaction::Occasion;
use crate::act::repair::OwnHands;
use crate::examination::Trial;
use crate::live::Consent;
use crate::machine::session;
use crate::state::walkthrough::Cell;
use crate::state::walkthrough::certificate::{CertificateAsked, CertificateSeen, RootText};
use crate::state::{PlanText, RepairEnd};

/// The row of a connection that a folder chose and nobody agreed to.
const ASKS: &str = "live-auth-project-endpoint";

/// A certificate that was looked at, until another one is.
pub(super) struct CertificateInHand {
    cell: Cell,
    consents: Vec<Consent>,
    occasion: Occasion,
    looked: Arc<Looked>,
    sought: Sought,
    root: Option<Root>,
    prepared: Option<Prepared>,
}

impl Inspector {
    fn certificate(&self) -> MutexGuard<'_, Option<CertificateInHand>> {
        self.certificate_in_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn look_at_certificate(&self, asked: &CertificateAsked) -> Result<CertificateSeen, Vec<Consent>> {
        *self.certificate() = None;
        let looked = self.look_at(&asked.cell);
        let outside = |path: &str| self.disk().outside(path);
        let stop = asked.stop.shared();
        let consents = &asked.consents;
        let trial = Trial { outside: &outside, consents, deadline: TEST_TIME, cancel: &stop, run: &session::run };
        let sought = match certificate::seek(&looked.examinations[0], &trial) {
            Ok(sought) => sought,
            Err(NotSought::Other(row)) if row.text.key == ASKS && row.evidence.contains_key("host") => {
                let host = row.evidence.get("host").cloned().unwrap_or_default();
                return Err(vec![Consent::ProjectEndpoint { host }]);
            }
            Err(not_sought) => {
                let trusted = matches!(not_sought, NotSought::Trusted(_));
                return Ok(CertificateSeen::NotSought { why: self.words().say(&not_sought.message()), trusted });
            }
        };
        let said = Message::new("certificate-sought").with("host", sought.host.as_str());
        let says = self.words().say(&said.with("issuer", sought.issuer.as_str()));
        let occasion = self.occasion(ID);
        let token = occasion.change.clone();
        let (cell, consents) = (asked.cell.clone(), asked.consents.clone());
        let in_hand = CertificateInHand { cell, consents, occasion, looked, sought, root: None, prepared: None };
        *self.certificate() = Some(in_hand);
        Ok(CertificateSeen::Sought { token, says })
    }

    /// A file on this computer, as it was typed or chosen.
    fn on_this_computer(&self, path: &Path) -> PathBuf {
        if path.is_absolute() { path.to_owned() } else { self.disk().outside(&self.inside(&path.to_string_lossy())) }
    }

    pub(super) fn root_for_certificate(&self, token: &str, file: Option<&Path>) -> Result<RootText, String> {
        let mut hand = self.certificate();
        let hand = hand.as_mut().filter(|hand| hand.occasion.change == token);
        let hand = hand.ok_or_else(|| self.words().text("repair-plan-gone"))?;
        let [now] = &hand.looked.examinations;
        (hand.root, hand.prepared) = (None, None);
        let found = match file {
            Some(file) => certificate::in_file(&hand.sought, &self.on_this_computer(file), now),
            None => certificate::in_store(&hand.sought, now, self.disk()),
        };
        let root = found.map_err(|none| {
            let mut message = none.message(&hand.sought);
            if matches!(none, NoRoot::NotInStore) {
                // The sentence of the console names its command.
                message.key = "walk-certificate-not-in-store".into();
            }
            self.words().say(&message)
        })?;
        let what = Message::new("certificate-found").with("subject", root.subject.as_str());
        let place = match &root.place {
            Some(place) => Message::new("certificate-found-in").with("place", self.shown_from_outside(place)),
            None => Message::new("certificate-found-in-store"),
        };
        let fingerprint = Message::new("certificate-fingerprint").with("fingerprint", root.fingerprint.as_str());
        let text = RootText {
            what: self.words().say(&what.with("day", certificate::day(root.until_ms))),
            place: self.words().say(&place),
            fingerprint: self.words().say(&fingerprint),
        };
        hand.root = Some(root);
        Ok(text)
    }

    pub(super) fn plan_of_certificate(&self, token: &str) -> Result<PlanText, String> {
        let mut hand = self.certificate();
        let gone = || self.words().text("repair-plan-gone");
        let hand = hand.as_mut().filter(|hand| hand.occasion.change == token).ok_or_else(gone)?;
        let root = hand.root.as_ref().ok_or_else(gone)?;
        let [now] = &hand.looked.examinations;
        let prepared = certificate::prepare(now, self.disk(), root, &hand.occasion.change);
        let prepared = prepared.map_err(|refused| self.words().say(&refused.message()))?;
        let along = Message::new("certificate-taken-along").with("count", prepared.taken_along);
        let text = PlanText {
            token: token.to_owned(),
            does: if prepared.taken_along > 0 { self.words().say(&along) } else { String::new() },
            steps: steps_text(&prepared.preview, self.words(), &|path| self.shown(path)),
            undoable: prepared.plan.irreversible().next().is_none(),
            ..PlanText::default()
        };
        hand.prepared = Some(prepared);
        Ok(text)
    }

    pub(super) fn set_certificate_in_hand(&self, token: &str) -> RepairEnd {
        let gone = || RepairEnd::Failed(self.words().text("repair-plan-gone"));
        let Some(hand) = self.certificate().take().filter(|hand| hand.occasion.change == token) else { return gone() };
        let CertificateInHand { cell, consents, occasion, looked, prepared, .. } = hand;
        let Some(prepared) = prepared else { return gone() };
        let store = match self.store() {
            Ok(store) => store,
            Err(error) => return RepairEnd::Failed(error.to_string()),
        };
        let outside = |path: &str| self.disk().outside(path);
        let cancel = AtomicBool::new(false);
        let hands = OwnHands { examination: &looked.examinations[0], disk: self.disk(), cancel: &cancel };
        let (project, context) = (cell.project.as_deref(), cell.context);
        let look = || {
            let started = self.examined(project);
            crate::contexts::examine(self.disk(), started, context, crate::contexts::STATICALLY)
        };
        let trial =
            Trial { outside: &outside, consents: &consents, deadline: TEST_TIME, cancel: &cancel, run: &session::run };
        match prepared.carry_out(&store, &hands, &occasion, &look, &trial) {
            Ok(Ended::Healed(receipt)) => {
                let undoable = prepared.plan.irreversible().next().is_none();
                RepairEnd::Healed { change: receipt.change, undoable }
            }
            Ok(Ended::NotHealed { receipt, still, new }) => {
                let still = still.map(|why| {
                    let why = self.words().say(&why);
                    self.words().say(&Message::new("walk-certificate-still").with("why", why))
                });
                let new = new.iter().map(|found| self.words().say(&found.text));
                RepairEnd::NotHealed { change: receipt.change, sentences: still.into_iter().chain(new).collect() }
            }
            Err(error) => RepairEnd::Failed(error.to_string()),
        }
    }
}
