#!/usr/bin/env python3
"""Sign in with the real Claude Code, driven by our own state and jobs; the browser and the service are played.

    sudo python3 sign_in.py --claude PATH/TO/claude --driver PATH/TO/examples/sign_in
    sudo python3 sign_in.py ... --only 'token-*'      # or --list FILE; --show tells every event

Each case begins with a fresh home, in a namespace with nothing but loopback: the sandbox of tests/oracle, and its scripted
service. Held are: how our state says that it ended, whether the home is as it should be, whether `claude auth status` agrees,
and that no process is left. The rows of crates/core/src/claude_code/sign_in.rs name these cases.
Needs what run_case.py needs, and `cargo build -p authlight-engine --example sign_in`.
"""
import argparse
import fnmatch
import json
import os
import pty
import select
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ORACLE = os.path.join(HERE, "..", "oracle")
STATE = {"hasCompletedOnboarding": True, "theme": "dark"}
# Shaped like the real ones, and found nowhere.
KEY = "sk-ant-" + "api03-FAKE-sign-in-" + "0" * 70 + "-STRAY0001AA"
OLD = {"claudeAiOauth": {"accessToken": "sk-ant-" + "oat01-OLD", "refreshToken": "sk-ant-" + "ort01-OLD", "expiresAt": 1,
                         "scopes": ["user:inference"]}}
LOGIN = "~/.claude/.credentials.json"
OTHER_ORGANISATION = "00000000-0000-0000-0000-000000000009"
VALIDATED = {"status": 200, "headers": {"content-type": "application/json"},
             "body": json.dumps({"organization_uuid": "00000000-0000-0000-0000-000000000001"})}


def managed(**policy):
    return {"~/.claude.json": STATE, "/etc/claude-code/managed-settings.json": policy}


def closed_folder(home):
    os.makedirs(home + "/.claude", exist_ok=True)
    os.chmod(home + "/.claude", 0o555)


def file_node(spec):
    return {"~/.claude.json": STATE, LOGIN: {"$file": spec}}


