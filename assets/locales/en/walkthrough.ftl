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
