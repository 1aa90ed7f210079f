"""Python as a tree of plain statements, and its text."""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

INDENT = "    "
_WIDTH = 110
"""Characters of a comment on one line."""
ERROR = "_error"
"""The variable that holds an error while it is handled."""


@dataclass(frozen=True)
class Lines:
    """Statements as text, one text a statement or more, with the comments above them."""

    lines: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    is_jump: bool = False
    """Whether they say where a dispatch goes on."""


@dataclass(frozen=True)
class If:
    """`if`, with an `else` where there is something in it."""

    condition: str
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...] = ()
    comments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Loop:
    """`while CONDITION` or, with a `variable`, `for VARIABLE in CONDITION`; `otherwise` is where it ran to its end."""

    condition: str
    body: tuple[Statement, ...]
    variable: str = ""
    otherwise: tuple[Statement, ...] = ()
    comments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Try:
    """`try` with one `except`."""

    body: tuple[Statement, ...]
    handler: tuple[Statement, ...]
    comments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """`match SUBJECT` with its cases in order."""

    subject: str
    cases: tuple[tuple[str, tuple[Statement, ...]], ...]


@dataclass(frozen=True)
class Leave:
    """`break`, `continue`, `return` or whatever else ends this way through the program."""

    how: str
    comments: tuple[str, ...] = ()


Statement = Lines | If | Loop | Try | Match | Leave


def leaves(statements: Sequence[Statement]) -> bool:
    """Whether control never comes to what follows."""
    if not statements:
        return False
    match statements[-1]:
        case Leave():
            return True
        case If(then=then, otherwise=otherwise):
            return leaves(then) and leaves(otherwise)
        case Try(body=body, handler=handler):
            return leaves(body) and leaves(handler)
        case Loop(condition="True", variable="", body=body):
            return not _breaks(body)
    return False


def _breaks(statements: Sequence[Statement]) -> bool:
    for statement in statements:
        match statement:
            case Leave(how="break"):
                return True
            case If(then=one, otherwise=other) | Try(body=one, handler=other):
                if _breaks(one) or _breaks(other):
                    return True
            case Loop(otherwise=otherwise) if _breaks(otherwise):
                return True
    return False


def negated(condition: str) -> str:
    """The condition that holds where this one does not, as a person would write it."""
    condition = condition.strip()
    tree = ast.parse(condition, mode="eval").body
    opposite: dict[type[ast.cmpop], str] = {
        ast.Eq: "!=",
        ast.NotEq: "==",
        ast.Is: "is not",
        ast.IsNot: "is",
        ast.In: "not in",
        ast.NotIn: "in",
    }
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
        return ast.get_source_segment(condition, tree.operand) or ast.unparse(tree.operand)
    if isinstance(tree, ast.Compare) and len(tree.ops) == 1 and type(tree.ops[0]) in opposite:
        left, right = (ast.get_source_segment(condition, side) for side in (tree.left, tree.comparators[0]))
        return f"{left} {opposite[type(tree.ops[0])]} {right}"
    if isinstance(tree, ast.Constant):
        return str(not tree.value)
    needs_brackets = isinstance(tree, ast.BoolOp | ast.IfExp | ast.Lambda | ast.NamedExpr)
    return f"not ({condition})" if needs_brackets else f"not {condition}"


def render(statements: Sequence[Statement], depth: int = 0) -> list[str]:
    """The lines of Python, without line ends."""
    found: list[str] = []
    was_said = False
    for statement in statements:
        comments = () if isinstance(statement, Match) else statement.comments
        is_jump = isinstance(statement, Leave) or (isinstance(statement, Lines) and statement.is_jump)
        if found and (comments or was_said) and not is_jump:
            found.append("")
        found += _rendered(statement, depth)
        was_said = bool(comments) and statement != Lines((), comments)
    return found or [INDENT * depth + "pass"]


def _rendered(statement: Statement, depth: int) -> Iterator[str]:
    pad = INDENT * depth
    comments = () if isinstance(statement, Match) else statement.comments
    for comment in comments:
        for row in textwrap.wrap(comment, _WIDTH - len(pad)) or [""]:
            yield f"{pad}# {row}".rstrip()
    match statement:
        case Lines(lines=lines):
            for text in lines:
                yield from indented(text, pad)
        case Leave(how=how):
            yield pad + how
        case If():
            yield from _if(statement, depth, "if")
        case Loop(condition=condition, variable=variable, body=body, otherwise=otherwise):
            yield f"{pad}for {variable} in {condition}:" if variable else f"{pad}while {condition}:"
            yield from render(body, depth + 1)
            if otherwise:
                yield f"{pad}else:"
                yield from render(otherwise, depth + 1)
        case Try(body=body, handler=handler):
            yield f"{pad}try:"
            yield from render(body, depth + 1)
            written = render(handler, depth + 1)
            named = f" as {ERROR}" if any(re.search(rf"\b{ERROR}\b", line) for line in written) else ""
            yield f"{pad}except Exception{named}:"
            yield from written
        case Match(subject=subject, cases=cases):
            yield f"{pad}match {subject}:"
            for label, body in cases:
                yield f"{pad}{INDENT}case {label}:"
                yield from render(body, depth + 2)


def _if(statement: If, depth: int, word: str) -> Iterator[str]:
    pad = INDENT * depth
    yield f"{pad}{word} {statement.condition}:"
    yield from render(statement.then, depth + 1)
    match statement.otherwise:
        case ():
            return
        case (If() as other,) if not other.comments:
            yield from _if(other, depth, "elif")
        case others:
            yield f"{pad}else:"
            yield from render(others, depth + 1)


def indented(python: str, pad: str) -> list[str]:
    """The lines of some Python further to the right; lines within a text of several lines stay as they are."""
    rows = python.split("\n")
    fixed: set[int] = set()
    if (pad and '"""' in python) or "'''" in python or "\\\n" in python:
        for token in tokenize.generate_tokens(io.StringIO(python).readline):
            if token.type == tokenize.STRING or tokenize.tok_name[token.type].startswith("FSTRING"):
                fixed.update(range(token.start[0] + 1, token.end[0] + 1))
    return [row if number in fixed or not row.strip() else pad + row for number, row in enumerate(rows, start=1)]
