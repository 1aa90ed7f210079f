"""Texts that are being written: read as far as they can be, for who colours them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Collection, Iterator

from aibasic_kernel.language.errors import ParseError
from aibasic_kernel.language.importable import is_importable
from aibasic_kernel.language.instruction import Instruction, Python, Sentence, Span
from aibasic_kernel.language.marks import without_comment
from aibasic_kernel.language.parser import Parser
from aibasic_kernel.language.python_or_english import Known, lacks_block
from aibasic_kernel.language.source import Line, leading_number

_FAULTS = 8
"""So many lines may be unreadable before the others are read each by itself: one whose bracket never closes is looked
for to the end of the text.
"""
_PYTHON_BEGUN = re.compile(r"@|(?:def|class|async)\b|[^\W\d][\w.]*(?:\[[^\]]*\])?(?:\(|\s*[-+*/|&^%@]?=(?!=))")
_UNPLACED = Span(0, 0, 1)


def read_unfinished(
    text: str,
    names: Collection[str] = frozenset(),
    importable: Callable[[str], bool] = is_importable,
    tasks: Collection[str] = frozenset(),
) -> Iterator[tuple[Instruction, bool]]:
    """The instructions of a text, each with whether it is sound; together their spans hold each character once.

    The arguments are those of `parse`. A line that cannot be read is one of Python where it looks so, else a sentence.
    """
    known = Known(names)
    parser = Parser(text, known, importable, tasks)
    faults = 0
    index = 0
    while index < len(parser.lines):
        line = parser.lines[index]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if faults < _FAULTS:
                    instruction, end = parser.next(index)
                else:
                    alone, _ = Parser(text[line.start : line.end], known, importable, tasks).next(0)
                    instruction, end = parser.placed(alone, index, index + 1), index + 1
            yield instruction, True
        except ParseError:
            faults += 1
            end = index + 1
            yield parser.placed(_unreadable(line), index, end), False
        index = end


def _unreadable(line: Line) -> Instruction:
    number = leading_number(line.text)
    text = line.text[number[1] :] if number else line.text
    statement = text.strip()
    kind = Python if _PYTHON_BEGUN.match(statement) or lacks_block(without_comment(statement)) else Sentence
    return kind(_UNPLACED, "", int(number[0][:7]) if number else None, statement)
