## The live test: one free question to the endpoint.

live-stopped = Stopped.
live-crashed = Authlight's own test broke off here. The rest of the report still stands.
live-timed-out = No answer in time, while { $stage ->
    [dns] looking up the name
    [tcp] connecting
    [proxy] waiting for the proxy
    [tls] agreeing on encryption
   *[other] waiting for the reply
  }. Something on the way may be dropping the traffic (time-out).

## Name

live-dns-found = { $host } was found at { $addresses }.
live-dns-unknown = The name { $host } could not be found. Check the spelling of the address, then the internet connection or VPN (DNS).
live-dns-region = The name { $host } could not be found. The region { $region } is part of it: check how it is written, and whether Claude is offered there. Then check the internet connection or VPN (DNS).
live-dns-resource = The name { $host } could not be found. The name of the resource is part of it: check ANTHROPIC_FOUNDRY_RESOURCE, then the internet connection or VPN (DNS).
live-dns-no-host = The address names no host.

## Connection

live-tcp-connected = Connected to { $address }.
live-tcp-refused = Nothing answers at that address and port. Check the port; if it is a local gateway, start it (connection refused).
live-tcp-no-route = This machine has no way to that address. Check the network, the VPN or the firewall (no route).

## Proxy

live-proxy-open = The proxy { $proxy } lets us through to { $host }.
live-proxy-scheme = Claude Code cannot use a proxy of this kind: { $scheme }. Give an http:// or https:// proxy.
live-proxy-credentials = The proxy { $proxy } wants a user name and password, or other ones (407).
live-proxy-credentials-wrong = The proxy { $proxy } does not take the user name and password that its address holds (407). The password may have changed; special characters in it need percent signs.
live-proxy-sign-in = The proxy { $proxy } wants a way to sign in that Claude Code does not have: { $schemes } (407). Ask whoever runs it for one with user name and password (Basic), or put a small local proxy in between that signs in for you.
live-proxy-unset = Something on the way wants the user name and password of a proxy (407), and no proxy is set. Ask whoever runs the network which one to set in HTTPS_PROXY.
live-proxy-script = The proxy's address is that of a script that chooses proxies, as browsers use it (PAC). Claude Code does not read such scripts: put in the host and port of a proxy that the script names.
live-proxy-not-connect = What answers at { $proxy } is a web server that does not work as a proxy. Check its address and port.
live-proxy-refused = The proxy { $proxy } does not let us through to { $host }. Whoever runs it can allow that host.
live-proxy-not-a-proxy = What answers at { $proxy } is not a proxy. Check its address and port.
live-proxy-dropped = The proxy { $proxy } closed the connection without an answer.

## Certificate

live-tls-trusted = The certificate of { $host } is trusted. It was issued by { $issuer }.
live-tls-expired = The certificate of { $host } ran out on { $to }. If that date lies ahead, this machine's clock is wrong. Your key was not sent.
live-tls-not-yet = The certificate of { $host } counts from { $from } only. This machine's clock may be behind. Your key was not sent.
live-tls-other-name = The certificate is for { $names }, not for { $host }: another server answered. Your key was not sent.
live-tls-unknown-issuer = The certificate of { $host } was issued by { $issuer }, which is not trusted here. If that is your organisation, name its certificate file in NODE_EXTRA_CA_CERTS. Your key was not sent.
live-tls-root-ended = The certificate of { $host } was issued by { $issuer }, whose root certificate, in the file that NODE_EXTRA_CA_CERTS names, ran out on { $to }. Ask for the new one. Your key was not sent.
live-tls-self-signed = The certificate of { $host } vouches for itself (self-signed) and is not trusted here. Your key was not sent.
live-tls-refused = The certificate of { $host }, issued by { $issuer }, was not accepted. Your key was not sent.
live-tls-unchecked = Claude Code does not check the certificate of { $host } (NODE_TLS_REJECT_UNAUTHORIZED). Authlight does, found it not trusted, and sends nothing there.
live-tls-not-tls = { $host } does not speak encrypted there. Perhaps the address should begin with http://, or the port is another one. Your key was not sent.
live-tls-too-old = { $host } and this program have no encryption in common: that server offers only what is too old to be safe (before TLS 1.2). Your key was not sent.
live-tls-client-certificate = { $host } wants to see a certificate of this machine (client certificate, mTLS), and none could be shown. Name one in CLAUDE_CODE_CLIENT_CERT and its key in CLAUDE_CODE_CLIENT_KEY. Your key was not sent.
live-tls-http-2 = { $host } speaks none of what Claude Code speaks: it wants HTTP/2, and Claude Code has HTTP/1.1 alone (ALPN). Whoever runs that server can let it take both. Your key was not sent.
live-tls-failed = No encryption could be agreed on with { $host } (TLS handshake). Your key was not sent.
live-tls-dropped = { $host } closed the connection before encryption was agreed on (TLS handshake). Your key was not sent.
live-tls-no-authorities = The list of trusted certificate issuers could not be loaded. Your key was not sent.

