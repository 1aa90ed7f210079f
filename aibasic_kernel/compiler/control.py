"""The parts of control flow that are compiled: conditions, bounds and collections, each to one expression of Python.

A session hands them to the compiler as sentences: `whether x is less than 5`, `the value of n * 2`,
`each item of names`. The words in front say which part it is, and are nobody's variables.
"""

from __future__ import annotations

import ast

from aibasic_kernel.errors import ReplyError

WHETHER = "whether "
VALUE = "the value of "
ITEMS = "each item of "


def without_lead(sentence: str) -> str:
    """The sentence without the words that say which part of control flow it is."""
    lead = next((lead for lead in (WHETHER, VALUE, ITEMS) if sentence.startswith(lead)), "")
    return sentence.removeprefix(lead)


def is_part(sentence: str) -> bool:
    """Whether a sentence is a part of control flow, so that its Python has to be one expression."""
    return sentence.startswith((WHETHER, VALUE, ITEMS))


def expression_of(python: str) -> str:
    """The one expression that `python` is, without comments, on one line. Raises ReplyError for anything else."""
    try:
        body = ast.parse(python.strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        body = []
    if len(body) != 1 or not isinstance(body[0], ast.Expr) or _waits(body[0]):
        raise ReplyError(
            "The model answered a condition or bound with more than one expression of Python.",
            "Run the line again, or say it in other words.",
        )
    expression = body[0].value
    written = ast.get_source_segment(python.strip(), expression)
    return written if written is not None and "\n" not in written else ast.unparse(expression)


def _waits(tree: ast.AST) -> bool:
    return any(isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom)) for node in ast.walk(tree))
