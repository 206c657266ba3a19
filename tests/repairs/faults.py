#!/usr/bin/env python3
"""Kills a change at every system call that writes, lets each of them fail, fills disks, takes permissions away.

What must hold: each file is the old or the new one, never a third. After the next start the whole is old or new, nothing
is left beside, and a change that follows works. Where a change is refused it says so, exits with 2, and all is as it was.

    faults.py --program target/debug/examples/make_change [--full] [--jobs 4] [--only KIND]

Without --full it stops at the figures that a gate has time for: every place of death, and of the failing calls one in
three. TMPDIR names the disk to try it on. What the system cannot do is LEFT OUT, aloud.
"""

import argparse
import concurrent.futures
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time

WRITING = (
    "openat write pwrite64 rename renameat renameat2 unlink unlinkat mkdir mkdirat rmdir fchmod fchmodat chmod fchown "
    "chown fsetxattr fremovexattr fsync fdatasync flock ftruncate utimensat"
).split()
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8"}
# In pieces, so that nobody takes them for real.
KEY = "sk-ant-" + "api03-CANARYOLD" + "x" * 80
NEW_KEY = "sk-ant-" + "api03-CANARYNEW" + "y" * 80
TOKEN = "sk-ant-" + "oat01-CANARYTOKEN" + "z" * 80


class Fault(Exception):
    """What does not hold."""


def clean_run(command, **more):
    more.setdefault("env", ENVIRONMENT)
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60, **more)


def tree(folder):
    """Everything below a folder: kind, mode, owner, bytes, extended attributes."""
    seen = {}
    for at, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(at, name)
            is_ = os.lstat(path)
            if stat.S_ISLNK(is_.st_mode):
                what = os.readlink(path)
            elif stat.S_ISREG(is_.st_mode):
                with open(path, "rb") as file:
                    what = file.read()
            else:
                what = None
            extended = {}
            if not stat.S_ISLNK(is_.st_mode):
                try:
                    extended = {name: os.getxattr(path, name) for name in os.listxattr(path)}
                except OSError:
                    pass
            seen[os.path.relpath(path, folder)] = (is_.st_mode, is_.st_uid, is_.st_gid, what, tuple(extended.items()))
    return seen


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)


def settings(key):
    return json.dumps({"env": {"ANTHROPIC_API_KEY": key}, "theme": "dark"}, indent=2) + "\n"


