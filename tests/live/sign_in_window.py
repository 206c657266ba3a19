#!/usr/bin/env python3
"""Sign in with the real Claude Code, in the real window, with a pointer; the browser and the service are played.

    sudo python3 sign_in_window.py --claude PATH/TO/claude --authlight PATH/TO/authlight [--artifacts FOLDER] [--only NAME]

Each case begins with a fresh home and a desk of its own (an X server, a window manager, a session bus), in the namespace of
sign_in.py with nothing but loopback. The window opens the page in a browser that comes back at once with what the case says.
Held are: what the window says and shows, whether the home is as it should be, whether `claude auth status` agrees, and that
no process is left. Pictures are kept in the folder for artifacts.
Needs what sign_in.py needs, and what tests/end_to_end/run needs.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "end_to_end"), "/mnt/end_to_end"]
import sign_in  # noqa: E402

TOOLS = ["Xvfb", "xdotool", "openbox", "dbus-daemon", "import", "gdbus"]
# What the window manager and the accessibility bus read of /etc.
SETTINGS = ["fonts", "xdg/openbox", "machine-id", "X11", "profile", "bash.bashrc"]
DESK = pathlib.Path("/tmp/desk")
HOME = pathlib.Path("/home/u")
LOGIN = HOME / ".claude/.credentials.json"
LIGHT = "2 Browser login: "
DEAD = {"claudeAiOauth": dict(sign_in.OLD["claudeAiOauth"], refreshToken="")}
APPROVED = dict(sign_in.STATE, customApiKeyResponses={"approved": [sign_in.KEY[-20:]], "rejected": []})

# The browser: it says what it was opened with, and comes back as the case says.
BROWSER = """#!/usr/bin/python3 -B
import json, sys
sys.path.insert(0, "/mnt/live")
import sign_in
with open("/tmp/desk/opened", "a") as file:
    file.write(sys.argv[1] + "\\n")
with open("/tmp/desk/browser.json") as file:
    answer = json.load(file)
if answer is not None:
    sign_in.browse(sys.argv[1], answer)
