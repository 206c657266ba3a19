//! Setting a provider up: which one, a form made of its fact file, the test before anything is written, the plan, and what
//! came of it.

use authlight_core::message::Words as _;
use authlight_core::providers::set_up::{Need, Shape};
use authlight_core::secret::Secret;
use authlight_engine::state::walkthrough::key::{KeyAnswer, Trying, TypedKey};
use authlight_engine::state::walkthrough::provider::{
    FieldText, NotTaken, PROVIDERS, PresentText, ProviderChoices, ProviderClick, ProviderEnd, ProviderForm,
    ProviderStage, ProviderTrial,
};
use authlight_engine::state::walkthrough::{Go, WalkthroughKind};
use authlight_engine::state::{Action, JobKind};
use eframe::egui::accesskit::Live;
use eframe::egui::{Id, Key, Response, TextEdit, Ui, vec2};

use super::super::dialogs::{is_new, take_focus_once};
use super::super::tokens::Type;
use super::super::widgets::{Weight, button, disclosure, link_of, rich, rule};
use super::super::{View, repair};
use super::key::{asks_for, said_aloud};
use super::reset::take_back;
use super::{
    FOOT, FOOT_ALONE, Forward, choice, foot, foot_of, key_field, next_repair, page_link, repair_of, tick, waiting,
};

pub fn show(ui: &mut Ui, view: &mut View<'_>, choices: &ProviderChoices) {
    match &choices.stage {
        ProviderStage::Which => which(ui, view, choices),
        ProviderStage::Form => match &choices.form {
            Some(form) => fill_in(ui, view, choices, form),
            None => {
                let looking = view.state.is_running(JobKind::Provider);
                waiting(ui, view, if looking { "walk-provider-looking" } else { "walk-provider-no-form" });
                foot(ui, view, None);
            }
        },
        ProviderStage::Preparing => {
            waiting(ui, view, "walk-provider-preparing");
            foot(ui, view, None);
        }
        ProviderStage::Test => test(ui, view, choices),
        ProviderStage::Plan => {
            let plan = &choices.prepared.plan;
            repair::scrolling_above(ui, "provider-plan", FOOT_ALONE, |ui| {
                repair::lost_and_steps(ui, view, plan);
                rule(ui, &view.tokens);
                repair::remarks(ui, view, plan);
            });
            let text = view.text("repair-do");
            foot(ui, view, Some(Forward { text: &text, action: Action::Go(Go::Next) }));
        }
        ProviderStage::Working => waiting(ui, view, "walk-provider-working"),
        ProviderStage::Ended(ProviderEnd::Failed(why)) => {
            for sentence in why {
                said_aloud(ui, view, sentence);
            }
            foot(ui, view, None);
        }
        ProviderStage::Ended(ProviderEnd::SetUp { change, proof, .. }) => done(ui, view, choices, change, proof),
    }
}

fn which(ui: &mut Ui, view: &mut View<'_>, choices: &ProviderChoices) {
    repair::scrolling_above(ui, "provider-which", FOOT_ALONE, |ui| {
        for provider in PROVIDERS {
            let key = format!("walk-provider-is-{}", provider.word());
            let about = view.words.text(format!("{key}.about"));
            if choice(ui, view, choices.provider == provider, &view.words.text(key), &about) {
                view.act(Action::Provider(ProviderClick::Choose(provider)));
            }
        }
    });
    let text = view.text("walk-next");
    foot(ui, view, Some(Forward { text: &text, action: Action::Go(Go::Next) }));
}

