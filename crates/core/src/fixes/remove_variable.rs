//! A variable, or a setting, is taken out of the settings file in which it stands.
//!
//! What stands in a settings file goes before the environment that Claude Code is started with (observed: `senv-*`), so
//! that taking it out there lets the next one count. Which places go is told by the finding.

use super::place::{self, TakenOut, counted, is_of_folder, take_out};
use super::{Fix, Repair, Risk, Target, gateway};
use crate::environment::Occurrence;
use crate::judge::Facts;
use crate::providers::{CLOUDS, CloudOutcome};
use crate::report::{Provider, Source};
use crate::{residents, url};

/// Findings about a value that is of no use where it stands, and those that the other fixes cannot mend.
const OF_NO_USE: &[&str] = &[
    "AL-1-01", "AL-1-04", "AL-1-05", "AL-1-06", "AL-1-07", "AL-1-09", "AL-1-10", "AL-1-11", "AL-1-14", "AL-3-02",
    "AL-3-03", "AL-3-10", "AL-4-01", "AL-4-04", "AL-4-12", "AL-5-01", "AL-5-02", "AL-5-03", "AL-5-23", "AL-5-26",
    "AL-5-27", "AL-5-28", "AL-5-29", "AL-5-32", "AL-5-33", "AL-5-34", "AL-5-36", "AL-5-44", "AL-5-45", "AL-5-101",
    "AL-5-102",
];

/// Nobody signs in any more where what signed in was of no use.
const BRINGS: &[&str] = &["AL-2-01"];

/// A value that is of no use goes out of the person's own settings.
pub(super) const OWN: Fix = Fix {
    id: "F.remove_settings_env",
    risk: Risk::Safe,
    mends: OF_NO_USE,
    repair: |facts, target| {
        let taken = of_no_use(facts, target).filter(|taken| !taken.shared)?;
        Some(Repair { edits: taken.edits, brings: BRINGS, ..Repair::default() })
    },
};

/// The same of a file that comes with the project, and that others may share.
pub(super) const SHARED: Fix = Fix {
    id: "F.remove_project_env",
    risk: Risk::Careful,
    mends: OF_NO_USE,
    repair: |facts, target| {
        let taken = of_no_use(facts, target).filter(|taken| taken.shared)?;
        Some(Repair { edits: taken.edits, brings: BRINGS, ..Repair::default() })
    },
};

/// What is used in place of the login goes, so that the login counts (observed: `prec-*`): AL-1-12 a key, AL-2-28 a token
/// made for scripts. The person may have meant it, and is asked. Where requests go to a gateway, the login would go there
/// next (observed: `url-credfile-custom-host`), and a gateway knows nothing of it.
pub(super) const USE_LOGIN: Fix = Fix {
    id: "F.use_login",
    risk: Risk::Careful,
    mends: &["AL-1-12", "AL-2-28"],
    repair: |facts, target| {
        let name = target.place()?.name.as_deref()?;
        if facts.resolution.provider == Provider::Gateway {
            return None;
        }
        let places = match name {
            "apiKeyHelper" => helpers(facts),
            name => counted(facts, name),
        };
        Some(Repair::of(take_out(facts, places)?.edits))
    },
};

/// Of two values the one that counts goes, so that the other does: AL-4-02, and AL-4-03, where it is an empty text. With
/// more than two it is not told which would count; and one that would sign nobody in is no choice.
pub(super) const DROP_STRONGER: Fix = Fix {
    id: "F.drop_stronger",
    risk: Risk::Careful,
    mends: &["AL-4-02", "AL-4-03"],
    repair: |facts, target| {
        let [winner, _] = target.evidence else { return None };
        let taken = take_out(facts, [winner])?;
        taken.is_no_worse(facts, target).then(|| Repair::of(taken.edits))
    },
};