class Bench:
    """A home, a store, and what becomes of them."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.home, self.store = os.path.join(folder, "home"), os.path.join(folder, "store")
        self.new = os.path.join(folder, "new")
        write(os.path.join(self.home, "settings.json"), settings(KEY))
        try:
            os.setxattr(os.path.join(self.home, "settings.json"), "user.mark", b"kept")
        except OSError:
            pass
        write(os.path.join(self.home, ".zshrc"), f"export ANTHROPIC_API_KEY={KEY}\n", 0o640)
        write(os.path.join(self.home, "dots", "bashrc"), f"export ANTHROPIC_API_KEY={KEY}\n", 0o600)
        os.symlink("dots/bashrc", os.path.join(self.home, ".bashrc"))
        write(os.path.join(self.home, ".claude.json"), json.dumps({"theme": "dark"}))
        write(os.path.join(self.home, ".claude", ".credentials.json"), json.dumps({"accessToken": TOKEN}), 0o600)
        write(os.path.join(self.home, "old.json"), settings(KEY), 0o600)
        write(self.new, settings(NEW_KEY))

    def path(self, name):
        return os.path.join(self.home, name)

    def steps(self, kind):
        write_ = lambda name: ["write", self.path(name), self.new]
        steps = {
            "write": write_("settings.json"),
            "make": write_("a/b/settings.json"),
            "two made": write_("a/b/settings.json") + write_("a/b/c/other.json"),
            "remove": ["remove", self.path("old.json")],
            "aside": ["aside", self.path(".claude/.credentials.json")],
            "mode": ["mode", self.path(".zshrc"), "600"],
            "link": write_(".bashrc"),
            "state file": write_(".claude.json"),
            "several": write_("settings.json")
            + write_("a/b/settings.json")
            + ["mode", self.path(".zshrc"), "600"]
            + write_(".zshrc")
            + ["aside", self.path(".claude/.credentials.json")]
            + ["remove", self.path("old.json")]
            + write_(".claude.json"),
        }
        return steps[kind]

    def apply(self, kind, change="first"):
        return [self.program, "--store", self.store, "--change", change, "apply", *self.steps(kind)]

    def undo(self, *choice):
        return [self.program, "--store", self.store, "undo", *choice]

    def recover(self):
        return [self.program, "--store", self.store, "recover"]


KINDS = ["write", "make", "two made", "remove", "aside", "mode", "link", "state file", "several"]


def laid_out(program, folder, kind):
    """A bench just before the thing that is to go wrong, and the command that does it."""
    bench = Bench(program, folder)
    if kind.startswith("undo"):
        expect(clean_run(bench.apply("several")), 0, "the change before")
        if kind == "undo, put back":
            write(bench.path(".zshrc"), "mine\n", 0o600)
            return bench, bench.undo("put-back")
        if kind == "undo, keep":
            write(bench.path(".zshrc"), "mine\n", 0o600)
            return bench, bench.undo("keep")
        return bench, bench.undo()
    if kind == "recover":
        # Two calls before its end: nearly all is done, and has to be taken back.
        counted = calls(bench.apply("several"), os.path.join(folder, "calls"), bench)
        last = [name for name, _ in counted if name == "rename"]
        shutil.rmtree(bench.home), shutil.rmtree(bench.store)
        bench = Bench(program, folder)
        strace(bench.apply("several"), f"rename:signal=SIGKILL:when={len(last)}")
        return bench, bench.recover()
    return bench, bench.apply(kind)


ALL_KINDS = KINDS + ["undo", "undo, put back", "undo, keep", "recover"]


def expect(run, code, what):
    if run.returncode != code:
        raise Fault(f"{what}: exit {run.returncode} instead of {code}: {run.stderr.strip()}")


def strace(command, inject, log="/dev/null", **more):
    return clean_run(["strace", "-f", "-qq", "-o", log, "-e", f"inject={inject}", *command], **more)


def calls(command, log, bench):
    """The writing calls of a run, from the first one that has to do with the store: their names, and the how manieth of
    their name they are."""
    traced = clean_run(["strace", "-f", "-qq", "-o", log, "-e", "trace=" + ",".join(WRITING), *command])
    if traced.returncode != 0:
        raise Fault(f"it does not work untouched: {traced.stderr.strip()}")
    counts, listed, begun, bench.sync_of_new = {}, [], False, None
    with open(log) as file:
        for line in file:
            match = re.match(r"\d+ +(\w+)\(", line)
            if not match:
                continue
            name = match.group(1)
            counts[name] = counts.get(name, 0) + 1
            begun |= bench.store in line or bench.home in line
            if name == "openat" and ".authlight-" in line:
                bench.sync_of_new = counts.get("fsync", 0) + 1
            if begun:
                listed.append((name, counts[name]))
    return listed


def differences(left, right):
    return ", ".join(sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name)))


def is_ours(name):
    """What may lie beside only until the next start."""
    base = os.path.basename(name)
    return base.startswith(".authlight-") and base.endswith(".tmp") or base.endswith(".lock")


def each_old_or_new(now, old, new, made_folders=("a", "a/b", "a/b/c")):
    for name in now.keys() | old.keys() | new.keys():
        if is_ours(name) or name in made_folders:
            continue
        if now.get(name) not in (old.get(name), new.get(name)):
            # A step that sets the mode and one that writes: between them is what either left.
            if name == ".zshrc" and now.get(name) and now[name][3] in (old[name][3], new[name][3]):
                continue
            raise Fault(f"{name} is neither the old nor the new one")


def whole(bench, old, new, what, stays=()):
    """Whether everything is old, or everything is new. `stays`: what may lie there besides."""
    now = {name: seen for name, seen in tree(bench.home).items() if name not in stays}
    old, new = ({name: seen for name, seen in of.items() if name not in stays} for of in (old, new))
    if now not in (old, new):
        raise Fault(f"{what}: neither old (differs in {differences(now, old)}) nor new ({differences(now, new)})")
    left = [name for name in tree(bench.store) if name.endswith(".new") or name.endswith(".tmp")]
    if left:
        raise Fault(f"{what}: left in the store: {', '.join(left)}")
    return "old" if now == old else "new"


def no_secret_in_the_journal(bench):
    journal = os.path.join(bench.store, "journal.jsonl")
    if os.path.exists(journal):
        with open(journal) as file:
            if "CANARY" in file.read():
                raise Fault("a secret stands in the journal")


def no_token_in_the_store(bench):
    for name, (_, _, _, what, _) in tree(bench.store).items():
        if isinstance(what, bytes) and b"CANARYTOKEN" in what:
            raise Fault(f"the token of a login was copied to {name}")


def works_afterwards(bench):
    after = [bench.program, "--store", bench.store, "--change", "later", "apply", "write", bench.path("settings.json")]
    write(bench.new, settings("sk-later"))
    expect(clean_run([*after, bench.new]), 0, "a change afterwards")
    expect(clean_run(bench.undo()), 0, "its undo")


def ends_of(program, kind):
    """What is there before and after, seen once."""
    with tempfile.TemporaryDirectory() as folder:
        bench, command = laid_out(program, folder, kind)
        old = tree(bench.home)
        listed = calls(command, os.path.join(folder, "calls"), bench)
        return old, tree(bench.home), listed


def one_death(program, kind, name, number, old, new):
    with tempfile.TemporaryDirectory() as folder:
        bench, command = laid_out(program, folder, kind)
        killed = strace(command, f"{name}:signal=SIGKILL:when={number}")
        if killed.returncode in (0, 2):
            raise Fault(f"it did not die there ({killed.returncode}): {killed.stderr.strip()}")
        if kind != "recover":
            each_old_or_new(tree(bench.home), old, new)
        expect(clean_run(bench.recover()), 0, "the next start")
        came = whole(bench, old, new, "after the next start") if kind != "recover" else "old"
        if kind == "recover":
            whole(bench, new, new, "after the next start")
        no_secret_in_the_journal(bench)
        no_token_in_the_store(bench)
        works_afterwards(bench)
        return came


def one_failure(program, kind, name, number, error, for_good, old, new):
    with tempfile.TemporaryDirectory() as folder:
        bench, command = laid_out(program, folder, kind)
        failed = strace(command, f"{name}:error={error}:when={number}{'+' if for_good else ''}")
        if failed.returncode not in (0, 2):
            raise Fault(f"exit {failed.returncode}: {failed.stderr.strip()}")
        # Where no call of that name works any more, its own words do not come out either.
        if failed.returncode == 2 and not failed.stderr.strip() and not (for_good and name == "write"):
            raise Fault("it says nothing")
        now = tree(bench.home)
        # What cannot be removed stays: an empty folder, which Claude Code takes away in its time if it is a lock.
        stays = () if name != "rmdir" else [
            name for name, seen in now.items() if seen[3] is None and (is_ours(name) or name in ("a", "a/b", "a/b/c"))
        ]
        now = {name: seen for name, seen in now.items() if name not in stays}
        if stays:
            old, new = ({name: seen for name, seen in of.items() if name not in stays} for of in (old, new))
        if kind == "recover":
            expect(clean_run(bench.recover()), 0, "the next start")
            whole(bench, new, new, "after the next start", stays)
        elif for_good:
            each_old_or_new(now, old, new)
        elif failed.returncode == 0:
            # A call that may fail: everything is done all the same.
            if now != new:
                raise Fault(f"it says that it is done, but {differences(now, new)}")
        elif now != old and "tries" not in failed.stderr:
            raise Fault(f"refused, but changed: {differences(now, old)}: {failed.stderr.strip()}")
        if "CANARY" in failed.stderr + failed.stdout:
            raise Fault("a secret is told")
        expect(clean_run(bench.recover()), 0, "the next start")
        came = whole(bench, new if kind == "recover" else old, new, "after the next start", stays)
        if kind != "recover" and failed.returncode == 0 and not for_good and came == "old" and old != new:
            raise Fault("it said that it is done, and the next start took it back")
        works_afterwards(bench)
        return came


# Disks, permissions, other programs -----------------------------------------------------------------------------------


def refused(bench, command, old, words, **more):
    run = clean_run(command, **more)
    expect(run, 2, "refused")
    if not re.search(words, run.stderr):
        raise Fault(f"it says: {run.stderr.strip()}")
    if tree(bench.home) != old:
        raise Fault(f"changed: {differences(tree(bench.home), old)}")


def fill(path, leave=0):
    """Fills the disk, but for some bytes."""
    with open(path, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            pass
        if leave:
            file.truncate(max(0, file.tell() - leave))


def mount(*arguments):
    run = subprocess.run(["mount", *arguments], capture_output=True, text=True)
    if run.returncode != 0:
        raise Fault(f"mount {' '.join(arguments)}: {run.stderr.strip()}")


def on_small_disk(program, folder, home_on_it, store_on_it, leave):
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    mount("-t", "tmpfs", "-o", "size=256k", "tmpfs", disk)
    bench = Bench(program, folder)
    for part, wanted in (("home", home_on_it), ("store", store_on_it)):
        if wanted:
            if part == "home":
                shutil.move(bench.home, os.path.join(disk, part))
            setattr(bench, part, os.path.join(disk, part))
    fill(os.path.join(disk, "filler"), leave)
    return bench, os.path.join(disk, "filler")


def full(program, folder, home_on_it, store_on_it, leave):
    bench, filler = on_small_disk(program, folder, home_on_it, store_on_it, leave)
    big = settings(NEW_KEY) + " " * 20000
    write(bench.new, big)
    old = tree(bench.home)
    run = clean_run(bench.apply("several"))
    expect(run, 2, "a full disk")
    if "room" not in run.stderr and "space" not in run.stderr:
        raise Fault(f"it says: {run.stderr.strip()}")
    if tree(bench.home) != old:
        raise Fault(f"changed: {differences(tree(bench.home), old)}")
    os.unlink(filler)
    expect(clean_run(bench.recover()), 0, "the next start")
    if tree(bench.home) != old:
        raise Fault("the next start changed something")
    expect(clean_run(bench.apply("several", "second")), 0, "with room again")
    expect(clean_run(bench.undo()), 0, "and back")
    if tree(bench.home) != old:
        raise Fault(f"not as before: {differences(tree(bench.home), old)}")


def undo_on_full_disk(program, folder):
    bench, filler = on_small_disk(program, folder, True, False, 0)
    os.unlink(filler)
    write(bench.path("settings.json"), settings(KEY) + " " * 20000)
    write(bench.path("old.json"), settings(KEY) + " " * 20000)
    old = tree(bench.home)
    expect(clean_run(bench.apply("several")), 0, "with room")
    done = tree(bench.home)
    fill(filler)
    run = clean_run(bench.undo())
    expect(run, 2, "undo on a full disk")
    if tree(bench.home) != done:
        raise Fault(f"changed: {differences(tree(bench.home), done)}")
    os.unlink(filler)
    expect(clean_run(bench.recover()), 0, "the next start")
    if tree(bench.home) != done:
        raise Fault("the next start undid what was refused")
    expect(clean_run(bench.undo()), 0, "with room again")
    if tree(bench.home) != old:
        raise Fault(f"not as before: {differences(tree(bench.home), old)}")


def read_only_folder(program, folder):
    bench = Bench(program, folder)
    old = tree(bench.home)
    mount("--bind", bench.home, bench.home)
    mount("-o", "remount,ro,bind", bench.home)
    for kind in ("write", "make", "remove", "aside", "mode"):
        refused(bench, bench.apply(kind, "c-" + kind.replace(" ", "")), old, "written|allowed")


def mounted_file(program, folder, read_only):
    bench = Bench(program, folder)
    file = bench.path("settings.json")
    mount("--bind", file, file)
    if read_only:
        mount("-o", "remount,ro,bind", file)
    refused(bench, bench.apply("write"), tree(bench.home), "mounted by itself|read-only|written")
    refused(bench, bench.apply("several", "second"), tree(bench.home), "mounted by itself|read-only|written")


def read_only_store(program, folder):
    bench = Bench(program, folder)
    os.mkdir(bench.store)
    mount("--bind", bench.store, bench.store)
    mount("-o", "remount,ro,bind", bench.store)
    refused(bench, bench.apply("write"), tree(bench.home), "nothing is changed")


def other_disk(program, folder):
    """The store on another disk than the home; a link that leads to another disk."""
    bench = Bench(program, folder)
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", disk)
    bench.store = os.path.join(disk, "store")
    write(os.path.join(disk, "bashrc"), "x\n", 0o600)
    os.unlink(bench.path(".bashrc"))
    os.symlink(os.path.join(disk, "bashrc"), bench.path(".bashrc"))
    expect(clean_run(bench.apply("link")), 0, "over two disks")
    with open(os.path.join(disk, "bashrc")) as file:
        if file.read() != settings(NEW_KEY):
            raise Fault("the file behind the link is not the new one")
    if not os.path.islink(bench.path(".bashrc")):
        raise Fault("the link is gone")
    expect(clean_run(bench.undo()), 0, "and back")


def as_somebody(bench, command, extra=()):
    return ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", *extra, *command]


def given_away(folder, uid=65534):
    os.chmod(folder, 0o755)
    for at, folders, files in os.walk(folder):
        for name in [".", *folders, *files]:
            os.chown(os.path.join(at, name), uid, uid, follow_symlinks=False)


def no_permission(program, folder):
    bench = Bench(program, folder)
    given_away(folder)
    old = tree(bench.home)
    os.chmod(bench.home, 0o555)
    old = tree(bench.home)
    for kind in ("write", "make", "remove"):
        refused(bench, as_somebody(bench, bench.apply(kind, "c-" + kind)), old, "written|allowed")
    # The link lies where nothing can be written, its target does not: the link stays, the target is replaced.
    run = clean_run(as_somebody(bench, bench.apply("link", "c-link")))
    expect(run, 0, "a link in a read-only folder")
    if not os.path.islink(bench.path(".bashrc")):
        raise Fault("the link is gone")
    expect(clean_run(as_somebody(bench, bench.undo())), 0, "and back")
    if tree(bench.home) != old:
        raise Fault(f"not as before: {differences(tree(bench.home), old)}")


def other_owner(program, folder):
    bench = Bench(program, folder)
    given_away(folder)
    os.chown(bench.path("settings.json"), 0, 0)
    os.chown(bench.path("old.json"), 0, 0)
    os.chown(bench.path(".zshrc"), 0, 0)
    old = tree(bench.home)
    for kind in ("write", "remove", "mode", "several"):
        refused(bench, as_somebody(bench, bench.apply(kind, "c-" + kind)), old, "another account")
    # A store that is somebody else's.
    os.mkdir(bench.store)
    refused(bench, as_somebody(bench, bench.apply("link", "c-link")), old, "another account|allowed|denied")


def root_for_somebody(program, folder):
    """An administrator repairs in somebody's home: what is new there belongs to them."""
    bench = Bench(program, folder)
    given_away(bench.home)
    expect(clean_run(bench.apply("several")), 0, "as root")
    for name, (_, uid, _, _, _) in tree(bench.home).items():
        if uid != 65534:
            raise Fault(f"{name} belongs to {uid} now")
    bench.store = bench.path(".local/state/authlight")
    refused(bench, bench.apply("link", "second"), tree(bench.home), "another account")


