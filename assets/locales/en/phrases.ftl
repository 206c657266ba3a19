# What the messages of Claude Code mean, and what to do: one message for each code of facts/phrases.toml.


## Policy

AL-0-50 =
    .when = The whole organisation that the key or login belongs to is switched off.
    .do = Ask the organisation's administrator, or Anthropic's support; nothing on this machine can change it. If you meant another account, sign in with that one.

AL-0-51 =
    .when = Your organisation does not allow API keys for Claude Code.
    .do = Take the key out of the environment and the settings, then sign in with “claude auth login”.

AL-0-52 =
    .when = Your organisation does not allow Claude Code with a claude.ai subscription.
    .do = Ask your administrator to allow it, or use an API key of the Console.

AL-0-53 =
    .when = Your account has no seat or role for Claude Code in this organisation.
    .do = Ask your administrator for a seat, or sign in with the account that has one.

AL-0-54 =
    .when = The organisation's settings on this machine ask for a sign-in of its own and accept no key, token or helper.
    .do = Take the key out of the environment and the settings, then sign in with “claude auth login”.

AL-0-55 =
    .when = The organisation's settings allow other providers than the one that is chosen here.
    .do = Choose one of the providers that the message names, or ask your administrator.

AL-0-56 =
    .when = The organisation's list of allowed providers is empty or holds no known name, so none is allowed.
    .do = Ask your administrator to correct allowedProviders in the managed settings.

AL-0-57 =
    .when = The organisation asks for a sign-in at its own gateway on this machine.
    .do = Type /login in a session and sign in with your company account.

AL-0-58 =
    .when = The organisation's settings could not be fetched, and it allows no start without them.
    .do = Check the connection, then start again; if it stays, ask your administrator.

AL-0-59 =
    .when = The organisation's settings were shown and not accepted.
    .do = Start “claude” again and accept them, or ask your administrator what they change.

AL-0-60 =
    .when = The file with the organisation's settings cannot be read by this account.
    .do = Ask your administrator to make the managed settings readable.

AL-0-61 =
    .when = The organisation's settings rule out the default model.
    .do = Ask your administrator which model is allowed, and choose it with “claude --model”.

AL-0-62 =
    .when = Anthropic has put the account on hold.
    .do = Open https://claude.ai/restricted in a browser; it says what is asked of you.

AL-0-63 =
    .when = One entry of the organisation's settings is of the wrong kind. The rest still holds; some entries then lock more than was meant.
    .do = Send the lines below the message to your administrator.

AL-0-64 =
    .when = The file with the organisation's settings is no well-formed JSON.
    .do = Send the message to your administrator; only they can mend the file.

AL-0-65 =
    .when = This machine is tied to one organisation, and it could not be confirmed that the login belongs to it.
    .do = Sign in with “claude auth login” and choose the organisation that the machine is meant for.

AL-0-66 =
    .when = This version of Claude Code is outside the range that the organisation allows.
    .do = Run “claude update”, or ask your administrator which version to use.

AL-0-68 =
    .when = The account lacks the role that Claude Code needs in the Console's organisation.
    .do = Ask your administrator for the role “Claude Code” or “Developer”.

AL-0-69 =
    .when = The key is tied by policy to another organisation than the machine.
    .do = Use a key or login of the organisation that manages this machine.

AL-0-70 =
    .when = The shell finds no program called “claude”.
    .do = Install Claude Code, or add the folder it lies in (often ~/.local/bin) to PATH and open a new terminal.

AL-0-71 =
    .when = The clock of this machine is wrong, so certificates seem not to be valid yet.
    .do = Set the clock to the right time and date, then try again.

## Environment

AL-1-50 =
    .when = The key holds a character that no key has: a line break, an ellipsis, an invisible one. It was not sent.
    .do = Copy the key again in one piece and set it anew; the message says at which character it broke.

AL-1-51 =
    .when = The token holds a character that no token has: a line break, an ellipsis, an invisible one. It was not sent.
    .do = Copy the token again in one piece and set it anew; the message says at which character it broke.

