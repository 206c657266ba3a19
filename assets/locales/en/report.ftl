# The report as text and Markdown: everything around the sentences of the findings.

report-title = Authlight: why Claude Code cannot sign in
report-phone = Code for the phone: { $code }
report-phone-finding = Code for the phone: { $code } (finding { $finding })

## Lights

report-lights = The five lights
report-ground-fine = The checks before them (program, settings files, clock, policy): nothing found.
report-light-green = fine
report-light-amber = look here
report-light-red = problem
report-light-grey = not known
report-light-blue = not yours to repair
report-grey-not_tested = not tested
report-grey-not_in_use = not in use
report-grey-could_not_look = could not look
report-cause-G-install = Program
report-cause-G-settings_files = Settings files
report-cause-G-clock = Clock
report-cause-G-policy = Policy
report-cause-C1-environment = 1 Key in the environment
report-cause-C2-login = 2 Browser login
report-cause-C3-key = 3 The key itself
report-cause-C4-scope = 4 Settings that override
report-cause-C5-endpoint = 5 Where requests go

## Findings

report-findings = What was found
report-findings-none = No problem was found on this machine.
report-notes = Worth knowing
report-saw = What we saw
report-where = Where
report-why = Why it matters
report-do = Do now
report-repair = Repair
report-more = Read on
report-repair-auto = { $command }
report-repair-guided = { $command } (it asks a question or two)
report-repair-admin = an administrator has to do this
report-repair-elevation = It needs an administrator's rights.
report-repair-for-good = It cannot be undone.

## Places

report-place-line = { $place }, line { $line }
report-place-column = { $place }, line { $line }, column { $column }
report-place-kind = { $place } ({ $kind })
report-place-name = { $name } in { $place }
report-source-process_env = the environment
report-source-shell_profile = shell profile
report-source-system_env = the system's environment
report-source-registry = the Windows registry
report-source-launchd = launchd
report-source-settings = settings
report-source-managed_settings = the organisation's settings
report-source-credentials_file = the stored login
report-source-keychain = the Keychain
report-source-app_state = Claude Code's own file
report-source-profile_file = Anthropic profile
report-source-ide_settings = settings of the editor
report-source-dotenv = .env file
report-source-cloud_files = files of the cloud provider
report-scope-managed = the organisation's settings
report-scope-command_line = given on the command line
report-scope-local = local settings
report-scope-project = project settings
report-scope-user = user settings

## Who signs in

report-ladder = Who signs in, and who lost
report-ladder-absent = Looked for and not there: { $names }.
report-column-state = State
report-column-credential = Credential
report-column-why = Why
report-credential = { $name } ({ $kind })
report-sent-as = { $credential }, sent as { $headers }
report-in-its-place = Used in its place: { $winner }.
report-expires = Good until { $time }.
report-also-same = Also, with the same value: { $place } ({ $state })
report-also-other = Also, with another value: { $place } ({ $state })
report-state-wins = used
report-state-shadowed = not used
report-state-ignored = not looked at
report-state-unusable = cannot be used
report-state-absent = not there
report-state-unreadable = could not be read
report-credential-gateway_session = gateway session
report-credential-cloud_provider = cloud credentials
report-credential-auth_token = bearer token
report-credential-api_key = API key
report-credential-api_key_helper = key from a helper program
report-credential-oauth_token = long-lived login token
report-credential-profile = Anthropic profile
report-credential-login = claude.ai login
report-credential-managed_key = key of a Console login
report-credential-custom_headers = custom header
report-credential-url_userinfo = user and password in the address

## Route

report-route = What goes where, and who is billed
report-route-to = Requests go to { $endpoint } ({ $provider }). Billed: { $billing }.
report-route-because = The address comes from { $place }.
report-route-no-address = an address that cannot be used
report-route-sends = Sent along: { $header }, filled by { $credential } from { $place }.
report-route-sends-nothing = No credential is sent along.
report-route-proxy = Through the proxy { $url }, which { $place } names.
report-route-bypass = Past the proxy: { $variable } has the entry { $pattern } ({ $place }).
report-route-prompts-bypass = Prompts go past the proxy: { $variable } has the entry { $pattern } ({ $place }).
report-route-direct = No proxy in between.
report-route-background = A credential also goes, in the background, to { $origins }.
report-provider-anthropic = Anthropic
report-provider-gateway = a gateway
report-provider-bedrock = Amazon Bedrock
report-provider-mantle = Amazon Bedrock (Mantle)
report-provider-anthropic_aws = Claude Platform on AWS
report-provider-vertex = Google Vertex AI
report-provider-foundry = Microsoft Foundry
report-billing-subscription = the claude.ai plan
report-billing-console = the Console organisation, by use
report-billing-aws = the AWS account
report-billing-gcp = the Google Cloud project
report-billing-azure = the Azure subscription
report-billing-gateway = whoever runs the gateway
report-billing-unknown = cannot be told from here

## What happens first

report-prediction = What will happen
report-starts-yes = Claude Code will start.
report-starts-no = Claude Code will not start.
report-starts-unknown = Whether Claude Code starts cannot be told from here.
report-asks-onboarding = It will ask its first-run questions.
report-asks-connectivity = It will first look whether it reaches Anthropic.
report-asks-key_approval = It will ask whether to use the key that it found.
report-asks-folder_trust = It will ask whether you trust the folder.
report-refreshes = It will renew the login before the first request.
report-sends-yes = It will send a request.
report-sends-no = It will send no request.
report-sends-unknown = Whether it sends a request cannot be told before it tries.
report-prints = It prints: { $message }

