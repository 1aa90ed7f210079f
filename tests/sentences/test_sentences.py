"""Sentences over real schemas, answered once from nothing but their requests: the answers' outcome is checked here."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from aibasic_kernel.compiler.task_types import known_words
from aibasic_kernel.language import parse
from aibasic_kernel.language.instruction import Sentence
from tests.sentences.answerer import Answerer
from tests.sentences.cases import Case, all_cases, all_replies, replies_ahead
from tests.sentences.trial import Trial, tokens
from tests.servers.postgres import PostgresServer

CASES = {str(case): case for case in all_cases()}
REPLIES = all_replies()
REPLIES_AHEAD = replies_ahead()


@pytest.fixture(scope="module")
def model() -> Iterator[Answerer]:
    """The model of all cases."""
    with Answerer() as server:
        yield server


@pytest.fixture(scope="module")
def trial(
    model: Answerer, postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Trial]:
    """The databases and sessions of all cases."""
    trial = Trial(postgres_server, tmp_path_factory.mktemp("trial"), model.url)
    yield trial
    trial.close()


@pytest.fixture(autouse=True)
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are drawn, and shown to nobody."""
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.delenv("DISPLAY", raising=False)


def answered(trial: Trial, model: Answerer, case: Case) -> list[str]:
    """The lines of the case's check that do not hold once its sentences were answered."""
    model.replies = list(REPLIES[str(case)])
    return trial.failed_checks(case)


@pytest.mark.parametrize("case", CASES.values(), ids=str)
def test_the_sentence_has_its_outcome(case: Case, trial: Trial, model: Answerer) -> None:
    assert answered(trial, model, case) == []
    assert model.replies == []


@pytest.mark.parametrize("name", REPLIES_AHEAD)
def test_lines_foretold_have_the_outcome_of_one_by_one(name: str, trial: Trial, model: Answerer) -> None:
    case, ahead = CASES[name], REPLIES_AHEAD[name]
    said = [line for cell in case.cells for line in parse(cell, (), tasks=known_words()) if isinstance(line, Sentence)]
    in_turn = zip(said, REPLIES[name], strict=True)
    model.replies = [
        reply for line, reply in in_turn if f"({line.section}) {line.text}".removeprefix("() ") not in ahead
    ]
    model.ahead = dict(ahead)
    assert trial.failed_checks(case, parallel=8) == []
    assert (model.ahead, model.replies) == ({}, [])  # each line was asked for once


def test_every_kind_of_sentence_is_tried() -> None:
    assert CASES.keys() == REPLIES.keys()
    assert len(CASES) >= 60
    kinds = {case.kind for case in CASES.values()}
    assert kinds >= {"postgres", "df", "csv", "excel", "json", "text", "date", "math", "plot", "fs", "mixed"}


def test_the_stable_part_is_the_same_to_the_byte_through_a_session(trial: Trial, model: Answerer) -> None:
    asked = len(model.requests)
    for name in ("transaction-and-back", "insert-values-that-look-like-sql", "variable-in-query", "file-into-table"):
        case = next(case for case in CASES.values() if case.name == name)
        assert answered(trial, model, case) == []
    requests = model.requests[asked:]
    assert len(requests) == 9 and len({request.user for request in requests}) == 9
    assert any("transaction open" in request.user for request in requests)
    assert len({json.dumps(request.body["system"]) for request in requests}) == 1


def test_of_three_hundred_tables_those_of_the_sentence_are_told(trial: Trial, model: Answerer) -> None:
    asked = len(model.requests)
    assert answered(trial, model, CASES["postgres/days-of-vacation"]) == []
    (request,) = model.requests[asked:]
    assert "table hr_absence -- Days on which somebody does not work" in request.user
    assert request.user.count("\ntable ") <= 15
    assert tokens(request.user) < 3000


def test_the_stable_part_is_no_longer_than_it_need_be(trial: Trial, model: Answerer) -> None:
    assert answered(trial, model, CASES["postgres/quoted-name"]) == []
    assert len(model.requests[-1].system) < 11_500
