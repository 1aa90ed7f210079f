"""What the AIBasic kernel costs over plain ipykernel: start to `kernel_info`, and the round trip of `1+1`.

Pairs are taken in turn, so that a machine that slows down slows both. The middle of each is compared.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from jupyter_client.manager import KernelManager

PAIRS = 7
ROUND_TRIPS = 20
SECONDS_TO_START = 60


@dataclass(frozen=True)
class Times:
    """Seconds: from launch to the reply to `kernel_info`, and the median round trip of `1+1`."""

    start: float
    round_trip: float


def measure(kernel_name: str, folder: str) -> Times:
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
        trips = []
        for _ in range(ROUND_TRIPS):
            begin = time.perf_counter()
            reply = client.execute_interactive("1+1", output_hook=lambda message: None, timeout=SECONDS_TO_START)
            trips.append(time.perf_counter() - begin)
            if reply["content"]["status"] != "ok":
                raise RuntimeError(f"{kernel_name} could not run 1+1: {reply['content']}")
        return Times(start, statistics.median(trips))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def main() -> int:
    """Print both kernels' medians and their ratios."""
    kernels = ("aibasic", "python3")
    taken: dict[str, list[Times]] = {name: [] for name in kernels}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(PAIRS):
            for name in kernels:
                taken[name].append(measure(name, folder))
    print(f"median of {PAIRS} pairs     {'aibasic':>10} {'ipykernel':>10} {'ratio':>6}")
    for label, field in (("start to kernel_info", "start"), ("round trip of 1+1", "round_trip")):
        ours, theirs = (statistics.median(getattr(times, field) for times in taken[name]) for name in kernels)
        print(f"{label:<22} {ours * 1000:>7.0f} ms {theirs * 1000:>7.0f} ms {ours / theirs:>6.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
