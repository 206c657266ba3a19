//! A language: puts the core's [`Message`]s, and a face's own, into words.
//!
//! The words lie in `assets/locales/<tag>/*.ftl` (Fluent), one file per area, and are built into the program.
//! A key is `message` or `message.attribute`: `AL-1-04` is the headline of a finding, `AL-1-04.saw` its first part.

use std::borrow::Cow;
use std::sync::{LazyLock, OnceLock};

use authlight_core::message::{Argument, Message, Words};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::resolver::ResolverError;
use fluent_bundle::resolver::errors::ReferenceKind;
use fluent_bundle::{FluentArgs, FluentError, FluentMessage, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// Every language: its tag, and its messages by identifier, each as it stands in its file.
const LOCALES: &[(&str, &[(&str, &str)])] = include!(concat!(env!("OUT_DIR"), "/locales.rs"));

/// One language's words. A message is read when it is first said: most runs say few of them.
pub struct Language {
    language: LanguageIdentifier,
    messages: &'static [(&'static str, &'static str)],
    /// What each message was read into.
    read: Vec<OnceLock<Box<FluentBundle<FluentResource>>>>,
}

impl Language {
    /// English, which every other language falls back to.
    pub fn english() -> Self {
        Self::of("en", messages_of("en"))
    }

    /// The same, read once for the whole run and never put away: taking its many small parts down takes as long as
    /// looking at some files.
    pub fn shared() -> &'static Self {
        static ENGLISH: LazyLock<Language> = LazyLock::new(Language::english);
        &ENGLISH
    }

    fn of(tag: &str, messages: &'static [(&'static str, &'static str)]) -> Self {
        let read = messages.iter().map(|_| OnceLock::new()).collect();
        Self { language: tag.parse().unwrap_or_default(), messages, read }
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.messages.binary_search_by_key(&id, |(id, _)| *id).ok()
    }

    /// The bundle that holds a message, and those that it refers to.
    fn bundle(&self, id: &str) -> Option<&FluentBundle<FluentResource>> {
        let place = self.place(id)?;
        Some(self.read[place].get_or_init(|| {
            let mut places = vec![place];
            let mut next = 0;
            while let Some(place) = places.get(next) {
                next += 1;
                for other in references(self.messages[*place].1).filter_map(|id| self.place(id)).collect::<Vec<_>>() {
                    if !places.contains(&other) {
                        places.push(other);
                    }
                }
            }
            let mut bundle = FluentBundle::new_concurrent(vec![self.language.clone()]);
            // The marks that isolate writing directions have no glyph in the window's fonts and no place in a console.
            bundle.set_use_isolating(false);
            let _fresh_bundle_has_none = bundle.add_builtins();
            for place in places {
                let text = self.messages[place].1;
                // What can be read of a faulty file is used: the tests keep faulty ones out of a release.
                let resource = match FluentResource::try_new(text.to_owned()) {
                    Ok(resource) | Err((resource, _)) => resource,
                };
                let _first_one_wins = bundle.add_resource(resource);
            }
            Box::new(bundle)
        }))
    }

    fn message(&self, id: &str) -> Option<(&FluentBundle<FluentResource>, FluentMessage<'_>)> {
        let bundle = self.bundle(id)?;
        Some((bundle, bundle.get_message(id)?))
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
        let Some((bundle, message)) = self.message(id) else { return key.to_owned() };
        let pattern = match attribute {
            Some(name) => message.get_attribute(name).map(|attribute| attribute.value()),
            None => message.value(),
        };
        let Some(pattern) = pattern else { return key.to_owned() };
        let mut args = FluentArgs::new();
        // Each round tells the names that are still missing.
        loop {
            let mut errors = Vec::new();
            let text = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
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
        self.message(id).is_some_and(|(_, message)| match attribute {
            Some(name) => message.get_attribute(name).is_some(),
            None => message.value().is_some(),
        })
    }
}

impl Words for Language {
    fn say(&self, message: &Message) -> String {
        let (id, attribute) = split(&message.key);
        if let Some(text) = self.place(id).and_then(|place| as_it_stands(self.messages[place].1, attribute)) {
            return text.to_owned();
        }
        let found = self.message(id).and_then(|(bundle, entry)| {
            let pattern = match attribute {
                Some(name) => entry.get_attribute(name)?.value(),
                None => entry.value()?,
            };
            Some((bundle, pattern))
        });
        let Some((bundle, pattern)) = found else {
            return message.key.clone().into_owned();
        };
        let args: FluentArgs<'_> = message.args.iter().map(|(name, value)| (*name, fluent(value))).collect();
        // A missing argument stays visible as `{$name}`: better than no sentence.
        let mut missing = Vec::new();
        bundle.format_pattern(pattern, Some(&args), &mut missing).into_owned()
    }
}

/// Whether a sentence of any language holds this text.
pub fn say_somewhere(text: &str) -> bool {
    let finder = memchr::memmem::Finder::new(text.as_bytes());
    let mut messages = LOCALES.iter().flat_map(|(_, messages)| *messages);
    messages.any(|(_, sentences)| finder.find(sentences.as_bytes()).is_some())
}

/// The text of a message or of its attribute where Fluent would change nothing of it: it stands in one line, and
/// nothing is put into it. Most sentences are like that, and reading them takes longer than saying them.
fn as_it_stands<'t>(message: &'t str, attribute: Option<&str>) -> Option<&'t str> {
    let mut lines = message.lines();
    let after_name = match attribute {
        None => lines.next()?.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')),
        Some(name) => {
            lines.next();
            let after = |line: &'t str| line.trim_start_matches(' ').strip_prefix('.')?.strip_prefix(name);
            lines.find_map(|line| after(line).filter(|rest| rest.starts_with([' ', '='])))?
        }
    };
    let text = after_name.trim_start_matches(' ').strip_prefix('=')?.trim_matches(' ');
    let next = lines.map(|line| line.trim_start_matches(' ')).find(|line| !line.is_empty());
    let ends = next.is_none_or(|next| next.starts_with('.'));
    (ends && !text.is_empty() && !text.contains(['{', '}'])).then_some(text)
}

