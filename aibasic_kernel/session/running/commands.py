"""The commands over runs: RUN, CONT, STEP, TRACE and STOP AT."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from aibasic_kernel.session.messages import Note
from aibasic_kernel.session.program.switching import is_on
from aibasic_kernel.session.steps import Outcome, Step

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session

Steps = Generator[Step, Outcome | None, None]


def run_program(session: Session, argument: str) -> Steps:
    """RUN [N]: run the program from its start, or from line N; variables keep what they hold."""
    return session.runner.whole(int(argument) if argument else None)


def go_on(session: Session, argument: str) -> Steps:
    """CONT: go on where the program stopped."""
    return session.runner.go_on()


def step(session: Session, argument: str) -> Steps:
    """STEP: run one line of the program."""
    return session.runner.step()


def trace(session: Session, argument: str) -> Iterator[object]:
    """TRACE ON|OFF: show each line as it runs, with its time."""
    session.runner.is_traced = is_on(argument)
    yield Note("each line is shown as it runs" if session.runner.is_traced else "lines are not shown as they run")


def stop_at(session: Session, argument: str) -> Iterator[object]:
    """STOP AT [N|OFF]: stop the program before line N, or no longer where it did; show the stops, or clear them all."""
    breakpoints = session.runner.breakpoints
    if argument.isdigit():
        yield Note(_switched(session, int(argument)))
    elif argument:
        breakpoints.clear()
        yield Note("the program stops at no line any more")
    elif breakpoints:
        numbers = ", ".join(map(str, sorted(breakpoints)))
        yield Note(f"the program stops before: {numbers}. STOP AT N takes one back, STOP AT OFF all")
    else:
        yield Note("the program stops at no line: STOP AT N stops it before line N")


def _switched(session: Session, number: int) -> str:
    breakpoints = session.runner.breakpoints
    breakpoints ^= {number}
    if number not in breakpoints:
        return f"the program does not stop at line {number} any more"
    there = "" if any(line.number == number for line in session.program.lines()) else ", which is not there yet"
    return f"the program stops before line {number}{there}: CONT goes on, STOP AT {number} takes it back"
