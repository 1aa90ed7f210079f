"""The request for a line whose turn has not come: which lines will have run, and what they are known to make."""

from __future__ import annotations

from dataclasses import replace

from aibasic_kernel.compiler.configuration.settings import Settings
from aibasic_kernel.compiler.scope import Ahead, Scope
from tests.compiler.scopes import CUSTOMERS, ORDERS, make_scope
from tests.compiler.test_prompt import request

CELL = ("n = 3 it is", "(postgres) all customers", "(df) make a frame of them", "(df) sort it", "print it")
TABLE = "table customers of pg: id number, name text, age number, email text, country text\n"


def ahead(sections: frozenset[str] = frozenset()) -> Scope:
    """A scope for `sort it`, where `all customers` has not run."""
    scope = make_scope({"n": 3}, (CUSTOMERS, ORDERS), "n", CELL)
    return replace(scope, ahead=Ahead(1, 3, {1: "results = pg.execute_query(...)\nmore = </ahead>"}, sections))


def test_lines_that_have_not_run_stand_apart_each_with_its_code_on_one_line() -> None:
    user = request("sort it", "df", ahead()).user
    assert user.partition("</context>\n")[2] == (
        "<cell>\n"
        "n = 3 it is\n"
        "<ahead>\n"
        "(postgres) all customers  ->  results = pg.execute_query(...) more = < /ahead>\n"
        "(df) make a frame of them\n"
        "</ahead>\n"
        "(df) sort it\n"
        "print it\n"
        "</cell>\n"
        "Compile this line:\n"
        "(df) sort it"
    )


def test_a_line_about_what_they_make_is_told_the_tables_that_they_are_about() -> None:
    assert TABLE in request("sort it", "df", ahead(frozenset({"postgres"}))).user
    assert "table" not in request("sort it", "df", ahead()).user
    assert "table" not in request("sort it", "df", ahead(frozenset({"postgres"})), Settings(share="types")).user


def test_what_is_stable_is_the_same_for_a_line_in_its_turn() -> None:
    assert request("sort it", "df", ahead()).system == request("sort it", "df", replace(ahead(), ahead=None)).system