AL-1-52 =
    .when = ANTHROPIC_CUSTOM_HEADERS holds a line that is no header.
    .do = Write each line of it as “Name: value”, in plain characters, or remove the variable.

AL-1-53 =
    .when = A left-over ANTHROPIC_API_KEY is used in place of your login.
    .do = Remove ANTHROPIC_API_KEY where it is set (shell profile, system variables, IDE), and open a new terminal.

AL-1-54 =
    .when = A key is set, but not for this program: in another terminal, not exported, refused when Claude Code asked about it, or in a folder that is not trusted yet.
    .do = Run “authlight check” in the same terminal: it shows which variables arrive.

AL-1-55 =
    .when = Two credentials are set at once, and Claude Code may use the one that you do not expect.
    .do = Keep one of the two that the message names and remove the other.

AL-1-56 =
    .when = Claude Code has found a key in the environment and asks whether to use it. “No” is the preselected answer, and it is remembered.
    .do = Answer “Yes” to be billed through that key, “No” to use your login. Later: /config, “Use custom API key”.

AL-1-57 =
    .when = The program that calls the API was started without any credential: a worker, an SDK or a service does not see your terminal's variables.
    .do = Set the variable where that program is started, or in the env block of the user settings.

AL-1-58 =
    .when = ANTHROPIC_AUTH_TOKEN or CLAUDE_CODE_OAUTH_TOKEN holds something else than that variable is for, for instance an API key.
    .do = Put an API key into ANTHROPIC_API_KEY, a gateway's token into ANTHROPIC_AUTH_TOKEN, and remove the other.

AL-1-59 =
    .when = An old key in the environment is used although you are signed in.
    .do = Remove ANTHROPIC_API_KEY if you mean to use your login, and open a new terminal.

AL-1-62 =
    .when = The variables for the cloud provider are set elsewhere, but do not reach this program.
    .do = Set them in the same terminal, or in the env block of ~/.claude/settings.json.

AL-1-63 =
    .when = You have a subscription, but a key in the environment is billed in its place.
    .do = Remove ANTHROPIC_API_KEY to go back to your plan; /status shows what is in use.

AL-1-64 =
    .when = The request went out without any key.
    .do = Check that the variable is set and not blank in the terminal where “claude” runs.

## Login

AL-2-50 =
    .when = Nothing is signed in: no login is stored, or it cannot be read, and no key arrives.
    .do = Sign in with “claude auth login”, or type /login in a session.

AL-2-51 =
    .when = The login has ended: its renewal was refused.
    .do = Sign in again with “claude auth login”, or type /login in a session.

AL-2-52 =
    .when = The login ran out and was not renewed.
    .do = Type /login in a session, or run “claude auth login”.

AL-2-53 =
    .when = The login was taken back: signed out elsewhere, password or plan changed, or removed by an administrator.
    .do = Sign in again with “claude auth login”. If it comes back, sign out first with “claude auth logout”.

AL-2-54 =
    .when = You are signed in with claude.ai, and the server no longer accepts that login.
    .do = Sign in again with “claude auth login”; if it stays, look at https://status.claude.com.

AL-2-55 =
    .when = Another Claude Code is renewing the same login, or was closed while it did.
    .do = Wait a minute, close other sessions, and try again.

AL-2-56 =
    .when = The login worked but could not be saved.
    .do = On a Mac, unlock the Keychain; elsewhere check that ~/.claude can be written and the disk is not full. Then sign in again.

