//! Provider set-up from its form to its proof: what is asked, the plan, what would come of it, a test of that before
//! anything is written, the change, and another look and test. Both faces go this way.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use authlight_core::claude_code::variables;
use authlight_core::environment::Ignored;
use authlight_core::fixes::provider::{self, Asked, Form};
use authlight_core::fixes::{Repair, Shows};
use authlight_core::judge;
use authlight_core::message::{Message, Words as _};
use authlight_core::report::{Finding, Instance, Live, Outcome, Provider, Source, StageRow, Status};
use authlight_core::secret::Secret;

use super::change::preview::{self, Preview};
use super::change::transaction::{Hands, Occasion};
use super::change::undo::{self, IfChanged};
use super::change::{ApplyError, Plan, PlanError, Receipt, Store, apply, plan};
use super::repair::{Look, failing, is_new};
use crate::examination::{Examination, Trial};
use crate::live::{self, Audience, Consent};
use crate::machine::os::Disk;
use crate::machine::planned::Planned;
use crate::report_out::redaction::LeakPass;
use crate::words::Language;

/// The name under which a set-up stands in the journal.
pub const NAME: &str = "F.provider";

/// What a form for a provider asks, with what is there already.
pub fn form(now: &Examination, provider: Provider) -> Option<Form> {
    provider::form(&now.facts(&Live::default()), provider)
}

/// A set-up that can be carried out.
pub struct Prepared {
    /// What would be done.
    pub plan: Plan,
    /// The same, to be shown.
    pub preview: Preview,
    /// What would not be as it was asked for.
    pub amiss: Option<Amiss>,
    /// The machine as it would be.
    planned: Examination,
    provider: Provider,
    sets: Vec<(&'static str, Secret)>,
    brings: &'static [&'static str],
    shows: Shows,
    failing: Vec<(String, Instance)>,
}

/// Why a set-up is not what was asked for.
#[derive(Clone, Debug)]
pub enum Amiss {
    /// Requests go elsewhere.
    Other(Provider),
    /// A value does not count: something stronger stands against it.
    Value {
        /// The variable.
        name: &'static str,
        /// What counts in its place.
        place: Source,
    },
    /// A value does not count where it is written.
    Ignored {
        /// The variable.
        name: &'static str,
        /// Why. None: it is not known.
        why: Option<Ignored>,
    },
    /// Something is wrong that was not before.
    New(Box<Finding>),
    /// The endpoint does not take the credential, or could not be asked.
    Test(Box<Live>),
}

impl Amiss {
    /// What is to be said of it: `start` and which it is. `shown` tells how a path is shown.
    pub fn message(&self, start: &str, words: &Language, shown: &dyn Fn(&str) -> String) -> Message {
        let message = |what: &str| Message::new(format!("{start}{what}"));
        match self {
            Self::Other(provider) => message("other").with("provider", provider.word()),
            Self::Value { name, place } => {
                let place = place.path.as_deref().map_or_else(|| words.text("provider-start"), shown);
                message("value").with("name", *name).with("place", place)
            }
            Self::Ignored { name, why } => message("ignored").with("name", *name).with("why", ignored(*why)),
            Self::New(found) => {
                let code = found.code.as_deref().unwrap_or_default();
                message("new").with("headline", words.say(&found.text)).with("code", code)
            }
            Self::Test(live) => message("test").with("why", halted(live, words)),
        }
    }
}

fn ignored(why: Option<Ignored>) -> &'static str {
    match why {
        Some(Ignored::Untrusted) => "untrusted",
        Some(Ignored::FileDropped) => "dropped",
        Some(Ignored::SourceLeftOut) => "left-out",
        Some(Ignored::Bare) => "bare",
        Some(Ignored::NotFromProject) | None => "other",
    }
}

/// What the test came to a halt at.
fn halted(live: &Live, words: &Language) -> String {
    let mut stages = live.stages.iter();
    let fails = |row: &&StageRow| row.status == Status::Fail;
    let halt = stages.clone().find(fails).or_else(|| stages.find(|row| row.status != Status::Pass));
    halt.map_or_else(|| words.text("rotate-no-answer"), |row| words.say(&row.text))
}

