"""Instructions back to text."""

from __future__ import annotations

from collections.abc import Iterable
from string import digits

from aibasic_kernel.language.instruction import (
    BareNumber,
    Call,
    Command,
    End,
    For,
    ForEach,
    Goto,
    If,
    Instruction,
    Magic,
    Next,
    OnError,
    Python,
    Remark,
    Return,
    Sentence,
    Wend,
    While,
)
from aibasic_kernel.language.source import BLANKS


def unparse(instructions: Iterable[Instruction]) -> str:
    """A text that parses to the same instructions, each on its line; comments behind statements are not in it."""
    return "".join(f"{_numbered(instruction)}\n" for instruction in instructions)


def _numbered(instruction: Instruction) -> str:
    statement = statement_text(instruction)
    if instruction.number is None:
        return statement
    return f"{instruction.number} {statement or 'rem'}"


def statement_text(instruction: Instruction) -> str:
    """One instruction as written canonically, without its number."""
    match instruction:
        case Sentence():
            return _sentence(instruction)
        case Python(code=code):
            return code
        case Magic(text=text):
            return text
        case Remark():
            return _remark(instruction)
        case Command(name=name, argument=argument):
            return f"{name} {argument}".rstrip()
        case BareNumber(value=value):
            return str(value)
    return _control_flow(instruction)


def _sentence(sentence: Sentence) -> str:
    task = f"({sentence.section}) " if sentence.task else ""
    jump = "" if sentence.then_goto is None else f" and goto {sentence.then_goto}"
    return f"{task}{sentence.text}{jump}"


def _remark(remark: Remark) -> str:
    written = remark.source.lstrip(BLANKS + digits)
    if written.startswith("#"):
        return f"# {remark.text}".rstrip()
    return f"rem {remark.text}".rstrip() if remark.text or written.strip() else ""


def _control_flow(instruction: Instruction) -> str:
    match instruction:
        case Goto(target=target):
            return f"goto {target}"
        case If(condition=condition, then=then, otherwise=otherwise):
            return f"if {condition} then {then}" + ("" if otherwise is None else f" else {otherwise}")
        case For(variable=variable, start=start, stop=stop, step=step):
            return f"for {variable} = {start} to {stop}" + ("" if step is None else f" step {step}")
        case ForEach(variable=variable, collection=collection):
            return f"for each {variable} in {collection}"
        case Next(variable=variable):
            return f"next {variable}" if variable else "next"
        case While(condition=condition):
            return f"while {condition}"
        case OnError(target=target):
            return "on error stop" if target is None else f"on error goto {target}"
        case Call(target=target):
            return f"call {target}"
        case Wend() | Return() | End():
            return type(instruction).__name__.lower()
    raise TypeError(f"no form is known for {type(instruction).__name__}")
