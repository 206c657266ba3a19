//! `claude auth login`: how it is called, what it prints, and what that comes to.
//!
//! Watched with 2.1.330 on Linux in a namespace with loopback alone, its servers scripted (`tests/live/sign_in.py` asks
//! it again). Without a terminal, and with nothing on its standard input, it does all of this:
//!
//! * it listens on a port of 127.0.0.1, starts the browser with a page whose `redirect_uri` is that port, and prints
//!   *another* page: that one ends with a code to be pasted into the program, and hands nothing over;
//! * the browser is the program that `BROWSER` names, as a whole path and with the address as its only argument; without
//!   the variable the system's own. Whether it could be started is not said;
//! * it waits for the port or for a pasted code, for longer than twenty minutes; that its input is closed does not matter;
//! * it says success with exit code 0, and everything else on standard error with exit code 1;
//! * success is no proof: where its folder may not be written it is said all the same (after 15 seconds), where a folder
//!   stands in the place of the login file nothing is stored, and where a portal answers in the place of the service a
//!   worthless key is; where a pipe stands there it hangs. Damaged, unreadable and misled files it writes anew;
//! * variables with keys, addresses and providers do not hold it up, and win afterwards as they did before.

use crate::claude_code::Evidence;
use crate::message::Message;

/// The first version with `claude auth login` and `claude auth logout` (observed: 2.1.39 takes the words for a prompt and
/// sends them to a model).
pub const SINCE: &str = "2.1.40";

/// The first version with `--console` (observed: 2.1.78 does not know it).
pub const CONSOLE_SINCE: &str = "2.1.79";

/// How its help begins, where it has the command. Help is printed without the network and without a login.
pub const HELP: &str = "Usage: claude auth login";

/// The port of the answer is on this host.
const HANDS_OVER_TO: [&str; 2] = ["http://localhost:", "http://127.0.0.1:"];

/// To what a login belongs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Account {
    /// A subscription.
    #[default]
    ClaudeAi,
    /// The Console, which bills by use; a key is made and stored.
    Console,
}

/// How it is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// To what the login is to belong.
    pub account: Account,
    /// Through the organisation's own sign-in page.
    pub sso: bool,
    /// Filled in on the page.
    pub email: Option<String>,
}

impl Call {
    /// The arguments. An address that could be taken for an option, or that the page could not take, is left out.
    pub fn arguments(&self) -> Vec<String> {
        let console = (self.account == Account::Console).then(|| "--console".to_owned());
        let sso = self.sso.then(|| "--sso".to_owned());
        let email = self.email.as_deref().map(str::trim).filter(|email| is_email(email));
        let email = email.into_iter().flat_map(|email| ["--email".to_owned(), email.to_owned()]);
        let words = ["auth".to_owned(), "login".to_owned()];
        words.into_iter().chain(console).chain(sso).chain(email).collect()
    }

    /// The command as a person types it.
    pub fn command(&self) -> String {
        std::iter::once("claude".to_owned()).chain(self.arguments()).collect::<Vec<_>>().join(" ")
    }
}

/// Whether it can be handed on: no blanks and nothing that a shell would take for its own.
fn is_email(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '@');
    let at = text.find('@').is_some_and(|at| at > 0 && at + 1 < text.len());
    at && !text.starts_with('-') && text.len() <= 254 && text.chars().all(plain)
}

/// A page in the browser. Its address names the attempt (`state`): it is shown to the person alone, and stands in no
/// report and no log.
#[derive(Clone, PartialEq, Eq)]
pub struct Page {
    address: String,
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Page").field("hands_over", &self.hands_over()).finish_non_exhaustive()
    }
}

