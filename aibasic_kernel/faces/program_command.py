"""`aibasic run FILE`: a program from a file, for a shell, a pipe or a schedule."""

from __future__ import annotations

import argparse
import os
import sys
from collections import ChainMap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from aibasic.modules import config

from aibasic_kernel.compiler.configuration.settings import SECTION
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.faces import dry_run, terminal
from aibasic_kernel.faces.blocking import BlockingFace
from aibasic_kernel.faces.exit_codes import DONE, FAILED, exit_code
from aibasic_kernel.faces.failure import said_alone
from aibasic_kernel.faces.failure_report import report
from aibasic_kernel.faces.program_display import ProgramDisplay, bars
from aibasic_kernel.faces.standard_streams import OutputGone, standard_streams
from aibasic_kernel.faces.stops import stoppable
from aibasic_kernel.session.gating.grants import everything
from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.previewing import preview
from aibasic_kernel.session.session import Session

STANDARD_INPUT = "-"
ERRORS = (AIBasicError, OSError, RuntimeError, LookupError, ImportError, ValueError)
"""What is told by its text alone, where no line of the program is at fault."""
WrongUsage = Callable[[str], NoReturn]


@dataclass(frozen=True)
class Source:
    """A program as text, the name that people know it by, and where it lies; None for standard input.

    Its lock lies beside it; that of a program without a place beside `lock_beside`, "" for the working folder.
    """

    text: str
    name: str
    path: Path | None
    lock_beside: str = ""


def run_program(given: argparse.Namespace, wrong_usage: WrongUsage) -> int:
    """Run the program in a file as the command line says. Returns the exit code."""
    return run_source(read_source(given.file, wrong_usage), given, wrong_usage)


def run_source(source: Source, given: argparse.Namespace, wrong_usage: WrongUsage) -> int:
    """Run a program as the command line says. Returns the exit code."""
    with _as_main(source) as names:
        session = _session(names, source)
        names["args"] = list(given.arguments)
        _agree(session, given, wrong_usage)
        display = ProgramDisplay(source.name, given.format or "table", given.progress)
        with standard_streams(lambda: session.redactor), bars(given.progress or sys.stderr.isatty()):
            try:
                with stoppable(display.tell), _closed_at_end(session, display):
                    _note_configuration(source, display)
                    if given.dry_run:
                        return _preview(session, source, display, given)
                    return _run(session, names, source, display)
            except KeyboardInterrupt as stop:
                return _failed(stop, str(stop), display)


def _session(names: dict[str, object], source: Source) -> Session:
    """Raises AIBasicError for a user without a home folder, who has not said either where things are kept."""
    name = str(source.path or source.lock_beside)
    environ = ChainMap({"JPY_SESSION_NAME": name}, os.environ)  # where the lock lies, what a log says
    try:
        return Session(names, environ, terminal.ask_apart)
    except RuntimeError as error:
        raise AIBasicError(f"{error}", "set HOME, or both AIBASIC_DATA_DIR and AIBASIC_CONFIG_DIR") from error


def _agree(session: Session, given: argparse.Namespace, wrong_usage: WrongUsage) -> None:
    """Take what the command line allows and forbids."""
    if given.frozen:
        session.rules.set_here.setdefault(SECTION, {})["FROZEN"] = "true"
    if given.yes:
        session.gate.grants = everything
    elif given.yes_from is not None:
        try:
            session.gate.grants = dry_run.granted(given.yes_from)
        except OSError as error:
            wrong_usage(f"{given.yes_from} cannot be read: {error.strerror}")


def _run(session: Session, names: dict[str, object], source: Source, display: ProgramDisplay) -> int:
    face = BlockingFace(names, display)
    try:
        face.drive(session.run(source.text, label=source.name))
        sys.stdout.flush()
    except LineError as failure:
        return _failed(failure.error, report(failure.error, failure.line, source.name), display)
    except ERRORS as error:
        return _failed(error, said_alone(error), display)
    finally:
        face.close()
    return DONE


def _preview(session: Session, source: Source, display: ProgramDisplay, given: argparse.Namespace) -> int:
    try:
        is_compiled = dry_run.write(preview(session, source.text), source.name, given.format or "table", display.tell)
    except ERRORS as error:
        return _failed(error, said_alone(error), display)
    return DONE if is_compiled or not given.frozen else FAILED


def _failed(error: BaseException, said: str, display: ProgramDisplay) -> int:
    if not isinstance(error, SystemExit | OutputGone):
        display.tell(f"aibasic: {said}")
    return exit_code(error)


def read_source(file: Path, wrong_usage: WrongUsage) -> Source:
    """The program. Raises AIBasicError where its text is none."""
    try:
        if str(file) == STANDARD_INPUT:
            content, path = sys.stdin.buffer.read() if sys.stdin is not None else b"", None
        else:
            content, path = file.read_bytes(), file.resolve()
    except OSError as error:
        wrong_usage(f"{file} cannot be read: {error.strerror}")
    try:
        return Source(content.decode("utf-8-sig"), file.name if path else "standard input", path)
    except UnicodeDecodeError as error:
        raise AIBasicError(f"{file} is not UTF-8: {error.reason} at byte {error.start}", "save it as UTF-8") from None


@contextmanager
def _as_main(source: Source) -> Iterator[dict[str, object]]:
    """The namespace of a new module `__main__`: what a program defines is found there, by pickle as by dataclasses.

    It may import modules that lie beside it, where no installed one has that name.
    """
    before, path = sys.modules["__main__"], list(sys.path)
    main = sys.modules["__main__"] = ModuleType("__main__")
    if source.path is not None:
        sys.path.append(str(source.path.parent))
    try:
        yield vars(main)
    finally:
        sys.modules["__main__"] = before
        sys.path[:] = path


def _note_configuration(source: Source, display: ProgramDisplay) -> None:
    """Say that a configuration beside the program does not count, where none was found from the working folder."""
    if source.path is not None and config.find() is None:
        beside = source.path.parent / config.FILE_NAME
        if beside.is_file():
            display.tell(f"{beside} does not count here: the working folder is another. cd {source.path.parent} first")


@contextmanager
def _closed_at_end(session: Session, display: ProgramDisplay) -> Iterator[None]:
    """End the session behind the block; what is undone by that is told."""
    try:
        yield
    finally:
        for said in (*session.take_notes(), *session.end_transactions()):
            display.tell(said)
        session.close()
