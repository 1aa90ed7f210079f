"""What code that was written ahead of its turn takes for granted, and whether it came true.

A line may be compiled before the lines above it have run. Its code then relies on what was there when it was asked
for, and on what a model says it assumes of names that were not:

    #@ assumes df: frame with age number, "full name" text

When the line's turn comes, both are compared with what is there.
"""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aibasic_kernel.compiler.kinds import UNKNOWN
from aibasic_kernel.compiler.prompts.files import paths_in
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.shapes import Shape, known_columns, shape_of
from aibasic_kernel.compiler.traces.column_uses import ColumnUses
from aibasic_kernel.compiler.traces.module_uses import ModuleUses
from aibasic_kernel.compiler.traces.observe import observe
from aibasic_kernel.compiler.traces.reads import Reads
from aibasic_kernel.compiler.traces.trace import Trace, shape_differences

PRONOUNS = frozenset(("it", "them", "they", "these", "those"))
"""Words for the newest result that are hardly anything else."""
_SCALARS = ("number", "text", "boolean", "time", "none")
_OTHER = "other"
_KINDS = {
    **{kind: kind for kind in _SCALARS},
    "frame": "frame",
    "DataFrame": "frame",
    "rows": "rows",
    "dict": "dict",
    "list": f"list of {UNKNOWN}",
    "series": f"series of {UNKNOWN}",
    "figure": "Figure",
    _OTHER: UNKNOWN,
    **{f"list of {kind}": f"list of {kind}" for kind in (*_SCALARS, "dict", "list")},
    **{f"series of {kind}": f"series of {kind}" for kind in (*_SCALARS, _OTHER)},
}
"""The kinds that an assumption may name, and how a shape says them."""
_WITH_COLUMNS = frozenset(("frame", "rows", "dict", "list of dict"))
_WORDS_OF_KINDS = "|".join(sorted(map(re.escape, _KINDS), key=len, reverse=True))
_ASSUMED = re.compile(rf"(?P<name>\w+): (?P<kind>{_WORDS_OF_KINDS})(?: with (?P<columns>\S.*))?")
_COLUMN = re.compile(rf'(?:"(?P<quoted>[^"]+)"|(?P<plain>[^\s",][^",]*?)) (?P<kind>{"|".join((*_SCALARS, _OTHER))})')
_SHELLS_OWN = frozenset(("context", "display", "get_ipython", "last_output"))
"""Names that are always there, though they are no variables of the user's."""
_ENDS_TRANSACTION = frozenset(("commit", "rollback"))
"""Methods of modules whose meaning is another where no transaction is open."""


def read_assumption(text: str) -> tuple[str, Shape]:
    """The variable and its shape in `df: frame with age number, "full name" text`. Raises ValueError for what is none.

    The columns are those that matter; there may be others.
    """
    found = _ASSUMED.fullmatch(text.strip())
    if found is None or not found["name"].isidentifier() or keyword.iskeyword(found["name"]):
        raise ValueError(f"`{text.strip()}` is no NAME: KIND")
    kind = _KINDS[found["kind"]]
    if found["columns"] is None:
        return found["name"], Shape(kind)
    if kind not in _WITH_COLUMNS:
        raise ValueError(f"{found['kind']} has no columns")
    return found["name"], Shape(kind, dict(_columns(found["columns"])))


