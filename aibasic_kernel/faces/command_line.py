"""The command `aibasic`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from aibasic_kernel import __version__
from aibasic_kernel.errors import AIBasicError, LockError
from aibasic_kernel.faces import compile_command, install_command, lock_arguments, run_arguments
from aibasic_kernel.faces.doctor import command as doctor_command
from aibasic_kernel.faces.failure import said_alone
from aibasic_kernel.faces.project import command as new_command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code: its own, 1 for an error, 130 for Ctrl-C."""
    parser = argparse.ArgumentParser(prog="aibasic", description="AIBasic: plain English lines, compiled and run.")
    parser.add_argument("--version", action="version", version=f"aibasic {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run_arguments.add_to(commands)
    compile_command.add_to(commands)
    trusting = commands.add_parser("trust", help="let a lock or a configuration count: shows it and asks")
    trusting.add_argument("files", nargs="+", type=Path, metavar="FILE", help="an aibasic.lock or aibasic.conf")
    trusting.set_defaults(run=lambda given: trust(given.files))
    lock_arguments.add_to(commands.add_parser("lock", help="list, show, check, prune or restore an aibasic.lock"))
    new_command.add_to(commands)
    doctor_command.add_to(commands)
    install_command.add_to(commands)
    demo = commands.add_parser("demo", help="load the demo data into the configured PostgreSQL")
    demo.set_defaults(run=lambda given: load_demo())
    given = parser.parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = given.run
    try:
        code = run(given)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        _discard_output()
        return 1
    except AIBasicError as error:
        print(f"aibasic: {error}", file=sys.stderr)
        return 1
    except (OSError, RuntimeError, LookupError, ImportError, ValueError) as error:
        print(f"aibasic: {said_alone(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("aibasic: stopped", file=sys.stderr)
        return 130


def _discard_output() -> None:
    """Let nothing be written any more: who read the output (`head`, say) has gone, and Python flushes at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def trust(files: Sequence[Path]) -> int:
    """Show what is new in each file and ask; only what a person agrees to, or a lock of our own, is trusted."""
    from aibasic_kernel.faces.configuration_commands import trust_configuration
    from aibasic_kernel.faces.lock_trusting import trust_lock

    for file in files:
        if not file.is_file():
            raise LockError(f"there is no file {file}", "name an aibasic.lock or an aibasic.conf")
        if not (trust_configuration(file) if file.suffix == ".conf" else trust_lock(file)):
            return 1
    return 0


def load_demo() -> int:
    """Load the demo data into the service `[postgres]`, or into the embedded PostgreSQL where none is configured."""
    from aibasic.modules import config

    from aibasic_kernel.compiler.configuration.rules import ConfigurationRules
    from aibasic_kernel.demo import load_demo_data

    config.oversee(ConfigurationRules(os.environ))
    load_demo_data(lambda text: print(text, file=sys.stderr))
    return 0
