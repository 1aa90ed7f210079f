"""Which variable a few words of a sentence mean, and what shape it has."""

from __future__ import annotations

from collections.abc import Mapping

from aibasic_kernel.compiler.kinds import SAMPLE, class_name, is_frame, is_rows, scalar_kind
from aibasic_kernel.compiler.scope import Scope

PRONOUNS = ("results", "it", "them", "dataframe")
"""Words for the newest result that completion offers."""
_NEWEST = frozenset({"it", "them", "that", "this", "those", "these", "result", "results", "output", "last_output"})
_NOUNS = {
    "frame": {"dataframe", "frame", "df", "data", "table", "rows", "messages", "documents"},
    "rows": {"rows", "data", "records", "table", "messages", "documents"},
    "records": {"rows", "data", "records", "table", "messages", "documents"},
    "list": {"list", "items", "numbers", "values", "data", "messages", "documents"},
    "collection": {"list", "items", "numbers", "values", "data"},
    "values": {"list", "items", "numbers", "values", "data"},
    "mapping": {"dictionary", "dict", "mapping"},
    "text": {"text", "string"},
    "number": {"number"},
    "boolean": frozenset[str](),
    "time": {"date", "time"},
    "figure": {"figure", "plot", "chart", "picture"},
}
SHAPES = frozenset(_NOUNS)


def shapes(value: object) -> frozenset[str]:
    """What a value is, of `SHAPES` and `sized` (has a length). An empty set is something that no phrase handles."""
    kind = _kind(value)
    if kind in ("rows", "records"):
        return frozenset({kind, "collection", "sized"})
    if kind in ("list", "collection"):
        return frozenset({kind, "collection", "values", "sized"})
    if kind in ("frame", "mapping", "text"):
        return frozenset({kind, "sized"})
    return frozenset({kind} if kind else ())


def _kind(value: object) -> str:
    if is_frame(value):
        return "frame"
    if is_rows(value):
        return "rows"
    if isinstance(value, list):
        return "records" if value and all(isinstance(item, Mapping) for item in value[:SAMPLE]) else "list"
    if isinstance(value, (tuple, set, frozenset)):
        return "collection"
    if isinstance(value, Mapping):
        return "mapping"
    if (type(value).__module__, class_name(type(value))) == ("matplotlib.figure", "Figure"):
        return "figure"
    kind = scalar_kind(type(value))
    return kind if kind in SHAPES else ""


def find_name(words: tuple[str, ...], wanted: tuple[str, ...], scope: Scope) -> str | None:
    """The variable that `words` (as written) name, if it has one of the `wanted` shapes (any, where none is given).

    A variable of exactly that name comes first. Else a pronoun or a fitting noun ("the results", "dataframe") is the
    newest result; where that has not the shape, a noun is the only variable that has it, or `df` among data frames.
    """
    if len(words) > 1 and words[0].lower() == "the":
        words = words[1:]
    if words[:1] == ("data",) and words[1:] == ("frame",):
        words = ("dataframe",)
    if len(words) != 1:
        return None
    word = words[0]
    if word in scope.names:
        return word if _has(scope.names[word], wanted) else None
    lower = word.lower()
    nouns = {noun for shape in wanted for noun in _NOUNS.get(shape, ())}
    if lower not in _NEWEST and lower not in nouns:
        return None
    newest = scope.last_output
    if newest is not None and newest in scope.names and _has(scope.names[newest], wanted):
        return newest
    fitting = [name for name, value in scope.names.items() if _has(value, wanted)] if lower in nouns else []
    return fitting[0] if len(fitting) == 1 else "df" if "df" in fitting else None


def _has(value: object, wanted: tuple[str, ...]) -> bool:
    return not wanted or not shapes(value).isdisjoint(wanted)
