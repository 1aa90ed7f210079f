"""Whether another program that is started only looks."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from pathlib import PurePath

from aibasic.modules.effects import Kind

from aibasic_kernel.compiler.gate.consequence import Consequence

Command = str | bytes | os.PathLike[str] | Sequence[object]
_LOOKING = frozenset(
    """
    arch basename cal cat cmp column cut date df diff dirname du echo expr false fgrep file free getconf grep egrep
    groups head hexdump host hostname id jq less locale ls lsb_release lsblk lscpu lsof lsusb md5sum more nl nproc
    nslookup od ping pgrep printenv printf ps pwd readlink realpath sha1sum sha256sum sleep sort stat strings tail test
    tr tree true tty type uname uniq uptime users vmstat wc whereis which who whoami
    """.split()  # noqa: SIM905
)
_LOOKING_PARTS = {
    "git": frozenset(
        {"status", "log", "diff", "show", "branch", "rev-parse", "describe", "blame", "ls-files", "remote"}
    ),
    "docker": frozenset({"ps", "images", "version", "info", "logs", "inspect"}),
    "pip": frozenset({"list", "show", "freeze", "--version", "check"}),
    "systemctl": frozenset({"status", "list-units", "is-active"}),
}
_WRITING_OPTIONS = {
    "sort": re.compile(r"-o|--output"), "date": re.compile(r"-s|--set"), "hostname": re.compile(r"[^-]|-F"),
    "tree": re.compile(r"-o"), "branch": re.compile(r"-[dDmM]|--delete|[^-]"), "remote": re.compile(r"[^-]"),
    "file": re.compile(r"-C"), "less": re.compile(r"-[oO]"), "git": re.compile(r"-c|--output|--ext-diff|-O"),
}  # fmt: skip
_VERSION = frozenset({"--version", "-V", "-version", "version", "--help"})
_SHELL = re.compile(r"[;&><`$\n(){}]")
_MOST = 100


def judge_program(command: Command) -> Consequence | None:
    """What comes of starting a command, as a shell's text or as its parts; None for one that only looks.

    Nothing is known of other programs, so they cannot be judged.
    """
    parts = command if isinstance(command, str | bytes | os.PathLike) else [_text(part) for part in command]
    text = " ".join(parts) if isinstance(parts, list) else _text(parts)
    if _only_looks(parts if isinstance(parts, list) else text):
        return None
    return Consequence(Kind.STATEMENT, f"runs the program {text if len(text) <= _MOST else text[: _MOST - 1] + '…'}")


def _only_looks(command: str | list[str]) -> bool:
    if isinstance(command, list):
        if len(command) == 3 and PurePath(command[0]).name in ("sh", "bash") and command[1] == "-c":
            return _only_looks(command[2])
        return _looks(command)
    if _SHELL.search(command):
        return False
    try:
        return all(_looks(shlex.split(piece)) for piece in command.split("|"))
    except ValueError:
        return False


def _looks(words: list[str]) -> bool:
    """Whether a program that is known only to look is asked for nothing else."""
    if not words:
        return False
    name = PurePath(words[0]).name
    rest = words[1:]
    if len(rest) == 1 and rest[0] in _VERSION:
        return "/" not in words[0] or words[0].startswith(("/usr/", "/bin/"))
    parts = _LOOKING_PARTS.get(name)
    if parts is not None:
        return bool(rest) and rest[0] in parts and not _writes(name, rest) and not _writes(rest[0], rest[1:])
    return name in _LOOKING and not _writes(name, rest)


def _writes(name: str, options: list[str]) -> bool:
    pattern = _WRITING_OPTIONS.get(name)
    return pattern is not None and any(pattern.match(option) for option in options)


def _text(part: object) -> str:
    return os.fsdecode(part) if isinstance(part, str | bytes | os.PathLike) else str(part)
