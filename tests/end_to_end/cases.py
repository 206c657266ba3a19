"""What is tried. Each test gets a desk and a home of its own."""

import json
import pathlib
import shlex
import shutil
import subprocess
import time
import zlib

from desk import Desk, Window, processor_ticks, running_time, until
from endpoint import Endpoint

TREE = pathlib.Path(__file__).resolve().parent.parent.parent
# Written in pieces, so that nobody takes it for a real one.
KEY = "sk-ant-" + "api03-CANARY1-" + "0123456789" * 8 + "-x7QaAA"
TOKEN = "sk-ant-" + "oat01-CANARY2-" + "abcdefghij" * 8
LIGHTS = ["1 Key in the environment", "2 Browser login", "3 The key itself", "4 Settings that override",
          "5 Endpoint and network"]
ALL = {}


def case(test):
    ALL[test.__name__] = test
    return test


class Run:
    """One test: its desk, its home, the program, and where its pictures go."""

    def __init__(self, folder, name, program, artifacts, idle):
        self.folder, self.name, self.program, self.artifacts, self.idle = folder, name, program, artifacts, idle
        self.desk = Desk(folder)
        self.home = folder / "home"
        self.endpoints = []

    def __enter__(self):
        for part in ("bin", "tmp", "home/shop", "home/.claude", "home/.local/share/applications",
                     "home/.local/share/icons/hicolor/256x256/apps"):
            (self.folder / part).mkdir(parents=True)
        (self.folder / "bin/authlight").symlink_to(self.program)
        shutil.copy(TREE / "packaging/linux/authlight.desktop", self.home / ".local/share/applications")
        shutil.copy(TREE / "assets/icon.png", self.home / ".local/share/icons/hicolor/256x256/apps/authlight.png")
        self.desk.__enter__()
        return self

    def __exit__(self, *trouble):
        if trouble[0]:
            self.desk.picture(self.artifacts / f"failed-{self.name}.png")
        for window in self.desk.windows():
            self.desk.close(window)
        self.desk.__exit__(*trouble)
        for endpoint in self.endpoints:
            endpoint.close()

    def write(self, path, what):
        path = self.home / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(what, indent=2) + "\n")
        path.chmod(0o600)

    def signed_in_but_shadowed(self, **variables):
        """A person with a paid login, and a key in the settings that goes before it."""
        self.write(".claude.json", {"hasCompletedOnboarding": True, "theme": "dark",
                                    "customApiKeyResponses": {"approved": [KEY[-20:]], "rejected": []},
                                    "projects": {str(self.home / "shop"): {"hasTrustDialogAccepted": True},
                                                 str(self.home / "gone"): {"hasTrustDialogAccepted": True}}})
        self.write(".claude/.credentials.json", {"claudeAiOauth": {
            "accessToken": TOKEN, "refreshToken": TOKEN.replace("oat", "ort"), "subscriptionType": "max",
            "expiresAt": int((time.time() + 8 * 3600) * 1000), "scopes": ["user:inference", "user:profile"]}})
        self.write(".claude/settings.json", {"env": {"ANTHROPIC_API_KEY": KEY, **variables}})

    def endpoint(self):
        self.endpoints.append(Endpoint(KEY))
        return self.endpoints[-1]

    def open_from_desktop_entry(self):
        """As a double-click does: no terminal, nothing to write to."""
        self.desk.start("setsid", "gtk-launch", "authlight")
        return Window(self.desk)

    def command(self, *arguments, **environment):
        """The program on a console."""
        there = {**self.desk.environment, **environment}
        there = {name: value for name, value in there.items() if value is not None}
        return subprocess.run([self.program, *arguments], env=there, cwd=self.home, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, check=False, timeout=120)

    def report(self):
        """What the console says of the same machine and folder."""
        return json.loads(self.command("check", "--json", "--project", str(self.home / "shop")).stdout)

    def shows_report(self, window):
        """Waits until the window shows what the console says; gives that."""
        report = self.report()
        window.wait(report["verdict"]["headline"])
        return report

    def renderer_of(self, window):
        """What draws it."""
        arguments = pathlib.Path(f"/proc/{window.pid}/cmdline").read_text().split("\0")
        return arguments[arguments.index("--renderer") + 1]

    def picture(self, name):
        """Keeps what is on the screen, once it stands still."""
        path, before = self.artifacts / f"{name}.png", b""

        def still():
            nonlocal before
            self.desk.picture(path)
            last, before = before, path.read_bytes()
            return last == before

        until("a still picture", still)


