# Cause 5: where requests go, and how they get there.

C5-endpoint-green = The way to the service is open.
C5-endpoint-not-tested = The way to the service looks right, but only a test shows that it is open.
C5-endpoint-not-in-use = Nothing is sent anywhere.
C5-endpoint-could-not-look = It could not be told whether the way to the service is open.

## Who answers

C5-provider =
    .pass = It is clear which provider Claude Code asks.

AL-5-01 = Several providers are switched on; { $winner } wins.
    .saw = { $winner } and also { $others } are switched on.
    .why = Claude Code asks one provider only, here { $cloud }. The other switches do nothing.
    .do = Keep the switch of the provider you mean and remove the others.

AL-5-02 = { $name } has a value that does not switch it on.
    .saw = { $name } is set, but not to 1, true, yes or on.
    .why = Claude Code takes any other value for “off” and does not ask { $cloud }.
    .do = Set { $name } to 1 without quotation marks, or remove it.

AL-5-03 = { $name } is set, but { $cloud } does not use it.
    .saw = { $switch } is on, and { $name } is set as well.
    .why = With that switch on, Claude Code asks { $cloud } and leaves { $name } unread.
    .do = If you mean { $name }, remove { $switch }. Otherwise leave it as it is.

## What a cloud needs

C5-provider-settings =
    .pass = The provider has the settings it needs.
skip-no-cloud = No cloud provider is switched on.
unknown-cloud-asks = The cloud's own sign-in is used. Only trying shows whether it still holds.

AL-5-05 = The AWS key in { $name } is temporary and lacks its session token.
    .saw = The key begins with ASIA, and no session token is set beside it.
    .why = AWS refuses a temporary key without the token that was issued with it.
    .do = Copy all three values again (key, secret and session token), or sign in with aws sso login.

AL-5-35 = Microsoft Foundry is switched on without an address.
    .saw = Neither ANTHROPIC_FOUNDRY_RESOURCE nor ANTHROPIC_FOUNDRY_BASE_URL is set.
    .why = Claude Code does not know where to send requests, so it sends none.
    .do = Set ANTHROPIC_FOUNDRY_RESOURCE to the name of your Foundry resource.

AL-5-36 = Microsoft Foundry has two addresses where one is allowed.
    .saw = ANTHROPIC_FOUNDRY_RESOURCE and ANTHROPIC_FOUNDRY_BASE_URL are both set.
    .why = Claude Code takes only one of them and stops when it finds both.
    .do = Keep one of the two and remove the other.

AL-5-37 = ANTHROPIC_FOUNDRY_RESOURCE is not the name of a resource.
    .saw = The value is something else than 2 to 64 letters, digits and hyphens.
    .why = Claude Code wants the bare name there and stops at an address or a full host name.
    .do = Put the bare resource name there, or move the whole address to ANTHROPIC_FOUNDRY_BASE_URL.

AL-5-38 = The key for { $cloud } cannot be sent.
    .saw = { $what ->
        [blank] The key is made of blanks only.
       *[character] The key holds a character that cannot stand in a request, such as a line break or a curly mark.
      }
    .why = Claude Code stops before it sends anything.
    .do = Copy the key again from where it was issued and set it anew.

AL-5-39 = Claude Platform on AWS is switched on without a workspace.
    .saw = ANTHROPIC_AWS_WORKSPACE_ID is not set.
    .why = Without the workspace Claude Code makes no request.
    .do = Set ANTHROPIC_AWS_WORKSPACE_ID to the ID of your workspace.

AL-5-40 = Google Vertex AI is switched on without a project.
    .saw = No project is named, neither in ANTHROPIC_VERTEX_PROJECT_ID nor in Google's credentials.
    .why = Without the project Claude Code makes no request.
    .do = Set ANTHROPIC_VERTEX_PROJECT_ID to the ID of your Google Cloud project.

AL-5-41 = The file with Google's credentials cannot be used.
    .saw = { $trouble ->
        [absent] There is no file at { $path }.
        [content] The file { $path } lacks what a credential needs.
       *[other] The file { $path } could not be read ({ $trouble }).
      }
    .why = Claude Code signs in to Google Cloud with this file and looks nowhere else once it is named.
    .do = Run gcloud auth application-default login, or name the right file in GOOGLE_APPLICATION_CREDENTIALS.

