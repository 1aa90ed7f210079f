"""The forms in which a secret may stand in a text: as a quick test on bytes, and as an exact pattern.

As it stands; URL-quoted; escaped as in JSON, HTML and Python's repr, to any depth; in hexadecimal and in base64, at
each of the three places where it may begin in a longer text. Each of these may be broken over lines, as output is
wrapped or a literal printed in pieces, and may end early: of a long secret the beginning is enough.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

ENOUGH = 16
"""Characters of a form after which it is taken for the secret, whatever follows: outputs are cut short."""

LONG_RUN = 3
"""Letters and digits in a row by which a secret is told from most other texts."""
_RUN = re.compile(r"[A-Za-z0-9]+")
_DROPPED = b" \t\r\n\\'\""
_ESCAPED_BREAKS = (rb"\n", rb"\r", rb"\t")
_COLOUR = re.compile(rb"(?:\x1b|\\+u001b|\\+x1b)\[[0-9;]*m")
_ONE_BREAK = r"""(?:(?:["'][ \t]*)?(?:\\*\r?\n|(?:\\+r)?\\+n)[ \t]*["']?|\x1b\[[0-9;]*m)"""
_BLANKS = r"""(?:\s|\\+[nrt]|["']\s*["']|\+|%20|%0[9aAdD]|\x1b\[[0-9;]*m)*"""
"""How blanks in a secret are written, or left out where a text is wrapped."""
_BREAK = f"{_ONE_BREAK}{{0,3}}"
"""What may stand between two characters of a form: a line's end, escaped or not, with quotes around it; a colour."""
_ENCODED = r"[\w+/-]"
"""A character of base64 or hexadecimal."""
_ENTITIES = {"&": ("&amp;",), "<": ("&lt;",), ">": ("&gt;",), '"': ("&quot;",), "'": ("&#x27;", "&#39;")}
_SLASHES = r"\\(?:\\)*"
"""One backslash or more, beginning with a literal one."""


def squeezed(data: bytes) -> bytes:
    """`data` without blanks, breaks, quotes, backslashes and colours: broken and escaped forms become alike."""
    if b"\x1b[" in data or b"1b[" in data:
        data = _COLOUR.sub(b"", data)
    if b"\\" in data:
        for escaped in _ESCAPED_BREAKS:
            data = data.replace(escaped, b"")
    return data.translate(None, _DROPPED)


@dataclass(frozen=True)
class Spelled:
    """A secret as it is written, quoted and escaped."""

    secret: str

    def starts(self, length: int | None) -> set[str]:
        """The first `length` characters of the secret in each form, all with None."""
        return spellings(self.secret[:length])

    def pattern(self) -> re.Pattern[str]:
        first, *others = map(list, map(_unit, self.secret))
        rest = [[way.replace(_SLASHES, r"\\*") for way in ways] for ways in others]
        return re.compile(_joined([first, *rest]))


@dataclass(frozen=True)
class Encoded:
    """A secret in hexadecimal and in base64."""

    secret: str

    def starts(self, length: int | None) -> set[str]:
        """The first `length` characters of each form, all with None."""
        return {core[:length] for core in _cores(self.secret)}

    def pattern(self) -> re.Pattern[str]:
        forms = []
        for core in sorted(_cores(self.secret), key=len, reverse=True):
            start = _BREAK.join(re.escape(character) for character in core[:ENOUGH])
            more = len(core) - ENOUGH
            forms.append(start + (f"(?:{_BREAK}{_ENCODED}){{0,{more}}}" if more > 0 else ""))
        return re.compile("|".join(forms))


Forms = Spelled | Encoded


def needles(forms: Forms) -> set[bytes]:
    """A text in whose `squeezed` bytes none of these stands has none of the forms."""
    if isinstance(forms, Spelled):
        run = max(_RUN.findall(forms.secret[:ENOUGH]), key=len, default="")
        if len(run) >= LONG_RUN:  # no quoting and no escape changes letters and digits
            return {run[run[0] in "nrt" :].encode()}  # behind a backslash its first letter may be a break's
    return beginnings(forms, ENOUGH)


def beginnings(forms: Forms, length: int | None = None) -> set[bytes]:
    """What `squeezed` leaves of each form's first `length` characters, of all with None."""
    found = set()
    for start in forms.starts(length):
        for written in (start, json.dumps(start)[1:-1]):
            whole = squeezed(as_bytes(written))
            found.add(whole)
            if whole[:1] in (b"n", b"r", b"t"):
                found.add(whole[1:])  # behind a backslash its first letter looks like a part of a break
    return found


def as_bytes(text: str) -> bytes:
    """The text in UTF-8, lone surrogates too."""
    return text.encode("utf-8", "surrogatepass")


def spellings(text: str) -> set[str]:
    """How a text is written, quoted and escaped."""
    found = {
        text,
        quote(text, errors="surrogatepass"),
        quote(text, safe="", errors="surrogatepass"),
        quote_plus(text, errors="surrogatepass"),
        html.escape(text),
        html.escape(text, quote=False),
        html.escape(text, quote=False).replace('"', "&quot;"),
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        ascii(text)[1:-1],
        repr(text)[1:-1],
        repr(as_bytes(text))[2:-1],
    }
    return found | {re.sub(r"%[0-9A-F]{2}", lambda match: match[0].lower(), form) for form in found if "%" in form}


def _cores(secret: str) -> set[str]:
    """In hexadecimal, and in base64 the characters that are the same whatever stands before and after the secret."""
    data = as_bytes(secret)
    found = {data.hex(), data.hex().upper()}
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + data).decode()
        core = encoded[-(-8 * before // 6) : 8 * (before + len(data)) // 6]
        found |= {core, core.replace("+", "-").replace("/", "_")}
    return found


def _joined(units: list[list[str]]) -> str:
    """The units one behind the other, broken anywhere; those behind the first ENOUGH need not be there."""
    written = [unit[0] if len(unit) == 1 else f"(?:{'|'.join(unit)})" for unit in units]
    rest = ""
    for unit in reversed(written[ENOUGH:]):
        rest = f"(?:{_BREAK}{unit}{rest})?"
    return _BREAK.join(written[:ENOUGH]) + rest


def _unit(character: str) -> Iterator[str]:
    """The ways in which one character is written, those first that begin like a shorter one."""
    if character.isascii() and character.isalnum():
        yield character
        return
    if character.isspace():
        yield _BLANKS
        return
    data = as_bytes(character)
    if character in _ENTITIES:
        yield from (_SLASHES + entity for entity in _ENTITIES[character])
        yield from _ENTITIES[character]
    if character in _ENTITIES or not (character.isascii() and character.isprintable()):
        yield from _escapes(character, data)
    yield "".join(f"%{_hex(byte)}" for byte in data)
    if character == "\\":
        yield r"\\+"
        return
    yield _SLASHES + re.escape(character)
    yield re.escape(character)


def _escapes(character: str, data: bytes) -> Iterator[str]:
    """`\\u00e9`, `\\xe9` and `\\xc3\\xa9`, as surrogates too."""
    code = ord(character)
    utf16 = character.encode("utf-16-be", "surrogatepass")
    halves = [int.from_bytes(utf16[at : at + 2], "big") for at in range(0, len(utf16), 2)]
    yield "".join(f"{_SLASHES}u{_hex(half >> 8)}{_hex(half & 0xFF)}" for half in halves)
    yield "".join(f"{_SLASHES}x{_hex(byte)}" for byte in data)
    yield f"{_SLASHES}U{code:08x}" if code > 0xFFFF else f"{_SLASHES}x{_hex(code & 0xFF)}"


def _hex(byte: int) -> str:
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in f"{byte:02x}")