@case
def the_window_shows_what_the_console_says(run):
    run.signed_in_but_shadowed()
    window = run.open_from_desktop_entry()
    run.picture("first")
    report = run.shows_report(window)
    lights = window.names("toggle button")
    causes = {cause["id"]: cause for cause in report["causes"]}
    five = [causes[cause] for cause in sorted(causes) if cause.startswith("C")]
    for title, cause in zip(LIGHTS, five, strict=True):
        light = [name for name in lights if name.startswith(f"{title}: ")]
        assert len(light) == 1 and light[0].endswith(cause["headline"]), f"{title}: {lights}"
    assert window.says(report["verdict"]["check_code"]), "the code for the phone"
    assert window.says("Nothing was sent")
    everything = "\n".join(window.names())
    assert "CANARY" not in everything, "a secret is in the accessibility tree"
    run.picture("shadowed")
    window.resize(800, 600)
    window.wait(report["verdict"]["headline"])
    run.picture("shadowed-800x600")


@case
def the_persons_shell_says_what_a_new_terminal_has(run):
    run.signed_in_but_shadowed()
    run.write(".claude/settings.json", {})
    run.desk.environment["SHELL"] = "/bin/bash"
    # Only running it tells the value.
    (run.home / ".bashrc").write_text(f"export ANTHROPIC_API_KEY=$(echo {KEY})\n")
    window = run.open_from_desktop_entry()
    window.wait("As your shell says (/bin/bash -i")
    window.wait("is used instead of your Max plan")
    assert "CANARY" not in "\n".join(window.names())
    run.picture("shell-asked")


@case
def a_shell_that_hangs_holds_nothing_up(run):
    run.signed_in_but_shadowed()
    run.desk.environment["SHELL"] = "/bin/bash"
    (run.home / ".bashrc").write_text("while :; do sleep 1; done\n")
    window = run.open_from_desktop_entry()
    run.shows_report(window)
    window.wait("while it is asked")
    run.picture("shell-hangs")
    window.wait("it gave no answer")
    window.wait("Your shell did not say what a new terminal has")


@case
def a_click_checks_again(run):
    run.signed_in_but_shadowed()
    window = run.open_from_desktop_entry()
    before = run.shows_report(window)
    run.write(".claude/settings.json", {})
    after = run.report()
    assert before["verdict"]["headline"] != after["verdict"]["headline"]
    assert not window.says(after["verdict"]["headline"])
    window.click("Check again")
    window.wait(after["verdict"]["headline"])


@case
def a_click_shows_a_cause(run):
    run.signed_in_but_shadowed()
    window = run.open_from_desktop_entry()
    report = run.shows_report(window)
    for title, cause in zip(LIGHTS, ["C1", "C2", "C3", "C4", "C5"], strict=True):
        window.click(f"{title}: ")
        found = next(found for found in report["causes"] if found["id"].startswith(cause))
        headings = {title, *(check["text"] for check in found["checks"])}
        until(f"what {title} is about", lambda: headings & set(window.names("heading")))
        run.picture(f"cause-{cause}")


@case
def the_report_is_copied_without_any_secret(run):
    run.signed_in_but_shadowed()
    window = run.open_from_desktop_entry()
    report = run.shows_report(window)
    window.click("Copy for helpdesk")
    text = until("the report in the clipboard", run.desk.clipboard)
    window.wait("The report is copied")
    (run.artifacts / "helpdesk.txt").write_text(text)
    assert report["verdict"]["check_code"] in text and report["verdict"]["headline"] in text, text
    assert "CANARY" not in text and KEY[-4:] not in text and "masked" not in text, text


