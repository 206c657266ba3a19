# Walkthroughs: one question or action a screen.

walk-menu = Repairs
walk-step = Step { $number } of { $of }
walk-back = Back
walk-skip = Skip this step
walk-stop = Stop
walk-close = Close
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
walk-sign-in-open-terminal = Open a terminal
walk-sign-in-copy-command = Copy the command
walk-sign-in-stopping = Claude Code is being stopped.
walk-sign-in-says = The browser shows a message
