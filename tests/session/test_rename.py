"""Code that makes a module itself does not take a variable of the user's."""

from __future__ import annotations

from aibasic_kernel.session.rename import renamed

MAKES_IT = """
from aibasic.modules import PostgresModule
pg = PostgresModule.from_config('aibasic.conf')
tables = pg.describe()
"""


def test_the_module_and_all_its_uses_get_the_other_name() -> None:
    moved = renamed(MAKES_IT, "PostgresModule", "pg", "pg_aibasic")
    assert "pg_aibasic = PostgresModule.from_config" in moved
    assert "tables = pg_aibasic.describe()" in moved


def test_code_that_means_the_users_variable_is_left_alone() -> None:
    assert renamed("pg = pg + 1", "PostgresModule", "pg", "pg_aibasic") == "pg = pg + 1"