/// Why there is no plan.
#[derive(Debug)]
pub enum SetUpError {
    /// The values do not do: a sentence for each.
    Values(Vec<Message>),
    /// The plan cannot be made.
    Plan(PlanError),
}

/// What a test has shown.
#[derive(Clone, Debug)]
pub enum Tested {
    /// The endpoint takes the credential.
    Verified,
    /// Nobody signs in there yet.
    NobodySignsIn,
    /// A claude.ai login signs in, which is the person's own Claude Code's to prove.
    Login,
    /// The credential cannot be tested here; the sentence says why, where there is one.
    NotTested(Option<Message>),
}

/// What a test would be.
#[derive(Clone, Debug)]
pub enum Trying {
    /// It asks there, and needs the person's word for these first.
    Asks {
        /// The host, with its port where that is not the usual one.
        host: String,
        /// What the person has to agree to.
        consents: Vec<Consent>,
    },
    /// Nothing is sent: this is known already.
    Known(Tested),
    /// There is no address to ask at.
    NoAddress,
}

/// What came of it.
#[derive(Debug)]
pub enum Ended {
    /// It is as it was asked for. None: it was not to be tested.
    SetUp(Receipt, Option<Tested>),
    /// It was not, and all of it was taken back; or could not be.
    TakenBack(Amiss, Option<String>),
}

/// The plan of a set-up.
///
/// # Errors
/// [`SetUpError`]; nothing was changed.
pub fn prepare(
    asked: &Asked,
    disk: &Disk,
    now: &Examination,
    look: Look<'_>,
    stamp: &str,
) -> Result<Prepared, SetUpError> {
    let live = Live::default();
    let planned = provider::set_up(&now.facts(&live), asked).map_err(SetUpError::Values)?;
    let Repair { edits, brings, shows } = planned.repair;
    let plan = match plan::of(&edits, disk, stamp) {
        Err(PlanError::Nothing) => Plan::default(),
        plan => plan.map_err(SetUpError::Plan)?,
    };
    let is_secret = |name: &str| variables::find(name).is_none_or(|fact| fact.secret);
    let given = asked.values.iter().filter(|(name, _)| is_secret(name)).map(|(_, value)| value.clone());
    let secrets: Vec<Secret> = now.secrets().into_iter().chain(given).collect();
    let preview = preview::of(&plan, &LeakPass::new(&secrets));
    let there = (shows != Shows::Here).then(|| look(disk, shows));
    let failing = failing(there.as_ref().unwrap_or(now));
    let then = look(&Planned::new(disk, &plan), shows);
    let (provider, sets) = (asked.provider, planned.sets);
    let mut prepared = Prepared { plan, preview, amiss: None, planned: then, provider, sets, brings, shows, failing };
    let before = planned.before.map(|(name, place)| Amiss::Value { name, place });
    prepared.amiss = prepared.amiss(&prepared.planned).or(before);
    Ok(prepared)
}

impl Prepared {
    /// Whether all of it is there already.
    pub fn is_done(&self) -> bool {
        !self.plan.changes_something() && self.amiss.is_none()
    }

    /// Tests what is planned, before anything is written: the address and the credential that would count.
    ///
    /// # Errors
    /// [`Amiss::Test`]: the endpoint does not take the credential, could not be asked, or may not be without a word that
    /// was not given.
    pub fn test(&self, trial: &Trial<'_>) -> Result<Tested, Amiss> {
        self.tested(&self.planned, trial)
    }

    /// Carries it out, looks again, tests again where `trial` is given, and takes it back where that is not as it was
    /// asked for.
    ///
    /// # Errors
    /// [`ApplyError`]; nothing was changed.
    pub fn carry_out(
        &self,
        store: &Store,
        hands: &dyn Hands,
        occasion: &Occasion,
        look: &dyn Fn(Shows) -> Examination,
        trial: Option<&Trial<'_>>,
    ) -> Result<Ended, ApplyError> {
        let receipt = apply(&self.plan, store, hands, occasion)?;
        let then = look(self.shows);
        let tested = match self.amiss(&then) {
            Some(amiss) => Err(amiss),
            None => trial.map(|trial| self.tested(&then, trial)).transpose(),
        };
        Ok(match tested {
            Ok(tested) => Ended::SetUp(receipt, tested),
            Err(amiss) => {
                let undone = undo::undo(store, hands, Some(&receipt.change), IfChanged::Ask);
                Ended::TakenBack(amiss, undone.err().map(|error| error.to_string()))
            }
        })
    }