impl Page {
    /// An address, if it is one of the service.
    pub fn of(text: &str) -> Option<Self> {
        let address = text.trim();
        let host = address.strip_prefix("https://")?.split(['/', '?', '#', ':']).next()?;
        let own = ["claude.ai", "claude.com", "anthropic.com"];
        let known =
            own.iter().any(|own| host.strip_suffix(own).is_some_and(|sub| sub.is_empty() || sub.ends_with('.')));
        let plain = address.len() <= 4096 && address.chars().all(|c| c.is_ascii_graphic());
        (known && plain).then(|| Self { address: address.to_owned() })
    }

    /// For the person who signs in: to be opened, or copied.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Whether the browser hands the sign-in over by itself. Else it ends with a code to be pasted.
    pub fn hands_over(&self) -> bool {
        let decoded = self.address.replace("%3A", ":").replace("%2F", "/");
        HANDS_OVER_TO.iter().any(|host| decoded.contains(&format!("redirect_uri={host}")))
    }
}

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A page was printed.
    Page(Page),
    /// It waits for the browser or a code.
    Waits,
}

/// Listens to the program. Of what it prints little is kept.
#[derive(Debug, Default)]
pub struct Dialogue {
    out: Vec<u8>,
    err: Vec<u8>,
    /// How much of the output is told already.
    told: usize,
    waits: bool,
}

/// So much of either way is kept.
const KEPT: usize = 64 << 10;

impl Dialogue {
    /// It printed this.
    pub fn hear(&mut self, piece: &[u8]) -> Vec<Heard> {
        keep(&mut self.out, piece);
        let mut heard = Vec::new();
        // A page is told when its line has ended.
        while let Some(end) = self.out[self.told..].iter().position(|byte| *byte == b'\n') {
            let line = plain(&self.out[self.told..self.told + end]);
            self.told += end + 1;
            heard.extend(Page::of(&line).map(Heard::Page));
        }
        if !self.waits && plain(&self.out[self.told..]).starts_with(PROMPT) {
            self.waits = true;
            heard.push(Heard::Waits);
        }
        heard
    }

    /// It printed this on the side.
    pub fn hear_aside(&mut self, piece: &[u8]) {
        keep(&mut self.err, piece);
    }

    /// What its end comes to.
    pub fn ended(&self, code: Option<i32>) -> Result<(), Trouble> {
        let out = plain(&self.out);
        if code == Some(0) && out.lines().any(|line| line.trim_start_matches(PROMPT).starts_with(SUCCESS)) {
            return Ok(());
        }
        if out.trim_start().starts_with("Usage: claude [options]") {
            return Err(Trouble::NoCommand);
        }
        let aside = plain(&self.err);
        let said = if aside.trim().is_empty() { out } else { aside };
        Err(Trouble::of(&said))
    }
}

const PROMPT: &str = "Paste code here if prompted > ";
const SUCCESS: &str = "Login successful.";
const FAILURE: &str = "Couldn't log in: ";

fn keep(kept: &mut Vec<u8>, piece: &[u8]) {
    let room = KEPT.saturating_sub(kept.len()).min(piece.len());
    kept.extend_from_slice(&piece[..room]);
}

/// Text without what a terminal does not show: colours, the marks of links, carriage returns.
fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match (character, rest.peek()) {
            ('\u{1b}', Some(']')) => {
                // Up to the bell, or to ESC and a backslash.
                while let Some(inside) = rest.next() {
                    if inside == '\u{7}' || inside == '\u{1b}' && rest.next_if_eq(&'\\').is_some() {
                        break;
                    }
                }
            }
            ('\u{1b}', Some('[')) => {
                rest.next();
                while rest.next().is_some_and(|inside| !('\u{40}'..='\u{7e}').contains(&inside)) {}
            }
            ('\n', _) => plain.push('\n'),
            (character, _) if character.is_control() => {}
            (character, _) => plain.push(character),
        }
    }
    plain
}