AL-5-42 = No credentials for { $cloud } were seen.
    .saw = { $half ->
        [id] AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not; nothing else holds credentials for { $cloud }.
        [secret] AWS_SECRET_ACCESS_KEY is set, and AWS_ACCESS_KEY_ID is not; nothing else holds credentials for { $cloud }.
       *[none] Neither variables nor files on this machine hold credentials for { $cloud }.
      }
    .why = A machine in the cloud may have an identity of its own, which only trying shows. On a personal computer Claude Code will not be able to sign in.
    .do = { $provider ->
        [vertex] Run gcloud auth application-default login.
       *[other] Sign in to AWS, for instance with aws sso login, and name the profile in AWS_PROFILE.
      }

AL-5-43 = AWS_PROFILE names a profile that does not exist.
    .saw = The profile { $profile } stands neither in { $path } nor in the AWS credentials file.
    .why = With a profile named, AWS looks for credentials there, and Claude Code finds none.
    .do = Set AWS_PROFILE to one of the profiles that aws configure list-profiles shows.

AL-5-44 = { $name } is not a region.
    .saw = The value of { $name } holds something that no region has, such as a capital letter or a blank.
    .why = Claude Code passes over it without a word and asks { $default }, where your models may not be enabled.
    .do = Write the region as the cloud writes it, for instance { $default }.

AL-5-45 = { $name } is on, but no gateway is named.
    .saw = { $name } is on, and { $address } is not set.
    .why = Requests then go to { $cloud } unsigned, which it refuses. The switch is meant for a gateway that signs.
    .do = Set { $address } to the address of the gateway, or remove { $name }.

## How the address is written

C5-base-url =
    .pass = The address is written as Claude Code needs it.
skip-default-endpoint = The usual address is used.

AL-5-04 = { $name } is not an address that Claude Code can use.
    .saw = { $fault ->
        [key] A key stands there instead of an address.
        [quotes] The address stands in quotation marks.
        [template] A placeholder stands there that nobody has filled in.
        [no-scheme] The address does not begin with https:// or http://.
        [scheme] The address begins with something else than https:// or http://.
       *[words] What stands there is no address.
      }
    .why = Claude Code stops before it sends anything.
    .do = { $fault ->
        [key] Replace that key, move the new one to ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN, and put the address here.
        [quotes] Remove the quotation marks around the address.
        [template] Write the address itself there; Claude Code fills in no placeholders.
       *[other] Write the whole address, beginning with https://.
      }

AL-5-06 = { $name } ends in /v1, which Claude Code adds itself.
    .saw = The address is { $url }.
    .why = Requests go to { $url }/v1/messages. Most services answer “not found”, and Claude Code calls that a problem with the model.
    .do = Remove /v1 from the end of { $name }.

AL-5-07 = { $name } ends in the path of a request.
    .saw = The address is { $url }.
    .why = Claude Code adds /v1/messages to it, so requests go to a place that does not exist.
    .do = Shorten { $name } to the part before /v1.

AL-5-08 = { $name } has a question mark or # in it.
    .saw = Something follows a ? or # in the address of { $url }.
    .why = The path that Claude Code adds becomes part of it and never reaches the service.
    .do = Remove the ? or # and what follows it from { $name }.

AL-5-09 = { $name } is understood, but not written cleanly.
    .saw = { $what ->
        [scheme] The address has no http:// or https:// in front and is taken for { $url }.
       *[blanks] There are blanks around the address { $url }.
      }
    .why = Claude Code copes with it. Other programs may not.
    .do = { $what ->
        [scheme] Write the address in full.
       *[blanks] Remove the blanks.
      }

AL-5-10 = A user name or password stands in { $name }.
    .saw = The address holds a user name or a password before the host.
    .why = { $sent ->
        [astray] One of its characters ends the host name, so requests go to another host than you mean and carry part of it along.
        [yes] It is sent as a sign-in of its own (Basic), and everyone who can read this setting can read it.
       *[no] It is not sent, because another credential takes its place; and everyone who can read this setting can read it.
      }
    .do = Take the user name and password out of { $name }; a gateway's token belongs in ANTHROPIC_AUTH_TOKEN.

## Which host

