"""The reply format, and its parser.

A reply is one block of tagged plain text, or the statement that the sentence cannot be compiled:

    #@ python result=NAME            #@ cannot there is no table of invoices
    ...code...
    #@ end

`result=NAME` is left out where the value of the last expression is the result, or there is none. Where a line is asked
for ahead of its turn, the block may say first what it assumes, and the answer may be that this cannot be told yet:

    #@ assumes df: frame with age number, name text            #@ wait

The parser takes the
text as it comes, at any cut, and is strict: whatever else a model writes is a ReplyError that says what was wrong. Only
what carries no meaning is forgiven: CRLF, blank lines, a code fence around the block or the code, a missing last line
end.
"""

from __future__ import annotations

import ast
import keyword
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from aibasic_kernel.compiler.prompts.assumptions import read_assumption
from aibasic_kernel.compiler.shapes import Shape
from aibasic_kernel.errors import ReplyError

START = re.compile(r"#@ python(?:\s+result=(?P<result>\S*))?\s*")
END = re.compile(r"#@ end\s*")
CANNOT = re.compile(r"#@ cannot\s+(?P<reason>\S.*)")
ASSUMES = re.compile(r"#@ assumes\s+(?P<said>\S.*)")
WAIT = re.compile(r"#@ wait\s*")
FENCE = re.compile(r"```\w*\s*")

CUT = ("max_tokens", "model_context_window_exceeded")
"""Stop reasons of a reply whose last line may be half a line."""

REMEDY = "Run the line again, or say it in other words."


@dataclass(frozen=True)
class Answer:
    """The code that a model wrote; `result` names the variable that holds its result, "" for none.

    `assumed`: what it takes for granted of variables that were not there.
    """

    python: str
    result: str
    assumed: Mapping[str, Shape] = field(default_factory=dict)