/// The identifiers of messages that a message refers to.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|part| {
        let part = part.trim_start_matches(' ');
        let end = part.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(part.len());
        (end > 0).then(|| &part[..end])
    })
}

fn messages_of(tag: &str) -> &'static [(&'static str, &'static str)] {
    LOCALES.iter().find(|(name, _)| *name == tag).map_or(&[], |(_, messages)| messages)
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

    fn spoken(messages: &'static [(&'static str, &'static str)], message: &Message) -> String {
        Language::of("en", messages).say(message)
    }

    #[test]
    fn every_message_reads_and_none_is_written_twice() {
        for (tag, messages) in LOCALES {
            for (id, text) in *messages {
                let resource = FluentResource::try_new((*text).to_owned())
                    .unwrap_or_else(|(_, errors)| panic!("{tag}/{id}: {errors:?}\n{text}"));
                assert_eq!(resource.entries().count(), 1, "{tag}/{id} is one message:\n{text}");
            }
            assert!(messages.is_sorted_by(|(a, _), (b, _)| a < b), "{tag}: a message is there twice");
        }
        assert!(messages_of("en").len() > 500, "English is built in");
    }

    #[test]
    fn what_is_said_as_it_stands_is_what_fluent_makes_of_it() {
        let mut said = 0;
        for (tag, messages) in LOCALES {
            let language = Language::of(tag, messages);
            for (id, text) in *messages {
                let (bundle, message) = language.message(id).unwrap();
                let attributes = message.attributes().map(|attribute| (Some(attribute.id()), Some(attribute.value())));
                for (name, pattern) in std::iter::once((None, message.value())).chain(attributes) {
                    let Some(plain) = as_it_stands(text, name) else { continue };
                    let mut errors = Vec::new();
                    let read = pattern.map(|pattern| bundle.format_pattern(pattern, None, &mut errors));
                    assert_eq!(read.as_deref(), Some(plain), "{tag}/{id} {name:?}");
                    said += 1;
                }
            }
        }
        assert!(said > 1_000, "most sentences are plain: {said}");
        for (text, attribute) in [
            ("a = b { $c }\n", None),
            ("a =\n    .b = c\n", None),
            ("a = b\n    c\n", None),
            ("a = b\n\n    c\n    .d = e\n", None),
            ("a = b\n    .cd = e\n", Some("c")),
            ("a = b\n    .c = d\n      e\n", Some("c")),
            ("a =\n    b\n", None),
        ] {
            assert_eq!(as_it_stands(text, attribute), None, "{text}");
        }
        assert_eq!(as_it_stands("a = b\n    .c  =  d \n\n", Some("c")), Some("d"));
    }

    #[test]
    fn a_message_may_refer_to_others() {
        let messages = &[
            ("a", "a = { b } and more\n"),
            ("b", "b = { $name ->\n    [x] one\n   *[y] { c }\n}\n"),
            ("c", "c = two\n"),
        ];
        assert_eq!(spoken(messages, &Message::new("a").with("name", "z")), "two and more");
    }

    #[test]
    fn attributes_and_arguments_are_spoken_without_isolation_marks() {
        let text = &[(
            "AL-9-01",
            "AL-9-01 = { $name } is set\n    .saw = { $count ->\n        [one] one place\n       *[other] { $count } places\n    }\n",
        )];
        let headline = Message::new("AL-9-01").with("name", "ANTHROPIC_API_KEY");
        assert_eq!(spoken(text, &headline), "ANTHROPIC_API_KEY is set");
        assert_eq!(spoken(text, &Message::new("AL-9-01.saw").with("count", 1_usize)), "one place");
        assert_eq!(spoken(text, &Message::new("AL-9-01.saw").with("count", 1200_usize)), "1200 places");
    }

    #[test]
    fn a_missing_word_shows_its_key() {
        assert_eq!(spoken(&[("a", "a = b\n")], &Message::new("AL-9-02.why")), "AL-9-02.why");
        assert_eq!(spoken(&[("a", "a = b\n")], &Message::new("a.why")), "a.why");
        assert!(Language::english().knows("window-title"));
        assert!(!Language::english().knows("window-title.why"));
    }
}
