"""The configured services: whether their drivers are there and, on wish, whether they answer."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import Future, wait
from dataclasses import replace
from importlib.util import find_spec

from aibasic_kernel.compiler.scope import Service
from aibasic_kernel.error_index import lookup
from aibasic_kernel.errors import text_of
from aibasic_kernel.faces.doctor.finding import Finding, note, ok, problem
from aibasic_kernel.session.session import Session

SECONDS = 20.0
"""How long a service may take to answer, whatever its TIMEOUT says."""


def findings(session: Session, connect: bool) -> Iterator[Finding]:
    """Each service a line, and what it warns of. To connect means to log in; nothing is sent besides."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = list(_each(session, connect))
    yield from found
    yield from (note(str(each.message)) for each in told if issubclass(each.category, UserWarning))


def _each(session: Session, connect: bool) -> Iterator[Finding]:
    services = list(session.services.values())
    if not services:
        yield note("no service is configured here")
    asked = {service.section: _connecting(service) for service in services if connect and _has_driver(service)}
    for service in services:
        if not _has_driver(service):
            cls = service.module_class
            yield problem(
                f"[{service.section}] needs {cls.driver}, which is not installed",
                f"pip install 'aibasic-kernel[{cls.extra}]'",
            )
        elif connect:
            yield _answered(service, asked[service.section], session)
        else:
            yield ok(f"[{service.section}] as {service.variable}: its driver is there; --connect tries the connection")


def _has_driver(service: Service) -> bool:
    return find_spec(service.module_class.driver.partition(".")[0]) is not None


def _connecting(service: Service) -> Future[str]:
    """Connect on a thread of its own, which the command does not wait for at its end."""
    answer: Future[str] = Future()

    def work() -> None:
        try:
            module = service.module()
            try:
                version = module.get_connection_info().get("version", "")
                told = f"{module.place}{f', version {version}' if version else ''}"
            finally:
                module.close()
            answer.set_result(told)
        except Exception as error:  # whatever the driver raises
            answer.set_exception(error)

    threading.Thread(target=work, name=f"doctor-{service.section}", daemon=True).start()
    return answer


def _answered(service: Service, answer: Future[str], session: Session) -> Finding:
    marks = ["PRODUCTION"] * session.settings.is_production(service.section)
    marks += ["READONLY"] * session.settings.is_read_only(service.section)
    if not wait([answer], SECONDS).done:
        return problem(f"[{service.section}] did not answer within {SECONDS:g} s", _cure(service.section))
    if (error := answer.exception()) is not None:
        return replace(_of_failure(service.section, error), page=_page(error))
    return ok(", ".join([f"[{service.section}] {answer.result()}", *marks]))


def _of_failure(section: str, error: BaseException) -> Finding:
    """A module's error: its first line says what; the one that names the section, or else the last, what to do."""
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else text_of(error)
    what, *others = (line.strip() for line in (text.strip() or type(error).__name__).splitlines())
    mark = f"[{section}]"
    steps = [line.removeprefix(mark).lstrip() for line in others if line.startswith(mark)] or others[-1:]
    if mark in what:
        return problem(what, (steps or ["mend that key in aibasic.conf"])[0])
    return problem(f"{mark} {what}", (steps or [_cure(section)])[0])


def _page(error: BaseException) -> str:
    """Where the documentation tells of an error, "" where it is not known where that is."""
    found = lookup.reference(error)
    return "" if found.startswith(lookup.PAGE) else found


def _cure(section: str) -> str:
    return f"look at the address and the login of [{section}] in aibasic.conf, and whether the server runs"