## Answer

live-http-answered = A web server answered ({ NUMBER($status, useGrouping: 0) }).
live-http-server-error = The service has trouble of its own ({ NUMBER($status, useGrouping: 0) }). It says nothing about your key. Try again later.
live-http-no-answer = The connection ended without a reply. The other side may not be a web server.
live-http-not-http = What answers there is not a web server. Check the port; perhaps the address should begin with https:// (no HTTP).
live-http-head-too-long = The reply begins with more header lines than any known server sends, so it was not read.
live-http-scheme = Only http:// and https:// addresses can be tested, not { $scheme }.
live-http-address = No request can be made from this address. Check the base URL.

## Who answered

live-responder-api = The Claude API answered.
live-responder-gateway = A gateway answered.
live-responder-redirect-away = Instead of the API, something sent us on to { $to }. That is often a network's sign-in page. We did not follow.
live-responder-redirect-same = The address sends us on to { $to }. Write the final address into the base URL. We did not follow.
live-responder-redirect-nowhere = The address sends us on, but does not say where ({ NUMBER($status, useGrouping: 0) }). Check the base URL.
live-responder-client-certificate = The server wants to see a certificate of this machine (client certificate, mTLS), and none was shown. Name one in CLAUDE_CODE_CLIENT_CERT and its key in CLAUDE_CODE_CLIENT_KEY.
live-responder-path = Neither free question is answered at this path ({ NUMBER($status, useGrouping: 0) }). Check the end of the base URL: Claude Code adds /v1/messages itself.
live-responder-page = A web page answered instead of the API: a network's sign-in page or a firewall. Open a browser and see.
live-responder-refusal = Something refused us, but not in the way of the API ({ NUMBER($status, useGrouping: 0) }). It says nothing about your key; a firewall or proxy may have answered.
live-responder-other = What answered is not the API ({ NUMBER($status, useGrouping: 0) }). Check the base URL.

## The credential

live-auth-known = The key is known there.
live-auth-works = The key works.
live-auth-rejected = The key is not accepted there (401). It may have been deleted, replaced or copied in part.
live-auth-other-header = The gateway accepts this same secret in the other header ({ $header }), not in the one where Claude Code sends it now (401). { $header ->
    [authorization] Put it into ANTHROPIC_AUTH_TOKEN instead of ANTHROPIC_API_KEY.
   *[other] Put it into ANTHROPIC_API_KEY instead of ANTHROPIC_AUTH_TOKEN.
  }
live-auth-limited-first = The gateway turned us away for too many requests before saying anything about the key (429).
live-auth-unclear = The endpoint offers no free question that shows whether the key is good.
live-auth-none-sent = No key was sent, so nothing is said about one.
live-auth-helper-not-run = A command gives the key, and it was not run: that needs your word (authlight test --run-helper). So nothing is said about a key.
live-auth-login = This sign-in belongs to claude.ai. Authlight never sends it anywhere: only your own claude can prove it.
live-helper-not-here = How Claude Code runs the command of apiKeyHelper on Windows is not known. It was not run.
live-helper-slow = The command of apiKeyHelper in { $named_in } did not end in time. Nothing was sent.
live-helper-not-run = The command of apiKeyHelper in { $named_in } could not be started. Nothing was sent.
live-helper-no-key = The command of apiKeyHelper in { $named_in } { $how ->
    [nothing] printed nothing
    [lines] printed several lines, not one key
   *[code] ended with the code { $code }
  }. Claude Code then sends an empty key. Nothing was sent here.
