"""What the AIBasic kernel costs over plain ipykernel from its launch to the reply to `kernel_info`.

Pairs are taken in turn, so that a machine that slows down slows both.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from jupyter_client.manager import KernelManager

from benchmarks.report import in_turn, milliseconds, ratios, report, spread

PAIRS = 15
SECONDS_TO_START = 60


def started(kernel_name: str, folder: str) -> None:
    """Start a kernel in `folder`, wait until it tells who it is, and kill it."""
    manager = KernelManager(kernel_name=kernel_name)
    manager.start_kernel(cwd=folder, stderr=subprocess.DEVNULL)
    client = manager.blocking_client()
    try:
        client.start_channels()
        client.kernel_info(reply=True, timeout=SECONDS_TO_START)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def main() -> int:
    """Print the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        taken = in_turn({name: partial(started, name, folder) for name in ("aibasic", "python3")}, PAIRS)
    report("kernel start to `kernel_info`, to ipykernel's", spread(ratios(taken["aibasic"], taken["python3"])),
           "at most 1.10", f"ipykernel {milliseconds(taken['python3'])}")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
