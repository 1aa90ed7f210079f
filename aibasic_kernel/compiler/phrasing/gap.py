"""A slot that its words do not close, and which name they would have to be."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import islice, pairwise

from aibasic.modules.schema import Table
from aibasic.modules.sql_names import sql_name

from aibasic_kernel.compiler.expressions.derived import without_column
from aibasic_kernel.compiler.expressions.reader import Names, refusal_of
from aibasic_kernel.compiler.phrasing.columns import kinds_of_columns
from aibasic_kernel.compiler.phrasing.form import Slot
from aibasic_kernel.compiler.phrasing.names import PRONOUNS, shapes
from aibasic_kernel.compiler.phrasing.slots import Filled, Moment, close
from aibasic_kernel.compiler.phrasing.tokens import Piece, Token, tokenise
from aibasic_kernel.compiler.shapes import describe, known_columns

_NEAR = 3
_LISTED = 6
_MOST_FILES = 2000
_LONGEST = 12
"""Tokens of an expression in which a wrong word is looked for."""
_ERROR = "last_error"
"""In the names of what a handler reads, which no other sentence means."""
_EXPRESSIONS = frozenset([
    "condition", "assignments", "value", "values", "number", "text", "row", "truth", "expression",
])  # fmt: skip
_OF_COLUMNS = frozenset(["column", "columns", "ordering"])
_JUNCTIONS = frozenset(["and", "or", "not", "(", ","])
_ARITHMETIC = frozenset(["+", "-", "*", "/", "//", "%", "^", "**", "&", "[", "times", "plus", "minus", "mod"])
_RANDOM = "a random number is: random number from 1 to 6"
_TODAY, _NOW = "write: set day to today, and then use day", "write: set moment to now, and then use moment"
_MEANT = dict.fromkeys(("rnd", "rand", "random"), _RANDOM) | dict.fromkeys(("today", "date"), _TODAY)
_MEANT |= dict.fromkeys(("now", "time"), _NOW)
"""What is written for a word that many take for a value, where no variable has its name."""
_LIKELY, _ALIKE = 0.6, 0.75
"""How much alike two words are (1: the same) of which one may be meant for the other; where text may be meant too."""
_KINDS = {
    "frame": "data frame",
    "rows": "query result",
    "records": "list of records",
    "mapping": "dictionary",
    "values": "list",
    "figure": "chart",
}
_PLAIN = frozenset(["number", "text", "boolean", "time"])


@dataclass(frozen=True)
class Miss:
    """The word `said`, and in `text` that it names nothing of the kind that a phrase has in its place.

    `near` are the names that it is most like. `sentence` is the user's own with the nearest one put in, "" for none.
    `remedy` says what else to write, where nothing of the kind is missing.
    """

    said: str
    text: str
    near: tuple[str, ...] = ()
    sentence: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.text}; nearest: {', '.join(self.near)}" if self.near else self.text


@dataclass(frozen=True)
class Gap:
    """A slot, the words in it, the tables or values that it is of, and the moment."""

    slot: Slot
    piece: Piece
    owners: tuple[Filled, ...]
    moment: Moment

    def close(self, piece: Piece) -> Filled | None:
        """What the slot holds with other words in it; None where they do not close it or its service is silent."""
        try:
            closed = [close(self.slot, piece, self.moment, owner) for owner in self.owners or (None,)]
        except Exception:  # whatever the driver raises
            return None
        return None if None in closed else closed[0]

    def miss(self) -> Miss | None:
        """The word that is no name and would have to be one; None where more is wrong."""
        if self.slot.kind in _EXPRESSIONS and not self.owners and (refused := self._refused()) is not None:
            return refused
        if self.slot.kind in _EXPRESSIONS | _OF_COLUMNS:
            return self._in_expression() if len(self.piece.tokens) <= _LONGEST else None
        name = _as_name(self.piece)
        find = _FINDING.get(self.slot.kind)
        return find(self, name) if find is not None and name is not None else None

    def _refused(self) -> Miss | None:
        """What makes no sense, though every word of it is known."""
        names = Names(self.moment.scope, {})
        pieces = (self.piece.split(",", "and", ";") or []) if self.slot.kind == "values" else [self.piece]
        found = next((refused for piece in pieces if (refused := refusal_of(piece, names)) is not None), None)
        return None if found is None else Miss(found[0], found[1], remedy=found[2])

    # Single names ----------------------------------------------------------------------------------------------------

    def _table(self, name: Token) -> Miss | None:
        try:
            tables = self.moment.tables
        except Exception:  # as in `close`
            return None
        said = _said(name)
        if not tables or said.lower() in PRONOUNS or said in self.moment.scope.names:
            return None
        return self._nearest(name, f"there is no table {said}", tables)

    def _variable(self, name: Token) -> Miss | None:
        names, wanted = self.moment.scope.names, self.slot.details
        said, kind = _said(name), " or ".join(_KINDS.get(shape, shape) for shape in wanted) or "variable"
        newest = self.moment.scope.last_output if said.lower() in PRONOUNS else None
        meant = said if said in names else newest
        if meant is not None and meant in names:
            if not wanted or not shapes(names[meant]).isdisjoint(wanted):
                return self._not_in_table(said, meant)
            if "values" in wanted and not shapes(names[meant]).isdisjoint(("rows", "records")):
                text, remedy = without_column(meant)
                return Miss(said, text, remedy=remedy)
            is_ = f"{said} is" if meant == said else f"{said} stands for {meant},"
            return Miss(said, f"{is_} {_article(describe(names[meant]).partition(':')[0])}, not a {kind}")
        if said.lower() in PRONOUNS:
            return Miss(said, f"there is no result yet that {said} could stand for")
        fitting = [each for each, value in names.items() if not wanted or not shapes(value).isdisjoint(wanted)]
        if _ERROR not in self.piece.sentence:
            fitting = [each for each in fitting if not each.startswith(f"_{_ERROR}")]
        return self._nearest(name, f"there is no {kind} {said}", fitting)

    def _not_in_table(self, said: str, meant: str) -> Miss | None:
        """The columns that a table would have to have to take in the rows of a variable of the right kind."""
        held = next((owner.of for owner in self.owners if isinstance(owner.of, Table)), None)
        columns = list(kinds_of_columns(self.moment.scope.names[meant]))
        if held is None or not columns:
            return None
        lacking = [column for column in columns if held.column(column) is None]
        known = [column.name for column in held.columns]
        if not lacking:
            return None
        near = {name: _close_to(name, known, _LIKELY) for name in lacking}
        named = [f"{name} (it has {near[name][0]})" if near[name] else name for name in lacking[:_LISTED]]
        what = "column" if len(lacking) == 1 else "columns"
        text = f"table {held.name} has no {what} {', '.join(named)}, which {meant} has"
        return Miss(said, text + _listing(known))

    def _file(self, name: Token) -> Miss | None:
        endings = [f".{detail}" for detail in self.slot.details if detail != "folder"]
        said = _said(name)
        if not endings or said.lower().endswith(tuple(endings)) or "." not in said:
            return None
        try:
            with os.scandir(self.moment.scope.folder) as entries:
                files = [each.name for each in islice(entries, _MOST_FILES) if each.name.endswith(tuple(endings))]
        except OSError:
            files = []
        return self._nearest(name, f"{said} is no file that ends in {' or '.join(endings)}", files)

    # Expressions -----------------------------------------------------------------------------------------------------

    def _in_expression(self) -> Miss | None:
        """The first word in whose place another name would make sense of the whole."""
        columns = self._columns()
        names = [name for name, value in self.moment.scope.names.items() if not _PLAIN.isdisjoint(shapes(value))]
        for token in self.piece.tokens:
            said = _said(token)
            if token.kind in ("word", "text") and said not in columns and said not in self.moment.scope.names:
                found = self._instead_of(token, columns, names)
                if found is not None:
                    return found
        return None

    def _instead_of(self, token: Token, columns: dict[str, str], names: list[str]) -> Miss | None:
        said, compared = _said(token), self._is_compared(token)
        places = " and ".join(owner.of.name if isinstance(owner.of, Table) else owner.python for owner in self.owners)
        what = "column or variable" if compared and places else "column" if places else "variable"
        nothing = f"there is no {what} {said}" + (f" in {places}" if what == "column" else "")
        alike = _ALIKE if compared else _LIKELY
        near = [name for name in _close_to(said, columns, alike) if self._closes_with(token, _column(name))]
        if token.kind == "word":
            near += [name for name in _close_to(said, names, _ALIKE) if self._closes_with(token, name)]
        if near:
            return self._as_miss(token, nothing, near)
        if token.kind == "word" and not places and token.lower in _MEANT:
            return Miss(said, nothing, remedy=_MEANT[token.lower])
        may_be_text = token.kind == "word" and (compared or not places) and self._stands_alone(token)
        if may_be_text and self._closes_with(token, f"'{said}'"):
            return Miss(said, f"{nothing}: text stands in quotes", sentence=self._with(token, f"'{said}'"))
        one_of_each = {kind: name for name, kind in columns.items()}.values()
        if any(self._closes_with(token, _column(name)) for name in one_of_each):
            return Miss(said, nothing + _listing(columns))
        return None

    def _is_compared(self, token: Token) -> bool:
        """Whether the word stands behind what it is compared with or assigned to."""
        before = [each.lower for each in self.piece.tokens if each.end <= token.start]
        return self.slot.kind in _EXPRESSIONS and bool(before) and before[-1] not in _JUNCTIONS

    def _stands_alone(self, token: Token) -> bool:
        """Whether nothing is done to the word that is not done to texts: no arithmetic, no call."""
        at = self.piece.tokens.index(token)
        around = (*self.piece.tokens[max(0, at - 1) : at], *self.piece.tokens[at + 1 : at + 2])
        calls = at > 1 and self.piece.tokens[at - 1].text == "(" and self.piece.tokens[at - 2].kind == "word"
        return not calls and not any(each.text in _ARITHMETIC for each in around)

    def _columns(self) -> dict[str, str]:
        """The columns that all owners have, with their kinds."""
        held = [
            {column.name: column.kind for column in owner.of.columns}
            if isinstance(owner.of, Table)
            else dict(known_columns(owner.of))
            for owner in self.owners
        ]
        return {name: kind for name, kind in held[0].items() if all(name in each for each in held)} if held else {}

    def _closes_with(self, token: Token, text: str) -> bool:
        source, start = self.piece.source, self.piece.tokens[0].start
        changed = f"{source[: token.start - start]}{text}{source[token.end - start :]}"
        return self.close(Piece(changed, tokenise(changed))) is not None

    # Answers ---------------------------------------------------------------------------------------------------------

    def _nearest(self, token: Token, nothing: str, names: Collection[str]) -> Miss:
        near = _close_to(_said(token), names, _LIKELY)
        return self._as_miss(token, nothing, near) if near else Miss(_said(token), nothing + _listing(names))

    def _as_miss(self, token: Token, nothing: str, near: list[str]) -> Miss:
        text = _column(near[0]) if near[0] in self._columns() else near[0]
        return Miss(_said(token), nothing, tuple(near[:_NEAR]), self._with(token, text))

    def _with(self, token: Token, text: str) -> str:
        """The whole sentence with another text in the place of a token."""
        return self.piece.sentence[: token.start] + text + self.piece.sentence[token.end :]


_FINDING: dict[str, Callable[[Gap, Token], Miss | None]] = {
    "table": Gap._table,
    "name": Gap._variable,
    "path": Gap._file,
}


def _as_name(piece: Piece) -> Token | None:
    """The piece as one token, where it is a word, a text in quotes or words joined by dots; without `the`."""
    tokens = piece.tokens[1:] if piece.tokens[0].lower == "the" and len(piece.tokens) > 1 else piece.tokens
    joined = all(before.end == after.start for before, after in pairwise(tokens))
    if not joined or tokens[0].kind not in ("word", "text"):
        return None
    text = piece.sentence[tokens[0].start : tokens[-1].end]
    return Token(tokens[0].kind, text, text.lower(), tokens[0].start, tokens[-1].end)


def _said(token: Token) -> str:
    return token.unquoted if token.kind == "text" else token.text


def _column(name: str) -> str:
    return name if name.isidentifier() else sql_name(name)


def _close_to(said: str, names: Collection[str], least: float) -> list[str]:
    """The names that are spelt much like a word, in any case, the nearest first."""
    folded = {name.strip('"').casefold(): name for name in names}
    return [folded[near] for near in difflib.get_close_matches(said.casefold(), folded, _NEAR, least)]


def _article(described: str) -> str:
    return f"a {described}" if described in _PLAIN else described


def _listing(names: Collection[str]) -> str:
    shown = list(islice(names, _LISTED))
    more = f" and {len(names) - len(shown):,} more" if len(names) > len(shown) else ""
    return f"; known: {', '.join(shown)}{more}" if shown else ""
