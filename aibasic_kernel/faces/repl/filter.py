"""The shell without a terminal: its text is one program, whose results are data on standard output.

It needs no kernel, so it drives a session itself, just as `aibasic run` does: it starts quicker, reads its own standard
input, and knows the error that ended it. Only a kernel that runs already (`--existing`) is driven over the wires.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from aibasic_kernel.faces.program_command import STANDARD_INPUT, Source, WrongUsage, read_source, run_source
from aibasic_kernel.faces.repl.lock_place import lock_beside


def run_filter(given: argparse.Namespace, wrong_usage: WrongUsage) -> int:
    """Run the texts of `-c`, else standard input. Returns the exit code."""
    if given.code is None:
        source = read_source(Path(STANDARD_INPUT), wrong_usage)
        text, name = source.text, source.name
    else:
        text, name = "\n".join(given.code), "-c"
    if given.existing is not None:
        from aibasic_kernel.faces.repl.remote_filter import run_in_existing

        return run_in_existing(text, given.existing)
    if given.kernel is not None:
        wrong_usage("--kernel is for a shell at a terminal: a filter needs none")
    settings = argparse.Namespace(
        arguments=[], format=None, progress=False, dry_run=False, yes=False, yes_from=None, frozen=given.frozen
    )
    return run_source(Source(text, name, None, lock_beside(os.environ)), settings, wrong_usage)
