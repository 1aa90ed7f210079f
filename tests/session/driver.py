"""The smallest face: drives a session by blocking, as a script would."""

from __future__ import annotations

from typing import Any

from aibasic_kernel.session.session import Session
from aibasic_kernel.session.steps import Ask, Execute, Outcome, RunLoop, Show


def run(session: Session, text: str, shown: list[Any] | None = None, cell: str = "", label: str = "") -> list[Any]:
    """Run a cell; returns what it showed, in `shown` also where it fails. Raises what `Session.run` raises."""
    shown = [] if shown is None else shown
    steps = session.run(text, cell, label)
    outcome: Outcome | None = None
    while True:
        try:
            step = steps.send(outcome)
        except StopIteration:
            return shown
        outcome = None
        try:
            if isinstance(step, Ask):
                outcome = Outcome(step.start(lambda text: None).result(timeout=30))
            elif isinstance(step, Execute):
                code = step.line.code
                assert code is not None
                if code.body is not None:
                    exec(code.body, session.names)  # type: ignore[arg-type]
                value = eval(code.value, session.names) if code.value is not None else None  # type: ignore[arg-type]
                if value is not None and step.shown:
                    shown.append(value)
                outcome = Outcome(value)
            elif isinstance(step, RunLoop):
                step.run(shown.append, lambda: None)
                outcome = Outcome()
            elif isinstance(step, Show):
                shown.append(step.thing)
        except BaseException as error:
            outcome = Outcome(error=error)
