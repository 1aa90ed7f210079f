"""What may stand in a program beside sentences: Python, magics and commands, with numbers and without."""

from __future__ import annotations

import pytest

from aibasic_kernel.language import ParseError
from tests.running.basic import Basic


def test_python_with_numbers_over_several_lines(basic: Basic) -> None:
    assert basic.run("10 def twice(n):\n    return n * 2\n20 print(twice(2))\n30 goto 50\n40 print(1)\n50 end") == ["4"]


def test_a_value_with_a_number_is_shown(basic: Basic) -> None:
    basic.run("10 x = 5\n20 x + 1")
    assert basic.shown == [6]


def test_a_command_takes_no_number(basic: Basic) -> None:
    with pytest.raises(ParseError, match="it takes no line number"):
        basic.run("10 LIST")


def test_time_above_a_loop_measures_all_of_it(basic: Basic) -> None:
    assert basic.run("%%time\n10 for i = 1 to 2\n20 print i\n30 next") == ["1", "2"]
    (note,) = basic.notes
    assert note.startswith("wall time: ")


def test_a_handler_hears_of_an_error_in_python_with_a_number(basic: Basic) -> None:
    assert basic.run("10 on error goto 40\n20 [][1]\n30 end\n40 print _last_error") == ["list index out of range"]


def test_a_run_that_never_had_an_error_has_no_names_for_it(basic: Basic) -> None:
    basic.run("10 x = 1\n20 end")
    assert "_last_error" not in basic.names


def test_a_cell_may_go_on_in_another_while_its_own_variables_stay(basic: Basic) -> None:
    basic.run("total, x = 1, 0")
    basic.run("100 total = total + x\n110 y = 1", "1")
    basic.run("10 x = 4\n20 goto 100\n30 x = 0", "2")
    assert basic.names["total"] == 5 and basic.names["x"] == 4
