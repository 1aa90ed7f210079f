"""What Python itself does while compiled code runs: files removed or overwritten, programs started, hosts connected to.

One audit hook (`sys.addaudithook`), installed when the first line is watched; it can never be removed, so it does next
to nothing while nobody watches, and for each event that is not one of these. What a driver in C does raises no event.
Passed over is what the modules and the engine do, and what the import of a library does.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Mapping
from functools import cache
from operator import itemgetter
from pathlib import Path
from types import FrameType
from typing import Any

import aibasic.modules

import aibasic_kernel
from aibasic_kernel.compiler.gate import Consequence, judge_program
from aibasic_kernel.compiler.task_types import task_types
from aibasic_kernel.session.gating.audit_files import WRITING, Files
from aibasic_kernel.session.gating.audit_hosts import Hosts
from aibasic_kernel.session.gating.callers import Callers

Saw = Callable[[Consequence, str], None]
"""Told what is about to happen, and the file name of the compiled line that does it. Raises to stop it."""


class Audit:
    """Watches what the compiled lines of one session do by themselves."""

    def __init__(self, callers: Callers, saw: Saw) -> None:
        self._callers = callers
        self._saw = saw
        self._files = Files()
        self._hosts = Hosts(tuple)
        self._opened: set[tuple[str, Any, str]] = set()

    def begin(self, hosts: Hosts) -> None:
        """A line is about to run, which may connect to `hosts`."""
        self._hosts = hosts
        self._opened.clear()

    def start(self) -> None:
        """Begin to watch; again has no effect."""
        global _watching
        _install()
        if self not in _watching:
            _watching = (*_watching, self)

    def stop(self) -> None:
        """Watch no more."""
        global _watching
        _watching = tuple(other for other in _watching if other is not self)

    def note_temporary(self, path: Any) -> None:
        """Something that `tempfile` has made, for whomever."""
        self._files.note_temporary(path)

    def saw(self, event: str, args: tuple[Any, ...], frame: FrameType) -> None:
        """Judge an event that came from `frame`. Raises what stops it."""
        line = self._callers.line(frame, apart())
        if not line:
            return
        # A file that a line has opened to write, it may open again: loops do.
        key = (line, args[0], os.getcwd()) if event == "open" else None
        if key is not None and key in self._opened:
            return
        if (found := self._judged(event, args, frame, line)) is not None:
            self._saw(found, line)
        if key is not None:
            self._opened.add(key)

    def _judged(self, event: str, args: tuple[Any, ...], frame: FrameType, line: str) -> Consequence | None:
        if event == "open":
            return self._files.opened(line, args[0], args[2])
        if event in _FILES:
            return _FILES[event](self._files, line, args, frame)
        if event in _PROGRAMS:
            return judge_program(_command(_PROGRAMS[event](args)))
        return _HOSTS[event](self._hosts, args)


@cache
def apart() -> tuple[str, ...]:
    """Where the code of the engine and of the modules lies: what they do is no affair of a line."""
    folders = (str(Path(place)) for package in (aibasic.modules, aibasic_kernel) for place in package.__path__)
    classes = (task.module_class for task in task_types().values())
    files = (sys.modules[each.__module__].__file__ for each in classes if each is not None)
    return (*(folder + os.sep for folder in folders), *filter(None, files))


def _removed(files: Files, line: str, args: tuple[Any, ...], frame: FrameType) -> Consequence | None:
    return files.removed(line, _in_folder(*args[:2]), frame)


def _removed_folder(files: Files, line: str, args: tuple[Any, ...], frame: FrameType) -> Consequence | None:
    return files.removed(line, _in_folder(*args[:2]), frame, "folder")


def _removed_tree(files: Files, line: str, args: tuple[Any, ...], frame: FrameType) -> Consequence | None:
    return files.removed(line, _in_folder(args[0], *args[1:2]), frame.f_back, "folder")  # its own frame is shutil's


def _replaced(files: Files, line: str, args: tuple[Any, ...], frame: FrameType) -> Consequence | None:
    return files.replaced(line, _in_folder(args[0], args[2]), _in_folder(args[1], args[3]))


def _truncated(files: Files, line: str, args: tuple[Any, ...], frame: FrameType) -> Consequence | None:
    return files.opened(line, args[0], os.O_WRONLY | os.O_TRUNC)


def _made(files: Files, line: str, args: tuple[Any, ...], frame: FrameType) -> None:
    files.made(line, _in_folder(args[0], args[2]))


_FILES: Mapping[str, Callable[[Files, str, tuple[Any, ...], FrameType], Consequence | None]] = {
    "os.remove": _removed,
    "os.rmdir": _removed_folder,
    "shutil.rmtree": _removed_tree,
    "os.rename": _replaced,
    "os.truncate": _truncated,
    "os.mkdir": _made,
}
_PROGRAMS: Mapping[str, Callable[[tuple[Any, ...]], Any]] = {
    "subprocess.Popen": itemgetter(1),
    "os.system": itemgetter(0),
    "os.exec": itemgetter(1),
    "os.posix_spawn": itemgetter(1),
    "os.spawn": itemgetter(2),
    "os.startfile": itemgetter(0),
    "pty.spawn": itemgetter(0),
}
"""Where the command stands among the arguments of an event."""
_HOSTS: Mapping[str, Callable[[Hosts, tuple[Any, ...]], Consequence | None]] = {
    "socket.getaddrinfo": lambda hosts, args: hosts.looked_up(args[0], args[1]),
    "socket.gethostbyname": lambda hosts, args: hosts.looked_up(args[0]),
    "socket.connect": lambda hosts, args: hosts.connected(args[1]),
    "socket.sendto": lambda hosts, args: hosts.connected(args[1]),
    "http.client.send": lambda hosts, args: hosts.sent(args[1]),
}
_SHELLS = (("/bin/sh", "-c"), ("sh", "-c"))
_TEMPORARY = ("tempfile.mkstemp", "tempfile.mkdtemp")
_WATCHED = frozenset({*_FILES, *_PROGRAMS, *_HOSTS})

_watching: tuple[Audit, ...] = ()
_installed = False
_judging = threading.local()


def _install() -> None:
    global _installed
    if not _installed:
        _installed = True
        sys.addaudithook(_hook)


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if not _watching:
        return
    if event == "open":
        if args[2] is None or not args[2] & WRITING:
            return
    elif event not in _WATCHED:
        if event in _TEMPORARY:
            for watch in _watching:
                watch.note_temporary(args[0])
        return
    # What judging does itself is no affair of a line.
    if getattr(_judging, "busy", False):
        return
    _judging.busy = True
    try:
        for watch in _watching:
            watch.saw(event, args, sys._getframe(1))
    finally:
        _judging.busy = False


def _in_folder(path: Any, folder: Any = None) -> Any:
    """A path; one that is told by a folder's descriptor, in full where the system tells which folder that is."""
    if not isinstance(folder, int) or folder < 0 or not isinstance(path, str | bytes):
        return path
    try:
        return str(Path("/proc/self/fd", str(folder)).readlink() / os.fsdecode(path))
    except OSError:
        return path


def _command(told: Any) -> str | bytes | list[object]:
    """A command; that of a shell which `subprocess` starts is the shell's text."""
    if isinstance(told, str | bytes):
        return told
    parts = [told] if isinstance(told, os.PathLike) else list(told or ())
    if len(parts) == 3 and tuple(map(os.fsdecode, parts[:2])) in _SHELLS:
        return os.fsdecode(parts[2])
    return parts
