"""Control flow, which is grammar and never a model's work."""

from __future__ import annotations

import re
from collections.abc import Callable

from aibasic_kernel.language.instruction import (
    Call,
    End,
    For,
    ForEach,
    Goto,
    If,
    Instruction,
    Next,
    OnError,
    Return,
    Span,
    Stop,
    Wend,
    While,
)
from aibasic_kernel.language.source import BLANKS, LARGEST_NUMBER, line_number

JUMPS = (Goto, If, OnError, Call)
"""Instructions that name a line to go on at."""

_JUMP = r"(?:goto|go\s+to|jump\s+to)(?:\s+line)?"
_NOWHERE = Span(0, 0, 1)


class Misfit(Exception):
    """A text has a form of control flow, but cannot be meant: the message says why, the second argument what to do."""


def _target(digits: str) -> int:
    number = line_number(digits)
    if number is None:
        raise Misfit(f"there is no line {digits[:12]}", f"line numbers are 1 to {LARGEST_NUMBER}")
    return number


def _goal(match: re.Match[str]) -> int:
    return _target(match["target"])


def _if(match: re.Match[str]) -> If:
    condition = match["condition"].rstrip(BLANKS + ",:")
    if not condition or re.search(r"(?<!\w)and$", condition, re.IGNORECASE):
        raise Misfit(
            "an if line holds one condition and one jump",
            "write: if CONDITION then N, and put the other work at line N",
        )
    otherwise = _target(match["otherwise"]) if match["otherwise"] else None
    return If(_NOWHERE, "", None, condition, _target(match["then"]), otherwise)


def _for(match: re.Match[str]) -> For:
    return For(_NOWHERE, "", None, match["variable"], match["start"].strip(), match["stop"].strip(), match["step"])


def _while(match: re.Match[str]) -> While | None:
    condition = match["condition"]
    return None if re.search(r":(?!\S)", condition) else While(_NOWHERE, "", None, condition)


_Maker = Callable[[re.Match[str]], "Instruction | None"]


def _form(pattern: str, make: _Maker) -> tuple[re.Pattern[str], _Maker]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL), make


_GOTO = _form(rf"{_JUMP}\s+(?P<target>[0-9]+)", lambda match: Goto(_NOWHERE, "", None, _goal(match)))
_CALL = _form(r"(?:call|gosub)(?:\s+line)?\s+(?P<target>[0-9]+)", lambda match: Call(_NOWHERE, "", None, _goal(match)))
_FORMS: dict[str, tuple[tuple[re.Pattern[str], _Maker], ...]] = {
    "goto": (_GOTO,),
    "go": (_GOTO,),
    "jump": (_GOTO,),
    "if": (
        _form(
            rf"if\s+(?P<condition>\S.*?)(?<=\s)(?:then(?:\s+(?:{_JUMP}|line))?|{_JUMP})\s+(?P<then>[0-9]+)"
            rf"(?:[\s,]+else\s+(?:{_JUMP}\s+)?(?P<otherwise>[0-9]+))?",
            _if,
        ),
    ),
    "for": (
        _form(
            r"for\s+(?P<variable>[^\W\d]\w*)\s*=\s*(?P<start>\S.*?)(?<=\s)to\s+(?P<stop>\S.*?)(?:(?<=\s)step\s+(?P<step>.+))?",
            _for,
        ),
        _form(
            r"for\s+each\s+([^\W\d]\w*)\s+in\s+(.+)",
            lambda match: ForEach(_NOWHERE, "", None, match[1], match[2]),
        ),
    ),
    "next": (_form(r"next(?:\s+([^\W\d]\w*))?", lambda match: Next(_NOWHERE, "", None, match[1])),),
    "while": (_form(r"while\s+(?P<condition>.+)", _while),),
    "wend": (_form("wend", lambda match: Wend(_NOWHERE, "", None)),),
    "on": (
        _form(rf"on\s+error\s+{_JUMP}\s+(?P<target>[0-9]+)", lambda match: OnError(_NOWHERE, "", None, _goal(match))),
        _form(r"on\s+error\s+stop", lambda match: OnError(_NOWHERE, "", None, None)),
    ),
    "call": (_CALL,),
    "gosub": (_CALL,),
    "return": (_form("return", lambda match: Return(_NOWHERE, "", None)),),
    "end": (_form("end", lambda match: End(_NOWHERE, "", None)),),
    "stop": (_form("stop", lambda match: Stop(_NOWHERE, "", None)),),
}

_FIRST_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
LAST_JUMP = re.compile(rf"(?<=[\s,])and\s+{_JUMP}\s+(?P<target>[0-9]+)\Z", re.IGNORECASE)
"""What ends a sentence that is followed by a jump."""
FLOW_PATTERNS = tuple(dict.fromkeys(pattern for forms in _FORMS.values() for pattern, _ in forms))
"""What a line of control flow matches in full. Its groups are what stands between the words of the grammar; those
named in TARGET_GROUPS are line numbers."""
TARGET_GROUPS = ("target", "then", "otherwise")


def match_control_flow(text: str) -> re.Match[str] | None:
    """The form of control flow that `text` (no number, no comment) has, its target possible or not."""
    found = _matched(text)
    return found[0] if found else None


def read_control_flow(text: str) -> Instruction | None:
    """The control flow that `text` (no number, no comment) is, not yet placed in a source; None for all else.

    Raises Misfit.
    """
    found = _matched(text)
    return found[1](found[0]) if found else None


def _matched(text: str) -> tuple[re.Match[str], _Maker] | None:
    word = _FIRST_WORD.match(text)
    for pattern, make in _FORMS.get(word[0].lower(), ()) if word else ():
        if match := pattern.fullmatch(text):
            return match, make
    return None


def split_last_jump(text: str) -> tuple[str, int | None]:
    """`SENTENCE and goto N` as sentence and target; the target is None where there is no jump. Raises Misfit."""
    match = LAST_JUMP.search(text)
    sentence = text[: match.start()].rstrip(BLANKS + ",") if match else ""
    return (sentence, _goal(match)) if match and sentence else (text, None)
