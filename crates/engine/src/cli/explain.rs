//! `authlight explain`.

use std::io::Read;

use authlight_core::checks;
use authlight_core::explain::{Explanation, as_code, explain};
use authlight_core::message::Message;

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

/// What a text means, in words: a message, the code of a phrase, or the code of a check.
pub fn explained(text: &str, language: &Language) -> Explanation {
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
    let said = |name: &str| Message::said(part(name), language.text_in_general(&part(name)));
    let why = language.knows(&part(".why")).then(|| said(".why"));
    Some(Explanation::of_code(code.to_owned(), checks::cause_of(code)?, said(""), why, said(".do")))
}

fn told(explanation: &Explanation, language: &Language) -> String {
    let mut lines = String::new();
    for meaning in &explanation.meanings {
        lines.push_str(&format!("{}  {}\n", meaning.code, meaning.when.text()));
        for part in meaning.why.iter().chain([&meaning.to_do]) {
            lines.push_str(&format!("        {}\n", part.text()));
        }
    }
    if lines.is_empty() { language.text("explain-not-recognised") + "\n" } else { lines }
}
