"""The command `aibasic`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from aibasic_kernel import __version__
from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.folders import data_folder
from aibasic_kernel.compiler.lock import Lock
from aibasic_kernel.compiler.signatures import Signatures
from aibasic_kernel.errors import AIBasicError, LockError

KNOWN_LOCKS = frozenset({"cc519cf173d9c976d81426db9498b698c06568f205a8d42c787b3c378889844c"})
"""SHA-256 of the locks that come with this project: code that whoever installed it has trusted by installing it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code: 0, 1 for an error, 130 for Ctrl-C."""
    parser = argparse.ArgumentParser(prog="aibasic", description="AIBasic: plain English lines, compiled and run.")
    parser.add_argument("--version", action="version", version=f"aibasic {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    trusting = commands.add_parser("trust", help="let the code in a lock run: shows it and asks")
    trusting.add_argument("files", nargs="+", type=Path, metavar="FILE", help="an aibasic.lock")
    trusting.set_defaults(run=lambda given: trust(given.files))
    demo = commands.add_parser("demo", help="load the demo data into the configured PostgreSQL")
    demo.set_defaults(run=lambda given: load_demo())
    given = parser.parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = given.run
    try:
        return run(given)
    except AIBasicError as error:
        print(f"aibasic: {error}", file=sys.stderr)
        return 1
    except (OSError, RuntimeError, LookupError, ImportError, ValueError) as error:
        text = error.args[0] if isinstance(error, KeyError) and error.args else error
        print(f"aibasic: {text}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("aibasic: stopped", file=sys.stderr)
        return 130


def trust(files: Sequence[Path]) -> int:
    """Show what is new in each lock and ask; only an answer typed by a person, or a lock of our own, is trusted."""
    signatures = Signatures(data_folder(os.environ))
    for file in files:
        if not file.is_file():
            raise LockError(f"there is no file {file}", "name the aibasic.lock that lies beside the notebook")
        lock = Lock(file, signatures)
        new = lock.untrusted()
        for problem in lock.problems():
            print(problem, file=sys.stderr)
        if not new:
            print(f"{file}: nothing new, all of its code is trusted already")
            continue
        if lock.digest in KNOWN_LOCKS:
            print(f"{file}: {len(new)} lines of code trusted: this is the lock that came with aibasic {__version__}")
        elif not _agrees(file, new):
            print(f"{file}: nothing was trusted")
            return 1
        lock.trust(new)
    return 0


def _agrees(file: Path, new: Sequence[Compilation]) -> bool:
    """Show all that is new and ask. Without a terminal nobody can answer, which is a LockError."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise LockError(f"{file} holds code that is not trusted, and nobody can be asked here", "run it in a terminal")
    for entry in new:
        task = f"({entry.section}) " if entry.section else ""
        print(f"\n{_visible(task + entry.sentence)}\n  written by {_visible(' '.join(entry.origin))}")
        print("\n".join(f"    {_visible(line)}" for line in entry.python.rstrip("\n").split("\n")))
    print(f"\n{len(new)} lines of code in {file} would run without being asked about again.")
    try:
        return input("Trust them? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def _visible(text: str) -> str:
    """`text` with all that a terminal would act on or hide written as an escape: it is somebody else's."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)


def load_demo() -> int:
    """Load the demo data into the service `[postgres]`, or into the embedded PostgreSQL where none is configured."""
    from aibasic_kernel.demo import load_demo_data

    load_demo_data(lambda text: print(text, file=sys.stderr))
    return 0
