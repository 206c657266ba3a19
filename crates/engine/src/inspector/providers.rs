//! Setting a provider up, for the window.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError};

use authlight_core::fixes::provider::{Asks, Present};
use authlight_core::message::{Argument, Message, Words as _};
use authlight_core::report::Provider;

use super::{Inspector, Looked, TEST_TIME, steps_text};
use crate::act::change::transaction::Occasion;
use crate::act::provider::{self, Amiss, Ended, Prepared, SetUpError, Tested, Trying};
use crate::act::repair::OwnHands;
use crate::examination::Trial;
use crate::live::Consent;
use crate::machine::{Machine, session};
use crate::state::PlanText;
use crate::state::walkthrough::Cell;
use crate::state::walkthrough::key::KeyAnswer;
use crate::state::walkthrough::provider::{
    FieldText, NotTaken, PresentText, ProviderAsked, ProviderEnd, ProviderForm, ProviderPlan, ProviderTest,
    ProviderTrial,
};

/// A set-up that is on the screen, and the look that it was made of.
pub(super) struct PlannedProvider {
    cell: Cell,
    occasion: Occasion,
    prepared: Prepared,
    looked: Arc<Looked>,
}

impl Inspector {
    pub(super) fn form_of_provider(&self, cell: &Cell, provider: Provider) -> Option<ProviderForm> {
        let looked = self.look_at(cell);
        let [now] = &looked.examinations;
        let form = provider::form(now, provider)?;
        let words = self.words();
        let present = |present: Present| {
            let place = present.source.path.as_deref().map(|path| self.shown(path));
            PresentText { shown: present.shown, place: place.unwrap_or_else(|| words.text("provider-start")) }
        };
        let field = |asks: Asks| FieldText {
            name: asks.name,
            label: words.say(&asks.label),
            found: words.say(&asks.found),
            shape: asks.shape,
            need: asks.need,
            secret: asks.secret,
            present: asks.present.map(present),
        };
        let fields = form.fields.into_iter().map(field).collect();
        Some(ProviderForm { fields, page: form.page.to_owned(), platform: now.snapshot.examined.platform })
    }

