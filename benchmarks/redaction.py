"""What it takes to look through the output of cells for secrets, by the megabyte, and each message on its own.

    python benchmarks/redaction.py

Ten secrets of every shape; 10 MB of log lines in messages of 64 kB, as a cell that prints much sends them, without a
secret and with one in each hundredth message. The floor is to make the same messages into JSON.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from jupyter_client.session import json_packer

from aibasic_kernel.compiler.privacy.redaction import Redactor
from aibasic_kernel.faces.packing import without_secrets
from benchmarks.report import in_turn, report
from tests.canaries.secrets import secret

SECRETS, MEGABYTES, PIECE, ROUNDS = 10, 10, 64_000, 5


def main() -> int:
    """Measure, and report the medians."""
    random = Random(1)
    secrets = [secret(random) for _ in range(SECRETS)]
    plain = messages(random)
    held = [{"text": message["text"] + secrets[at % SECRETS]} if at % 100 == 0 else message
            for at, message in enumerate(plain)]  # fmt: skip
    redactor = Redactor(secrets)
    pack = without_secrets(json_packer, lambda: redactor)
    taken = in_turn(
        {
            "json": lambda: [json_packer(message) for message in plain],
            "nothing": lambda: [pack(message) for message in plain],
            "secrets": lambda: [pack(message) for message in held],
        },
        ROUNDS,
    )
    per_megabyte = {name: 1000 * statistics.median(seconds) / MEGABYTES for name, seconds in taken.items()}
    floor = f"to JSON alone {per_megabyte['json']:.1f} ms"
    report("output through the redaction, a MB", f"{per_megabyte['nothing']:.1f} ms", "", floor)
    report("output with secrets in it, a MB", f"{per_megabyte['secrets']:.1f} ms", "", floor)
    return 0


def messages(random: Random) -> list[dict[str, str]]:
    """Ten megabytes of log lines in messages."""
    lines = (
        f"{at:7d} 2026-11-23T15:{at % 60:02d}:00 INFO order {random.randrange(10**6)} of '{at % 97}' for {at / 7:.2f}\n"
        for at in range(MEGABYTES * 15_000)
    )
    text = "".join(lines)
    return [{"text": text[at : at + PIECE]} for at in range(0, MEGABYTES * 1_000_000, PIECE)]


if __name__ == "__main__":
    sys.exit(main())
