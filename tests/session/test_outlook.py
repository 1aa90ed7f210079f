"""Which lines of a cell are asked for ahead of their turn, and which leave open what those before them make."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from aibasic.modules.schema import Column, Table

from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.task_types import known_words
from aibasic_kernel.language import parse
from aibasic_kernel.language.instruction import Python, Sentence
from aibasic_kernel.session.outlook import Outlook
from tests.compiler.scopes import FakeService

CUSTOMERS = Table("customers", (Column("name", "text", "text"), Column("age", "integer", "number")))
SCOPE = Scope({"df": pd.DataFrame({"age": [1]})}, "df", {"postgres": FakeService(known={"customers": CUSTOMERS})})


def waits(*lines: str) -> bool:
    """Whether the last of some lines has to wait, where the ones before it are asked of a model."""
    outlook = Outlook(SCOPE)
    *before, last = (part for line in lines for part in parse(line, ("df",), tasks=known_words()))
    for part in before:
        if isinstance(part, Python):
            outlook.typed(part.code)
        else:
            assert isinstance(part, Sentence)
            outlook.asked(part, outlook.has_to_wait(part))
    assert isinstance(last, Sentence)
    return outlook.has_to_wait(last)


@pytest.mark.parametrize(
    "lines",
    [
        ("(postgres) customers and their ages", "(postgres) orders of may"),
        ("(postgres) name and age of the customers", "(df) turn them into a dataframe"),
        ("(postgres) name and age of the customers", "(df) turn them into a dataframe", "(df) keep those over 40"),
        ("(postgres) customers per country", "(df) make a dataframe of it"),
        ("(postgres) customers per country", "(csv) save it as countries.csv"),
        ("(postgres) customers per country, call it counted", "(postgres) the oldest customer, call it oldest"),
        ("count the customers into n", "print n twice"),
        ("(df) add a column with the share of each to df and call it shares", "(df) the mean age of df"),
        ("(csv) save df as there.csv", "(df) sort df by age"),
        ("(df) drop a column of df", "which customers are there?"),
    ],
)
def test_what_can_be_foretold(lines: tuple[str, ...]) -> None:
    assert not waits(*lines)


@pytest.mark.parametrize(
    "lines",
    [
        ("(postgres) customers per country", "(plot) plot it"),
        ("(postgres) customers per country", "(df) make a dataframe of it", "(df) sort it by the number"),
        ("(postgres) customers per country, call it counted", "(plot) a bar chart of counted"),
        ("(csv) load people.csv", "(plot) their ages"),
        ("(csv) save df as out.csv", "(csv) the mean of each column of out.csv"),
        ("(csv) fetch what nobody has yet to later.csv", "(csv) how many columns has later.csv?"),
        ("(postgres) create a table of old customers", "(postgres) how many are in it?"),
        ("(postgres) add a column to customers", "which customers are there?"),
        ("(postgres) delete the customers of 2019", "(postgres) undo that"),
        ("made = compute(df)", "(df) sort made by size"),
    ],
)
def test_what_leaves_open_what_will_be_there(
    lines: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert waits(*lines)
