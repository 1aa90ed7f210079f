"""The conditions, bounds and collections of control flow, and the sentences that they are compiled as."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping

from aibasic_kernel.compiler.expressions.python_expression import is_closed_python
from aibasic_kernel.language.instruction import For, ForEach, If, Instruction, Sentence, While
from aibasic_kernel.language.python_or_english import Known, is_bare_name, read_python

CONDITION, VALUE, ITEMS = "whether", "the value of", "each item of"
"""The words in front of a condition, a bound and a collection: what makes a sentence of it."""


def expressions_of(instruction: Instruction) -> tuple[tuple[str, str], ...]:
    """The expressions of a line of control flow: the words that make a sentence of each, and its text."""
    match instruction:
        case If(condition=text) | While(condition=text):
            return ((CONDITION, text),)
        case For(start=start, stop=stop, step=step):
            return ((VALUE, start), (VALUE, stop), (VALUE, step or "1"))
        case ForEach(collection=text):
            return ((ITEMS, text),)
    return ()


def sentence_of(instruction: Instruction, words: str, text: str) -> Sentence:
    """An expression as the sentence that it is compiled as."""
    return Sentence(instruction.span, instruction.source, instruction.number, f"{words} {text}")


def sentences_of(instruction: Instruction) -> list[Sentence]:
    """What of a line is compiled: itself where it is a sentence, else its expressions."""
    if isinstance(instruction, Sentence):
        return [instruction]
    return [sentence_of(instruction, words, text) for words, text in expressions_of(instruction)]


def python_of(words: str, text: str, names: Mapping[str, object]) -> str | None:
    """The expression where the user wrote it in Python; None for English.

    A collection that is no more than a name is looked at by its kind: the items of a data frame are its rows.
    """
    if words == ITEMS and text.isidentifier():
        return None
    return text if is_closed_python(text, names) or _lacks_a_name(text, names) else None


def _lacks_a_name(text: str, names: Mapping[str, object]) -> bool:
    """Whether it is Python but for a name that is not there: an error that Python tells, and no request."""
    if is_bare_name(text):
        return text not in names
    read = read_python(text, Known(names.keys()), lambda module: False)
    nodes = (node for statement in read or () for node in ast.walk(statement))
    return any(isinstance(node, ast.Name) and node.id not in names and not hasattr(builtins, node.id) for node in nodes)
