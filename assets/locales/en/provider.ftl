# Setting a provider up.

F-provider = Set up { $provider ->
        [anthropic] Anthropic’s own API
        [gateway] a gateway
        [bedrock] Amazon Bedrock
        [mantle] Amazon Bedrock (Mantle)
        [anthropic_aws] Claude Platform on AWS
        [vertex] Google Vertex AI
        [foundry] Microsoft Foundry
       *[other] a provider
    }
    .does = What it needs is written into the settings below. What another provider has left behind is taken out.

F-set-up-provider = Set up the provider…
    .does = What it needs is asked for, with where to find it, and tested before anything is written.
fix-set-up-provider = Set the provider up anew: this command tells what it needs, and where to find it.

provider-already = All of it is set up like that already. Nothing is to be done.
provider-done = Done, and looked at again: it is set up like that. (Change { $change })
provider-untested = To set it up without a test: --untested
provider-verified = It was tested, before and after: the endpoint accepts the credential.
provider-not-tested = The credential was not tested. To test it: authlight test. { $why }
provider-then-sign-in = Nobody is signed in there yet. To sign in: claude auth login
provider-login-counts = Your claude.ai login is used there. Only your own claude can prove it: authlight test --real-run
provider-helper-stays = The program that prints your key (apiKeyHelper) is left as it is. If it prints the key of a gateway, take it out of the settings too.
provider-headers-stay = The headers that you send along (ANTHROPIC_CUSTOM_HEADERS) are left as they are, and are sent to the new endpoint too. If one of them holds a key, take it out.

provider-key-is-asked-about = At its next start Claude Code asks whether it may use this key. “No” is marked there: choose “Yes”.

provider-plan-other = Afterwards requests would still go elsewhere ({ $provider }), so nothing was changed.
provider-plan-value = Another place goes before this, so nothing was changed: { $name } in { $place }
provider-plan-ignored = { $why ->
        [untrusted] Claude Code does not trust this folder yet, and would not read { $name } there. Start claude in it once and agree, or choose --scope user. Nothing was changed.
        [dropped] Something else in this settings file keeps Claude Code from reading it, { $name } with it. See: authlight check. Nothing was changed.
        [left-out] --setting-sources leaves these settings out, so { $name } would not count there. Nothing was changed.
        [bare] With --bare no settings are read, so { $name } would not count there. Nothing was changed.
       *[other] { $name } would not count there, so nothing was changed.
    }
provider-plan-new = Afterwards something would be in the way, so nothing was changed: { $headline } ({ $code })
provider-plan-test = The credential did not stand the test at this endpoint, so nothing was changed: { $why }
provider-done-other = Requests still went elsewhere ({ $provider }), so everything was put back.
provider-done-value = Another place went before it, so everything was put back: { $name } in { $place }
provider-done-ignored = { $name } did not count there, so everything was put back.
provider-done-new = Something was in the way then, so everything was put back: { $headline } ({ $code })
provider-done-test = After the change the test failed, so everything was put back: { $why }
provider-start = the environment that this program was started with

provider-no-assignment = { $name } wants a name, an equals sign, and what it is to be.
provider-takes = { $provider } takes these: { $names }
provider-not-set = { $name } is a secret, which other programs could see here. Put it into a file: --key-from { $name }=FILE
provider-not-key = { $name } is no secret: --set { $name }=VALUE
provider-not-taken = { $provider } takes no { $name }. It takes: { $names }
provider-given-twice = { $name } is given twice.
provider-secret-shared = { $name } is a secret, and the project’s settings are shared with others. Choose --scope user or --scope local.
provider-no-settings = There are no { $scope } settings here. Settings of a project need --project.
provider-one-way = Only one of these can be used: { $names }
provider-together = { $names } is of no use without { $others }.
provider-missing = { $name } is needed. { $what } { $key ->
        [key] Give it with --key-from { $name }=FILE
       *[value] Give it with --set { $name }=VALUE
    } (more: { $page })
provider-missing-one = One more is needed, and { $name } can be it. { $what } { $key ->
        [key] Give it with --key-from { $name }=FILE
       *[value] Give it with --set { $name }=VALUE
    } (more: { $page })
provider-value = { $name }: { $why ->
        [blank] nothing stands there.
        [login-token] this is a token of a claude.ai login, which is not taken in.
        [secret] this looks like a key, which does not belong here. It is given with --key-from, under its own name.
        [admin-key] this is an Admin key, which cannot be used for messages. Make an ordinary key.
        [not-whole] this is no whole key but a placeholder or a shortened copy. Copy the key itself.
        [no-aws-key] this is no ID of an AWS access key: that begins with AKIA or ASIA and has 20 characters.
        [no-address] this is no whole address. It begins with https:// and has no question mark in it.
        [person-in-address] a user or password stands in the address. Give the key by itself.
        [path-in-address] Claude Code adds /v1/messages itself. Leave that end off.
        [no-region] this is the name of no region.
        [no-project] this is the ID of no Google project. It has letters, digits and hyphens.
        [no-resource] this is no name of a resource: only its name, not its address.
        [no-path] this is no whole path of a file.
        [no-switch] write 1 to switch it on.
       *[character] quotation marks, line breaks or a placeholder stand there. Give the value alone.
    }

