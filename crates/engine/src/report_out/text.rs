//! The checklist as text: on a terminal, in a ticket, read aloud on the phone. Never wider than [`WIDTH`].

use authlight_core::message::{Message, Words};
use authlight_core::report::{Live, Report};
use authlight_core::what_if::Difference;

use super::checklist::{Checklist, FindingSheet, LightLine, LiveSheet, Sign};

/// The widest line, in characters.
const WIDTH: usize = 100;

/// How the text may look. The default has no colours and uses symbols beyond ASCII.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Colours: only if the output is a terminal. They say nothing that the words do not.
    pub colour: bool,
    /// ASCII signs in place of symbols. The person's own words and paths stay as they are.
    pub ascii: bool,
}

/// The checklist of a report whose sentences have been said.
pub fn render(report: &Report, words: &dyn Words, style: Style) -> String {
    render_within(report, words, style, usize::MAX)
}

/// The checklist in at most so many bytes. What matters least is left out first: the verdict stays longest, then the
/// faults, the lights, and what may be a fault.
pub fn render_within(report: &Report, words: &dyn Words, style: Style, most: usize) -> String {
    let list = Checklist::new(report, words);
    let mut blocks: Vec<(Rank, String)> = Vec::new();
    let mut block = |rank: Rank, draw: &dyn Fn(&mut Page)| {
        let mut page = Page { out: String::new(), style };
        draw(&mut page);
        blocks.push((rank, page.out));
    };
    block(Rank::Frame, &|page| {
        page.line("", &list.title);
        page.gap();
    });
    block(Rank::Verdict, &|page| {
        page.signed(list.sign, &list.verdict);
        page.line("", &list.phone);
    });
    block(Rank::Lights, &|page| {
        page.heading(&list.lights_heading);
        let word = list.lights.iter().map(|light| light.word.chars().count()).max().unwrap_or(0);
        let name = list.lights.iter().map(|light| light.name.chars().count()).max().unwrap_or(0);
        let row = |page: &mut Page, light: &LightLine| {
            page.hung(light.sign, &format!("{:word$}  {:name$}  ", light.word, light.name), &light.headline);
        };
        list.lights.iter().for_each(|light| row(page, light));
        if list.ground.is_empty() {
            page.line("  ", &list.ground_fine);
        }
        list.ground.iter().for_each(|light| row(page, light));
    });
    let rank = |finding: &FindingSheet| if finding.sign == Sign::Look { Rank::MayBeFaults } else { Rank::Faults };
    if list.findings.is_empty() {
        block(Rank::Lights, &|page| {
            page.heading(&list.findings_heading);
            page.line("  ", &list.findings_none);
        });
    }
    for (at, finding) in list.findings.iter().enumerate() {
        block(rank(finding), &|page| page.finding(finding, at, &list.findings_heading));
    }
    for (at, finding) in list.notes.iter().enumerate() {
        block(Rank::Notes, &|page| page.finding(finding, at, &list.notes_heading));
    }
    block(Rank::Ladder, &|page| {
        page.heading(&list.ladder_heading);
        let column = list.ladder.iter().map(|row| row.state.chars().count()).max().unwrap_or(0).min(24);
        for row in &list.ladder {
            page.labelled("  ", &row.state, column, &row.credential);
            for text in [&row.place, &row.why].into_iter().chain(&row.also).filter(|text| !text.is_empty()) {
                page.labelled("  ", "", column, text);
            }
        }
        if let Some(absent) = &list.ladder_absent {
            page.line("  ", absent);
        }
    });
    for section in list.sections.iter().chain([&list.unseen]).filter(|section| !section.lines.is_empty()) {
        block(Rank::Rest, &|page| {
            page.heading(&section.heading);
            for line in &section.lines {
                page.line("  ", line);
            }
        });
    }
    block(Rank::Rest, &|page| {
        page.gap();
        for line in &list.made {
            page.line("", line);
        }
    });
    let cut = Message::new("report-cut");
    within(blocks, &(words.say(&cut) + "\n"), most)
}