@case
def a_test_of_the_key_turns_its_light_green(run):
    endpoint = run.endpoint()
    run.signed_in_but_shadowed(ANTHROPIC_BASE_URL=endpoint.url)
    window = run.open_from_desktop_entry()
    run.shows_report(window)
    assert endpoint.asked == [], "looking sends nothing"
    assert window.says("3 The key itself: Looks right, not tested.")
    window.click("Test the key")
    window.wait("3 The key itself: Ruled out.")
    window.wait("2 requests were sent")
    assert endpoint.asked == [("GET", "/v1/models?limit=1", True)] or len(endpoint.asked) == 1, endpoint.asked
    run.picture("tested")


@case
def a_helper_runs_on_the_persons_word(run):
    endpoint = run.endpoint()
    run.signed_in_but_shadowed()
    helper = run.home / "key-from-the-vault"
    helper.write_text(f"#!/bin/sh\necho ran >> {run.home}/ran\necho {KEY}\n")
    helper.chmod(0o755)
    run.write(".claude/settings.json", {"apiKeyHelper": str(helper), "env": {"ANTHROPIC_BASE_URL": endpoint.url}})
    window = run.open_from_desktop_entry()
    run.shows_report(window)
    window.click("Test the key")
    window.wait(f"settings.json names: {helper}. Run it?")
    run.picture("helper-asked")
    window.click("No, send nothing")
    until("the question to go", lambda: not window.says("Run it?"))
    assert endpoint.asked == [] and not (run.home / "ran").exists(), "without a word nothing runs"
    window.click("Test the key")
    window.click("Yes, for this test")
    window.wait("3 The key itself: Ruled out.")
    assert (run.home / "ran").read_text() == "ran\n" and ("GET", "/v1/models", True) in endpoint.asked, endpoint.asked
    assert "CANARY" not in "\n".join(window.names())
    run.picture("helper-tested")


@case
def practice_says_that_it_is_practice(run):
    run.desk.start(str(run.program), "--practice", "key-revoked")
    window = Window(run.desk)
    window.wait("This is not your computer")
    window.click("Test the key")
    window.wait("3 The key itself: Problem.")
    run.picture("practice")
    temporary = run.folder / "tmp"
    assert any(temporary.iterdir()), "it is laid out in a folder of its own"
    window.close()
    assert not any(temporary.iterdir()), "nothing of it is left"


def everything(folder):
    """Every file below a folder, byte for byte, with its mode."""
    return {str(path.relative_to(folder)): (path.lstat().st_mode, path.read_bytes() if path.is_file() else None)
            for path in folder.rglob("*")}


@case
def a_repair_turns_the_light_and_is_taken_back(run):
    run.desk.start(str(run.program), "--practice", "settings-beat-shell")
    window = Window(run.desk)
    button = "Take the value out that wins"
    window.wait(button)
    run.picture("repair-finding")
    home = next((run.folder / "tmp").glob("authlight-practice-*/root/home/kim"))
    before, light = everything(home), f"{LIGHTS[3]}: "
    warned = next(name for name in window.names("toggle button") if name.startswith(light))
    window.click(button)
    window.wait("This file is changed: ~/.claude/settings.json")
    run.picture("repair-plan")
    assert everything(home) == before, "a plan changes nothing"
    window.click("Do it")
    window.wait("what was found is gone")
    until("its light", lambda: any(name.startswith(light) and name != warned for name in window.names("toggle button")))
    run.picture("repair-done")
    changed = {path for path, seen in everything(home).items() if before.get(path) != seen}
    assert ".claude/settings.json" in changed and len(changed) <= 2, changed
    assert "CANARY" not in "\n".join(window.names()), "a secret is in the accessibility tree"
    window.click("Take it back")
    window.wait("Everything is as it was before")
    until("its light as before", lambda: warned in window.names("toggle button"))
    run.picture("repair-taken-back")
    assert everything(home) == before
    window.click("Close")
    until("the dialog to go", lambda: not window.says("Taken back", "heading"))
    window.click("Changes")
    window.wait("What Authlight has changed", "heading")
    assert window.says("~/.claude/settings.json")
    run.picture("repair-changes")
    assert not (run.home / ".local/state").exists(), "what is done for practice is not written into the person's own"
    window.click("Close")
    window.close()
    until("its folder to go", lambda: not any((run.folder / "tmp").iterdir()))


def open_walkthrough(window, name):
    """By the menu that is always there."""
    window.wait("Repairs", "link")
    window.click("Repairs")
    window.click(name)


