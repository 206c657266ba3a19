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

## Setting a provider up

walk-provider = Set up a provider

walk-provider-which = Where shall Claude Code send its requests?
    .why = Claude Code can reach Claude in several ways. Each needs something else.
walk-provider-is-gateway = A gateway
    .about = A server between you and Claude, such as LiteLLM. Your company usually runs it.
walk-provider-is-bedrock = Amazon Bedrock
    .about = Claude in your company’s AWS account.
walk-provider-is-mantle = Amazon Bedrock (Mantle)
    .about = The newer way to Bedrock, with the same AWS account.
walk-provider-is-anthropic_aws = Claude Platform on AWS
    .about = Anthropic’s own platform, paid through AWS.
walk-provider-is-vertex = Google Vertex AI
    .about = Claude in a project of Google Cloud.
walk-provider-is-foundry = Microsoft Foundry
    .about = Claude in a resource of Azure.
walk-provider-is-anthropic = Anthropic itself
    .about = With your Claude account or a key of the Console. This is also the way back from another provider.

walk-provider-form = What it needs
    .why = What is there already is filled in, and stays where it is unless you change it. Nothing is written yet.
walk-provider-looking = Looking what is there already…
walk-provider-no-form = What it needs could not be found out. Go back, and choose it again.
walk-provider-preparing = Working out what would change…
walk-provider-field = { $label } ({ $name })
walk-provider-switch = The gateway signs in to the cloud by itself
walk-provider-switch-on = It is switched on already: { $name } in { $place }
walk-provider-one-of = One of these is needed:
walk-provider-more = More choices
walk-provider-nothing-needed = Without a key you sign in with your Claude account afterwards.
walk-provider-page = Read more about it ({ $host })
walk-provider-key-there = A key is there already, in { $place }. It ends in { $end }. Left empty, it stays.
walk-provider-some-key-there = One is there already, in { $place }. Left empty, it stays.
walk-provider-there = From { $place }
walk-provider-stays = It cannot be left empty here: { $value } stays, in { $place }.
walk-provider-scope = Where shall it count?
walk-provider-scope-user = Everywhere
    .about = In your own settings.
walk-provider-scope-local = In this folder, for me alone
    .about = In the folder’s settings that are not shared.
walk-provider-scope-project = In this folder, for everybody who works in it
    .about = In the folder’s shared settings. Keys cannot go there.
walk-provider-secret-shared = A key does not go into settings that others see. Choose another place below.
walk-provider-already = All of it is set up like that already. Nothing is to be done.
walk-provider-value = { $why ->
        [blank] Nothing stands there.
        [login-token] This is a token of a claude.ai login, which is not taken in.
        [secret] This looks like a key, which does not belong here. It has a field of its own.
        [admin-key] This is an Admin key, which cannot be used for messages. Make an ordinary key.
        [not-whole] This is no whole key but a placeholder or a shortened copy. Copy the key itself.
        [no-aws-key] This is no ID of an AWS access key: that begins with AKIA or ASIA and has 20 characters.
        [no-address] This is no whole address. It begins with https:// and has no question mark in it.
        [person-in-address] A user or password stands in the address. Give the key by itself.
        [path-in-address] Claude Code adds /v1/messages itself. Leave that end off.
        [no-region] This is the name of no region.
        [no-project] This is the ID of no Google project. It has letters, digits and hyphens.
        [no-resource] This is no name of a resource: only its name, not its address.
        [no-path] This is no whole path of a file.
        [no-switch] This is either on or off.
       *[character] Quotation marks, line breaks, blanks or a placeholder stand there. Give the value alone.
    }
walk-provider-missing = This is needed.
walk-provider-missing-one = This, or another one of its kind, is needed.
walk-provider-no-settings = There are no such settings here. Choose another place below.
walk-provider-plan-ignored = { $why ->
        [untrusted] Claude Code does not trust this folder yet, and would not read { $name } there. Start claude in it once and agree, or let it count everywhere.
        [dropped] Something else in this settings file keeps Claude Code from reading it, { $name } with it. Close this, and repair that first.
       *[other] { $name } would not count there.
    }

walk-provider-test = Does it work?
    .why = It is tested as it would be, before anything is written.
walk-provider-test-at = { $host } is asked. That costs nothing, and what you typed goes nowhere else.
walk-provider-no-address = There is no address at which it could be tested. This step can be skipped.
walk-provider-test-do = Test it
walk-provider-accepted = The test was passed: the credential is accepted there.
walk-provider-not-accepted = Go back to change something. If it cannot be reached from here alone, this step can be skipped.
walk-provider-cannot-test = This step can be skipped: Claude Code itself will show whether it works.
walk-provider-then-sign-in = Nobody is signed in there yet. That comes afterwards.
walk-provider-login-counts = Your Claude login is used there. Only Claude Code itself can prove it.
walk-provider-not-tested = It could not be tested from here. { $why }
walk-provider-untested = It was not tested.

walk-provider-write = This is what is done now
    .why = Nothing has been changed yet.
walk-provider-working = Writing it, looking again, and testing it again…
walk-provider-failed = It is not set up
walk-provider-done = It is set up
    .worked = This light turns with it:
