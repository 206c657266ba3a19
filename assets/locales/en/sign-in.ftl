# Signing in again by the person's own `claude auth login`.

## Where it stands

sign-in-started = Claude Code is preparing the sign-in.
sign-in-page = Your browser opens the sign-in page.
    .do = Sign in there. This window notices by itself when you are done.
sign-in-page-not-opened = The browser could not be opened.
    .do = Copy the address into a browser on this computer.
sign-in-page-with-code = Claude Code opens your browser.
    .do = Sign in there. This window notices by itself when you are done. If no browser opens, use a terminal instead.
sign-in-waiting = Waiting for the browser.
sign-in-still-waiting = Claude Code still waits for the browser.
    .do = Finish there. If the page shows a message, choose it from the list below.
sign-in-checking = Looking whether the new login is used.
sign-in-cancelled = The sign-in was stopped. Nothing was changed.
sign-in-timed-out = Nobody signed in within { $minutes } minutes.
    .do = Start it again. If the browser showed a message, choose it from the list.

## By hand in a terminal

sign-in-in-terminal = Here the browser cannot hand the sign-in over to Claude Code ({ $place ->
        [ssh] you are connected over SSH
        [container] Claude Code runs in a container
        [wsl] Claude Code runs inside WSL
       *[other] the browser is somewhere else
    }).
    .do = In a terminal, run the command, sign in on the page that it names, and paste the code back into that terminal.
sign-in-terminal-none = No program for a terminal was found.
    .do = Open a terminal yourself, and run the command.

## It cannot begin

sign-in-no-program = Claude Code was not found, so it cannot sign in.
    .do = Install it first.
sign-in-not-here = Another computer's files are looked at. Sign in on that computer.
    .do = Run the command there.
sign-in-not-run = Claude Code could not be started: { $why }
    .do = Check again, and look at what is said of the program.

## How it ended

sign-in-done = You are signed in.
    .do = Start Claude Code again where it is open.
sign-in-done-but-shadowed = You are signed in, but something else is still used instead of the new login.
    .do = Take that away next.
sign-in-done-but-not-stored = Claude Code says that you are signed in, but no new login was stored.
    .do = Look whether the login file and its folder may be written.
sign-in-done-not-seen = Claude Code says that you are signed in. Where it keeps the login, we do not look.
    .do = Start Claude Code, and see whether it answers.

sign-in-failed-no-command = This version of Claude Code has no command to sign in.
    .do = Update Claude Code, or start it and type /login.
sign-in-failed-earlier-attempt = The browser answered for an earlier attempt.
    .do = Close the old sign-in pages, and start again.
sign-in-failed-turned-down = The browser came back without a sign-in.
    .do = Somebody chose not to allow it, or the account may not. Look which account the browser is signed in to, and start again.
sign-in-failed-code-refused = The code was not taken.
    .do = A code works once and for a short time. Start again to get a new one, and copy all of it.
sign-in-failed-refused = The service did not take the sign-in (status { $status }).
    .do = Start again, and finish within a few minutes.
sign-in-failed-forbidden = The service does not allow this account to sign in here (status { $status }).
    .do = Look whether the account is the right one, has a plan or a seat, and is not on hold. A page of the company's network can answer so too.
sign-in-failed-too-many = The service takes no more attempts just now (status { $status }).
    .do = Wait some minutes, and start again.
sign-in-failed-service = The service has a trouble of its own (status { $status }).
    .do = Look at its status page, and try later.
sign-in-failed-unreachable = Claude Code could not reach the sign-in service.
    .do = Look at the connection, at a VPN, and at the proxy that is set. Then start again.
sign-in-failed-proxy = The proxy let nothing through.
    .do = Ask whoever runs the proxy whether it needs a password, and to let platform.claude.com and api.anthropic.com through.
sign-in-failed-certificate = Claude Code does not know the certificate that it was shown.
    .do = In a company network, its certificate has to be named in NODE_EXTRA_CA_CERTS.
sign-in-failed-slow = The sign-in service did not answer in time.
    .do = Look at its status page and at the connection, and start again.
sign-in-failed-other-organisation = The account belongs to another organisation than this computer asks for.
    .do = Sign out in the browser, sign in there with your work account, and start again.
sign-in-failed-organisation-not-told = The organisation of the account could not be looked up.
    .do = Start again. If it comes back, ask whoever administers Claude Code for you.
sign-in-failed-policy = Your organisation does not allow this sign-in on this computer.
    .do = Ask whoever administers Claude Code for you how to sign in.
sign-in-failed-no-key = The Console made no key for this account.
    .do = Your role there may not allow it. Ask an administrator of the organisation.
sign-in-failed-not-saved = You signed in, but Claude Code could not write the login.
    .do = Something stands in the place of the login file. Check again: it is found and can be put aside.
sign-in-failed-state-file = Claude Code's own file ~/.claude.json is damaged, so it does not start.
    .do = Mend that file first.
sign-in-failed-other = The sign-in did not work. Claude Code says: { $said }
    .do = Start again. If it comes back, copy the report for the helpdesk.

## What the browser can say

sign-in-page-wrong-account = Another account or organisation is signed in there.
    .do = Sign out on claude.ai in the browser, sign in with the right account, and start again here.
sign-in-page-plan-needed = “Max or Pro is required”
    .do = The account has no plan with Claude Code in it. Sign in with the account that has one, choose a plan, or sign in with the Console.
sign-in-page-no-seat = The account has no seat or role for Claude Code.
    .do = Ask an administrator of your organisation for a seat.
sign-in-page-on-hold = The account is on hold.
    .do = The page says what to do. Nothing on this computer can change it.
sign-in-page-past-due = A payment is past due.
    .do = Pay on the billing page, wait a few minutes, and start again.
sign-in-page-stale-session = The browser's session is too old.
    .do = Sign out on claude.ai in the browser, sign in again, and start again here.
sign-in-page-region = Claude is not offered where you are.
    .do = Look whether a VPN makes it seem so.
sign-in-page-asks-for-code = The page shows a code.
    .do = Use a terminal instead: there you paste the code. This window does not take it.
sign-in-page-not-found = The browser cannot show the page.
    .do = Look at the connection of the browser. If the address begins with “localhost”, the sign-in here has ended: start again.
sign-in-page-nothing-opened = No browser opened.
    .do = Copy the address into a browser on this computer. If there is none, use a terminal instead.