live-own-not-signed-in = Your own Claude Code says that nobody is signed in (claude auth status). Sign in with /login, or claude auth login.
live-own-accepted = Your own Claude Code was let in.
live-own-answered = It got an answer to a prompt of one word: there is room for requests.
live-own-refused = Your own Claude Code was turned away. It says: { $says }
live-own-unclear = Your own Claude Code ended without an answer that can be read.
live-own-slow = Your own Claude Code gave no answer in two minutes.
live-own-not-run = Your own Claude Code could not be started.
live-service-well = The service says of itself that all is well: { $description }.
live-service-trouble = The service says of itself that it has trouble: { $description }. The cause is not here; try again later.
live-service-unknown = The service's status page could not be read.
live-auth-provider = This test cannot speak to this provider. Your own claude can prove the sign-in.
live-auth-project-endpoint = A project folder chose where to send: { $host }. Nothing is sent there unless you agree.
live-auth-plain-http = { $host } would get the key without encryption (http://). Nothing is sent there unless you agree.
live-auth-character = The key cannot be sent: character { $position } cannot stand in a request. Copy the key again.

## What it may

live-permission-given = The key may be used for messages.
live-permission-refused = The key is known but not allowed to do this (403). Whoever manages the account can change that.
live-permission-disabled = The organisation that this key belongs to has been switched off.
live-permission-model = The key is known, but the endpoint does not have the model that Claude Code will ask for. Choose another with /model or ANTHROPIC_MODEL.
live-permission-not-asked = This question does not show what the key may do.

## Money and room

live-quota-credit = The key is good, but the account has no credit left.
live-quota-rate = The key is good. Just now there are too many requests; wait a little (429).
live-quota-gateway = The gateway allows no more requests just now (429).
live-quota-there = A message of one token was answered: there is credit, and room for requests.
live-quota-not-asked = This question is free, so it does not show whether there is credit.

## The clouds

live-cloud-answered = { $vendor ->
    [aws] AWS answered.
    [google] Google Cloud answered.
   *[other] Microsoft answered.
  }
live-cloud-known = The cloud knows this sign-in.
live-cloud-path = What answers there has none of the free questions ({ NUMBER($status, useGrouping: 0) }). Claude Code does without them.
live-cloud-no-question = The cloud has let us in, but what answers here offers no free question about the models.
live-cloud-rejected = { $vendor ->
    [aws] AWS does not accept these credentials. The key may have been deleted, replaced or copied in part, or its secret belongs to another key; or the region is not switched on for the account. Sign in again, or make new keys.
    [google] Google does not accept these credentials. Sign in again: gcloud auth application-default login
   *[other] Microsoft does not accept this key or sign-in. Compare it with the keys of the resource, or sign in again: az login
  }
live-cloud-expired = { $vendor ->
    [aws] These AWS credentials were for a while only, and that while is over (expired). Sign in again, for example: aws sso login
    [google] This sign-in to Google has run out or was withdrawn. Sign in again: gcloud auth application-default login
   *[other] This sign-in to Microsoft, or the secret of the program, has run out. Sign in again: az login
  }
live-cloud-clock = This machine's clock and the cloud's differ too much, so the signature does not count (clock skew). Set the clock, then test again.
live-cloud-denied = { $vendor ->
    [aws] AWS knows you, but does not allow this (access denied). Whoever manages the account can give you bedrock:InvokeModel and bedrock:ListInferenceProfiles, or the like for the Claude Platform.
    [google] Google knows you, but does not allow this in the project. Whoever manages it can give you the role Vertex AI User (aiplatform.user).
   *[other] Microsoft knows you, but does not allow this. Whoever manages the resource can give you the role Cognitive Services User.
  }
live-cloud-role-denied = AWS knows you, but does not let you take the role or the account that the profile names (access denied). Whoever manages the account can allow it.
live-cloud-model = The cloud knows you, but the model { $model } may not be used: it is not enabled for the account, or not offered in the region.
live-cloud-model-listed = The model { $model } is offered to you here. Only a message shows whether it may be used.
live-cloud-model-missing = The model { $model } is not among those offered to you in this region. Choose another one, or another region.
live-cloud-model-off = The model { $model } is listed, but is not active.
live-cloud-switched-off = The Vertex AI service is switched off in this Google project. Whoever manages the project can switch it on (aiplatform.googleapis.com).
live-cloud-limited = The cloud allows no more requests just now (too many, or a quota of nothing). Wait a little; if it stays so, ask for quota for this model.
live-cloud-unclear = The cloud's answer does not show whether the sign-in is good ({ NUMBER($status, useGrouping: 0) }).
live-cloud-unsigned = The request could not be signed with these credentials. Copy them again.
live-cloud-address = The address of a service that takes part in signing in cannot be used. Check the variables whose names begin with AWS_ENDPOINT_URL, and AZURE_AUTHORITY_HOST or token_uri.
live-cloud-stops = Claude Code asks nobody here: it stops before, with "{ $command }".
live-cloud-command = A command of yours gives the AWS credentials. Authlight does not run it. To see whether it works: { $command }
live-cloud-not-run = A program gives this credential, and it was not run: that needs your word (authlight test --run-helper). It would be: { $command }
live-cloud-program-slow = What gives the credential did not end in time: { $command }. Nothing was sent.
live-cloud-program-not-run = What gives the credential could not be started: { $command }. Nothing was sent.
live-cloud-program-nothing = What gives the credential { $how ->
    [nothing] printed nothing
    [other] printed something else than a credential
   *[code] ended with the code { $code }
  }: { $command }. Nothing was sent. Run it yourself to see what it says.
live-cloud-elsewhere = The AWS credentials come from a container, another machine's service or a sign-in that this test cannot use. To see whether it works: { $command }
live-cloud-aws-nothing = No AWS credentials were found in variables and files. On a machine within AWS its own identity may still sign in; this test does not ask for that. To see: { $command }
live-cloud-project-file = A project folder chose the file with the token for the AWS role. Authlight does not send such a file anywhere. To see whether it works: { $command }
live-cloud-role = The profile takes a role in a manner that this test cannot follow (a code to be typed in, or another profile's sign-in). To see whether it works: { $command }
live-cloud-sso-incomplete = The profile's sign-in in the browser (SSO) lacks its start address, region, account or role. To fill it in: aws configure sso
live-cloud-sso-none = Nobody is signed in through the browser for this profile (SSO). Sign in: { $command }
live-cloud-sso-expired = The sign-in through the browser for this profile has run out (SSO). Sign in again: { $command }
live-cloud-sso-renews = The token of the sign-in through the browser has run out, but can be renewed (SSO). Authlight leaves that to its owner. If Claude Code does not get in either, sign in again: { $command }
live-cloud-token-file = The file with the token for the AWS role cannot be read. Check AWS_WEB_IDENTITY_TOKEN_FILE, or web_identity_token_file in the profile.
live-cloud-google-nothing = No Google credentials were found in a file. On a machine within Google Cloud its own identity may still sign in; this test does not ask for that. To see: { $command }
live-cloud-google-kind = These Google credentials are of a kind that this test cannot use. To see whether they work: { $command }
live-cloud-google-key = The private key in the file of Google's credentials cannot be used. Download the file again.
live-cloud-google-project = No Google project is named. Set ANTHROPIC_VERTEX_PROJECT_ID.
live-cloud-azure = Azure's own tool has no token for Foundry at hand that this test could read. To see whether you are signed in: { $command }
live-cloud-azure-tenant = AZURE_TENANT_ID is not the name of a tenant. To see whether you are signed in: { $command }
