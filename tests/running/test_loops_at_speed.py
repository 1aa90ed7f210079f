"""A loop compiles each line once, and runs again what has not changed without looking around."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from tests.messages_server import MessagesServer
from tests.running.basic import Basic
from tests.running.conftest import Opener


def logged() -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path("runs.log").read_text().splitlines()]


def runs(sentence: str) -> list[tuple[str, int]]:
    """How the runs of a sentence ended, and how many each line of the log stands for."""
    return [
        (line["outcome"], line.get("times", 1))
        for line in logged()
        if line["event"] == "run" and line["sentence"] == sentence
    ]


# Compiled once -------------------------------------------------------------------------------------------------------


def test_a_model_is_asked_once_for_a_line_of_a_loop(opened: Opener) -> None:
    with MessagesServer() as server:
        server.compile("treated = thing * 2", result="treated", when="gnomes")
        basic = opened(server)
        basic.run("thing = 21\n10 for i = 1 to 50\n20 let the gnomes treat thing\n30 next")
        assert basic.names["treated"] == 42 and len(server.requests) == 1


def test_and_once_for_each_shape_of_what_it_reads(opened: Opener) -> None:
    with MessagesServer() as server:
        server.compile("treated = thing * 2", result="treated", when="gnomes")
        basic = opened(server)
        basic.run("things = [1, 'a', 2, 'b', 3]\nseen = []")
        basic.run("10 for each thing in things\n20 let the gnomes treat thing\n30 seen.append(treated)\n40 next")
        assert basic.names["seen"] == [2, "aa", 4, "bb", 6] and len(server.requests) == 2


def test_a_phrase_follows_the_shape_too(basic: Basic) -> None:
    basic.run('things = [[1, 2], "abc", {"a": 1}, [3]]')
    program = "10 for each thing in things\n20 set n to the length of thing\n30 print n\n40 next"
    assert basic.run(program) == ["2", "3", "1", "1"]


def test_a_word_that_became_a_name_is_python_from_then_on(basic: Basic) -> None:
    program = "10 for i = 1 to 3\n20 set total to i\n30 print total\n40 next"
    assert basic.run(program) == ["1", "2", "3"]


def test_code_that_was_edited_counts_in_the_next_round(opened: Opener) -> None:
    with MessagesServer() as server:
        server.compile("answer = thing", result="answer", when="gnomes")
        basic = opened(server)
        basic.run("STOP AT 30\nthing = 1")
        basic.run("10 for i = 1 to 4\n20 let the gnomes answer\n30 print(answer)\n40 next", "1")
        assert basic.run("CONT") == ["1"]
        basic.run("EDIT 20")
        (ticket,) = (thing.text for thing in basic.shown if hasattr(thing, "text"))
        basic.run(ticket.replace("answer = thing", "answer = thing + 1"))
        assert [basic.run("CONT"), basic.run("CONT")] == [["2"], ["2"]]


def test_a_line_that_was_forgotten_is_compiled_anew_in_the_next_round(opened: Opener) -> None:
    with MessagesServer() as server:
        server.compile("answer = 1", result="answer")
        server.compile("answer = 2", result="answer")
        basic = opened(server)
        basic.run("STOP AT 30")
        basic.run("10 for i = 1 to 4\n20 let the gnomes answer\n30 print(answer)\n40 next", "1")
        assert basic.run("CONT") == ["1"]
        basic.run("FORGET 20")
        assert [basic.run("CONT"), basic.run("CONT")] == [["1"], ["2"]]


def test_so_is_a_condition(opened: Opener) -> None:
    with MessagesServer() as server:
        server.compile("n < 3", when="small")
        basic = opened(server)
        basic.run("n = 0\n10 n = n + 1\n20 if it is small enough goto 10\n30 print n", "1")
        basic.run("FORGET 20")
        basic.run("RUN")
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("line", "first", "second"),
    [
        ("let the gnomes treat i and seen", "print(names.index(i))", "print(i in names)"),
        ("if i pleases the gnomes goto 40", "names.index(i) > 7", "i > 7"),
    ],
    ids=["a sentence", "a condition"],
)
def test_what_fails_in_a_later_round_is_mended(opened: Opener, line: str, first: str, second: str) -> None:
    with MessagesServer() as server:
        server.compile(first)
        server.compile(second)
        basic = opened(server)
        basic.run("names, seen = [1, 2, 3, 5], [0]")
        basic.run(f"10 for i = 1 to 5\n20 {line}\n30 seen.append(i)\n40 next", "1")
        assert basic.names["seen"] == [0, 1, 2, 3, 4, 5] and len(server.requests) == 2


def test_but_not_where_it_would_do_something_twice(opened: Opener) -> None:
    with MessagesServer() as server:
        server.compile("seen.append(i)\nprint(names.index(i))")
        basic = opened(server)
        basic.run("names, seen = [1, 2, 3, 5], [0]")
        failure = basic.fail("10 for i = 1 to 5\n20 let the gnomes treat i and seen\n30 next", "1")
        assert isinstance(failure.error, ValueError) and failure.line.place == "line 20"
        assert basic.names["seen"] == [0, 1, 2, 3, 4] and len(server.requests) == 1


def test_again_within_a_loop_counts_from_then_on(opened: Opener) -> None:
    with MessagesServer() as server:
        server.compile("answer = 1", result="answer")
        server.compile("answer = 2", result="answer")
        basic = opened(server)
        basic.run("STOP AT 30")
        basic.run("10 for i = 1 to 4\n20 let the gnomes answer\n30 print(answer)\n40 next", "1")
        assert basic.run("CONT") == ["1"]
        basic.run('AGAIN 20 "they say two"')
        assert [basic.run("CONT"), basic.run("CONT")] == [["2"], ["2"]]
        assert len(server.requests) == 2


# What it leaves ------------------------------------------------------------------------------------------------------


def test_the_memory_of_many_rounds_is_flat(basic: Basic) -> None:
    program = "10 set n to 0\n20 set n to n + 1\n30 if n < {rounds} goto 20"
    basic.run(program.format(rounds=500), "1")
    tracemalloc.start()
    try:
        basic.run(program.format(rounds=500), "1")
        before = tracemalloc.get_traced_memory()[0]
        basic.run(program.format(rounds=5000), "1")
        assert tracemalloc.get_traced_memory()[0] - before < 50_000
    finally:
        tracemalloc.stop()


def test_lines_that_are_looked_at_in_each_round_leave_nothing_behind_either(basic: Basic) -> None:
    """A line that shows a table is one: of what it was compiled to one form is kept."""
    basic.run('import pandas as pd\nfruit = pd.DataFrame({"price": [1, 2, 3]})')
    basic.run("10 for i = 1 to 30\n20 sort fruit by price\n30 next", "1")
    (line,) = (line for line in basic.session.program.lines() if line.number == 20)
    assert len(basic.shown) == 30
    assert line.compiled is not None and len(line.compiled[0].forms) == 1


# The log -------------------------------------------------------------------------------------------------------------


def test_the_log_has_one_line_for_the_rounds_of_a_line(opened: Opener) -> None:
    basic = opened(AIBASIC_LOG="runs.log")
    basic.run("10 set n to 0\n20 set n to n + 1\n30 if n is less than 1000 goto 20")
    assert sum(times for _, times in runs("set n to n + 1")) == 1000
    assert sum(times for _, times in runs("whether n is less than 1000")) == 1000
    assert len(logged()) < 12


def test_and_one_for_the_round_that_failed(opened: Opener) -> None:
    basic = opened(AIBASIC_LOG="runs.log")
    failure = basic.fail("10 for n = -5 to 5\n20 set share to 10 / n\n30 next")
    assert isinstance(failure.error, ZeroDivisionError) and failure.line.place == "line 20"
    ended = runs("set share to 10 / n")
    assert ended[-1] == ("ZeroDivisionError", 1) and sum(times for outcome, times in ended if outcome == "ok") == 5


def test_what_asks_in_each_round_has_a_line_for_each_round(opened: Opener) -> None:
    basic = opened(ask=lambda question: "yes", AIBASIC_LOG="runs.log")
    basic.run("from pathlib import Path")
    basic.run('10 for i = 1 to 3\n20 Path("old.txt").touch()\n30 delete the file old.txt\n40 next')
    assert runs("delete the file old.txt") == [("ok", 1)] * 3
