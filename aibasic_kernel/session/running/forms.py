"""What a line of the program was compiled to: a form for each shape of what it reads, so that a loop compiles once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.traces.checked_trace import CheckedTrace
from aibasic_kernel.compiler.traces.trace import Trace
from aibasic_kernel.session.line import Code, Line

MOST = 16
"""Forms of one line that are kept: what comes in ever new shapes is looked up anew."""


@dataclass(eq=False)
class Form:
    """One way of running a statement or an expression; `trace` is None for Python that the user typed: it always holds.

    `is_light` says that its code told nobody of anything when it ran, needs no service and shows no table: a loop may
    run it without looking around.
    """

    line: Line
    code: Code
    trace: CheckedTrace | None
    result: str
    is_light: bool

    @property
    def says(self) -> tuple[str, Trace | None]:
        """Its Python and what that relies on."""
        return self.line.python, None if self.trace is None else self.trace.trace

    def holds(self, scope: Callable[[], Scope]) -> bool:
        """Whether what it relies on is there."""
        return self.trace is None or self.trace.mismatch(scope()) is None


class Forms:
    """The forms of one statement or expression, the newest first."""

    def __init__(self) -> None:
        self.forms: list[Form] = []

    def holding(self, scope: Callable[[], Scope]) -> Form | None:
        """The first form that holds now."""
        for form in self.forms:
            if form.holds(scope):
                return form
        return None

    def add(self, form: Form) -> None:
        """Keep one more, in place of one that says the same; of many shapes the newest."""
        others = [each for each in self.forms if each.says != form.says]
        self.forms = [form, *others][:MOST]


def form_of(line: Line, services: Collection[str], shows: bool) -> Form | None:
    """What a line that ran well is to be kept as; `services` are the variables of services.

    None where its code is not to be kept: it awaits something, or came of no one instruction.
    """
    code = line.code
    if code is None or code.awaits:
        return None
    if line.typed:
        return Form(line, code, None, "", not shows)
    if line.served is None:
        return None
    is_quiet = line.heard is None or not line.heard.anything
    made = line.served.compilation
    is_light = is_quiet and not shows and code.loads.isdisjoint(services)
    return Form(line, code, CheckedTrace(made.trace), made.result, is_light)