/// The same the other way round: the value that does not count goes, and nothing is different but that nobody wonders. It
/// is offered where the one that counts cannot go, and on request ([`super::of_findings`]).
pub(super) const DROP_WEAKER: Fix = Fix {
    id: "F.drop_weaker",
    risk: Risk::Careful,
    mends: &["AL-4-02"],
    repair: |facts, target| {
        let [_, loser] = target.evidence else { return None };
        let taken = take_out(facts, [loser])?;
        taken.is_no_worse(facts, target).then(|| Repair::of(taken.edits))
    },
};

/// The address goes, and with it what was its key: requests go to Anthropic's own API then (observed: `url-default`),
/// which takes no gateway's key. AL-5-04 is no address, AL-5-12 and AL-5-13 are slips for Anthropic's own, AL-5-14 and
/// AL-5-15 send what is Anthropic's elsewhere, at AL-5-17 nothing answers, AL-5-100 is a program on this machine.
pub(super) const BACK_TO_ANTHROPIC: Fix = Fix {
    id: "F.back_to_anthropic",
    risk: Risk::Careful,
    mends: &["AL-5-04", "AL-5-12", "AL-5-13", "AL-5-14", "AL-5-15", "AL-5-17", "AL-5-100"],
    repair: back_to_anthropic,
};

fn back_to_anthropic(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    let resolution = facts.resolution;
    let name = resolution.base_source.as_ref()?.name.as_deref()?;
    if name != "ANTHROPIC_BASE_URL" || resolution.cloud.is_some() {
        return None;
    }
    let keys = gateway::keys(facts);
    // One who runs a gateway of their own means it, but where a program wrote itself into the settings.
    if target.code == "AL-5-100" && !keys.iter().any(|key| residents::of_mark(&key.value).is_some()) {
        return None;
    }
    let addresses = counted(facts, name);
    let stands_beside = |key: &&Occurrence| {
        let platform = facts.snapshot.examined.platform;
        let folder = key.source.path.as_deref().map(|path| platform.folder_of(path));
        let is_there = |path: &str| folder == Some(platform.folder_of(path));
        addresses.iter().any(|address| address.path.as_deref().is_some_and(is_there))
    };
    let is_certain = match target.code {
        // Where Anthropic was meant, or its key is sent beside the gateway's, it is not told what belongs together.
        "AL-5-12" | "AL-5-13" | "AL-5-14" => keys.is_empty(),
        _ => keys.iter().all(stands_beside) && !gateway::may_have_others(facts),
    };
    let sources = addresses.iter().copied().chain(keys.iter().map(|key| &key.source));
    is_certain.then(|| Some(Repair { edits: take_out(facts, sources)?.edits, brings: BRINGS, ..Repair::default() }))?
}

/// A proxy that cannot be used, or at which nothing answers, goes: Claude Code reads it from its settings alone there.
pub(super) const REMOVE_PROXY: Fix = Fix {
    id: "F.remove_proxy",
    risk: Risk::Careful,
    mends: &["AL-5-18", "AL-5-19", "AL-5-20", "AL-5-21"],
    repair: |facts, target| Some(Repair::of(take_out(facts, target.place())?.edits)),
};

/// A cloud that is switched on and stops Claude Code is switched off, so that Anthropic's own API is asked again. Where its
/// credentials could only not be seen, nothing is offered: they may come from a place that we do not look at.
pub(super) const LEAVE_CLOUD: Fix = Fix {
    id: "F.leave_cloud",
    risk: Risk::Careful,
    mends: &["AL-5-03", "AL-5-35", "AL-5-36", "AL-5-37", "AL-5-38", "AL-5-39", "AL-5-40", "AL-5-41"],
    repair: |facts, _| {
        let cloud = facts.resolution.cloud?;
        if !matches!(facts.resolution.cloud_outcome, Some(CloudOutcome::Stops(_))) {
            return None;
        }
        Some(Repair {
            edits: take_out(facts, counted(facts, cloud.switch))?.edits,
            brings: BRINGS,
            ..Repair::default()
        })
    },
};

/// Where a helper is named, the one that counts first.
fn helpers<'a>(facts: &'a Facts<'_>) -> Vec<&'a Source> {
    let all = facts.resolution.candidates.helper.iter();
    all.filter(|place| place.ignored.is_none()).map(|place| &place.source).collect()
}

