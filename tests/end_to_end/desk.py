"""A desk to sit at: an X server, a window manager, a session bus; a pointer, and eyes through the accessibility tree."""

import os
import pathlib
import re
import subprocess
import time

DEADLINE = 40.0
# The names of these roles differ between releases of the accessibility library.
PRESSABLE = ("button", "push button", "toggle button", "link")


def until(what, look, deadline=DEADLINE):
    """Looks again and again until there is something to see; gives it back."""
    end = time.monotonic() + deadline
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > end:
            raise TimeoutError(f"{what} never came")
        time.sleep(0.05)


class Desk:
    """Everything is started by us, and ended by us through what we started."""

    def __init__(self, folder, size="1280x900", home=None):
        self.folder = folder
        self.size = size
        self.home = home or folder / "home"
        self.children = []

    def __enter__(self):
        runtime = self.folder / "runtime"
        runtime.mkdir(mode=0o700)
        self.environment = {
            "PATH": f"{self.folder}/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "TMPDIR": str(self.folder / "tmp"),
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_DATA_HOME": str(self.home / ".local/share"),
            "XDG_DATA_DIRS": "/usr/local/share:/usr/share",
        }
        self.environment["DISPLAY"] = self._display()
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = self._bus()
        os.environ.update(self.environment)
        self.start("openbox", "--sm-disable")
        until("the window manager", lambda: "window id" in self.tell("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"))
        return self

    def __exit__(self, *_):
        for child in reversed(self.children):
            child.terminate()
        for child in reversed(self.children):
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def start(self, *command, **more):
        """A child that lives as long as the desk."""
        silent = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        child = subprocess.Popen(command, env=self.environment, **{**silent, **more})
        self.children.append(child)
        return child

    def tell(self, *command):
        """What a command says; nothing where it fails."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        return done.stdout if done.returncode == 0 else ""

    def _display(self):
        reader, writer = os.pipe()
        server = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{self.size}x24", "-nolisten", "tcp", "-noreset"]
        self.start(*server, pass_fds=[writer])
        os.close(writer)
        with os.fdopen(reader) as said:
            number = said.readline().strip()
        assert number, "the X server did not start"
        return f":{number}"

    def _bus(self):
        bus = self.start("dbus-daemon", "--session", "--nofork", "--print-address", stdout=subprocess.PIPE, text=True)
        return bus.stdout.readline().strip()

    # What is on the screen.

    def windows(self):
        return [int(line) for line in self.tell("xdotool", "search", "--onlyvisible", "--class", "authlight").split()]

    def geometry(self, window):
        said = self.tell("xdotool", "getwindowgeometry", "--shell", str(window))
        return {name: int(value) for name, value in re.findall(r"^(X|Y|WIDTH|HEIGHT)=(-?\d+)$", said, re.M)}

    def picture(self, path, window="root"):
        subprocess.run(["import", "-window", str(window), str(path)], env=self.environment, check=True)

    def close(self, window):
        self.tell("xdotool", "windowactivate", "--sync", str(window), "key", "alt+F4")

    def clipboard(self):
        return self.tell("xclip", "-out", "-selection", "clipboard")


class Window:
    """One window of ours, seen through the accessibility tree and touched with the pointer."""

    def __init__(self, desk):
        self.desk = desk
        self.window = until("the window", desk.windows)[0]
        self.pid = int(until("its process", lambda: desk.tell("xdotool", "getwindowpid", str(self.window))))
        # The session bus is named in the environment by now.
        import gi
        gi.require_version("Atspi", "2.0")
        from gi.repository import Atspi
        self.atspi = Atspi
        Atspi.init()
        self._wake()

    def _wake(self):
        """Tells the desktop that somebody uses a screen reader, as a screen reader does."""
        self.desk.tell("gdbus", "call", "--session", "--dest", "org.a11y.Bus", "--object-path", "/org/a11y/bus",
                       "--method", "org.freedesktop.DBus.Properties.Set", "org.a11y.Status", "ScreenReaderEnabled",
                       "<true>")

    def _parts(self):
        desktop = self.atspi.get_desktop(0)
        waiting = [desktop.get_child_at_index(at) for at in range(desktop.get_child_count())]
        while waiting:
            part = waiting.pop()
            if part is None:
                continue
            yield part
            waiting += [part.get_child_at_index(at) for at in reversed(range(part.get_child_count()))]

    def names(self, role=None):
        """The names of everything that has this role, in reading order."""
        from gi.repository import GLib
        found = []
        try:
            for part in self._parts():
                if part.get_name() and (role is None or part.get_role_name() == role):
                    found.append(part.get_name())
        except GLib.Error:
            # It was just being redrawn: whoever waits looks again.
            return []
        return found

    def says(self, text, role=None):
        return any(text in name for name in self.names(role))

    def focused(self):
        """The name of what has the keyboard."""
        return self._focus()[1]

    def _focus(self):
        """What has the keyboard: its place in the order, and its name. Several links may have one name."""
        from gi.repository import GLib
        try:
            for place, part in enumerate(self._parts()):
                if part.get_state_set().contains(self.atspi.StateType.FOCUSED) and part.get_name():
                    return place, part.get_name()
        except GLib.Error:
            pass
        return -1, ""

    def press(self, key, until_focused, times=1):
        """Presses a key, up to so many times, until what has the keyboard is named so."""
        for _ in range(times):
            before = self._focus()
            self.desk.tell("xdotool", "key", "--window", str(self.window), key)
            until("the keyboard to move", lambda: self._focus() not in (before, (-1, "")))
            if until_focused in self.focused():
                return
        raise AssertionError(f"{key} leads to “{self.focused()}”, not to “{until_focused}”")

    def wait(self, text, role=None):
        until(f"“{text}”", lambda: self.says(text, role))

    def click(self, name, whole=False):
        """Moves the pointer onto what begins with this name, and clicks. `whole`: onto the last that is named so, which lies on
        top."""
        found, since = None, time.monotonic()

        def pointed_at():
            nonlocal found, since
            place = self._place(name, whole)
            if place is None or place != found:
                found, since = place, time.monotonic()
                if place:
                    # Within the window: where that lies on the screen, its title bar is counted twice.
                    self.desk.tell("xdotool", "mousemove", "--window", str(self.window), *map(str, place))
            # What has just come may still move; nobody presses where it no longer is.
            return place is not None and time.monotonic() - since > 0.2

        until(f"“{name}” to click", pointed_at)
        self.desk.tell("xdotool", "click", "1")

    def _place(self, name, whole):
        from gi.repository import GLib
        last = None
        try:
            for part in self._parts():
                named = part.get_name() == name if whole else part.get_name().startswith(name)
                if named and part.get_role_name() in (*PRESSABLE, "radio button", "check box"):
                    box = part.get_component_iface().get_extents(self.atspi.CoordType.WINDOW)
                    last = (box.x + box.width // 2, box.y + box.height // 2) if box.width > 0 else None
                    if not whole:
                        break
        except GLib.Error:
            return None
        return last

    def resize(self, width, height):
        self.desk.tell("xdotool", "windowsize", str(self.window), str(width), str(height))
        until(f"{width}x{height}", lambda: self.desk.geometry(self.window).get("WIDTH") == width)

    def close(self):
        """With the keyboard, as the cross in its corner does."""
        gone = lambda: not pathlib.Path(f"/proc/{self.pid}").exists()

        def closed():
            # The key goes astray while the window manager is still giving the window the keyboard.
            self.desk.close(self.window)
            end = time.monotonic() + 3
            while time.monotonic() < end and not gone():
                time.sleep(0.05)
            return gone()

        until("its end", closed)


def processor_ticks(pid):
    """Processor time of a process so far, in clock ticks."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def running_time(pid):
    """Nanoseconds for which the first thread of a process, the window's, was running so far."""
    return int(pathlib.Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[0])