fix-provider-managed = { $name } is set by your organisation in { $path }. Ask its administrator to take it out there.
fix-provider-command-line = { $name } is given to claude on the command line (--settings). Start it without that.
fix-provider-by-hand = Take { $name } out of { $path } by hand.
fix-provider-other-programs = { $name } is also set outside Claude Code’s settings. Other programs may need it there, so it stays.
fix-provider-stays = These stay in Claude Code’s settings, since programs that it starts may use them too: { $names }. If none does, take them out.
fix-provider-lines = { $path } is written in a way that is better changed by hand: take out what belongs to the former provider.
fix-provider-shared = { $path } belongs to the project and may be shared with others: tell them.
fix-provider-variable = { $name } is set outside Claude Code’s settings, at a place that could not be told for certain. Take it out there.

provider-ANTHROPIC_API_KEY = The API key
    .where = It is made at https://platform.claude.com/settings/keys, or by whoever runs the gateway.
provider-ANTHROPIC_AUTH_TOKEN = The key of the gateway
    .where = Whoever runs the gateway hands it out.
provider-ANTHROPIC_BASE_URL = The address of the gateway
    .where = Whoever runs the gateway knows it. Leave /v1/messages off.
provider-ANTHROPIC_MODEL = The model, if it is not to be the usual one
    .where = The provider’s console lists the models that are open to you.
provider-AWS_REGION = The AWS region, such as us-east-1
    .where = It stands at the top right of the AWS console: https://console.aws.amazon.com/bedrock/
provider-AWS_PROFILE = The profile of the AWS tools that signs in
    .where = The command aws configure list-profiles names them.
provider-AWS_ACCESS_KEY_ID = The ID of an AWS access key
    .where = It is made in the AWS console: https://console.aws.amazon.com/iam/
provider-AWS_SECRET_ACCESS_KEY = The secret of the AWS access key
    .where = It is shown once, when the key is made: https://console.aws.amazon.com/iam/
provider-AWS_SESSION_TOKEN = The session token of a temporary AWS key
    .where = It comes with the temporary key, from the AWS access portal.
provider-AWS_BEARER_TOKEN_BEDROCK = An API key of Amazon Bedrock
    .where = It is made in the AWS console: https://console.aws.amazon.com/bedrock/
provider-ANTHROPIC_BEDROCK_BASE_URL = Another address for Bedrock, such as that of a gateway
    .where = Whoever runs it knows it.
provider-CLAUDE_CODE_SKIP_BEDROCK_AUTH = 1, if the gateway signs in to AWS
    .where = Whoever runs the gateway knows it.
provider-ANTHROPIC_BEDROCK_MANTLE_BASE_URL = Another address for Mantle, such as that of a gateway
    .where = Whoever runs it knows it.
provider-CLAUDE_CODE_SKIP_MANTLE_AUTH = 1, if the gateway signs in to AWS
    .where = Whoever runs the gateway knows it.
provider-ANTHROPIC_AWS_WORKSPACE_ID = The ID of the workspace
    .where = It stands in the AWS console, on the page of Claude Platform on AWS.
provider-ANTHROPIC_AWS_API_KEY = An API key of Claude Platform on AWS
    .where = It is made in the AWS console, on the page of Claude Platform on AWS.
provider-ANTHROPIC_AWS_BASE_URL = Another address for Claude Platform on AWS, such as that of a gateway
    .where = Whoever runs it knows it.
provider-CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH = 1, if the gateway signs in to AWS
    .where = Whoever runs the gateway knows it.
provider-ANTHROPIC_VERTEX_PROJECT_ID = The ID of the Google Cloud project
    .where = It stands on the start page of the project: https://console.cloud.google.com/
provider-CLOUD_ML_REGION = The region, or global
    .where = The regions of each model are listed at https://console.cloud.google.com/vertex-ai/model-garden
provider-GOOGLE_APPLICATION_CREDENTIALS = The whole path of a file with Google credentials, if gcloud has none
    .where = It is the key of a service account: https://console.cloud.google.com/iam-admin/serviceaccounts
provider-ANTHROPIC_VERTEX_BASE_URL = Another address for Vertex AI, such as that of a gateway. It ends in /v1
    .where = Whoever runs it knows it.
provider-CLAUDE_CODE_SKIP_VERTEX_AUTH = 1, if the gateway signs in to Google
    .where = Whoever runs the gateway knows it.
provider-ANTHROPIC_FOUNDRY_RESOURCE = The name of the Foundry resource
    .where = It is the first part of the resource’s address: https://ai.azure.com
provider-ANTHROPIC_FOUNDRY_BASE_URL = The address of the Foundry resource, if it has one of its own
    .where = It stands beside the resource: https://ai.azure.com
provider-ANTHROPIC_FOUNDRY_API_KEY = A key of the Foundry resource
    .where = It stands beside the resource, under keys: https://ai.azure.com
provider-ANTHROPIC_FOUNDRY_AUTH_TOKEN = A token for the Foundry resource
    .where = Whoever runs the gateway, or your sign-in to Azure, hands it out.
provider-AZURE_TENANT_ID = The ID of the Azure directory (tenant)
    .where = It stands on the page of the app: https://entra.microsoft.com
provider-AZURE_CLIENT_ID = The ID of the app that signs in to Azure
    .where = It stands on the page of the app: https://entra.microsoft.com
provider-AZURE_CLIENT_SECRET = The secret of the app that signs in to Azure
    .where = It is shown once, when it is made: https://entra.microsoft.com
provider-CLAUDE_CODE_SKIP_FOUNDRY_AUTH = 1, if the gateway signs in to Azure
    .where = Whoever runs the gateway knows it.