/// The live test alone, its sentences said.
pub fn render_live(live: &Live, words: &dyn Words, style: Style) -> String {
    let sheet = LiveSheet::new(live, words);
    let mut page = Page { out: String::new(), style };
    page.line("", &sheet.heading);
    for (sign, text) in &sheet.stages {
        page.signed(*sign, text);
    }
    for line in &sheet.lines {
        page.line("  ", line);
    }
    page.out
}

/// What would be different without what has these names.
pub fn render_difference(names: &[String], difference: &Difference, words: &dyn Words, style: Style) -> String {
    let mut page = Page { out: String::new(), style };
    let say = |message: &Message| words.say(message);
    page.heading(&say(&Message::new("what-if-without").with("what", names.join(", "))));
    for sentence in difference.sentences() {
        page.line("  ", &say(&sentence));
    }
    page.gap();
    page.line("  ", &say(&Message::new("what-if-unchanged")));
    page.gap();
    page.out.trim_start().to_owned()
}

/// How long a block stays when there is no room, the longest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Verdict,
    Faults,
    Lights,
    MayBeFaults,
    Notes,
    Ladder,
    Frame,
    Rest,
}

/// The blocks that fit into so many bytes, and the word that some are missing.
fn within(blocks: Vec<(Rank, String)>, missing: &str, most: usize) -> String {
    let whole: usize = blocks.iter().map(|(_, text)| text.len()).sum();
    if whole <= most {
        return blocks.into_iter().map(|(_, text)| text).collect();
    }
    let room = most.saturating_sub(missing.len());
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    order.sort_by_key(|at| blocks[*at].0);
    let mut used = 0;
    let mut kept: Vec<usize> = Vec::new();
    for at in order {
        let (rank, length) = (blocks[at].0, blocks[at].1.len());
        if used + length <= room {
            used += length;
            kept.push(at);
        } else if rank >= Rank::Notes {
            // Of what is only good to know, nothing stands behind a gap.
            break;
        }
    }
    kept.sort_unstable();
    let mut text: String = kept.iter().map(|at| blocks[*at].1.as_str()).collect();
    if text.is_empty() {
        // Not even the verdict fits: its beginning.
        let verdict =
            blocks.into_iter().find(|(rank, _)| *rank == Rank::Verdict).map(|(_, text)| text).unwrap_or_default();
        let mut verdict = verdict.trim_start().to_owned();
        verdict.truncate(verdict.floor_char_boundary(most));
        return verdict;
    }
    text.push_str(missing);
    text
}

struct Page {
    out: String,
    style: Style,
}

impl Page {
    fn gap(&mut self) {
        self.out.push('\n');
    }

    fn heading(&mut self, text: &str) {
        self.gap();
        let start = self.out.len();
        self.line("", text);
        if self.style.colour {
            let line = self.out.split_off(start);
            self.out.push_str(&format!("\u{1b}[1m{}\u{1b}[0m\n", line.trim_end()));
        }
    }

    fn line(&mut self, indent: &str, text: &str) {
        self.wrapped(indent, indent, text);
    }

    fn signed(&mut self, sign: Sign, text: &str) {
        self.hung(sign, "", text);
    }

    /// A text behind its sign and what stands before it in the line; its other lines begin where it does.
    fn hung(&mut self, sign: Sign, before: &str, text: &str) {
        let symbol = if self.style.ascii { format!("{:4}", sign.ascii()) } else { sign.symbol().to_owned() };
        let before = if self.style.ascii { in_ascii(before) } else { before.to_owned() };
        let first = format!("  {symbol} {before}");
        let start = self.out.len();
        self.wrapped(&first, &" ".repeat(first.chars().count()), text);
        if self.style.colour {
            let line = self.out.split_off(start);
            self.out.push_str(&line.replacen(&symbol, &format!("\u{1b}[{}m{symbol}\u{1b}[0m", colour(sign)), 1));
        }
    }

    fn labelled(&mut self, indent: &str, label: &str, column: usize, text: &str) {
        let hang = format!("{indent}{:column$}  ", "");
        if label.chars().count() > column {
            self.line(indent, label);
            self.wrapped(&hang, &hang, text);
        } else {
            self.wrapped(&format!("{indent}{label:column$}  "), &hang, text);
        }
    }

