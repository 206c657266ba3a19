//! An engine and a desktop that answer as a test says, and a renderer that needs no graphics driver.

#![allow(clippy::unwrap_used, reason = "a double that breaks is a failing test")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use authlight::window::software::Rasteriser;
use authlight::window::{ChosenReply, Desktop, Options, Window};
use authlight_core::fixes::reset::Part;
use authlight_core::report::{Cause, Instance, Provider, Report};
use authlight_engine::act::jobs::Engine;
use authlight_engine::act::sign_in::{Ended, Place, SignInEvent, TerminalPlan};
use authlight_engine::inspector::Inspector;
use authlight_engine::matrix::table::{TableRequest, TableRow};
use authlight_engine::practice::OpenScenario;
use authlight_engine::state::walkthrough::certificate::{CertificateAsked, CertificateSeen, RootText};
use authlight_engine::state::walkthrough::install::WayOffers;
use authlight_engine::state::walkthrough::key::{
    GitTold, KeyAnswer, KeyHandedOver, KeyRole, KeyTaken, KeyTest, PutOffer,
};
use authlight_engine::state::walkthrough::provider::{
    NotTaken, ProviderAsked, ProviderEnd, ProviderForm, ProviderPlan, ProviderTest,
};
use authlight_engine::state::walkthrough::{Cell, ResetAsked, ResetPlan};
use authlight_engine::state::{
    Changes, Consent, Context, ExplanationText, IfChanged, MeaningText, PlanText, ProjectEntry, RepairAsked, RepairEnd,
    ScanRequest, ShellUse, SignInRequest, StopFlag, TestRequest, UndoEnd,
};
use eframe::egui::{self, Theme, Vec2};
use egui_kittest::{Harness, TestRenderer};

/// Answers with reports made by hand.
pub struct Double {
    /// What a scan finds.
    pub found: Mutex<Report>,
    /// What a test finds.
    pub tested: Report,
    /// Every scan waits for one of these, when there is a gate.
    pub gate: Option<Mutex<Receiver<()>>>,
    /// The same for the helpdesk's text.
    pub text_gate: Option<Mutex<Receiver<()>>>,
    /// What a test needs the person's word for.
    pub needs: Vec<Consent>,
    /// Whether the helpdesk's text may leave.
    pub lets_out: bool,
    /// How many causes come first, when facts arrive in pieces.
    pub part: Option<usize>,
    pub scans: AtomicUsize,
    pub scanned: Mutex<Vec<ScanRequest>>,
    pub tests: Mutex<Vec<Vec<Consent>>>,
    /// What signs in for every folder and context.
    pub rows: Vec<TableRow>,
    /// The table's end waits for one of these, when there is a gate.
    pub table_gate: Option<Mutex<Receiver<()>>>,
    pub tables: Mutex<Vec<TableRequest>>,
    /// The plan of any repair.
    pub plan: Option<PlanText>,
    /// How a repair ends.
    pub ends: RepairEnd,
    /// How an undo ends that asks.
    pub undo_ends: UndoEnd,
    pub changes: Changes,
    /// What happens while somebody signs in, as the test tells it; without it there is no program.
    pub sign_in: Option<Mutex<Receiver<SignInEvent>>>,
    pub signed_in: Mutex<Vec<SignInRequest>>,
    /// What is told to whoever watches the files.
    pub file_changes: Option<Mutex<Receiver<ShellUse>>>,
    /// What a reset finds, the last one first; after that nothing.
    pub resets: Mutex<Vec<ResetPlan>>,
    pub reset: Mutex<Vec<Vec<Part>>>,
    pub old_logins: Vec<String>,
    /// Where a key can be put.
    pub offers: Vec<PutOffer>,
    /// What is said of a key that is given, or why it is not taken.
    pub takes: Result<KeyTaken, String>,
    pub taken: Mutex<Vec<KeyHandedOver>>,
    /// What tests of keys tell, the last one first; after that they are good.
    pub answers: Mutex<Vec<KeyAnswer>>,
    pub key_tests: Mutex<Vec<(KeyRole, Vec<Consent>)>>,
    pub git: Option<GitTold>,
    pub key_plans: Mutex<Vec<(Vec<String>, bool)>>,
    /// What a form for any provider asks.
    pub form: Option<ProviderForm>,
    /// What is made of the values, the last one first; after that there is no plan.
    pub provider_plans: Mutex<Vec<Result<ProviderPlan, Vec<NotTaken>>>>,
    pub provider_asked: Mutex<Vec<ProviderAsked>>,
    pub provider_tests: Mutex<Vec<Vec<Consent>>>,
    pub provider_ends: ProviderEnd,
    pub provider_done: Mutex<Vec<ProviderTest>>,
    /// The ways to install Claude Code, the last ones first; the first ones stay.
    pub ways: Mutex<Vec<WayOffers>>,
    /// What Claude Code says of itself, as often as it was asked.
    pub status: &'static str,
    pub statuses: AtomicUsize,
    /// What the endpoint shows.
    pub shown: CertificateSeen,
    pub sought: Mutex<Vec<CertificateAsked>>,
    /// The roots that are found, the last one first; after that none.
    pub roots: Mutex<Vec<Result<RootText, String>>>,
    pub root_files: Mutex<Vec<Option<PathBuf>>>,
    pub repaired: Mutex<Vec<String>>,
    pub undone: Mutex<Vec<(String, IfChanged)>>,
}

