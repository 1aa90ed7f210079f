"""The keys of `[aibasic]` and what each may be: from the text of a value to the value, or an error that says what is
allowed. How much each lets happen: a value may be weaker than another one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from aibasic.modules.secret import Secret

from aibasic_kernel.errors import AIBasicError

SHARES = ("names", "types", "schema", "categories", "sample")
"""What may leave the machine, each including the ones before: names of variables and files; types of variables;
columns and tables; the distinct values of text columns that have few; a few rows (`sample:N`)."""
CONFIRMS = ("always", "writes", "destructive", "never")
"""What asks before it runs, the strictest first."""
YES = ("true", "yes", "on", "1")
NO = ("false", "no", "off", "0")
_SAMPLE = re.compile(r"sample\s*:\s*([1-9][0-9]{0,2})")

Reader = Callable[[str, str], Any]
"""Takes the name of a setting for messages and the text of its value."""


def share_level(share: str) -> tuple[int, int]:
    """How much a SHARE lets out, to be compared: its place in SHARES, and of a sample the rows."""
    kind, _, rows = share.partition(":")
    return SHARES.index(kind), int(rows or 0)


def stricter_confirm(one: str, other: str) -> str:
    """That of two CONFIRMs which asks about more."""
    return min(one, other, key=CONFIRMS.index)


_LOOSENESS: Mapping[str, Callable[[Any], Any]] = {
    "SHARE": share_level,
    "CONFIRM": CONFIRMS.index,
    "FROZEN": lambda frozen: not frozen,
    "PHRASES": lambda phrases: phrases != "only",
    "READONLY": lambda read_only: not read_only,
    "PRODUCTION": lambda production: not production,
    "BUDGET_USD": lambda dollars: math.inf if dollars is None else dollars,
    "BUDGET_USD_PER_DAY": lambda dollars: math.inf if dollars is None else dollars,
}
"""How much a value lets happen, of the keys that protect somebody: more is weaker."""
PROTECTIVE = tuple(_LOOSENESS)
DESTINATIONS = ("BASE_URL", "PROVIDER")
"""The keys that say where requests go."""
PRICES = ("PRICE_IN", "PRICE_OUT")
"""The keys that say what a model costs, on which budgets rely."""


def is_weaker(key: str, value: Any, than: Any) -> bool:
    """Whether one value of a key lets more happen than another one; never so for a key that protects nobody."""
    looseness = _LOOSENESS.get(key)
    return looseness is not None and bool(looseness(value) > looseness(than))


def said(value: Any) -> str:
    """A value as people write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or "nothing"
    return "without limit" if value is None else str(value) or "not set"


def _text(name: str, value: str) -> str:
    return value.strip()


def _secret(name: str, value: str) -> Secret:
    return Secret(value.strip())


def _one_of(*allowed: str) -> Reader:
    def read(name: str, value: str) -> str:
        word = value.strip().lower()
        if word not in allowed:
            raise _wrong(name, value, ", ".join(allowed))
        return word

    return read


def _share(name: str, value: str) -> str:
    word = value.strip().lower()
    if sample := _SAMPLE.fullmatch(word):
        return f"sample:{sample[1]}"
    if word not in SHARES[:-1]:
        raise _wrong(name, value, ", ".join((*SHARES[:-1], "sample:N with N rows from 1 to 999")))
    return word


def _yes_or_no(name: str, value: str) -> bool:
    word = value.strip().lower()
    if word not in YES + NO:
        raise _wrong(name, value, "true, false")
    return word in YES


def _whole(least: int) -> Reader:
    def read(name: str, value: str) -> int:
        try:
            number = int(value.replace("_", ""))
        except ValueError:
            number = least - 1
        if number < least:
            raise _wrong(name, value, f"a whole number from {least}")
        return number

    return read


def _number(above: float | None = None) -> Reader:
    def read(name: str, value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        good = 0 <= number < float("inf") if above is None else above < number < float("inf")
        if not good:
            raise _wrong(name, value, "a number from 0" if above is None else f"a number above {above:g}")
        return number

    return read


def _words(*allowed: str) -> Reader:
    def read(name: str, value: str) -> frozenset[str]:
        words = frozenset(value.lower().replace(",", " ").split())
        if not words <= set(allowed):
            raise _wrong(name, value, "any of " + ", ".join(allowed))
        return words

    return read


def _url(name: str, value: str) -> str:
    url = value.strip()
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good:
        raise AIBasicError(f"{name} is no web address.", "It looks like this: http://localhost:11434")
    login = parts.password or parts.username
    if login:
        for text in (login, unquote(login)):
            Secret(text)  # what one has held is left out of all that is shown
    return url


def _wrong(name: str, value: str, allowed: str) -> AIBasicError:
    return AIBasicError(f"{name} is {value.strip()!r}.", f"Allowed: {allowed}.")


READERS: Mapping[str, Reader] = {
    "PROVIDER": _text,
    "MODEL": _text,
    "MODEL_REPAIR": _text,
    "BASE_URL": _url,
    "API_KEY": _secret,
    "MAX_TOKENS": _whole(1),
    "TIMEOUT": _number(above=0),
    "PARALLEL": _whole(1),
    "PHRASES": _one_of("first", "only", "off"),
    "REPAIR": _whole(0),
    "SHARE": _share,
    "PRICE_IN": _number(),
    "PRICE_OUT": _number(),
    "FEATURES": _words("thinking", "caching"),
    "CONFIRM": _one_of(*CONFIRMS),
    "FROZEN": _yes_or_no,
    "LOCK": _text,
    "LOG": _text,
    "SHOW": _one_of("code", "line", "nothing"),
    "BUDGET_USD": _number(),
    "BUDGET_USD_PER_DAY": _number(),
    "MAX_STEPS": _whole(1),
    "MAX_ROWS": _whole(1),
}

SECTION_READERS: Mapping[str, Reader] = {
    "SHARE": _share,
    "CONFIRM": _one_of(*CONFIRMS),
    "READONLY": _yes_or_no,
    "PRODUCTION": _yes_or_no,
}
"""What the engine reads of the section of a service."""
STRICTEST: Mapping[str, Any] = {"SHARE": SHARES[0], "CONFIRM": CONFIRMS[0], "READONLY": True, "PRODUCTION": True}
"""What counts of these where nobody can tell what was meant."""