    /// The heading stands above the first.
    fn finding(&mut self, finding: &FindingSheet, at: usize, heading: &str) {
        if at == 0 {
            self.heading(heading);
        } else {
            self.gap();
        }
        self.signed(finding.sign, &format!("{}  {}", finding.code, finding.headline));
        let column = finding.parts.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
        for (label, text) in &finding.parts {
            self.labelled("    ", label, column, text);
        }
    }

    /// Broken at blanks; a word that is wider than a line is cut, since a path or an address can be.
    fn wrapped(&mut self, first: &str, rest: &str, text: &str) {
        let text = if self.style.ascii { in_ascii(text) } else { text.to_owned() };
        let mut line = first.to_owned();
        let mut width = first.chars().count();
        let mut fresh = true;
        let indent = rest.chars().count();
        let mut blanks = 0;
        for word in text.split(' ') {
            if word.is_empty() {
                blanks += 1;
                continue;
            }
            let mut length = word.chars().count();
            let gap = if fresh { 0 } else { 1 + blanks };
            blanks = 0;
            if !fresh && width + gap + length > WIDTH {
                self.end(&mut line, rest);
                width = indent;
            } else {
                line.push_str(&" ".repeat(gap));
                width += gap;
            }
            let mut word = word;
            while width + length > WIDTH {
                let room = WIDTH - width;
                let cut = word.char_indices().nth(room).map_or(word.len(), |(at, _)| at);
                line.push_str(&word[..cut]);
                word = &word[cut..];
                length -= room;
                self.end(&mut line, rest);
                width = indent;
            }
            line.push_str(word);
            width += length;
            fresh = false;
        }
        self.end(&mut line, "");
    }

    fn end(&mut self, line: &mut String, next: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
        next.clone_into(line);
    }
}

fn colour(sign: Sign) -> &'static str {
    match sign {
        Sign::Fine => "32",
        Sign::Look => "33",
        Sign::Problem => "31",
        Sign::NotKnown => "90",
        Sign::NotYours => "34",
        Sign::Note => "36",
    }
}

