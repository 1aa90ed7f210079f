"""A line in a loop is checked by identity, and in full as soon as anything that it reads has changed."""

from __future__ import annotations

import gc
import weakref

import pandas as pd
import pytest

from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.traces import checked_trace
from aibasic_kernel.compiler.traces.checked_trace import CheckedTrace
from aibasic_kernel.compiler.traces.observe import observe
from aibasic_kernel.compiler.traces.trace import Trace, mismatch
from tests.compiler.scopes import CUSTOMERS, FakeService, make_scope, table


@pytest.fixture
def full_checks(monkeypatch: pytest.MonkeyPatch) -> list[Trace]:
    """The traces that were checked in full."""
    seen: list[Trace] = []

    def counted(trace: Trace, scope: Scope) -> str | None:
        seen.append(trace)
        return mismatch(trace, scope)

    monkeypatch.setattr(checked_trace, "mismatch", counted)
    return seen


def checked(python: str, scope: Scope) -> CheckedTrace:
    trace = CheckedTrace(observe(python, "q", scope))
    assert trace.mismatch(scope) is None
    return trace


def test_rounds_of_a_loop_are_not_checked_in_full(full_checks: list[Trace]) -> None:
    names: dict[str, object] = {"df": pd.DataFrame({"age": [1]}), "i": 0, "f": len}
    scope = make_scope(names)
    line = checked("f(df[df['age'] > i])\npg.execute_query('SELECT age FROM customers')", scope)
    for i in range(100):
        names["i"] = i
        assert line.mismatch(make_live(names, scope)) is None
    assert len(full_checks) == 1


def make_live(names: dict[str, object], scope: Scope) -> Scope:
    return Scope(names, scope.last_output, scope.services)


@pytest.mark.parametrize(
    ("python", "then", "now", "reason"),
    [
        ("x + 1", {"x": 1}, {"x": "a"}, "x is text now, was number"),
        ("x + 1", {"x": 1}, {}, "there is no x now"),
        ("len(f)", {"f": print}, {"f": None}, "f is none now, was function"),
        ("x['a']", {"x": {"a": 1}}, {"x": {"a": "b"}}, "x.a is text now, was number"),
    ],
)
def test_a_change_is_noticed(python: str, then: dict[str, object], now: dict[str, object], reason: str) -> None:
    line = checked(python, make_scope(then))
    assert line.mismatch(make_scope(now)) == reason
    assert line.mismatch(make_scope(then)) is None


def test_what_is_changed_in_place_is_noticed() -> None:
    names: dict[str, object] = {"order": {"total": 1}, "df": pd.DataFrame({"age": [1]}), "items": [1]}
    scope = Scope(names)
    line = checked("order['total'] + df['age'].sum() + items[0]", scope)
    frame = names["df"]
    assert isinstance(frame, pd.DataFrame)
    frame["age"] = frame["age"].astype(str)
    assert line.mismatch(scope) == "df.age is text now, was number"
    frame["age"] = [1]
    assert line.mismatch(scope) is None
    frame.columns = pd.Index(["years"])
    assert line.mismatch(scope) == "df has no column age now"
    frame.columns = pd.Index(["age"])
    names["order"]["total"] = "x"  # type: ignore[index]
    assert line.mismatch(scope) == "order.total is text now, was number"


def test_new_variables_and_another_newest_result_are_noticed() -> None:
    frame = pd.DataFrame({"age": [1]})
    names: dict[str, object] = {"df": frame}
    line = CheckedTrace(observe("df.head()", "show the totals", Scope(names, "df")))
    assert line.mismatch(Scope(names, "df")) is None
    assert line.mismatch(Scope(names, "other")) == '"it" stands for other now, was df'
    names["totals"] = 1
    assert line.mismatch(Scope(names, "df")) == "'totals' is a variable now"


def test_tables_are_looked_at_again_once_they_were_read_anew(full_checks: list[Trace]) -> None:
    service = FakeService(known={"customers": CUSTOMERS})
    scope = Scope({}, services={"postgres": service})
    line = checked("pg.execute_query('SELECT age FROM customers')", scope)
    service.known = {"customers": table("customers", age="integer", more="text")}
    assert line.mismatch(scope) is None
    service.known = {"customers": table("customers", more="text")}
    assert line.mismatch(scope) == "customers has no column age now"
    assert len(full_checks) == 3


def test_a_frame_is_not_kept_alive() -> None:
    names: dict[str, object] = {"df": pd.DataFrame({"age": [1]})}
    line = checked("df['age'].mean()", Scope(names))
    gone = weakref.ref(names.pop("df"))
    gc.collect()
    assert gone() is None
    assert line.mismatch(Scope(names)) == "there is no df now"