class ReplyParser:
    """Takes a reply piece by piece. `feed` and `finish` raise ReplyError at the first line that does not belong.

    With `ahead` it is the reply for a line that was asked for ahead of its turn.
    """

    def __init__(self, ahead: bool = False) -> None:
        self._ahead = ahead
        self._assumed: dict[str, Shape] = {}
        self._rest = ""
        self._state: Literal["before", "code", "after", "cannot", "wait"] = "before"
        self._result = ""
        self._code: list[str] = []
        self._reason: list[str] = []
        self._fault: SyntaxError | None = None

    def feed(self, text: str) -> None:
        """Take the next piece of the reply's text."""
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._take(line.rstrip("\r"))

    def finish(self, stop_reason: str) -> Answer:
        """The answer, once the reply has ended; `stop_reason` is the provider's."""
        cut = stop_reason in CUT
        if not cut or self._state in ("after", "cannot", "wait") or END.fullmatch(self._rest):
            rest, self._rest = self._rest, ""
            self._take(rest.rstrip("\r"))
        if self._state == "after":
            return Answer("\n".join(self._code) + "\n", self._result, self._assumed)
        if self._state == "wait":
            raise ReplyError("The model has to know what the lines before this one make.", REMEDY)
        if self._state == "cannot":
            raise ReplyError(
                f"The model cannot compile this line: {' '.join(self._reason)}",
                "Make what is missing first, or say the line in other words.",
                is_final=True,
            )
        if cut:
            raise ReplyError(
                "The model's answer was cut off before its end.", "Raise MAX_TOKENS, or split the line.", is_final=True
            )
        if self._state == "before":
            raise ReplyError("The model answered nothing.", REMEDY)
        if self._fault is not None:
            raise _unparsable(self._fault)
        raise ReplyError("The model's answer has no end: the line `#@ end` is missing.", REMEDY)

    @property
    def so_far(self) -> str:
        """The code as far as it has come, without what may be the beginning of a mark."""
        if self._state not in ("code", "after"):
            return ""
        rest = self._rest if self._state == "code" else ""
        is_mark = any(mark.startswith(rest) or rest.startswith(mark) for mark in ("#@", "```"))
        return "\n".join(_without_fence(self._code if is_mark else [*self._code, rest]))

    def _take(self, line: str) -> None:
        if self._state == "before":
            self._begin(line)
        elif self._state == "code":
            self._go_on(line)
        elif self._state == "cannot":
            if line.strip() and not END.fullmatch(line) and not FENCE.fullmatch(line):
                self._reason.append(line.strip())
        elif START.fullmatch(line):
            raise _two_answers()
        elif line.strip() and not FENCE.fullmatch(line):
            raise ReplyError(f"The model wrote something behind its answer: {_short(line)}", REMEDY)

    def _begin(self, line: str) -> None:
        if start := START.fullmatch(line):
            self._result = start["result"] or ""
            if self._result and (not self._result.isidentifier() or keyword.iskeyword(self._result)):
                raise ReplyError(f"The model named its result `{self._result}`, which is no variable.", REMEDY)
            self._state = "code"
        elif cannot := CANNOT.fullmatch(line):
            self._reason.append(cannot["reason"].strip())
            self._state = "cannot"
        elif self._ahead and (assumes := ASSUMES.fullmatch(line)):
            self._assume(assumes["said"])
        elif self._ahead and not self._assumed and WAIT.fullmatch(line):
            self._state = "wait"
        elif line.strip() and not FENCE.fullmatch(line):
            raise ReplyError(f"The model answered with prose instead of code: {_short(line)}", REMEDY)

    def _assume(self, said: str) -> None:
        try:
            name, shape = read_assumption(said)
        except ValueError as error:
            raise ReplyError(f"The model says unreadably what it assumes: {error}.", REMEDY) from None
        if name in self._assumed:
            raise ReplyError(f"The model assumes two things of `{name}`.", REMEDY)
        self._assumed[name] = shape

    def _go_on(self, line: str) -> None:
        if not END.fullmatch(line) and not START.fullmatch(line):
            self._code.append(line)
            return
        code = _without_fence(self._code)
        try:
            tree = _parsed(code)
        except SyntaxError as fault:
            # The marker may stand inside a string of the code, so the block is not over before its code is whole.
            self._fault = self._fault or fault
            self._code.append(line)
            return
        if START.fullmatch(line):
            raise _two_answers()
        if not tree.body:
            raise ReplyError("The model's answer holds no code.", REMEDY)
        self._code = code
        self._state = "after"


class Draft:
    """The code of a reply while it is written, for display. What is no reply shows nothing more; nothing is raised."""

    def __init__(self) -> None:
        self._parser = ReplyParser(ahead=True)
        self._is_readable = True

    def take(self, text: str) -> None:
        """The next piece of the reply's text."""
        try:
            if self._is_readable:
                self._parser.feed(text)
        except ReplyError:
            self._is_readable = False

    @property
    def python(self) -> str:
        """What there is of the code; "" for none yet."""
        return self._parser.so_far


def _without_fence(lines: list[str]) -> list[str]:
    if lines and FENCE.fullmatch(lines[0]):
        return lines[1:-1] if FENCE.fullmatch(lines[-1]) else lines[1:]
    return lines


def _parsed(lines: list[str]) -> ast.Module:
    """The code's syntax tree; a SyntaxError for all that Python would refuse to compile."""
    source = "\n".join(lines) + "\n"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = compile(
                source, "<reply>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True
            )
            compile(source, "<reply>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error) or type(error).__name__) from error
    assert isinstance(tree, ast.Module)
    return tree


def _unparsable(fault: SyntaxError) -> ReplyError:
    line = f" in line {fault.lineno}" if fault.lineno else ""
    shown = f": {_short(fault.text)}" if fault.text and fault.text.strip() else ""
    return ReplyError(f"The model's code does not parse ({fault.msg}{line}){shown}", REMEDY)


def _two_answers() -> ReplyError:
    return ReplyError("The model gave two answers to one line.", REMEDY)


def _short(line: str, limit: int = 120) -> str:
    text = line.strip()
    return f"`{text[: limit - 1]}…`" if len(text) > limit else f"`{text}`"
