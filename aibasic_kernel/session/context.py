"""`context`: the dict that says what exists. It describes when it is read, so it is right after whatever ran."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, KeysView, ValuesView
from typing import Any


class Context(dict[str, Any]):
    """What exists now: each name with a one-line description, and under `last_output` the name of the newest result.

    Entries that a program writes itself are kept, and stand beside the described ones.
    """

    def __init__(self, observe: Callable[[], dict[str, str]]) -> None:
        super().__init__()
        self._observe = observe
        self._written: dict[str, Any] = {}

    def _renew(self) -> None:
        super().clear()
        super().update(self._observe())
        super().update(self._written)

    def __getitem__(self, key: str) -> Any:
        self._renew()
        return super().__getitem__(key)

    def __setitem__(self, key: str, value: Any) -> None:
        self._written[key] = value

    def __delitem__(self, key: str) -> None:
        del self._written[key]

    def update(self, *args: Any, **values: Any) -> None:
        self._written.update(*args, **values)

    def get(self, key: str, default: Any = None) -> Any:
        self._renew()
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self._renew()
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        self._renew()
        return iter(list(super().keys()))

    def __len__(self) -> int:
        self._renew()
        return super().__len__()

    def keys(self) -> KeysView[str]:  # type: ignore[override]
        self._renew()
        return super().keys()

    def values(self) -> ValuesView[Any]:  # type: ignore[override]
        self._renew()
        return super().values()

    def items(self) -> ItemsView[str, Any]:  # type: ignore[override]
        self._renew()
        return super().items()

    def copy(self) -> dict[str, Any]:
        return dict(self.items())

    def __eq__(self, other: object) -> bool:
        return self.copy() == other

    def __repr__(self) -> str:
        return repr(self.copy())

    __hash__ = None
