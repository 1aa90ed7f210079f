"""Which of the values that there are comes nearest to one that is not: `CA` to `California`, `First Class` to `F`."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

MOST = 3
"""Values that are proposed at most."""
ALIKE, VERY_ALIKE = 0.6, 0.8
"""How much of two texts must agree for one to be the other misspelt."""
_MONTHS = {
    name.casefold(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
}


def nearest(wanted: str, values: Iterable[str]) -> list[str]:
    """The values that may be meant by `wanted`, best first: those that resemble it in the same way as the best does."""
    found = sorted(((_likeness(wanted, value), value) for value in values), key=lambda each: (-each[0], each[1]))
    return [value for likeness, value in found if likeness and int(likeness) == int(found[0][0])][:MOST]


def _likeness(wanted: str, value: str) -> float:
    """0 for no likeness. Whole numbers are the ways to be alike, fractions how much so."""
    one, other = _folded(wanted), _folded(value)
    if not one or not other:
        return 0
    short, long = sorted((one, other), key=len)
    if one.replace(" ", "") == other.replace(" ", ""):
        return 7
    if _month(one) is not None and _month(one) == _month(other):
        return 6
    ratio = SequenceMatcher(None, one, other).ratio()
    if ratio >= VERY_ALIKE:
        return 5 + (ratio - VERY_ALIKE)
    if short == _initials(long) and len(short) > 1:
        return 4
    share = len(short) / len(long)
    if long.startswith(short):
        return 3.5 + share / 3
    if _abbreviates(short, long):
        return 3.2 if short[-1] == long[-1] else 3.1
    if f" {short} " in f" {long} ":
        return 2 + share
    return 1 + (ratio - ALIKE) if ratio >= ALIKE else 0


def _folded(text: str) -> str:
    """In small letters without accents, words parted by single blanks."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", plain))


def _initials(text: str) -> str:
    return "".join(word[0] for word in text.split())


def _abbreviates(short: str, long: str) -> bool:
    """Whether a few letters are picked from a word in their order: `nv` from `nevada`."""
    if not 2 <= len(short) <= 4 or short[0] != long[0]:
        return False
    rest = iter(long)
    return all(letter in rest for letter in short)


def _month(text: str) -> int | None:
    if text.isdecimal():
        return int(text) if 1 <= int(text) <= 12 else None
    return _MONTHS.get(text)