impl Double {
    pub fn finding(found: Report, tested: Report) -> Self {
        Self {
            found: Mutex::new(found),
            tested,
            gate: None,
            text_gate: None,
            needs: Vec::new(),
            lets_out: true,
            part: None,
            scans: AtomicUsize::new(0),
            scanned: Mutex::default(),
            tests: Mutex::default(),
            rows: Vec::new(),
            table_gate: None,
            tables: Mutex::default(),
            plan: None,
            ends: RepairEnd::Failed("nothing is repaired here".to_owned()),
            undo_ends: UndoEnd::Done(Vec::new()),
            changes: Changes::default(),
            sign_in: None,
            signed_in: Mutex::default(),
            file_changes: None,
            resets: Mutex::default(),
            reset: Mutex::default(),
            old_logins: Vec::new(),
            offers: Vec::new(),
            takes: Err("no key is in use".to_owned()),
            taken: Mutex::default(),
            answers: Mutex::default(),
            key_tests: Mutex::default(),
            git: None,
            key_plans: Mutex::default(),
            form: None,
            provider_plans: Mutex::default(),
            provider_asked: Mutex::default(),
            provider_tests: Mutex::default(),
            provider_ends: ProviderEnd::Failed(Vec::new()),
            provider_done: Mutex::default(),
            ways: Mutex::default(),
            status: "nobody was asked",
            statuses: AtomicUsize::new(0),
            shown: CertificateSeen::NotSought { why: "nothing is shown".to_owned(), trusted: false },
            sought: Mutex::default(),
            roots: Mutex::default(),
            root_files: Mutex::default(),
            repaired: Mutex::default(),
            undone: Mutex::default(),
        }
    }
}

impl Engine for Double {
    fn scan(&self, request: &ScanRequest, progress: &mut dyn FnMut(Report)) -> Report {
        self.scanned.lock().unwrap().push(request.clone());
        let whole = self.found.lock().unwrap().clone();
        if let Some(causes) = self.part {
            progress(super::reports::part(&whole, causes));
        }
        pass(&self.gate);
        self.scans.fetch_add(1, Ordering::SeqCst);
        whole
    }

    fn test(&self, request: &TestRequest, _: &mut dyn FnMut(Report)) -> Result<Report, Vec<Consent>> {
        if self.needs.iter().any(|need| !request.consents.contains(need)) {
            return Err(self.needs.clone());
        }
        self.tests.lock().unwrap().push(request.consents.clone());
        Ok(self.tested.clone())
    }

    fn plan_repair(&self, asked: &RepairAsked) -> Result<PlanText, String> {
        self.plan.clone().ok_or_else(|| format!("no plan for {}", asked.fix))
    }

    fn repair(&self, token: &str) -> RepairEnd {
        self.repaired.lock().unwrap().push(token.to_owned());
        self.ends.clone()
    }

    fn put_places(&self, _: &Cell) -> Vec<PutOffer> {
        self.offers.clone()
    }