walk-provider-done-line = It was written and looked at again: it counts.

## Setting up Claude Code

walk-install = Set up Claude Code

walk-install-ways = How shall Claude Code be installed?
    .why = These are the official ways for this system. Authlight downloads nothing itself.
    .worked = This light turns when Claude Code is there:
walk-install-looking = Looking what this computer can do…
walk-install-standing = { $standing ->
        [ready] It is here, and can be started for it.
        [node-not-asked] Node.js has to be asked for its version first ({ $detail }).
        [no-manager] Not possible here: { $detail } was not found.
        [no-node] Not possible here: npm was found, but not Node.js, which it needs.
        [old-node] Not possible here: Node.js is { $detail }, and { $wanted } or newer is needed. With this one npm would install an old Claude Code without saying so.
        [closed] Not possible here: npm installs into { $detail }, where you may not write. Anthropic advises against sudo for this.
       *[shown] { $way ->
            [packages] It needs an administrator. The page tells the steps.
           *[other] It needs nothing but a terminal, into which you copy one command.
        }
    }
walk-install-ask-node = Ask Node.js for its version
walk-install-page = More on each way
walk-install-page-steps = Open the page with the steps
walk-install-elsewhere = Another computer’s files are looked at. Nothing is started there: install it on that computer.
walk-install-there = Claude Code { $version } is on this computer: { $path }
walk-install-not-on-path = Its folder is not in the list of program folders (PATH) that was looked at. A new terminal may know it.

walk-install-start = Install it
    .why = It is done in your own terminal, where you see what happens and answer what is asked.
    .worked = Come back here afterwards. This light turns when Claude Code is there:
walk-install-copy = Open a terminal, put this command in, and press Enter. It downloads Claude Code from Anthropic.
walk-install-run = This is what the terminal is opened with. It downloads Claude Code.
walk-install-by-hand = No terminal could be found that can be opened from here. Put this command into one.
walk-install-open = Open a terminal with it
walk-install-opened-not = The terminal could not be opened. Copy the command instead.
walk-install-back = To take it away again: { $command }
walk-install-native-windows = Take PowerShell for it.

walk-install-method = How do you sign in?
    .why = Claude Code needs an account. You come back here afterwards.
walk-install-login = With a Claude account, in the browser
    .about = Pro, Max, Team or Enterprise; or an account of the Console.
walk-install-key = With a key
    .about = From the Console, or from whoever runs your company’s gateway.

walk-install-proof = Does it work?
    .why = Only Claude Code itself can prove it. Nothing is started before you say so.
    .worked = This light turns when it was let in:
walk-install-missing = Claude Code was not found on this computer yet.
walk-install-ask-status = Ask who is signed in
walk-install-status-about = This runs “claude auth status”. It goes to the network, and may renew the login.
walk-install-asking = Claude Code is being asked…
walk-install-signed-in = Claude Code says that somebody is signed in.
walk-install-signed-in-by = Claude Code says that somebody is signed in ({ $method }).
walk-install-not-signed-in = Claude Code says that nobody is signed in. Go back to sign in.
walk-install-not-run = Claude Code was not started: another computer’s files are looked at, or it cannot be started here.
walk-install-prove = Let it answer one word…
walk-install-proving = Claude Code is answering…
walk-install-works = It works: Claude Code was let in and got an answer.
walk-install-works-not = It does not work yet:

## A company's certificate

walk-certificate = Give Claude Code your company’s certificate

walk-certificate-look = What does the endpoint show?
    .why = Where a company reads encrypted traffic, it shows a certificate of its own. Claude Code trusts it only if it is told to.
walk-certificate-before = To see it, a connection is opened to the address that Claude Code uses. No key is sent, and nothing is asked there.
walk-certificate-look-now = Look at the certificate
walk-certificate-looking = Looking at the certificate…
walk-certificate-consent = A file in this folder, not you, chose this address: { $host }. Open a connection to it? No key is sent.
walk-certificate-no-need = Nothing has to be done here.
walk-certificate-other = A certificate of your company would not help here.
walk-certificate-root = Whose certificate is it?
    .why = The certificate of your company’s authority (root certificate) is taken from where an administrator put it, never from the connection itself.
walk-certificate-searching = Looking for the certificate…
walk-certificate-in-store = What this computer trusts already
    .about = The system’s own store.
walk-certificate-by-file = A file that I have
    .about = A PEM file from your IT department.
walk-certificate-path = The file’s path
walk-certificate-use = Use this file
walk-certificate-browse = Choose a file…
walk-certificate-nothing-chosen = No file was chosen. If no dialog came up, type the path.
walk-certificate-not-in-store = No root certificate of { $issuer } was found on this computer. Ask your IT department for it as a PEM file, and choose that file.
walk-certificate-completes = It completes what was shown.
walk-certificate-do = This is what is done now
    .why = Nothing has been changed yet. Afterwards the certificate is looked at once more.
walk-certificate-still = It was done, but this is still so: { $why }
walk-certificate-result = The certificate is trusted now
    .worked = This light turns when the endpoint was tested:
walk-certificate-done = It was looked at once more with a new connection, and is trusted.
