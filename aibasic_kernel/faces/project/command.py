"""`aibasic new NAME`: lays a small project."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_to(commands: Any) -> None:
    """Add `new` to the commands of `aibasic`."""
    parser = commands.add_parser(
        "new",
        help="make a folder with a notebook and a configuration to begin with",
        description="Make a folder with an aibasic.conf in which every section and key stands as a comment, a notebook "
        "that runs at once without a model, .gitignore, .gitattributes and a README. A folder that holds anything is "
        "left alone.",
    )
    parser.add_argument("folder", type=Path, metavar="NAME", help="the folder, new or empty")
    parser.set_defaults(run=make)


def make(given: argparse.Namespace) -> int:
    """`aibasic new`."""
    from aibasic_kernel.faces.project.files import lay

    written = lay(given.folder)
    for path in written:
        print(path)
    notebook = next(path for path in written if path.suffix == ".ipynb")
    print(f"\nnext:\n  cd {given.folder}\n  jupyter lab {notebook.name}\n  aibasic doctor")
    return 0