fn fill_in(ui: &mut Ui, view: &mut View<'_>, choices: &ProviderChoices, form: &ProviderForm) {
    let tokens = view.tokens;
    repair::scrolling_above(ui, "provider-form", FOOT_ALONE, |ui| {
        let name = view.words.text(format!("walk-provider-is-{}", choices.provider.word()));
        ui.label(rich(name, Type::Strong, tokens.ink));
        for not_taken in choices.not_taken.iter().filter(|one| !form.fields.iter().any(|field| is_of(one, field))) {
            let line = ui.label(rich(&not_taken.text, Type::Strong, tokens.ink));
            ui.ctx().accesskit_node_builder(line.id, |node| node.set_live(Live::Polite));
            if is_new(ui, &format!("refused {}", choices.times)) {
                line.scroll_to_me(None);
            }
        }
        let (few, most): (Vec<_>, Vec<_>) = form.fields.iter().partition(|field| field.need == Need::Optional);
        let mut row = None;
        for field in &most {
            if let Need::OneOf(others) = field.need
                && row.replace(others) != Some(others)
            {
                ui.label(rich(view.text("walk-provider-one-of"), Type::Strong, tokens.ink));
            }
            one_field(ui, view, choices, field);
        }
        if most.is_empty() {
            ui.label(rich(view.text("walk-provider-nothing-needed"), Type::Body, tokens.ink));
            few.iter().for_each(|field| one_field(ui, view, choices, field));
        } else {
            let more = disclosure(ui, &tokens, &view.text("walk-provider-more"), choices.more);
            if more.gained_focus() {
                more.scroll_to_me(None);
            }
            if more.clicked() {
                view.act(Action::Provider(ProviderClick::More));
            }
            if choices.more {
                few.iter().for_each(|field| one_field(ui, view, choices, field));
            }
        }
        let host = form.page.trim_start_matches("https://").split('/').next().unwrap_or_default();
        let text = view.text_with("walk-provider-page", &[("host", host.into())]);
        page_link(ui, view, &text, &form.page);
        scopes(ui, view, choices);
    });
    let text = view.text("walk-next");
    // The keyboard belongs to the first field.
    foot_of(ui, view, Some(Forward { text: &text, action: Action::Go(Go::Next) }), false);
}

fn is_of(not_taken: &NotTaken, field: &FieldText) -> bool {
    not_taken.name.as_deref() == Some(field.name)
}

fn scopes(ui: &mut Ui, view: &mut View<'_>, choices: &ProviderChoices) {
    let scopes = view.state.provider_scopes();
    if scopes.len() < 2 {
        return;
    }
    rule(ui, &view.tokens);
    ui.label(rich(view.text("walk-provider-scope"), Type::Strong, view.tokens.ink));
    for scope in scopes {
        let key = format!("walk-provider-scope-{}", scope.word());
        let about = view.words.text(format!("{key}.about"));
        if choice(ui, view, choices.scope == *scope, &view.words.text(key), &about) {
            view.act(Action::Provider(ProviderClick::Scope(*scope)));
        }
    }
}

/// A field with its name, where its value is found, and what is to be said of what stands in it.
fn one_field(ui: &mut Ui, view: &mut View<'_>, choices: &ProviderChoices, field: &FieldText) {
    let tokens = view.tokens;
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        let value = choices.value(field);
        let response = match (field.shape, field.secret) {
            (Shape::Switch, _) => {
                switch(ui, view, field, &value);
                None
            }
            (_, true) => Some(secret(ui, view, field, value)),
            _ => Some(plain(ui, view, field, &value)),
        };
        let first_of_all = choices.form.as_ref().and_then(|form| form.fields.first()).map(|first| first.name);
        let mut refused = choices.not_taken.iter().filter(|one| one.name.is_some());
        let first_refused = refused.next().and_then(|one| one.name.as_deref());
        if let Some(response) = &response {
            if first_refused == Some(field.name) {
                take_focus_once(ui, response, &format!("refused {} {}", field.name, choices.times));
            } else if first_of_all == Some(field.name) && choices.times == 0 {
                take_focus_once(ui, response, &format!("field {}", field.name));
            }
            if response.gained_focus() {
                ui.scroll_to_rect(response.rect.expand2(vec2(0.0, 48.0)), None);
            }
            if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
                view.act(Action::Go(Go::Next));
            }
        }
        let remark = choices.remark(field).map(|remark| view.words.say(&remark));
        let not_taken = choices.not_taken.iter().filter(|one| is_of(one, field)).map(|one| one.text.clone());
        // What was said while typing is not said twice.
        let mut said: Vec<String> = remark.into_iter().chain(not_taken).collect();
        said.dedup();
        for sentence in said {
            let line = ui.label(rich(sentence, Type::Strong, tokens.ink));
            ui.ctx().accesskit_node_builder(line.id, |node| node.set_live(Live::Polite));
        }
        if let Some(present) = &field.present {
            already_there(ui, view, choices, field, present);
        }
        found(ui, view, &field.found);
    });
    ui.add_space(4.0);
}