/// Why nobody is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The version is too old for the command.
    NoCommand,
    /// The browser answered for an earlier attempt.
    EarlierAttempt,
    /// The browser came back without a sign-in: it was turned down there.
    TurnedDown,
    /// A pasted code was refused.
    CodeRefused,
    /// The service refused with this status.
    Refused(u16),
    /// No way to the service.
    Unreachable,
    /// The proxy let nothing through.
    Proxy,
    /// The certificate on the way is not known.
    Certificate,
    /// The service took longer than the program waits.
    Slow,
    /// The account belongs to another organisation than this machine asks for.
    OtherOrganisation,
    /// To which organisation the account belongs could not be told.
    OrganisationNotTold,
    /// The organisation allows no such sign-in on this machine.
    Policy,
    /// The Console made no key.
    NoKey,
    /// The login could not be written.
    NotSaved,
    /// The state file is damaged.
    StateFile,
    /// Something else: the first line that it printed.
    Other(String),
}

/// One line of what was seen.
pub struct Row {
    /// How a line begins, behind `Couldn't log in: ` or without it.
    pub begins: &'static str,
    /// Where it was seen: the case of `tests/live/sign_in.py`.
    pub seen: Evidence,
    means: fn(&str) -> Trouble,
}

const fn row(begins: &'static str, means: fn(&str) -> Trouble, seen: &'static str) -> Row {
    Row { begins, means, seen: Evidence::Observed(seen) }
}

/// What it prints where it fails. The first that fits counts: what a certificate is about is said below another line.
pub static ROWS: &[Row] = &[
    row("SSL certificate error", |_| Trouble::Certificate, "no-ca"),
    row("unable to verify the first certificate", |_| Trouble::Certificate, "no-ca"),
    row("Invalid state parameter", |_| Trouble::EarlierAttempt, "wrong-state"),
    row("No authorization code received", |_| Trouble::TurnedDown, "turned-down"),
    row("That code wasn't accepted.", |_| Trouble::CodeRefused, "code-refused"),
    row("Request failed with status code ", status, "token-400"),
    row("connect ECONNREFUSED", |_| Trouble::Unreachable, "proxy-dead"),
    row("getaddrinfo ENOTFOUND", |_| Trouble::Unreachable, "no-name"),
    row("socket hang up", |_| Trouble::Unreachable, "token-close"),
    row("proxy refused the connection", |_| Trouble::Proxy, "proxy-407"),
    row("timeout of ", |_| Trouble::Slow, "token-slow"),
    row("Unable to create API key.", |_| Trouble::NoKey, "console-no-key"),
    row("Couldn't save your login.", |_| Trouble::NotSaved, "file-circular-link"),
    row("Your authentication token belongs to organization", |_| Trouble::OtherOrganisation, "organisation-other"),
    row("Unable to verify organization", |_| Trouble::OrganisationNotTold, "organisation-not-told"),
    row("Your organization's managed settings allow", |_| Trouble::Policy, "policy-providers"),
    row("Configuration error in ", |_| Trouble::StateFile, "state-broken"),
    row("error: unknown option ", |_| Trouble::NoCommand, "option-unknown"),
    row("error: unknown command ", |_| Trouble::NoCommand, "option-unknown"),
];

/// `403` of `403`.
fn status(rest: &str) -> Trouble {
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().map_or_else(|_| Trouble::Other(String::new()), Trouble::Refused)
}

impl Trouble {
    fn of(said: &str) -> Self {
        let lines = || said.lines().map(|line| line.trim_start().strip_prefix(FAILURE).unwrap_or(line.trim_start()));
        let fit = |row: &Row| lines().find_map(|line| Some((row.means)(line.strip_prefix(row.begins)?)));
        ROWS.iter().find_map(fit).unwrap_or_else(|| {
            let first = lines().find(|line| !line.is_empty() && Page::of(line).is_none()).unwrap_or_default();
            Self::Other(first.chars().take(300).collect())
        })
    }

