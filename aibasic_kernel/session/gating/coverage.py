"""Whether what a line does as it runs is what its user has already been told of, in words that knew less."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from aibasic_kernel.compiler.gate import Consequence

_UNKNOWN = re.compile(r"\\\{\w*\\\}|…")
"""What stands, in words made into a pattern, for a name that only running tells."""
_UNNAMED = {"removes a file": "removes the file", "removes a folder": "removes the folder",
            "runs another program": "runs the program"}  # fmt: skip
_ARTICLES = frozenset({"a", "an", "the"})


def is_covered(consequence: Consequence, told: Iterable[Consequence]) -> bool:
    """Whether one of those that were told says the same, or the same of a name that was not known then."""
    return any(
        each.kind is consequence.kind
        and (not each.section or not consequence.section or each.section == consequence.section)
        and says(each.words, consequence.words)
        for each in told
    )


@lru_cache(maxsize=1024)
def says(general: str, words: str) -> bool:
    """Whether words fit others as far as both go: `drops the table orders` those of `drops the table {name}`."""
    told, new = _tokens(_UNNAMED.get(general, general)), _tokens(words)
    return all(_pattern(part).fullmatch(said) for part, said in zip(told, new, strict=False))


def _tokens(words: str) -> list[str]:
    return [word.removesuffix(",") for word in words.split() if word not in _ARTICLES]


@lru_cache(maxsize=1024)
def _pattern(part: str) -> re.Pattern[str]:
    # A judge that has seen one of them says `topic`, one that has not `topics`.
    return re.compile(_UNKNOWN.sub(".*", re.escape(part)).removesuffix("s") + "s?")
