"""Phrases over numbers and lists of numbers."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

_INTO = "[(into|as|called) {new:newname}]"
_NEW = "{new|result}"
_VERB = "[(calculate|compute|find|get|show)] [the]"


def _of_list(words: str, function: str, example: str, does: str) -> Phrase:
    form = f"{_VERB} {words} of [the] {{items:name values}} {_INTO}"
    return Phrase(form, f"{_NEW} = {function}", example, does, _NEW)


PHRASES = (
    Phrase(
        f"(calculate|compute|evaluate) [the] [value] [of] {{value:value}} {_INTO}",
        f"{_NEW} = {{value}}",
        "calculate price * 1.2",
        "works out an arithmetic expression",
        _NEW,
    ),
    Phrase(
        f"round {{value:number}} [to {{n:number}} (decimals|digits|places|decimal places)] {_INTO}",
        f"{_NEW} = round({{value}}<?, {{n}}?>)",
        "round price to 2 decimals",
        "rounds a number",
        _NEW,
    ),
    Phrase(
        f"{_VERB} square root of {{value:number}} {_INTO}",
        f"import math\n\n{_NEW} = math.sqrt({{value}})",
        "square root of 16",
        "the square root of a number",
        _NEW,
    ),
    _of_list("(sum|total)", "sum({items})", "sum of numbers", "adds up a list"),
    _of_list("(average|mean)", "sum({items}) / len({items})", "average of numbers", "the average of a list"),
    _of_list("(minimum|smallest|lowest)", "min({items})", "minimum of numbers", "the smallest of a list"),
    _of_list("(maximum|largest|highest)", "max({items})", "maximum of numbers", "the largest of a list"),
    Phrase(
        "(randomize|seed [the] random [(numbers|generator)] with) {n:number}",
        "import random\n\nrandom.seed({n})",
        "randomize 42",
        "makes chance repeatable",
    ),
    Phrase(
        f"{_VERB} median of [the] {{items:name values}} {_INTO}",
        f"import statistics\n\n{_NEW} = statistics.median({{items}})",
        "median of numbers",
        "the middle of a list",
        _NEW,
    ),
)
