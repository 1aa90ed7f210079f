"""MySQLModule's configuration: socket, option file, the driver's part in C."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.modules.mysql_module.shared import Connect, kill_connections, one
from tests.servers.mariadb import MariaDBServer


def test_the_socket_of_this_machine_serves(mariadb_server: MariaDBServer, connect: Connect) -> None:
    mysql = connect(HOST=None, PORT=None, SOCKET=mariadb_server.socket)
    assert mysql.execute_query("SELECT 1") == [(1,)]
    assert mysql.get_connection_info()["host"] == str(mariadb_server.socket)
    kill_connections(mariadb_server)
    assert mysql.execute_query("SELECT 2") == [(2,)]


def test_user_and_password_may_stand_in_the_option_file(
    mariadb_server: MariaDBServer, connect: Connect, clean_environment: Path
) -> None:
    (clean_environment / ".my.cnf").write_text(f"[client]\nuser = svc\npassword = '{mariadb_server.password}'\n")
    assert one(connect(USER=None, PASSWORD=None), "SELECT current_user()") == "svc@%"


def test_without_its_part_in_c_the_driver_does_the_same_and_says_so(
    mariadb_server: MariaDBServer, connect: Connect, tmp_path: Path
) -> None:
    connect()
    program = """
import sys, warnings
sys.modules["_mysql_connector"] = None
from aibasic.modules import MySQLModule
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    mysql = MySQLModule.from_config(sys.argv[1])
print(caught[0].message)
mysql.begin()
mysql.execute_query("INSERT INTO customers (name) VALUES (%s)", ("\\U0001f389",), fetch=False)
print(mysql.state()[:16])
mysql.rollback()
mysql.insert_rows("customers", [{"name": "Zo\\u00eb\\\\'s"}])
print([len(rows) for rows in mysql.stream("SELECT name FROM customers", chunk=3)])
print(ascii(mysql.execute_query("SELECT name, 1.50, now() > 0 FROM customers WHERE id > 4")))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "aibasic.conf")], capture_output=True, text=True, check=True
    )
    warned, state, portions, rows = done.stdout.splitlines()
    assert "without its part in C" in warned
    assert "pip install" in warned
    assert (state, portions) == ("transaction open", "[3, 1]")
    assert rows == ascii([("Zoë\\'s", Decimal("1.50"), 1)])
    assert done.stderr == ""


def test_a_session_loads_the_part_in_c_before_a_program_can_be_in_its_way(connect: Connect, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    connect()
    program = """
import sys
if sys.argv[1] == "session":
    from aibasic_kernel.session.session import Session
    Session({}, {}).read_configuration()
import pyarrow, pandas, warnings
from aibasic.modules import MySQLModule
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    mysql = MySQLModule.from_config()
print(*(one.message for one in caught), mysql.execute_query("SELECT 1"))
"""

    def said(first: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", program, first], capture_output=True, text=True, check=True, cwd=tmp_path
        )
        return done.stdout

    assert said("session").split() == ["1", "-", "1", "1", "row"]
    late = said("nothing")
    assert "without its part in C" not in late or "import mysql.connector before pandas and pyarrow" in late
