"""What `aibasic lock` takes on its command line; what it does is loaded only where it is done."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_to(parser: argparse.ArgumentParser) -> None:
    """Give the parser of `aibasic lock` its commands."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="lock_command")
    lists = commands.add_parser("list", help="name each entry: its hash, whether you trust it, author, sentence")
    shows = commands.add_parser("show", help="show entries whole")
    shows.add_argument("what", nargs="?", default="", help="a hash's beginning or words of a sentence; without: all")
    checks = commands.add_parser("check", help="say which entries no longer fit the tables and services")
    prunes = commands.add_parser("prune", help="drop what no notebook or program beside the lock says any more")
    prunes.add_argument("--yes", action="store_true", help="do not ask")
    restores = commands.add_parser("restore", help="put what a notebook's outputs carry into the lock, untrusted")
    restores.add_argument("notebook", type=Path, metavar="NOTEBOOK")
    for command in (lists, shows, checks, prunes, restores):
        command.add_argument("--lock", type=Path, metavar="FILE", help="the lock; else the one that is used here")
    for command in (lists, checks, prunes):
        command.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the lock, as with --lock")
    parser.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    from aibasic_kernel.faces.lock_commands import COMMANDS

    given.lock = given.lock or getattr(given, "file", None)
    return COMMANDS[given.lock_command](given)