AL-2-57 =
    .when = The macOS Keychain cannot be written.
    .do = Unlock the Keychain (its password may differ from the account's), then run “claude auth login”.

AL-2-58 =
    .when = The stored login or token is older than a right that it now needs.
    .do = Type /login in a session; there is no need to sign out first.

AL-2-59 =
    .when = A claude.ai connector was refused, because the session's login has ended.
    .do = Type /login, then reconnect it with /mcp.

AL-2-60 =
    .when = The login of an Anthropic profile has ended.
    .do = Sign in to the profile again, or type /login to use your claude.ai account.

AL-2-61 =
    .when = The browser's session is too old to grant the right that was asked for.
    .do = Sign out of claude.ai in the browser, sign in again, and repeat.

AL-2-62 =
    .when = “/login” was given where no session is: it works only inside one.
    .do = Run “claude auth login” in a terminal.

AL-2-63 =
    .when = The login still works and ends in a few days.
    .do = Type /login at a quiet moment to renew it.

AL-2-64 =
    .when = Guides teach “claude login”, but there is no such command: Claude Code takes the word as a question to the model.
    .do = Run “claude auth login”, or type /login in a session.

AL-2-65 =
    .when = The code from the browser was cut off, or it was too old.
    .do = Start “claude auth login” again and paste the whole code at once.

AL-2-66 =
    .when = The browser could not hand the login over, because a firewall or sandbox closes local ports.
    .do = Use the code that the browser shows and paste it into the terminal.

AL-2-67 =
    .when = The browser's page and this version of Claude Code do not fit together.
    .do = Run “claude update”, then sign in and paste the code.

AL-2-68 =
    .when = The browser is signed in with an account that has no paid plan.
    .do = Choose the right account or organisation in the browser, then run “claude auth login” again.

AL-2-69 =
    .when = The login was sent in a form that the server does not take: an old Claude Code, or an incident.
    .do = Run “claude update”, then sign in again.

AL-2-70 =
    .when = The account's plan has ended, or it never included Claude Code.
    .do = Check the plan at https://claude.ai/settings, then sign in again.

AL-2-71 =
    .when = The login is kept in ~/.claude/.credentials.json, with a dot before the name. The name without the dot, as guides have it, is never read.
    .do = Leave the files alone: sign in with “claude auth login”.

AL-2-72 =
    .when = You are signed in to an organisation that was switched off.
    .do = Sign in again with “claude auth login” and choose another organisation.

AL-2-73 =
    .when = CLAUDE_CODE_OAUTH_TOKEN holds a token that has ended. It is never renewed, and a good login beside it is not used.
    .do = Make a new one with “claude setup-token”, or remove the variable to use your login.

AL-2-74 =
    .when = Others on this machine can read the profile's credentials file, so it is refused.
    .do = Run “chmod 600” on the file that the message names.

AL-2-75 =
    .when = The file that should hold the identity token is missing or cannot be read.
    .do = Check the path in ANTHROPIC_IDENTITY_TOKEN_FILE, or remove the variable.

AL-2-76 =
    .when = The login works now and can end at any time; renewing does not move that date.
    .do = Run “claude auth login” now, or “claude setup-token” for unattended jobs.

AL-2-77 =
    .when = The stored login is empty: an earlier renewal was refused.
    .do = Run “claude auth login”.

AL-2-78 =
    .when = You are not signed in to your company's gateway, or that session has ended.
    .do = Type /login in a session and sign in with your company account.

AL-2-79 =
    .when = The desktop app is signed out.
    .do = Sign in in the app.

AL-2-80 =
    .when = The profile's credentials file is missing, or cannot be read.
    .do = Sign in to the profile again, or unset ANTHROPIC_PROFILE.

AL-2-82 =
    .when = The Keychain is locked, as in a session over SSH.
    .do = Unlock it with “security unlock-keychain” in the same session, then start “claude” again.

AL-2-83 =
    .when = The plan changed after you signed in, and the old one is still remembered.
    .do = Run “claude auth logout”, then “claude auth login”.

AL-2-84 =
    .when = “auth status” tells what is stored, not what works: it says so with an ended login too.
    .do = Send one short message with “claude -p hello”; only an answer proves it.

AL-2-85 =
    .when = Guides teach “claude logout”, but there is no such command.
    .do = Run “claude auth logout”, or type /logout in a session.

AL-2-86 =
    .when = A version before 2.1.206 showed an ended login as a model problem.
    .do = Run “claude update”, then sign in again.

## Key

AL-3-51 =
    .when = The server does not know the token or saved key: mistyped, cut off, revoked, or of another kind.
    .do = Get a fresh one where it came from: ANTHROPIC_AUTH_TOKEN from your gateway, CLAUDE_CODE_OAUTH_TOKEN with “claude setup-token”, a Console key with “claude auth login --console”.

AL-3-52 =
    .when = The key that a Console sign-in saved is missing, or no longer accepted.
    .do = Run “claude auth login --console”.

AL-3-55 =
    .when = The key that the apiKeyHelper printed is old, empty or not accepted.
    .do = Run the helper's command by itself and look at what it prints; sign in to its vault again.

AL-3-57 =
    .when = The gateway does not know the key that it was sent.
    .do = Ask whoever runs the gateway for a fresh key, and set it as ANTHROPIC_AUTH_TOKEN.

AL-3-58 =
    .when = A login token (sk-ant-oat…) was sent where an API key belongs, or through a program that does not support it.
    .do = Set it as CLAUDE_CODE_OAUTH_TOKEN, or use an API key.

AL-3-61 =
    .when = Another program uses the token of a Claude subscription, which is only for Claude Code.
    .do = Give that program an API key of its own.

AL-3-62 =
    .when = Guides quote this line; Claude Code never prints it. If a gateway or another tool did, it has no use for the key.
    .do = Look at https://platform.claude.com/settings/keys whether the key is still active.

AL-3-63 =
    .when = The server did not accept the key or token; the message does not say which one it was.
    .do = Run “authlight check”: it shows which credential is sent, and where it comes from.

## Scope

AL-4-50 =
    .when = A settings file has a fault and was left out whole, its env block too: a key or endpoint in it does not count.
    .do = Mend the line that the message names; JSON takes no comments and no comma at the end.

AL-4-51 =
    .when = A few settings were skipped; the rest of the file counts.
    .do = Mend the entry that the message names, if you need it.

AL-4-52 =
    .when = The command in apiKeyHelper ends with an error. Nothing else is used in its place, and /login does not help.
    .do = Run the command by itself in a terminal, and mend what it complains about.

AL-4-54 =
    .when = Claude Code's own file ~/.claude.json is damaged, and it does not start without it.
    .do = Take the newest good copy from ~/.claude/backups; do not delete the file.

AL-4-55 =
    .when = A settings file is too large and was left out.
    .do = Make the file smaller than 2 MiB.

AL-4-56 =
    .when = A settings file has a fault; if you go on, it is left out whole.
    .do = Choose to mend it, and correct the line that is shown.

AL-4-58 =
    .when = A settings file still holds the old key in its env block; it wins over your shell.
    .do = Remove ANTHROPIC_API_KEY from the settings file that “authlight check” names.

AL-4-59 =
    .when = The command that settings give for renewing cloud credentials ends with an error.
    .do = Run the command by itself in a terminal, and mend what it complains about.

AL-4-60 =
    .when = A setting picks the model, and it names one that is not there.
    .do = Remove “model” from the settings file, or ANTHROPIC_MODEL from the environment.

AL-4-62 =
    .when = The command in apiKeyHelper prints nothing.
    .do = Run it by itself: it must print the key, and only the key.

AL-4-63 =
    .when = The command in apiKeyHelper prints more than one key: several lines, or other text.
    .do = Make it print one line with the key alone; send remarks to standard error.

AL-4-64 =
    .when = The command in apiKeyHelper cannot be run: not found, or not marked as a program.
    .do = Check its path, and run “chmod +x” on the script.

## Endpoint

AL-5-50 =
    .when = Nothing listens at the address that is set, often a local proxy or router that is no longer running.
    .do = Start it again, or remove ANTHROPIC_BASE_URL from the environment and the settings.

AL-5-51 =
    .when = The server's name was not found: offline, a DNS fault, or a misspelt address.
    .do = Check the connection, then the host name in ANTHROPIC_BASE_URL if it is set.

AL-5-52 =
    .when = The gateway closed the connection without an answer; “http” in place of “https” does that too.
    .do = Check that ANTHROPIC_BASE_URL begins as the gateway wants it, and that the gateway runs.

AL-5-53 =
    .when = The proxy closed the connection without an answer.
    .do = Check HTTPS_PROXY, or ask whoever runs the proxy whether the host is allowed.

AL-5-54 =
    .when = The connection to the server fails or breaks off.
    .do = Open https://api.anthropic.com in a browser; if that fails too, check network, VPN and proxy.

AL-5-55 =
    .when = There is no way into the network: Wi-Fi, cable or VPN is down.
    .do = Connect again, then retry.

AL-5-56 =
    .when = A proxy or gateway holds the answer back until time runs out.
    .do = Try without the gateway or VPN, or raise API_TIMEOUT_MS.

AL-5-57 =
    .when = The proxy did not let the connection through.
    .do = Check the proxy's user and password in HTTPS_PROXY, and ask for the host to be allowed.

AL-5-58 =
    .when = The proxy asks for a user and password.
    .do = Write them into the proxy's address: http://user:password@host:port.

AL-5-59 =
    .when = The proxy is of a kind that Claude Code cannot use (SOCKS).
    .do = Set HTTPS_PROXY to an http:// proxy, or remove it.

AL-5-60 =
    .when = The proxy's address cannot be read as a web address, so Claude Code does not start.
    .do = Write it as http://host:port, or remove the variable.

AL-5-61 =
    .when = The address begins with https://, but the server there speaks plain http.
    .do = Change ANTHROPIC_BASE_URL to http://, or to the port that speaks https.

AL-5-62 =
    .when = The base URL cannot be read as a web address: no https://, quotes in it, or a $-variable that nobody fills in.
    .do = Write ANTHROPIC_BASE_URL in full, for instance https://gateway.example, without quotes.

AL-5-63 =
    .when = The server's certificate comes from an authority that is not trusted here, mostly a company's inspecting proxy.
    .do = Put the company's root certificate (PEM) in a file and name it in NODE_EXTRA_CA_CERTS.

AL-5-64 =
    .when = The server shows a certificate that it signed itself.
    .do = Name that certificate (PEM file) in NODE_EXTRA_CA_CERTS, or ask for a proper one.

AL-5-65 =
    .when = The server's certificate has run out, or this machine's clock is wrong.
    .do = Check the date here first; then tell whoever runs the server.

AL-5-66 =
    .when = The server's certificate is for another name.
    .do = Use the name that the certificate is for in ANTHROPIC_BASE_URL.

AL-5-68 =
    .when = The file in NODE_EXTRA_CA_CERTS is missing or holds no readable certificate; it was left out.
    .do = Give the path of a PEM file, or remove the variable.

AL-5-69 =
    .when = Something between here and the API answered with a page of its own: a hotel or company log-in page, a firewall, a gateway.
    .do = Open any web page in a browser and sign in to the network; then check ANTHROPIC_BASE_URL.

AL-5-70 =
    .when = The answer is not in Anthropic's words, so a gateway, proxy or log-in page may have given it.
    .do = Open a web page in a browser to see whether the network asks for a sign-in, then check ANTHROPIC_BASE_URL.

AL-5-71 =
    .when = The request is refused on its way: by a VPN, a proxy, or because of the region.
    .do = Try without VPN and proxy; supported countries: https://www.anthropic.com/supported-countries.

AL-5-72 =
    .when = The base URL has a wrong path, for instance /v1 at its end, so nothing is found there.
    .do = Remove /v1 and everything after the gateway's own path from ANTHROPIC_BASE_URL.

AL-5-73 =
    .when = The address is a web page, not the API's.
    .do = Set ANTHROPIC_BASE_URL to the API address that your gateway documents.

AL-5-74 =
    .when = A gateway answers in place of Anthropic, and does not accept what it is sent: often the right key in the wrong variable.
    .do = Ask whether it wants “Authorization” (ANTHROPIC_AUTH_TOKEN) or “x-api-key” (ANTHROPIC_API_KEY), and set that one.

AL-5-75 =
    .when = A gateway or cloud does not take fields that Claude Code sends.
    .do = Set CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS=1, or update the gateway.

AL-5-76 =
    .when = The gateway in ANTHROPIC_BASE_URL has a fault of its own, or cannot reach the API.
    .do = Ask whoever runs the gateway, or try without it.

AL-5-77 =
    .when = At its first start Claude Code could not reach Anthropic's servers. It tries this even when another endpoint is set.
    .do = Allow api.anthropic.com and platform.claude.com in the firewall or proxy, then start again.

AL-5-78 =
    .when = Amazon's cloud is switched on as provider, but no AWS credentials were found.
    .do = Run “aws sts get-caller-identity”; if it fails, sign in to AWS (for instance “aws sso login”).

AL-5-79 =
    .when = AWS refuses the request: the credentials have ended, or the right or model access is missing.
    .do = Run “aws sts get-caller-identity”; if it works, ask for bedrock:InvokeModel and access to the model.

AL-5-80 =
    .when = The AWS session has ended.
    .do = Sign in to AWS again, for instance with “aws sso login”.

AL-5-81 =
    .when = Finding the AWS credentials took too long: a command waits for an answer, or the metadata service is silent.
    .do = Run “aws sts get-caller-identity” in a terminal and see what it waits for.

AL-5-82 =
    .when = The model is not enabled for your cloud account or region.
    .do = Enable it in the cloud's console, or choose another with “claude --model”.

AL-5-83 =
    .when = Bedrock wants the name of an inference profile, not the plain model.
    .do = Use the model's name with its region in front, for instance us. or eu.

AL-5-84 =
    .when = A gateway in front of Bedrock changes the stream.
    .do = Ask whoever runs the gateway to pass the answer's content type through.

AL-5-85 =
    .when = Google's cloud is switched on as provider, but its credentials are missing or cannot be read.
    .do = Run “gcloud auth application-default login”, or check the file in GOOGLE_APPLICATION_CREDENTIALS.

AL-5-86 =
    .when = The Google credentials have ended or are not accepted.
    .do = Run “gcloud auth application-default login”.

AL-5-87 =
    .when = The Google account lacks the right to use the model.
    .do = Ask for the role “Vertex AI User” (roles/aiplatform.user) in the project.

AL-5-88 =
    .when = Google's cloud is switched on as provider, but no project is named.
    .do = Set ANTHROPIC_VERTEX_PROJECT_ID to the project's ID.

AL-5-89 =
    .when = Your cloud deployment does not offer this model, or its region does not.
    .do = Choose an offered one with “claude --model”, or have it enabled.

AL-5-90 =
    .when = Microsoft Foundry is switched on as provider, but no resource is named.
    .do = Set ANTHROPIC_FOUNDRY_RESOURCE to the resource's name.

AL-5-91 =
    .when = Both the Foundry resource and its base URL are set; only one may be.
    .do = Remove ANTHROPIC_FOUNDRY_BASE_URL or ANTHROPIC_FOUNDRY_RESOURCE.

AL-5-92 =
    .when = Microsoft Foundry is switched on as provider, but there is no key and no Azure sign-in.
    .do = Run “az login”, or set ANTHROPIC_FOUNDRY_API_KEY.

AL-5-93 =
    .when = Foundry refuses the key or the Azure sign-in, or it belongs to another resource.
    .do = Check the key and the resource's name in the Azure portal.

AL-5-94 =
    .when = ANTHROPIC_FOUNDRY_RESOURCE holds a web address where a name belongs.
    .do = Set it to the name alone, or use ANTHROPIC_FOUNDRY_BASE_URL for the address.

AL-5-95 =
    .when = Claude Platform on AWS is switched on as provider, but no workspace is named.
    .do = Set ANTHROPIC_AWS_WORKSPACE_ID.

AL-5-96 =
    .when = A gateway on the way drops the header that marks a login, so the API does not accept it.
    .do = Use a key that the gateway supports, or remove ANTHROPIC_BASE_URL.

AL-5-97 =
    .when = Your company's gateway refused the request.
    .do = Ask whoever runs the gateway whether your account may use it.

AL-5-98 =
    .when = Claude is not offered in the region that the connection comes from.
    .do = Check whether a VPN moves you elsewhere; supported countries: https://www.anthropic.com/supported-countries.

## No sign-in matter

AL-9-01 =
    .when = Your plan's usage limit is reached. The sign-in works.
    .do = Wait until the time that the message names, or upgrade the plan.

AL-9-02 =
    .when = Too many requests at once for this key or organisation. The credential works.
    .do = Wait a minute and try again; limits: https://platform.claude.com/settings/limits.

AL-9-03 =
    .when = The service holds requests back for a moment. It is not your limit.
    .do = Wait and try again.

AL-9-04 =
    .when = The service is overloaded.
    .do = Wait a few minutes and try again; see https://status.claude.com.

AL-9-05 =
    .when = The service has a fault of its own.
    .do = Try again in a moment; see https://status.claude.com.

AL-9-06 =
    .when = The Console account that is billed has no credit left. The key works.
    .do = Add credit at https://platform.claude.com/settings/billing.

AL-9-07 =
    .when = There is a problem with the payment.
    .do = Look at https://platform.claude.com/settings/billing.

AL-9-08 =
    .when = The subscription cannot be used, mostly because a payment is past due.
    .do = Pay or renew at https://claude.ai/settings/billing.

AL-9-09 =
    .when = The model's name is wrong, or your account has no access to it. The sign-in works.
    .do = Choose another model with /model, or “claude --model”.

AL-9-10 =
    .when = The request is too large.
    .do = Remove older images and attachments, or type /compact.

AL-9-11 =
    .when = The request itself was not understood. The credential was not the reason.
    .do = Run “claude update”; if it stays, start a new session.

AL-9-12 =
    .when = A spend limit is reached.
    .do = Wait until it resets, or ask whoever set it to raise it.

AL-9-13 =
    .when = The long context of this model costs extra, and your plan does not include it.
    .do = Choose the ordinary model with /model.

AL-9-14 =
    .when = Your plan does not include this model.
    .do = Choose another with /model.

AL-9-15 =
    .when = The conversation has grown too long for the model.
    .do = Type /compact or /clear.

AL-9-16 =
    .when = A notice that a model will be switched off. Nothing is wrong with the sign-in.
    .do = Choose a newer model before that day.

AL-9-17 =
    .when = Two requests got in each other's way.
    .do = Try again.

AL-9-18 =
    .when = The service took too long to answer.
    .do = Try again in a moment.

AL-9-20 =
    .when = A hook in the settings cannot be loaded. The sign-in is not touched.
    .do = Mend the hook that the message names.

AL-9-21 =
    .when = Claude Code could not start for a reason of the machine: its folder, its shell or its space for temporary files.
    .do = Start it in a folder that you can write to, and check that the disk is not full.

AL-9-22 =
    .when = Claude Code does not skip permissions when it runs as root.
    .do = Run it as an ordinary user.

AL-9-23 =
    .when = Telemetry's helper failed. The sign-in is not touched.
    .do = Run the command in otelHeadersHelper by itself and mend it.

AL-9-24 =
    .when = The session or its work folder is in use elsewhere, or cannot be resumed.
    .do = Close the other session, or start a new one.

AL-9-25 =
    .when = A program that drives Claude Code did not follow its protocol.
    .do = Update that program.

AL-9-26 =
    .when = Nothing is wrong: it worked.
    .do = There is nothing to do.
