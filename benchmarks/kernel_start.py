"""What the AIBasic kernel costs over plain ipykernel: start to `kernel_info`, a round trip of Python, one of English.

Pairs are taken in turn, so that a machine that slows down slows both. The middle of each is compared.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

PAIRS = 7
ROUND_TRIPS = 20
SECONDS_TO_START = 60


@dataclass(frozen=True)
class Times:
    """Seconds: from launch to the reply to `kernel_info`, and median round trips."""

    start: float
    python: float
    sentence: float
    """Of a line that the lock serves; in ipykernel, of the Python that it stands for."""


def measure(kernel_name: str, sentence: str, folder: str) -> Times:
    """Start one kernel in `folder`, time it, and stop it."""
    manager = KernelManager(kernel_name=kernel_name)
    begin = time.perf_counter()
    manager.start_kernel(cwd=folder, stderr=subprocess.DEVNULL)
    client = manager.blocking_client()
    try:
        client.start_channels()
        client.kernel_info(reply=True, timeout=SECONDS_TO_START)
        start = time.perf_counter() - begin
        client.wait_for_ready(timeout=SECONDS_TO_START)  # until iopub is heard too
        return Times(start, round_trip(client, "1+1"), round_trip(client, sentence))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def round_trip(client: BlockingKernelClient, code: str) -> float:
    """The median seconds from sending a cell to its reply and its last output; the first run is not counted."""
    trips = []
    for _ in range(ROUND_TRIPS + 1):
        begin = time.perf_counter()
        reply = client.execute_interactive(code, output_hook=lambda message: None, timeout=SECONDS_TO_START)
        trips.append(time.perf_counter() - begin)
        if reply["content"]["status"] != "ok":
            raise RuntimeError(f"{code} failed: {reply['content']}")
    return statistics.median(trips[1:])


def main() -> int:
    """Print both kernels' medians and their ratios."""
    kernels = {"aibasic": "10 set x to 5", "python3": "x = 5"}
    taken: dict[str, list[Times]] = {name: [] for name in kernels}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(PAIRS):
            for name, sentence in kernels.items():
                taken[name].append(measure(name, sentence, folder))
    print(f"median of {PAIRS} pairs     {'aibasic':>10} {'ipykernel':>10} {'ratio':>6}")
    rows = (("start to kernel_info", "start"), ("round trip of 1+1", "python"), ("of a locked line", "sentence"))
    for label, field in rows:
        ours, theirs = (statistics.median(getattr(times, field) for times in taken[name]) for name in kernels)
        print(f"{label:<22} {ours * 1000:>7.0f} ms {theirs * 1000:>7.0f} ms {ours / theirs:>6.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
