//! The checklist as Markdown, for a ticket.

use std::fmt::Write as _;

use authlight_core::message::Words;

use super::checklist::{Checklist, FindingSheet, LightLine};
use super::redaction::Outgoing;

/// The checklist of a report that may leave the machine.
pub fn render(outgoing: &Outgoing, words: &dyn Words) -> String {
    let list = Checklist::new(outgoing.report(), words);
    let mut out = String::new();
    let mut put = |text: String| {
        // Writing to a `String` cannot fail.
        let _ = writeln!(out, "{text}");
    };
    put(format!("# {}\n", escaped(&list.title)));
    put(format!("**{} {}**\n", list.sign.symbol(), escaped(&list.verdict)));
    put(format!("{}\n", escaped(&list.phone)));

    put(format!("## {}\n\n| | | |\n|---|---|---|", escaped(&list.lights_heading)));
    let row = |light: &LightLine| {
        let (word, name, headline) = (escaped(&light.word), escaped(&light.name), escaped(&light.headline));
        format!("| {} {word} | {name} | {headline} |", light.sign.symbol())
    };
    list.lights.iter().chain(&list.ground).for_each(|light| put(row(light)));
    if list.ground.is_empty() {
        put(format!("\n{}", escaped(&list.ground_fine)));
    }

    put(format!("\n## {}\n", escaped(&list.findings_heading)));
    if list.findings.is_empty() {
        put(format!("{}\n", escaped(&list.findings_none)));
    }
    list.findings.iter().for_each(|finding| put(sheet(finding)));
    if !list.notes.is_empty() {
        put(format!("## {}\n", escaped(&list.notes_heading)));
        list.notes.iter().for_each(|finding| put(sheet(finding)));
    }

    put(format!("## {}\n", escaped(&list.ladder_heading)));
    if !list.ladder.is_empty() {
        put(format!("| {} |\n|---|---|---|---|", list.ladder_columns.each_ref().map(|head| escaped(head)).join(" | ")));
    }
    for row in &list.ladder {
        let why = std::iter::once(&row.why).chain(&row.also).map(|text| escaped(text)).collect::<Vec<_>>().join("<br>");
        put(format!("| {} | {} | {} | {why} |", escaped(&row.state), escaped(&row.credential), escaped(&row.place)));
    }
    if let Some(absent) = &list.ladder_absent {
        put(format!("\n{}", escaped(absent)));
    }

    for section in list.sections.iter().chain([&list.unseen]).filter(|section| !section.lines.is_empty()) {
        put(format!("\n## {}\n", escaped(&section.heading)));
        section.lines.iter().for_each(|line| put(format!("- {}", escaped(line))));
    }
    put("\n---\n".to_owned());
    list.made.iter().for_each(|line| put(format!("- {}", escaped(line))));
    out
}

fn sheet(finding: &FindingSheet) -> String {
    let mut text = format!("### {} {} {}\n", finding.sign.symbol(), escaped(&finding.code), escaped(&finding.headline));
    for (label, part) in &finding.parts {
        let _ = write!(text, "\n- **{}:** {}", escaped(label), escaped(part));
    }
    text.push('\n');
    text
}

/// So that a foreign text is shown as it is: nothing in it opens a table cell, an image, a heading or HTML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied();
        let special = match c {
            '\\' | '`' | '*' | '[' | ']' | '|' | '$' => true,
            // Inside a word an underscore means nothing, and a variable's name stays readable.
            '_' => !(before.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric)),
            '~' => before == Some('~') || next == Some('~'),
            '#' | '-' | '+' | '=' => before.is_none(),
            _ => false,
        };
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c if special => out.extend(['\\', c]),
            c => out.push(c),
        }
        before = Some(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report_out::samples;
    use crate::words::Language;

    fn rendered(foreign: &str, path: &str) -> String {
        let report = samples::sample(foreign, path);
        let words = samples::Both(Language::english());
        render(&Outgoing::new(report, &words, &super::super::redaction::LeakPass::new(&[])), &words)
    }

    #[test]
    fn every_part_is_there_and_no_end_of_a_key() {
        let text = rendered("x7Qa", "~/work/shop/settings.json");
        for said in [
            "7KQ2-F9T4",
            "### ✖ AL-4-02",
            "**What we saw:**",
            "**Do now:**",
            "| used ",
            "ANTHROPIC_AUTH_TOKEN",
            "line 7",
        ] {
            assert!(text.contains(said), "{said} is not in:\n{text}");
        }
        assert!(!text.contains("…x7Qa") && !text.contains("report-"), "{text}");
    }

    #[test]
    fn foreign_text_stays_text() {
        let text = rendered("a|b\n# c ![i](http://x) <script>", "~/p|q`*");
        let cells = |line: &str| line.replace("\\|", "").matches('|').count();
        let ladder: Vec<_> =
            text.lines().filter(|line| line.starts_with("| used") || line.starts_with("| not used")).collect();
        assert!(!ladder.is_empty());
        for line in ladder {
            assert_eq!(cells(line), 5, "{line}");
        }
        assert!(!text.contains("<script>") && !text.contains("[i](") && !text.lines().any(|l| l.starts_with("# c")));
    }
}
