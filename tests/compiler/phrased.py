"""The Python that a phrase gives for a sentence, over a few names and tables."""

from __future__ import annotations

from decimal import Decimal

from aibasic_kernel.compiler.phrasing.match import match
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.task_types import task_types
from tests.compiler.scopes import CUSTOMERS, make_scope, table

NAMES = {
    "x": 7,
    "y": 2.5,
    "done": False,
    "names": ["Ann"],
    "title": "My cat",
    "nothing": None,
    "least": 18,
    "who": "100%",
    "counts": {"a": 1},
    "wage": Decimal("9.50"),
}


USERS = table("users", name="text", age="integer")


def python(sentence: str, section: str = "postgres", scope: Scope | None = None) -> str | None:
    found = match(sentence, section, scope or make_scope(NAMES, (CUSTOMERS, USERS)), task_types())
    return found.python if found is not None else None