/// The places that go because what stands there is of no use.
fn of_no_use(facts: &Facts<'_>, target: &Target<'_>) -> Option<TakenOut> {
    let environment = &facts.resolution.environment;
    let first = target.place()?;
    let name = first.name.as_deref().unwrap_or_default();
    let one = |source| take_out(facts, [source]);
    match target.code {
        // An empty text may be there to take another value away.
        "AL-1-01" => {
            let blanks = |source: &&Source| place::occurrence(facts, source).is_none_or(|place| place.value.is_blank());
            let all = counted(facts, name);
            all.iter().all(blanks).then(|| take_out(facts, all))?
        }
        // Every file of the folder that says it: the next would lead elsewhere too.
        "AL-4-01" => {
            let places = environment.get(name)?.places.iter().map(|place| &place.source);
            take_out(facts, places.filter(|source| is_of_folder(source)))
        }
        "AL-4-04" | "AL-4-12" => take_out(facts, target.evidence),
        // What counts is used already; the others have no effect.
        "AL-5-01" => take_out(facts, &target.evidence[1..]),
        // Beside another provider it has no effect; alone it was meant.
        "AL-5-02" => CLOUDS.iter().any(|cloud| environment.is_on(cloud.switch)).then(|| one(first))?,
        "AL-5-03" => (facts.resolution.cloud_outcome == Some(CloudOutcome::Sends)).then(|| one(first))?,
        // Lower case counts.
        "AL-5-23" => target.evidence.get(1).and_then(one),
        "AL-5-26" | "AL-5-27" | "AL-5-28" => certificates(facts, name, first),
        "AL-5-29" => {
            let file = facts.snapshot.certificate_files.iter().find(|file| file.variable == name)?;
            let now = facts.snapshot.examined.now_ms;
            let usable = file.content.found()?.certificates.iter().any(|certificate| certificate.counts_at(now));
            (!usable).then(|| certificates(facts, name, first))?
        }
        // A key that a password opens is no half.
        "AL-5-33" => {
            let halves = CLIENT.iter().filter(|name| environment.set(name).is_some()).count();
            (halves == 1).then(|| one(first))?
        }
        "AL-5-36" => {
            let resource = environment.text("ANTHROPIC_FOUNDRY_RESOURCE")?;
            let base = url::base(environment.text("ANTHROPIC_FOUNDRY_BASE_URL")?).ok()?;
            let same = base.host.split('.').next().is_some_and(|start| start.eq_ignore_ascii_case(resource));
            same.then(|| one(first))?
        }
        "AL-3-10" => take_out(facts, [no_key_of_anthropics(facts)?]),
        _ => one(first),
    }
}

const CLIENT: [&str; 2] = ["CLAUDE_CODE_CLIENT_CERT", "CLAUDE_CODE_CLIENT_KEY"];

/// A certificate and its key go together.
fn certificates(facts: &Facts<'_>, name: &str, first: &Source) -> Option<TakenOut> {
    if !CLIENT.contains(&name) {
        return take_out(facts, [first]);
    }
    let environment = &facts.resolution.environment;
    take_out(facts, CLIENT.iter().filter_map(|name| environment.set(name)).map(|place| &place.source))
}

/// Of two credentials in a request to Anthropic the one that is not of its making, where the other is.
fn no_key_of_anthropics<'a>(facts: &'a Facts<'_>) -> Option<&'a Source> {
    use crate::report::Provider;
    use crate::secret::SecretKind;
    if facts.resolution.provider != Provider::Anthropic {
        return None;
    }
    let sent: Vec<_> = facts.resolution.sends.iter().filter(|sent| sent.value.is_some()).collect();
    let [one, other] = sent.as_slice() else { return None };
    let is_other = |filled: &crate::route::Filled| {
        filled.value.as_ref().is_some_and(|value| value.kind() == SecretKind::Other) && !filled.is_login()
    };
    match (is_other(one), is_other(other)) {
        (true, false) => Some(&one.source),
        (false, true) => Some(&other.source),
        _ => None,
    }
}