C5-base-url-host =
    .pass = The host is spelt right, and what goes there is protected on the way.

AL-5-11 = Requests to { $host } travel without encryption.
    .saw = { $name } begins with http://, and { $host } is not this machine.
    .why = { $where ->
        [private] Everyone in the same network can read your key and your code on the way.
       *[foreign] Everyone between you and { $host } can read your key and your code on the way.
      }
    .do = Use an https:// address, if { $host } offers one.

AL-5-12 = { $host } is nearly { $meant }, but not the same.
    .saw = { $name } names the host { $host }.
    .why = Requests and your key go to { $host }, whoever owns it.
    .do = If you mean Anthropic, remove { $name }: { $meant } is asked by default.

AL-5-13 = { $host } is a website, not the service for programs.
    .saw = { $name } names the host { $host }.
    .why = That host shows pages to people. Requests of Claude Code are not answered there.
    .do = Remove { $name }: the right host is asked by default.

## Which credential goes there

C5-credential-at-endpoint =
    .pass = The credential fits the address it is sent to.

AL-5-14 = A key of Anthropic's is sent to { $host }.
    .saw = { $name } holds a key issued by Anthropic, and requests go to { $host }.
    .why = Whoever runs { $host } can use your key. A gateway normally issues a key of its own.
    .do = If { $host } has given you a key, put that one in ANTHROPIC_AUTH_TOKEN and remove { $name }.

AL-5-15 = Your claude.ai sign-in is sent to { $host }.
    .saw = Requests go to { $host } with the claude.ai sign-in ({ $name }).
    .why = { $where ->
        [here] A program on this machine sees your sign-in. Who pays depends on where that program passes it on.
       *[away] Whoever runs { $host } can use your sign-in, and who pays cannot be told from here.
      }
    .do = If you do not know { $host }, remove the base URL. If it is your gateway, set its own token in ANTHROPIC_AUTH_TOKEN.

AL-5-16 = The gateway's key is sent in a header that not every gateway reads.
    .saw = { $name } is sent to { $host } as x-api-key.
    .why = Many gateways read only the other header (Authorization). Besides, Claude Code sends this key to Anthropic as well, for tasks in the background.
    .do = If { $host } turns the key away, move it to ANTHROPIC_AUTH_TOKEN.

## What the live test said

C5-connection =
    .pass = The service answered.
skip-not-tested = The live test has not been run.

