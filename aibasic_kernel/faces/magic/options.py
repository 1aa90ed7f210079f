"""The options of `%%aibasic`: settings for this cell alone, `--frozen --model NAME --share names`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from aibasic_kernel.errors import AIBasicError

OPTIONS: Mapping[str, str] = {
    "frozen": "compile nothing anew: run from the lock and the phrases",
    "model": "the model that compiles",
    "share": "what it is told of the data: names, types, schema, categories, sample:N",
    "confirm": "what is asked about: always, writes, destructive, never",
    "phrases": "first, only or off",
    "repair": "how often a line that failed is compiled anew",
    "show": "what stands above a result: code, line, nothing",
    "max-rows": "the most rows that a query fetches",
    "max-steps": "the most lines that a program runs",
    "budget-usd": "the most that this session spends",
}
"""What each sets, by its name."""
_FLAGS = frozenset(["frozen"])
_NEXT = re.compile(r"""\s*--(?P<name>[\w-]*)(?:=(?P<joined>"[^"]*"|'[^']*'|\S*))?(?=\s|\Z)""")
_VALUE = re.compile(r"""\s+(?!--)(?P<value>"[^"]*"|'[^']*'|\S+)""")


def read_options(line: str) -> tuple[list[str], str]:
    """The settings (`KEY = value`) that the options at the beginning of a line ask for, and what stands behind them.

    Raises AIBasicError for an option that there is not, or one without its value.
    """
    settings: list[str] = []
    at = 0
    while (found := _NEXT.match(line, at)) is not None:
        at = found.end()
        name = found["name"]
        if not name:  # `--`, behind which nothing is an option
            break
        _check(name)
        value = found["joined"]
        if value is None and name in _FLAGS:
            value = "true"
        if value is None:
            behind = _VALUE.match(line, at)
            if behind is None:
                raise AIBasicError(f"--{name} has no value", f"--{name} VALUE: {OPTIONS[name]}")
            value, at = behind["value"], behind.end()
        settings.append(f"{name.upper().replace('-', '_')} = {value}")
    return settings, line[at:].strip()


def _check(name: str) -> None:
    if name in OPTIONS:
        return
    nearest = difflib.get_close_matches(name, OPTIONS, 1, 0.5)
    known = ", ".join(f"--{each}" for each in OPTIONS)
    raise AIBasicError(
        f"%%aibasic has no option --{name}", f"did you mean --{nearest[0]}?" if nearest else f"there are: {known}"
    )