    fn take_key(&self, given: &KeyHandedOver) -> Result<KeyTaken, String> {
        self.taken.lock().unwrap().push(given.clone());
        self.takes.clone()
    }

    fn test_key(&self, test: &KeyTest) -> Result<KeyAnswer, Vec<Consent>> {
        if self.needs.iter().any(|need| !test.consents.contains(need)) {
            return Err(self.needs.clone());
        }
        self.key_tests.lock().unwrap().push((test.role, test.consents.clone()));
        Ok(self.answers.lock().unwrap().pop().unwrap_or(KeyAnswer::Accepted))
    }

    fn find_in_git(&self, _: &str, _: &StopFlag) -> Option<GitTold> {
        self.git.clone()
    }

    fn plan_key(&self, _: &str, leave: &[String], approve: bool) -> Result<PlanText, String> {
        self.key_plans.lock().unwrap().push((leave.to_vec(), approve));
        self.plan.clone().ok_or_else(|| "no plan".to_owned())
    }

    fn write_key(&self, token: &str) -> RepairEnd {
        self.repair(token)
    }

    fn provider_form(&self, _: &Cell, _: Provider) -> Option<ProviderForm> {
        self.form.clone()
    }

    fn prepare_provider(&self, asked: &ProviderAsked) -> Result<ProviderPlan, Vec<NotTaken>> {
        self.provider_asked.lock().unwrap().push(asked.clone());
        self.provider_plans.lock().unwrap().pop().unwrap_or_else(|| Err(Vec::new()))
    }

    fn test_provider(&self, test: &ProviderTest) -> Result<KeyAnswer, Vec<Consent>> {
        if self.needs.iter().any(|need| !test.consents.contains(need)) {
            return Err(self.needs.clone());
        }
        self.provider_tests.lock().unwrap().push(test.consents.clone());
        Ok(self.answers.lock().unwrap().pop().unwrap_or(KeyAnswer::Accepted))
    }

    fn set_provider_up(&self, test: &ProviderTest) -> ProviderEnd {
        self.provider_done.lock().unwrap().push(test.clone());
        self.provider_ends.clone()
    }

    fn ways_to_install(&self, _: &Cell, _: bool, _: &StopFlag) -> WayOffers {
        let mut ways = self.ways.lock().unwrap();
        if ways.len() > 1 { ways.pop().unwrap() } else { ways.first().cloned().unwrap_or_default() }
    }

    fn ask_status(&self, _: &Cell, _: &StopFlag) -> String {
        self.statuses.fetch_add(1, Ordering::SeqCst);
        self.status.to_owned()
    }

    fn seek_certificate(&self, asked: &CertificateAsked) -> Result<CertificateSeen, Vec<Consent>> {
        if self.needs.iter().any(|need| !asked.consents.contains(need)) {
            return Err(self.needs.clone());
        }
        self.sought.lock().unwrap().push(asked.clone());
        Ok(self.shown.clone())
    }

    fn find_root(&self, _: &str, file: Option<&Path>) -> Result<RootText, String> {
        self.root_files.lock().unwrap().push(file.map(Path::to_owned));
        self.roots.lock().unwrap().pop().unwrap_or_else(|| Err("there is none".to_owned()))
    }

    fn plan_certificate(&self, _: &str) -> Result<PlanText, String> {
        self.plan.clone().ok_or_else(|| "no plan".to_owned())
    }

    fn set_certificate(&self, token: &str) -> RepairEnd {
        self.repair(token)
    }

    fn plan_reset(&self, asked: &ResetAsked) -> Result<ResetPlan, String> {
        let mut plan = self.resets.lock().unwrap().pop().unwrap_or_default();
        plan.parts.retain(|one| !asked.leave.contains(&one.part));
        Ok(plan)
    }

    fn reset(&self, _: &str, parts: &[Part]) -> RepairEnd {
        self.reset.lock().unwrap().push(parts.to_vec());
        self.ends.clone()
    }

    fn old_logins(&self, _: &Cell) -> Vec<String> {
        self.old_logins.clone()
    }

    fn delete_old_logins(&self, _: &Cell, _: &[String]) -> Result<(), String> {
        Ok(())
    }