AL-5-46 = { $host } cannot be reached.
    .saw = { $what ->
        [dns-unknown] The name { $host } could not be found.
        [dns-region] The name { $host } could not be found; the region is part of it.
        [dns-resource] The name { $host } could not be found; the name of the resource is part of it.
        [dns-no-host] The address names no host.
        [tcp-refused] Nothing answers at the address and port of { $host }.
        [tcp-no-route] This machine has no way to { $host }.
        [proxy-credentials] The proxy wants a user name and password, or other ones.
        [proxy-credentials-wrong] The proxy does not take the user name and password that its address holds.
        [proxy-sign-in] The proxy wants a way to sign in that Claude Code does not have: { $schemes }.
        [proxy-unset] Something on the way wants the user name and password of a proxy, and no proxy is set.
        [proxy-script] The proxy's address is that of a script for browsers (PAC), which Claude Code does not read.
        [proxy-not-connect] What answers at the proxy's address is a web server that does not work as a proxy.
        [proxy-refused] The proxy does not let requests through to { $host }.
        [proxy-not-a-proxy] What answers at the proxy's address is not a proxy.
        [proxy-dropped] The proxy closed the connection without an answer.
        [proxy-scheme] Claude Code cannot use a proxy of this kind.
        [tls-expired] The certificate of { $host } has run out.
        [tls-not-yet] The certificate of { $host } does not count yet.
        [tls-not-tls] { $host } does not speak encrypted at that port.
        [tls-too-old] { $host } offers only encryption that is too old to be safe (before TLS 1.2).
        [tls-client-certificate] { $host } wants to see a certificate of this machine, and the test shows none.
        [tls-dropped] { $host } closed the connection before encryption was agreed on.
        [http-no-answer] { $host } closed the connection without a reply.
        [http-not-http] What answers at { $host } is not a web server.
        [http-head-too-long] The reply of { $host } begins with more header lines than any known server sends.
        [responder-client-certificate] { $host } wants to see a certificate of this machine, and the test shows none.
        [responder-redirect-nowhere] { $host } sends requests on without saying where.
        [responder-other] What answers at { $host } is not the API.
        [responder-path] { $host } knows nothing at the path that Claude Code asks.
        [responder-redirect-same] { $host } sends requests on to another address.
       *[other] The live test could not get through to { $host } (at the stage { $stage }).
      }
    .why = Claude Code takes the same way and does not get through either. It tries for about three minutes before it says so.
    .do = { $what ->
        [dns-unknown] Check the spelling of the address, then the internet connection or VPN.
        [dns-region] Check how the region is written and whether Claude is offered there, then the internet connection or VPN.
        [dns-resource] Check ANTHROPIC_FOUNDRY_RESOURCE, then the internet connection or VPN.
        [tcp-refused] Check the port; if it is a program of your own, start it.
        [tcp-no-route] Check the network, the VPN or the firewall.
        [proxy-credentials] Put the right user name and password into the proxy's address.
        [proxy-credentials-wrong] Put the password of today into the proxy's address; special characters in it need percent signs.
        [proxy-sign-in] Ask whoever runs the proxy for a user name and password (Basic), or put a small local proxy in between that signs in for you.
        [proxy-unset] Ask whoever runs the network which proxy to set in HTTPS_PROXY.
        [proxy-script] Put the host and port of a proxy that the script names in its place.
        [proxy-not-connect] Check the address and port of the proxy.
        [proxy-refused] Ask whoever runs the proxy to allow { $host }.
        [proxy-not-a-proxy] Check the address and port of the proxy.
        [proxy-scheme] Use a proxy whose address begins with http:// or https://.
        [tls-expired] Check this machine's clock; if it is right, tell whoever runs { $host }.
        [tls-not-yet] Check this machine's clock.
        [tls-not-tls] Check the port, and whether the address should begin with http://.
        [tls-too-old] Ask whoever runs { $host } to switch on TLS 1.2 or later.
        [tls-client-certificate] If it is meant to be so, name the certificate's file in CLAUDE_CODE_CLIENT_CERT and its key in CLAUDE_CODE_CLIENT_KEY; your own claude can then prove it.
        [responder-client-certificate] If it is meant to be so, name the certificate's file in CLAUDE_CODE_CLIENT_CERT and its key in CLAUDE_CODE_CLIENT_KEY; your own claude can then prove it.
        [http-not-http] Check the port, and whether the address should begin with https://.
        [responder-redirect-nowhere] Check the base URL.
        [responder-other] Check the base URL.
        [responder-path] Check the end of the base URL: Claude Code adds /v1/messages itself.
        [responder-redirect-same] Write the final address into the base URL.
       *[other] Check the network connection, then the address and the proxy.
      }

AL-5-47 = Something stands between you and { $host }.
    .saw = { $what ->
        [tls-unknown-issuer] The certificate shown for { $host } was issued by somebody who is not trusted here.
        [tls-root-ended] The root certificate behind the one shown for { $host }, in the file that NODE_EXTRA_CA_CERTS names, has run out.
        [tls-self-signed] The certificate shown for { $host } vouches for itself.
        [tls-other-name] The certificate that was shown is for another host.
        [tls-refused] The certificate shown for { $host } was not accepted.
        [responder-page] A web page answered instead of { $host }.
        [responder-redirect-away] Requests were sent on to another place instead of being answered.
        [responder-refusal] A refusal came, but not in the way of the service.
       *[other] What answered is not { $host }.
      }
    .why = A network's sign-in page, a firewall or a company's inspection of encrypted traffic answers in its place, so Claude Code cannot sign in.
    .do = { $what ->
        [tls-unknown-issuer] Ask your organisation for its root certificate and name the file in NODE_EXTRA_CA_CERTS.
        [tls-root-ended] Ask your organisation for its new root certificate and name the file in NODE_EXTRA_CA_CERTS.
        [tls-self-signed] If the certificate is your own, name its file in NODE_EXTRA_CA_CERTS.
        [tls-other-name] Check the address, and ask your organisation whether it inspects encrypted traffic.
        [tls-refused] Ask your organisation whether it inspects encrypted traffic.
       *[other] Open a web browser and see whether the network wants you to sign in.
      }

