#!/usr/bin/env python3
"""Hold "Claude Code says" against the real Claude Code, for every ending that the tests of the live test know.

    sudo python3 against_claude.py --claude PATH/TO/claude --authlight PATH/TO/authlight --player PATH/TO/play_endings
    sudo python3 against_claude.py ... --only '401_*,proxy_*'      # or --list FILE
    sudo python3 against_claude.py ... --show                      # also where we say nothing

Both programs get the same home, the same variables and the same scripted servers (crates/engine/tests/support/scripted,
played by `cargo build -p authlight-engine --example play_endings`), in a namespace with nothing but loopback: the
sandbox of tests/oracle. What we say must be the beginning of what it prints; where we say nothing, it may print anything.
Needs what run_case.py needs.
"""
import argparse
import fnmatch
import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
ORACLE = os.path.join(HERE, "..", "oracle")
# Shaped like the real ones, and found nowhere.
KEY = "sk-ant-" + "api03-FAKE-live-ending-key-" + "0" * 60 + "-ENDING01AA"
VARIABLES = {"api_key": "ANTHROPIC_API_KEY", "auth_token": "ANTHROPIC_AUTH_TOKEN"}
# Bounds a request that nobody answers; ours is given as long.
PATIENCE = 6


def outer(a):
    if os.geteuid() != 0:
        sys.exit("against_claude.py needs root, for the namespaces")
    programs = [os.path.realpath(p) for p in (a.claude, a.authlight, a.player)]
    for p in programs:
        if not os.access(p, os.X_OK):
            sys.exit("not an executable: %s" % p)
    names = subprocess.run([programs[2], "list"], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    if a.list:
        with open(a.list) as f:
            wanted = [line.strip() for line in f if line.strip() and not line.startswith("#")]
        missing = [n for n in wanted if n not in names]
        if missing:
            sys.exit("no such endings: %s" % ", ".join(missing))
        names = wanted
    if a.only:
        names = [n for n in names if any(fnmatch.fnmatch(n, g) for g in a.only.split(","))]
    if not names:
        sys.exit("no endings")
    me = [os.path.realpath(sys.executable), "-B", os.path.abspath(__file__), "--inside", "--jobs", str(a.jobs)]
    for option, program in zip(("--claude", "--authlight", "--player"), programs):
        me += [option, program]
    if a.show:
        me.append("--show")
    return subprocess.run(["env", "-i", "PATH=/usr/bin:/bin:/usr/sbin:/sbin", "unshare", "-n", "-m", "-p", "-f", "--kill-child",
                           "--mount-proc"] + me, input=json.dumps(names), text=True).returncode


def as_person(uid):
    return ["setpriv", "--reuid", str(uid), "--regid", str(uid), "--clear-groups"]


class Worker:
    """A player of its own, and homes of its own."""

    def __init__(self, run_case, player):
        self.rc = run_case
        self.player = subprocess.Popen(as_person(run_case.UID) + [player], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                       env={"PATH": "/usr/bin:/bin", "TMPDIR": "/tmp"}, cwd="/")

    def home(self):
        folder = tempfile.mkdtemp(prefix="home-", dir="/home")
        os.mkdir(folder + "/project")
        with open(folder + "/.claude.json", "w") as f:
            json.dump({"hasCompletedOnboarding": True, "theme": "dark"}, f)
        for p in (folder, folder + "/project", folder + "/.claude.json"):
            os.chown(p, self.rc.UID, self.rc.UID)
        return folder

    def both(self, name):
        """For each credential: name, credential, what we say, what was printed."""
        rows = []
        for credential in ("api_key", "auth_token"):
            self.player.stdin.write(name + "\n")
            self.player.stdin.flush()
            played = json.loads(self.player.stdout.readline())
            if credential not in played["credentials"]:
                continue
            # Seen by the person, who cannot look into folders of others.
            env = {"ANTHROPIC_BASE_URL": played["base"].rstrip("/"), VARIABLES[credential]: KEY,
                   "NODE_EXTRA_CA_CERTS": played["root"]}
            if played["proxy"]:
                env["HTTPS_PROXY"] = env["HTTP_PROXY"] = played["proxy"].rstrip("/")
            ours = self.run(["/mnt/authlight", "check", "--online", "--one-token", "--json", "--mode", "print",
                             "--timeout", str(PATIENCE)], env, 4 * PATIENCE)
            live = json.loads(ours)["live"]
            theirs = self.run([self.rc.BINARY, "-p", "hi"], dict(env, CLAUDE_CODE_MAX_RETRIES="0",
                              API_TIMEOUT_MS=str(PATIENCE * 1000 if played["endless"] else 30000)), 60)
            halt = [r for r in live["stages"] if r["status"] == "fail"] or live["stages"][-1:]
            # What a terminal does not show is no word.
            printed = "".join(c for c in self.rc.tidy_text(theirs) if c == "\n" or c.isprintable()).strip()
            rows.append((name, credential, live.get("claude_says"), printed,
                         "%s %s" % (live["outcome"], halt[0]["stage"])))
        return rows

    def run(self, command, env, patience):
        home = self.home()
        try:
            done = subprocess.run(as_person(self.rc.UID) + command, cwd=home + "/project", timeout=patience, stdin=subprocess.DEVNULL,
                                  env=dict(self.rc.BASE_ENV, HOME=home, **env), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            return done.stdout.decode("utf-8", "replace") or "(stderr) " + done.stderr.decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            return "(nothing in %d seconds)" % patience
        finally:
            shutil.rmtree(home, ignore_errors=True)


def inner(a):
    sys.path.insert(0, ORACLE)
    import run_case
    names = json.load(sys.stdin)
    run_case.sandbox(a.claude, [a.authlight, a.player])
    local = threading.local()

    def both(name):
        if not hasattr(local, "worker"):
            local.worker = Worker(run_case, "/mnt/" + os.path.basename(a.player))
        return local.worker.both(name)

    same = different = silent = 0
    with ThreadPoolExecutor(a.jobs) as pool:
        for rows in pool.map(both, names):
            for name, credential, says, printed, outcome in rows:
                if says is None:
                    silent += 1
                    if a.show:
                        print("SILENT    %s (%s; %s)\n   printed %s" % (name, credential, outcome, printed[:300]), flush=True)
                elif printed.startswith(says):
                    same += 1
                else:
                    different += 1
                    print("DIFFERENT %s (%s; %s)\n   we say  %s\n   printed %s" % (name, credential, outcome, says, printed[:400]),
                          flush=True)
    print("%d endings: %d said the same, %d said otherwise, %d of which we say nothing" % (len(names), same, different, silent))
    return 1 if different or not same else 0


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--claude", required=True, help="the claude executable itself (not a Node wrapper)")
    ap.add_argument("--authlight", required=True)
    ap.add_argument("--player", required=True, help="the built example play_endings")
    ap.add_argument("--only", help="comma-separated glob patterns of endings")
    ap.add_argument("--list", help="a file with the names of endings, one a line")
    ap.add_argument("--jobs", type=int, default=3)
    ap.add_argument("--show", action="store_true", help="also what is printed where we say nothing")
    ap.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    a = ap.parse_args()
    sys.exit(inner(a) if a.inside else outer(a))


if __name__ == "__main__":
    main()
