"""Which value is taken to be meant by one that is not there."""

from __future__ import annotations

import pytest

from aibasic_kernel.compiler.sql.nearest_value import nearest

STATES = ("AZ", "CA", "CO", "NV", "NY", "TX")


@pytest.mark.parametrize(
    ("wanted", "values", "found"),
    [
        ("California", STATES, ["CA", "CO"]),
        ("New York", STATES, ["NY"]),
        ("Nevada", STATES, ["NV"]),
        ("texas", ("Texas", "TX"), ["Texas"]),
        ("First Class", ("C", "F", "Y"), ["F"]),
        ("F", ("First Class", "Economy"), ["First Class"]),
        ("JFK", ("John F. Kennedy", "Newark"), ["John F. Kennedy"]),
        ("March", ("1", "2", "3", "12"), ["3"]),
        ("03", ("January", "March"), ["March"]),
        ("Sao Paulo", ("São Paulo", "Santos"), ["São Paulo"]),
        ("self employed", ("Self-Employed", "employed"), ["Self-Employed"]),
        ("Untied Airlines", ("United Airlines", "Delta Airlines"), ["United Airlines"]),
        ("Delta", ("Delta Air Lines", "Endeavor"), ["Delta Air Lines"]),
        ("Arizona", ("AR", "AZ", "AL"), ["AR", "AZ"]),
        ("zebra", STATES, []),
        ("", STATES, []),
        ("?!", ("!", ""), []),
        ("paid", (), []),
    ],
)
def test_the_nearest_of_the_values(wanted: str, values: tuple[str, ...], found: list[str]) -> None:
    assert nearest(wanted, values) == found
