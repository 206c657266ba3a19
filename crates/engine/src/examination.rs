//! One examination from start to end: look, judge, and on request test. Both faces call it.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use authlight_core::judge::{self, RunFacts};
use authlight_core::proxy::Choice;
use authlight_core::report::{CredentialKind, Live, Report, Scope, Source, StageRow};
use authlight_core::route::Resolution;
use authlight_core::snapshot::Snapshot;
use url::Url;

use crate::live::{self, Audience, Carried, Consent, Proxy, Trust};
use crate::machine::Machine;
use crate::machine::scan::{Examined, scan};
use crate::words::Language;

/// What was read and what follows from it.
pub struct Examination {
    /// What was read.
    pub snapshot: Snapshot,
    /// What follows.
    pub resolution: Resolution,
    started: Instant,
    run_id: String,
}

impl Examination {
    /// Looks.
    pub fn look(machine: &dyn Machine, examined: Examined) -> Self {
        let started = Instant::now();
        let snapshot = scan(machine, examined);
        let resolution = authlight_core::route::resolve(&snapshot);
        Self { snapshot, resolution, started, run_id: crate::machine::run_id() }
    }

    /// The report, in words.
    pub fn report(&self, live: &Live, words: &Language) -> Report {
        let run = RunFacts {
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            id: self.run_id.clone(),
            online: !live.stages.is_empty(),
        };
        let mut report = judge::report(&self.snapshot, &self.resolution, live, &run);
        report.say(words);
        report.run.duration_ms = (self.started.elapsed().as_micros() as f64) / 1000.0;
        report
    }

    /// Tests the credential where Claude Code would send it. `outside` tells where a path of the examined machine
    /// lies on this one. `None`: there is no address to ask.
    pub fn test(
        &self,
        outside: &dyn Fn(&str) -> PathBuf,
        consent: &Consent,
        deadline: Duration,
        cancel: &AtomicBool,
        progress: &mut dyn FnMut(&StageRow),
    ) -> Option<Live> {
        Some(live::test(&self.audience(outside)?, consent, deadline, cancel, progress))
    }

    /// To whom the test speaks, and with what.
    fn audience(&self, outside: &dyn Fn(&str) -> PathBuf) -> Option<Audience> {
        let resolution = &self.resolution;
        let base = Url::parse(&resolution.base.as_ref().ok()?.url).ok()?;
        let carried = resolution.sends.iter().filter_map(|sent| {
            let secret = sent.value.clone()?;
            Some(Carried { header: sent.header, kind: sent.credential, secret, bearer: sent.bearer })
        });
        let credential = |name: &str| ["authorization", "x-api-key"].iter().any(|own| name.eq_ignore_ascii_case(own));
        let extra = resolution.custom_headers.iter().filter(|header| !credential(&header.name));
        let proxy = match &resolution.proxy {
            Choice::Through(_) | Choice::Unsupported(_) => {
                authlight_core::proxy::address(&resolution.environment, base.scheme() == "https")
            }
            Choice::Direct | Choice::Bypassed(_) | Choice::NotAUrl { .. } | Choice::NoSuchHost { .. } => None,
        };
        let files = |names: &[&str]| {
            names.iter().filter_map(|name| resolution.environment.text(name)).map(outside).collect::<Vec<_>>()
        };
        let login = [CredentialKind::Login, CredentialKind::OauthToken, CredentialKind::Profile];
        Some(Audience {
            base,
            provider: resolution.provider,
            headers: carried.collect(),
            extra_headers: extra.map(|header| (header.name.clone(), header.value.clone())).collect(),
            proxy: proxy.map(Proxy::new),
            trust: Trust {
                extra_ca_files: files(&["NODE_EXTRA_CA_CERTS"]),
                ssl_cert_file: files(&["SSL_CERT_FILE"]).pop(),
                bundled_only: resolution.environment.text("CLAUDE_CODE_CERT_STORE") == Some("bundled"),
            },
            endpoint_from_project: self.project_chose_where_it_goes(),
            is_claude_ai_login: resolution.sends.iter().any(|sent| login.contains(&sent.credential)),
        })
    }

    /// Whether a file of the project names the address, the proxy or what is believed there.
    fn project_chose_where_it_goes(&self) -> bool {
        let resolution = &self.resolution;
        let from_project = |source: &Source| matches!(source.scope, Some(Scope::Project | Scope::Local));
        let variables = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "CLAUDE_CODE_CERT_STORE"];
        let proxies = authlight_core::proxy::VARIABLES;
        resolution.base_source.as_ref().is_some_and(from_project)
            || variables
                .iter()
                .chain(&proxies)
                .filter_map(|name| resolution.environment.winner(name))
                .any(|place| from_project(&place.source))
    }
}
