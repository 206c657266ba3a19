//! What if something were not there: whatever a report names can be left out, and what is judged without a look at the
//! machine is what a look would say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

#[path = "support/every_scenario.rs"]
mod every_scenario;

use authlight_core::report::{Instance, Live, Report, Source, SourceKind, State};
use authlight_core::what_if::{self as rules, Difference, MOST_SENTENCES, Removal};
use authlight_engine::contexts;
use authlight_engine::examination::Examination;
use authlight_engine::practice::{Endpoint, Home, Scenario};
use authlight_engine::what_if::{self, CannotLeaveOut};
use authlight_engine::words::Language;
use every_scenario::{NOW_MS, by_workers, every_scenario, lasting};
use serde_json::{Value, json};

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

/// What is still in force of this name. Of a profile an earlier line of the same name counts then.
fn is_in_force(report: &Report, instance: &Instance, source: &Source) -> bool {
    let wins = |rung: &authlight_core::report::Rung| {
        let earlier =
            |now: &Source| now.kind == SourceKind::ShellProfile && now.path == source.path && now.line < source.line;
        rung.state == State::Wins && rung.instance == *instance && !rung.source.as_ref().is_some_and(earlier)
    };
    let sent = report.route.sends.iter().any(|sent| sent.source == *source);
    sent || report.ladder.iter().any(wins)
}

/// The names of all findings, and of what lies on the way, that no credential has.
fn other_instances(report: &Report) -> Vec<Instance> {
    let checks = report.causes.iter().flat_map(|cause| &cause.checks);
    let findings = checks.filter(|found| found.code.is_some()).map(|found| found.instance.clone());
    let route = &report.route;
    let on_the_way = [
        route.endpoint.source.as_ref(),
        route.proxy.as_ref().map(|proxy| &proxy.source),
        route.proxy_bypass.as_ref().map(|bypass| &bypass.source),
    ];
    let named = |source: &Source| Instance::of(source, source.name.as_deref().unwrap_or_default());
    let mut all: Vec<Instance> = findings.chain(on_the_way.into_iter().flatten().map(named)).collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all.dedup();
    let credentials: Vec<Instance> = instances(report).into_iter().map(|(instance, _)| instance).collect();
    all.retain(|instance| !credentials.contains(instance));
    all
}

#[derive(Default)]
struct Counted {
    instances: usize,
    others: usize,
    nowhere: Vec<String>,
    without_a_look: usize,
    faults: Vec<String>,
}

