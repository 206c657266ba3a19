//! Options that change how what follows is read: `set`, `shopt`.

use crate::shell::Reach;
use crate::shell::follow::{End, Truth, Walk};
use crate::shell::syntax::Word;

impl Walk<'_> {
    pub(super) fn shopt(&mut self, arguments: &[Word]) -> Truth {
        let asks: Vec<_> = arguments.iter().filter_map(Word::bare).collect();
        if asks == ["-q", "login_shell"] {
            return Truth::known(self.login);
        }
        // A command that expands no alias, or patterns that match otherwise.
        self.odd_patterns |= asks.contains(&"nocasematch");
        self.odd_files |= asks.iter().any(|word| word.contains("glob") && !matches!(*word, "extglob" | "globstar"));
        // The last command of a pipe may be run by the shell itself.
        self.gave_up |= asks.contains(&"lastpipe") && asks.contains(&"-s") && self.is_reached();
        if asks.contains(&"expand_aliases") && asks.contains(&"-u") {
            self.aliases.values_mut().for_each(|alias| alias.surely = false);
        }
        Truth::UNKNOWN
    }

    // ------------------------------------------------------------------------------------------- options

    /// `set -a`, `set -o allexport`, and what may end a file early.
    pub(super) fn options(&mut self, arguments: &[Word]) {
        let mut named = None;
        for word in arguments {
            let Some(text) = word.bare() else { return self.forget_arguments() };
            if let Some(on) = named.take() {
                match text {
                    "allexport" => self.set_exports_all(on),
                    "errexit" | "nounset" | "noexec" if on => self.perhaps_ends(End::Exit),
                    "noglob" => self.odd_files = true,
                    "posix" => (self.odd_patterns, self.odd_files) = (true, true),
                    _ => {}
                }
                continue;
            }
            let on = text.starts_with('-');
            if text == "--" || !text.starts_with(['-', '+']) {
                return self.forget_arguments();
            }
            if text.contains('a') {
                self.set_exports_all(on);
            }
            if on && text.contains(['e', 'u', 'n', 't']) {
                self.perhaps_ends(End::Exit);
            }
            self.odd_files |= text.contains('f');
            if text.ends_with('o') {
                named = Some(on);
            }
        }
    }

    pub(super) fn set_exports_all(&mut self, on: bool) {
        match self.effect() {
            Reach::Always => self.exports_all = Some(on),
            Reach::Perhaps if self.exports_all != Some(on) => self.exports_all = None,
            _ => {}
        }
    }

    pub(super) fn forget_arguments(&mut self) {
        if let Some(arguments) = self.arguments.last_mut() {
            arguments.clear();
        }
    }
}