"""

CASES = {}


def case(files, **more):
    """A case: what is in the home; what the service and the browser answer."""
    def add(test):
        CASES[test.__name__] = dict(more, files=files, test=test)
        return test
    return add


class Seat:
    """Where a case sits: its desk, its window, and its pictures."""

    def __init__(self, name, desk):
        from desk import Window, until
        self.name, self.desk, self.until = name, desk, until
        desk.start("/mnt/authlight", cwd=HOME)
        self.window = Window(desk)
        self.window.wait(LIGHT)
        self.window.wait("Code for the phone")

    def light(self):
        return next((name for name in self.window.names("toggle button") if name.startswith(LIGHT)), "")

    def press(self, name):
        self.window.click(name, whole=True)

    def says(self, text):
        self.window.wait(text)

    def opened(self):
        path = DESK / "opened"
        return path.read_text().splitlines() if path.exists() else []

    def picture(self, step):
        """What is on the screen, once it stands still."""
        path, before = DESK / "pictures" / f"sign-in-{self.name}-{step}.png", b""

        def still():
            nonlocal before
            self.desk.picture(path)
            last, before = before, path.read_bytes()
            return last == before

        self.until("a still picture", still)

    def begin(self):
        """From the menu to the browser."""
        self.press("Repairs")
        self.press("Sign in again")
        self.says("Step 1 of 3")
        self.to_the_browser()

    def to_the_browser(self):
        """From the first step on. In a container the window leads to a terminal: this one shares its network with the browser."""
        self.press("Sign in")
        self.says("Step 2 of 3")
        if self.window.says("Claude Code runs in a container"):
            self.press("Try the browser all the same")

    def closed(self):
        self.press("Close")
        self.until("the walkthrough to go", lambda: not self.window.says("Step "))


@case({"~/.claude.json": sign_in.STATE, "~/.claude/.credentials.json": DEAD}, browser={}, status="claude.ai")
def the_light_turns(seat):
    assert seat.light().startswith(LIGHT + "Look here"), seat.light()
    seat.picture("1-dead-login")
    # The finding's own button leads there too.
    seat.press("Sign in again")
    seat.says("Step 1 of 3")
    seat.picture("2-account")
    seat.to_the_browser()
    seat.says("You are signed in.")
    seat.until("its light", lambda: seat.light().startswith(LIGHT + "Looks right"))
    seat.picture("3-signed-in")
    assert len(seat.opened()) == 1, seat.opened()
    seat.closed()
    seat.picture("4-afterwards")


@case({"~/.claude.json": sign_in.STATE, "~/.claude/.credentials.json": DEAD}, browser=None, untouched=True)
def stopped_while_waiting(seat):
    from desk import processor_ticks, running_time
    seat.begin()
    seat.says("Your browser opens the sign-in page.")
    seat.until("the browser", seat.opened)
    seat.picture("1-waiting")

    def rests():
        before = running_time(seat.window.pid)
        time.sleep(1)
        return before == running_time(seat.window.pid)

    seat.until("rest", rests)
    before, ticks = running_time(seat.window.pid), processor_ticks(seat.window.pid)
    time.sleep(10)
    assert before == running_time(seat.window.pid), "the window's thread woke up while the person is in the browser"
    # The files are watched meanwhile, and so is the program.
    spent = processor_ticks(seat.window.pid) - ticks
    print(f"{spent} clock ticks in ten seconds of waiting")
    assert spent <= 10, f"{spent} clock ticks in ten seconds of waiting"
    # As when the browser came up before it, and the person comes back.
    seat.desk.tell("xdotool", "windowminimize", str(seat.window.window))
    seat.until("the window to go", lambda: seat.window.window not in seat.desk.windows())
    seat.desk.tell("xdotool", "windowactivate", "--sync", str(seat.window.window))
    seat.says("Claude Code still waits for the browser.")
    seat.picture("2-came-back")
    seat.press("Open the page again")
    seat.until("the same page", lambda: len(seat.opened()) == 2 and len(set(seat.opened())) == 1)
    seat.press("Stop")
    seat.says("The sign-in was stopped. Nothing was changed.")
    seat.picture("3-stopped")
    seat.closed()
    assert seat.light().startswith(LIGHT + "Look here"), seat.light()


@case({"~/.claude.json": sign_in.STATE, "~/.claude/.credentials.json": DEAD}, browser={},
      server={"token": ["token_invalid_grant", "ok"]}, status="claude.ai")
def refused_and_begun_again(seat):
    seat.begin()
    seat.says("The service did not take the sign-in (status 400).")
    seat.picture("1-refused")
    assert seat.light().startswith(LIGHT + "Look here"), seat.light()
    seat.press("Start again")
    seat.says("You are signed in.")
    seat.until("its light", lambda: seat.light().startswith(LIGHT + "Looks right"))
    seat.closed()


@case({"~/.claude.json": APPROVED, "~/.claude/.credentials.json": DEAD,
       "~/.claude/settings.json": {"env": {"ANTHROPIC_API_KEY": sign_in.KEY}, "model": "opus"}}, browser={}, status="claude.ai")
def shadowed_by_a_key_and_that_repaired(seat):
    seat.begin()
    seat.says("You are signed in, but something else is still used instead of the new login.")
    seat.picture("1-shadowed")
    seat.press("Use your login instead")
    seat.says("~/.claude/settings.json")
    seat.picture("2-plan")
    assert sign_in.KEY[-8:] not in "\n".join(seat.window.names()), "a key is in the accessibility tree"
    seat.press("Do it")
    seat.says("what was found is gone")
    seat.press("Close")
    seat.says("Step 3 of 3")
    seat.until("its end", lambda: "You are signed in." in seat.window.names())
    seat.picture("3-used")
    seat.closed()
    settings = json.loads((HOME / ".claude/settings.json").read_text())
    assert settings.get("model") == "opus" and "ANTHROPIC_API_KEY" not in settings.get("env", {}), settings


@case({"~/.claude.json": sign_in.STATE, "~/.claude/.credentials.json": DEAD}, browser=None, status="claude.ai")
def in_a_terminal_and_the_window_notices(seat):
    seat.press("Repairs")
    seat.press("Sign in again")
    seat.press("More choices")
    seat.press("My browser is on another computer")
    seat.press("Sign in")
    seat.says("In a terminal, run the command")
    assert "claude auth login" in seat.window.names()
    seat.picture("1-command")
    environment = dict(os.environ, BROWSER="/mnt/browser", PATH="/mnt/bin:/usr/bin:/bin")
    printed = sign_in.in_a_terminal(["claude", "auth", "login"], environment, HOME, ["FAKECODE#STATE\n"])
    assert "Login successful." in printed, printed
    # Nobody clicks: the file has changed.
    seat.says("You are signed in.")
    seat.until("its light", lambda: seat.light().startswith(LIGHT + "Looks right"))
    seat.picture("2-noticed")
    seat.closed()


def at_the_desk(name):
    """The person's part, as the person."""
    from desk import Desk
    (DESK / "bin").mkdir(parents=True)
    for folder in ("pictures", "tmp"):
        (DESK / folder).mkdir()
    (DESK / "browser.json").write_text(json.dumps(CASES[name]["browser"]))
    browser = DESK / "bin/xdg-open"
    browser.write_text(BROWSER)
    browser.chmod(0o755)
    (DESK / "bin/claude").symlink_to("/mnt/bin/claude")
    before = LOGIN.read_bytes()
    with Desk(DESK, home=HOME) as desk:
        try:
            seat = Seat(name, desk)
            CASES[name]["test"](seat)
            seat.window.close()
        except (AssertionError, TimeoutError, OSError) as trouble:
            desk.picture(DESK / "pictures" / f"failed-sign-in-{name}.png")
            print(trouble)
            return 1
    if CASES[name].get("untouched") and LOGIN.read_bytes() != before:
        print("the login file is another")
        return 1
    return 0