AL-5-48 = { $host } did not answer in time.
    .saw = No answer came within the time of the test (at the stage { $stage }).
    .why = Something on the way may be dropping the traffic, or the service is overloaded.
    .do = Try again. If it stays so, check the network, the VPN or the proxy.

AL-5-49 = { $host } has trouble of its own at the moment.
    .saw = { $host } answered with an error that is its own.
    .why = It says nothing about your key or sign-in. Nothing needs to be repaired on this machine.
    .do = { $provider ->
        [anthropic] Look at https://status.claude.com and try again later.
       *[other] Try again later, or tell whoever runs { $host }.
      }

## Programs on this machine

C5-local-port =
    .pass = Something answers at the address on this machine.
skip-not-this-machine = The address does not lie on this machine.
skip-ports-not-seen = It cannot be seen from here whether a program answers at the address on this machine.

AL-5-17 = { $sure ->
        [known] { $program } does not answer
       *[none] Nothing answers
    } on this machine at port { $port }, where requests go.
    .saw = { $name } points to port { $port } of this machine, and no program listens there.{ $sure ->
        [known] { "" } The address is that of { $program }.
        [likely] { "" } { $program } often uses this port.
       *[none] { "" }
    }
    .why = Every request is refused. Claude Code tries for about three minutes before it says so. Such an address is often left over from a gateway that is no longer started.
    .do = { $resident ->
        [cc-switch] Open CC Switch, and have Claude Code go back to direct there, or leave it running.
        [claude-code-router] If it is Claude Code Router, start it with “ccr start”. If you no longer use it, remove { $name }.
        [free-claude-code] If it is Free Claude Code, start it (fcc-server). If you no longer use it, remove { $name }.
        [litellm] If it is LiteLLM, start “litellm” with your configuration. If you no longer use it, remove { $name }.
       *[none] Start the program that belongs to port { $port }, or remove { $name } if you no longer use it.
    }

AL-5-18 = Nothing answers on this machine at port { $port }, where the proxy should be.
    .saw = { $name } points to port { $port } of this machine, and no program listens there.
    .why = Every request goes to the proxy first, so none arrives.
    .do = Start the proxy that belongs to port { $port }, or remove { $name } if you no longer use it.

C5-resident =
    .pass = No program known to rewrite settings stands between Claude Code and the service.
skip-nothing-listens = Nothing listens there; that is told beside it.

AL-5-100 = Claude Code does not ask Anthropic but { $sure ->
        [known] { $program } on this computer
        [likely] a program on this computer, perhaps { $program }
       *[other] a program on this computer
    }.
    .saw = { $resident ->
        [cc-switch] The address (base URL) is the one that CC Switch writes into settings.json when its routing is on. It keeps the key itself, and writes PROXY_MANAGED in its place.
        [claude-code-router] The address (base URL) is that of Claude Code Router (ccr), port { $port } of this computer.
       *[other] The address (base URL) is port { $port } of this computer{ $sure ->
            [none] { "" }
            [likely] , which { $program } often uses
           *[known] , which belongs to { $program }
        }.
    }{ $held ->
        [yes] { "" } The program that listens there now is “{ $holder }”.
       *[no] { "" }
    }{ $starts ->
        [yes] { "" } It is started together with the computer.
       *[no] { "" }
    }
    .why = What answers there stands in Anthropic's place and chooses the model and who pays. What goes wrong there looks like a fault of your key.
    .do = { $resident ->
        [cc-switch] If you do not want it, open CC Switch and have Claude Code go back to direct there: it then writes the former settings back.
        [claude-code-router] If you do not want it, run “ccr stop”, and take ANTHROPIC_BASE_URL and ANTHROPIC_AUTH_TOKEN out of where they are set.
        [free-claude-code] If you do not want it, quit Free Claude Code, and take ANTHROPIC_BASE_URL and ANTHROPIC_AUTH_TOKEN out of where they are set.
       *[other] If you do not want it, take ANTHROPIC_BASE_URL out of where it is set, and start Claude Code anew.
    }