# name: what the service answers, what the browser does, what is in the home, and how it ends.
CASES = {
    "claude-ai": {"word": "sign-in-done", "settled": "used"},
    "console": {"args": ["--console"], "server": {"token": "token_console"}, "word": "sign-in-done", "settled": "used"},
    "email": {"args": ["--email", "kim@example.com"], "word": "sign-in-done", "address": "login_hint=kim%40example.com"},
    "first-start": {"files": {"~/.keep": "1"}, "word": "sign-in-done", "settled": "used"},
    # Something else wins all the same.
    "stray-key": {"env": {"ANTHROPIC_API_KEY": KEY},
                  "files": {"~/.claude.json": dict(STATE, customApiKeyResponses={"approved": [KEY[-20:]], "rejected": []})}, "word": "sign-in-done-but-shadowed", "settled": {"shadowed": "AL-1-12"}},
    "stray-token": {"env": {"ANTHROPIC_AUTH_TOKEN": KEY}, "word": "sign-in-done-but-shadowed"},
    "stray-provider": {"env": {"CLAUDE_CODE_USE_BEDROCK": "1"}, "word": "sign-in-done-but-shadowed"},
    # The login file as others left it.
    "file-damaged": {"files": {"~/.claude.json": STATE, LOGIN: "{\"claudeAi"}, "word": "sign-in-done", "settled": "used"},
    "file-with-bom": {"files": {"~/.claude.json": STATE, LOGIN: "\ufeff" + json.dumps(OLD)}, "word": "sign-in-done"},
    "file-empty": {"files": {"~/.claude.json": STATE, LOGIN: ""}, "word": "sign-in-done"},
    "file-unreadable": {"files": file_node({"json": OLD, "mode": "0000"}), "word": "sign-in-done"},
    "file-dangling-link": {"files": file_node({"symlink": "/home/u/none/x"}), "word": "sign-in-done"},
    "file-circular-link": {"files": file_node({"symlink": "/home/u/.claude/.credentials.json"}), "word": "sign-in-failed-not-saved"},
    "file-is-folder": {"files": file_node({"dir": True}), "word": "sign-in-done-but-not-stored"},
    # It hangs, and is ended with all that it started.
    "file-is-pipe": {"setup": lambda home: (os.makedirs(home + "/.claude"), os.mkfifo(home + "/" + LOGIN[2:])), "stop_after": 6,
                     "word": "sign-in-cancelled"},
    "folder-closed": {"setup": closed_folder, "word": "sign-in-done-but-not-stored", "settled": "not-stored"},
    "lock-left": {"files": {"~/.claude.json": STATE, "~/.claude.json.lock": {"$file": {"dir": True}}}, "word": "sign-in-done"},
    # What the browser brings.
    "wrong-state": {"browser": {"state": "WRONG"}, "word": "sign-in-failed-earlier-attempt"},
    "turned-down": {"browser": {"code": None, "error": "access_denied"}, "word": "sign-in-failed-turned-down"},
    # What the service says.
    "token-400": {"server": {"token": "token_invalid_grant"}, "word": "sign-in-failed-refused"},
    "token-401": {"server": {"token": "token_401"}, "word": "sign-in-failed-refused"},
    "token-403": {"server": {"token": "403_permission"}, "word": "sign-in-failed-forbidden"},
    "token-429": {"server": {"token": "429_rate"}, "word": "sign-in-failed-too-many"},
    "token-500": {"server": {"token": "500"}, "word": "sign-in-failed-service"},
    "token-529": {"server": {"token": "529"}, "word": "sign-in-failed-service"},
    "token-close": {"server": {"token": "close"}, "word": "sign-in-failed-unreachable"},
    "token-slow": {"server": {"token": "slow"}, "word": "sign-in-failed-slow", "patience": 60},
    # It says that all is well.
    "token-portal": {"server": {"token": "captive_200"}, "word": "sign-in-done-but-not-stored"},
    "profile-403": {"server": {"profile": "403_oauth_org"}, "word": "sign-in-done", "settled": "used"},
    "console-no-key": {"args": ["--console"], "server": {"token": "token_console", "create_api_key": "captive_200"},
                       "word": "sign-in-failed-no-key"},
    "console-key-403": {"args": ["--console"], "server": {"token": "token_console", "create_api_key": "403_permission"},
                        "word": "sign-in-failed-forbidden"},
    "organisation-other": {"files": managed(forceLoginOrgUUID=OTHER_ORGANISATION), "server": {"other": VALIDATED},
                           "word": "sign-in-failed-other-organisation"},
    "organisation-not-told": {"files": managed(forceLoginOrgUUID=OTHER_ORGANISATION),
                              "word": "sign-in-failed-organisation-not-told"},
    # Before the browser.
    "policy-providers": {"files": managed(allowedProviders=["bedrock"]), "browser": None, "word": "sign-in-failed-policy"},
    "state-broken": {"files": {"~/.claude.json": "{\"a\":"}, "browser": None, "word": "sign-in-failed-state-file"},
    # On the way.
    "proxy-dead": {"env": {"HTTPS_PROXY": "http://127.0.0.1:18087"}, "word": "sign-in-failed-unreachable"},
    "proxy-407": {"env": {"HTTPS_PROXY": "http://127.0.0.1:18888"}, "server": {"proxy": "407_proxy"}, "word": "sign-in-failed-proxy"},
    "no-name": {"server": {"dns": "nxdomain"}, "word": "sign-in-failed-unreachable"},
    "no-ca": {"system_ca": False, "word": "sign-in-failed-certificate"},
    # The clean start, and then a sign-in.
    "reset-all": {"before": ["reset", "--yes"], "files": {
        "~/.claude.json": dict(STATE, primaryApiKey=KEY, customApiKeyResponses={"approved": [], "rejected": [KEY[-20:]]}),
        LOGIN: {"claudeAiOauth": dict(OLD["claudeAiOauth"], expiresAt={"$now_ms": 36000000})},
        "~/.claude/credentials.json": OLD, "~/.claude/.oauth_refresh.lock": "1"},
        "setup": lambda home: os.utime(home + "/.claude/.oauth_refresh.lock", (1, 1)),
        "gone": [LOGIN, "~/.claude/credentials.json", "~/.claude/.oauth_refresh.lock"], "revoked": True,
        "word": "sign-in-done", "settled": "used"},
    "reset-damaged": {"before": ["reset", "--yes"], "files": {"~/.claude.json": STATE, LOGIN: "{\"claudeAi"}, "gone": [LOGIN],
                      "word": "sign-in-done", "settled": "used"},
    "reset-folder": {"before": ["reset", "--yes"], "files": file_node({"dir": True}), "gone": [LOGIN],
                     "word": "sign-in-done", "settled": "used"},
    "reset-shown": {"before": ["reset", "--dry-run"], "files": {"~/.claude.json": STATE, LOGIN: "{\"claudeAi"}, "there": [LOGIN],
                    "word": "sign-in-done"},
    # The person.
    "stopped": {"args": ["--stop-when", "page"], "browser": None, "word": "sign-in-cancelled"},
    "over-ssh": {"args": ["--best"], "env": {"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}, "browser": None, "word": "sign-in-in-terminal",
                 "terminal": {"command": "claude auth login", "opens": False}},
    # In a terminal, where the person pastes: the program alone.
    "code-good": {"paste": ["FAKECODE#STATE\n"], "prints": "Login successful."},
    "code-half": {"paste": ["FAKECODE\n", "FAKECODE#STATE\n"], "prints": "That doesn't look like the full code."},
    "code-refused": {"paste": ["FAKECODE#STATE\n"], "server": {"token": "token_invalid_grant"}, "prints": "That code wasn't accepted."},
}


def outer(a):
    if os.geteuid() != 0:
        sys.exit("sign_in.py needs root, for the namespaces")
    for program in (a.claude, a.driver):
        if not os.access(program, os.X_OK):
            sys.exit("not an executable: %s" % program)
    names = list(CASES)
    if a.list:
        with open(a.list) as f:
            names = [line.strip() for line in f if line.strip() and not line.startswith("#")]
        missing = [name for name in names if name not in CASES]
        if missing:
            sys.exit("no such cases: %s" % ", ".join(missing))
    if a.only:
        names = [name for name in names if any(fnmatch.fnmatch(name, glob) for glob in a.only.split(","))]
    if not names:
        sys.exit("no cases")
    # The homes of others are hidden inside, and a Python that lies there with them.
    python = sys.executable if not sys.executable.startswith(("/root", "/home")) else "/usr/bin/python3"
    me = [python, "-B", os.path.abspath(__file__), "--inside", "--claude", os.path.realpath(a.claude),
          "--driver", os.path.realpath(a.driver)] + (["--show"] if a.show else [])
    return subprocess.run(["env", "-i", "PATH=/usr/bin:/bin:/usr/sbin:/sbin", "unshare", "-n", "-m", "-p", "-f", "--kill-child",
                           "--mount-proc"] + me, input=json.dumps(names), text=True).returncode


class KeepsRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def browse(address, changed):
    """Comes back from the sign-in page as a browser does."""
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)
    answer = {"code": "FAKECODE", "state": query["state"][0]}
    answer.update(changed)
    answer = {name: value for name, value in answer.items() if value is not None}
    try:
        urllib.request.build_opener(KeepsRedirects).open(query["redirect_uri"][0] + "?" + urllib.parse.urlencode(answer), timeout=60)
    except (urllib.error.URLError, OSError):
        pass