    pub(super) fn plan_of_provider(&self, asked: &ProviderAsked) -> Result<ProviderPlan, Vec<NotTaken>> {
        // No text that leaves may hold them, whatever becomes of them.
        let given = asked.asked.values.iter().map(|(_, value)| value.clone());
        let secrets = given.filter(|value| !value.is_blank());
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).extend(secrets);
        let looked = self.look_at(&asked.cell);
        let [now] = &looked.examinations;
        let occasion = self.occasion(provider::NAME);
        let cell = asked.cell.clone();
        let look =
            |machine: &dyn Machine, shows| self.look_statically(machine, cell.project.as_deref(), cell.context, shows);
        let prepared = provider::prepare(&asked.asked, self.disk(), now, &look, &occasion.change);
        let of_all = |text: String| vec![NotTaken { name: None, text }];
        let prepared = match prepared {
            Ok(prepared) => prepared,
            Err(SetUpError::Values(why)) => return Err(why.into_iter().map(|why| self.not_taken(why)).collect()),
            Err(SetUpError::Plan(error)) => return Err(of_all(error.to_string())),
        };
        if let Some(amiss) = &prepared.amiss {
            return Err(of_all(self.amiss("provider-plan-", amiss)));
        }
        let (trial, nobody_signs_in) = match prepared.trying(&|path| self.disk().outside(path)) {
            Trying::Asks { host, .. } => (ProviderTrial::At(host), false),
            Trying::NoAddress => (ProviderTrial::NoAddress, false),
            Trying::Known(known) => {
                let nobody = matches!(known, Tested::NobodySignsIn);
                (ProviderTrial::Known(self.proof(Some(known))), nobody)
            }
        };
        let plan = PlanText {
            token: occasion.change.clone(),
            steps: steps_text(&prepared.preview, self.words(), &|path| self.shown(path)),
            undoable: prepared.plan.changes_something() && prepared.plan.irreversible().next().is_none(),
            ..PlanText::default()
        };
        let is_done = prepared.is_done();
        let planned = PlannedProvider { cell: asked.cell.clone(), occasion, prepared, looked };
        *self.planned_provider.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(planned));
        Ok(ProviderPlan { plan, is_done, trial, nobody_signs_in })
    }

    /// A sentence about a value as it is said at its field: without the options of a command.
    fn not_taken(&self, mut why: Message) -> NotTaken {
        let name = why.args.iter().find_map(|(arg, value)| match value {
            Argument::Text(name) if *arg == "name" => Some(name.clone()),
            _ => None,
        });
        let of_the_window = format!("walk-{}", why.key);
        if self.words().knows(&of_the_window) {
            why.key = of_the_window.into();
        }
        NotTaken { name, text: self.words().say(&why) }
    }

    fn amiss(&self, start: &str, amiss: &Amiss) -> String {
        let mut message = amiss.message(start, self.words(), &|path| self.shown(path));
        let of_the_window = format!("walk-{}", message.key);
        if self.words().knows(&of_the_window) {
            message.key = of_the_window.into();
        }
        self.words().say(&message)
    }

    fn proof(&self, tested: Option<Tested>) -> String {
        let words = self.words();
        match tested {
            Some(Tested::Verified) => words.text("provider-verified"),
            Some(Tested::NobodySignsIn) => words.text("walk-provider-then-sign-in"),
            Some(Tested::Login) => words.text("walk-provider-login-counts"),
            Some(Tested::NotTested(why)) => {
                let why = why.map(|why| words.say(&why)).unwrap_or_default();
                words.say(&Message::new("walk-provider-not-tested").with("why", why)).trim_end().to_owned()
            }
            None => words.text("walk-provider-untested"),
        }
    }

    fn planned_provider(&self, token: &str) -> Option<Arc<PlannedProvider>> {
        let planned = self.planned_provider.lock().unwrap_or_else(PoisonError::into_inner).clone();
        planned.filter(|planned| planned.occasion.change == token)
    }

    pub(super) fn test_planned_provider(&self, test: &ProviderTest) -> Result<KeyAnswer, Vec<Consent>> {
        let Some(planned) = self.planned_provider(&test.token) else {
            return Ok(KeyAnswer::Unknown(self.words().text("repair-plan-gone")));
        };
        let outside = |path: &str| self.disk().outside(path);
        if let Trying::Asks { consents, .. } = planned.prepared.trying(&outside)
            && consents.iter().any(|consent| !test.consents.contains(consent))
        {
            return Err(consents);
        }
        let stop = test.stop.shared();
        let tested = planned.prepared.test(&trial(&outside, test, &stop));
        Ok(match tested {
            Ok(Tested::NotTested(why)) => KeyAnswer::Unknown(self.proof(Some(Tested::NotTested(why)))),
            Ok(_) => KeyAnswer::Accepted,
            Err(amiss) => KeyAnswer::Refused(self.amiss("provider-plan-", &amiss)),
        })
    }

    pub(super) fn carry_out_provider(&self, test: &ProviderTest) -> ProviderEnd {
        let failed = |why: String| ProviderEnd::Failed(vec![why]);
        let planned = self.planned_provider(&test.token);
        *self.planned_provider.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let Some(planned) = planned else { return failed(self.words().text("repair-plan-gone")) };
        let store = match self.store() {
            Ok(store) => store,
            Err(error) => return failed(error.to_string()),
        };
        let PlannedProvider { cell, occasion, prepared, looked } = &*planned;
        let [now] = &looked.examinations;
        let outside = |path: &str| self.disk().outside(path);
        let stop = test.stop.shared();
        let trial = trial(&outside, test, &stop);
        let hands = OwnHands { examination: now, disk: self.disk(), cancel: &AtomicBool::new(false) };
        let look = |shows| {
            let then = self.look_statically(self.disk(), cell.project.as_deref(), cell.context, shows);
            self.hold_secrets(&then);
            then
        };
        match prepared.carry_out(&store, &hands, occasion, &look, test.again.then_some(&trial)) {
            Ok(Ended::SetUp(receipt, tested)) => {
                let verified = matches!(tested, Some(Tested::Verified));
                ProviderEnd::SetUp { change: receipt.change, proof: self.proof(tested), verified }
            }
            Ok(Ended::TakenBack(amiss, trouble)) => {
                let why = self.amiss("provider-done-", &amiss);
                ProviderEnd::Failed([why].into_iter().chain(trouble).collect())
            }
            Err(error) => failed(error.to_string()),
        }
    }
}

fn trial<'a>(outside: &'a dyn Fn(&str) -> PathBuf, test: &'a ProviderTest, stop: &'a AtomicBool) -> Trial<'a> {
    Trial { outside, consents: &test.consents, deadline: TEST_TIME, cancel: stop, run: &session::run }
}
