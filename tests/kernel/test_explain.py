"""EXPLAIN in a notebook: after a failure of any kind, and asked of the model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernel.notebook import Notebook, open_notebook
from tests.messages_server import MessagesServer


@pytest.fixture(scope="module")
def server() -> Iterator[MessagesServer]:
    """A model."""
    with MessagesServer() as running:
        yield running


@pytest.fixture(scope="module")
def asking(server: MessagesServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    """A kernel that asks that model, shared by the tests."""
    folder: Path = tmp_path_factory.mktemp("explain")
    with open_notebook(folder, {"ANTHROPIC_BASE_URL": server.url}) as opened:
        yield opened


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("total = 1\nprint(totl)", "NameError: name 'totl' is not defined"),
        ("x = [1,\n10 print 5", "the bracket that opens here is never closed"),
        ("10 goto 77", "line 10 goes on at line 77, which is not there"),
        ("(csv) read nowhere.csv", "No such file or directory: 'nowhere.csv'"),
    ],
)
def test_the_failure_of_the_cell_above_is_explained(code: str, told: str, asking: Notebook) -> None:
    assert not asking.run(code).ok
    cell = asking.run("EXPLAIN")
    assert cell.ok and told in cell.text and "why " in cell.text, cell.text
    assert "<details open>" in cell.shown[-1]["text/html"]


def test_a_model_explains_and_what_it_says_is_all_that_stays(asking: Notebook, server: MessagesServer) -> None:
    server.compile("total = 6", result="total")
    assert asking.run("10 how much is that altogether").ok
    server.say("It puts 6 into total.")
    cell = asking.run("EXPLAIN 10 WITH MODEL")
    assert cell.ok, cell.text
    told = [text for text in cell.texts if text]
    assert len(told) == 1 and told[0].endswith("\n\nIt puts 6 into total.") and "explained by" in told[0]
    assert any("asking claude-haiku-5-5" in bundle["text/plain"] for bundle in cell.passing)
