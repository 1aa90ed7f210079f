"""The stop button, wherever the cell is."""

from __future__ import annotations

import pytest

from tests.kernel.notebook import Notebook

READY = "ready\n"


@pytest.mark.parametrize(
    "code",
    [
        f"print({READY!r}, end='', flush=True)\nwhile True: pass",
        f"print({READY!r}, end='', flush=True)\nimport time; time.sleep(600)",
        f"import asyncio\nprint({READY!r}, end='', flush=True)\nawait asyncio.sleep(600)",
        f"print({READY!r}, end='', flush=True)\nimport threading; threading.Event().wait()",
    ],
    ids=["busy", "asleep", "awaiting", "waiting for a lock"],
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


def test_c_code_that_cannot_be_stopped_is_named_while_it_works(notebook: Notebook) -> None:
    """zlib lets go of the interpreter's lock, checks no signals, and works here until the message has been seen."""
    notebook.run("import zlib, os\nblock = os.urandom(1 << 26)")
    request = notebook.start(
        f"print({READY!r}, end='', flush=True)\nfor _ in range(50): zlib.compress(block, 9)"
    )
    notebook.wait(request, until=lambda cell: READY in cell.stdout)
    notebook.manager.interrupt_kernel()
    cell = notebook.wait(request)
    assert "stop was received" in cell.stderr
    assert cell.reply["ename"] == "KeyboardInterrupt"


def test_cells_queued_behind_an_error_are_not_run(notebook: Notebook) -> None:
    first = notebook.start("1 / 0")
    second = notebook.start("after_the_error = 1")
    assert not notebook.wait(first).ok
    assert notebook.wait(second).reply["status"] == "aborted"