    fn undo(&self, change: &str, if_changed: IfChanged) -> UndoEnd {
        self.undone.lock().unwrap().push((change.to_owned(), if_changed));
        if if_changed == IfChanged::Ask { self.undo_ends.clone() } else { UndoEnd::Done(Vec::new()) }
    }

    fn changes(&self) -> Changes {
        self.changes.clone()
    }

    fn delete_backups(&self) {}

    fn table(&self, request: &TableRequest, told: &mut dyn FnMut(Vec<TableRow>)) {
        self.tables.lock().unwrap().push(request.clone());
        told(self.rows.clone());
        pass(&self.table_gate);
    }

    fn explain(&self, text: &str) -> ExplanationText {
        let meaning = MeaningText {
            when: "The key is not known to the server.".to_owned(),
            to_do: format!("Replace the key. ({})", text.trim()),
            cause: Some(Cause::Key),
            code: Some("AL-3-01".to_owned()),
        };
        ExplanationText { recognised: true, headline: "The server refused the key".to_owned(), meanings: vec![meaning] }
    }

    fn what_if(&self, run: &str, instance: &Instance) -> Option<Vec<String>> {
        let known = run == self.found.lock().unwrap().run.id;
        known.then(|| {
            vec![
                format!("Then your claude.ai login signs in. [{}]", instance.0),
                "Your login has run out and cannot be renewed (AL-2-05).".to_owned(),
                "Requests count towards your Claude plan.".to_owned(),
            ]
        })
    }

    fn sign_in(&self, request: &SignInRequest, told: &mut dyn FnMut(SignInEvent)) -> Ended {
        self.signed_in.lock().unwrap().push(request.clone());
        let call = request.call.clone().unwrap_or_default();
        if request.place == Place::Terminal {
            let command = call.command();
            return Ended::InTerminal(Box::new(TerminalPlan { place: "asked", command, launch: None }));
        }
        let Some(happens) = &self.sign_in else { return Ended::NoProgram };
        let happens = happens.lock().unwrap();
        loop {
            match happens.recv() {
                Ok(SignInEvent::Ended(ended)) => return ended,
                Ok(event) => told(event),
                Err(_) => return Ended::Cancelled,
            }
        }
    }

    fn watch(&self, _: &StopFlag, changed: &mut dyn FnMut(ShellUse)) {
        let Some(changes) = &self.file_changes else { return };
        changes.lock().unwrap().iter().for_each(changed);
    }

    fn contexts(&self) -> Vec<Context> {
        Context::ALL.to_vec()
    }

    fn helpdesk_text(&self, report: &Report) -> Option<String> {
        pass(&self.text_gate);
        self.lets_out.then(|| format!("report for the helpdesk: {}", report.verdict.check_code))
    }

    fn projects(&self) -> Vec<ProjectEntry> {
        ["shop", "blog"]
            .map(|name| ProjectEntry { path: format!("/home/u/{name}").into(), name: format!("~/{name}") })
            .into()
    }
}

/// Remembers what was opened; its folder dialog answers with nothing, as on a machine without one.
#[derive(Clone, Default)]
pub struct NoDesktop {
    pub opened: Arc<Mutex<Vec<String>>>,
    /// What its dialog for a file answers.
    pub chosen_file: Arc<Mutex<Option<PathBuf>>>,
    /// Whether nothing can be opened.
    pub has_no_browser: Arc<AtomicBool>,
}

impl Desktop for NoDesktop {
    fn open(&self, url: &str) -> bool {
        self.opened.lock().unwrap().push(url.to_owned());
        !self.has_no_browser.load(Ordering::SeqCst)
    }

    fn choose_folder(&self, reply: ChosenReply) {
        reply(None);
    }

    fn choose_file(&self, reply: ChosenReply) {
        reply(self.chosen_file.lock().unwrap().clone());
    }
}

/// A window on a double.
pub struct Screen<E = Double> {
    pub harness: Harness<'static, Window>,
    pub engine: Arc<E>,
    pub desktop: NoDesktop,
}

pub const USUAL: Vec2 = Vec2::new(1120.0, 760.0);

impl Screen {
    pub fn of(report: Report) -> Self {
        Self::on(Double::finding(report.clone(), report))
    }

