//! What if something were not there: whatever a report names can be left out, and what is judged without a look at the
//! machine is what a look would say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

#[path = "support/every_scenario.rs"]
mod every_scenario;

use authlight_core::report::{Instance, Live, Report, Source, State};
use authlight_core::what_if::{self as rules, Difference, MOST_SENTENCES, Removal};
use authlight_engine::contexts;
use authlight_engine::examination::Examination;
use authlight_engine::practice::{Endpoint, Home};
use authlight_engine::what_if;
use authlight_engine::words::Language;
use every_scenario::{NOW_MS, by_workers, every_scenario, lasting};
use serde_json::Value;

fn report(examination: &Examination, words: &Language) -> Report {
    examination.report(&Live::default(), words)
}

/// The names of all that stands somewhere: each credential, and each other place of it.
fn instances(report: &Report) -> Vec<(Instance, Source)> {
    let mut all = Vec::new();
    for rung in &report.ladder {
        all.extend(rung.source.iter().map(|source| (rung.instance.clone(), source.clone())));
        let name = rung.name.as_deref().unwrap_or_default();
        all.extend(rung.also_in.iter().map(|also| (Instance::of(&also.source, name), also.source.clone())));
    }
    all.dedup_by(|one, other| one.0 == other.0);
    all
}

/// What is still in force of this name.
fn is_in_force(report: &Report, instance: &Instance, source: &Source) -> bool {
    let wins = |rung: &authlight_core::report::Rung| rung.state == State::Wins && rung.instance == *instance;
    let sent = report.route.sends.iter().any(|sent| sent.source == *source);
    sent || report.ladder.iter().any(wins)
}

#[derive(Default)]
struct Counted {
    instances: usize,
    without_a_look: usize,
    faults: Vec<String>,
}

fn walk(label: &str, home: &Home, words: &Language, counted: &mut Counted) {
    let machine = home.machine();
    let ask: contexts::AskShell<'_> = &|_, _| home.shell_said.clone();
    let looked = [contexts::examine(&machine, home.examined(), home.context, ask)];
    let before = report(&looked[0], words);
    for (instance, source) in instances(&before) {
        counted.instances += 1;
        let mut find = |what: String| counted.faults.push(format!("{label}: without {}: {what}", instance.0));
        let names = [instance.0.clone()];
        let after = match what_if::without(&machine, &looked, &[home.examined()], home.context, &names) {
            Ok(after) => report(&after[0], words),
            Err(error) => {
                find(error.to_string());
                continue;
            }
        };
        if is_in_force(&after, &instance, &source) {
            find("it is in force all the same".to_owned());
        }
        let sentences = Difference::between(&before, &after).sentences();
        let said: Vec<_> =
            sentences.iter().map(|sentence| authlight_core::message::Words::say(words, sentence)).collect();
        if said.is_empty()
            || said.len() > MOST_SENTENCES
            || said.iter().any(|text| text.contains("what-if") || text.contains("{$"))
        {
            find(format!("{said:?}"));
        }
        let removals: Vec<Removal> = rules::places(&before, &instance)
            .unwrap()
            .iter()
            .filter_map(|source| rules::removal(&looked[0].snapshot, source))
            .collect();
        let Some(pure) = looked[0].without(&removals) else { continue };
        counted.without_a_look += 1;
        let again = what_if::look_again(&machine, &looked[0], &home.examined(), home.context, removals);
        let again = again.map(|again| lasting(&report(&again, words)));
        if again.as_ref() != Some(&lasting(&report(&pure, words))) {
            find(format!("a look says something else: {}", first_difference(&again, &lasting(&report(&pure, words)))));
        }
    }
}

fn first_difference(again: &Option<Value>, pure: &Value) -> String {
    let Some(again) = again else { return "it cannot be left out there".to_owned() };
    let members = pure.as_object().unwrap().iter().filter(|(name, value)| again[name.as_str()] != **value);
    members.map(|(name, value)| format!("\n{name}: pure {value}\nlooked {}", again[name.as_str()])).collect()
}

#[test]
fn whatever_a_report_names_can_be_left_out() {
    let all = every_scenario(&mut |label, what| panic!("{label}: {what}"));
    let counted = by_workers(&all, |share| {
        let words = Language::english();
        let mut counted = Counted::default();
        for case in share {
            let (home, _endpoint) = Endpoint::of(&case.scenario, NOW_MS).unwrap();
            walk(&case.label, &home, &words, &mut counted);
        }
        counted
    });
    let faults: Vec<_> = counted.iter().flat_map(|counted| counted.faults.iter().cloned()).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    let instances: usize = counted.iter().map(|counted| counted.instances).sum();
    let without_a_look: usize = counted.iter().map(|counted| counted.without_a_look).sum();
    println!("{instances} left out, {without_a_look} of them without a look");
    assert!(instances > 500 && without_a_look * 2 > instances, "{without_a_look} of {instances}");
}
