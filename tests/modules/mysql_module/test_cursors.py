"""The cursors that MySQLModule hands out."""

from __future__ import annotations

from typing import Any

import pytest
from aibasic.modules import MySQLModule
from aibasic.modules.effects import Effect


@pytest.mark.parametrize("how", [{}, {"dictionary": True}, {"prepared": True}, {"buffered": False}])
def test_cursors_of_every_kind_announce_and_work(
    mysql: MySQLModule, announced: list[Effect], how: dict[str, bool]
) -> None:
    connection = mysql.get_connection()
    cursor = connection.cursor(**how)
    cursor.execute("SELECT name FROM customers WHERE age > %s ORDER BY id", (30,))
    expected: list[Any] = [("Ann",), ("Cem",)]
    assert cursor.fetchall() == ([{"name": name} for (name,) in expected] if "dictionary" in how else expected)
    mysql.release_connection(connection)
    assert len(announced) == 1
    assert announced[0].statement.startswith("SELECT name FROM customers WHERE age > ")


def test_a_procedure_by_cursor_is_announced_once_as_a_call(mysql: MySQLModule, announced: list[Effect]) -> None:
    mysql.execute_query("CREATE PROCEDURE add_up(IN a int, OUT b int) SET b = a + 1", fetch=False)
    connection = mysql.get_connection()
    del announced[:]
    assert tuple(connection.cursor().callproc("add_up", (1, 0))) == (1, 2)
    mysql.release_connection(connection)
    assert [effect.statement for effect in announced] == ["CALL add_up(1, 0)"]
