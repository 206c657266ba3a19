//! What Claude Code remembers of its question whether to use a key: the last 20 characters of each key, in two lists of
//! its state file (observed: `tui-apikey-*`). A key stands in no answer, and its end alone is of no use to anybody.

use super::{Edit, Fix, Repair, Risk, Target};
use crate::json::edit::Change;
use crate::json::{Kind, Value};
use crate::judge::Facts;
use crate::ladder::Slot;

/// AL-1-02: the no is forgotten, so that Claude Code asks again.
pub(super) const FORGET: Fix =
    Fix { id: "F.forget_no", risk: Risk::Safe, mends: &["AL-1-02"], repair: |facts, _| forget(facts) };

/// AL-1-03: the yes is written down before the question.
pub(super) const APPROVE: Fix = Fix { id: "F.approve_key", risk: Risk::Careful, mends: &["AL-1-03"], repair: approve };

fn list(name: &str) -> Vec<String> {
    vec!["customApiKeyResponses".to_owned(), name.to_owned()]
}

fn tail(facts: &Facts<'_>) -> Option<String> {
    Some(facts.resolution.candidates.get(Slot::ApiKey)?.value.as_ref()?.approval_tail())
}

fn forget(facts: &Facts<'_>) -> Option<Repair> {
    let item = tail(facts)?;
    let state = &facts.snapshot.state;
    state.json()?;
    Some(Repair::of([Edit::json(state.path.as_str(), Change::RemoveItem { path: list("rejected"), item })]))
}

fn approve(facts: &Facts<'_>, _: &Target<'_>) -> Option<Repair> {
    let item = tail(facts)?;
    let state = &facts.snapshot.state;
    let root = state.json()?.root();
    let is = |value: Option<Value<'_>>, kind| value.is_none_or(|value| value.kind() == kind);
    let answers = root.get("customApiKeyResponses");
    let approved = answers.and_then(|answers| answers.get("approved"));
    let can_be_added = root.kind() == Kind::Object && is(answers, Kind::Object) && is(approved, Kind::Array);
    can_be_added
        .then(|| Repair::of([Edit::json(state.path.as_str(), Change::AddItem { path: list("approved"), item })]))
}
