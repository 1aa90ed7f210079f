"""What a user has agreed to before a program runs, so that it need not ask."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aibasic_kernel.compiler.gate import Consequence
    from aibasic_kernel.session.line import Line

Grant = tuple[str, str, str, str, str]
"""A line's sentence and Python, and the kind, words and section of what it does."""


class Grants(Protocol):
    """Says what need not be asked."""

    def __call__(self, line: Line, consequence: Consequence) -> bool:
        """Whether the line may do this."""


def nothing(line: Line, consequence: Consequence) -> bool:
    """Every question is asked."""
    return False


def everything(line: Line, consequence: Consequence) -> bool:
    """No question is asked."""
    return True


class Listed:
    """Just what a list holds: in other words, by other code, or on another service it is asked about all the same."""

    def __init__(self, grants: Iterable[Grant]) -> None:
        self._grants = frozenset(grants)

    def __call__(self, line: Line, consequence: Consequence) -> bool:
        return grant(line, consequence) in self._grants


def grant(line: Line, consequence: Consequence) -> Grant:
    """What a list says of a line that may do something."""
    return line.sentence, line.python, consequence.kind.value, consequence.words, consequence.section
