"""What control flow does: where a run goes on, given what the expressions of its line are worth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from typing import Any

from aibasic_kernel.errors import AIBasicError
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
    Stop,
    Wend,
    While,
)
from aibasic_kernel.language.structure import place_of
from aibasic_kernel.session.running.run import Run
from aibasic_kernel.session.running.track import Loop

Names = MutableMapping[str, Any]


def perform(run: Run, instruction: Instruction, values: Sequence[Any], names: Names) -> None:
    """Carry out a line of control flow; `values` are those of its expressions. Raises AIBasicError."""
    match instruction:
        case If(then=then, otherwise=otherwise):
            target = then if values[0] else otherwise
            run.go_on() if target is None else run.jump(target)
        case Next():
            _next(run, names)
        case While():
            run.go_on() if values[0] else run.skip_to(_partner(run) + 1)
        case Wend():
            run.skip_to(_partner(run))
        case Goto(target=target):
            run.jump(target)
        case For(variable=variable):
            _for(run, variable, values, names)
        case ForEach(variable=variable):
            _for_each(run, variable, values[0], names)
        case Call(target=target):
            run.call(target)
        case Return():
            run.go_back()
        case OnError(target=target):
            run.handler = None if target is None else run.place(target)
            run.handling = None
            run.go_on()
        case Stop():
            run.stop()
        case End():
            run.end()


def _partner(run: Run) -> int:
    """The position of the other end of the loop whose one end is the present line."""
    return run.track.partners[run.at]


def _for(run: Run, variable: str, values: Sequence[Any], names: Names) -> None:
    start, stop, step = values
    if step == 0:
        raise AIBasicError("a loop with step 0 would never end", "give it a step above or below 0")
    if _is_past(start, stop, step):
        run.skip_to(_partner(run) + 1)
        return
    run.frame.loops[run.track.lines[run.at]] = Loop(variable, step, stop)
    names[variable] = start
    run.go_on()


def _for_each(run: Run, variable: str, collection: Iterable[Any], names: Names) -> None:
    loop = Loop(variable, rest=iter(collection))
    run.frame.loops[run.track.lines[run.at]] = loop
    _take(run, loop, names, run.at, _partner(run))


def _next(run: Run, names: Names) -> None:
    begin = _partner(run)
    line = run.track.lines[begin]
    if any(line in frame.loops for frame in run.frames):
        while line not in run.frame.loops:
            run.frames.pop()  # a jump has left the calls within the loop, as that of a handler does
    loop = run.frame.loops.get(line)
    if loop is None:
        raise AIBasicError(
            f"the loop of {place_of(line.instruction)} is not under way",
            "its first line has to run before its next: what jumps into a loop should jump there",
        )
    if loop.rest is not None:
        _take(run, loop, names, begin, run.at)
        return
    if loop.variable not in names:
        raise AIBasicError(
            f"the loop of {place_of(line.instruction)} counts in {loop.variable}, which is not there any more",
            "a line within the loop has deleted it: let that use another name",
        )
    step: Any = loop.step
    value = names[loop.variable] + step
    if _is_past(value, loop.stop, step):
        del run.frame.loops[line]
        run.go_on()
    else:
        names[loop.variable] = value
        run.skip_to(begin + 1)


def _take(run: Run, loop: Loop, names: Names, begin: int, end: int) -> None:
    """The next round of a `for each`, or the line behind it."""
    assert isinstance(loop.rest, Iterator)
    try:
        names[loop.variable] = next(loop.rest)
    except StopIteration:
        run.frame.loops.pop(run.track.lines[begin], None)
        run.skip_to(end + 1)
    else:
        run.skip_to(begin + 1)


def _is_past(value: Any, stop: Any, step: Any) -> bool:
    return bool(value > stop if step > 0 else value < stop)
