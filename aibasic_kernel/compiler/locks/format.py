"""The text of aibasic.lock: entries that survive a merge by union, conflict marks and a cut anywhere.

    # aibasic.lock, format 1: ...

    [entry.3f2a9c41d0e1]
    3f2a9c41d0e1   1 say "query all customers"
    3f2a9c41d0e1   2 section "postgres"
    3f2a9c41d0e1   3 by ["phrase", "query all {table:table}"]
    3f2a9c41d0e1   4 | results = pg.execute_query("SELECT * FROM customers")

An entry's hash is the beginning of a digest over its lines. Each line carries it with the line's number, so no two
lines of a file are alike and each says where it belongs: a merge can neither fuse entries nor reorder what matters.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.errors import LockError

FORMAT = 1
HEAD = f"# aibasic.lock, format {FORMAT}: the Python of each sentence. Written by AIBasic; keep it with the program."

_SHORT = 12
_TRACE = ("names", "absent", "it", "tables", "calls")
_HEAD = re.compile(r"# aibasic\.lock, format (\d+)\b")
_CONFLICT = re.compile(r"(<{7}|\|{7}|={7}|>{7})( .*)?")
_ENTRY = re.compile(rf"\[entry\.([0-9a-f]{{{_SHORT}}})\]")
_LINE = re.compile(rf"([0-9a-f]{{{_SHORT}}}) +(\d{{1,9}}) (.+)")


@dataclass(frozen=True)
class Entry:
    """A compilation as it stands in a lock: `digest` (SHA-256, hexadecimal) is made over `lines`."""

    compilation: Compilation
    digest: str
    lines: tuple[str, ...]

    @property
    def short(self) -> str:
        """The beginning of its digest, by which the file and people call it."""
        return self.digest[:_SHORT]


@dataclass(frozen=True)
class Broken:
    """A part of a lock that cannot be used: where it is and why, and its lines as they stand."""

    reason: str
    text: str
    edited: Entry | None = None
    """What it says where it can be read: it was changed by hand (or cut), so nobody has agreed to it yet."""


@dataclass(frozen=True)
class LockText:
    """What was read from a lock: whole entries by digest, and the rest."""

    entries: Mapping[str, Entry]
    broken: tuple[Broken, ...]
    foreign: bool = False
    """There is text, and nothing of it is a lock's: the file is somebody else's."""


def encode(compilation: Compilation) -> Entry:
    """The entry for a compilation; the same compilation always gives the same."""
    trace = compilation.trace.to_json()
    fields: list[tuple[str, Any]] = [
        ("say", compilation.sentence),
        ("section", compilation.section),
        ("by", list(compilation.origin)),
        ("result", compilation.result),
        *[(part, trace.get(part)) for part in _TRACE],
    ]
    lines = [f"{name} {_json(value)}" for name, value in fields if value or name == "say"]
    lines += [_code_line(line) for line in compilation.python.split("\n")]
    return Entry(compilation, _digest(lines), tuple(lines))


def render(entries: Iterable[Entry], as_they_stand: Iterable[Broken] = ()) -> str:
    """The text of a lock with these entries, and behind them parts that are kept as they were read."""
    parts = [HEAD + "\n"]
    for entry in sorted(entries, key=lambda entry: entry.digest):
        short = entry.short
        lines = [f"{short} {number:3} {line}" for number, line in enumerate(entry.lines, start=1)]
        parts.append("\n".join((f"[entry.{short}]", *lines)) + "\n")
    parts += [f"{part.text}\n" for part in as_they_stand]
    return "\n".join(parts)


def parse(text: str) -> LockText:
    """Read a lock. Raises LockError for a newer format; all other faults are told in `broken`."""
    groups: dict[str, dict[int, str]] = {}
    places: dict[str, list[tuple[int, str]]] = {}
    stray: list[tuple[int, str]] = []
    torn: set[str] = set()
    has_head = False
    for at, line in enumerate(text.split("\n"), start=1):
        line = line.removesuffix("\r")
        if head := _HEAD.match(line):
            _check_format(int(head[1]))
            has_head = True
        elif entry := _ENTRY.fullmatch(line):
            groups.setdefault(entry[1], {})
            places.setdefault(entry[1], []).append((at, line))
        elif body := _LINE.fullmatch(line):
            if groups.setdefault(body[1], {}).setdefault(int(body[2]), body[3]) != body[3]:
                torn.add(body[1])
            places.setdefault(body[1], []).append((at, line))
        elif line and not _CONFLICT.fullmatch(line):
            stray.append((at, line))
    entries: dict[str, Entry] = {}
    broken = [Broken(f"line {at} belongs to no entry", line) for at, line in stray]
    for short, numbered in groups.items():
        try:
            entry_read = _decode(short, [numbered[number] for number in sorted(numbered)])
            entries[entry_read.digest] = entry_read
        except ValueError as error:
            where = places[short]
            edited = None if short in torn or not _ENTRY.fullmatch(where[0][1]) else _edited(numbered)
            text = "\n".join(line for _, line in where)
            broken.append(Broken(f"entry {short} at line {where[0][0]}: {error}", text, edited))
    return LockText(entries, tuple(broken), foreign=bool(stray) and not groups and not has_head)


def _check_format(number: int) -> None:
    if number > FORMAT:
        raise LockError(
            f"the lock has format {number}, and this version of aibasic-kernel reads format {FORMAT}",
            "pip install --upgrade aibasic-kernel (the lock was left as it is)",
        )


def _decode(short: str, lines: list[str]) -> Entry:
    """The entry that these lines are. Raises ValueError where they are none, or not all of one."""
    if not _digest(lines).startswith(short):
        raise ValueError("it is not whole, or was edited")
    try:
        entry = encode(_compilation(lines))
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError("its fields cannot be read") from error
    if entry.lines != tuple(lines):
        raise ValueError("it was not written by this format")
    return entry


def _edited(numbered: Mapping[int, str]) -> Entry | None:
    """What an entry says whose hash is of other lines; None where lines are missing or nothing can be made of them."""
    if sorted(numbered) != list(range(1, len(numbered) + 1)):
        return None
    try:
        return encode(_compilation([numbered[number] for number in sorted(numbered)]))
    except (KeyError, TypeError, ValueError, RecursionError):
        return None


def _compilation(lines: list[str]) -> Compilation:
    code = [_code(line) for line in lines if line.startswith("|")]
    fields = {name: json.loads(value) for name, _, value in (line.partition(" ") for line in lines if line[0] != "|")}
    return Compilation.from_json(
        {
            "sentence": fields["say"],
            "section": fields.get("section", ""),
            "python": "\n".join(code),
            "result": fields.get("result", ""),
            "origin": fields.get("by", ("", "")),
            "trace": {part: fields[part] for part in _TRACE if part in fields},
        }
    )


def _digest(lines: Iterable[str]) -> str:
    text = "\n".join((f"aibasic.lock {FORMAT}", *lines))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(value)


def _code_line(line: str) -> str:
    """A line of code as it stands, where an editor would show and keep it so; else as a JSON string."""
    if not line:
        return "|"
    plain = line.replace("\t", "").isprintable() and line == line.rstrip()
    return f"| {line}" if plain else f"|{json.dumps(line)}"


def _code(line: str) -> str:
    if line == "|":
        return ""
    return line[2:] if line.startswith("| ") else str(json.loads(line[1:]))
