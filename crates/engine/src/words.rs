//! A language: puts the core's [`Message`]s, and a face's own, into words.
//!
//! The words lie in `assets/locales/<tag>/*.ftl` (Fluent), one file per area, and are built into the program.
//! A key is `message` or `message.attribute`: `AL-1-04` is the headline of a finding, `AL-1-04.saw` its first part.

use std::borrow::Cow;

use authlight_core::message::{Argument, Message, Words};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::resolver::ResolverError;
use fluent_bundle::resolver::errors::ReferenceKind;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// Every language: its tag, and its files by name.
const LOCALES: &[(&str, &[(&str, &str)])] = include!(concat!(env!("OUT_DIR"), "/locales.rs"));

/// One language's words.
pub struct Language {
    bundle: FluentBundle<FluentResource>,
}

impl Language {
    /// English, which every other language falls back to.
    pub fn english() -> Self {
        Self::from_files("en", files_of("en"))
    }

    /// The tags of all languages that are built in.
    pub fn tags() -> impl Iterator<Item = &'static str> {
        LOCALES.iter().map(|(tag, _)| *tag)
    }

    fn from_files(tag: &str, files: &[(&str, &str)]) -> Self {
        let language: LanguageIdentifier = tag.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // The marks that isolate writing directions have no glyph in the window's fonts and no place in a console.
        bundle.set_use_isolating(false);
        let _fresh_bundle_has_none = bundle.add_builtins();
        for (_, text) in files {
            // What can be read of a faulty file is used: the tests keep faulty ones out of a release.
            let resource = match FluentResource::try_new((*text).to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            let _first_one_wins = bundle.add_resource(resource);
        }
        Self { bundle }
    }

    /// The text of `key` without arguments; the key itself where there is none.
    pub fn text(&self, key: impl Into<Cow<'static, str>>) -> String {
        self.say(&Message::new(key))
    }

    /// The text of `key` with arguments; the key itself where there is none.
    pub fn text_with(&self, key: impl Into<Cow<'static, str>>, args: &[(&'static str, Argument)]) -> String {
        let mut message = Message::new(key);
        message.args.extend_from_slice(args);
        self.say(&message)
    }

    /// The text of `key` about no one thing: what would go into it is named by `explain-argument-…`.
    pub fn text_in_general(&self, key: &str) -> String {
        let (id, attribute) = split(key);
        let Some(message) = self.bundle.get_message(id) else { return key.to_owned() };
        let pattern = match attribute {
            Some(name) => message.get_attribute(name).map(|attribute| attribute.value()),
            None => message.value(),
        };
        let Some(pattern) = pattern else { return key.to_owned() };
        let mut args = FluentArgs::new();
        // Each round tells the names that are still missing.
        loop {
            let mut errors = Vec::new();
            let text = self.bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
            let missing: Vec<String> = errors.into_iter().filter_map(missing_argument).collect();
            let mut added = false;
            for name in missing.into_iter().filter(|name| args.get(name.as_str()).is_none()).collect::<Vec<_>>() {
                let general = format!("explain-argument-{name}");
                let value = if self.knows(&general) { self.text(general) } else { "…".to_owned() };
                args.set(name, FluentValue::from(value));
                added = true;
            }
            if !added {
                return text;
            }
        }
    }

    /// Whether there are words for `key`.
    pub fn knows(&self, key: &str) -> bool {
        let (id, attribute) = split(key);
        self.bundle.get_message(id).is_some_and(|message| match attribute {
            Some(name) => message.get_attribute(name).is_some(),
            None => message.value().is_some(),
        })
    }
}

impl Words for Language {
    fn say(&self, message: &Message) -> String {
        let (id, attribute) = split(&message.key);
        let found = self.bundle.get_message(id).and_then(|entry| match attribute {
            Some(name) => entry.get_attribute(name).map(|attribute| attribute.value()),
            None => entry.value(),
        });
        let Some(pattern) = found else {
            return message.key.clone().into_owned();
        };
        let args: FluentArgs<'_> = message.args.iter().map(|(name, value)| (*name, fluent(value))).collect();
        // A missing argument stays visible as `{$name}`: better than no sentence.
        let mut missing = Vec::new();
        self.bundle.format_pattern(pattern, Some(&args), &mut missing).into_owned()
    }
}

/// Whether a sentence of any language holds this text.
pub fn say_somewhere(text: &str) -> bool {
    let mut files = LOCALES.iter().flat_map(|(_, files)| *files);
    files.any(|(_, sentences)| memchr::memmem::find(sentences.as_bytes(), text.as_bytes()).is_some())
}

fn files_of(tag: &str) -> &'static [(&'static str, &'static str)] {
    LOCALES.iter().find(|(name, _)| *name == tag).map_or(&[], |(_, files)| files)
}

fn split(key: &str) -> (&str, Option<&str>) {
    match key.split_once('.') {
        Some((id, attribute)) => (id, Some(attribute)),
        None => (key, None),
    }
}

fn missing_argument(error: FluentError) -> Option<String> {
    match error {
        FluentError::ResolverError(ResolverError::Reference(ReferenceKind::Variable { id })) => Some(id),
        _ => None,
    }
}

fn fluent(argument: &Argument) -> FluentValue<'_> {
    match argument {
        Argument::Text(text) => FluentValue::String(Cow::Borrowed(text)),
        Argument::Number(number) => FluentValue::from(*number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(text: &str, message: &Message) -> String {
        Language::from_files("en", &[("test.ftl", text)]).say(message)
    }

    #[test]
    fn every_file_parses_and_no_message_is_written_twice() {
        for (tag, files) in LOCALES {
            let mut bundle = FluentBundle::new_concurrent(vec![tag.parse::<LanguageIdentifier>().unwrap()]);
            for (name, text) in *files {
                let resource = FluentResource::try_new((*text).to_owned())
                    .unwrap_or_else(|(_, errors)| panic!("{tag}/{name}: {errors:?}"));
                bundle.add_resource(resource).unwrap_or_else(|errors| panic!("{tag}/{name}: {errors:?}"));
            }
        }
        assert!(!files_of("en").is_empty(), "English is built in");
    }

    #[test]
    fn attributes_and_arguments_are_spoken_without_isolation_marks() {
        let text = "AL-9-01 = { $name } is set\n    .saw = { $count ->\n        [one] one place\n       *[other] { $count } places\n    }\n";
        let headline = Message::new("AL-9-01").with("name", "ANTHROPIC_API_KEY");
        assert_eq!(spoken(text, &headline), "ANTHROPIC_API_KEY is set");
        assert_eq!(spoken(text, &Message::new("AL-9-01.saw").with("count", 1_usize)), "one place");
        assert_eq!(spoken(text, &Message::new("AL-9-01.saw").with("count", 1200_usize)), "1200 places");
    }

    #[test]
    fn a_missing_word_shows_its_key() {
        assert_eq!(spoken("a = b\n", &Message::new("AL-9-02.why")), "AL-9-02.why");
        assert_eq!(spoken("a = b\n", &Message::new("a.why")), "a.why");
        assert!(Language::english().knows("window-title"));
        assert!(!Language::english().knows("window-title.why"));
    }
}