fn name_of(view: &View<'_>, field: &FieldText) -> String {
    view.text_with("walk-provider-field", &[("label", field.label.as_str().into()), ("name", field.name.into())])
}

fn id_of(field: &FieldText) -> Id {
    Id::unique(("provider", field.name))
}

fn typed(view: &mut View<'_>, field: &FieldText, value: Secret) {
    view.act(Action::Provider(ProviderClick::Typed(field.name, value)));
}

fn secret(ui: &mut Ui, view: &mut View<'_>, field: &FieldText, value: Secret) -> Response {
    let name = name_of(view, field);
    let (response, key) = key_field::masked(ui, view, &name, Type::Body, id_of(field), &TypedKey(value));
    if let Some(key) = key {
        typed(view, field, key);
    }
    response
}

fn plain(ui: &mut Ui, view: &mut View<'_>, field: &FieldText, value: &Secret) -> Response {
    let tokens = view.tokens;
    let label = ui.label(rich(name_of(view, field), Type::Body, tokens.ink));
    let mut text = value.plain().to_owned();
    let response = ui
        .scope(|ui| {
            ui.visuals_mut().widgets.inactive.bg_stroke.color = tokens.edge;
            let edit = TextEdit::singleline(&mut text).id(id_of(field));
            ui.add(edit.margin(vec2(10.0, 7.0)).desired_width(f32::INFINITY))
        })
        .inner
        .labelled_by(label.id);
    if response.changed() {
        typed(view, field, Secret::new(text));
    }
    response
}

fn switch(ui: &mut Ui, view: &mut View<'_>, field: &FieldText, value: &Secret) {
    if let Some(present) = &field.present {
        let args = [("name", field.name.into()), ("place", present.place.as_str().into())];
        ui.label(rich(view.text_with("walk-provider-switch-on", &args), Type::Body, view.tokens.muted));
        return;
    }
    let label = view.text("walk-provider-switch");
    let name = view.text_with("walk-provider-field", &[("label", label.into()), ("name", field.name.into())]);
    if tick(ui, view, !value.is_blank(), &name, Type::Body) {
        typed(view, field, Secret::new(if value.is_blank() { "1" } else { "" }));
    }
}

/// What is there already, and what becomes of it.
fn already_there(ui: &mut Ui, view: &View<'_>, choices: &ProviderChoices, field: &FieldText, present: &PresentText) {
    let place = ("place", present.place.as_str().into());
    let is_blank = choices.value(field).is_blank();
    let text = match (field.secret, &present.shown) {
        (true, Some(end)) => view.text_with("walk-provider-key-there", &[place, ("end", end.as_str().into())]),
        (true, None) => view.text_with("walk-provider-some-key-there", &[place]),
        _ if field.shape == Shape::Switch => return,
        (false, None) => view.text_with("walk-provider-some-key-there", &[place]),
        (false, Some(shown)) if is_blank => {
            view.text_with("walk-provider-stays", &[place, ("value", shown.as_str().into())])
        }
        (false, Some(shown)) if choices.value(field).plain() == shown => {
            view.text_with("walk-provider-there", &[place])
        }
        (false, Some(_)) => return,
    };
    ui.label(rich(text, Type::Small, view.tokens.muted));
}

