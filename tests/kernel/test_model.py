"""Cells whose lines a language model compiles: what is shown while it is asked, what is saved, and the stop key."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernel.notebook import Notebook, open_notebook
from tests.messages_server import MessagesServer


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    """A model."""
    with MessagesServer() as running:
        yield running


@pytest.fixture
def asking(server: MessagesServer, tmp_path: Path) -> Iterator[Notebook]:
    """A kernel that asks that model."""
    with open_notebook(tmp_path, {"ANTHROPIC_BASE_URL": server.url}) as opened:
        yield opened


def test_a_line_is_compiled_by_the_model_and_runs_at_once(asking: Notebook, server: MessagesServer) -> None:
    server.compile("total = sum(numbers)", result="total", when="altogether")
    cell = asking.run("numbers = [1, 2, 3]\nhow much is that altogether?\ntotal")
    assert cell.ok, cell.text
    assert cell.texts[-1] == "6"
    assert "list of number" in server.requests[0].user


def test_time_and_tokens_are_shown_in_passing_and_not_saved(asking: Notebook, server: MessagesServer) -> None:
    server.compile("answer = 42", result="answer", when="answer")
    first = asking.run("find me the answer")
    passing = " ".join(bundle["text/plain"] for bundle in first.passing)
    assert "asking claude-haiku-5-5" in passing
    assert "1025 tokens in (900 cached), 12 out, $0.000030" in passing
    assert "tokens" not in first.text and "by claude-haiku-5-5" in first.text
    second = asking.run("find me the answer")
    assert second.shown == first.shown
    assert len(server.requests) == 1


def test_the_python_is_seen_while_it_is_written(asking: Notebook, server: MessagesServer) -> None:
    go_on = threading.Event()
    server.compile("first = 1\nsecond = 2", result="second", when="two steps", piece=40, hold=go_on)
    request = asking.start("go in two steps")
    asking.wait(request, until=lambda cell: any("asking" in text and "│ first = 1" in text for text in cell.texts))
    go_on.set()
    cell = asking.wait(request)
    assert cell.ok and len(cell.display_ids) == 1
    assert "asking" not in cell.text and cell.text.count("first = 1") == 1


def test_of_lines_asked_for_together_only_the_one_whose_turn_it_is_is_seen(
    asking: Notebook, server: MessagesServer
) -> None:
    go_on = threading.Event()
    server.compile("later = 2", result="later", when="a number into later")
    server.compile("first = 1", result="first", when="a number into first", piece=32, hold=go_on)
    request = asking.start("invent a number into first\ninvent a number into later")
    cell = asking.wait(request, until=lambda cell: any("│ first" in text for text in cell.texts))
    assert "later = 2" not in " ".join([*cell.texts, *(each["text/plain"] for each in cell.passing)])
    go_on.set()
    assert asking.wait(request).ok


def test_without_the_model_the_lock_serves(asking: Notebook, server: MessagesServer, tmp_path: Path) -> None:
    server.compile("answer = 42", result="answer", when="answer")
    first = asking.run("find me the answer")
    with open_notebook(tmp_path) as later:
        assert later.run("find me the answer").shown == first.shown


def test_an_interrupt_while_the_model_writes_runs_nothing(asking: Notebook, server: MessagesServer) -> None:
    server.compile("ran = True", when="slow", until=5, then="stall", pings=True)
    request = asking.start("do the slow thing")
    asking.wait(request, until=lambda cell: cell.shown)
    while not server.requests:
        pass
    asking.manager.interrupt_kernel()
    cell = asking.wait(request)
    assert cell.reply["ename"] == "KeyboardInterrupt"
    assert asking.run("'ran' in globals()").texts == ["False"]


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "key"), (429, "too many"), (529, "overloaded")],
    ids=["wrong key", "too many", "overloaded"],
)
def test_a_failing_provider_is_two_lines_and_the_kernel_goes_on(
    asking: Notebook, server: MessagesServer, status: int, words: str
) -> None:
    server.say(when="anything", status=status)
    cell = asking.run("do anything")
    assert cell.reply["ename"] == "ProviderError"
    assert words in cell.error.lower()
    assert "Traceback" not in cell.error
    assert asking.run("1 + 1").texts == ["2"]


def test_what_is_saved_of_a_repaired_line_is_the_code_that_ran_and_edit_opens_it_in_the_next_cell(
    asking: Notebook, server: MessagesServer
) -> None:
    server.compile("print('half')\nx = missing", result="x")
    server.compile("x = 2", result="x")
    cell = asking.run("10 work out what is wanted")
    assert cell.ok, cell.text
    assert "missing" in " ".join(bundle["text/plain"] for bundle in cell.passing)
    assert "missing" not in cell.text and cell.stdout == "half\n"
    again = asking.run("10 work out what is wanted")
    assert [text for text in cell.texts if text] == again.texts
    (payload,) = asking.run("EDIT 10").reply["payload"]
    assert payload["source"] == "set_next_input" and payload["text"].endswith("\nx = 2")
    edited = asking.run(payload["text"].replace("x = 2", "x = 3"))
    assert edited.ok and edited.texts[-1] == "3" and "by you" in edited.texts[0]
    assert asking.run("10 work out what is wanted").texts == edited.texts


def test_lines_foretold_show_what_lines_in_turn_show(asking: Notebook, server: MessagesServer) -> None:
    server.compile("sign = 'x'", result="sign", when="a sign")
    server.compile("two = sign * 2", result="two", when="double")
    first = asking.run("make me a sign into sign\nnow double sign up")
    assert first.ok, first.text
    assert len(server.requests) == 3
    passing = " ".join(bundle["text/plain"] for bundle in first.passing)
    assert "now double sign up  ·  asking claude-haiku-5-5 again (sign was not foretold) ..." in passing
    assert "2 requests" in passing and "foretold" not in first.text
    again = asking.run("make me a sign into sign\nnow double sign up")
    assert again.shown == first.shown
