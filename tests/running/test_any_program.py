"""Programs that nobody has thought of run as the reference says, which knows them in Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.session.line import LineError
from tests.exporting import reference
from tests.running.basic import Basic

Statement = tuple[Any, ...]
LENGTH = 9

_names = st.sampled_from("ab")
_targets = st.integers(1, LENGTH).map(lambda at: at * 10)
_statements: st.SearchStrategy[Statement] = st.one_of(
    st.tuples(st.just("set {0} to {0} + {1}"), st.just("{0} = {0} + {1}"), _names, st.integers(1, 3)),
    st.tuples(st.just("set {0} to {1}"), st.just("{0} = {1}"), _names, st.integers(0, 4)),
    st.tuples(st.just("print {0}"), st.just("print({0})"), _names),
    st.tuples(
        st.just("if {0} is less than {1} goto {2}"),
        st.just("if {0} < {1} goto {2}"),
        _names,
        st.integers(1, 6),
        _targets,
    ),
    st.tuples(st.just("for {0} = {1} to {2}"), st.just("for {0} = {1} to {2}"), _names, *[st.integers(0, 4)] * 2),
    st.tuples(st.just("set {0} to 6 // {1}"), st.just("{0} = 6 // {1}"), _names, _names),
    st.tuples(st.just("while {0} is less than {1}"), st.just("while {0} < {1}"), _names, st.integers(1, 4)),
    *[st.tuples(st.just(word), st.just(word), _targets) for word in ("goto {0}", "call {0}", "on error goto {0}")],
    *[st.tuples(st.just(word), st.just(word)) for word in (*["close"] * 3, "return", "end", "on error stop")],
    st.just(("print _last_error_line", "print(_last_error_line)")),
)
_CLOSED_BY = {"for": "next", "while": "wend"}


@st.composite
def programs(draw: st.DrawFn) -> list[Statement]:
    """Programs whose loops are closed: what is missing of them is put at the end, what is too much taken out."""
    program: list[Statement] = []
    loops: list[str] = []
    for statement in draw(st.lists(_statements, min_size=3, max_size=LENGTH)):
        first = statement[0].split()[0]
        if first in _CLOSED_BY:
            loops.append(_CLOSED_BY[first])
        if first != "close":
            program.append(statement)
        elif loops:
            program.append((loops[-1], loops.pop()))
    program += [(end, end) for end in reversed(loops)]
    return program + [("print b", "print(b)")] * (LENGTH - len(program))


def text_of(program: Sequence[Statement], way: int) -> str:
    """The program as it is entered, in English (0) or in Python (1)."""
    lines = (f"{at}0 {statement[way].format(*statement[2:])}" for at, statement in enumerate(program, 1))
    return "\n".join(("1 a = _last_error_line = 0", "2 b = 1", *lines))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(program=programs())
def test_a_program_prints_and_ends_as_the_reference_says(basic: Basic, program: list[Statement]) -> None:
    for way in (0, 1):
        try:
            expected = reference.run(text_of(program, 1), most=300).splitlines()
        except TimeoutError:
            assume(False)
        try:
            printed = basic.run(text_of(program, way), "1")
        except LineError as failure:
            error = failure.error
            said = (
                f"RuntimeError: {error.message}"
                if isinstance(error, AIBasicError)
                else f"{type(error).__name__}: {error}"
            )
            printed = [*basic.printed(), said]
        assert printed == expected
