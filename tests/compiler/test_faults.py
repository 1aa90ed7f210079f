"""Which errors other code could mend, by what the drivers of the six services and Python itself raise."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable

import opensearchpy
import pandas as pd
import psycopg2
import pytest
import redis
from mysql.connector import errors as mysql

from aibasic_kernel.compiler.faults import is_fault_of_code
from aibasic_kernel.errors import AIBasicError, BudgetError, ProviderError, Refused, ReplyError


class _Postgres(psycopg2.Error):
    """As the server's errors are, whose code only the driver itself can set."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state

    pgcode = property(lambda self: self.state)


def kafka(name: str) -> Exception:
    """As the driver's errors are; its import warns."""
    kind: type[Exception] = type(name, (Exception,), {"__module__": "kafka.errors"})
    return kind()


def raised(action: Callable[[], object]) -> BaseException:
    try:
        action()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def sqlite(sql: str, file: str = ":memory:") -> BaseException:
    def ask() -> None:
        connection = sqlite3.connect(file)
        try:
            connection.execute("CREATE TABLE t (a INT UNIQUE)")
            connection.execute("INSERT INTO t VALUES (1)")
            connection.execute(sql)
        finally:
            connection.close()

    return raised(ask)


FRAME = pd.DataFrame({"a": ["x"]})

MENDABLE = [
    raised(lambda: FRAME["b"]),
    raised(lambda: FRAME.nope()),
    raised(lambda: FRAME["a"].astype(int)),
    raised(lambda: json.loads("{")),
    NameError("x"),
    SyntaxError("x"),
    ModuleNotFoundError("No module named 'polars'"),
    *map(_Postgres, ("42703", "42P01", "42601", "42883", "22P02", "21000", "0A000")),
    mysql.ProgrammingError(errno=1054, sqlstate="42S22"),
    mysql.ProgrammingError(errno=1146, sqlstate="42S02"),
    mysql.ProgrammingError(errno=1064, sqlstate="42000"),
    mysql.IntegrityError(errno=1052, sqlstate="23000"),
    mysql.DataError(errno=1292, sqlstate="22007"),
    redis.ResponseError("WRONGTYPE Operation against a key holding the wrong kind of value"),
    redis.ResponseError("value is not an integer or out of range"),
    redis.DataError("Invalid input of type: 'dict'"),
    opensearchpy.RequestError(400, "parsing_exception", {}),
    opensearchpy.NotFoundError(404, "index_not_found_exception", {}),
    kafka("InvalidTopicError"),
    LookupError("queue 'jbos': NOT_FOUND - no queue 'jbos' in vhost '/' (404)"),
    sqlite("SELECT nope FROM t"),
    sqlite("SELEC 1"),
    ReplyError("The model answered with prose."),
]
NOT_MENDABLE = [
    FileNotFoundError("x"), PermissionError("x"), ConnectionRefusedError("x"), TimeoutError("x"), MemoryError(),
    ZeroDivisionError("x"), RuntimeError("Failed to connect to RabbitMQ: connection refused"), AssertionError("x"),
    KeyboardInterrupt(), SystemExit(), Refused("x"),
    KeyError("Missing [postgres] section in aibasic.conf"),
    ModuleNotFoundError("No module named 'pika'\n  pip install 'aibasic-kernel[rabbitmq]'"),
    *map(_Postgres, ("42501", "22012", "23505", "28P01", "3D000", "40001", "57014", "25006", "25P02", "08006")),
    psycopg2.OperationalError("server closed the connection unexpectedly"),
    mysql.ProgrammingError(errno=1045, sqlstate="28000"),
    mysql.ProgrammingError(errno=1142, sqlstate="42000"),
    mysql.ProgrammingError(errno=1049, sqlstate="42000"),
    mysql.IntegrityError(errno=1062, sqlstate="23000"),
    mysql.InterfaceError(errno=2003, msg="Can't connect"),
    mysql.OperationalError(errno=2013, sqlstate="HY000"),
    redis.ConnectionError("x"), redis.AuthenticationError("WRONGPASS"), redis.exceptions.NoPermissionError("NOPERM"),
    redis.exceptions.ReadOnlyError("x"), redis.ResponseError("MISCONF Redis is configured to save"),
    opensearchpy.ConnectionError("N/A", "x", None), opensearchpy.AuthenticationException(401, "x", {}),
    opensearchpy.ConflictError(409, "version_conflict", {}), opensearchpy.NotFoundError(404, "document", {}),
    opensearchpy.TransportError(503, "x", {}),
    kafka("KafkaTimeoutError"), kafka("NoBrokersAvailable"),
    sqlite("INSERT INTO t VALUES (1)"), sqlite("SELECT 1", "/no/such/folder/file"),
    ReplyError("The model cannot compile this line: no", is_final=True), ProviderError("x"), BudgetError("x"),
    AIBasicError("x"),
]  # fmt: skip


@pytest.mark.parametrize("error", MENDABLE, ids=repr)
def test_what_other_code_could_mend(error: BaseException) -> None:
    assert is_fault_of_code(error)


@pytest.mark.parametrize("error", NOT_MENDABLE, ids=repr)
def test_what_no_code_mends(error: BaseException) -> None:
    assert not is_fault_of_code(error)