def inner(a):
    run_case, mock_server = sign_in.sandbox(a.claude, [a.authlight, HERE, os.path.join(HERE, "..", "end_to_end"), a.artifacts], SETTINGS)
    kept = pathlib.Path("/mnt") / os.path.basename(a.artifacts)
    person = sign_in.Sandbox(run_case, mock_server, None)
    failed = 0
    names = [name for name in CASES if a.only in (None, name)]
    for name in names:
        held = CASES[name]
        environment = person.lay_out(held)
        command = person.person(["/usr/bin/python3", "-B", "/mnt/live/sign_in_window.py", "--at-the-desk", name])
        began = time.monotonic()
        seated = subprocess.run(command, cwd=run_case.HOME, env=dict(environment, SHELL="/bin/bash"), text=True, timeout=240,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        complaints = (seated.stdout + seated.stderr[-3000:]).strip().splitlines() if seated.returncode else []
        if a.show:
            print(seated.stdout, end="")
        for picture in (DESK / "pictures").glob("*.png"):
            shutil.copy(picture, kept)
        left = [line for line in sign_in.people() if "claude" in line or "authlight" in line]
        if left:
            complaints.append("still there: %s" % left)
        if "status" in held and not complaints:
            status = subprocess.run(person.person([run_case.BINARY, "auth", "status"]), cwd=run_case.PROJ, env=environment,
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=30, check=False)
            told = json.loads(status.stdout)
            if not told["loggedIn"] or told["authMethod"] != held["status"]:
                complaints.append("claude auth status says: %s" % told)
        failed += bool(complaints)
        print("%-8s %s (%.0f s)%s" % ("FAILED" if complaints else "as held", name, time.monotonic() - began,
                                      "".join("\n      " + line for line in complaints)), flush=True)
    print("%d sign-ins in the window: %d as held, %d otherwise" % (len(names), len(names) - failed, failed))
    return 1 if failed or not names else 0


def outer(a):
    if os.geteuid() != 0:
        sys.exit("sign_in_window.py needs root, for the namespaces")
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    missing += [program for program in (a.claude, a.authlight) if not os.access(program, os.X_OK)]
    if missing:
        print("missing:", *missing, file=sys.stderr)
        return 64
    artifacts = os.path.abspath(a.artifacts)
    os.makedirs(artifacts, exist_ok=True)
    # The accessibility library is the system's own Python's.
    me = ["/usr/bin/python3", "-B", os.path.abspath(__file__), "--inside", "--claude", os.path.realpath(a.claude),
          "--authlight", os.path.realpath(a.authlight), "--artifacts", artifacts] + (["--only", a.only] if a.only else [])
    me += ["--show"] if a.show else []
    return subprocess.run(["env", "-i", "PATH=/usr/bin:/bin:/usr/sbin:/sbin", "unshare", "-n", "-m", "-p", "-f", "--kill-child",
                           "--mount-proc"] + me, check=False).returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claude", help="the claude executable itself (not a Node wrapper)")
    parser.add_argument("--authlight", help="the program with the window")
    parser.add_argument("--artifacts", default="ci-artifacts", help="where pictures are kept")
    parser.add_argument("--only", help="the name of one case")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--show", action="store_true", help="print what was measured")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--at-the-desk", help=argparse.SUPPRESS)
    a = parser.parse_args()
    if a.list:
        print("\n".join(CASES))
        return 0
    if a.at_the_desk:
        return at_the_desk(a.at_the_desk)
    if not a.claude or not a.authlight:
        parser.error("--claude and --authlight are needed")
    return inner(a) if a.inside else outer(a)


if __name__ == "__main__":
    sys.exit(main())