@case
def a_reset_puts_the_login_aside_and_leads_to_the_sign_in(run):
    run.signed_in_but_shadowed()
    run.write(".claude/settings.json", {})
    window = run.open_from_desktop_entry()
    run.shows_report(window)
    folder = run.home / ".claude"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    open_walkthrough(window, "Start over: sign out and clean up")
    window.wait("What is stored here, and what of it shall go?", "heading")
    window.wait("Put the login file aside")
    assert window.says("The login itself is not ended at the server."), "said before any click"
    run.picture("reset-what")
    window.click("Go on")
    window.wait("This is what is done now", "heading")
    run.picture("reset-plan")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before, "a plan changes nothing"
    window.click("Do it")
    window.wait("Ready for a new sign-in", "heading")
    run.picture("reset-done")
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    aside = [name for name in after if name.startswith(".credentials.json.set-aside-")]
    assert ".credentials.json" not in after and len(aside) == 1, sorted(after)
    assert after[aside[0]] == before[".credentials.json"], "of a login nothing is changed, and nothing copied"
    kept = [path for path in (run.home / ".local/state").rglob("*") if path.is_file()]
    assert kept and not any(b"CANARY2" in path.read_bytes() for path in kept), "no login is in the backups"
    window.click("Sign in")
    window.wait("Who signs in?", "heading")
    window.click("Close")
    until("the dialog to go", lambda: not window.says("Who signs in?", "heading"))
    window.click("Changes")
    window.click("Take it back")
    window.wait("Everything is as it was before")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@case
def a_reset_signs_out_with_claude_and_then_shows_what_that_leaves(run):
    run.signed_in_but_shadowed()
    run.write(".claude/settings.json", {})
    state = json.loads((run.home / ".claude.json").read_text())
    state["customApiKeyResponses"]["rejected"] = [KEY[-20:]]
    run.write(".claude.json", state)
    # A stand-in for the program: it notes how it was called, and deletes the login file as the real one does.
    program = run.home / ".local/share/claude/versions/2.1.330"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "$@" >> "$HOME/called"\nrm -f "$HOME/.claude/.credentials.json"\n')
    program.chmod(0o755)
    (run.folder / "bin/claude").symlink_to(program)
    window = run.open_from_desktop_entry()
    run.shows_report(window)
    open_walkthrough(window, "Start over: sign out and clean up")
    window.wait("Sign out with Claude Code")
    assert window.says("It cannot be brought back, not by undo either"), "said before any click"
    window.click("Go on")
    window.wait("claude auth logout")
    assert window.says("This step cannot be undone."), "said at the click"
    run.picture("reset-sign-out")
    assert not (run.home / "called").exists(), "a plan runs nothing"
    window.click("Sign out now")
    window.wait("What is left", "heading")
    window.wait("Forget to which keys you said no")
    assert (run.home / "called").read_text() == "auth logout\n"
    run.picture("reset-left")
    window.click("Do it")
    window.wait("Ready for a new sign-in", "heading")
    window.wait(f"{LIGHTS[1]}: Problem")
    assert json.loads((run.home / ".claude.json").read_text())["customApiKeyResponses"]["rejected"] == []
    # By the keyboard, which is there already: the finding behind the dialog has a button that is named alike.
    until("the keyboard on the button", lambda: window.focused() == "Sign in")
    run.desk.tell("xdotool", "key", "--window", str(window.window), "Return")
    window.wait("Who signs in?", "heading")


# Stand-ins: what npm would install, npm, and a terminal that runs what it is given.
CLAUDE = """#!/bin/sh
echo "$@" >> "$HOME/called"
case "$1" in
auth) echo '{"loggedIn": true, "authMethod": "api_key"}' ;;
-p) echo '{"type": "result", "is_error": false, "result": "OK"}' ;;
esac
"""
NPM = """#!/bin/sh
[ "$*" = "install -g @anthropic-ai/claude-code" ] && [ -z "$ANTHROPIC_API_KEY" ] || exit 9
cd "$(dirname "$0")/.." || exit
mkdir -p lib/node_modules/@anthropic-ai
mv later lib/node_modules/@anthropic-ai/claude-code
ln -s ../lib/node_modules/@anthropic-ai/claude-code/cli.js bin/claude
"""
TERMINAL = '#!/bin/sh\nshift\nexec "$@"\n'


