//! The person's home, taken out of whatever a report says: the name of the account stands in it.

use crate::message::{Argument, Message};
use crate::report::{Report, Source};

/// Paths below the home are written `~/…`.
pub(crate) struct Paths<'a> {
    home: &'a str,
}

impl<'a> Paths<'a> {
    /// Those of this home.
    pub(crate) fn of(home: &'a str) -> Self {
        Self { home: home.trim_end_matches(['/', '\\']) }
    }

    /// A path, or a text with paths in it.
    fn short(&self, text: &str) -> String {
        let mut short = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = self.split(rest) {
            short.push_str(before);
            short.push('~');
            rest = after;
        }
        short.push_str(rest);
        short
    }

    /// What stands before and after the home in a text.
    fn split<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let of_a_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let is_whole = |before: &str, after: &str| {
            !before.ends_with(of_a_name) && !after.trim_start_matches('.').starts_with(of_a_name)
        };
        let mut places = text.match_indices(self.home).filter(|_| !self.home.is_empty());
        places.find_map(|(at, home)| {
            let (before, after) = (&text[..at], &text[at + home.len()..]);
            is_whole(before, after).then_some((before, after))
        })
    }

    fn source(&self, source: &mut Source) {
        if let Some(path) = &mut source.path {
            *path = self.short(path);
        }
    }

    /// Every path of a report.
    pub(super) fn shorten(&self, report: &mut Report) {
        if let Some(project) = &mut report.run.project {
            *project = self.short(project);
        }
        for install in &mut report.claude.installs {
            install.path = self.short(&install.path);
        }
        for sent in &mut report.route.sends {
            self.source(&mut sent.source);
        }
        if let Some(source) = &mut report.route.endpoint.source {
            self.source(source);
        }
        if let Some(proxy) = &mut report.route.proxy {
            self.source(&mut proxy.source);
        }
        if let Some(bypass) = &mut report.route.proxy_bypass {
            self.source(&mut bypass.source);
        }
        for row in &mut report.contexts {
            if let Some(project) = &mut row.project {
                *project = self.short(project);
            }
            for sent in &mut row.sends {
                self.source(&mut sent.source);
            }
            if let Some(source) = &mut row.endpoint.source {
                self.source(source);
            }
            self.message(row.because.as_mut());
        }
        for rung in &mut report.ladder {
            if let Some(source) = &mut rung.source {
                self.source(source);
            }
            for other in &mut rung.also_in {
                self.source(&mut other.source);
            }
        }
        for finding in report.causes.iter_mut().flat_map(|cause| &mut cause.checks) {
            finding.debug = self.short(&finding.debug);
            for source in &mut finding.evidence {
                self.source(source);
            }
            for message in [Some(&mut finding.text), finding.saw.as_mut(), finding.why.as_mut(), finding.to_do.as_mut()]
            {
                self.message(message);
            }
        }
        // What is printed has the whole path in it: its stable part ends before.
        if let Some(message) = &mut report.prediction.message
            && let Some((before, _)) = self.split(message)
        {
            *message = before.trim_end().to_owned();
        }
        for cause in &mut report.causes {
            self.message(Some(&mut cause.headline));
        }
        self.message(Some(&mut report.verdict.headline));
    }

    /// The paths among what a message is said with.
    pub(crate) fn message(&self, message: Option<&mut Message>) {
        for (_, argument) in message.into_iter().flat_map(|message| &mut message.args) {
            if let Argument::Text(text) = argument {
                *text = self.short(text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_home_is_shortened_wherever_it_stands_and_nothing_else_is() {
        let paths = Paths { home: "/home/kim" };
        for (text, short) in [
            ("/home/kim", "~"),
            ("/home/kim/.claude.json", "~/.claude.json"),
            ("/home/kim/.a and /home/kim/.b, not read", "~/.a and ~/.b, not read"),
            ("it lies in \"/home/kim\".", "it lies in \"~\"."),
            ("it lies in /home/kim.", "it lies in ~."),
            ("/home/kimberly/x", "/home/kimberly/x"),
            ("/home/kim.old/x", "/home/kim.old/x"),
            ("/mnt/home/kim/x", "/mnt/home/kim/x"),
        ] {
            assert_eq!(paths.short(text), short, "{text}");
        }
        assert_eq!(Paths { home: "" }.short("https://gw.example/x"), "https://gw.example/x");
    }
}
