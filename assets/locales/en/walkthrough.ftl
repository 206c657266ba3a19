# Walkthroughs: one question or action a screen.

walk-menu = Repairs
walk-step = Step { $number } of { $of }
walk-back = Back
walk-skip = Skip this step
walk-stop = Stop
walk-close = Close
walk-next = Go on
walk-again = Start again

## Signing in again

walk-sign-in = Sign in again

walk-sign-in-account = Who signs in?
    .why = Claude Code itself does the sign-in, in your browser. This window never sees your password, a code or the login.
walk-sign-in-claude = My Claude account
    .about = Pro, Max, Team or Enterprise: what you use on claude.ai.
walk-sign-in-console = My Console account
    .about = Paid by use, on platform.claude.com.
walk-sign-in-more = More choices
walk-sign-in-sso = Through my company’s own sign-in page (SSO)
walk-sign-in-elsewhere = My browser is on another computer
walk-sign-in-email = Email address, if it is to be filled in on the page
walk-sign-in-start = Sign in

walk-sign-in-browser = Sign in with your browser
    .why = The page belongs to the service. When you are done there, Claude Code gets the login from the browser.
    .worked = This light turns when the new login is there:
walk-sign-in-terminal = Sign in with a terminal
    .why = The page ends with a code, and only the terminal may have it.
    .worked = Come back here afterwards. This light turns when the new login is there:
walk-sign-in-result = What came of it
    .worked = Now it stands like this:
walk-sign-in-open-page = Open the page again
walk-sign-in-copy-page = Copy its address
walk-sign-in-by-terminal = Use a terminal instead
walk-sign-in-by-browser = Try the browser all the same
walk-sign-in-open-terminal = Open a terminal
walk-sign-in-copy-command = Copy the command
walk-sign-in-stopping = Claude Code is being stopped.
walk-sign-in-says = The browser shows a message

## The credential reset

walk-reset = Start over: sign out and clean up

walk-reset-what = What is stored here, and what of it shall go?
    .why = Remains of an earlier sign-in can stand in the way of a new one. What is not ticked stays as it is.
walk-reset-looking = Looking what is stored…
walk-reset-then = After signing out it is looked again, and what is left is shown before it is touched.
walk-reset-do = This is what is done now
    .why = Nothing has been changed yet.
walk-reset-sign-out = Sign out now
walk-reset-signing-out = Claude Code is signing out…
walk-reset-not-signed-out = Signing out did not work. The login can still be put away on this computer alone: it is then not ended at the server.
walk-reset-left = What is left
    .why = It was looked again. What is not ticked stays as it is.
walk-reset-result = Ready for a new sign-in
    .worked = This light turns when the new login is there:
walk-reset-result-line = Now sign in anew. Claude Code stores the new login by itself.
walk-reset-sign-in = Sign in

## A new key: what both walkthroughs have

walk-key-page = Open the page where keys are made (platform.claude.com)
walk-key-field = The new key
walk-key-once-more = The field was emptied. Paste the key once more.
walk-key-taking = Looking where the old key stands…
walk-key-goes-to = It is sent to { $host }, in one question that costs nothing, and nowhere else.
walk-key-no-address = There is no address here at which it could be tested.
walk-key-test = Test the new key
walk-key-test-again = Test it where it is now
walk-key-testing = Testing…
walk-key-accepted = The new key is good.
walk-key-accepted-again = Tested once more where it is now: the key is good.
walk-key-not-accepted = Go back to try another key. If the endpoint cannot be reached from here alone, this step can be skipped.
walk-key-not-accepted-there = With the new key in its place the test failed. It can be taken back.
walk-key-approve = Let Claude Code use the new key without asking first
walk-key-written = The new key is written.

## Putting a key in place

walk-put-key = Put a key where Claude Code will see it

walk-put-key-where = Where shall the key be?
    .why = Claude Code looks in several places. A key that stands in another one is not seen.
walk-put-key-looking = Looking where a key can be put…
put-key-settings = In the settings of Claude Code ({ $name })
    .about = Counts in every terminal, in editors and in what you double-click. Usually the right place.
put-key-profile = In what your shell reads when it starts ({ $name })
    .about = Counts in terminals that are opened from then on, for every program there. What you double-click does not see it.
put-key-user-variable = In your variables on Windows ({ $name })
    .about = Counts for whatever you start from then on, for every program.
put-key-this-terminal = For one terminal alone
    .about = Nothing is written. This command asks for the key, without showing it, in the terminal in which you type it. It counts there until you close it.
walk-put-key-key = Which key?
    .why = It is shown as dots, is not kept by Authlight, and goes nowhere but where you chose.
walk-put-key-test = Is the key good?
    .why = It is tested before it is written anywhere.
walk-put-key-write = This is what is done now
    .why = Nothing has been changed yet.
walk-put-key-not-used = The key is written, but something else is still used in its place.
walk-put-key-written = What came of it
    .worked = This light turns with it:
walk-put-key-new-terminal = Open a new terminal: those that are open do not know it.

## A new key in every place of the old one

walk-rotate = Replace a key everywhere

walk-rotate-key = Make a new key
    .why = The old one stays valid until you revoke it, so that nothing stops meanwhile. What you paste is shown as dots.
walk-rotate-test = Is the new key good?
    .why = It is tested before it is written anywhere.
walk-rotate-places = Where shall it take the old one’s place?
    .why = The old key was found here. What is not ticked keeps it.
walk-rotate-place = { $path }, line { $lines }
walk-rotate-history-looking = Looking through the history of git…
walk-rotate-write = This is what is done now
    .why = Nothing has been changed yet.
walk-rotate-old-still-wins = The new key is written, but the old one is still used.
walk-rotate-written = The new key is in place
    .worked = This light turns with it:
walk-rotate-old = The old key
    .why = As long as it works, whoever has a copy can use it.
    .worked = Now it stands like this:
walk-rotate-old-works = The old key still works. Revoke it now, and test it again.
walk-rotate-revoke = Open the page where it is revoked (platform.claude.com)
walk-rotate-test-old = Test the old key
walk-rotate-test-old-again = Test the old key again
