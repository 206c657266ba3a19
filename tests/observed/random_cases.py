#!/usr/bin/env python3
"""Random homes in the oracle's case format: what nobody thought of.

    random_cases.py SEED COUNT [--interactive] > cases.json
    sudo python3 ../oracle/run_case.py --claude CLAUDE cases.json --out records.jsonl
    python3 ../oracle/compare.py --authlight AUTHLIGHT --cases FOLDER --results records.jsonl

The same seed gives the same cases.  Every credential is fake and ends in the tag of its place.
"""
import json
import random
import sys

KEY, OAT = "sk-ant-api03-FAKE-000000000000000000-", "sk-ant-oat01-FAKE-000000000000000000-"
ORT, GATEWAY = "sk-ant-ort01-FAKE-000000000000000000-", "FAKE-gateway-000000000000000000-"
API, ALT, PROXY = "http://127.0.0.1:18080", "http://127.0.0.1:18081", "http://127.0.0.1:18888"
HOME, PROJECT = "/home/u", "/home/proj"
CLOUDS = ("BEDROCK", "FOUNDRY", "ANTHROPIC_AWS", "MANTLE", "VERTEX")
TAGS = {"process": "ENV", "state": "SETSTATE", "user": "SETUSER", "project": "SETPROJ", "local": "SETLOCAL", "flag": "SETFLAG",
        "managed": "SETMANAG", "drop_in": "SETDROP"}
LOOK_FOR = ["Detected a custom API key in your environment", "No (recommended)", "auth may not work as expected",
            "Claude Pro", "API Usage Billing", "Unable to connect to Anthropic services", "Select login method",
            "Choose the text style", "Not logged in", "Please run /login", "MOCK-OK", "trust", "Login expired",
            "Invalid API key", "Invalid auth token", "Failed to authenticate", "Configuration error", "Settings Error",
            "settings require", "Could not load", "Invalid URL", "API Error", "sign-in", "use no API provider"]


