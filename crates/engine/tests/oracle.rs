//! Holds what we resolve against what the real Claude Code was seen to do: every recorded case of `tests/oracle` and
//! `tests/observed` is laid out below a temporary root and examined in this process. What is compared, and what is
//! left out, is what `tests/oracle/compare.py` compares and leaves out, but for `explain`, which has a test of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

#[path = "support/expectation.rs"]
mod expectation;

use std::sync::atomic::{AtomicUsize, Ordering};

use authlight_engine::words::Language;
use expectation::{Case, cases};

/// How many cases there are at least, and how many comparisons they make: the test must not pass on nothing.
const AT_LEAST: [(&str, usize, usize); 2] = [("oracle", 400, 1200), ("observed", 2500, 8500)];

/// Cases that come out otherwise on the disks of Windows, where capital and small letters name the same file and a
/// blank at the end of a name is none.
const OF_OTHER_DISKS: [&str; 3] = ["w-sf-blank", "y-active-'WORK'", "y-prof-name-'WORK'"];

#[test]
fn we_foretell_what_claude_code_was_seen_to_do() {
    for (folder, at_least_cases, at_least_comparisons) in AT_LEAST {
        let cases = cases(folder);
        let (compared, comparisons) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let next = AtomicUsize::new(0);
        let differences = std::sync::Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..std::thread::available_parallelism().map_or(2, |n| n.get().min(8)) {
                scope.spawn(|| {
                    let words = Language::english();
                    while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let (count, wrong) = hold(case, &words);
                        compared.fetch_add(usize::from(count > 0), Ordering::Relaxed);
                        comparisons.fetch_add(count, Ordering::Relaxed);
                        differences.lock().unwrap().extend(wrong);
                    }
                });
            }
        });
        let mut differences = differences.into_inner().unwrap();
        differences.sort();
        assert!(differences.is_empty(), "{folder}: {} differences\n{}", differences.len(), differences.join("\n"));
        let (compared, comparisons) = (compared.into_inner(), comparisons.into_inner());
        println!("{folder}: {compared} cases, {comparisons} comparisons");
        assert!(compared >= at_least_cases, "{folder}: only {compared} cases were compared");
        assert!(comparisons >= at_least_comparisons, "{folder}: only {comparisons} comparisons were made");
    }
}

/// How many things were compared, and what differed.
fn hold(case: &Case, words: &Language) -> (usize, Vec<String>) {
    let expected = case.expected();
    if expected.is_empty() || cfg!(windows) && OF_OTHER_DISKS.contains(&case.id()) {
        return (0, Vec::new());
    }
    let report = case.report(words);
    let wrong = expected.iter().filter_map(|expectation| {
        let difference = expectation.differs(&report)?;
        Some(format!("  {} {difference}", case.id()))
    });
    (expected.len(), wrong.collect())
}