def odd_places(program, folder):
    bench = Bench(program, folder)
    os.link(bench.path("settings.json"), bench.path("second-name"))
    refused(bench, bench.apply("write"), tree(bench.home), "hard links")
    os.unlink(bench.path("second-name"))
    for make in (os.mkdir, os.mkfifo):
        os.unlink(bench.path("settings.json"))
        make(bench.path("settings.json"))
        refused(bench, bench.apply("write"), tree(bench.home), "no ordinary file")
        (os.rmdir if make is os.mkdir else os.unlink)(bench.path("settings.json"))
        write(bench.path("settings.json"), "{}")
    os.unlink(bench.path(".bashrc"))
    os.symlink("nowhere", bench.path(".bashrc"))
    refused(bench, bench.apply("link"), tree(bench.home), "leads nowhere")
    write(bench.path("a"), "a file where a folder should be")
    refused(bench, bench.apply("make"), tree(bench.home), ".")


def meanwhile(program, folder):
    """Another program writes the file while the change is made, at two moments."""
    for inject, number in (("flock:delay_enter=1500000:when=1", 0), ("fsync:delay_enter=1500000:when=", 1)):
        bench = Bench(program, os.path.join(folder, str(number)))
        command = bench.apply("write")
        if number:
            calls(command, os.path.join(folder, "calls"), bench)
            inject += str(bench.sync_of_new)
            shutil.rmtree(bench.home), shutil.rmtree(bench.store)
            bench = Bench(program, os.path.join(folder, str(number)))
        child = subprocess.Popen(
            ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject={inject}", *command],
            env=ENVIRONMENT, stderr=subprocess.PIPE, text=True,
        )
        waited = time.monotonic() + 10
        there = lambda: os.path.exists(os.path.join(bench.store, "lock")) and (
            not number or any(name.startswith(".authlight-") for name in os.listdir(bench.home))
        )
        while not there():
            if time.monotonic() > waited or child.poll() is not None:
                raise Fault(f"the moment did not come ({child.communicate()[1].strip()})")
            time.sleep(0.01)
        write(bench.path("settings.json"), "theirs")
        old = tree(bench.home)
        old = {name: seen for name, seen in old.items() if not is_ours(name)}
        said = child.communicate(timeout=30)[1]
        if child.returncode != 2 or "changed" not in said:
            raise Fault(f"exit {child.returncode}: {said.strip()}")
        if tree(bench.home) != old:
            raise Fault(f"changed: {differences(tree(bench.home), old)}")