def people():
    """The processes of the person."""
    found = []
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and os.stat("/proc/" + name).st_uid == 1000:
                with open("/proc/%s/cmdline" % name) as f:
                    found.append(f.read().replace("\0", " ").strip())
        except OSError:
            pass
    return [line for line in found if line]


def in_a_terminal(command, environment, folder, paste):
    """Signs in on a terminal, where these are pasted when a code is asked for. Gives what was printed."""
    master, slave = pty.openpty()
    child = subprocess.Popen(command, cwd=folder, env=environment, stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
    os.close(slave)
    printed, pasted, began = b"", list(paste), time.monotonic()
    while time.monotonic() - began < 30:
        if select.select([master], [], [], 0.2)[0]:
            try:
                printed += os.read(master, 65536)
            except OSError:
                break
        asked = printed.count(b"prompted >") > len(paste) - len(pasted) and os.path.exists("/tmp/browser")
        if pasted and asked:
            with open("/tmp/browser") as f:
                state = urllib.parse.parse_qs(urllib.parse.urlsplit(f.read().strip()).query)["state"][0]
            os.write(master, pasted.pop(0).replace("STATE", state).encode())
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    os.close(master)
    return printed.decode("utf-8", "replace")


class Sandbox:
    def __init__(self, run_case, mock_server, driver):
        self.rc, self.mock, self.driver = run_case, mock_server, driver

    def lay_out(self, case):
        self.rc.place_files({"files": case.get("files", {"~/.claude.json": STATE}), "system_ca": case.get("system_ca", True)})
        if "setup" in case:
            case["setup"](self.rc.HOME)
            for root, folders, files in os.walk(self.rc.HOME):
                for path in [root] + [os.path.join(root, name) for name in folders + files]:
                    os.lchown(path, self.rc.UID, self.rc.UID)
        self.mock.STATE.reset(case.get("server", {}))
        return dict(self.rc.BASE_ENV, PATH="/mnt/bin:/usr/bin:/bin", SHELL="/bin/sh", **case.get("env", {}))

    def person(self, command):
        return ["setpriv", "--reuid", str(self.rc.UID), "--regid", str(self.rc.UID), "--clear-groups"] + command

    def driven(self, case, show):
        environment = self.lay_out(case)
        complaints = self.reset(case, environment, show) if "before" in case else []
        child = subprocess.Popen(self.person([self.driver] + case.get("args", [])), cwd=self.rc.PROJ, env=environment, text=True,
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        guard = threading.Timer(case.get("patience", 40), child.kill)
        guard.start()
        over, opened, browser = None, None, None
        if "stop_after" in case:
            threading.Timer(case["stop_after"], lambda: (child.stdin.write("\n"), child.stdin.flush())).start()
        for line in child.stdout:
            event = json.loads(line)
            if show:
                print("   ", line.rstrip()[:200])
            if event["event"] == "open":
                opened = event["address"]
                if case.get("browser", {}) is not None:
                    browser = threading.Thread(target=browse, args=(opened, case.get("browser", {})))
                    browser.start()
            elif event["event"] == "over":
                over = event
        child.wait()
        guard.cancel()
        if browser:
            browser.join()
        if over is None:
            return ["it did not end by itself: %s" % child.stderr.read()[:300]]
        if child.stderr.read().strip():
            complaints.append("something was said on the side")
        for name in ("word", "settled", "terminal"):
            if name in case and over[name] != case[name]:
                complaints.append("%s is %s, not %s (%s)" % (name, over[name], case[name], over["says"]))
        if case.get("address", "") not in (opened or ""):
            complaints.append("the page is another")
        if over["word"] != "sign-in-cancelled" and (not over["do"] or over["do"].startswith("sign-in-")):
            complaints.append("nothing is said that can be done")
        left = people()
        if left:
            complaints.append("still there: %s" % left)
        if over["settled"] == "used":
            with open(self.rc.HOME + "/.claude.json") as f:
                if "oauthAccount" not in f.read():
                    complaints.append("the home does not know the account")
            status = subprocess.run(self.person([self.rc.BINARY, "auth", "status"]), cwd=self.rc.PROJ, env=environment,
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=30)
            if not json.loads(status.stdout)["loggedIn"]:
                complaints.append("claude auth status says that nobody is signed in")
        return complaints

    def reset(self, case, environment, show):
        """The command before it, and the home that it leaves."""
        done = subprocess.run(self.person([self.driver] + case["before"]), cwd=self.rc.PROJ, env=environment, text=True, timeout=90,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if show:
            print(done.stdout + done.stderr)
        complaints = [] if done.returncode == 0 else ["it ended with %d: %s" % (done.returncode, done.stderr[:300])]
        if KEY in done.stdout + done.stderr:
            complaints.append("a key was shown")
        for name in case.get("gone", []) + case.get("there", []):
            path = os.path.join(self.rc.HOME, name[2:])
            if os.path.lexists(path) != (name in case.get("there", [])):
                complaints.append("%s is %sthere" % (name, "" if os.path.lexists(path) else "not "))
        with open(self.rc.HOME + "/.claude.json") as f:
            state = json.load(f)
        if case.get("gone") and ("primaryApiKey" in state or state.get("customApiKeyResponses", {}).get("rejected")):
            complaints.append("the state file still holds a key")
        asked = [entry["kind"] for entry in self.mock.STATE.take() if "kind" in entry]
        if case.get("revoked") and "revoke" not in asked:
            complaints.append("the login was not ended at the server")
        return complaints

    def pasted(self, case, show):
        """The program alone on a terminal."""
        environment = dict(self.lay_out(case), BROWSER="/mnt/browser")
        text = in_a_terminal(self.person([self.rc.BINARY, "auth", "login"]), environment, self.rc.PROJ, case["paste"])
        if show:
            print(text)
        return [] if case["prints"] in text else ["it does not print: %s" % case["prints"]]


def sandbox(claude, programs, settings=()):
    """The sandbox with the scripted service, and Claude Code where its own installer puts it. Gives the modules of both."""
    sys.path.insert(0, ORACLE)
    import run_case
    run_case.sandbox(claude, programs, settings)
    sys.path.insert(0, "/mnt/oracle")
    import mock_server
    mock_server.start(run_case.CERTS, internet=True)
    os.chmod(run_case.CERTS, 0o755)
    os.chmod(run_case.CERTS + "/ca.pem", 0o644)
    with open("/mnt/browser", "w") as f:
        f.write("#!/bin/sh\nprintf '%s' \"$1\" > /tmp/browser\n")
    os.chmod("/mnt/browser", 0o755)
    # Where its own installer puts it: the path tells the version.
    version = subprocess.run([run_case.BINARY, "--version"], env=run_case.BASE_ENV, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             text=True, cwd="/").stdout.split()[0]
    os.makedirs("/mnt/share/claude/versions")
    installed = "/mnt/share/claude/versions/" + version
    open(installed, "w").close()
    run_case.sh("mount", "--bind", run_case.BINARY, installed)
    os.mkdir("/mnt/bin")
    os.symlink(installed, "/mnt/bin/claude")
    return run_case, mock_server


def inner(a):
    names = json.load(sys.stdin)
    run_case, mock_server = sandbox(a.claude, [a.driver])
    person = Sandbox(run_case, mock_server, "/mnt/" + os.path.basename(a.driver))
    failed = 0
    for name in names:
        case = CASES[name]
        complaints = (person.pasted if "paste" in case else person.driven)(case, a.show)
        failed += bool(complaints)
        print("%-8s %s%s" % ("FAILED" if complaints else "as held", name, "".join("\n      " + c for c in complaints)), flush=True)
    print("%d sign-ins: %d as held, %d otherwise" % (len(names), len(names) - failed, failed))
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claude", required=True, help="the claude executable itself (not a Node wrapper)")
    parser.add_argument("--driver", required=True, help="the example sign_in of authlight-engine")
    parser.add_argument("--only", help="comma-separated patterns of names")
    parser.add_argument("--list", help="a file with names")
    parser.add_argument("--show", action="store_true", help="print every event")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    a = parser.parse_args()
    sys.exit(inner(a) if a.inside else outer(a))


if __name__ == "__main__":
    main()