/// Signs of this program's own sentences that an old console shows as boxes.
fn in_ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '…' => out.push_str("..."),
            '→' => out.push_str("->"),
            '·' | '–' | '—' | '•' => out.push('-'),
            '‘' | '’' => out.push('\''),
            '“' | '”' => out.push('"'),
            '\u{a0}' | '\u{202f}' => out.push(' '),
            '\u{fffd}' => out.push('?'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use authlight_core::report::ContextRow;

    use super::*;
    use crate::report_out::samples;
    use crate::words::Language;

    fn rendered(style: Style) -> String {
        let mut report = samples::sample("x7Qa", "~/work/shop/.claude/settings.json");
        report.say(&samples::Spoken);
        render(&report, &Language::english(), style)
    }

    #[test]
    fn everything_that_a_helpdesk_asks_for_is_said() {
        let text = rendered(Style::default());
        for said in [
            "7KQ2-F9T4",
            "AL-4-02",
            "A project file sends your token elsewhere (x7Qa).",
            "problem",
            "look here",
            "not tested",
            "could not look",
            "not yours to repair",
            "What we saw",
            "Where",
            "Why it matters",
            "Do now",
            "~/work/shop/.claude/settings.json, line 7, column 5",
            "authlight fix F.remove_settings_env --at",
            "'settings:project:ANTHROPIC_AUTH_TOKEN@~/work/shop/.claude/settings.json'",
            "https://gw.example/llm",
            "whoever runs the gateway",
            "proxy.example:3128",
            "2026-11-23T18:00:00Z",
            "GET https://gw.example/v1/models",
            "new terminal",
        ] {
            assert!(text.contains(said), "{said} is not in:\n{text}");
        }
        let (_, found) = text.split_once("What was found").unwrap();
        assert!(found.find("AL-4-02") < found.find("AL-1-04"), "what the verdict says comes first");
        assert!(!text.contains("report-") && !text.contains("{$"), "a word is missing:\n{text}");
    }

    #[test]
    fn of_many_folders_a_few_that_differ_are_named_and_the_rest_is_counted() {
        let mut report = samples::sample("x7Qa", "~/work/shop");
        let own = report.contexts[0].clone();
        let elsewhere = |at: usize, differs: bool| ContextRow {
            project: Some(format!("~/other-{at:02}")),
            differs,
            because: own.because.clone().filter(|_| differs),
            code: None,
            ..own.clone()
        };
        report.contexts.extend((0..12).map(|at| elsewhere(at, true)));
        report.contexts.extend((12..15).map(|at| elsewhere(at, false)));
        let untold = |at: usize| ContextRow { unsure: vec!["ANTHROPIC_API_KEY".to_owned()], ..elsewhere(at, false) };
        report.contexts.extend((15..17).map(untold));
        report.say(&samples::Spoken);
        let text = render(&report, &Language::english(), Style::default());
        assert!(text.contains("a new terminal, ~/work/shop: not the same."), "{text}");
        let named = (0..17).filter(|at| text.contains(&format!("~/other-{at:02}:"))).collect::<Vec<_>>();
        assert_eq!(named, (0..10).collect::<Vec<_>>(), "{text}");
        assert!(text.contains("In other folders 2 more starts are not the same"), "{text}");
        assert!(text.contains("In other folders 3 starts are the same."), "{text}");
        assert!(text.contains("In other folders 2 starts could not be compared."), "{text}");
    }

    #[test]
    fn what_is_cut_off_is_the_least() {
        let mut report = samples::sample("x7Qa", "~/work/shop/.claude/settings.json");
        report.say(&samples::Spoken);
        let words = Language::english();
        let whole = render(&report, &words, Style::default());
        let mut longest = 0;
        for most in [0, 20, 100, 300, 700, 1200, 2000, whole.len() - 1, whole.len()] {
            let text = render_within(&report, &words, Style::default(), most);
            assert!(text.len() <= most && text.len() >= longest, "{most}: {text}");
            assert!(most < 200 || text.contains("A project file sends your token elsewhere"), "{most}: {text}");
            assert!(most < 1200 || text.contains("AL-4-02  A project file"), "{most}: {text}");
            assert_eq!(text == whole, most == whole.len());
            assert_eq!(text.contains(&words.text("report-cut")), most >= 200 && most < whole.len(), "{most}: {text}");
            longest = text.len();
        }
    }

    #[test]
    fn no_line_is_too_wide_and_none_ends_in_blanks() {
        let mut report = samples::sample(&"wide ".repeat(60), &"/a-very-long-folder-name".repeat(30));
        report.say(&samples::Spoken);
        for ascii in [false, true] {
            let text = render(&report, &Language::english(), Style { colour: false, ascii });
            for line in text.lines() {
                assert!(line.chars().count() <= WIDTH, "{} in {line}", line.chars().count());
                assert_eq!(line, line.trim_end());
            }
        }
    }

    #[test]
    fn colours_come_on_top_of_the_same_words() {
        let plain = rendered(Style::default());
        let coloured = rendered(Style { colour: true, ascii: false });
        assert!(!plain.contains('\u{1b}'));
        let mut bare = coloured.clone();
        for code in ["0", "1", "31", "32", "33", "34", "36", "90"] {
            bare = bare.replace(&format!("\u{1b}[{code}m"), "");
        }
        assert_eq!(bare, plain);
        assert_ne!(coloured, plain);
    }

    #[test]
    fn the_fallback_is_ascii_through_and_through() {
        let text = rendered(Style { colour: false, ascii: true });
        assert!(text.is_ascii(), "{:?}", text.chars().filter(|c| !c.is_ascii()).collect::<String>());
        assert!(text.contains("[X]") && text.contains("[!]") && text.contains("[?]") && text.contains("[>]"));
    }

    #[test]
    fn a_path_cannot_move_the_cursor_or_forge_a_line() {
        let mut report = samples::sample("\u{1b}[2J\u{202e}evil\r\nAll is well", "~/a\u{1b}]0;title\u{7}b");
        report.say(&samples::Spoken);
        let text = render(&report, &Language::english(), Style::default());
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
        assert!(!text.contains('\u{202e}') && !text.lines().any(|line| line.starts_with("All is well")), "{text}");
    }
}
