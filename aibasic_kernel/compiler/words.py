"""Words of sentences and of names, so that the two can be compared."""

from __future__ import annotations

import re

WORD = re.compile(r"[^\W\d_]+|\d+")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def words(text: str) -> frozenset[str]:
    """The words of a text or a name, small and singular: `custOrders`, `cust_orders` and `Cust orders` are alike."""
    return frozenset(_singular(word.casefold()) for word in WORD.findall(CAMEL.sub(" ", text)))


def _singular(word: str) -> str:
    """English, roughly: both sides of a comparison go through it, so it need not be a word that exists."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word
