"""The stop button, wherever the cell is."""

from __future__ import annotations

import os
import select
import signal
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from aibasic_kernel.faces.interrupts import Interrupts
from aibasic_kernel.testing import eventually
from tests.kernel.notebook import PATIENCE, Notebook

READY = "ready\n"


@pytest.mark.parametrize(
    "code",
    [
        f"print({READY!r}, end='', flush=True)\nwhile True: pass",
        f"print({READY!r}, end='', flush=True)\nimport time; time.sleep(600)",
        f"import asyncio\nprint({READY!r}, end='', flush=True)\nawait asyncio.sleep(600)",
        f"print({READY!r}, end='', flush=True)\nimport threading; threading.Event().wait()",
        f"%%capture --no-stdout\nprint({READY!r}, end='', flush=True)\nwhile True: pass",
    ],
    ids=["busy", "asleep", "awaiting", "waiting for a lock", "busy below a magic"],
)
def test_an_interrupt_stops_the_cell_and_the_session_goes_on(notebook: Notebook, code: str) -> None:
    notebook.run("survivor = 1")
    request = notebook.start(code)
    notebook.wait(request, until=lambda cell: READY in cell.stdout)
    notebook.manager.interrupt_kernel()
    cell = notebook.wait(request)
    assert cell.reply["ename"] == "KeyboardInterrupt"
    assert "aibasic_kernel" not in cell.error
    assert notebook.run("survivor").texts == ["1"]


def test_an_interrupt_that_another_thread_receives_stops_the_cell_too(notebook: Notebook) -> None:
    """As does one that comes just before a wait begins: the interpreter notes both, and neither ends the wait.

    It comes when the main thread sleeps within its wait; earlier it would stop the cell in any case, and show less.
    """
    cell = notebook.run("""
import signal, sys, threading
from pathlib import Path
main = threading.main_thread()
def waits():
    state = Path(f"/proc/self/task/{main.native_id}/stat").read_text().rpartition(")")[2].split()[0]
    return sys._current_frames()[main.ident].f_code is threading.Condition.wait.__code__ and state == "S"
def receive():
    while not waits(): pass
    signal.pthread_kill(threading.get_ident(), signal.SIGINT)
threading.Thread(target=receive).start()
threading.Event().wait()
""")
    assert cell.reply["ename"] == "KeyboardInterrupt"
    assert not cell.stderr


def test_what_is_typed_into_the_box_of_a_stopped_question_answers_no_other(notebook: Notebook) -> None:
    def reply(to: dict[str, Any], value: str) -> None:
        """As JupyterLab does, which names the question in the reply and leaves its box standing."""
        notebook.client.stdin_channel.send(
            notebook.client.session.msg("input_reply", {"value": value, "status": "ok"}, parent=to)
        )

    stopped = notebook.start("input('first? ')", allow_stdin=True)
    first = notebook.client.get_stdin_msg(timeout=PATIENCE)
    notebook.manager.interrupt_kernel()
    assert notebook.wait(stopped).reply["ename"] == "KeyboardInterrupt"
    request = notebook.start("input('second? ')", allow_stdin=True)
    second = notebook.client.get_stdin_msg(timeout=PATIENCE)
    reply(first, "yes")
    reply(second, "no")
    assert notebook.wait(request).texts == ["'no'"]


def test_c_code_that_cannot_be_stopped_is_named_while_it_works(notebook: Notebook, tmp_path: Path) -> None:
    """Waiting for a condition in C heeds no signal; here it begins before READY, and ends once the message was seen."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    request = notebook.start(f"""
import ctypes, threading
libc = ctypes.CDLL(None)
mutex, condition = ctypes.create_string_buffer(64), ctypes.create_string_buffer(64)
def let_go():
    libc.pthread_mutex_lock(mutex)
    print({READY!r}, end='', flush=True)
    open({str(gate)!r}).close()
    libc.pthread_cond_signal(condition)
    libc.pthread_mutex_unlock(mutex)
libc.pthread_mutex_lock(mutex)
threading.Thread(target=let_go).start()
libc.pthread_cond_wait(condition, mutex)
""")
    notebook.wait(request, until=lambda cell: READY in cell.stdout)
    notebook.manager.interrupt_kernel()
    notebook.wait(request, until=lambda cell: "stop was received" in cell.stderr)
    gate.write_text("")
    cell = notebook.wait(request)
    assert "stop was received" in cell.stderr
    assert cell.reply["ename"] == "KeyboardInterrupt"


def test_one_handler_is_enough_for_interrupts_that_came_together() -> None:
    said: SimpleQueue[str] = SimpleQueue()
    interrupts = Interrupts(said.put)

    with interrupts.watched():
        assert interrupts._pipe is not None
        for _ in range(2):
            interrupts.handled()
            os.write(interrupts._pipe[1], bytes([signal.SIGINT] * 3))
            assert eventually(lambda: not interrupts._handled.is_set())
            assert not select.select([interrupts._pipe[0]], [], [], 0)[0]
        assert said.empty()
        os.write(interrupts._pipe[1], bytes([signal.SIGINT]))
        assert "stop was received" in said.get(timeout=30)
        interrupts.handled()
        assert eventually(lambda: not interrupts._handled.is_set())


def test_cells_queued_behind_an_error_are_not_run(notebook: Notebook) -> None:
    first = notebook.start("1 / 0")
    second = notebook.start("after_the_error = 1")
    assert not notebook.wait(first).ok
    assert notebook.wait(second).reply["status"] == "aborted"