@case
def claude_code_is_installed_and_answers_one_word(run):
    endpoint = run.endpoint()
    run.write(".claude.json", {"hasCompletedOnboarding": True, "theme": "dark",
                               "customApiKeyResponses": {"approved": [KEY[-20:]], "rejected": []},
                               "projects": {str(run.home / "shop"): {"hasTrustDialogAccepted": True}}})
    run.write(".claude/settings.json", {"env": {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": endpoint.url}})
    package = run.folder / "later"
    package.mkdir()
    (package / "package.json").write_text('{"name": "@anthropic-ai/claude-code", "version": "2.1.330"}\n')
    for path, text in ((package / "cli.js", CLAUDE), (run.folder / "bin/npm", NPM), (run.folder / "bin/node", "#!/bin/sh\n"),
                       (run.folder / "bin/x-terminal-emulator", TERMINAL)):
        path.write_text(text)
        path.chmod(0o755)
    header = run.folder / "include/node/node_version.h"
    header.parent.mkdir(parents=True)
    header.write_text("".join(f"#define NODE_{name}_VERSION {number}\n"
                              for name, number in (("MAJOR", 24), ("MINOR", 1), ("PATCH", 0))))
    window = run.open_from_desktop_entry()
    run.shows_report(window)
    open_walkthrough(window, "Set up Claude Code")
    window.wait("How shall Claude Code be installed?", "heading")
    window.click("npm, which comes with Node.js.")
    run.picture("install-ways")
    window.click("Go on")
    window.wait("Install it", "heading")
    run.picture("install-start")
    assert not (run.folder / "bin/claude").exists(), "nothing is started before a click"
    if window.says("No terminal could be found"):
        # In a container, or where nobody would see a terminal: it is typed by hand.
        run.desk.tell(str(run.folder / "bin/npm"), "install", "-g", "@anthropic-ai/claude-code")
    else:
        window.click("Open a terminal with it")
    window.wait("Claude Code 2.1.330 is on this computer")
    window.wait("Claude Code itself: Ruled out")
    run.picture("install-there")
    window.click("Go on")
    window.click("Skip this step")
    window.click("Ask who is signed in")
    window.wait("Claude Code says that somebody is signed in (api_key).")
    assert (run.home / "called").read_text() == "auth status\n"
    window.click("Let it answer one word")
    window.click("Yes, for this test")
    window.wait("It works: Claude Code was let in and got an answer.")
    window.wait(f"{LIGHTS[2]}: Works")
    run.picture("install-works")
    window.click("Close")
    until("the dialog to go", lambda: not window.says("Step 4 of 4"))


@case
def a_key_is_replaced_everywhere_and_the_old_one_is_refused(run):
    new = KEY.replace("CANARY1", "CANARY3")
    endpoint = run.endpoint()
    run.signed_in_but_shadowed(ANTHROPIC_BASE_URL=endpoint.url)
    (run.home / "shop/.env").write_text(f"# of the shop\nANTHROPIC_API_KEY={KEY}\n")
    blob = zlib.compress(b"blob 1\0" + f"ANTHROPIC_API_KEY={KEY}\n".encode())
    (run.home / "shop/.git/objects/ab").mkdir(parents=True)
    (run.home / "shop/.git/objects/ab/cdef").write_bytes(blob)
    window = run.open_from_desktop_entry()
    run.shows_report(window)
    before = everything(run.home / "shop"), everything(run.home / ".claude")
    open_walkthrough(window, "Replace a key everywhere")
    window.wait("Make a new key", "heading")
    run.desk.tell("xdotool", "windowfocus", "--sync", str(window.window))
    # Typed as a person types: the field has the keyboard.
    run.desk.tell("xdotool", "type", "--delay", "2", new)
    window.wait("Go on", None)
    run.picture("rotate-key")
    window.click("Go on")
    window.wait("Is the new key good?", "heading")
    assert endpoint.asked == [], "nothing is sent before a word"
    window.click("Test the new key")
    window.wait("Go back to try another key")
    window.click("Back")
    endpoint.keys.add(new)
    run.desk.tell("xdotool", "windowfocus", "--sync", str(window.window))
    window.wait("Make a new key", "heading")
    until("the keyboard in the field", lambda: window.focused() == "The new key")
    run.desk.tell("xdotool", "type", "--delay", "2", new)
    window.click("Go on")
    window.click("Test the new key")
    window.wait("The new key is good.")
    window.click("Go on")
    window.wait("~/shop/.env, line 2")
    window.wait("The old key stands in the git history of ~/shop")
    run.picture("rotate-places")
    window.click("Go on")
    window.wait("This is what is done now", "heading")
    run.picture("rotate-plan")
    assert (everything(run.home / "shop"), everything(run.home / ".claude")) == before, "a plan changes nothing"
    window.click("Do it")
    window.wait("Tested once more where it is now: the key is good.")
    # The light turns while the person watches.
    window.wait(f"{LIGHTS[2]}: Ruled out")
    run.picture("rotate-written")
    assert (run.home / "shop/.env").read_text() == f"# of the shop\nANTHROPIC_API_KEY={new}\n"
    assert KEY not in (run.home / ".claude/settings.json").read_text()
    window.click("Go on")
    window.click("Test the old key")
    window.wait("The old key still works. Revoke it now")
    run.picture("rotate-old-works")
    endpoint.keys.remove(KEY)
    window.click("Test the old key again")
    window.wait("The old key is not accepted any more.")
    run.picture("rotate-old-refused")
    assert "CANARY" not in "\n".join(window.names()), "a secret is in the accessibility tree"
    said = pathlib.Path(f"/proc/{window.pid}/cmdline").read_bytes() + pathlib.Path(f"/proc/{window.pid}/environ").read_bytes()
    assert b"CANARY" not in said
    window.click("Close")
    window.click("Changes")
    window.click("Take it back")
    window.wait("Everything is as it was before")
    assert (everything(run.home / "shop"), everything(run.home / ".claude")) == before


@case
def an_idle_window_takes_no_processor_time(run):
    run.signed_in_but_shadowed()
    window = run.open_from_desktop_entry()
    run.shows_report(window)
    parent = int(pathlib.Path(f"/proc/{window.pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    def rests():
        # The last frames after the report are still being drawn at first.
        before = running_time(window.pid)
        time.sleep(1)
        return before == running_time(window.pid)

    until("rest", rests)
    frames, ticks = running_time(window.pid), processor_ticks(window.pid) + processor_ticks(parent)
    time.sleep(run.idle)
    assert frames == running_time(window.pid), "the window's thread woke up"
    # A thread of the accessibility library looks twice a second whether there is work: a millisecond in half a minute.
    spent = processor_ticks(window.pid) + processor_ticks(parent) - ticks
    assert spent <= 1, f"{spent} clock ticks in {run.idle} idle seconds"


@case
def closing_the_window_ends_everything(run):
    run.signed_in_but_shadowed()
    program = run.desk.start(str(run.program))
    window = Window(run.desk)
    run.shows_report(window)
    assert window.pid != program.pid, "the window lives in a process of its own"
    window.close()
    assert program.wait(30) == 0
    assert not window.desk.windows()


@case
def without_a_display_the_checklist_is_printed(run):
    run.signed_in_but_shadowed()
    # Whoever starts it from a script finds the same text and exit code as with `check`.
    there = {"DISPLAY": None, "DBUS_SESSION_BUS_ADDRESS": None}
    check = run.command("check", **there)
    for arguments in ((), ("window",)):
        opened = run.command(*arguments, **there)
        assert opened.returncode == check.returncode, opened
        assert opened.stdout and opened.stdout.splitlines()[0] == check.stdout.splitlines()[0], opened
        assert opened.stderr.count("\n") == 1 and "there is no display" in opened.stderr, opened.stderr
    unreachable = run.command(DISPLAY=":4095", DBUS_SESSION_BUS_ADDRESS=None)
    assert unreachable.returncode == check.returncode and unreachable.stdout, unreachable
    assert unreachable.stderr.count("\n") == 1 and "X server" in unreachable.stderr, unreachable.stderr


@case
def a_driver_that_fails_leaves_another_window(run):
    run.signed_in_but_shadowed()
    # An OpenGL that is too old for the first renderer.
    run.desk.environment["MESA_GL_VERSION_OVERRIDE"] = "1.4"
    run.desk.environment["MESA_GLES_VERSION_OVERRIDE"] = "1.0"
    run.desk.start(str(run.program), "window", "--try-renderers", "glow,wgpu,software")
    window = Window(run.desk)
    run.shows_report(window)
    assert run.renderer_of(window) != "glow"
    run.picture("other-renderer")


@case
def every_renderer_draws_and_takes_clicks(run):
    run.signed_in_but_shadowed()
    for renderer in ("glow", "wgpu", "software"):
        program = run.desk.start(str(run.program), "window", "--try-renderers", renderer)
        window = Window(run.desk)
        run.shows_report(window)
        assert run.renderer_of(window) == renderer
        window.click(f"{LIGHTS[4]}: ")
        until("its headline", lambda: LIGHTS[4] in window.names("heading"))
        run.picture(f"drawn-by-{renderer}")
        window.close()
        until("its end", lambda: program.poll() is not None)


@case
def no_file_is_read_on_the_windows_thread(run):
    """Before the second frame; what the libraries and drivers open for themselves lies elsewhere."""
    if not shutil.which("strace"):
        raise AssertionError("strace is missing")
    run.signed_in_but_shadowed()
    trace = run.folder / "trace"
    out = run.folder / "out"
    with open(out, "w", encoding="utf-8") as said:
        run.desk.start("strace", "-o", str(trace), "-e", "trace=open,openat", str(run.program), "window", "--renderer",
                       "glow", stdout=said)
        until("its first frame", lambda: "drawn" in out.read_text())
    ours = (".claude", "claude-code", "os-release", "/proc/1/")
    opened = [line for line in trace.read_text().splitlines() if any(part in line for part in ours)]
    assert not opened, opened
    window = Window(run.desk)
    run.shows_report(window)


@case
def the_table_says_where_a_key_is_missing(run):
    """A key that a shell's profile exports does not reach what is double-clicked; by keyboard alone."""
    run.signed_in_but_shadowed()
    run.write(".claude/settings.json", {})
    run.write("blog/.claude/settings.json", {"env": {"ANTHROPIC_BASE_URL": "http://127.0.0.1:9"}})
    state = json.loads((run.home / ".claude.json").read_text())
    state["projects"][str(run.home / "blog")] = {"hasTrustDialogAccepted": True}
    run.write(".claude.json", state)
    (run.home / ".bashrc").write_text(f"# mine\nexport ANTHROPIC_API_KEY={KEY}\n")
    run.desk.environment["SHELL"] = "/bin/bash"
    run.desk.start(str(run.program), "window", "--project", str(run.home / "shop"))
    window = Window(run.desk)
    window.wait("Where it works", "table")
    window.wait("~/blog, a new terminal")
    run.desk.tell("xdotool", "windowfocus", "--sync", str(window.window))
    window.press("Tab", "~/shop, a new terminal: API key", times=40)
    window.press("Right", "~/shop, a desktop start: Claude login")
    assert "ANTHROPIC_API_KEY is not set there; here it is set in ~/.bashrc, line 2." in window.focused()
    run.picture("matrix")
    window.press("Down", "~/blog, a desktop start")
    assert "Not the same: " in window.focused(), window.focused()
    window.press("Left", "~/blog, a new terminal")
    run.desk.tell("xdotool", "key", "--window", str(window.window), "Return")
    until("the other folder", lambda: "~/blog, a new terminal: API key. This is what" in window.focused())
    run.picture("matrix-chosen")


def picture_of(run, scenario, path):
    """The window on a practice scenario without its banner, for the documents."""
    laid_out = run.command("practice", scenario, "--home", str(run.folder / "laid-out")).stdout
    line = next(line for line in laid_out.splitlines() if line.strip().startswith("authlight window "))
    run.desk.start(str(run.program), *shlex.split(line)[1:])
    window = Window(run.desk)
    window.wait("Code for the phone")
    run.desk.tell("xdotool", "mousemove", "0", "0")
    run.picture("still")
    run.desk.picture(path, window.window)