fn walk(label: &str, home: &Home, words: &Language, counted: &mut Counted) {
    let machine = home.machine();
    let ask: contexts::AskShell<'_> = &|_, _| home.shell_said.clone();
    let looked = [contexts::examine(&machine, home.examined(), home.context, ask)];
    let before = report(&looked[0], words);
    for instance in other_instances(&before) {
        let names = [instance.0.clone()];
        counted.others += 1;
        match what_if::without(&machine, &looked, &[home.examined()], home.context, &names) {
            Ok(after) => {
                let after = report(&after[0], words);
                let sentences = Difference::between(&before, &after).sentences();
                let said = sentences.iter().map(|sentence| authlight_core::message::Words::say(words, sentence));
                if sentences.is_empty() || said.into_iter().any(|text| text.contains("what-if") || text.contains("{$"))
                {
                    counted.faults.push(format!("{label}: without {}: no sentence", instance.0));
                }
            }
            Err(CannotLeaveOut::Nowhere(name)) => counted.nowhere.push(format!("{label}: {name}")),
            Err(error) => counted.faults.push(format!("{label}: {error}")),
        }
    }
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

/// What signs in without this, in the context that is asked: the places, and what cannot be told.
fn signs_in_without(scenario: &Value, instance: &str) -> (Vec<String>, Vec<String>) {
    let home = Scenario::from_json(&scenario.to_string()).unwrap().home_at(NOW_MS, None).unwrap();
    let (machine, names) = (home.machine(), [instance.to_owned()]);
    let looked = [contexts::examine(&machine, home.examined(), home.context, &|_, _| home.shell_said.clone())];
    let after = what_if::without(&machine, &looked, &[home.examined()], home.context, &names).unwrap();
    let here = report(&after[0], &Language::english()).contexts.swap_remove(0);
    let place = |source: &Source| format!("{}:{}", source.path.as_deref().unwrap_or("-"), source.line.unwrap_or(0));
    (here.sends.iter().map(|sent| place(&sent.source)).collect(), here.unsure)
}

#[test]
fn what_lies_below_counts_then() {
    const T: &str = "ANTHROPIC_AUTH_TOKEN";
    let set = |value: &str| json!({"text": format!("export {T}={value}\n")});
    let line = |value: &str| json!({"text": format!("{T}={value}\n")});
    let agent = |value: &str| {
        let arguments = ["launchctl", "setenv", T, value].map(|text| format!("<string>{text}</string>")).concat();
        let program = format!("<key>ProgramArguments</key>\n<array>{arguments}</array>");
        json!({"text": format!("<?xml version=\"1.0\"?><plist><dict><key>RunAtLoad</key><true/>{program}</dict></plist>")})
    };
    let half = |hive: &str, key: &str, value: &str| json!({"text": format!("Windows Registry Editor Version 5.00\r\n\r\n[{hive}\\{key}]\r\n\"{T}\"=\"{value}\"\r\n")});
    let machine_key = r"SYSTEM\CurrentControlSet\Control\Session Manager\Environment";
    let session = json!([{"pid": 900, "program": "/usr/bin/gnome-shell", "arguments": ["/usr/bin/gnome-shell"],
        "environment": {(T): "below"}}]);
    let scenario = |platform: &str, context: &str, files: Value, more: Value| {
        let mut all = json!({"name": "x", "platform": platform, "context": context, "files": files});
        let shell = if platform == "macos" { "/bin/zsh" } else { "/bin/bash" };
        if platform != "windows" {
            all["environment"] = json!({"SHELL": shell});
        }
        more.as_object().unwrap().iter().for_each(|(name, value)| all[name] = value.clone());
        all["files"]["~/.claude.json"] = json!({"json": {"hasCompletedOnboarding": true, "theme": "dark"}});
        all
    };
    let confs = "/home/kim/.config/environment.d";
    let (none, nowhere) = (json!({}), [""; 0]);
    let moved = json!({"environment": {"SHELL": "/bin/bash", "CLAUDE_CONFIG_DIR": "/conf"}});
    let said = json!({"shell_says": {"environment": {(T): "above"}}});
    let cases = [
        (
            scenario("linux", "desktop", json!({"/etc/environment": line("a"), "~/.bashrc": set("a")}), none.clone()),
            "system_env",
            (&nowhere[..], &nowhere[..]),
        ),
        (
            scenario(
                "linux",
                "desktop",
                json!({(format!("{confs}/1.conf")): line("below"), (format!("{confs}/2.conf")): line("above")}),
                none.clone(),
            ),
            "system_env",
            (&["~/.config/environment.d/1.conf:1"], &nowhere),
        ),
        (
            scenario("linux", "desktop", json!({(format!("{confs}/1.conf")): line("a")}), moved),
            "system_env",
            (&nowhere, &nowhere),
        ),
        (
            scenario(
                "linux",
                "desktop",
                json!({(format!("{confs}/1.conf")): {"text": format!("AWS_REGION=a\n{T}=b\n")},
                    (format!("{confs}/2.conf")): {"text": format!("{T}=${{{T}}}\n")}}),
                none.clone(),
            ),
            "system_env",
            (&["~/.config/environment.d/1.conf:2"], &nowhere),
        ),
        (
            scenario("macos", "desktop", json!({"~/Library/LaunchAgents/env.plist": agent("a")}), none.clone()),
            "launchd",
            (&nowhere, &nowhere),
        ),
        (
            scenario(
                "macos",
                "new-terminal",
                json!({"~/Library/LaunchAgents/env.plist": agent("below"), "~/.zshrc": set("above")}),
                none.clone(),
            ),
            "shell_profile",
            (&["~/Library/LaunchAgents/env.plist:2"], &nowhere),
        ),
        (
            scenario(
                "windows",
                "desktop",
                json!({"/registry/HKLM.reg": half("HKEY_LOCAL_MACHINE", machine_key, "below"),
                    "/registry/HKCU.reg": half("HKEY_CURRENT_USER", "Environment", "above")}),
                none.clone(),
            ),
            "registry",
            (&[r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment:0"], &nowhere),
        ),
        (
            scenario("linux", "new-terminal", json!({"~/.bashrc": set("above")}), json!({"processes": session})),
            "shell_profile",
            (&["-:0"], &nowhere),
        ),
        (
            scenario(
                "linux",
                "new-terminal",
                json!({"~/.bashrc": {"text": format!("export {T}=$(mypass)\nexport {T}=above\n")}}),
                said,
            ),
            "shell_profile",
            (&nowhere, &[T]),
        ),
        (
            scenario(
                "linux",
                "new-terminal",
                json!({"~/.config/nushell/env.nu": {"text": format!("$env.{T} = 'a'\n")}}),
                json!({"environment": {"SHELL": "/usr/bin/nu"}}),
            ),
            "shell_profile",
            (&nowhere, &nowhere),
        ),
    ];
    for (scenario, kind, expected) in &cases {
        let (places, unsure) = signs_in_without(scenario, &format!("{kind}:{T}"));
        let told = (places.iter().map(String::as_str).collect(), unsure.iter().map(String::as_str).collect());
        let expected: (Vec<&str>, Vec<&str>) = (expected.0.to_vec(), expected.1.to_vec());
        assert_eq!(told, expected, "{kind} of {scenario}");
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
    let others: usize = counted.iter().map(|counted| counted.others).sum();
    let nowhere: Vec<_> = counted.iter().flat_map(|counted| counted.nowhere.iter().cloned()).collect();
    println!("{instances} left out, {without_a_look} of them without a look; {others} others");
    println!("nowhere:\n{}", nowhere.join("\n"));
    assert!(instances > 500 && without_a_look * 2 > instances, "{without_a_look} of {instances}");
}