    /// What a test of what is planned would be.
    pub fn trying(&self, outside: &dyn Fn(&str) -> PathBuf) -> Trying {
        let Some(audience) = self.planned.audience(outside) else { return Trying::NoAddress };
        if let Some(known) = known_of(&audience) {
            return Trying::Known(known);
        }
        let Some(host) = audience.base.host_str() else { return Trying::NoAddress };
        let host = audience.base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let persons = self.address_is_the_persons(&self.planned);
        let mut consents = live::asked_for(&audience);
        consents.retain(|consent| match consent {
            Consent::OwnClaude { .. } => false,
            Consent::ProjectEndpoint { .. } => !persons,
            _ => true,
        });
        Trying::Asks { host, consents }
    }

    fn tested(&self, there: &Examination, trial: &Trial<'_>) -> Result<Tested, Amiss> {
        let Some(audience) = there.audience(trial.outside) else { return Err(Amiss::Test(Box::default())) };
        if let Some(known) = known_of(&audience) {
            return Ok(known);
        }
        let carries = !audience.headers.is_empty();
        // What is run on a click of its own proves the settings that are there, not these.
        let own = |consent: &&Consent| !matches!(consent, Consent::OwnClaude { .. });
        let mut consents: Vec<Consent> = trial.consents.iter().filter(own).cloned().collect();
        consents.extend(self.address_is_the_persons(there).then(|| {
            let host = audience.base.host_str().unwrap_or_default().to_owned();
            Consent::ProjectEndpoint { host }
        }));
        let live = there.test(&Trial { consents: &consents, ..*trial }, &mut |_| {}).unwrap_or_default();
        let why = || live.stages.iter().find(|row| row.status != Status::Pass).map(|row| row.text.clone());
        match live.outcome {
            Outcome::Verified => Ok(Tested::Verified),
            // Of a cloud, or where a program gives the key, that says nothing against it.
            Outcome::NotTested if !withheld(&live) && (!carries || audience.cloud.is_some()) => {
                Ok(Tested::NotTested(why()))
            }
            _ if trial.cancel.load(Ordering::Relaxed) => Ok(Tested::NotTested(why())),
            _ => Err(Amiss::Test(Box::new(live))),
        }
    }

    /// Whether the person has named the address just now, in a file of the project, and nothing else of the project's has
    /// a say in where requests go.
    fn address_is_the_persons(&self, there: &Examination) -> bool {
        let source = there.resolution.base_source.as_ref();
        let named = source.and_then(|source| source.name.as_deref());
        named.is_some_and(|named| self.sets.iter().any(|(name, _)| *name == named)) && !there.project_chose_the_way()
    }

    fn amiss(&self, then: &Examination) -> Option<Amiss> {
        let resolution = &then.resolution;
        for (name, value) in &self.sets {
            match resolution.environment.winner(name) {
                Some(winner) if winner.value.same_as(value) => {}
                Some(winner) => return Some(Amiss::Value { name, place: winner.source.clone() }),
                None => {
                    let places = resolution.environment.get(name).and_then(|setting| setting.places.first());
                    return Some(Amiss::Ignored { name, why: places.and_then(|place| place.ignored) });
                }
            }
        }
        if resolution.provider != self.provider {
            return Some(Amiss::Other(resolution.provider));
        }
        let findings = judge::findings(&then.facts(&Live::default()));
        let new = findings.into_iter().find(|found| is_new(found, self.brings, &self.failing));
        new.map(|found| Amiss::New(Box::new(found)))
    }
}

/// What is known without a test.
fn known_of(audience: &Audience) -> Option<Tested> {
    if audience.is_claude_ai_login {
        return Some(Tested::Login);
    }
    let none = audience.headers.is_empty() && audience.helper.is_none() && audience.cloud.is_none();
    none.then_some(Tested::NobodySignsIn)
}

/// Whether nothing was asked because the person's word was missing.
fn withheld(live: &Live) -> bool {
    let asks = ["live-auth-project-endpoint", "live-auth-plain-http"];
    live.stages.iter().any(|row| asks.contains(&row.text.key.as_ref()))
}
