"""What completion offers: a text to put in, and what it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from aibasic.modules.schema import Column, Table
from aibasic.modules.sql_names import sql_name

from aibasic_kernel.compiler.phrasing.names import shapes
from aibasic_kernel.compiler.phrasing.slots import Filled
from aibasic_kernel.compiler.scope import Scope


@dataclass(frozen=True)
class Offer:
    """A `text`, and what it is: command, task, phrase, word, table, column, name, file, function or argument.

    `about` says a little more: a column's type, a function's signature.
    """

    text: str
    kind: str
    about: str = ""

    @property
    def signature(self) -> str:
        """The parameters, of a function."""
        return self.about if self.kind == "function" else ""


class Known:
    """The variables of a scope, with their shapes looked up once for all slots that ask for them."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.closed: dict[tuple[object, ...], Filled | None] = {}
        """What slots were found to hold, by service, slot, words and owner."""

    @cached_property
    def shapes(self) -> dict[str, frozenset[str]]:
        """What each variable is, the newest result first and then the newest name."""
        newest = self._scope.last_output
        names = list(self._scope.names)[::-1]
        return {name: shapes(self._scope.names[name]) for name in sorted(names, key=lambda name: name != newest)}

    def names(self, wanted: Collection[str]) -> Iterator[Offer]:
        """The variables that have one of the wanted shapes; all, where none is wanted."""
        for name, has in self.shapes.items():
            if not wanted or not has.isdisjoint(wanted):
                yield Offer(name, "name")

    @staticmethod
    def may_begin(word: str, fragment: str) -> bool:
        """Whether `fragment` may be the beginning of `word`."""
        return word.casefold().startswith(fragment.casefold())


def words(*texts: str) -> Iterator[Offer]:
    """Offers of plain words."""
    return (Offer(text, "word") for text in texts)


def table_offer(table: Table) -> Offer:
    """A table, by the name that a statement may call it."""
    return Offer(table.name, "table", table.kind)


def column_offer(column: Column) -> Offer:
    """A column, in quotes where it has blanks or the like in its name."""
    plain = column.name.isidentifier()
    return Offer(column.name if plain else sql_name(column.name), "column", column.type)


def matching(offers: Iterable[Offer], fragment: str) -> list[Offer]:
    """The offers that go on with what is written, each text once; quotes around an offer may be missing yet."""
    low = fragment.casefold()
    bare = low.lstrip('"')
    found: dict[str, Offer] = {}
    for offer in offers:
        text = offer.text.casefold()
        if text.startswith(low) or (text.startswith('"') and text[1:].startswith(bare)):
            found.setdefault(offer.text, offer)
    return [offer for offer in found.values() if offer.text != fragment]