    /// Its word: the sentence `sign-in-failed-WORD`, with what to look at in `.do`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NoCommand => "no-command",
            Self::EarlierAttempt => "earlier-attempt",
            Self::TurnedDown => "turned-down",
            Self::CodeRefused => "code-refused",
            Self::Refused(403) => "forbidden",
            Self::Refused(429) => "too-many",
            Self::Refused(500..) => "service",
            Self::Refused(_) => "refused",
            Self::Unreachable => "unreachable",
            Self::Proxy => "proxy",
            Self::Certificate => "certificate",
            Self::Slow => "slow",
            Self::OtherOrganisation => "other-organisation",
            Self::OrganisationNotTold => "organisation-not-told",
            Self::Policy => "policy",
            Self::NoKey => "no-key",
            Self::NotSaved => "not-saved",
            Self::StateFile => "state-file",
            Self::Other(_) => "other",
        }
    }

    /// What is told of it. A line of the program's own is in it: it has to go through the redaction.
    pub fn message(&self) -> Message {
        let message = Message::new(format!("sign-in-failed-{}", self.word()));
        match self {
            Self::Refused(status) => message.with("status", i64::from(*status)),
            Self::Other(said) => message.with("said", said.as_str()),
            _ => message,
        }
    }

    /// The page that helps on.
    pub fn page(&self) -> &'static str {
        match self {
            Self::NoCommand => "https://code.claude.com/docs/en/setup",
            Self::EarlierAttempt | Self::CodeRefused | Self::NotSaved | Self::Other(_) => TROUBLESHOOTING,
            Self::TurnedDown | Self::Refused(403) => "https://claude.ai/settings",
            Self::Refused(429 | 500..) | Self::Slow => super::STATUS_PAGE,
            Self::Refused(_) => TROUBLESHOOTING,
            Self::Unreachable | Self::Proxy | Self::Certificate => "https://code.claude.com/docs/en/network-config",
            Self::OtherOrganisation | Self::OrganisationNotTold => "https://claude.ai/settings",
            Self::Policy => "https://code.claude.com/docs/en/authentication",
            Self::NoKey => "https://platform.claude.com/settings/members",
            Self::StateFile => "https://code.claude.com/docs/en/settings",
        }
    }
}

const TROUBLESHOOTING: &str = "https://code.claude.com/docs/en/troubleshoot-install";

/// What the browser's page can say while the program waits and knows of nothing: the person finds it in a list. The
/// sentence `sign-in-page-WORD` tells what the page says, with what to look at in `.do`.
pub struct BrowserSays {
    /// Its word.
    pub word: &'static str,
    /// The page that helps on.
    pub page: &'static str,
    /// Where it is known from.
    pub known: Evidence,
}

impl BrowserSays {
    /// Whether a terminal helps on: the page shows a code, or is opened by nobody.
    pub fn wants_terminal(&self) -> bool {
        matches!(self.word, "asks-for-code" | "nothing-opened")
    }
}

const fn says(word: &'static str, page: &'static str, known: &'static str) -> BrowserSays {
    BrowserSays { word, page, known: Evidence::Documented(known) }
}

