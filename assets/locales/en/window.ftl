# The window: what stands on buttons, beside lights and around a report.

window-title = Authlight

## The bar at the top

folder = Folder
folder-none = No folder
folder-choose = Choose folder…
as-seen-by = As seen by
context-new-terminal = a new terminal
context-desktop = a desktop start
context-process = this program
check-again = Check again

## The banner of a practice scenario

practice = Practice
practice-line = “{ $title }”. This is not your computer: nothing here is real, and nothing of yours is touched.

## The verdict

looking = Looking…
looking-headline = Looking at this computer…
looking-line = Nothing is sent while looking. The lights come in one by one.
testing-line = The test is running.
testing-stage = The test is running: { $stage }…
verdict-not_tested = Not tested.
test-key = Test the key
test-connection = Test the connection
test-stop = Stop the test
copy-for-helpdesk = Copy for helpdesk

route-none = Claude Code has nothing to send.
route-says = It will say “{ $message }”.
route-one = Claude Code will send { $what } from { $place } to { $host }.
route-two = Claude Code will send { $first } and { $second } in one request to { $host }.

billing-subscription = Requests count towards your Claude plan.
billing-console = Requests are billed to a Console organisation.
billing-aws = Requests are billed to an AWS account.
billing-gcp = Requests are billed to a Google Cloud project.
billing-azure = Requests are billed to an Azure subscription.
billing-gateway = Whoever runs that server is billed.
billing-unknown = Who is billed cannot be told from here.

## Lights

light-green = Ruled out
light-works = Works
light-amber = Look here
light-red = Problem
light-blue = Not yours to repair
light-not_tested = Looks right, not tested
light-not_in_use = Not in use
light-could_not_look = Could not look
light-line = { $word }.

ground-passed = Also in order: { $names }

cause-G-install = Claude Code itself
cause-G-settings_files = Settings files
cause-G-clock = The clock
cause-G-policy = Your organisation’s policy
cause-C1-environment = Key in the environment
cause-C2-login = Browser login
cause-C3-key = The key itself
cause-C4-scope = Settings that override
cause-C5-endpoint = Endpoint and network

status-pass = in order
status-note = worth knowing
status-skipped = nothing to ask
status-unknown = cannot be told from here
status-crashed = our own check broke off
status-warn = look here
status-fail = problem

## A finding

finding-saw = What we saw
finding-where = Where
finding-why = Why it matters
finding-do = What to do now
finding-help = Read more about it
finding-code = Code { $code }
finding-crashed = This check of ours broke off. The others went on. The report for the helpdesk says where.
checks-others = { $count ->
        [one] One more check
       *[other] { $count } more checks
    }
reason-not_tested = What lies on this computer looks right. Whether the other side accepts it, only a test can tell.
reason-not_in_use = Nothing of this kind takes part when you sign in, so it cannot be the cause.
reason-could_not_look = It lies where this program does not look, or could not. That is no fault of yours.
reason-ruled-out = We looked at everything that could go wrong here. It is not the cause.
reason-proved = The test went through here. It is not the cause.
reason-looking = Some of this is slow to read. It comes in by itself.

## The ladder

ladder = Who signs in, and who lost
ladder-empty = No credential was found.
ladder-also = also at
ladder-not-set = not set anywhere
ladder-why = Why
ladder-place = Where
ladder-ending = Ends with
ladder-expires = Valid until
ladder-rule = Known from

state-wins = signs in
state-shadowed = shadowed
    .by = shadowed by { $by }
state-ignored = not looked at
state-unusable = cannot be used
state-absent = absent
state-unreadable = could not be read

also-same = the same value
also-other = another value
also-place = { $place }, { $value }

credential-gateway_session = Gateway sign-in
    .within = the gateway sign-in
credential-cloud_provider = Cloud credentials
    .within = the cloud credentials
credential-auth_token = Bearer token
    .within = the bearer token
credential-api_key = API key
    .within = the API key
credential-api_key_helper = Key helper
    .within = the key of the key helper
credential-oauth_token = Long-lived token
    .within = the long-lived token
credential-profile = Anthropic profile
    .within = the Anthropic profile
credential-login = Claude login
    .within = the Claude login
credential-managed_key = Key of a Console sign-in
    .within = the key of the Console sign-in
credential-custom_headers = Custom headers
    .within = a custom header
credential-url_userinfo = Password in the address
    .within = the password in the address

## Where it works: folders and contexts

where = Where it works
where-add = Add a folder…
where-nothing = no sign-in
where-unknown = not known
where-closed = not opened
where-chosen = This is what the checks are about.
where-same = As in the chosen folder and context.
where-differs = Not the same: { $because }
where-not-compared = Whether it is the same could not be told.
where-closed-why = The system asks you before a program opens this folder.
where-look = Look at this one
where-looking = { $count ->
        [one] One folder so far.
       *[other] { $count } folders so far.
    } Looking…
where-stop = Stop
where-ask = { $count ->
        [one] One folder was not opened:
       *[other] { $count } folders were not opened:
    } the system asks you before a program opens what lies in Desktop, Documents, Downloads or on another disk.
where-open = Open them too

## Places

place-line = { $place }, line { $line }
remark-line = line { $line }

scope-managed = set by your organisation
scope-command_line = given as a flag
scope-local = local scope
scope-project = project scope
scope-user = user scope

source-process_env = the environment
source-shell_profile = a shell profile
source-system_env = the system’s environment files
source-registry = the registry
source-launchd = launchd
source-settings = settings
    .managed = your organisation’s settings
    .command_line = the settings flag
    .local = local settings
    .project = project settings
    .user = user settings
