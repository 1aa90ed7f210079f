"""The user's own variables among all that stands in the namespace."""

from __future__ import annotations

from collections.abc import Callable, Collection, ItemsView, Iterator, Mapping, ValuesView

from aibasic.modules.base import Module

_MISSING = object()
LAST_ERROR, LAST_ERROR_LINE = "_last_error", "_last_error_line"
"""What a program with `on error` reads: the text of what failed last, and the number of its line."""


class UserNames(Mapping[str, object]):
    """A live view: what IPython, the session or a service put there is left out, and all with a leading underscore.

    `hidden` is what stood in the namespace at the start: such a name is the user's once it holds something else.
    `modules` says which variables belong to services; `last_output` counts while no other name holds the newest result.
    """

    def __init__(
        self, names: Mapping[str, object], hidden: Mapping[str, object], modules: Callable[[], Collection[str]]
    ) -> None:
        self._names = names
        self._hidden = hidden
        self._modules = modules
        self.last_output_counts = False

    def __getitem__(self, name: str) -> object:
        value = self._names[name]
        if not self._is_users(name, value):
            raise KeyError(name)
        return value

    def __contains__(self, name: object) -> bool:
        value = self._names.get(name, _MISSING)  # type: ignore[call-overload]
        return value is not _MISSING and self._is_users(name, value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._present())

    def items(self) -> ItemsView[str, object]:
        """The names with their values, as they are at this moment."""
        return self._present().items()

    def values(self) -> ValuesView[object]:
        """The values, as they are at this moment."""
        return self._present().values()

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _present(self) -> dict[str, object]:
        return {name: value for name, value in self._all() if self._is_users(name, value)}

    def _all(self) -> list[tuple[str, object]]:
        while True:
            try:
                return list(self._names.items())
            except RuntimeError:
                continue  # another thread has bound a new name meanwhile

    def _is_users(self, name: object, value: object) -> bool:
        if not isinstance(name, str) or (name.startswith("_") and name not in (LAST_ERROR, LAST_ERROR_LINE)):
            return False
        if name == "last_output":
            return self.last_output_counts
        if self._hidden.get(name, _MISSING) is value:
            return False
        return not (isinstance(value, Module) and name in self._modules())
