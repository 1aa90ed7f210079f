"""Phrases as data: sentence forms with the Python that they stand for. The engine matches them; modules declare theirs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """A sentence form of a task type.

    `form`: words (any case); `[...]` optional; `(a|b)` alternatives; `{slot:kind}` a typed slot.
    `python`: the code, with `{slot}` filled in as Python; a part between `<<` and `>>` is SQL: it becomes a Python string
    literal, followed by its parameters where variables are used. `[...]` inside SQL is dropped where a slot in it is empty.
    `{module}` is the variable of the service's module. `result` names the variable that holds the result, "" for none.
    `example` is a sentence that fits, `does` says in one line what it does.
    """

    form: str
    python: str
    example: str
    does: str
    result: str = ""
