"""Phrases that wait."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

_WAIT = "(wait|sleep|pause) [for] {{n:number}} {unit}"

PHRASES = (
    Phrase(
        _WAIT.format(unit="(second|seconds)"),
        "import time\n\ntime.sleep({n})",
        "wait 0.01 seconds",
        "waits some seconds",
    ),
    Phrase(
        _WAIT.format(unit="(minute|minutes)"),
        "import time\n\ntime.sleep(60 * {n})",
        "wait 0 minutes",
        "waits some minutes",
    ),
    Phrase(
        _WAIT.format(unit="(millisecond|milliseconds|ms)"),
        "import time\n\ntime.sleep({n} / 1000)",
        "sleep 10 milliseconds",
        "waits some thousandths of a second",
    ),
)
