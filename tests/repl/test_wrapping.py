"""Long lines in a narrow terminal."""

from __future__ import annotations

import pytest

from aibasic_kernel.faces.repl.screen import without_escapes
from aibasic_kernel.faces.wrapping import wrapped


@pytest.mark.parametrize(
    ("text", "columns", "shown"),
    [
        ("it fits", 7, ["it fits"]),
        ("it does not fit", 9, ["it does", "not fit"]),
        ("below\n  a line that is indented", 12, ["below", "  a line", "  that is", "  indented"]),
        ("nowhere_to_break_it and on", 8, ["nowhere_to_break_it", "and on"]),
        ("北京 北京 北京", 9, ["北京 北京", "北京"]),
        ("a\n\nb", 2, ["a", "", "b"]),
        ("          deep in", 12, ["          deep", "in"]),
    ],
)
def test_lines_break_between_words(text: str, columns: int, shown: list[str]) -> None:
    assert wrapped(text, columns).split("\n") == shown


def test_colours_stay_and_have_no_width() -> None:
    text = "\x1b[31mError\x1b[0m: no table of that name"
    assert wrapped(text, 26) == text.replace("that ", "that\n")
    assert without_escapes(wrapped(text, 14)).split("\n") == ["Error: no", "table of that", "name"]
