//! `authlight explain`.

use std::io::Read;

use authlight_core::explain::explain;

use super::{Trouble, print};
use crate::words::Language;

/// The most that is read from standard input.
const MOST_BYTES: u64 = 4 << 20;

/// Says what a message means.
pub fn run(json: bool, words: &[String]) -> Result<u8, Trouble> {
    let text = match words {
        [] => return Err(Trouble::Arguments("explain: give the message, or - to read it".to_owned())),
        [dash] if dash == "-" => {
            let mut bytes = Vec::new();
            let read = std::io::stdin().lock().take(MOST_BYTES).read_to_end(&mut bytes);
            read.map_err(|error| Trouble::Internal(format!("standard input: {error}")))?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
        words => words.join(" "),
    };
    let mut explanation = explain(&text);
    explanation.say(&Language::english());
    let document = if json {
        serde_json::to_string_pretty(&explanation).map_err(|error| Trouble::Internal(error.to_string()))? + "\n"
    } else {
        let mut lines = String::new();
        for meaning in &explanation.meanings {
            let code = &meaning.code;
            lines.push_str(&format!("{code}  {}\n        {}\n", meaning.when.text(), meaning.to_do.text()));
        }
        if lines.is_empty() { Language::english().text("explain-not-recognised") + "\n" } else { lines }
    };
    print(&document)?;
    Ok(explanation.exit_code())
}