/// Where a value is found; an address in it opens the page.
fn found(ui: &mut Ui, view: &mut View<'_>, text: &str) {
    let muted = view.tokens.muted;
    let begin = text.find("https://").unwrap_or(text.len());
    let (before, rest) = text.split_at(begin);
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let address = rest[..end].trim_end_matches(['.', ',']);
    let after = &rest[address.len()..];
    ui.spacing_mut().interact_size.y = Type::Small.line_height();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.label(rich(before, Type::Small, muted));
        if !address.is_empty() {
            let opens = link_of(ui, &view.tokens, address, Type::Small);
            if opens.gained_focus() {
                opens.scroll_to_me(None);
            }
            if opens.clicked() {
                view.act(Action::OpenHelp(address.to_owned()));
            }
        }
        if !after.trim().is_empty() {
            ui.label(rich(after, Type::Small, muted));
        }
    });
}

fn test(ui: &mut Ui, view: &mut View<'_>, choices: &ProviderChoices) {
    let tokens = view.tokens;
    let prepared = &choices.prepared;
    if prepared.is_done {
        repair::scrolling_above(ui, "provider-already", FOOT, |ui| {
            said_aloud(ui, view, &view.text("walk-provider-already"));
            repair::lost_and_steps(ui, view, &prepared.plan);
        });
    }
    let go_on = view.text("walk-next");
    let goes_on = (!prepared.is_done).then_some(Forward { text: &go_on, action: Action::Go(Go::Next) });
    let host = match &prepared.trial {
        ProviderTrial::Known(known) => {
            ui.label(rich(known, Type::Body, tokens.ink));
            return foot(ui, view, goes_on);
        }
        ProviderTrial::NoAddress => {
            ui.label(rich(view.text("walk-provider-no-address"), Type::Body, tokens.ink));
            return foot(ui, view, None);
        }
        ProviderTrial::At(host) => host,
    };
    let text = view.text_with("walk-provider-test-at", &[("host", host.as_str().into())]);
    ui.label(rich(text, Type::Body, tokens.ink));
    match &choices.tried {
        Trying::No => {
            let text = view.text("walk-provider-test-do");
            foot(ui, view, Some(Forward { text: &text, action: Action::Provider(ProviderClick::Test) }));
        }
        Trying::Asks(consents) => {
            asks_for(ui, view, consents, |yes| Action::Provider(ProviderClick::Agree(yes)));
            foot_of(ui, view, None, false);
        }
        Trying::Running => {
            waiting(ui, view, "walk-key-testing");
            if button(ui, &tokens, &view.text("test-stop"), Weight::Secondary, 0.0).clicked() {
                view.act(Action::Provider(ProviderClick::StopTest));
            }
            foot(ui, view, None);
        }
        Trying::Told(KeyAnswer::Accepted) => {
            said_aloud(ui, view, &view.text("walk-provider-accepted"));
            foot(ui, view, goes_on);
        }
        Trying::Told(KeyAnswer::Refused(why)) => {
            said_aloud(ui, view, why);
            ui.label(rich(view.text("walk-provider-not-accepted"), Type::Body, tokens.ink));
            foot(ui, view, None);
        }
        Trying::Told(KeyAnswer::Unknown(why)) => {
            said_aloud(ui, view, why);
            ui.label(rich(view.text("walk-provider-cannot-test"), Type::Body, tokens.ink));
            foot(ui, view, None);
        }
    }
}

fn done(ui: &mut Ui, view: &mut View<'_>, choices: &ProviderChoices, change: &str, proof: &str) {
    let tokens = view.tokens;
    ui.label(rich(view.text("walk-provider-done-line"), Type::Body, tokens.ink));
    said_aloud(ui, view, proof);
    take_back(ui, view, change);
    if choices.prepared.nobody_signs_in {
        let text = view.words.text(format!("walk-{}", WalkthroughKind::SignIn.word()));
        foot(ui, view, Some(Forward { text: &text, action: Action::Go(Go::Next) }));
        return;
    }
    let next = next_repair(view);
    if let Some(found) = &next {
        ui.label(rich(found.text.text(), Type::Strong, tokens.ink));
    }
    let forward = next.as_ref().and_then(|found| repair_of(view, found));
    foot(ui, view, forward.as_ref().map(|(text, action)| Forward { text, action: action.clone() }));
}
