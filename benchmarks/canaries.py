"""Ten thousand canaries: random secrets in random programs and failures, and every byte that left searched for them.

    python benchmarks/canaries.py [COUNT]

Eight of ten run in sessions, one in kernels over ZeroMQ, one in kernels of Python's under the magic. Prints how many
were found, and of a part of them how many are found with the redaction taken out; ends with 1 where any was.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import mysql.connector  # noqa: F401  # before pandas: its part in C cannot be loaded after it

from benchmarks.report import report
from tests.canaries.kernel_face import KernelFace
from tests.canaries.magic_face import MagicFace
from tests.canaries.session_face import SessionFace
from tests.canaries.trial import leaks

COUNT = 10_000
SECRETS = 50
"""Secrets of one configuration."""
CONTROLS = 10
"""Runs without redaction."""


def main() -> int:
    """Run them, and report."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    runs = max(1, count // SECRETS)
    found: list[str] = []
    for seed in range(1000, 1000 + runs):
        found += run(seed, redacted=True)
    for line in found:
        print(line)
    control = sum(len(run(seed, redacted=False)) for seed in range(1000, 1000 + CONTROLS))
    without = f"without redaction {control:,} of {CONTROLS * SECRETS:,}"
    report(f"canaries found, of {runs * SECRETS:,} planted", str(len(found)), "0", without)
    return 1 if found else 0


def run(seed: int, *, redacted: bool) -> list[str]:
    """One run in a folder and a home of its own."""
    face = {0: KernelFace, 5: MagicFace}.get(seed % 10, SessionFace)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        work = Path(folder) / "work"
        home.mkdir()
        work.mkdir()
        os.environ["HOME"] = str(home)
        return leaks(seed, SECRETS, work, face, redacted=redacted)


if __name__ == "__main__":
    sys.exit(main())
