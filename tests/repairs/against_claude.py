#!/usr/bin/env python3
"""Let the real Claude Code judge repaired homes: it does not sign in before the repair, and does after it.

    sudo python3 against_claude.py --claude PATH/TO/claude --authlight PATH/TO/authlight
    sudo python3 against_claude.py ... --only 'key-declined-once*,*F.back_to_anthropic*'      # or --list FILE
    sudo python3 against_claude.py ... --every            # every repair of every scenario, to find more cases

The cases are in claude_cases.txt. Each is laid out as the home of a person of its own, in a namespace with nothing but
loopback (the sandbox of tests/oracle). The played endpoints let in only what is meant for them: at api.anthropic.com
the scenario's Anthropic keys and logins as they are, at another host its gateway keys. Needs what run_case.py needs.
"""
import argparse
import base64
import fnmatch
import glob
import json
import os
import pwd
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ORACLE = os.path.join(HERE, "..", "oracle")
TOP = os.path.join(HERE, "..", "..")
HOME, STATE = "/home/kim", "/tmp/state"
PATH = "/usr/bin:/bin:/mnt"
# What a refused refresh token would otherwise become: see token_answer of the played service.
RENEWED = "sk-ant-" + "oat01-FAKE-refreshed-access-token-REFRESHED1"
# How long the interactive program may take until it has asked, in seconds.
PATIENCE = 9
SPARES = ("none", "login", "console")
# What they change is seen in a new terminal.
OF_A_PROFILE = ("F.remove_variable", "F.give_variable_up", "F.clean_variable", "F.rename_variable", "F.drop_second_value",
                "F.keep_variable_set", "F.set_in_own_profile", "F.set_where_reached", "F.export_variable", "F.use_plan")
# What each provider is set up with, and where requests go then: --set, --key-from with a new key of a gateway's or of
# Anthropic's, the host and a part of the path. Names resolve to the played service; 18081 is a gateway on this machine.
GATEWAY = "127.0.0.1:18081"
PROVIDERS = {
    "anthropic": ("anthropic", [], ["ANTHROPIC_API_KEY=api"], "api.anthropic.com", "/v1/messages"),
    "gateway": ("gateway", ["ANTHROPIC_BASE_URL=http://%s" % GATEWAY], ["ANTHROPIC_AUTH_TOKEN=gateway"], GATEWAY, "/v1/messages"),
    "bedrock": ("bedrock", ["AWS_REGION=eu-central-1"], ["AWS_BEARER_TOKEN_BEDROCK=gateway"],
                "bedrock-runtime.eu-central-1.amazonaws.com", "/model/"),
    "bedrock@gateway": ("bedrock", ["AWS_REGION=eu-central-1", "ANTHROPIC_BEDROCK_BASE_URL=http://%s" % GATEWAY,
                                    "CLAUDE_CODE_SKIP_BEDROCK_AUTH=1"], ["ANTHROPIC_AUTH_TOKEN=gateway"], GATEWAY, "/model/"),
    "mantle": ("mantle", ["AWS_REGION=us-east-1"], ["AWS_BEARER_TOKEN_BEDROCK=gateway"],
               "bedrock-mantle.us-east-1.api.aws", "/v1/messages"),
    "anthropic_aws": ("anthropic_aws", ["AWS_REGION=us-east-1", "ANTHROPIC_AWS_WORKSPACE_ID=wrkspc_01FAKE"],
                      ["ANTHROPIC_AWS_API_KEY=gateway"], "aws-external-anthropic.us-east-1.api.aws", "/v1/messages"),
    "vertex@gateway": ("vertex", ["ANTHROPIC_VERTEX_PROJECT_ID=shop-7", "CLOUD_ML_REGION=us-east5", "CLAUDE_CODE_SKIP_VERTEX_AUTH=1",
                                  "ANTHROPIC_VERTEX_BASE_URL=http://%s/v1" % GATEWAY], ["ANTHROPIC_AUTH_TOKEN=gateway"],
                       GATEWAY, "/v1/projects/shop-7/locations/us-east5/"),
    "foundry": ("foundry", ["ANTHROPIC_FOUNDRY_RESOURCE=shop-ai"], ["ANTHROPIC_FOUNDRY_API_KEY=gateway"],
                "shop-ai.services.ai.azure.com", "/v1/messages"),
}
PROFILES = re.compile(r"/(\.profile|\.bash\w+|\.z\w+|fish_variables|[^/]*\.fish|environment\.d/[^/]*|\.pam_environment|\.xprofile)$")


