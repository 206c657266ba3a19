//! `authlight explain`.

use std::io::Read;

use authlight_core::check_code::{self, Summary};
use authlight_core::checks;
use authlight_core::explain::{Explanation, as_code, explain};
use authlight_core::message::Message;
use authlight_core::report::{Cause, Light};

use super::{Console, Trouble};
use crate::words::Language;

/// The most that is read from standard input.
const MOST_BYTES: u64 = 4 << 20;

/// Says what a message means, or a code.
pub(super) fn run(json: bool, words: &[String], console: &mut Console<'_>) -> Result<u8, Trouble> {
    let text = match words {
        [] => return Err(Trouble::Arguments("explain: give the message, or - to read it".to_owned())),
        [dash] if dash == "-" => {
            let mut bytes = Vec::new();
            let read = (&mut *console.input).take(MOST_BYTES).read_to_end(&mut bytes);
            read.map_err(|error| Trouble::Internal(format!("standard input: {error}")))?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
        words => words.join(" "),
    };
    let language = Language::english();
    let explanation = explained(&text, &language);
    let document = if json {
        serde_json::to_string_pretty(&explanation).map_err(|error| Trouble::Internal(error.to_string()))? + "\n"
    } else {
        told(&explanation, &language)
    };
    console.print(document.as_bytes())?;
    Ok(explanation.exit_code())
}

/// What a text means, in words: a message, the code of a phrase or of a check, or a check code.
pub fn explained(text: &str, language: &Language) -> Explanation {
    match check_code::read(text) {
        Some(Ok(summary)) => {
            let finding = summary.finding.as_deref().map(|code| explained(code, language));
            Explanation::of_check_code(lights(&summary, language), finding)
        }
        Some(Err(check_code::Misheard)) => {
            let key = "explain-code-misheard";
            Explanation::of_misheard_code(Message::said(key, language.text(key)))
        }
        None => of_message(text, language),
    }
}

/// What a check code says beside its finding.
fn lights(summary: &Summary, language: &Language) -> Message {
    let provider = language.text(format!("report-provider-{}", summary.provider.word()));
    let light = |(cause, light): (&Cause, &Light)| {
        let cause = language.text(format!("report-cause-{}", cause.word().replace('.', "-")));
        format!("{cause}: {}", language.text(format!("report-light-{}", light.word())))
    };
    let lights: Vec<String> = Cause::FIVE.iter().zip(&summary.lights).map(light).collect();
    let key = "explain-code-lights";
    let args = [("provider", provider.into()), ("lights", lights.join("; ").into())];
    Message::said(key, language.text_with(key, &args))
}

fn of_message(text: &str, language: &Language) -> Explanation {
    let mut explanation = explain(text);
    explanation.say(language);
    match as_code(text) {
        Some(code) if !explanation.recognised => of_check(&code, language).unwrap_or(explanation),
        _ => explanation,
    }
}

/// The words of a check's code, about no one place.
fn of_check(code: &str, language: &Language) -> Option<Explanation> {
    let part = |name: &str| format!("{code}{name}");
    if !language.knows(code) || !language.knows(&part(".do")) {
        return None;
    }
    let said = |name: &str| {
        let text = language.text_in_general(&part(name));
        // What would be a name at the start of the sentence is none here.
        let text = text.strip_prefix("the ").map_or(text.clone(), |rest| format!("The {rest}"));
        Message::said(part(name), text)
    };
    let why = language.knows(&part(".why")).then(|| said(".why"));
    Some(Explanation::of_code(code.to_owned(), checks::cause_of(code)?, said(""), why, said(".do")))
}

fn told(explanation: &Explanation, language: &Language) -> String {
    let mut lines = explanation.note.iter().map(|note| format!("{}\n", note.text())).collect::<String>();
    for meaning in &explanation.meanings {
        lines.push_str(&format!("{}  {}\n", meaning.code, meaning.when.text()));
        for part in meaning.why.iter().chain([&meaning.to_do]) {
            lines.push_str(&format!("        {}\n", part.text()));
        }
    }
    if lines.is_empty() { language.text("explain-not-recognised") + "\n" } else { lines }
}
