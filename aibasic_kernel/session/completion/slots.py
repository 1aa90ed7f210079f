"""What may be written into a slot of a phrase: real tables, columns, files and variables, and the words between."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from aibasic.modules.schema import Column

from aibasic_kernel.compiler.expressions.expression import Column as ColumnRead
from aibasic_kernel.compiler.expressions.expression import Expression, Variable
from aibasic_kernel.compiler.expressions.reader import Names, read_condition, read_value
from aibasic_kernel.compiler.expressions.words import COMPARING, MATCHING, SIGNS
from aibasic_kernel.compiler.phrasing.form import Slot
from aibasic_kernel.compiler.phrasing.names import PRONOUNS, find_name
from aibasic_kernel.compiler.phrasing.slots import Moment
from aibasic_kernel.compiler.phrasing.tokens import Piece, Token
from aibasic_kernel.session.completion.files import files
from aibasic_kernel.session.completion.offers import Known, Offer, column_offer, table_offer, words
from aibasic_kernel.session.completion.sql import sql_offers

_OPERATORS = frozenset(["+", "-", "*", "/", "//", "%", "**", "(", "plus", "minus", "times"])
_COPULAS = ("is", "are", "was", "were")
_DENIALS = ("isn't", "aren't", "doesn't", "does", "not")
_JUNCTIONS = ("and", "or", "not", "(")
_PLAIN = ("number", "text", "boolean", "time")
"""Shapes of single values, which are what a column can be compared with."""


@dataclass(frozen=True)
class Gap:
    """The place of a slot in which the cursor stands: `inside` are the tokens that it holds so far.

    `columns` are those of the table or frame that it belongs to, `fragment` what is written of the next word.
    """

    slot: Slot
    sentence: str
    inside: tuple[Token, ...]
    columns: Sequence[Column]
    moment: Moment
    known: Known
    fragment: str

    def behind(self, *separators: str) -> tuple[Token, ...]:
        """The tokens since the last separator."""
        for position in range(len(self.inside), 0, -1):
            if self.inside[position - 1].lower in separators and self.inside[position - 1].kind != "text":
                return self.inside[position:]
        return self.inside


def slot_offers(gap: Gap) -> Iterator[Offer]:
    """What may follow in the slot, the likeliest first."""
    return _OFFERING[gap.slot.kind](gap)


def _names(gap: Gap) -> Iterator[Offer]:
    wanted = gap.slot.details
    if tuple(token.lower for token in gap.inside) not in ((), ("the",)):
        return
    yield from gap.known.names(wanted)
    for word in PRONOUNS:
        if gap.known.may_begin(word, gap.fragment) and find_name((word,), wanted, gap.moment.scope):
            yield Offer(word, "name")


def _new_name(gap: Gap) -> Iterator[Offer]:
    if not gap.inside and gap.fragment:
        yield from gap.known.names(())


def _tables(gap: Gap) -> Iterator[Offer]:
    if not gap.inside:
        yield from map(table_offer, gap.moment.tables.values())


def _column(gap: Gap) -> Iterator[Offer]:
    if not gap.inside:
        yield from map(column_offer, gap.columns)


def _columns(gap: Gap) -> Iterator[Offer]:
    written = gap.behind(",", "and", "(")
    if not written:
        said = {token.text for token in gap.inside}
        yield from (column_offer(column) for column in gap.columns if column.name not in said)
    elif _is_column(gap, written):
        yield from words("and")


def _ordering(gap: Gap) -> Iterator[Offer]:
    written = gap.behind(",", "and")
    if not written:
        yield from map(column_offer, gap.columns)
    elif _is_column(gap, written):
        yield from words("descending", "ascending", "and")
    elif written[-1].lower in ("descending", "ascending", "desc", "asc"):
        yield from words("and")


def _assignments(gap: Gap) -> Iterator[Offer]:
    written = gap.behind(",", "and")
    if not written:
        yield from map(column_offer, gap.columns)
    elif _is_column(gap, written):
        yield from words("=")
    elif written[-1].lower in ("=", "to", *_OPERATORS):
        yield from _operands(gap, _kind_of_column(gap, written[0].text))


def _row(gap: Gap) -> Iterator[Offer]:
    if gap.inside and gap.inside[-1].text in ("(", ","):
        yield from gap.known.names(_PLAIN)


def _value(gap: Gap) -> Iterator[Offer]:
    """A whole value, or one of several: a name or column where an operand is due."""
    several = (",", "and", ";") if gap.slot.kind == "values" else ()
    written = gap.behind(*several)
    shape = gap.slot.kind if gap.slot.kind in _PLAIN else ""
    if not written or written[-1].lower in _OPERATORS:
        yield from _operands(gap, shape)
    elif several and _reads(gap, written) is not None:
        yield from words("and")


def _is_column(gap: Gap, written: tuple[Token, ...]) -> bool:
    """Whether the tokens are the name of a column, and nothing more."""
    return len(written) == 1 and _columns_by_name(gap).column(written[0].text.strip('"')) is not None


def _operands(gap: Gap, kind: str) -> Iterator[Offer]:
    """Columns and variables that may stand in an expression; of one kind, where it is known."""
    yield from (column_offer(column) for column in gap.columns if not kind or column.kind == kind)
    yield from gap.known.names((kind,) if kind in _PLAIN else _PLAIN if gap.columns else ())


def _condition(gap: Gap) -> Iterator[Offer]:
    clause = gap.behind(*_JUNCTIONS)
    if "between" in (token.lower for token in gap.inside) and "between" not in (token.lower for token in clause):
        clause = gap.behind("or", "not", "(")  # the `and` between two bounds joins no conditions
    if not clause:
        yield from _operands(gap, "")
        return
    if read_condition(Piece(gap.sentence, clause), _columns_by_name(gap)) is not None:
        yield from words("and", "or")
    operand, rest = _operand(gap, clause)
    if operand is not None:
        yield from _comparison(gap, operand, rest)
    elif clause[-1].lower in _OPERATORS:
        yield from _operands(gap, "number")


def _operand(gap: Gap, clause: tuple[Token, ...]) -> tuple[Expression | None, tuple[str, ...]]:
    """The longest value at the beginning of a clause, and the words behind it."""
    for stop in range(len(clause), 0, -1):
        operand = _reads(gap, clause[:stop])
        if operand is not None:
            return operand, tuple(token.lower for token in clause[stop:])
    return None, ()


def _comparison(gap: Gap, operand: Expression, said: tuple[str, ...]) -> Iterator[Offer]:
    kind = _kind(gap, operand)
    copula = bool(said) and said[0] in _COPULAS
    rest = said[1:] if copula else said
    denied = bool(rest) and rest[0] in _DENIALS
    rest = rest[1:] if denied else rest
    if rest and (rest in _COMPARISONS or rest[-1] in _OPERATORS):
        yield from _operands(gap, kind)
        if rest in _AMONG:
            yield from gap.known.names(("collection",))
        return
    following = [tests[len(rest) :] for tests in _tests(kind, copula) if tests[: len(rest)] == rest]
    yield from words(*(" ".join(test) for test in following if test))
    if not said:
        yield from words("is", "is not", "is missing", "is one of")
    elif not rest:
        yield from words(*(() if denied else ("not",)))
        yield from _operands(gap, kind)


def _tests(kind: str, copula: bool) -> list[tuple[str, ...]]:
    """The words that may compare a value of a kind, behind "is" or by themselves."""
    matching = [words for words in MATCHING if not copula and kind in ("", "text") and words not in _SHORT]
    comparing = [words for words, _ in COMPARING if words[0] not in _VERBS or not copula]
    signs: list[tuple[str, ...]] = [] if copula else [(sign,) for sign in ("=", "<>", ">", ">=", "<", "<=")]
    if kind == "boolean":
        return [*signs[:2], ("true",), ("false",)]
    order: list[tuple[str, ...]] = [("missing",), ("one", "of")] if copula else [("in",)]
    return [*signs, *matching, *order, ("between",), *sorted(comparing, key=_by_use)]


_AMONG = (("in",), ("one", "of"))
_COMPARISONS = frozenset(
    [*(words for words, _ in COMPARING), *MATCHING, *((sign,) for sign in SIGNS), *_AMONG, ("between",)]
)
_VERBS = ("equals", "equal", "differs")
_SHORT = (("contain",), ("start", "with"), ("end", "with"))
_COMMON = (("at", "least"), ("at", "most"), ("above",), ("below",), ("after",), ("before",))


def _by_use(words: tuple[str, ...]) -> int:
    return _COMMON.index(words) if words in _COMMON else len(_COMMON)


def _reads(gap: Gap, tokens: tuple[Token, ...]) -> Expression | None:
    return read_value(Piece(gap.sentence, tokens), _columns_by_name(gap))


def _columns_by_name(gap: Gap) -> Names:
    return Names(gap.moment.scope, {column.name: column.kind for column in gap.columns})


def _kind(gap: Gap, operand: Expression) -> str:
    if isinstance(operand, ColumnRead):
        return operand.kind if operand.kind in _PLAIN else ""
    if isinstance(operand, Variable):
        return next(iter(gap.known.shapes.get(operand.name, frozenset()).intersection(_PLAIN)), "")
    return ""


def _kind_of_column(gap: Gap, name: str) -> str:
    return next((column.kind for column in gap.columns if column.name == name), "")


def _place(gap: Gap) -> Iterator[Offer]:
    """`item 3 of names`: what holds the item."""
    if gap.inside and gap.inside[-1].lower == "of":
        yield from gap.known.names(("list", "records", "mapping"))


def _position(gap: Gap) -> Iterator[Offer]:
    if not gap.inside or gap.inside[-1].lower in _OPERATORS:
        yield from _operands(gap, "number")


def _paths(gap: Gap) -> Iterator[Offer]:
    if not gap.inside:
        folders = "folder" in gap.slot.details
        suffixes = tuple(f".{detail}" for detail in gap.slot.details if detail != "folder")
        yield from files(gap.moment.scope.folder, gap.fragment, suffixes, folders_only=folders)
        yield from gap.known.names(("text",))


def _labels(gap: Gap) -> Iterator[Offer]:
    if not gap.inside:
        yield from gap.known.names(("text",))


def _data(gap: Gap) -> Iterator[Offer]:
    if not gap.inside:
        yield from gap.known.names(("mapping", "collection"))


def _sql(gap: Gap) -> Iterator[Offer]:
    return sql_offers([token.lower for token in gap.inside], gap.moment.tables)


def _choices(gap: Gap) -> Iterator[Offer]:
    if not gap.inside:
        yield from words(*(detail.partition("=")[0] for detail in gap.slot.details))


_OFFERING: dict[str, Callable[[Gap], Iterator[Offer]]] = {
    "name": _names,
    "newname": _new_name,
    "value": _value,
    "values": _value,
    "number": _value,
    "text": _value,
    "condition": _condition,
    "table": _tables,
    "column": _column,
    "columns": _columns,
    "ordering": _ordering,
    "assignments": _assignments,
    "row": _row,
    "path": _paths,
    "label": _labels,
    "json": _data,
    "sql": _sql,
    "word": _choices,
    "item": _place,
    "position": _position,
}
