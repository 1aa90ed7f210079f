"""The Python of what is derived from values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """`python` has `{0.whole}` where an operand may be any expression, `{0.sum}` where it stands in a sum, `{0.term}`
    where it must bind tightly.

    `is_atom` says whether it may stand anywhere without brackets, `is_number` whether it is surely a number. `imports`
    are the statements that it needs.
    """

    python: str
    is_atom: bool = True
    is_number: bool = False
    imports: str = ""


FORMS = {name: Form(f"{name}({{arguments}})") for name in ("max", "min", "sorted", "str")} | {
    **{name: Form(f"{name}({{arguments}})", is_number=True) for name in ("float", "int", "sum")},
    "length": Form("len({0.whole})", is_number=True),
    "words": Form("{0.term}.split()"),
    "strip": Form("{0.term}.strip()"),
    "lines": Form("{0.term}.splitlines()"),
    "characters": Form("list({0.whole})"),
    "keys": Form("list({0.whole})"),
    "values": Form("list({0.term}.values())"),
    "pairs": Form("list({0.term}.items())"),
    "records": Form('{0.term}.to_dict("records")'),
    "listed": Form("[{arguments}]"),
    "range to": Form("range({0.whole}, {1.sum} + 1)"),
    "head": Form("{0.term}[:{1.whole}]"),
    "tail": Form("{0.term}[-{1.term}:]"),
    "end": Form("{0.term}[len({0.whole}) - {1.term}:]"),
    "slice": Form("{0.term}[{1.whole}:{2.whole}]"),
    "reverse": Form("{0.term}[::-1]"),
    "find": Form("{0.term}.find({1.whole}) + 1", is_atom=False, is_number=True),
    "index": Form("{0.term}.index({1.whole}) + 1", is_atom=False, is_number=True),
    "average": Form("sum({0.whole}) / len({0.whole})", is_atom=False, is_number=True),
    "square root": Form("{0.term} ** 0.5", is_atom=False, is_number=True),
    "is digits": Form("{0.term}.isdigit()"),
    "random": Form("random.randint({arguments})", is_number=True, imports="import random"),
}
"""By what is derived. `{arguments}` are all operands with commas between them."""
