"""The trace of a piece of code: what it relies on, read from its text and from what is there when it is compiled."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections.abc import Collection, Iterable

from aibasic_kernel.compiler.control import without_lead
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.shapes import Shape, known_columns, shape_of
from aibasic_kernel.compiler.traces.column_uses import ColumnUses
from aibasic_kernel.compiler.traces.module_uses import ModuleUses
from aibasic_kernel.compiler.traces.reads import Reads
from aibasic_kernel.compiler.traces.trace import Tables, Trace

_QUOTED = re.compile(r'"[^"]*"|(?<!\w)\'[^\']*\'(?!\w)|`[^`]*`|“[^”]*”|„[^“”]*[“”]')
_WORD = re.compile(r"[^\W\d]\w*")
_ALONE = re.compile(r"(?<![\w./\\-])[^\W\d]\w*(?![./\\-]?\w)")
"""A word that is no part of a file's name, a path or a compound."""
_PLAIN_WORDS = frozenset(
    (
        "a", "all", "an", "are", "at", "be", "by", "convert", "do", "draw", "each", "every", "get", "into", "it", "its",
        "let", "load", "me", "my", "no", "of", "on", "only", "plot", "query", "save", "set", "show", "sort", "that",
        "the", "them", "then", "these", "they", "this", "those", "to", "use", "where", "which", "who",
    )
)
"""Words that carry a sentence rather than name something in it: a variable of such a name changes no meaning."""


def observe(python: str, sentence: str, scope: Scope) -> Trace:
    """The trace of `python`, to which `sentence` was compiled in `scope`. Raises SyntaxError for what is no Python."""
    tree = ast.parse(python)
    reads, columns, modules = Reads(tree), ColumnUses(tree), ModuleUses(tree, scope)
    plain = _QUOTED.sub(" ", without_lead(sentence))
    read = sorted(name for name in reads.read if name in scope.names and name not in modules.variables)
    names = {name: _shape(name, scope.names[name], columns) for name in read}
    tables = modules.tables()
    settled = {*reads.assigned, *modules.variables, *_columns(names.values(), tables), *scope.names}
    return Trace(
        names,
        tuple(word for word in dict.fromkeys(_ALONE.findall(plain)) if word not in settled and _may_name(word)),
        _it(scope.last_output, reads.read, _WORD.findall(plain)),
        tables,
        modules.calls(),
    )


def _shape(name: str, value: object, uses: ColumnUses) -> Shape:
    shape = shape_of(value)
    known = known_columns(value)
    if shape.kind in ("frame", "rows") and uses.is_whole(name, known):
        return shape_of(value, None)
    return shape_of(value, sorted(uses.named.intersection(known)))


def _it(last_output: str | None, read: Collection[str], words: Collection[str]) -> str | None:
    """The newest result, where the code reads it though the sentence does not name it."""
    if last_output is None or last_output in words:
        return None
    return last_output if last_output in read or "last_output" in read else None


def _may_name(word: str) -> bool:
    return not (keyword.iskeyword(word) or word.lower() in _PLAIN_WORDS or hasattr(builtins, word))


def _columns(shapes: Iterable[Shape], tables: Tables) -> set[str]:
    """The columns that the code names: as words of the sentence they are settled, whatever else has their name."""
    used = {column for shape in shapes for column in shape.columns}
    return used.union(*(columns for by_table in tables.values() for columns in by_table.values()))