def two_at_once(program, folder):
    bench = Bench(program, folder)
    child = subprocess.Popen(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=rename:delay_enter=1500000:when=1",
         *bench.apply("write")],
        env=ENVIRONMENT,
    )
    waited = time.monotonic() + 10
    while not os.path.exists(os.path.join(bench.store, "journal.jsonl")):
        if time.monotonic() > waited:
            raise Fault("it did not begin")
        time.sleep(0.01)
    old = tree(bench.home)
    run = clean_run(bench.apply("mode", "second"))
    expect(run, 2, "a second one at the same time")
    if "another Authlight" not in run.stderr:
        raise Fault(f"it says: {run.stderr.strip()}")
    # A start that only wants to finish what was cut off leaves the other one alone.
    expect(clean_run(bench.recover()), 0, "a start at the same time")
    if child.wait(timeout=30) != 0:
        raise Fault("the first one did not end well")
    if tree(bench.home) == old:
        raise Fault("the first one did nothing")


def claude_writes(program, folder):
    bench = Bench(program, folder)
    lock = bench.path(".claude.json.lock")
    os.mkdir(lock)
    refused(bench, bench.apply("state file"), tree(bench.home), "Claude Code is writing")
    long_ago = time.time() - 3600
    os.utime(lock, (long_ago, long_ago))
    expect(clean_run(bench.apply("state file", "second")), 0, "a lock that was left behind")
    if not os.path.isdir(lock):
        raise Fault("a lock that is not ours is gone")
    os.rmdir(lock)
    for name in (".claude/.storage-write.lock", ".claude/.oauth_refresh.lock", ".claude.lock"):
        os.mkdir(bench.path(name))
        refused(bench, bench.apply("aside", "c" + str(len(name))), tree(bench.home), "Claude Code is writing")
        os.rmdir(bench.path(name))