/// All of it. The last ones are for a browser that shows no page of the sign-in at all.
pub static BROWSER_SAYS: &[BrowserSays] = &[
    says("wrong-account", "https://claude.ai/settings", "docs: errors"),
    says("plan-needed", "https://claude.com/pricing", "phrase plan-required"),
    says("no-seat", "https://claude.ai/admin-settings/organization", "docs: errors"),
    says("on-hold", "https://claude.ai/restricted", "phrase account-on-hold"),
    says("past-due", "https://claude.ai/settings/billing", "failures: 403_oauth_org"),
    says("stale-session", "https://claude.ai/logout", "phrase session-not-fresh"),
    says("region", "https://www.anthropic.com/supported-countries", "phrase region"),
    says("asks-for-code", TROUBLESHOOTING, "docs: authentication"),
    says("not-found", "https://code.claude.com/docs/en/network-config", "docs: network-config"),
    says("nothing-opened", TROUBLESHOOTING, "docs: troubleshoot-install"),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// As it came from the program, piece by piece (2.1.330, without a terminal).
    const OPENING: [&str; 3] = [
        "Opening browser to sign in\u{2026}\n",
        "If the browser didn't open, visit:\nhttps://claude.ai/oauth/authorize?z-Aq-VmVMMr5K_fyeaZW6mg_8KXDipEVc\n",
        "Paste code here if prompted > ",
    ];

    fn after_opening() -> Dialogue {
        let mut dialogue = Dialogue::default();
        OPENING.iter().for_each(|piece| drop(dialogue.hear(piece.as_bytes())));
        dialogue
    }

    fn failed(aside: &str) -> Trouble {
        let mut dialogue = after_opening();
        dialogue.hear_aside(aside.as_bytes());
        dialogue.ended(Some(1)).unwrap_err()
    }

    #[test]
    fn the_page_and_the_waiting_are_heard_however_the_pieces_are_cut() {
        let whole: String = OPENING.concat();
        for size in [1, 7, whole.len()] {
            let mut dialogue = Dialogue::default();
            let heard: Vec<_> = whole.as_bytes().chunks(size).flat_map(|piece| dialogue.hear(piece)).collect();
            let [Heard::Page(page), Heard::Waits] = &heard[..] else { panic!("{size}: {heard:?}") };
            assert_eq!(page.address(), "https://claude.ai/oauth/authorize?z-Aq-VmVMMr5K_fyeaZW6mg_8KXDipEVc");
            assert!(!page.hands_over(), "the printed page ends with a code");
        }
    }

    #[test]
    fn a_terminal_shows_the_same() {
        let mut dialogue = Dialogue::default();
        let link = "https://claude.ai/oauth/authorize?z-OKOyeRBO";
        let printed = format!(
            "Opening browser to sign in\u{2026}\r\nIf the browser didn't open, visit:\r\n\u{1b}]8;;{link}\u{7}{link}\u{1b}]8;;\u{7}\r\n\
             Paste code here if prompted > "
        );
        let heard = dialogue.hear(printed.as_bytes());
        assert!(matches!(&heard[..], [Heard::Page(page), Heard::Waits] if page.address() == link), "{heard:?}");
        dialogue.hear(b"\r\nSigning in\xe2\x80\xa6\r\nLogin successful.\r\n\x1b[?25h");
        assert_eq!(dialogue.ended(Some(0)), Ok(()));
    }

    #[test]
    fn success_takes_both_the_words_and_the_exit_code() {
        let mut dialogue = after_opening();
        dialogue.hear(b"Login successful.\n");
        assert_eq!(dialogue.ended(Some(0)), Ok(()));
        assert!(dialogue.ended(Some(1)).is_err());
        assert!(after_opening().ended(Some(0)).is_err());
        assert!(after_opening().ended(None).is_err());
    }

    #[test]
    fn each_refusal_is_told_apart() {
        for (printed, word) in [
            ("Couldn't log in: Invalid state parameter\n", "earlier-attempt"),
            ("Couldn't log in: No authorization code received\n", "turned-down"),
            ("Couldn't log in: Request failed with status code 400\n", "refused"),
            ("Couldn't log in: Request failed with status code 403\n", "forbidden"),
            ("Couldn't log in: Request failed with status code 429\n", "too-many"),
            ("Couldn't log in: Request failed with status code 529\n", "service"),
            ("Couldn't log in: socket hang up\n", "unreachable"),
            ("Couldn't log in: connect ECONNREFUSED 127.0.0.1:18087\n", "unreachable"),
            ("Couldn't log in: getaddrinfo ENOTFOUND platform.claude.com\n", "unreachable"),
            ("Couldn't log in: proxy refused the connection\n", "proxy"),
            ("Couldn't log in: timeout of 30000ms exceeded\n", "slow"),
            (
                "Couldn't log in: self-signed certificate in certificate chain\nSSL certificate error \
                 (SELF_SIGNED_CERT_IN_CHAIN). If you are behind a corporate proxy\n",
                "certificate",
            ),
            (
                "Couldn't log in: Unable to create API key. The server accepted the request but did not return a key.\n",
                "no-key",
            ),
            (
                "Your authentication token belongs to organization 00000000-0000-0000-0000-000000000001,\nbut this machine \
                 requires organization 00000000-0000-0000-0000-000000000009.\n",
                "other-organisation",
            ),
            ("Unable to verify organization for the current authentication token.\n", "organisation-not-told"),
            ("Your organization's managed settings allow Claude Code to use: Amazon Bedrock.\n", "policy"),
            (
                "\nClaude configuration file at /home/u/.claude.json is corrupted: JSON Parse error\n\nConfiguration \
                 error in /home/u/.claude.json: JSON Parse error: Unexpected EOF\n",
                "state-file",
            ),
            ("Couldn't save your login. Try logging in again.\n", "not-saved"),
            ("error: unknown option '--console'\n", "no-command"),
            ("Couldn't log in: something that nobody has seen\n", "other"),
        ] {
            assert_eq!(failed(printed).word(), word, "{printed}");
        }
        assert_eq!(failed("Couldn't log in: so it is\n"), Trouble::Other("so it is".to_owned()));
    }

    #[test]
    fn an_old_version_prints_its_general_help() {
        let mut dialogue = Dialogue::default();
        dialogue.hear(b"Usage: claude [options] [command] [prompt]\n\nClaude Code - starts an interactive session\n");
        assert_eq!(dialogue.ended(Some(0)), Err(Trouble::NoCommand));
    }

    #[test]
    fn the_page_that_the_browser_gets_hands_over() {
        let page = Page::of(
            "https://claude.com/cai/oauth/authorize?code=true&redirect_uri=http%3A%2F%2Flocalhost%3A37661%2Fcallback&state=x",
        );
        assert!(page.as_ref().is_some_and(Page::hands_over));
        assert!(!format!("{page:?}").contains("state"), "an address is not shown by chance");
        let console =
            "https://platform.claude.com/oauth/authorize?redirect_uri=https%3A%2F%2Fplatform.claude.com%2Foauth";
        assert!(!Page::of(console).unwrap().hands_over());
    }

    #[test]
    fn only_the_services_own_pages_are_opened() {
        for other in [
            "https://claude.ai.example/oauth",
            "http://claude.ai/oauth",
            "https://notclaude.ai/",
            "file:///etc/passwd",
            "https://claude.ai/a b",
            "https://evil.example/?claude.ai",
        ] {
            assert_eq!(Page::of(other), None, "{other}");
        }
    }

    #[test]
    fn what_a_person_types_does_not_become_an_option() {
        let call = |email: &str| Call { email: Some(email.to_owned()), ..Call::default() }.command();
        assert_eq!(call(" kim@example.com "), "claude auth login --email kim@example.com");
        for odd in ["--console", "kim", "a b@example.com", "kim@example.com;ls", "$(x)@example.com", ""] {
            assert_eq!(call(odd), "claude auth login", "{odd}");
        }
        let all = Call { account: Account::Console, sso: true, email: None };
        assert_eq!(all.command(), "claude auth login --console --sso");
    }

    #[test]
    fn what_is_printed_without_end_is_kept_short() {
        let mut dialogue = Dialogue::default();
        for _ in 0..100 {
            dialogue.hear(&[b'x'; 4096]);
            dialogue.hear_aside(&[0xff; 4096]);
        }
        assert!(dialogue.out.len() <= KEPT && dialogue.err.len() <= KEPT);
        assert!(dialogue.ended(None).is_err());
    }

    #[test]
    fn every_row_was_seen() {
        assert!(ROWS.iter().all(|row| row.seen.proven()));
    }
}