    pub fn on(double: Double) -> Self {
        let mut screen = Self::build(double, USUAL, 1.0, Theme::Light);
        screen.settle();
        screen
    }

    pub fn build(double: Double, size: Vec2, scale: f32, theme: Theme) -> Self {
        Self::showing(Arc::new(double), Options::default(), size, scale, theme)
    }
}

impl<E: Engine> Screen<E> {
    /// A window on any engine.
    pub fn showing(engine: Arc<E>, options: Options, size: Vec2, scale: f32, theme: Theme) -> Self {
        let desktop = NoDesktop::default();
        let (for_window, browser) = (Arc::clone(&engine), desktop.clone());
        let harness = Harness::builder()
            .with_size(size)
            .with_pixels_per_point(scale)
            .with_theme(theme)
            .with_max_steps(12)
            .with_render_cursor(false)
            .renderer(CpuRenderer::default())
            .build_eframe(move |creation| Window::new(&creation.egui_ctx, for_window, options, Box::new(browser)));
        Self { harness, engine, desktop }
    }

    /// Runs frames until no job is under way.
    pub fn settle(&mut self) {
        use authlight_engine::state::JobKind as K;
        self.until(|window| {
            let state = window.state();
            state.report.is_some()
                && ![K::Projects, K::Scan, K::Test, K::Table, K::Explain, K::WhatIf, K::HelpdeskText]
                    .iter()
                    .any(|k| state.is_running(*k))
        });
    }

    /// Runs frames until this holds. Jobs are threads: the time limit is for a test that would never end.
    pub fn until(&mut self, holds: impl Fn(&Window) -> bool) {
        let start = std::time::Instant::now();
        loop {
            self.harness.run();
            if holds(self.harness.state()) {
                self.harness.run();
                return;
            }
            assert!(start.elapsed().as_secs() < 20, "the window never got there");
            std::thread::yield_now();
        }
    }

    /// Keeps a picture for a person to look at.
    pub fn picture(&mut self, name: &str) {
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("window");
        std::fs::create_dir_all(&folder).unwrap();
        self.harness.render().unwrap().save(folder.join(format!("{name}.png"))).unwrap();
    }
}

/// A window on the real engine, on a computer that is laid out for practice.
pub fn practising(name: &str) -> (OpenScenario, Screen<Inspector>) {
    let open = OpenScenario::open(name).unwrap();
    let inspector = open.inspector().unwrap();
    let options = Options {
        project: inspector.named_project(),
        practice: Some(open.scenario.title.clone()),
        ..Options::default()
    };
    let mut screen = Screen::showing(Arc::new(inspector), options, USUAL, 1.0, Theme::Light);
    screen.settle();
    (open, screen)
}

fn pass(gate: &Option<Mutex<Receiver<()>>>) {
    if let Some(gate) = gate {
        // A test that ends closes the gate: then nobody waits for the answer.
        let _closed = gate.lock().unwrap().recv();
    }
}

/// A gate that holds a job up, and what opens it.
pub fn gate() -> (Sender<()>, Option<Mutex<Receiver<()>>>) {
    let (sender, receiver) = channel();
    (sender, Some(Mutex::new(receiver)))
}

/// Draws with the window's own rasteriser.
#[derive(Default)]
struct CpuRenderer(Rasteriser);

impl TestRenderer for CpuRenderer {
    fn handle_delta(&mut self, delta: &mut egui::TexturesDelta) {
        self.0.update(delta);
    }

    fn render(&mut self, ctx: &egui::Context, output: &egui::FullOutput) -> Result<image::RgbaImage, String> {
        let scale = output.pixels_per_point;
        let size = ctx.content_rect().size() * scale;
        let size = [size.x.round() as usize, size.y.round() as usize];
        let primitives = ctx.tessellate(output.shapes.clone(), scale);
        let picture = self.0.draw(&primitives, scale, size, authlight::window::ground(ctx.theme()));
        let bytes = picture.pixels.iter().flat_map(|pixel| pixel.to_array()).collect();
        image::RgbaImage::from_raw(size[0] as u32, size[1] as u32, bytes).ok_or_else(|| "too few pixels".to_owned())
    }
}
