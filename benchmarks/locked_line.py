"""A round trip of a line that the lock serves, and of `1+1`, against ipykernel's round trip of the same Python.

Both kernels run side by side and take turns, cell by cell. Some pairs of kernels one after the other, since where a
process happens to lie in memory makes a difference of a few percent.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from benchmarks.report import in_turn, milliseconds, ratios, report, spread

PAIRS = 5
ROUNDS = 100
SECONDS_TO_START = 60
LINES = {
    "a locked line": ("10 set x to 5", "x = 5"),
    "a locked line that shows its value": ("20 count the items in numbers", "len(numbers)"),
    "`1+1`": ("1+1", "1+1"),
}
"""What is run in ours, and in ipykernel."""
SETUP = "numbers = list(range(10))"


@contextmanager
def kernel(name: str, folder: str) -> Iterator[Callable[[str], None]]:
    """A running kernel: runs a cell to its reply and its last output."""
    manager = KernelManager(kernel_name=name)
    manager.start_kernel(cwd=folder, stderr=subprocess.DEVNULL)
    client: BlockingKernelClient = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=SECONDS_TO_START)

        def run(code: str) -> None:
            reply = client.execute_interactive(code, output_hook=lambda message: None, timeout=SECONDS_TO_START)
            if reply["content"]["status"] != "ok":
                raise RuntimeError(f"{code} failed: {reply['content']}")

        yield run
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def main() -> int:
    """Print the ratios."""
    taken: dict[str, list[tuple[list[float], list[float]]]] = {name: [] for name in LINES}
    for _ in range(PAIRS):
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            ours, theirs = (stack.enter_context(kernel(name, folder)) for name in ("aibasic", "python3"))
            for run in (ours, theirs):
                run(SETUP)
            for name, (sentence, python) in LINES.items():
                times = in_turn({"ours": partial(ours, sentence), "theirs": partial(theirs, python)}, ROUNDS)
                taken[name].append((times["ours"], times["theirs"]))
    for name, pairs in taken.items():
        of_pairs = [statistics.median(ratios(*pair)) for pair in pairs]
        goal = "at most 1.15" if name == "a locked line" else ""
        report(f"round trip of {name}, to ipykernel's", spread(of_pairs), goal,
               f"ipykernel {milliseconds([second for _, theirs in pairs for second in theirs])}")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
