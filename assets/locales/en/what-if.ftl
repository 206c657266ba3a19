# What would be different if something were not there.

## What stands around it

what-if-unchanged = Nothing was changed. This is what would be.
what-if-without = Without { $what }

## Who signs in

what-if-signs-in = Then { what-if-credential } signs in{ $place ->
        [line] , from { $path }, line { $line }
        [file] , from { $path }
        [environment] , from the environment
       *[unsaid] { "" }
    }.
what-if-two = Then two credentials are sent in one request: { what-if-credential } and { $second ->
        [gateway_session] the gateway sign-in
        [cloud_provider] the cloud credentials
        [auth_token] the bearer token
        [api_key] the API key
        [api_key_helper] the key of the helper program
        [oauth_token] the long-lived token
        [profile] the Anthropic profile
        [login] your claude.ai login
        [managed_key] the key of the Console sign-in
        [custom_headers] a custom header
       *[other] user and password in the address
    }.
what-if-unusable = Then nothing signs in: { what-if-credential } is there, and cannot be used.
what-if-no-credential = Then nothing signs in: no credential is left that is sent.
what-if-credential = { $credential ->
        [gateway_session] the gateway sign-in
        [cloud_provider] the cloud credentials
        [auth_token] the bearer token
        [api_key] the API key
        [api_key_helper] the key of the helper program
        [oauth_token] the long-lived token
        [profile] the Anthropic profile
        [login] your claude.ai login
        [managed_key] the key of the Console sign-in
        [custom_headers] a custom header
       *[other] user and password in the address
    }

## What is found

what-if-appears = { $headline } ({ $code }).
what-if-goes = No longer found: { $headline } ({ $code }).
what-if-verdict = All in all: { $headline }.

## What Claude Code does

what-if-prints = Claude Code then says “{ $message }”.
what-if-asks-onboarding = Claude Code first asks the questions of its first start.
what-if-asks-connectivity = Claude Code first looks whether it reaches Anthropic.
what-if-asks-key = Claude Code first asks whether to use the key that it found.
what-if-asks-folder = Claude Code first asks whether you trust this folder.
what-if-starts = Claude Code starts again.

## Where requests go, and who pays

what-if-usual-address = Requests go to { $host } again.
what-if-address = Requests go to { $host }.
what-if-no-address = The address that is left is no web address (URL).
what-if-billing = { $billing ->
        [subscription] Requests count towards your Claude plan.
        [console] Requests are billed to a Console organisation.
        [aws] Requests are billed to an AWS account.
        [gcp] Requests are billed to a Google Cloud project.
        [azure] Requests are billed to an Azure subscription.
       *[gateway] Whoever runs that server is billed.
    }

## Nothing

what-if-nothing = Nothing that decides changes: who signs in, where requests go and what is found stay as they are.
what-if-little = Who signs in and where requests go stay as they are.