## Other terminals and folders

report-elsewhere = In other terminals and folders
report-elsewhere-same = { $context }, { $project }: the same.
report-elsewhere-unknown = { $context }, { $project }: what it has could not be told.
report-elsewhere-not-compared = { $context }, { $project }: whether it is the same could not be told.
report-elsewhere-by-files = (Told by files; no shell was run.)
report-elsewhere-differs = { $context }, { $project }: not the same. { $because }
report-elsewhere-more = In other folders { $count ->
    [one] one more start is
   *[other] { $count } more starts are
} not the same; the report as JSON names { $count ->
    [one] it
   *[other] them
}.
report-elsewhere-alike = In other folders { $count ->
    [one] one start is
   *[other] { $count } starts are
} the same.
report-elsewhere-untold = In other folders { $count ->
    [one] one start
   *[other] { $count } starts
} could not be compared.
report-context-process = this terminal
report-context-new-terminal = a new terminal
report-context-desktop = started from the desktop
report-no-project = no project folder

## Live test

report-live = The live test
report-live-known = The server knows the key; no message was tried.
report-live-works = It works: a real request went through.
report-live-stage = { $stage }: { $status }. { $text }
report-live-reached = { $origin }: { $text }
report-live-sent = Sent: { $method } { $url }, with { $headers ->
    [none] no credential
   *[other] { $headers }
  }
report-outcome-verified = The credential was accepted.
report-outcome-rejected = The credential was refused (401).
report-outcome-blocked = The account or organisation may not do this (403).
report-outcome-limited = Credit, billing or a spend limit stands in the way.
report-outcome-intercepted = Somebody between this machine and the server answered.
report-outcome-unreachable = The server could not be reached.
report-outcome-timed_out = No answer came in time.
report-outcome-server_error = The server has a problem of its own.
report-outcome-not_tested = Nothing was tried.
report-stage-dns = Name look-up (DNS)
report-stage-tcp = Connection (TCP)
report-stage-proxy = Proxy
report-stage-tls = Certificate (TLS)
report-stage-http = Answer (HTTP)
report-stage-responder = Who answered
report-stage-auth = Sign-in
report-stage-permission = Permission
report-stage-quota = Credit and limits
report-status-pass = fine
report-status-note = note
report-status-skipped = skipped
report-status-unknown = not known
report-status-crashed = our own check failed
report-status-warn = look here
report-status-fail = problem

## What was not looked at

report-unseen = Not looked at, and why
report-unseen-line = { $what }: { $why }
report-unseen-not_tested = it looks right from here; only a live test can tell.
report-unseen-could_not_look = it lies where we do not look, or could not.
report-unseen-network = Network: nothing was sent; the live test was not asked for.

## How it was made

report-made-with = Made with Authlight { $version }; facts about Claude Code { $claude }, checked on { $day }.
report-made-at = { $time } (UTC) on { $machine }.
report-made-for = For { $whom }: { $context }, { $mode }, { $project }.
report-mode-interactive = claude as typed
report-mode-print = claude -p
report-host-wsl = Windows Subsystem for Linux
report-host-ssh = over SSH
report-host-container = in a container
report-version-unknown = version not known
report-install = claude: { $path }, { $version } ({ $kind })
report-install-first = claude, the one that runs: { $path }, { $version } ({ $kind })

## Parts

report-cut = … and more: the text was cut to the length that was asked for.
check-left-out = Left out on request.
cause-left-out = Left out on request, in whole or in part.
verdict-left-out = Only a part was looked at, so nothing is said about the rest.
verdict-crashed = Authlight itself broke off, which says nothing about Claude Code or your sign-in.

## Other folders

context-other-endpoint = Requests go to { $origin } there.
context-sends-nothing = No credential is sent there.
context-sends = { $place ->
    [line] A credential is sent there, from { $path }, line { $line }
    [file] A credential is sent there, from { $path }
   *[environment] A credential is sent there
}.
context-other-credential = { $place ->
    [line] Another credential is used there, from { $path }, line { $line }
    [file] Another credential is used there, from { $path }
   *[environment] Another credential is used there
}.
context-asks-trust = Claude Code asks there first whether you trust the folder. Once you say yes, { $name } counts { $place ->
    [line] from { $path }, line { $line }
   *[file] from { $path }
}.
context-only-here = { $name } is not set there; here it is set { $place ->
    [line] in { $path }, line { $line }
    [file] in { $path }
    [hint] in the environment, where { $path }, line { $line }, may have brought it
   *[environment] in the environment
}.
context-only-there = { $name } is set only there, { $place ->
    [line] in { $path }, line { $line }
    [file] in { $path }
    [hint] in the environment, where { $path }, line { $line }, may have brought it
   *[environment] in the environment
}.
context-other-value = { $name } has another value there, { $place ->
    [line] from { $path }, line { $line }
    [file] from { $path }
    [hint] from the environment, where { $path }, line { $line }, may have brought it
   *[environment] from the environment
}.

## A code explained: what would be named in a finding

explain-argument-name = the variable
explain-argument-path = the file
explain-argument-origin = that address
explain-argument-url = that address
explain-argument-host = that host
explain-argument-folder = the folder
explain-argument-field = the field
explain-argument-profile = the profile
explain-argument-provider = the provider
explain-argument-cloud = the cloud provider
explain-argument-other = another one
