"""Interrupts: the line is told, and CONT goes on as if nothing had been, unless something would happen twice."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

from tests.messages_server import MessagesServer
from tests.running.basic import Basic
from tests.running.conftest import Opener

COUNT = "10 n = 0\n20 n = n + 1\n30 if n < 60000 goto 20\n40 print n"


def interrupt_when(holds: Callable[[], bool]) -> threading.Thread:
    """Interrupt this process once something holds."""
    pause = threading.Event()

    def wait() -> None:
        while not holds():
            pause.wait(0.002)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread


def test_a_loop_stops_between_two_lines_and_cont_loses_no_round(basic: Basic) -> None:
    basic.run("n = 0\nrounds = 0")
    waiting = interrupt_when(lambda: basic.names["n"] > 1000)
    failure = basic.fail(COUNT.replace("20 n", "20 rounds = rounds + 1\n25 n"), "1")
    waiting.join()
    assert isinstance(failure.error, KeyboardInterrupt) and failure.line.place in ("line 20", "line 25", "line 30")
    assert basic.names["n"] < 60000
    assert basic.run("CONT") == ["60000"]
    assert basic.names["rounds"] == 60000


def test_no_handler_hears_of_it(basic: Basic) -> None:
    basic.run("n = 0")
    waiting = interrupt_when(lambda: basic.names["n"] > 1000)
    failure = basic.fail(f"5 on error goto 100\n{COUNT}\n50 end\n100 print 1", "1")
    waiting.join()
    assert isinstance(failure.error, KeyboardInterrupt) and "_last_error" not in basic.names


def test_python_that_was_under_way_is_not_begun_again_unasked(basic: Basic) -> None:
    basic.run("import threading\nready, never = threading.Event(), threading.Event()")
    waiting = interrupt_when(basic.names["ready"].is_set)
    failure = basic.fail('10 (ready.set(), never.wait(30))\n20 print "behind"', "1")
    waiting.join()
    assert isinstance(failure.error, KeyboardInterrupt)
    assert "line 10 stopped while it ran" in str(basic.fail("CONT"))
    assert basic.run("RUN 20") == ["behind"]


def test_a_sentence_that_changed_nothing_begins_again(basic: Basic) -> None:
    basic.run("started = 0")
    waiting = interrupt_when(lambda: basic.names["started"] == 1)
    failure = basic.fail('10 started = 1\n20 sleep 0.5 seconds\n30 print "behind"', "1")
    waiting.join()
    assert failure.line.place in ("line 10", "line 20")
    if failure.line.place == "line 20":
        assert basic.run("CONT") == ["behind"]


def test_nor_is_code_that_was_changing_an_object_of_the_users(opened: Opener) -> None:
    with MessagesServer() as server:
        server.compile("for n in (1, 2):\n    seen.append(n)\n    pause(n)", when="gnomes")
        basic = opened(server)
        basic.run("import threading\nseen, ready, never = [], threading.Event(), threading.Event()")
        basic.run("def pause(n):\n    ready.set()\n    never.wait(30)")
        waiting = interrupt_when(basic.names["ready"].is_set)
        basic.fail('10 let the gnomes work\n20 print "behind"', "1")
        waiting.join()
        assert "line 10 stopped while it ran" in str(basic.fail("CONT"))
        assert basic.names["seen"] == [1]


def test_interrupts_that_are_ignored_stay_so(basic: Basic) -> None:
    """As in a background job of a shell."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        basic.run("import signal\n10 for i = 1 to 5\n20 signal.raise_signal(signal.SIGINT)\n30 next")
        assert basic.names["i"] == 5 and signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