# ------------------------------------------------------------------------------------------- scenarios, as they are read
URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ALPHABETS = {"gateway": URL_SAFE[:62], "aws-secret": URL_SAFE[:62], "aws-id": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"}
SHAPES = {"api": ("sk-ant-" + "api03-", 93, "AA"), "admin": ("sk-ant-" + "admin01-", 93, "AA"),
          "oat": ("sk-ant-" + "oat01-", 93, "AA"), "ort": ("sk-ant-" + "ort01-", 93, "AA"),
          "gateway": ("", 40, ""), "aws-id": ("AKIA", 16, ""), "aws-secret": ("", 40, "")}
UNITS = {"s": 1000, "m": 60000, "h": 3600000, "d": 86400000}


def key(kind, word):
    """The keys of crates/engine/src/practice/placeholders.rs."""
    begin, length, end = SHAPES[kind]
    alphabet = ALPHABETS.get(kind, URL_SAFE)
    state = 0xCBF29CE484222325
    for byte in (kind + word).encode():
        state = (state ^ byte) * 0x100000001B3 % 2**64
    rest = ""
    for _ in range(max(0, length - len(word))):
        state ^= state << 13 & 2**64 - 1
        state ^= state >> 7
        state ^= state << 17 & 2**64 - 1
        rest += alphabet[(state >> 33) % len(alphabet)]
    cut = len(rest) // 3
    return begin + rest[:cut] + word + rest[cut:] + end


def ms(relative):
    return int(time.time() * 1000) + int(relative[:-1]) * UNITS[relative[-1]]


def one(match):
    parts = match.group(1).split(":", 1)
    if parts[0] == "endpoint":
        return "http://127.0.0.1:18080"
    if parts[0] == "ms":
        return str(ms(parts[1]))
    if parts[0] == "iso":
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(ms(parts[1]) / 1000))
    kind, word, *last = parts[1].split(":")
    return key(kind, word)[-int(last[0][4:]):] if last else key(kind, word)


def fill(value):
    if isinstance(value, str):
        text = re.sub(r"\{\{(.*?)\}\}", one, value)
        return int(text) if re.fullmatch(r"\{\{ms:[^{}]*\}\}", value) else text
    if isinstance(value, list):
        return [fill(v) for v in value]
    if isinstance(value, dict):
        return {fill(k): fill(v) for k, v in value.items()}
    return value


def scenarios():
    """Those of Linux that can be laid out whole, by name: `told-story`, `C1.key_quoted/double`, `repaired/own-one`."""
    every = {}
    for path in sorted(glob.glob(TOP + "/assets/practice/*/scenario.json")):
        with open(path, encoding="utf-8") as f:
            scenario = json.load(f)
        every[scenario["name"]] = scenario
    for path in sorted(glob.glob(TOP + "/tests/scenarios/*.json")) + [HERE + "/claude_cases.json"]:
        with open(path, encoding="utf-8") as f:
            data = json.load(f)
        for scenario in data["cases"]:
            every["%s/%s" % (data["check"], scenario["name"])] = scenario
    return {name: s for name, s in every.items() if can_be_laid_out(s)}


def can_be_laid_out(s):
    places = [fill(p) for p in s.get("files", {})]
    return (s.get("platform", "linux") == "linux" and s.get("home", HOME) == HOME and not s.get("prints")
            and all(isinstance(v, str) for v in s.get("environment", {}).values())
            and all(p.startswith(("~/", HOME + "/", "/etc/claude-code/")) for p in places))


