//! What an earlier start left unfinished is finished before anything else, and told.

use authlight_core::message::{Message, Words};

use super::Console;
use crate::act::change::undo::NoPrograms;
use crate::act::change::{Store, recover};
use crate::words::Language;

/// Takes back what was cut off, and says so.
pub(super) fn recovered(store: &Store, console: &mut Console<'_>, words: &Language) {
    match recover(store, &NoPrograms) {
        Ok(recovered) => recovered.sentences(words).iter().for_each(|sentence| console.say(sentence)),
        Err(error) => console.say(&format!("authlight: {error}")),
    }
}

impl crate::act::change::Recovered {
    /// What became of changes that were cut off, in words.
    pub fn sentences(&self, words: &Language) -> Vec<String> {
        let say = |key: &'static str, change: &str| Message::new(key).with("change", change.to_owned());
        let mut told = Vec::new();
        told.extend(self.taken_back.iter().map(|of| words.say(&say("recovered-taken-back", &of.change))));
        told.extend(self.undone.iter().map(|of| words.say(&say("recovered-undone", &of.change))));
        for (of, paths) in &self.left {
            told.push(words.say(&say("recovered-left", &of.change)));
            told.extend(
                paths.iter().map(|path| words.say(&Message::new("undo-left").with("path", path.display().to_string()))),
            );
        }
        for of in &self.unfinished {
            let why = say("recovered-unfinished", &of.recorded.change).with("why", of.why.to_string());
            told.push(words.say(&why));
        }
        told
    }
}
