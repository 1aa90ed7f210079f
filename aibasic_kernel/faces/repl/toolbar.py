"""The line below the prompt: the kernel, the model, the price so far, each connection, fitted to the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prompt_toolkit.formatted_text import StyleAndTextTuples, fragment_list_width
from prompt_toolkit.utils import get_cwidth

from aibasic_kernel.faces.repl.view import BUSY, DEAD, IDLE, STARTING

if TYPE_CHECKING:
    from aibasic_kernel.faces.session_state import ConnectionState, SessionState

GAP = "  "
STYLE = {
    "bottom-toolbar": "reverse",
    "toolbar.production": "noreverse bold fg:ansiwhite bg:ansired",
    "toolbar.warning": "bold",
}
_KERNEL = {
    STARTING: ("kernel starting ...", "starting"),
    BUSY: ("kernel busy", "busy"),
    DEAD: ("kernel dead: Enter starts a new one", "kernel dead"),
}


@dataclass(frozen=True)
class Part:
    """One thing that the toolbar says: `forms` from the longest to the shortest, "" where it may be left out.

    The lightest give way first.
    """

    forms: tuple[str, ...]
    weight: int
    style: str = ""


def toolbar(kernel: str, state: SessionState, width: int, *, mode: str = "", hint: str = "") -> StyleAndTextTuples:
    """What stands in a line of `width` columns. `mode` names that of the keys, `hint` is what the user is told now."""
    parts = [
        *([Part((hint,), 9, "class:toolbar.warning")] if hint else []),
        *([Part(_KERNEL[kernel], 8, "class:toolbar.warning")] if kernel != IDLE else []),
        *([Part((*(f"{mark} {c['name']}{end}" for mark, end in _marks(c)), c["name"]), 7, "class:toolbar.production")
           for c in state["connections"] if c["production"]]),
        *_session(state),
        *(Part(_connection(connection), 5) for connection in state["connections"] if not connection["production"]),
        *([Part((mode, ""), 3)] if mode else []),
        Part(("F1 keys", ""), 0),
    ]  # fmt: skip
    return _line(parts, width)


def _marks(connection: ConnectionState) -> list[tuple[str, str]]:
    """What stands in front of the name of a connection of production, and behind it."""
    end = " READONLY" if connection["readonly"] else ""
    return [("PRODUCTION", f"{end}{_standing(connection)}"), ("PRODUCTION", end), ("PRODUCTION", "")]


def _connection(connection: ConnectionState) -> tuple[str, ...]:
    name, mark = connection["name"], " READONLY" if connection["readonly"] else ""
    return tuple(dict.fromkeys((f"{name}{mark}{_standing(connection)}", f"{name}{mark}", name, "")))


def _standing(connection: ConnectionState) -> str:
    return {"connected": "", "closed": " (closed)"}.get(connection["state"], " (unused)")


def _session(state: SessionState) -> list[Part]:
    if not state["model"]:
        return []
    price = "price unknown" if state["dollars"] is None else state["cost"]
    tokens = f"{price}, {state['tokens']:,} tokens" if state["tokens"] else price
    return [
        Part((state["model"], ""), 2),
        Part((tokens, price, ""), 4),
        *([Part(("FROZEN",), 6, "class:toolbar.warning")] if state["frozen"] else []),
        *([Part(("TRACE", ""), 3)] if state["trace"] else []),
        *([Part(("IMMEDIATE OFF", ""), 6, "class:toolbar.warning")] if not state["immediate"] else []),
    ]


def _line(parts: Sequence[Part], width: int) -> StyleAndTextTuples:
    """The parts, each as long as there is room for; a mark at the end where one had to be left out."""
    chosen = [0] * len(parts)
    while _width(shown := _shown(parts, chosen)) > width:
        shorter = [at for at, part in enumerate(parts) if chosen[at] + 1 < len(part.forms)]
        if not shorter:
            return _cut(shown, width)
        chosen[min(shorter, key=lambda at: (parts[at].weight, -at))] += 1
    return shown


def _shown(parts: Sequence[Part], chosen: Sequence[int]) -> StyleAndTextTuples:
    line: StyleAndTextTuples = [("", " ")]
    for part, form in zip(parts, chosen, strict=True):
        if text := part.forms[form]:
            line += [("", GAP)] * (len(line) > 1) + [(part.style, text)]
    return line


def _width(line: StyleAndTextTuples) -> int:
    return fragment_list_width(line)


def _cut(line: StyleAndTextTuples, width: int) -> StyleAndTextTuples:
    """As many characters as have room."""
    kept: StyleAndTextTuples = []
    for style, text, *_ in line:
        for character in text:
            width -= get_cwidth(character)
            if width < 0:
                return kept
            kept.append((style, character))
    return kept
