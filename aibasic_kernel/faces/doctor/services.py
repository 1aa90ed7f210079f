"""The configured services: whether their drivers are there and, on wish, whether they answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, wait
from importlib.util import find_spec

from aibasic_kernel.compiler.scope import Service
from aibasic_kernel.faces.doctor.finding import Finding, note, of_error, ok, problem
from aibasic_kernel.session.session import Session

SECONDS = 20.0
"""How long a service may take to answer, whatever its TIMEOUT says."""


def findings(session: Session, connect: bool) -> Iterator[Finding]:
    """Each service a line. To connect means to log in; nothing is sent besides."""
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
            version = module.get_connection_info().get("version", "")
            answer.set_result(f"{module.place}{f', version {version}' if version else ''}")
        except Exception as error:  # whatever the driver raises
            answer.set_exception(error)

    threading.Thread(target=work, name=f"doctor-{service.section}", daemon=True).start()
    return answer


def _answered(service: Service, answer: Future[str], session: Session) -> Finding:
    marks = ["PRODUCTION"] * session.settings.is_production(service.section)
    marks += ["READONLY"] * session.settings.is_read_only(service.section)
    cure = f"look at HOST, USER and PASSWORD of [{service.section}], and whether the server runs"
    if not wait([answer], SECONDS).done:
        return problem(f"[{service.section}] did not answer within {SECONDS:g} s", cure)
    if (error := answer.exception()) is not None:
        found = of_error(error, cure)
        return problem(f"[{service.section}] {found.text}", found.cure.removeprefix(f"[{service.section}] "))
    return ok(", ".join([f"[{service.section}] {answer.result()}", *marks]))
