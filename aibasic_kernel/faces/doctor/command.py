"""`aibasic doctor`: its arguments, and its run."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aibasic_kernel.errors import AIBasicError

if TYPE_CHECKING:
    from aibasic_kernel.faces.doctor.finding import Finding
    from aibasic_kernel.session.session import Session


def add_to(commands: Any) -> None:
    """Add `doctor` to the commands of `aibasic`."""
    parser = commands.add_parser(
        "doctor",
        help="say what is installed and configured, and what mends the rest",
        description="Look at the installation, the configuration that counts in this folder, the lock and the language "
        "model, and name the command that mends each problem. Nothing is changed, no request is sent, no secret shown. "
        "Exit code 1 where there is a problem.",
    )
    parser.add_argument(
        "--connect", action="store_true", help="log in to each configured service, reach the model's host"
    )
    parser.add_argument("--json", action="store_true", help="the findings as JSON")
    parser.set_defaults(run=examine)


def examine(given: argparse.Namespace) -> int:
    """`aibasic doctor`. AIBasicError where another package hides the modules, without which nothing works."""
    _require_modules()
    from aibasic_kernel.faces.doctor import report
    from aibasic_kernel.faces.doctor.finding import PROBLEM

    with _session() as session:
        topics = {topic: list(found) for topic, found in _topics(session, given.connect)}
        write = report.as_json if given.json else report.as_text
        sys.stdout.write(write(topics, session.redact) + "\n")
    return 1 if any(each.mark == PROBLEM for found in topics.values() for each in found) else 0


def _require_modules() -> None:
    try:
        importlib.import_module("aibasic.modules")
    except ModuleNotFoundError as error:
        where = getattr(sys.modules.get("aibasic"), "__file__", None)
        raise AIBasicError(
            f"the package aibasic at {where} hides aibasic.modules ({error})",
            "it is the original AIBasic's: pip uninstall aibasic && pip install --force-reinstall aibasic-kernel",
        ) from error


def _topics(session: Session, connect: bool) -> Iterator[tuple[str, Iterable[Finding]]]:
    from aibasic_kernel.faces.doctor import configuration, installed, jupyter, keeping, provider, services
    from aibasic_kernel.faces.doctor.finding import PROBLEM, of_error

    yield "installed", installed.findings()
    yield "Jupyter", jupyter.findings()
    found = list(configuration.findings(session.rules))
    yield "configuration", found
    try:
        session.read_configuration()
    except (AIBasicError, OSError, ValueError, LookupError) as error:
        unusable = of_error(error, "look at the variables of the environment that begin with AIBASIC_")
        if all(each.mark != PROBLEM for each in found):  # else told above, key by key
            yield "settings", [unusable]
    else:
        known = {each.text for each in found}
        yield "services", (each for each in services.findings(session, connect) if each.text not in known)
        yield "language model", provider.findings(session.settings, connect)
        yield "lock", keeping.lock_findings(session, connect)
    yield "this machine", keeping.folder_findings()


@contextmanager
def _session() -> Iterator[Session]:
    from aibasic_kernel.session.session import Session

    session = Session({})
    try:
        yield session
    finally:
        session.close()
