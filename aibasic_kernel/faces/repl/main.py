"""The command `aibasic-repl`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from aibasic_kernel import __version__
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.faces.failure import said_alone

EPILOG = """\
Without a terminal on standard input, and with -c, it is a filter: the text is one program, run as `aibasic run` does,
results on standard output. Exit codes of the filter: 0 done, 1 an error, 2 wrong usage, 3 refused, 4 no code from the
model's provider, 130 Ctrl-C, 128 + N ended by signal N."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.existing is not None and (given.frozen or given.kernel):
        parser.error("--existing goes without --frozen and --kernel: `SET FROZEN = true` says it to a running kernel")
    try:
        return _run(given, parser)
    except AIBasicError as error:
        print(f"aibasic-repl: {error}", file=sys.stderr)
        return 1
    except (OSError, RuntimeError, LookupError, ImportError, ValueError) as error:
        print(f"aibasic-repl: {said_alone(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(given: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    is_filter = given.code is not None or sys.stdin is None or not sys.stdin.isatty()
    if is_filter:
        from aibasic_kernel.faces.repl.filter import run_filter

        return run_filter(given, parser.error)
    from aibasic_kernel.faces.repl.interactive import run_shell

    return run_shell(given, os.environ)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="aibasic-repl",
        description="AIBasic in the terminal: plain English lines, compiled and run.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "-c", dest="code", action="append", metavar="TEXT", help="run this text; more of them follow it"
    )
    parser.add_argument(
        "--existing",
        nargs="?",
        const="",
        metavar="NAME",
        help="use a running kernel: a connection file, a part of its name, or the one to choose from a list",
    )
    parser.add_argument("--kernel", metavar="NAME", help="the installed kernel to start (default: aibasic)")
    parser.add_argument("--frozen", action="store_true", help="never ask a model")
    parser.add_argument("--vi", action="store_true", help="edit with the keys of vi")
    parser.add_argument("--no-pager", action="store_true", help="print long results too")
    parser.add_argument("--version", action="version", version=f"aibasic-repl {__version__}")
    return parser
