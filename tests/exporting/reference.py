"""A tiny interpreter of programs in Python, line by line as BASIC does: what an exported program is compared with."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import redirect_stdout
from typing import Any

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
    Python,
    Return,
    Wend,
    While,
)
from aibasic_kernel.language.structure import pair_loops
from tests.exporting.programs import lines_of

_MISSING = object()


def run(text: str, most: int = 2000) -> str:
    """What the program prints; the class and text of an error that ends it come last.

    Raises TimeoutError after `most` lines.
    """
    out = io.StringIO()
    with redirect_stdout(out):
        try:
            _Run([line.instruction for line in lines_of(text)]).go(most)
        except TimeoutError:
            raise
        except Exception as error:
            print(f"{type(error).__name__}: {error}")
    return out.getvalue()


class _Run:
    def __init__(self, lines: Sequence[Instruction]) -> None:
        self.lines = lines
        self.places = {line.number: at for at, line in enumerate(lines)}
        self.partners = pair_loops(lines)
        self.names: dict[str, Any] = {}
        self.at = 0
        self.frames: list[tuple[int, dict[int, Any]]] = [(-1, {})]
        self.handler: int | None = None
        self.handled: Exception | None = None
        self.been: set[int] = set()

    def go(self, most: int) -> None:
        while self.at < len(self.lines):
            most -= 1
            if not most:
                raise TimeoutError
            if self.handled is None:
                self.been.add(self.at)
            elif self.at in self.been:
                self.handled = None
            try:
                self.at = self.step(self.lines[self.at])
            except Exception as error:
                self.names["_last_error"] = str(error)
                self.names["_last_error_line"] = self.lines[self.at].number
                if self.handler is None or self.handled is not None:
                    raise
                self.handled, self.at = error, self.handler

    def step(self, line: Instruction) -> int:
        at, loops = self.at, self.frames[-1][1]
        match line:
            case Python(code=code):
                exec(code, self.names)
            case Goto(target=target):
                return self.places[target]
            case If(condition=condition, then=then, otherwise=otherwise):
                target = then if self.value(condition) else otherwise
                return at + 1 if target is None else self.places[target]
            case While(condition=condition):
                return at + 1 if self.value(condition) else self.partners[at] + 1
            case Wend():
                return self.partners[at]
            case For(variable=variable, start=start, stop=stop, step=step):
                first, last, by = self.value(start), self.value(stop), self.value(step or "1")
                if first > last if by > 0 else first < last:
                    return self.partners[at] + 1
                loops[at] = (last, by)
                self.names[variable] = first
            case ForEach(collection=collection):
                loops[at] = iter(self.value(collection))
                return self.take(at)
            case Next():
                return self.next(self.partners[at])
            case OnError(target=target):
                self.handler, self.handled = None if target is None else self.places[target], None
            case Call(target=target):
                self.frames.append((at + 1, {}))
                return self.places[target]
            case Return():
                if len(self.frames) == 1:
                    raise RuntimeError("return without a call")
                return self.frames.pop()[0]
            case End():
                return len(self.lines)
        return at + 1

    def next(self, begin: int) -> int:
        if any(begin in loops for _, loops in self.frames):
            while begin not in self.frames[-1][1]:
                self.frames.pop()
        loop, loops = self.lines[begin], self.frames[-1][1]
        if begin not in loops:
            raise RuntimeError(f"the loop of line {loop.number} is not under way")
        if isinstance(loop, ForEach):
            return self.take(begin)
        assert isinstance(loop, For)
        last, by = loops[begin]
        value = self.names[loop.variable] + by
        if value > last if by > 0 else value < last:
            return self.leave(begin)
        self.names[loop.variable] = value
        return begin + 1

    def take(self, begin: int) -> int:
        loop = self.lines[begin]
        assert isinstance(loop, ForEach)
        value = next(self.frames[-1][1][begin], _MISSING)
        if value is _MISSING:
            return self.leave(begin)
        self.names[loop.variable] = value
        return begin + 1

    def leave(self, begin: int) -> int:
        del self.frames[-1][1][begin]
        return self.partners[begin] + 1

    def value(self, expression: str) -> Any:
        return eval(expression, self.names)
