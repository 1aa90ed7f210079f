"""`aibasic compile FILE`: a program or a notebook as plain Python."""

from __future__ import annotations

import argparse
import os
import sys
from collections import ChainMap
from pathlib import Path
from typing import Any

from aibasic_kernel.errors import AIBasicError


def add_to(commands: Any) -> None:
    """Add `compile` to the commands of `aibasic`."""
    parser = commands.add_parser(
        "compile",
        help="write a program or notebook as plain Python",
        description="Write a program as plain Python that needs no engine and no model. Nothing is run: the code of "
        "each line is in the lock beside the program, once it has run.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a program (.aib) or a notebook (.ipynb)")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.py", help="where to (else standard output)")
    parser.set_defaults(run=compile_program)


def compile_program(given: argparse.Namespace) -> int:
    """`aibasic compile`. Raises AIBasicError for what cannot be exported; then nothing is written."""
    from aibasic_kernel.session.exporting.command import write
    from aibasic_kernel.session.exporting.sources import of_file
    from aibasic_kernel.session.session import Session

    session = Session({}, ChainMap({"JPY_SESSION_NAME": str(given.file.resolve())}, os.environ))
    try:
        python, notes = of_file(session, given.file)
    finally:
        session.close()
    for note in notes:
        print(f"aibasic: {note}", file=sys.stderr)
    if given.output is None:
        sys.stdout.write(python)
    else:
        write(given.output, python, _refuse)
    return 0


def _refuse(told: str) -> None:
    raise AIBasicError(told, "delete it, or name another file: only an exported program is written over")
