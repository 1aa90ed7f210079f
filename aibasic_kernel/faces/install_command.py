"""`aibasic install`: shows the kernel, and JupyterLab's extension, to a Jupyter that does not see what pip placed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any


def add_to(commands: Any) -> None:
    """Add `install` to the commands of `aibasic`."""
    parser = commands.add_parser(
        "install",
        help="show the kernel to a Jupyter that does not list it",
        description="pip places the kernel and JupyterLab's extension for the Jupyter of its own environment. This "
        "places them for another one; the kernel that it starts is always this Python.",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--user", action="store_true", help="for every Jupyter of yours")
    where.add_argument("--sys-prefix", action="store_true", help="for the Jupyter of this environment (the default)")
    where.add_argument("--prefix", type=Path, metavar="P", help="for the Jupyter of the environment at P")
    parser.add_argument("--name", default="aibasic", help="the kernel's name, where several are to be listed")
    parser.add_argument("--remove", action="store_true", help="take away what was placed there")
    parser.set_defaults(run=install)


def install(given: argparse.Namespace) -> int:
    """`aibasic install`, and `--remove`."""
    from jupyter_core.paths import jupyter_data_dir

    from aibasic_kernel.faces.jupyter_files import JupyterFiles

    prefix = given.prefix.absolute() if given.prefix is not None else Path(sys.prefix)
    files = JupyterFiles(Path(jupyter_data_dir()) if given.user else prefix / "share" / "jupyter", given.name)
    for said in files.remove() if given.remove else files.place():
        print(said)
    return 0
