"""Tables laid out for a terminal."""

from __future__ import annotations

import pytest

from aibasic_kernel.faces.repl.tables import fitted


def html(*rows: str) -> str:
    cells = ("".join(f"<td>{cell}</td>" for cell in row.split("|")) for row in rows)
    return "<style>td {}</style><table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table><p>2 rows</p>"


@pytest.mark.parametrize(
    ("table", "columns", "shown"),
    [
        (html("name|n", "Ada &amp; Co|7", "Bo|12"), 40, ["name       n", "Ada & Co   7", "Bo        12", "2 rows"]),
        (html("name|n", "北京北京北京|1", "x|NaN"), 13, ["name        n", "北京北…     1", "x         NaN", "2 rows"]),
        (html("a|b|c|d|e", "1|2|3|4|5"), 9, ["a  …  e", "1  …  5", "2 rows"]),
    ],
)
def test_a_table(table: str, columns: int, shown: list[str]) -> None:
    assert (fitted(table, columns) or "").split("\n") == shown


@pytest.mark.parametrize("other", ["<b>no table</b>", html("a|b", "c"), "<table><tr><td colspan=2>x</td></tr></table>"])
def test_what_is_no_plain_table_stays_as_it_is(other: str) -> None:
    assert fitted(other, 80) is None
