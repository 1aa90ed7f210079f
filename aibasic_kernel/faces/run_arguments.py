"""What `aibasic run` takes on its command line; what it does is loaded only where it is done."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "raw")
USAGE = "aibasic run [OPTION ...] FILE [ARG ...] [-- ARG ...]"
EPILOG = """\
Each ARG is an item of the list `args` in the program. Options may stand behind FILE too; an ARG that begins with a dash
stands behind `--`.
exit codes: 0 done, 1 an error, 2 wrong usage, 3 refused (answered no, or nobody could be asked), 4 no code from the
model's provider, 130 Ctrl-C, 128 + N ended by signal N, else what the program's own sys.exit says"""


def add_to(commands: Any) -> None:
    """Add `run` to the commands of `aibasic`."""
    options = _options()
    parser = commands.add_parser(
        "run",
        parents=[options],
        help="run a program",
        usage=USAGE,
        description="Run a program (.aib; - for standard input): what is not locked yet is compiled.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    # argparse itself would take options behind FILE for the program's own, and lose the `--`.
    parser.add_argument("words", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    parser.set_defaults(run=lambda given: _run(given, options, parser))


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser("aibasic run", usage=USAGE, add_help=False, allow_abbrev=False)
    options.add_argument("--format", choices=FORMATS, help="how results are written (default: table)")
    options.add_argument("--frozen", action="store_true", help="never ask a model")
    options.add_argument("--progress", action="store_true", help="tell on standard error which line runs, and its code")
    options.add_argument("--dry-run", action="store_true", help="show code and effects of each line, and run nothing")
    options.add_argument("--yes", action="store_true", help="agree to all that would be asked before it happens")
    options.add_argument(
        "--yes-from", type=Path, metavar="LIST", help="agree to what `--dry-run --format json` has listed in this file"
    )
    return options


def _run(given: argparse.Namespace, options: argparse.ArgumentParser, parser: argparse.ArgumentParser) -> int:
    from aibasic_kernel.faces.program_command import run_program

    words, own = given.words, []
    if "--" in words:
        at = words.index("--")
        words, own = words[:at], words[at + 1 :]
    _, words = options.parse_known_args(words, given)
    for word in words:
        if word.startswith("-") and word[1:] and not _is_number(word):
            parser.error(f"there is no option {word}; what the program is to get stands behind --")
    if not words:
        parser.error("FILE is missing")
    given.file, given.arguments = Path(words[0]), [*words[1:], *own]
    if given.yes and given.yes_from is not None:
        parser.error("argument --yes-from: not allowed with argument --yes")
    if given.dry_run and given.format not in (None, "table", "json"):
        parser.error("--dry-run is written as table or json")
    return run_program(given, parser.error)


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