def masks(program, folder):
    for mask in (0o000, 0o077, 0o027):
        bench = Bench(program, os.path.join(folder, oct(mask)))
        expect(clean_run(bench.apply("several"), umask=mask), 0, f"umask {mask:o}")
        for name, (mode, _, _, _, _) in tree(bench.store).items():
            wanted = 0o700 if stat.S_ISDIR(mode) else 0o600
            if stat.S_IMODE(mode) != wanted:
                raise Fault(f"umask {mask:o}: {name} has mode {stat.S_IMODE(mode):o}")
        seen = tree(bench.home)
        for name, wanted in (("settings.json", 0o644), ("a/b/settings.json", 0o600), (".zshrc", 0o600)):
            if stat.S_IMODE(seen[name][0]) != wanted:
                raise Fault(f"umask {mask:o}: {name} has mode {stat.S_IMODE(seen[name][0]):o}")
        os.chmod(bench.store, 0o755)
        expect(clean_run(bench.undo(), umask=mask), 0, "undo")
        if stat.S_IMODE(os.stat(bench.store).st_mode) != 0o700:
            raise Fault("a store that all may enter stays so")


MOUNTS = {
    "home full": lambda program, folder: full(program, folder, True, False, 0),
    "home nearly full": lambda program, folder: full(program, folder, True, False, 32768),
    "store full": lambda program, folder: full(program, folder, False, True, 0),
    "store nearly full": lambda program, folder: full(program, folder, False, True, 8192),
    "both full": lambda program, folder: full(program, folder, True, True, 0),
    "both nearly full": lambda program, folder: full(program, folder, True, True, 65536),
    "undo on a full disk": undo_on_full_disk,
    "read-only folder": read_only_folder,
    "read-only file": lambda program, folder: mounted_file(program, folder, True),
    "mounted file": lambda program, folder: mounted_file(program, folder, False),
    "read-only store": read_only_store,
    "another disk": other_disk,
}
ROOT = {"no permission": no_permission, "other owner": other_owner, "root for somebody": root_for_somebody}
STRACE = {"written meanwhile": meanwhile, "two at once": two_at_once}
PLAIN = {"odd places": odd_places, "Claude Code writes": claude_writes, "umask": masks}