AL-5-101 = { $variable } holds what { $program } writes in place of a key, and no key.
    .saw = { $variable } holds the mark of { $program }, but the address is not that of { $program }.
    .why = Only { $program } puts the real key in its place. Whoever else gets the mark does not know it.
    .do = { $resident ->
        [cc-switch] Open CC Switch: when it starts, it writes the former settings back. Or take { $variable } out.
       *[other] Take { $variable } out, or set it to your own key.
    }

AL-5-102 = { $program } left { $variable } behind, where it has no effect now.
    .saw = { $variable } holds what { $program } writes. Something stronger stands against it.
    .why = As soon as the stronger one goes, Claude Code asks { $program } again.
    .do = If you no longer use { $program }, take { $variable } out there.

## Proxy

C5-proxy =
    .pass = The proxy is named in a way that Claude Code understands.
skip-no-proxy = No proxy is in use.

AL-5-19 = { $name } is not an address that Claude Code can use.
    .saw = { $fault ->
        [quotes] The address in { $name } stands in quotation marks.
        [password] The password in { $name } holds a character that means something else in an address: # / ? or \.
        [host-alone] A host name stands alone in { $name }, without http:// and port.
       *[words] { $name } names a proxy, but what stands there is no address.
      }
    .why = { $start ->
        [stops] Claude Code does not start with it.
        [unreached] Claude Code takes it for the name of a host, finds none, and sends nothing.
        [astray] Claude Code takes what stands before that character for the proxy's host and does not get through.
       *[may] Claude Code may not start with it.
      }
    .do = { $fault ->
        [quotes] Remove the quotation marks in { $name }.
        [password] Write that character in its encoded form: %23 for #, %2F for /, %3F for ?, %5C for \.
       *[other] Write the proxy's whole address into { $name }, for instance http://proxy.example:8080, or remove { $name }.
      }

AL-5-20 = Claude Code cannot use a proxy of the kind { $scheme }.
    .saw = The address in { $name } begins with { $scheme }://.
    .why = Claude Code speaks to proxies by http:// and https:// only and stops with UnsupportedProxyProtocol.
    .do = Ask for the http:// address of your proxy and put it into { $name }.

AL-5-21 = { $name } names a file with proxy rules, not a proxy.
    .saw = The address in { $name } leads to an automatic configuration (PAC).
    .why = Claude Code does not read such files and takes the address for the proxy itself.
    .do = Look into that file, or ask your organisation, for the proxy's own address and put it into { $name }.

AL-5-22 = The proxy's user name or password stands in { $name }.
    .saw = The address in { $name } holds a user name or a password.
    .why = Claude Code signs in to the proxy with them, which works. Everyone who can read this setting can read them. A proxy that wants a Windows sign-in (NTLM, Kerberos) does not take them.
    .do = Nothing, if the proxy lets you through.

AL-5-23 = { $name } and { $other } say different things.
    .saw = Both { $name } and { $other } are set, to different values.
    .why = Claude Code follows { $name }. Other programs may follow { $other }.
    .do = Give both the same value, or remove one of them.

C5-no-proxy =
    .pass = What goes through the proxy is meant to.

AL-5-24 = { $keeps ->
        [prompts] { $name } keeps prompts for { $host } from the proxy, and nothing else.
       *[nothing] { $name } does not keep { $host } from the proxy, though it looks so.
    }
    .saw = { $keeps ->
        [prompts] The entry { $entry } stands in { $name }. Claude Code takes it for { $host } where it sends prompts, and only there.
       *[nothing] The entry { $entry } stands in { $name }, but Claude Code does not take it for { $host }.
    }
    .why = { $keeps ->
        [prompts] Prompts and answers go past the proxy. What is asked of { $host } besides, such as your organisation's rules, goes through the proxy { $proxy } all the same.
       *[nothing] Requests to { $host } go through the proxy { $proxy } all the same.
    }
    .do = { $keeps ->
        [prompts] If nothing is to go through the proxy, write { $host } in place of { $entry }, with commas between the entries.
       *[nothing] Write { $host } in place of { $entry }, with commas between the entries.
    }

AL-5-25 = Requests to this machine go through the proxy.
    .saw = Requests are meant for { $host }, but { $proxy } is asked for them.
    .why = The proxy cannot reach a program on your machine. Claude Code asks it all the same, unless the address is listed in NO_PROXY.
    .do = Add { $entry } to NO_PROXY.

