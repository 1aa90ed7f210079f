"""IMMEDIATE: whether numbered lines run when they are entered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aibasic_kernel.session.messages import Note

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session


def switch_immediate(session: Session, argument: str) -> Iterator[object]:
    """IMMEDIATE ON|OFF: run numbered sentences as they are entered, or only remember them until RUN."""
    session.immediate = is_on(argument)
    what = "run as they are entered" if session.immediate else "are only remembered: RUN runs them"
    yield Note(f"numbered lines {what}")


def is_on(argument: str) -> bool:
    """Whether a switch is to be on."""
    return argument.upper() == "ON"