def one_case(program, name):
    case = {**MOUNTS, **ROOT, **STRACE, **PLAIN}[name]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        case(program, folder)


def in_namespace(program, name):
    """A case that mounts, in a process with mounts of its own."""
    unshare = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    run = clean_run([*unshare, sys.executable, os.path.abspath(__file__), "--program", program, "--case", name])
    if run.returncode != 0:
        raise Fault(run.stderr.strip() or run.stdout.strip())


def can(*command):
    try:
        return clean_run(list(command)).returncode == 0
    except OSError:
        return False


def left_out(what, why):
    print(f"LEFT OUT: {what}: {why}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    os.umask(0o022)
    # Nothing here is lost with the power: where memory serves as a disk, it is the faster one.
    if "TMPDIR" not in os.environ and os.access("/dev/shm", os.W_OK) and shutil.disk_usage("/dev/shm").free > 1 << 30:
        tempfile.tempdir = "/dev/shm"
    if arguments.case:
        try:
            one_case(program, arguments.case)
        except Fault as fault:
            sys.exit(str(fault))
        return

    began, faults, jobs = time.monotonic(), [], []
    counted = {"deaths": {}, "failures": {}, "cases": 0}
    has_strace = can("strace", "-qq", "-o", "/dev/null", "-e", "inject=getpid:error=EIO", "true")
    has_mounts = can("unshare", "-m" if os.geteuid() == 0 else "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt")
    wanted = lambda name: arguments.only in (None, name)
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        add = lambda label, job, *more: jobs.append((label, pool.submit(job, *more)))
        kinds = [kind for kind in ALL_KINDS if wanted(kind)]
        if not has_strace:
            left_out("dying and failing calls", "strace cannot do it here")
            kinds = []
        for kind, (old, new, listed) in zip(kinds, pool.map(lambda kind: ends_of(program, kind), kinds)):
            counted["deaths"][kind] = len(listed)
            for name, number in listed:
                add(f"{kind}: killed at {name} {number}", one_death, program, kind, name, number, old, new)
            failures = [
                (name, number, error, for_good)
                for name, number in listed
                for error, for_good in (
                    ("EIO", False), ("ENOSPC", False), ("EACCES", False), ("EIO", True), ("ENOSPC", True),
                )
            ]
            if not arguments.full:
                failures = failures[::3]
            counted["failures"][kind] = len(failures)
            for name, number, error, for_good in failures:
                label = f"{kind}: {name} {number}{' and all after' if for_good else ''} fails with {error}"
                add(label, one_failure, program, kind, name, number, error, for_good, old, new)
        cases = [name for name in PLAIN if wanted(name)]
        for name in cases + [name for name in STRACE if wanted(name) and has_strace]:
            add(name, one_case, program, name)
        if not has_mounts:
            left_out("full and read-only disks", "no mounts of one's own here")
        for name in [name for name in MOUNTS if wanted(name) and has_mounts]:
            add(name, in_namespace, program, name)
        if os.geteuid() != 0 or not can("setpriv", "--reuid", "65534", "true"):
            left_out("other accounts", "needs root and setpriv")
        else:
            for name in [name for name in ROOT if wanted(name)]:
                add(name, one_case, program, name)
        ends = {"old": 0, "new": 0}
        for label, job in jobs:
            try:
                came = job.result()
                if came:
                    ends[came] += 1
            except Exception as error:  # whatever it is, it is a fault
                faults.append(f"{label}: {type(error).__name__ if not isinstance(error, Fault) else ''}{error}")
    cases = len(jobs) - sum(counted["deaths"].values()) - sum(counted["failures"].values())
    print(f"killed at {sum(counted['deaths'].values())} places: {counted['deaths']}")
    print(f"failing calls: {sum(counted['failures'].values())}: {counted['failures']}")
    print(f"afterwards old {ends['old']}, new {ends['new']}; other cases: {cases}")
    for fault in faults:
        print(f"DOES NOT HOLD: {fault}")
    print(f"{len(jobs)} tried, {len(faults)} do not hold, {time.monotonic() - began:.0f} s")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