# ------------------------------------------------------------------------------------------------------- outside
def outer(a):
    if os.geteuid() != 0:
        sys.exit("against_claude.py needs root, for the namespaces")
    for p in (a.claude, a.authlight):
        if not os.access(p, os.X_OK):
            sys.exit("not an executable: %s" % p)
    known = scenarios()
    if a.every:
        cases = [{"scenario": name, "fix": None, "options": ["print"]} for name in sorted(known)
                 if known[name].get("is", "lit") == "lit" and known[name].get("files")]
    else:
        with open(HERE + "/claude_cases.txt") as f:
            rows = [line.split() for line in f if line.strip() and not line.startswith("#")]
        cases = [{"scenario": row[0], "fix": row[1], "options": row[2:]} for row in rows]
    for c in cases:
        if c["scenario"] not in known:
            sys.exit("no such scenario, or not one of Linux: %s" % c["scenario"])
        c["data"] = known[c["scenario"]]
        c["name"] = "%s %s" % (c["scenario"], c["fix"] or "")
    if a.list:
        with open(a.list) as f:
            wanted = [" ".join(line.split()) for line in f if line.strip() and not line.startswith("#")]
        missing = [w for w in wanted if w not in [c["name"] for c in cases]]
        if missing:
            sys.exit("no such cases: %s" % ", ".join(missing))
        cases = [c for c in cases if c["name"] in wanted]
    if a.only:
        cases = [c for c in cases if any(fnmatch.fnmatch(c["name"], g) for g in a.only.split(","))]
    if not cases:
        sys.exit("no cases")
    waiting, rows = queue.Queue(), []
    for number, c in enumerate(cases):
        waiting.put((number, c))

    def work():
        python = os.path.realpath(sys.executable)
        me = [python if not python.startswith(("/root", "/home", "/tmp")) else "/usr/bin/python3", "-B", os.path.abspath(__file__),
              "--inside", "--claude", os.path.realpath(a.claude), "--authlight", os.path.realpath(a.authlight)]
        inside = subprocess.Popen(["env", "-i", "PATH=/usr/bin:/bin:/usr/sbin:/sbin", "unshare", "-n", "-m", "-p", "-f",
                                   "--kill-child", "--mount-proc"] + me, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        while True:
            try:
                number, case = waiting.get_nowait()
            except queue.Empty:
                break
            inside.stdin.write(json.dumps(case) + "\n")
            inside.stdin.flush()
            line = inside.stdout.readline()
            if not line:
                rows.append((number, {"name": case["name"], "verdict": "STOPPED", "before": "", "after": ""}))
                return
            for row in json.loads(line):
                rows.append((number, row))
                print("%-10s %s\n    before  %s\n    after   %s" % (row["verdict"], row["name"], row["before"], row["after"]), flush=True)
        inside.stdin.close()
        inside.wait()

    threads = [threading.Thread(target=work) for _ in range(min(a.jobs, len(cases)))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    good = sum(1 for _, row in rows if row["verdict"] == "signs in")
    print("%d of %d repaired homes sign in" % (good, len(rows)))
    return 0 if good == len(rows) and good else 1


# ------------------------------------------------------------------------------------------------------- inside
class Stream:
    """A message as Bedrock streams it (vnd.amazon.eventstream). The played service asks a body for its bytes."""

    def __init__(self, text):
        self.data = b"".join(self.event(line[6:]) for line in text.splitlines() if line.startswith("data: "))

    @staticmethod
    def event(text):
        import struct
        import zlib
        headers = b""
        for name, value in ((":event-type", "chunk"), (":content-type", "application/json"), (":message-type", "event")):
            headers += bytes([len(name)]) + name.encode() + b"\x07" + struct.pack(">H", len(value)) + value.encode()
        body = json.dumps({"bytes": base64.b64encode(text.encode()).decode()}).encode()
        begin = struct.pack(">II", 16 + len(headers) + len(body), len(headers))
        message = begin + struct.pack(">I", zlib.crc32(begin)) + headers + body
        return message + struct.pack(">I", zlib.crc32(message))

    def encode(self, _):
        return self.data


class Doorkeeper:
    """Decides at the played endpoints who is let in."""

    def __init__(self, server):
        self.server = server
        self.seen = threading.local()
        self.api, self.logins, self.gateway = set(), set(), set()
        self.clouds = False
        self.usual = server.STATE.reply_for
        original = server.Handler._any

        def asked(handler):
            self.seen.handler = handler
            original(handler)
        # The methods were bound to their names before.
        for name in ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"):
            setattr(server.Handler, "do_" + name, asked)
        server.STATE.reply_for = self.reply

    def reply(self, kind, default):
        if kind in ("bedrock", "vertex") and self.clouds:
            if (self.seen.handler.headers.get("authorization") or "")[7:] not in self.gateway:
                return "401_invalid_bearer"
            return "ok" if kind == "vertex" else {
                "status": 200, "headers": {"content-type": "application/vnd.amazon.eventstream"}, "body": Stream(self.server.sse())}
        handler = getattr(self.seen, "handler", None)      # a name that is looked up has none
        if handler and handler.path.endswith("/v1/models") and (handler.headers.get("authorization") or "")[7:] in self.gateway:
            models = {"data": [{"type": "model", "id": "claude-opus-5-5"}], "has_more": False}
            return {"status": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(models)}
        if kind != "messages":
            return self.usual(kind, default)
        key = handler.headers.get("x-api-key") or handler.headers.get("api-key")
        bearer = handler.headers.get("authorization")
        bearer = bearer[7:] if bearer and bearer.startswith("Bearer ") else bearer
        host, path = (handler.headers.get("host") or "").split(":")[0], handler.path.split("?")[0]
        if host == "api.anthropic.com":
            if path != "/v1/messages":
                return "404_plain"
            if key is not None and key not in self.api:
                return "401_invalid_key"
            if bearer is not None and bearer not in self.logins:
                return "401_invalid_bearer"
        elif path.count("/v1") != 1 or any(c not in self.gateway for c in (key, bearer) if c is not None):
            return "404_plain" if path.count("/v1") != 1 else "litellm_401"
        return "ok" if key or bearer else "401_invalid_key"


class Case:
    def __init__(self, case, door, run_case, spare):
        self.case, self.door, self.rc, self.spare = case, door, run_case, spare
        self.data = json.loads(json.dumps(case["data"]))
        if spare == "login":
            self.data.setdefault("files", {}).setdefault("~/.claude/.credentials.json", {"mode": "0600", "json": {"claudeAiOauth": {
                "accessToken": "{{key:oat:SPARE}}", "refreshToken": "{{key:ort:SPARE}}", "expiresAt": "{{ms:+8h}}",
                "scopes": ["user:inference", "user:profile"], "subscriptionType": "pro"}}})
        elif spare == "console":
            state = self.data.get("files", {}).get("~/.claude.json", {})
            if isinstance(state.get("json"), dict):
                state["json"]["primaryApiKey"] = "{{key:api:SPARE}}"
        self.options = case.get("options", [])
        self.mode = "print" if "print" in self.options else self.data.get("mode", "interactive")
        self.context = self.data.get("context", "process")

    def is_provider(self):
        return (self.case["fix"] or "").startswith("provider=")

    def lay_out(self):
        for d in (HOME, STATE, "/etc/claude-code"):
            subprocess.run(["rm", "-rf", d], check=True)
        os.makedirs(HOME)
        os.makedirs(STATE)
        os.chown(STATE, self.rc.UID, self.rc.UID)
        self.project = self.data.get("project", HOME)
        os.makedirs(self.project, exist_ok=True)
        late = []
        for name, spec in fill(self.data.get("files", {})).items():
            p = HOME + name[1:] if name.startswith("~/") else name
            os.makedirs(os.path.dirname(p), exist_ok=True)
            if "link" in spec:
                os.symlink(spec["link"], p)
                continue
            if spec.get("folder"):
                os.makedirs(p, exist_ok=True)
            elif spec.get("fifo"):
                os.mkfifo(p)
            else:
                data = spec.get("text", "").encode()
                if "json" in spec:
                    data = (json.dumps(spec["json"], indent=2, ensure_ascii=False) + "\n").encode()
                elif "base64" in spec:
                    data = base64.b64decode(spec["base64"])
                elif "repeat" in spec:
                    data = (spec["repeat"][0] * spec["repeat"][1]).encode()
                with open(p, "wb") as f:
                    f.write(data)
            late.append((p, spec))
        subprocess.run(["chown", "-hR", "%d:%d" % (self.rc.UID, self.rc.UID), HOME], check=True)
        for p, spec in sorted(late, key=lambda x: -len(x[0])):
            mode = 0o755 if spec.get("folder") else 0o644
            os.chmod(p, int(spec["mode"], 8) if "mode" in spec else mode)
            if "modified" in spec:
                os.utime(p, (ms(spec["modified"]) / 1000,) * 2)
        self.environment = dict({"PATH": PATH, "HOME": HOME, "USER": "kim", "LANG": "C.UTF-8", "TERM": "dumb", "SHELL": "/bin/bash"},
                                **fill(self.data.get("environment", {})))
        self.environment["PATH"] = self.environment["PATH"] + ":" + PATH
        text = json.dumps(self.data.get("environment", {})) + json.dumps(self.data.get("files", {}))
        fresh = self.is_provider() or self.case["fix"] == "rotate"
        self.door.clouds = self.is_provider()
        if "replies" in self.data or fresh:
            # What the scenario's own endpoint refuses.
            words = [] if any(r.get("status", 200) >= 400 for r in self.data.get("replies", [])) else None
        else:
            words = None
        found = set(re.findall(r"\{\{key:([a-z-]+):([A-Za-z0-9-]+)(?::last\d+)?\}\}", text))
        if words is not None or fresh:
            found = {f for f in found if f[1] == "SPARE"}
        if fresh:
            found |= {("api", "FRESH"), ("gateway", "FRESH")}
        bad = {o[7:] for o in self.options if o.startswith("refuse=")}
        found = {f for f in found if f[1] not in bad}
        self.door.api = {key(k, w) for k, w in found if k == "api"}
        self.door.logins = {key(k, w) for k, w in found if k == "oat"} | {RENEWED}
        self.door.gateway = {key(k, w) for k, w in found if k == "gateway"}

    def person(self, command, environment, patience, text=None):
        try:
            done = subprocess.run(["setpriv", "--reuid", str(self.rc.UID), "--regid", str(self.rc.UID), "--clear-groups"] + command,
                                  cwd=self.project, env=environment, timeout=patience, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  **({"input": text.encode()} if text else {"stdin": subprocess.DEVNULL}))
            return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            return None, "", "(nothing in %d seconds)" % patience

    def authlight(self, *command, text=None):
        command = list(command)
        if self.mode == "print":
            command += ["--mode", "print"]
        if self.data.get("project"):
            command += ["--project", self.project]
        if self.context != "process":
            command += ["--context", self.context]
        if self.data.get("claude_args"):
            command += ["--claude-args", self.data["claude_args"]]
        return self.person([self.door.authlight] + command, dict(self.environment, XDG_STATE_HOME=STATE), 60, text)

    def claude(self, fix):
        """Whether it signs in, and how that looks."""
        import shlex
        state = self.door.server.STATE
        state.reset({})
        environment = dict(self.environment)
        environment.update({k: v for k, v in self.rc.BASE_ENV.items() if k.startswith(("DISABLE_", "CLAUDE_CODE_DISABLE"))})
        environment.update({"CLAUDE_CODE_MAX_RETRIES": "0", "API_TIMEOUT_MS": "20000"})
        new_terminal = self.context != "process" or fix in OF_A_PROFILE
        interactive = self.mode != "print" and not new_terminal
        command = [self.rc.BINARY] + shlex.split(self.data.get("claude_args") or "") + (["hi"] if interactive else ["-p", "hi"])
        if new_terminal:
            # What the profiles name came from them; the session has not got it of its own.
            written = " ".join(v.get("text", "") for n, v in self.data.get("files", {}).items() if PROFILES.search(n))
            for name in [n for n in self.data.get("environment", {}) if n != "SHELL" and n in written]:
                environment.pop(name, None)
            command = self.in_new_terminal(environment["SHELL"], " ".join(map(shlex.quote, command)))
        if interactive:
            code, out, err = self.typed(command, dict(environment, TERM="xterm-256color"), fix == "F.forget_no")
        else:
            code, out, err = self.person(command, environment, 60)
        time.sleep(0.05)
        asked = [e for e in state.take() if e.get("kind") in ("messages", "bedrock", "vertex")]
        let_in = any(e.get("reply") == "ok" or e.get("kind") == "bedrock" and e.get("reply") == "custom" for e in asked)
        if self.is_provider():
            host, path = PROVIDERS[fix[9:]][3:]
            let_in = let_in and all((e.get("host") or "") in (host, host + ":443") and path in e["path"] for e in asked)
        ok = let_in and (interactive or (code == 0 and "MOCK-OK" in out))
        sent = []
        for e in asked:
            where = (e.get("host") or "") if e["listener"] == "internet" else e["listener"] + " " + (e.get("host") or "")
            row = "%s %s%s" % (e.get("reply"), where, e["path"].split("?")[0])
            for h in ("x-api-key", "authorization"):
                if e.get(h):
                    row += " %s=%s" % (h, str(e[h]).split(" sha=")[0])
            if row not in sent:
                sent.append(row)
        said = self.rc.tidy_text(out or err).strip().replace("\n", " / ")
        if interactive:
            said = ""
        return ok, ("; ".join(sent) or "nothing asked")[:330] + (" | " + said[:150] if said else "")

    def in_new_terminal(self, shell, line):
        """In bash: the session was begun by a login, and the terminal's shell is none; on the desktop there is no terminal."""
        import shlex
        if self.context == "desktop":
            return [shell, "-l", "-c", line]
        if shell.endswith("bash"):
            return [shell, "-l", "-c", "exec %s -i -c %s" % (shell, shlex.quote(line))]
        return [shell, "-l", "-i", "-c", line]

    def typed(self, command, environment, answers):
        """On a terminal, until it has asked, or not in time."""
        import fcntl
        import pty
        import select
        import struct
        import termios
        pid, fd = pty.fork()
        if pid == 0:
            try:
                os.chdir(self.project)
                os.setgroups([])
                os.setgid(self.rc.UID)
                os.setuid(self.rc.UID)
                os.execve(command[0], command, environment)
            finally:
                os._exit(127)
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        out, end, answered = b"", time.monotonic() + PATIENCE, not answers
        while time.monotonic() < end:
            ready, _, _ = select.select([fd], [], [], 0.1)
            if ready:
                try:
                    out += os.read(fd, 65536)
                except OSError:
                    break
            if not answered and b"ANTHROPIC_API_KEY" in out and not ready:
                answered = True
                os.write(fd, b"\x1b[A")      # "No" is what Enter alone would say
                time.sleep(0.2)
                os.write(fd, b"\r")
            asked = [e for e in list(self.door.server.STATE.log) if e.get("kind") in ("messages", "bedrock", "vertex")]
            if asked:
                end = min(end, time.monotonic() + 1)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(fd)
        return 0, out.decode("utf-8", "replace"), ""

    def offers(self):
        code, out, err = self.authlight("check", "--json")
        found = set()

        def walk(value):
            if isinstance(value, dict):
                fix = value.get("fix")
                if isinstance(fix, dict) and fix.get("kind") == "auto":
                    found.add((fix["id"], str(value.get("instance"))))
                for v in value.values():
                    walk(v)
            elif isinstance(value, list):
                for v in value:
                    walk(v)
        try:
            walk(json.loads(out))
        except ValueError:
            return None, (err or out)[:200]
        return sorted(found), ""

    def fix(self, fix, at):
        if fix == "rotate":
            with open("/tmp/fresh-key", "w") as f:
                f.write(key("api", "FRESH") + "\n")
            os.chown("/tmp/fresh-key", self.rc.UID, self.rc.UID)
            os.chmod("/tmp/fresh-key", 0o600)
            return self.authlight("rotate", "--key-from", "/tmp/fresh-key", "--untested", "--approve", "--yes")
        if self.is_provider():
            name, sets, keys, _, _ = PROVIDERS[fix[9:]]
            command = ["provider", name, "--yes"] + ([] if "tested" in self.options else ["--untested"]) + [o for s in sets for o in ("--set", s)]
            for k in keys:
                with open("/tmp/fresh-" + k, "w") as f:
                    f.write(key(k.split("=")[1], "FRESH") + "\n")
                os.chown("/tmp/fresh-" + k, self.rc.UID, self.rc.UID)
                command += ["--key-from", "%s=/tmp/fresh-%s" % (k.split("=")[0], k)]
            return self.authlight(*command)
        return self.authlight("fix", fix, "--at", at, "--yes", *[o for c in self.options if c.startswith("accept=")
                                                               for o in ("--accept", c[7:])])


def one_case(case, door, run_case):
    """A row for each repair."""
    rows = []
    spares = SPARES if case["fix"] is None else [o[6:] for o in case["options"] if o.startswith("spare=")] or ["none"]
    for spare in spares:
        c = Case(case, door, run_case, spare)
        if spare == "console" and "primaryApiKey" not in json.dumps(c.data):
            continue
        c.lay_out()
        ports = [p for p in c.data.get("listening") or [] if p != 18080]
        opened = []
        for p in ports:
            try:
                s = door.server.Server(p, "local")
            except OSError:
                continue
            threading.Thread(target=s.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            opened.append(s)
        try:
            offers, why = c.offers()
            if offers is None:
                rows.append({"name": case["name"], "verdict": "NO REPORT", "before": "", "after": why})
                break
            if case["fix"] == "rotate" or c.is_provider():
                offers = [(case["fix"], "")]
            elif case["fix"]:
                offers = [o for o in offers if o[0] == case["fix"]]
                if not offers:
                    rows.append({"name": case["name"], "verdict": "NO OFFER", "before": "", "after": ""})
                    break
            elif any(r["verdict"] == "signs in" for r in rows):
                offers = [o for o in offers if "%s %s" % (case["scenario"], o[0]) not in
                          {r["name"].split("  ")[0] for r in rows if r["verdict"] == "signs in"}]
            if not offers:
                continue
            befores = {}
            for fix, at in offers:
                terminal = fix in OF_A_PROFILE
                if terminal not in befores:
                    c.lay_out()
                    befores[terminal] = c.claude(fix)
                before_ok, before = befores[terminal]
                if before_ok and case["fix"] is None:
                    continue
                c.lay_out()
                code, out, err = c.fix(fix, at)
                if code != 0:
                    ok, after = False, "not repaired (%s): %s" % (code, (err.strip() or out.strip()[-200:]).replace("\n", " / ")[:400])
                else:
                    ok, after = c.claude(fix)
                verdict = "BROKEN NOT" if before_ok else "signs in" if ok else "REFUSED" if code != 0 else "DOES NOT"
                name = "%s %s" % (case["scenario"], fix)
                if case["fix"] is None:
                    name += "  spare=%s at %s" % (spare, at)
                row = {"name": name, "verdict": verdict, "before": before, "after": after}
                if case["fix"] and any(r["verdict"] == "signs in" for r in rows):
                    continue
                if case["fix"]:
                    rows = [row]
                else:
                    rows.append(row)
        finally:
            for s in opened:
                s.shutdown()
                s.server_close()
    return rows


def inner(a):
    sys.path.insert(0, ORACLE)
    import run_case
    run_case.sandbox(a.claude, [a.authlight])
    with open("/etc/passwd") as f:
        lines = [line for line in f if line.split(":")[2] != str(run_case.UID)]
    with open("/etc/passwd", "w") as f:
        f.writelines(lines + ["kim:x:%d:%d::%s:/bin/bash\n" % (run_case.UID, run_case.UID, HOME)])
    sys.path.insert(0, "/mnt/oracle")      # the folder of this script may be out of sight now
    import mock_server
    mock_server.start(run_case.CERTS, internet=True)
    os.makedirs("/etc/ssl/certs", exist_ok=True)
    shutil.copy(run_case.CERTS + "/ca.pem", "/etc/ssl/certs/ca-certificates.crt")
    door = Doorkeeper(mock_server)
    door.authlight = "/mnt/" + os.path.basename(a.authlight)
    for line in sys.stdin:
        try:
            rows = one_case(json.loads(line), door, run_case)
        except Exception as e:  # one case that cannot be played is a row of its own
            import traceback
            traceback.print_exc()
            rows = [{"name": json.loads(line)["name"], "verdict": "STOPPED", "before": "", "after": repr(e)}]
        print(json.dumps(rows), flush=True)
    return 0


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--claude", required=True, help="the claude executable itself (not a Node wrapper)")
    ap.add_argument("--authlight", required=True)
    ap.add_argument("--only", help="comma-separated glob patterns of cases")
    ap.add_argument("--list", help="a file with the names of cases, one a line")
    ap.add_argument("--every", action="store_true", help="every repair of every scenario, with and without a second credential")
    ap.add_argument("--jobs", type=int, default=4)
    ap.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    a = ap.parse_args()
    sys.exit(inner(a) if a.inside else outer(a))


if __name__ == "__main__":
    main()