## Certificates

C5-certificates =
    .pass = The certificate files can be used.
skip-no-certificates = No certificate files are named.

AL-5-26 = The certificate file in { $name } cannot be read.
    .saw = { $trouble ->
        [absent] There is no file at { $path }.
        [tilde] There is no file at { $path }: Claude Code does not take ~ for your home folder.
        [folder] { $path } is a folder.
        [denied] { $path } may not be read.
       *[other] { $path } could not be read ({ $trouble }).
      }
    .why = { $kind ->
        [client] Claude Code cannot show its certificate to the other side, which may then refuse it.
       *[authority] Claude Code goes on without it and then trusts fewer certificates than you meant. Behind a company's firewall every request may fail.
      }
    .do = Correct the path in { $name }.

AL-5-27 = The certificate file in { $name } has the wrong format.
    .saw = { $path } is a binary file (DER).
    .why = Claude Code reads text files only (PEM) and goes on without this one.
    .do = Save the certificate again as Base64 or PEM and name that file.

AL-5-28 = { $kind ->
        [client] The file in { $name } does not hold what Claude Code needs.
       *[authority] The file in { $name } holds no certificate.
      }
    .saw = { $what ->
        [empty] { $path } is empty.
        [utf16] { $path } is saved as UTF-16, which Claude Code does not read as a certificate.
        [damaged] The certificate in { $path } is cut off or damaged.
        [key] { $path } holds a private key and no certificate.
        [no-key] No private key stands in { $path }.
       *[other] What stands in { $path } is no certificate.
      }
    .why = { $kind ->
        [client] Claude Code cannot show its certificate to the other side, which may then refuse it.
       *[authority] Claude Code ignores the whole file. Behind a company's firewall every request may fail.
      }
    .do = Fetch the file again and save it as plain text (PEM).

AL-5-29 = A certificate in { $name } has run out.
    .saw = The certificate { $subject } in { $path } counted until { $day }.
    .why = What rests on it is not trusted any more.
    .do = Ask whoever gave you the file for the current one.

AL-5-30 = A certificate in { $name } does not count yet.
    .saw = The certificate { $subject } in { $path } counts from { $day }.
    .why = Until then nothing that rests on it is trusted. Often it is this machine's clock that is behind.
    .do = Check this machine's clock.

AL-5-31 = { $name } names the certificate of a server, not that of its issuer.
    .saw = { $path } holds the certificate { $subject }, which may not vouch for others.
    .why = It helps with that one server at most, and only until its certificate is renewed.
    .do = Ask your organisation for its root certificate and name that file.

C5-client-certificate =
    .pass = Certificate and key for showing to the other side are both named.
skip-no-client-certificate = No certificate of your own is named.

AL-5-33 = Claude Code's own certificate is only half set up.
    .saw = { $what ->
        [no-key] CLAUDE_CODE_CLIENT_CERT is set, and CLAUDE_CODE_CLIENT_KEY is not.
        [no-certificate] CLAUDE_CODE_CLIENT_KEY is set, and CLAUDE_CODE_CLIENT_CERT is not.
       *[passphrase] The key in CLAUDE_CODE_CLIENT_KEY is protected by a passphrase, and none is set.
      }
    .why = Certificate and key are only of use together. Without them the other side may refuse Claude Code.
    .do = { $what ->
        [no-key] Name the file of the key in CLAUDE_CODE_CLIENT_KEY.
        [no-certificate] Name the file of the certificate in CLAUDE_CODE_CLIENT_CERT.
       *[passphrase] Set CLAUDE_CODE_CLIENT_KEY_PASSPHRASE.
      }

C5-certificate-checking =
    .pass = Certificates are checked as usual.

AL-5-32 = Certificates are not checked at all.
    .saw = { $name } is set to switch the check off.
    .why = Claude Code believes every server. Anyone on the way can pose as the service and read your key.
    .do = Remove { $name }. If a company certificate is missing, name its file in NODE_EXTRA_CA_CERTS instead.

AL-5-34 = The system's own certificates are left out.
    .saw = { $name } is set to something that leaves out the system's store.
    .why = A company certificate that was installed on this machine is then not trusted by Claude Code.
    .do = Remove { $name }, unless you know why it is set.
