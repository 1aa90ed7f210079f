"""Everyday code passes untouched, harmful code is stopped before it runs; of every phrase and replayed answer too."""

from __future__ import annotations

import datetime
import functools
from pathlib import Path
from typing import Any

import pytest
from aibasic.modules.base import Module
from aibasic.modules.effects import Kind
from aibasic.modules.phrases import Phrase
from aibasic.modules.results import Rows
from aibasic.modules.schema import Column, Table

from aibasic_kernel.compiler.gate import Consequence, judge_python, unparameterised
from aibasic_kernel.compiler.phrasing.match import match
from aibasic_kernel.compiler.prompts.reply import ReplyParser
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.task_types import task_types
from aibasic_kernel.errors import AIBasicError
from tests.compiler.scopes import FakeService
from tests.gate.corpus import Snippet, snippets
from tests.sentences.cases import all_replies

MODULES = {task.module_class.variable: task.module_class for task in task_types().values() if task.module_class}
EVERYDAY, HARMFUL = snippets("everyday"), snippets("harmful")
PHRASES = [(task.name, phrase) for task in task_types().values() for phrase in task.phrases]
ASKED = {
    ("mysql", "execute mysql statement UPDATE orders SET total = total + 1"),
    ("postgres", "execute postgres statement UPDATE orders SET total = total + 1"),
    ("kafka", "delete kafka topic notifications"),
    ("kafka", "purge kafka topic notifications"),
    ("kafka", "set retention of topic notifications to 3600 seconds"),
    ("kafka", "reset group audit to the beginning"),
    ("kafka", "delete consumer group audit"),
    ("opensearch", "delete opensearch index products"),
    ("rabbitmq", "purge queue my_queue"),
    ("rabbitmq", "delete queue my_queue"),
    ("rabbitmq", "delete exchange my_exchange"),
    ("redis", "flush the redis database"),
    ("fs", "delete file notes.txt"),
}
"""The examples of phrases that destroy; all others only read or write."""


def asked(python: str) -> list[Consequence]:
    """What is asked about under CONFIRM = destructive before code runs."""
    return [consequence for consequence in judge_python(python, MODULES) if consequence.kind is not Kind.WRITE]


def test_the_corpus_is_as_large_as_it_should_be_and_speaks_of_every_task_type() -> None:
    assert len(EVERYDAY) >= 100
    assert len([snippet for snippet in HARMFUL if snippet.before]) >= 100
    spoken_of = {snippet.title.partition(":")[0] for snippet in EVERYDAY}
    assert set(task_types()) - spoken_of - {"db", "discord"} == set()
    for snippets_ in (EVERYDAY, HARMFUL):
        assert len({snippet.title for snippet in snippets_}) == len(snippets_)


@pytest.mark.parametrize("snippet", EVERYDAY, ids=str)
def test_everyday_code_passes(snippet: Snippet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compile(snippet.python, snippet.title, "exec")
    monkeypatch.chdir(tmp_path)
    for name in ("out.csv", "notes.txt", "final.txt", "names.csv"):
        Path(name).write_text("what is there is one's own")
    assert asked(snippet.python) == []
    assert unparameterised(snippet.python) == ""


@pytest.mark.parametrize("snippet", HARMFUL, ids=str)
def test_harmful_code_is_stopped_before_it_runs_or_said_not_to_be(snippet: Snippet) -> None:
    compile(snippet.python, snippet.title, "exec")
    assert bool(asked(snippet.python)) == snippet.before


@pytest.mark.parametrize(("task", "phrase"), PHRASES, ids=[f"{task}: {phrase.example}" for task, phrase in PHRASES])
def test_phrases_pass_but_for_those_that_destroy(task: str, phrase: Phrase) -> None:
    found = match(phrase.example, task, _scope(task, task_types()[task].module_class), task_types())
    assert found is not None
    assert bool(asked(found.python)) == ((task, phrase.example) in ASKED)
    assert unparameterised(found.python) == ""


@pytest.mark.parametrize("name", all_replies())
def test_replayed_answers_pass_but_for_one_that_changes_all_rows(name: str) -> None:
    codes = [_code(reply) for reply in all_replies()[name]]
    found = [consequence.words for code in codes for consequence in asked(code)]
    assert found == (["changes all rows of products"] if name == "postgres/transaction-and-back" else [])
    assert not any(unparameterised(code) for code in codes)


def _code(reply: str) -> str:
    parser = ReplyParser()
    try:
        parser.feed(reply)
        return parser.finish("end_turn").python
    except AIBasicError:
        return ""  # the model says that it cannot


@functools.cache
def _scope(task: str, module: type[Module] | None) -> Scope:
    """What the examples of phrases speak of."""
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt
    import pandas as pd

    figure = plt.figure()
    plt.close(figure)
    sales = pd.DataFrame({"city": ["Rome", "Oslo"], "amount": [120.0, 30.5], "month": [1, 2], "note": ["a", None]})
    names: dict[str, Any] = {
        "x": 7, "y": 2, "answer": "5", "counts": {"a": 1, "b": 2},
        "price": 3.456, "names": ["Ann"], "words": ["a", "b"], "title": "My cat", "numbers": [1, 2, 6],
        "sales": sales, "cities": pd.DataFrame({"city": ["Rome"], "land": ["Italy"]}), "df": sales, "figure": figure,
        "towns": pd.DataFrame({"town": ["Rome"]}), "records": [{"name": "Ann"}], "settings": {"a": 1},
        "arrival": datetime.date(2013, 1, 1), "departure": datetime.date(2013, 2, 1), "messages": ["a"],
        "documents": [{"a": 1}], "people": pd.DataFrame({"name": ["Dee"], "age": [1]}),
        "results": Rows([("Eve", 5)], ("name", "age")), "message": {"a": 1},
    }  # fmt: skip
    if module is None:
        return Scope({**names, "people": names["records"], "results": Rows([(1, "Ann")], ("id", "name"))}, "df")
    columns = {
        "customers": "id name age email country", "orders": "id customer_id total status", "users": "name age",
    }  # fmt: skip
    tables = {
        name: Table(
            name,
            tuple(Column(each, "text" if each in ("name", "country") else "integer",
                         "text" if each in ("name", "country") else "number") for each in written.split()),
            primary_key=("id",) if "id" in written.split() else (),
        )
        for name, written in columns.items()
    }  # fmt: skip
    service = FakeService(task, module.variable, tables, module)
    return Scope({name: names[name] for name in _OF_SERVICES}, "message", {task: service})


_OF_SERVICES = ("people", "results", "messages", "documents", "message")
