# The one sentence on top, and why each credential on the ladder wins or loses.

## The verdict where no check found a problem

verdict-works = Claude Code can sign in: the test went through.
verdict-key-known = The credential is known where Claude Code sends it.
verdict-not-tested = It looks right from here; only a test can prove that Claude Code can sign in.
verdict-cannot-tell = Nothing is wrong on this computer as far as it can be seen; whether it works cannot be told from here.
verdict-may-print = Whether it works cannot be told from here; if not, Claude Code prints “{ $message }”.
verdict-first-run = Claude Code has not been set up here yet: at its next start it asks its first questions.
verdict-asks-about-key = Claude Code found a key and will ask whether to use it.
verdict-asks-about-folder = Claude Code will first ask whether you trust this folder.

## Why a credential wins

why-wins = It is sent with each request ({ $header }).

## Why a credential loses

why-absent = It is not there.
why-shadowed = { $by ->
    [api_key] The API key comes before it.
    [auth_token] The bearer token comes before it.
    [api_key_helper] The key of the helper program comes before it.
    [oauth_token] The long-lived token comes before it.
    [profile] The Anthropic profile comes before it.
    [login] The Claude login comes before it.
    [managed_key] The key of the Console sign-in comes before it.
    [cloud_provider] A cloud provider is switched on, so nothing else is looked at.
    [custom_headers] A custom header is sent in its place.
   *[other] Another credential comes before it.
    }
why-not-sent = It is ready, but Claude Code stops before it sends anything.
why-blank = It is set to nothing, which counts as not set.
why-declined = When Claude Code asked about this key, the answer was “No”; it keeps to that.
why-not-approved = Claude Code will ask about this key first, and does not use it until then.
why-not-from-project = Claude Code does not take this from the settings of a folder.
why-untrusted = The folder is not trusted yet, so its settings do not count.
why-source-left-out = The flag --setting-sources leaves these settings out.
why-file-dropped = Its settings file has a fault, so nothing in that file counts.
why-bare = With the flag --bare it is not looked at.
why-no-login = The file is there and holds no login.
why-malformed = The file is damaged, so the login in it is not seen.
why-blanked = Its renewal was refused, and Claude Code emptied it; a new sign-in brings it back.
why-missing-scope = This login may not send requests (the right user:inference is missing).
why-bad-character = It holds a character that cannot be sent.
why-bad-name = The name of a header in it cannot be sent, so no request goes out.
why-profile-missing = No profile of that name can be used.
why-unreadable = It is there and could not be read.
why-unseen = Its file is damaged, so nobody can tell whether it is there.
why-not-looked-at = It lies where this program does not look.

## Around the checks

check-crashed = This check stopped because of a fault in this program; the others went on.
explain-code-misheard = This check code does not check: one of its characters was misheard or mistyped. Ask for it once more.
explain-code-lights = A computer that uses { $provider }. { $lights }.
explain-not-recognised = This message is not known here; “authlight check” looks at the computer itself.

## A stop that is foreseen and that no other check explains

AL-0-49 = Claude Code will stop and print “{ $message }”.
    .saw = With what is set on this computer Claude Code stops before it sends anything. It prints: “{ $whole }”
    .why = No request goes out, so nothing that you type is answered.
    .do = Give this message and the report to whoever helps you with Claude Code.