def _columns(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while True:
        found = _COLUMN.match(text, at)
        if found is None:
            raise ValueError(f"`{text[at:]}` is no COLUMN KIND")
        yield found["quoted"] or found["plain"], UNKNOWN if found["kind"] == _OTHER else found["kind"]
        at = found.end()
        if at == len(text):
            return
        if not text.startswith(", ", at):
            raise ValueError(f"`{text[at:]}` does not begin with a comma")
        at += 2


@dataclass(frozen=True)
class Before:
    """What was there when a line was asked for ahead of its turn, as far as its code may rely on it.

    `names`: the shapes of the variables, with all of their columns. `states`: what modules said of themselves by
    section (an open transaction). `files`: size and time of change of the files that the line names, None for those
    that were not there.
    """

    names: Mapping[str, Shape]
    states: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[int, int] | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Foretold:
    """Code that was written ahead of its line's turn, and what it assumes of names that were not there."""

    python: str
    sentence: str
    assumed: Mapping[str, Shape]


def files_named(sentence: str, folder: Path) -> dict[str, tuple[int, int] | None]:
    """Size and time of change of what the words of a sentence may name in a folder, None for what is not there."""
    return {name: _stamp(folder / name) for name in paths_in(sentence)}


def shapes_in(names: Mapping[str, object]) -> dict[str, Shape]:
    """The shapes of variables with all of their columns. Keys of a dict are left out: they are data, and many."""
    return {name: _whole_shape(value) for name, value in list(names.items())}


def unmet(code: Foretold, then: Before, scope: Scope, states: Mapping[str, str]) -> str | None:
    """Why code that was written for `then` is not right now, as a sentence for people; None where it is.

    `states` is what modules say of themselves now.
    """
    return next(_differences(code, then, scope, states), None)


def _differences(code: Foretold, then: Before, scope: Scope, states: Mapping[str, str]) -> Iterator[str]:
    python, sentence, assumed = code.python, code.sentence, code.assumed
    tree = ast.parse(python)
    reads, uses, modules = Reads(tree), ColumnUses(tree), ModuleUses(tree, scope)
    yield from (f"there is no {name}" for name in assumed if name not in scope.names)
    for name in sorted(reads.read - modules.variables):
        if name in scope.names:
            yield from _name_differences(name, assumed, then, uses, scope)
        elif not (name in _SHELLS_OWN or hasattr(builtins, name)):
            yield f"there is no {name}"
    words = re.findall(r"\w+", sentence)
    yield from _newest_differences(reads, words, scope)
    trace = observe(python, sentence, scope)
    known = {*then.names, *assumed, *reads.read, *reads.assigned, *_named_columns(trace)}
    yield from (f"'{word}' is a variable now" for word in words if word in scope.names and word not in known)
    yield from modules.missing_tables()
    for call in trace.calls:
        if call.method in _ENDS_TRANSACTION and states.get(call.section, "") != then.states.get(call.section, ""):
            yield f"the transaction of {call.section} is another now"
    now = files_named(sentence, scope.folder)
    yield from (f"{file} has changed" for file, stamp in then.files.items() if now.get(file) != stamp)


def _name_differences(
    name: str, assumed: Mapping[str, Shape], then: Before, uses: ColumnUses, scope: Scope
) -> Iterator[str]:
    """How a variable that the code reads differs from what was assumed of it, else from what it was."""
    value = scope.names[name]
    if name in assumed:
        shape = assumed[name]
        kind = shape_of(value).kind if shape.kind == UNKNOWN else shape.kind
        yield from shape_differences(name, Shape(kind, shape.columns), value)
    elif name in then.names:
        shape = then.names[name]
        if not (shape.whole and uses.is_whole(name, shape.columns)):
            shape = Shape(shape.kind, {column: kind for column, kind in shape.columns.items() if column in uses.named})
        yield from shape_differences(name, shape, value)
    else:
        yield f"{name} was not foretold"


def _newest_differences(reads: Reads, words: Iterable[str], scope: Scope) -> Iterator[str]:
    """Where the sentence says "it": whether the code reads what that stands for now."""
    variables = [name for name in reads.read if name in scope.names]
    says_it = not PRONOUNS.isdisjoint(word.lower() for word in words)
    named = any(word in scope.names for word in words)
    if says_it and variables and not named and scope.last_output not in reads.read and "last_output" not in reads.read:
        yield f'"it" stands for {scope.last_output or "nothing"}'


def _named_columns(trace: Trace) -> Iterator[str]:
    for shape in trace.names.values():
        yield from shape.columns
    for tables in trace.tables.values():
        for columns in tables.values():
            yield from columns


def _whole_shape(value: object) -> Shape:
    shape = shape_of(value)
    if shape.kind in ("frame", "rows"):
        return shape_of(value, None)
    return shape_of(value, known_columns(value)) if shape.kind.startswith("list") else shape


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns
