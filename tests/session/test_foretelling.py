"""Lines foretold: what goes out together, what is held back, and what happens when the foretelling was wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aibasic_kernel.compiler.providers.provider import Job, ProviderThread
from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.session import Session
from aibasic_kernel.session.steps import Ask, Execute, Outcome
from tests.messages_server import MessagesServer, Received, Script
from tests.session.driver import run

SECONDS = 30
Opener = Callable[..., Session]


class GatedServer(MessagesServer):
    """Answers nothing before `gate` is open; counts the requests that it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.arrived = threading.Semaphore(0)
        self.ahead: dict[str, str] = {}
        """Words of an instruction -> what is answered where it is asked for ahead of its turn."""
        self.held = self.most_held = 0
        self._counting = threading.Lock()

    def script_for(self, received: Received) -> Script:
        script = super().script_for(received)
        for words, text in self.ahead.items():
            if words in received.instruction and "<ahead>" in received.user:
                script = Script(text)
        with self._counting:
            self.held += 1
            self.most_held = max(self.held, self.most_held)
        self.arrived.release()
        self.gate.wait(SECONDS)
        with self._counting:
            self.held -= 1
        return script

    def has_come(self, count: int) -> bool:
        """Wait until so many more requests have come."""
        return all(self.arrived.acquire(timeout=SECONDS) for _ in range(count))

    def asked(self) -> set[str]:
        """The instructions that were asked for, each with `ahead` where its turn had not come."""
        return {f"{request.instruction}{' ahead' if '<ahead>' in request.user else ''}" for request in self.requests}

    def user(self, asked: str) -> str:
        """What was sent for an instruction ahead of its turn."""
        return next(r.user for r in self.requests if r.instruction == asked and "<ahead>" in r.user)


@pytest.fixture
def server() -> Iterator[GatedServer]:
    """A server whose gate is open."""
    with GatedServer() as server:
        server.gate.set()
        yield server
        server.gate.set()