class Home:
    """One case in the making."""

    def __init__(self, rng, interactive):
        self.rng, self.interactive = rng, interactive
        self.env, self.files, self.args, self.state = {"CLAUDE_CODE_MAX_RETRIES": "0"}, {}, [], {}
        self.config = "~/.claude"

    def chance(self, p):
        return self.rng.random() < p

    def pick(self, *options):
        return self.rng.choice(options)

    def tagged(self, start, place, end):
        return start + (TAGS[place] + end)[:10].ljust(10, "0")

    def shaped(self, value):
        """Now and then a value of a bad shape."""
        if not self.chance(0.12):
            return value
        return self.pick("", " ", value + "\n", " " + value, '"%s"' % value, "Bearer " + value, value + "\u2026", value + "\u00e9",
                         value[:20] + "\n" + value[20:], "\t" + value + "\r\n", value + "\u200b", "\ufeff" + value, "null", "0", "${X}",
                         value + "\u00a0")

    def base_url(self, place):
        other = API if place == "process" else ALT
        if self.chance(0.8):
            return other
        return self.pick("", " ", other + "/", other + "/v1", other + "//", other + "/llm/", "https://gw.corp/x", "gw.corp", "http://", "HTTP://127.0.0.1:18081",
                         "http://u:p@127.0.0.1:18081", "http://u@127.0.0.1:18081/a", "'" + other + "'", " " + other, "127.0.0.1:18081", "localhost:18081",
                         "https://api.anthropic.com/", "https://API.anthropic.com", other + "/?a=b", "https://api.anthropic.com:443/v1", "ftp://x")

    def header(self):
        tag = "FAKE-custom-header-000000-CUSTOMHDR1"
        return self.pick("x-api-key: " + tag, "Authorization: Bearer " + tag, "X-Team: a", "X-Team: a\nX-API-KEY:" + tag, "authorization: " + tag,
                         "x-api-key:", "Authorization:", "nothing", "X Y: z", ": z", "X-A: \u2026", "x-api-key: %s\r\nX-B: c" % tag, "",
                         "proxy-authorization: " + tag, "Authorization: Bearer %s\nx-api-key: %s" % (tag, tag))

    def variables(self, place, p):
        """Some variables for one place."""
        out = {}
        for name, start, end in (("ANTHROPIC_API_KEY", KEY, "KEY0001"), ("ANTHROPIC_AUTH_TOKEN", GATEWAY, "AUTH001"),
                                 ("CLAUDE_CODE_OAUTH_TOKEN", OAT, "OAUTH01")):
            if self.chance(p):
                out[name] = self.shaped(self.tagged(start, place, end))
        if self.chance(p * 1.2):
            out["ANTHROPIC_BASE_URL"] = self.base_url(place)
        if self.chance(p * 0.3):
            out["ANTHROPIC_CUSTOM_HEADERS"] = self.header()
        if self.chance(p * 0.25):
            out["ANTHROPIC_PROFILE"] = self.pick("work", "default", "missing", "", "../x")
        if self.chance(p * 0.2):
            out.update(self.cloud())
        if self.chance(p * 0.2):
            out[self.pick("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy", "ALL_PROXY", "all_proxy")] = self.pick(
                PROXY, PROXY, PROXY + "/", "127.0.0.1:18888", "", " ", "not a url", "socks5://127.0.0.1:1080", "http://u:p@127.0.0.1:18888")
            if self.chance(0.4):
                out[self.pick("NO_PROXY", "no_proxy")] = self.pick("*", "127.0.0.1", "localhost", "api.anthropic.com", ".anthropic.com", "anthropic.com",
                                                                    "127.0.0.0/8", "127.0.0.1:18080", "10.0.0.0/8, api.anthropic.com", "")
        if self.chance(p * 0.12):
            out["CLAUDE_CODE_SIMPLE"] = self.pick("1", "true", "0", "")
        if self.chance(p * 0.12):
            out["CLAUDE_CONFIG_DIR"] = self.pick("/home/alt", "", HOME + "/.claude", "cfg", "~/cfg", "/home/alt/", "/home/u/")
        if self.chance(p * 0.08):
            out["CLAUDE_SECURESTORAGE_CONFIG_DIR"] = self.pick("/home/alt", "", "cfg")
        if self.chance(p * 0.08):
            out["ANTHROPIC_CONFIG_DIR"] = self.pick("/home/alt/prof", "", "prof")
        return out

    def cloud(self):
        """A cloud and some of what it wants."""
        out = {"CLAUDE_CODE_USE_" + self.pick(*CLOUDS): self.pick("1", "1", "1", "true", "0", "", "on", "yes ", "2")}
        wants = (("AWS_BEARER_TOKEN_BEDROCK", "FAKE-bedrock-bearer-000000-AWSBEARER1"), ("AWS_ACCESS_KEY_ID", "AKIAFAKEFAKEFAKE0001"),
                 ("AWS_SECRET_ACCESS_KEY", "FAKEsecretFAKEsecretFAKEsecretFAKEsecret"), ("AWS_REGION", self.pick("eu-west-1", "", "us-east-1")),
                 ("AWS_PROFILE", self.pick("work", "default", "")), ("ANTHROPIC_AWS_WORKSPACE_ID", "wrkspc_fake"),
                 ("ANTHROPIC_AWS_API_KEY", "FAKE-aws-platform-key-00000-AWSPLATKEY"), ("ANTHROPIC_FOUNDRY_API_KEY", "FAKE-foundry-key-000000-FOUNDRYKEY"),
                 ("ANTHROPIC_FOUNDRY_RESOURCE", self.pick("fake-resource", "a_b", "")), ("ANTHROPIC_FOUNDRY_AUTH_TOKEN", "FAKE-foundry-token-00000-FOUNDRYTOK"),
                 ("ANTHROPIC_VERTEX_PROJECT_ID", "fake-project"), ("CLOUD_ML_REGION", self.pick("global", "europe-west1", "eu", "")),
                 ("ANTHROPIC_BEDROCK_BASE_URL", ALT + "/bed"), ("ANTHROPIC_VERTEX_BASE_URL", ALT + "/vx"), ("ANTHROPIC_FOUNDRY_BASE_URL", ALT + "/fo"),
                 ("ANTHROPIC_AWS_BASE_URL", ALT + "/aw"), ("ANTHROPIC_BEDROCK_MANTLE_BASE_URL", ALT + "/ma"))
        for name, value in wants:
            if self.chance(0.35):
                out[name] = value
        for name in CLOUDS:
            if self.chance(0.12):
                out["CLAUDE_CODE_SKIP_%s_AUTH" % name] = "1"
            if self.chance(0.04):
                out["CLAUDE_CODE_USE_" + name] = self.pick("1", "0")
        if self.chance(0.3):
            self.files["~/.aws/credentials"] = "[%s]\naws_access_key_id=AKIAFAKEFAKEFILE0001\naws_secret_access_key=FAKEsecretFAKE\n" % self.pick("default", "work")
        if self.chance(0.15):
            self.files["~/.aws/config"] = "[%s]\nregion = eu-west-3\n" % self.pick("default", "profile work")
        if self.chance(0.3):
            self.files["~/.config/gcloud/application_default_credentials.json"] = {"type": "authorized_user", "client_id": "fake", "client_secret": "fake",
                                                                                    "refresh_token": "1//FAKE-refresh-token-GCPREFR001"}
        return out

    def helper(self):
        good = "echo " + KEY + "HELPER0001"
        return good if self.chance(0.75) else self.pick("", "exit 3", "true", "printf 'a\\nb'", "/nowhere/helper", " ", good + " ", "printf ' %sHELPER0001\\n\\n'" % KEY, None, 5)

    def settings(self, place, p):
        """The content of one settings file."""
        block = self.variables(place, p)
        if self.chance(0.06):
            block = {name: self.pick(None, True, 5, {}, [], ["a", "b"], value) for name, value in block.items()}
        data = {"env": block} if block or self.chance(0.2) else {}
        if self.chance(0.12):
            data["apiKeyHelper"] = self.helper()
        if self.chance(0.1):
            data.update(self.pick({"model": "opus"}, {"cleanupPeriodDays": 0}, {"permissions": {"allow": "x"}}, {"env": "x"}, {"apiKey": KEY + "X"}, {"hooks": 5},
                                  {"permissions": {"allow": [5]}}, {"includeCoAuthoredBy": "true"}, {"enabledPlugins": []}, {"forceLoginMethod": "console"},
                                  {"autoUpdatesChannel": "beta"}, {"model": None}, {"unknown": None}, {"statusLine": {"type": "command"}}))
        if place in ("managed", "drop_in") and self.chance(0.35):
            data.update(self.policy())
        text = json.dumps(data)
        if self.chance(0.06):
            text = self.pick("", "{", text + ",", "// c\n" + text, "[]", "null", "\ufeff" + text, text[:-1], text + text, text + "\n\n", '{"env":{"ANTHROPIC_API_KEY":"a"},' + text[1:],
                             "5", '"x"', text.replace("}", ",}", 1))
            if self.chance(0.2):
                return {"$file": {"text": text, "encoding": "utf-16"}}
            return text
        return data

    def policy(self):
        return self.pick({"forceLoginMethod": self.pick("claudeai", "console", "gateway", "x", None)}, {"forceLoginOrgUUID": self.pick("00000000-0000-0000-0000-000000000001", "", [], ["a"], None)},
                         {"allowedProviders": self.pick([], ["anthropic"], ["bedrock"], ["customEndpoint"], ["anthropic", "customEndpoint"], "anthropic", ["x"], ["vertex", "foundry"])},
                         {"requiredMinimumVersion": self.pick("1.0.0", "99.0.0", "x", "2.1.330")}, {"forceLoginGatewayUrl": "https://gw.corp"})

    def login(self):
        login = {"accessToken": OAT + "FILEOAUTH1", "refreshToken": ORT + "FILEREFR01", "expiresAt": {"$now_ms": 36000000},
                 "scopes": ["user:inference", "user:profile"], "subscriptionType": "pro", "rateLimitTier": "default_claude_ai"}
        if self.chance(0.35):
            login.update(self.pick({"accessToken": "", "refreshToken": "", "expiresAt": 0}, {"scopes": ["user:profile"]}, {"scopes": []}, {"expiresAt": {"$now_ms": -3600000}},
                                   {"expiresAt": {"$now_ms": -3600000}, "refreshToken": ""}, {"expiresAt": None}, {"accessToken": ""}, {"subscriptionType": None}, {"refreshToken": None},
                                   {"expiresAt": "2100-01-01T00:00:00Z"}, {"accessToken": OAT + "FILEOAUTH1\n"}, {"scopes": "user:inference"}, {"accessToken": 5}, {"expiresAt": {"$now_ms": 120000}}))
        data = {"claudeAiOauth": login}
        if self.chance(0.1):
            data = self.pick({}, [], None, {"claudeAiOauth": None}, {"claudeAiOauth": []}, {"mcpOAuth": {}}, login)
        if self.chance(0.1):
            text = json.dumps({"claudeAiOauth": dict(login, expiresAt=4102444800000)})
            return {"$file": self.pick({"text": text, "mode": "0644"}, {"text": text[:-4]}, {"text": "\ufeff" + text}, {"text": text + "\n\n"}, {"text": text, "mode": "0000"}, {"dir": True, "mode": "0755"},
                                       {"text": ""}, {"text": text, "mode": "0400"}, {"symlink": "/home/u/nowhere"})}
        return data

    def profile(self, folder, name):
        config = {"version": "1.0", "organization_id": "00000000-0000-0000-0000-000000000001", "authentication": {"type": "user_oauth", "client_id": "fake-client"}}
        if self.chance(0.15):
            config["base_url"] = ALT
        token = {"version": "1.0", "type": "oauth_token", "access_token": OAT + {"default": "PROFTOK001", "work": "PROFTOK002"}[name] + ("B" if "alt" in folder else ""), "refresh_token": ORT + "PROFREFR01", "expires_at": {"$now_s": 36000}}
        if self.chance(0.1):
            token["expires_at"] = {"$now_s": -3600}
        self.files["%s/configs/%s.json" % (folder, name)] = config
        mode = self.pick("0600", "0600", "0600", "0600", "0644", "0640")
        token = {k: v for k, v in token.items() if not self.chance(0.02)}
        self.files["%s/credentials/%s.json" % (folder, name)] = {"$file": {"json": token, "mode": mode}}

    def build(self, name):
        if self.chance(0.75):
            self.env["ANTHROPIC_BASE_URL"] = API
        self.env.update(self.variables("process", 0.28))
        folder = self.env.get("CLAUDE_CONFIG_DIR")
        if folder is not None and self.chance(0.7):
            self.config = {"": ".", "cfg": "./cfg", "~/cfg": "./~/cfg", HOME + "/.claude": "~/.claude", "/home/u/": "~"}.get(folder, "/home/alt")
        state = "~/.claude.json" if self.config == "~/.claude" else self.config + "/.claude.json"
        if self.chance(0.05):
            state = "~/.claude/.config.json"
        if self.chance(0.3):
            self.state["primaryApiKey"] = self.shaped(KEY + "PRIMARY001")
        if self.chance(0.12):
            self.state["env"] = self.variables("state", 0.4)
        if self.chance(0.25):
            self.files[self.config + "/settings.json"] = self.settings("user", 0.25)
        if self.chance(0.2):
            self.files["./.claude/settings.json"] = self.settings("project", 0.25)
        if self.chance(0.15):
            self.files["./.claude/settings.local.json"] = self.settings("local", 0.25)
        if self.chance(0.14):
            self.files["/etc/claude-code/managed-settings.json"] = self.settings("managed", 0.2)
        if self.chance(0.07):
            self.files["/etc/claude-code/managed-settings.d/%s.json" % self.pick("10-a", "Z", ".hidden", "a b")] = self.settings("drop_in", 0.25)
        if self.chance(0.3):
            self.files[self.config + "/.credentials.json"] = self.login()
        if self.chance(0.12):
            for profile in self.pick(["work"], ["default"], ["work", "default"]):
                self.profile(self.pick("~/.config/anthropic", "~/.config/anthropic", "/home/alt/prof"), profile)
            if self.chance(0.3):
                self.files["~/.config/anthropic/active_config"] = self.pick("work", "default\n", "nope", "")
        if self.chance(0.06):
            self.args.append("--bare")
        if self.chance(0.1):
            data = self.settings("flag", 0.35)
            if isinstance(data, dict) and "$file" not in data and self.chance(0.8):
                self.args += ["--settings", json.dumps(data)]
            else:
                self.files["./flag.json"] = data
                self.args += ["--settings", self.pick("./flag.json", "/home/proj/flag.json", "./missing.json")]
        if self.chance(0.07):
            self.args += ["--setting-sources", self.pick("user", "project", "local", "user,project", "project,local", "", "user, local", "users")]
        if self.interactive:
            self.answers()
        if self.state:
            self.files[state] = self.state
        if self.state and not self.interactive and self.chance(0.05):
            self.files[state] = self.pick("", "{", "\ufeff" + json.dumps(self.state), "null", "[]", json.dumps(self.state) + "x")
        steps = ["print", "status_json", "status_text"]
        if self.interactive:
            steps = [{"name": "tui", "args": [], "keys": [[3.5, "hi"], [4.2, "\r"]] if self.state.get("hasCompletedOnboarding") else [], "secs": 6.5}]
            if self.args:
                steps[0]["args"], self.args = self.args, []
        case = {"id": name, "env": self.env, "files": self.files, "steps": steps, "trace": []}
        if self.args:
            case["args"] = self.args
        if self.interactive:
            case["look_for"] = LOOK_FOR
        return case

    def answers(self):
        """What only a terminal asks about."""
        if self.chance(0.88):
            self.state.update({"hasCompletedOnboarding": True, "theme": "dark"})
        if self.chance(0.85):
            self.state["projects"] = {self.pick(PROJECT, PROJECT, PROJECT, PROJECT, "/home", "/", PROJECT + "/", "/home/pro"): {"hasTrustDialogAccepted": self.pick(True, True, True, True, False, 1)}}
        tails = [(tag + "KEY0001")[:10].ljust(10, "0") for tag in TAGS.values()]
        answers = {"approved": ["000000000-" + t for t in tails if self.chance(0.5)], "rejected": ["000000000-" + t for t in tails if self.chance(0.2)]}
        if self.chance(0.75):
            self.state["customApiKeyResponses"] = answers


def main():
    seed, count, interactive = int(sys.argv[1]), int(sys.argv[2]), "--interactive" in sys.argv
    rng = random.Random(seed)
    name = "rt" if interactive else "rp"
    cases = [Home(rng, interactive).build("%s-%d-%03d" % (name, seed, n)) for n in range(count)]
    json.dump({"topic": "random-interactive" if interactive else "random", "cases": cases}, sys.stdout, indent=1, ensure_ascii=False)


if __name__ == "__main__":
    main()