source-managed_settings = your organisation’s settings
source-credentials_file = this computer
source-keychain = the keychain
source-app_state = Claude Code’s own state file
source-profile_file = a profile file
source-ide_settings = the editor’s settings
source-dotenv = a .env file
source-cloud_files = the cloud’s own files

## The live test

live = The test
live-sent = { $method } { $target }
live-sent-with = { $method } { $target }, with { $headers }
live-reached = { $origin }: { $text }
live-says = Claude Code would say “{ $message }”.

stage-dns = Name
stage-tcp = Connection
stage-proxy = Proxy
stage-tls = Certificate
stage-http = Answer
stage-responder = Who answered
stage-auth = Credential
stage-permission = Permission
stage-quota = Credit and limits

outcome-verified = The other side knows this credential.
outcome-rejected = The other side does not know this credential (401).
outcome-blocked = The other side knows it and says no (403).
outcome-limited = The credential is good; there is no credit or room left.
outcome-intercepted = Somebody in between answered instead.
outcome-unreachable = There was no connection.
outcome-timed_out = No answer came in time.
outcome-server_error = The other side has trouble of its own.
outcome-not_tested = Nothing was sent.

consent-title = Before the test
consent-project = A file in this folder, not you, chose where your credential goes: { $host }. Send it there?
consent-http = The way to { $host } is not encrypted. Whoever is on the same network can read the credential. Send it anyway?
consent-one-token = A real message is sent, and one token of its answer is paid for: a small part of a cent at Anthropic's prices, whatever a gateway asks. It shows that there is credit. Send it?
consent-other-header = The gateway refused the credential in the header that Claude Code uses. Send it to the same gateway once more, in the other header?
consent-helper = To get the key, this command is run, which { $named_in } names: { $command }. Run it?
consent-tool = To get the credential, the cloud’s own tool is run: { $command }. Run it?
consent-own-claude = Your own Claude Code is run in { $folder }: first its status, then a prompt of one word, which counts against your plan. What the settings of that folder start, it starts too. Run it?
consent-yes = Yes, for this test
consent-no = No, send nothing
further-one-token = Send one real message…
further-service-status = Ask the service’s status page
further-own-claude = Let Claude Code itself try…
further-other-header = Try the other header…

## An error message

paste-open = Paste an error message…
paste-title = What does this message mean?
paste-label = The message, as Claude Code showed it
paste-explain = Explain
paste-close = Close
paste-reading = Looking it up…
explained-phrase = This is Claude Code’s message “{ $phrase }”.
explained-code = This is what the code stands for.
explained-not = This message is not known here. The lights say what can be seen on this computer.
paste-show = Show “{ $cause }”

## A folder

folder-title = Which folder?
folder-path = Path of the folder
folder-browse = Browse…
folder-use = Use this folder
folder-cancel = Cancel
folder-nothing = Nothing was chosen. Some computers have no dialog for this; you can type the path.

## The line at the bottom

# Who told what a new terminal has
told-by-shell = As your shell says ({ $command }).
told-by-files = As the files of your shell say; it was not run.
told-by-asking = As the files of your shell say, while it is asked ({ $command })…
told-by-nobody = As the files of your shell say; it gave no answer ({ $command }).
told-by-files-offer = Read its files only
told-by-shell-offer = Run { $command } and ask it

sent-nothing = Nothing was sent
sent-some = { $count ->
        [one] One request was sent
       *[other] { $count } requests were sent
    }
claude-version = Claude Code { $version }
claude-none = Claude Code was not found
facts-day = Facts of { $day }
phone-code = Code for the phone:
day = { $day } { $month ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
       *[12] Dec
    } { $year }

moment = { $day }, { $time } UTC

## What happened

notice-copied = The report is copied. Paste it into a message to your helpdesk.
notice-held-back = The report was not copied: a secret of this computer stood in it. Tell the people who make Authlight, without the secret.
notice-page = The page could not be opened. Its address is { $url }.
notice-broke = Something of ours broke off. What was known before is still shown.
notice-close = Close this

## Where no window can open (on standard error)

no-window = no window could open ({ $reasons }). The checklist follows as text.
no-window-display = there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set
window-ended = the window broke off ({ $status })

# Repairs

repair-planning = Working out what would be changed…
repair-working = Changing it…
repair-undoing = Taking it back…
repair-refused = This cannot be repaired from here
repair-failed = Nothing was changed
repair-plan-gone = The plan is not there any more. Open the repair again.
repair-do = Do it
repair-cancel = Cancel
repair-close = Close
repair-keep = Leave it so
repair-copy = Copy
repair-undo = Take it back
repair-healed = Done
repair-healed-line = It was changed and looked at again: what was found is gone.
repair-not-healed = Done, but not all is well
repair-still = What was found is still there.
repair-undone = Taken back
repair-undone-line = Everything is as it was before.
repair-not-undone = It could not be taken back
repair-changed-since = This file has changed since then
repair-changed-since-line = { $path } was changed by something else after the repair. What shall become of it?
undo-keep = Leave it as it is now
undo-put-back = Put back what was there before
plan-line-comes = new,
plan-line-goes = goes,

changes-open = Changes
changes-title = What Authlight has changed
changes-backups = Copies of the files as they were before take { $kilobytes } kB. They can hold keys. Without them nothing can be taken back.
changes-delete-backups = Delete all backups
notice-command-copied = Copied.