@pytest.fixture
def opened(server: GatedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """Opens sessions with that model, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    sessions: list[Session] = []

    def open_session(**environ: str) -> Session:
        sessions.append(Session({}, {"ANTHROPIC_BASE_URL": server.url, **environ}))
        return sessions[-1]

    yield open_session
    for session in sessions:
        session.close()


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Every job that is submitted from now on."""
    found: list[Job] = []
    submit = ProviderThread.submit

    def noting(*args: Any, **how: Any) -> Job:
        found.append(submit(*args, **how))
        return found[-1]

    monkeypatch.setattr(ProviderThread, "submit", noting)
    return found


def in_background(session: Session, text: str) -> Callable[[], list[Any]]:
    """Run a cell on a thread of its own; gives what waits for it."""
    shown: list[Any] = []
    thread = threading.Thread(target=run, args=(session, text, shown))
    thread.start()

    def wait() -> list[Any]:
        thread.join(SECONDS)
        assert not thread.is_alive()
        return shown

    return wait


def first_question(session: Session, text: str) -> tuple[Any, Ask]:
    """The steps of a cell, and the first of them that asks."""
    steps = session.run(text)
    step = next(steps)
    while not isinstance(step, Ask):
        step = steps.send(None)
    return steps, step


def wonders(server: GatedServer, count: int) -> str:
    """Sentences that a model compiles, each to a variable of its own."""
    for number in range(count):
        server.compile(f"wonder{number} = {number}", result=f"wonder{number}", when=f"marvel {number}")
    return "\n".join(f"let us see marvel {number}" for number in range(count))


def test_all_lines_of_a_cell_are_asked_for_before_the_first_reply(server: GatedServer, opened: Opener) -> None:
    session = opened()
    server.gate.clear()
    wait = in_background(session, wonders(server, 5))
    assert server.has_come(5)
    assert "wonder0" not in session.names
    server.gate.set()
    wait()
    assert [session.names[f"wonder{number}"] for number in range(5)] == [0, 1, 2, 3, 4]
    assert len(server.requests) == 5


def test_no_more_are_out_at_once_than_PARALLEL_says(server: GatedServer, opened: Opener) -> None:
    run(opened(AIBASIC_PARALLEL="2"), wonders(server, 6))
    assert server.most_held <= 2
    assert len(server.requests) == 6


def test_PARALLEL_1_goes_one_by_one_with_what_is_there_each_time(server: GatedServer, opened: Opener) -> None:
    run(opened(AIBASIC_PARALLEL="1"), wonders(server, 3))
    assert server.most_held == 1
    assert "wonder1: number" in server.requests[2].user and "<ahead>" not in server.requests[2].user


def test_what_is_stable_is_the_same_to_the_byte(server: GatedServer, opened: Opener) -> None:
    run(opened(), wonders(server, 3))
    assert len({request.system for request in server.requests}) == 1


def test_where_the_stable_part_is_not_cached_yet_one_request_goes_first(
    server: GatedServer, opened: Opener, jobs: list[Job]
) -> None:
    text, held = wonders(server, 3), threading.Event()
    server.say("#@ python result=first\nfirst = 1\n#@ end\n", when="first of all", hold=held)
    server.gate.clear()
    session = opened(AIBASIC_FEATURES="caching")
    wait = in_background(session, f"first of all\n{text}")
    assert server.has_come(1) and server.asked() == {"first of all"}
    server.gate.set()
    assert server.has_come(3)  # its first words are out, and it is not over
    assert not jobs[0].future.done()
    held.set()
    wait()
    server.gate.clear()
    wait = in_background(session, text.replace("let us", "I want to"))
    assert server.has_come(3)  # now it is cached: all at once
    server.gate.set()
    wait()


def test_effects_come_in_the_order_of_the_lines(server: GatedServer, opened: Opener) -> None:
    session = opened()
    session.names["done"] = []
    holds = [threading.Event() for _ in range(4)]
    for number, hold in enumerate(holds):
        server.say(f"#@ python\ndone.append({number})\n#@ end\n", when=f"note {number}", hold=hold)
    wait = in_background(session, "\n".join(f"take note {number} down" for number in range(4)))
    assert server.has_come(4)
    for hold in reversed(holds):
        hold.set()
    wait()
    assert session.names["done"] == [0, 1, 2, 3]


def test_only_the_line_whose_assumption_failed_is_asked_for_again(server: GatedServer, opened: Opener) -> None:
    server.compile("sign = 'x'", result="sign", when="a sign")
    server.ahead["double"] = "#@ assumes sign: number\n#@ python result=two\ntwo = sign * 2 + 1\n#@ end\n"
    server.compile("two = sign * 2", result="two", when="double")
    server.ahead["treble"] = "#@ assumes sign: text\n#@ python result=three\nthree = sign * 3\n#@ end\n"
    session = opened()
    shown = run(session, "make me a sign into sign\nnow double sign up\nnow treble sign up")
    assert (session.names["two"], session.names["three"]) == ("xx", "xxx")
    assert len(server.requests) == 4
    assert server.asked() == {
        "make me a sign into sign", "now double sign up ahead", "now treble sign up ahead", "now double sign up",
    }  # fmt: skip
    assert "sign: text" in server.requests[-1].user
    again = [thing for thing in shown if "2 requests" in getattr(thing, "passing", "")]
    assert [header.line.sentence for header in again] == ["now double sign up"]


@pytest.mark.parametrize(
    "reply",
    ["#@ wait\n", "#@ cannot There is no sign.\n", "#@ assumes sign: nonsense\n#@ python\n1\n#@ end\n", "Sure!"],
    ids=["wait", "cannot", "unreadable", "prose"],
)
def test_an_early_reply_without_code_is_asked_for_again(reply: str, server: GatedServer, opened: Opener) -> None:
    server.compile("sign = 'x'", result="sign", when="a sign")
    server.ahead["double"] = reply
    server.compile("two = sign * 2", result="two", when="double")
    session = opened()
    run(session, "make me a sign into sign\nnow double sign up")
    assert session.names["two"] == "xx"
    assert len(server.requests) == 3


def test_an_interrupt_stops_all_that_is_under_way(server: GatedServer, opened: Opener, jobs: list[Job]) -> None:
    server.gate.clear()
    steps, _ = first_question(opened(), wonders(server, 4))
    assert server.has_come(4)
    with pytest.raises(LineError):
        steps.send(Outcome(error=KeyboardInterrupt()))
    assert [job.future.cancelled() for job in jobs[1:]] == [True, True, True]


def test_a_cell_that_is_let_go_stops_what_is_under_way(server: GatedServer, opened: Opener, jobs: list[Job]) -> None:
    server.gate.clear()
    steps, _ = first_question(opened(), wonders(server, 3))
    steps.close()
    assert [job.future.cancelled() for job in jobs[1:]] == [True, True]


def test_after_an_error_the_later_lines_neither_run_nor_go_on(
    server: GatedServer, opened: Opener, jobs: list[Job]
) -> None:
    hold = threading.Event()
    server.compile("1 / 0", when="divide")
    server.say("#@ python\nnever = 1\n#@ end\n", when="never", hold=hold)
    session = opened()
    with pytest.raises(LineError) as failure:
        run(session, "divide by nothing, please\nand never do this")
    assert isinstance(failure.value.error, ZeroDivisionError)
    assert jobs[1].future.cancelled() and len(server.requests) in (1, 2)  # given up before it was sent, or behind that
    hold.set()
    assert "never" not in session.names


def test_what_was_charged_for_answers_that_were_given_up_is_counted(
    server: GatedServer, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, failing, hold = threading.Event(), threading.Event(), threading.Event()
    server.say("#@ python\n1 / 0\n#@ end\n", when="divide", hold=failing)
    server.say("#@ python\nnever = 1\n#@ end\n", when="never", hold=hold)
    submit = ProviderThread.submit

    def hearing(thread: ProviderThread, request: Any, on_text: Any, *others: Any, **how: Any) -> Job:
        def heard(text: str) -> None:
            on_text(text)
            if how["ahead"]:
                begun.set()

        return submit(thread, request, heard, *others, **how)

    monkeypatch.setattr(ProviderThread, "submit", hearing)
    session = opened(AIBASIC_REPAIR="0")
    steps, first = first_question(session, "divide by nothing, please\nand never do this")
    assert begun.wait(SECONDS)
    failing.set()
    execute = steps.send(Outcome(first.start().result(SECONDS)))
    while not isinstance(execute, Execute):
        execute = steps.send(None)
    with pytest.raises(LineError):
        steps.send(Outcome(error=ZeroDivisionError()))
        while True:
            steps.send(None)
    session.close()
    hold.set()
    total = session.compiler.spending.total
    assert (total.requests, total.failed) == (2, 1)


def test_a_line_that_a_phrase_will_serve_is_not_asked_for(server: GatedServer, opened: Opener) -> None:
    server.compile("answer = 42", result="answer", when="ultimate")
    server.compile("left = 1", result="left", when="leftover")
    session = opened()
    run(session, "work the ultimate riddle out into answer\nprint answer\nset y to answer + 1\nsee to the leftover")
    assert session.names["y"] == 43
    assert server.asked() == {"work the ultimate riddle out into answer", "see to the leftover ahead"}
    assert "set y to answer + 1  ->  y = answer + 1" in server.user("see to the leftover")


def test_a_line_that_the_lock_serves_is_not_asked_for(server: GatedServer, opened: Opener) -> None:
    text = wonders(server, 3)
    run(opened(), text.splitlines()[1])
    run(opened(), text)
    assert server.asked() == {"let us see marvel 1", "let us see marvel 0", "let us see marvel 2 ahead"}
    assert "let us see marvel 1  ->  wonder1 = 1" in server.user("let us see marvel 2")


def test_where_only_names_may_leave_no_code_of_other_lines_does(server: GatedServer, opened: Opener) -> None:
    server.compile("left = 1", result="left", when="leftover")
    server.compile("first = 1", result="first", when="beginning")
    run(opened(AIBASIC_SHARE="names"), "see to the beginning\nset y to 3 + 4\nsee to the leftover")
    assert "set y to 3 + 4\n</ahead>" in server.user("see to the leftover")


def test_the_lock_keeps_what_the_code_met_at_its_turn(server: GatedServer, opened: Opener) -> None:
    server.compile("sign = 'x'", result="sign", when="a sign")
    server.ahead["double"] = "#@ assumes sign: other\n#@ python result=two\ntwo = sign * 2\n#@ end\n"
    session = opened()
    run(session, "make me a sign into sign\nnow double sign up")
    (entry,) = session.compiler.lock.entries("now double sign up", "")
    assert str(entry.trace.names["sign"]) == "text"


def test_a_budget_that_allows_one_request_at_a_time_is_enough(server: GatedServer, opened: Opener) -> None:
    session = opened(AIBASIC_BUDGET_USD="0.004", AIBASIC_PRICE_IN="0.1", AIBASIC_PRICE_OUT="0.5")
    run(session, wonders(server, 3))
    assert session.names["wonder2"] == 2
    assert len(server.requests) == 3


def test_after_a_command_nothing_is_foretold(server: GatedServer, opened: Opener) -> None:
    first, second, third = wonders(server, 3).splitlines()
    run(opened(), f"{first}\n{second}\nCONTEXT\n{third}")
    assert server.asked() == {first, f"{second} ahead", third}


def test_a_plot_of_what_nobody_can_foretell_waits(server: GatedServer, opened: Opener) -> None:
    server.compile("results = [('a', 1)]", result="results", when="dwarfs")
    server.compile("drawn = list(results)", result="drawn", when="plot")
    run(opened(), "how many dwarfs are there by kind?\n(plot) plot it in dwarfish colours")
    assert server.asked() == {"how many dwarfs are there by kind?", "(plot) plot it in dwarfish colours"}
    assert "results: list of tuple" in server.requests[1].user
