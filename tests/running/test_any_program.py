"""Programs that nobody has thought of run as the reference says, which knows them in Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from aibasic_kernel.session.line import LineError
from tests.exporting import reference
from tests.running.basic import Basic

Statement = tuple[Any, ...]
LENGTH = 9
FAILED = "RuntimeError: return without a call"
"""What the reference prints of the one error that these programs have."""

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
    *[st.tuples(st.just(word), st.just(word), _targets) for word in ("goto {0}", "call {0}")],
    *[st.tuples(st.just(word), st.just(word)) for word in ("next", "next", "return", "end")],
)


@st.composite
def programs(draw: st.DrawFn) -> list[Statement]:
    """Programs whose loops are closed: what is missing of them is put at the end, what is too much taken out."""
    program: list[Statement] = []
    depth = 0
    for statement in draw(st.lists(_statements, min_size=3, max_size=LENGTH)):
        depth += {"for": 1, "next": -1}.get(statement[0].split()[0], 0)
        if depth >= 0:
            program.append(statement)
        depth = max(depth, 0)
    program += [("next", "next")] * depth
    return program + [("print b", "print(b)")] * (LENGTH - len(program))


def text_of(program: Sequence[Statement], way: int) -> str:
    """The program as it is entered, in English (0) or in Python (1)."""
    lines = (f"{at}0 {statement[way].format(*statement[2:])}" for at, statement in enumerate(program, 1))
    return "\n".join(("1 a = 0", "2 b = 1", *lines))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(program=programs())
def test_a_program_prints_and_ends_as_the_reference_says(basic: Basic, program: list[Statement]) -> None:
    for way in (0, 1):
        try:
            expected = reference.run(text_of(program, 1), most=300).splitlines()
        except (TimeoutError, LookupError):
            assume(False)
        try:
            printed = basic.run(text_of(program, way), "1")
        except LineError as failure:
            printed = [*basic.printed(), FAILED]
            assert "return without a call" in str(failure)
        assert printed == expected
