"""How long a front end waits for Tab and Shift-Tab with 300 tables and 500 names, beside ipykernel's own Tab.

    python benchmarks/completion.py

Both kernels hold the same names; ours also knows 300 tables of 20 columns. Each figure is the median round trip of a
request, in milliseconds, and its ratio to ipykernel completing a name in the same run.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from benchmarks.report import report

SECONDS_TO_START = 60
ROUND_TRIPS = 15
LIMIT = 50
"""Milliseconds that a key press may take."""

NAMES = """
import pandas as pd
for _at in range(480):
    globals()[f"name_{_at}"] = _at
for _at in range(20):
    globals()[f"frame_{_at}"] = pd.DataFrame({f"column_{each}": [each] * 100 for each in range(20)})
"""
# A module after its tables were read: a key press asks no server, so none is needed.
TABLES = """
from aibasic.modules import PostgresModule
from aibasic.modules.schema import Column, Table

class Remembered(PostgresModule):
    def __init__(self, tables):
        self.section, self.closed = "postgres", True
        self._tables_before = {table.name: table for table in tables}

    def get_connection_info(self):
        return {}

def _columns(_table):
    return tuple(Column(f"column_{_table % 7}_{at}", "integer", "number") for at in range(20))

pg = Remembered([Table(f"table_{_table}", _columns(_table)) for _table in range(300)])
"""

COMPLETED = {
    "a table": "(postgres) query all table_29",
    "a table, with no task type": "query all table_29",
    "a column in a condition": "(postgres) query all table_29 where column_1_",
    "a line of a task type": "(postgres) ",
    "a sentence of no phrase": "please tell me of table_29",
    "a plain line begun": "sh",
    "a name in a sentence": "print name_4 and name_4",
    "a name in Python": "x = name_4",
    "an attribute in Python": "frame_4.he",
}
INSPECTED = {
    "a table": "(postgres) query all table_29",
    "a column": "(postgres) query all table_29 where column_1_5",
    "a sentence": "(postgres) query all table_29 wher",
    "a sentence of no phrase": "(postgres) query all table_999 wher",
    "a frame": "show frame_4",
    "a name in Python": "x = name_4",
}


@contextmanager
def kernel(name: str, folder: Path, code: str) -> Iterator[BlockingKernelClient]:
    """The client of a kernel in which `code` has run."""
    manager = KernelManager(kernel_name=name)
    manager.start_kernel(cwd=str(folder), stderr=subprocess.DEVNULL)
    client = manager.blocking_client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=SECONDS_TO_START)
        reply = client.execute_interactive(code, output_hook=lambda message: None, timeout=SECONDS_TO_START)
        if reply["content"]["status"] != "ok":
            raise RuntimeError(f"{name} failed: {reply['content']}")
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def milliseconds(ask: Callable[[], dict[str, Any]], is_answer: Callable[[dict[str, Any]], bool]) -> float:
    """The median round trip of a request. RuntimeError where its answer is empty: that would be quick for no reason."""
    taken = []
    for _ in range(ROUND_TRIPS + 1):
        begin = time.perf_counter()
        content = ask()["content"]
        taken.append((time.perf_counter() - begin) * 1000)
        if not is_answer(content):
            raise RuntimeError(f"nothing was found: {content}")
    return statistics.median(taken[1:])


def complete(client: BlockingKernelClient, text: str) -> float:
    """The median round trip of Tab at the end of a text."""
    return milliseconds(
        lambda: client.complete(text, reply=True, timeout=SECONDS_TO_START), lambda reply: bool(reply["matches"])
    )


def inspect(client: BlockingKernelClient, text: str) -> float:
    """The median round trip of Shift-Tab at the end of a text."""
    return milliseconds(
        lambda: client.inspect(text, reply=True, timeout=SECONDS_TO_START), lambda reply: bool(reply["found"])
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "aibasic.conf").write_text("[postgres]\nHOST = 127.0.0.1\n")
        with kernel("aibasic", folder, NAMES + TABLES) as ours, kernel("python3", folder, NAMES) as theirs:
            unit = complete(theirs, COMPLETED["a name in Python"])
            rows = [("Tab", what, complete(ours, text)) for what, text in COMPLETED.items()]
            rows += [("Shift-Tab", what, inspect(ours, text)) for what, text in INSPECTED.items()]
            attribute = complete(theirs, COMPLETED["an attribute in Python"])
            print(f"ipykernel completes a name in {unit:.1f} ms, an attribute in {attribute:.1f} ms")
            for key, what, took in rows:
                print(f"{key:9} {what:28} {took:6.1f} ms {took / unit:6.2f} x ipykernel")
            floor = f"ipykernel completes a name in {unit:.1f} ms"
            for key in ("Tab", "Shift-Tab"):
                took, what = max((took, what) for of, what, took in rows if of == key)
                name = f"{key} with 300 tables and 500 names, the slowest ({what})"
                report(name, f"{took:.1f} ms", f"at most {LIMIT} ms", floor)


if __name__ == "__main__":
    main()
