"""Values that must not be seen: passwords, keys, tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

_known: set[str] = set()


class Secret:
    """A text that neither repr, str, format, vars nor pickle shows; only `reveal()` does.

    Equal to another Secret of the same text. Every text held here is in `known()`, so that displays can leave it out.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        # Held by a function, so that nothing that walks over attributes comes by it.
        self._text: Callable[[], str] = lambda: text
        if text:
            _known.add(text)

    def reveal(self) -> str:
        """The text itself. Do not keep it in a variable that a traceback could show."""
        return self._text()

    def __repr__(self) -> str:
        return "Secret(***)"

    def __str__(self) -> str:
        return "***"

    def __bool__(self) -> bool:
        return bool(self._text())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self._text()

    def __hash__(self) -> int:
        return hash(self._text())

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled")


def known() -> frozenset[str]:
    """Every text that a Secret of this process ever held."""
    return frozenset(_known)
