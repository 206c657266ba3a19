# Setting a provider up.

F-provider = Set up { $provider ->
        [anthropic] Anthropic’s own API
        [gateway] a gateway
        [bedrock] Amazon Bedrock
        [mantle] Amazon Bedrock (Mantle)
        [anthropic_aws] Claude Platform on AWS
        [vertex] Google Vertex AI
       *[foundry] Microsoft Foundry
    }
    .does = What it needs is written into the settings below. What another provider has left behind is taken out.

provider-already = All of it is set up like that already. Nothing is to be done.
provider-not-tested = No server was asked. To try it: authlight test
provider-then-sign-in = Nobody is signed in to Anthropic yet. Sign in with: claude auth login
provider-helper-stays = The program that prints your key (apiKeyHelper) is left as it is. If it prints a gateway’s key, take it out of the settings too.

provider-plan-other = Afterwards requests would still go elsewhere ({ $provider }), so nothing is changed.
provider-plan-value = Another place goes before this, so nothing is changed: { $name } in { $place }
provider-plan-new = Afterwards something would be in the way, so nothing is changed: { $headline }
provider-done-other = Requests still went elsewhere ({ $provider }), so all of it was taken back.
provider-done-value = Another place went before it, so all of it was taken back: { $name } in { $place }
provider-done-new = Then something was in the way, so all of it was taken back: { $headline }
provider-start = the environment that this program was started with

provider-not-set = { $name } is a secret, which other programs could see here. Put it into a file: --key-from { $name }=FILE
provider-not-key = { $name } is no secret: --set { $name }=VALUE
provider-not-taken = { $provider } takes no { $name }. It takes: { $names }
provider-given-twice = { $name } is given twice.
provider-secret-shared = { $name } is a secret, and the project’s settings are shared with others. Choose --scope user or --scope local.
provider-no-settings = There are no { $scope } settings here. Settings of a project need --project.
provider-one-way = Only one of these can be used: { $names }
provider-together = { $names } is of no use without { $others }.
provider-missing = { $name } is needed: { $what } { $key ->
        [key] Give it with --key-from { $name }=FILE
       *[value] Give it with --set { $name }=VALUE
    } (more: { $page })
provider-missing-one = One more is needed, and { $name } can be it: { $what } { $key ->
        [key] Give it with --key-from { $name }=FILE
       *[value] Give it with --set { $name }=VALUE
    } (more: { $page })
provider-value = { $name }: { $why ->
        [blank] nothing stands there.
        [login-token] this is a token of a claude.ai login, which is not taken in.
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
fix-provider-variable = { $name } is set outside Claude Code’s settings, at a place that could not be told for certain. Take it out there.

provider-ANTHROPIC_API_KEY = the API key.
    .where = It is made at https://platform.claude.com/settings/keys, or by whoever runs the gateway.
provider-ANTHROPIC_AUTH_TOKEN = the key of the gateway.
    .where = Whoever runs the gateway hands it out.
provider-ANTHROPIC_BASE_URL = the address of the gateway.
    .where = Whoever runs the gateway knows it; leave /v1/messages off.
provider-AWS_REGION = the AWS region, such as us-east-1.
    .where = It stands at the top right of the AWS console: https://console.aws.amazon.com/bedrock/
provider-ANTHROPIC_AWS_WORKSPACE_ID = the ID of the workspace.
    .where = It stands in the AWS console, on the page of Claude Platform on AWS.
provider-ANTHROPIC_VERTEX_PROJECT_ID = the ID of the Google Cloud project.
    .where = It stands on the start page of the project: https://console.cloud.google.com/
provider-CLOUD_ML_REGION = the region, or global.
    .where = The regions of each model are listed at https://console.cloud.google.com/vertex-ai/model-garden
provider-ANTHROPIC_FOUNDRY_RESOURCE = the name of the Foundry resource.
    .where = It is the first part of the resource’s address: https://ai.azure.com
provider-ANTHROPIC_FOUNDRY_BASE_URL = the address of the Foundry resource, if it has one of its own.
    .where = It stands beside the resource: https://ai.azure.com
