"""A line of control flow in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language import statement_text
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
from aibasic_kernel.session.program.memory import ProgramLine
from aibasic_kernel.session.running.expressions import expressions_of, python_of

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session


def flow_words(session: Session, instruction: Instruction, stored: ProgramLine | None) -> list[str]:
    """What the line does, each thing a sentence."""

    def at(number: int) -> str:
        return _place(session, number, stored)

    match instruction:
        case Goto(target=target):
            return [f"goes on at {at(target)}"]
        case If(condition=condition, then=then, otherwise=otherwise):
            other = at(otherwise) if otherwise is not None else "the next line"
            return [f"where {condition} holds, goes on at {at(then)}", f"where it does not, goes on at {other}"]
        case For(variable=name, start=start, stop=stop, step=step):
            by = f", in steps of {step}" if step else ""
            return [f"runs the lines down to its next with {name} from {start} to {stop}{by}"]
        case ForEach(variable=name, collection=items):
            return [f"runs the lines down to its next once for each element of {items}, which is {name} there"]
        case While(condition=condition):
            return [f"runs the lines down to its wend as long as {condition} holds"]
        case Next():
            return ["the end of a loop: its next round, or the line below after the last one"]
        case Wend():
            return ["the end of a loop: looks at the condition of its while again"]
        case OnError(target=None):
            return ["from here on a line that fails stops the program"]
        case OnError(target=int() as target):
            return [
                f"from here on a line that fails goes on at {at(target)}",
                "_last_error has the error's text there, _last_error_line the line's number",
            ]
        case Call(target=target):
            return [f"runs the lines from {at(target)} on, until a return leads back behind this line"]
        case Return():
            return ["goes back behind the call that led here"]
        case Stop():
            return ["stops the program; variables stay, and CONT goes on behind it"]
        case End():
            return ["ends the program; variables stay"]
    return []


def expression_words(session: Session, instruction: Instruction, stored: ProgramLine | None) -> list[str]:
    """The Python of each of its expressions that is English."""
    found = []
    for at, (words, text) in enumerate(expressions_of(instruction)):
        if python_of(words, text, session.user_names) is not None:
            continue
        kept = stored.compiled[at].forms if stored is not None and stored.compiled and at < len(stored.compiled) else ()
        python = kept[0].line.python.strip() if kept else "not compiled yet: it is when the line runs"
        found.append(f"{text}  ·  {python}")
    return found


def _place(session: Session, number: int, stored: ProgramLine | None) -> str:
    try:
        line = session.program.find(number, stored.cell if stored is not None else None)
    except AIBasicError as error:
        return f"line {number} ({error.message})"
    return (
        f"line {number} ({statement_text(line.instruction)})" if line is not None else f"line {number}, not there yet"
    )
