"""Queries that look something up beside the user's work: they may only read, end in time, and leave no mark."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mysql.connector.errors import NotSupportedError

if TYPE_CHECKING:
    from aibasic.modules.mysql.driver import Connection

_SAVEPOINT = "aibasic_probe"
_SELECT = re.compile(r"\s*select\b(?!.*;\s*\S)", re.IGNORECASE | re.DOTALL)


def alone(connection: Connection, query: str, seconds: float) -> list[tuple[Any, ...]]:
    """Run a query outside any transaction."""
    final = _bounded(connection, query, seconds)
    connection.send("START TRANSACTION READ ONLY")
    try:
        return connection.rows(final)
    finally:
        connection.send("ROLLBACK")


def in_savepoint(connection: Connection, query: str, seconds: float) -> list[tuple[Any, ...]]:
    """Run a query within the open transaction, which is afterwards as it was."""
    final = _bounded(connection, query, seconds)
    connection.send(f"SAVEPOINT {_SAVEPOINT}")
    try:
        return connection.rows(final)
    finally:
        connection.send(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}")
        connection.send(f"RELEASE SAVEPOINT {_SAVEPOINT}")


def _bounded(connection: Connection, query: str, seconds: float) -> str:
    """The query so that the server ends it; a NotSupportedError for what is no SELECT, and could commit."""
    from aibasic.modules.mysql.opening import is_mariadb

    match = _SELECT.match(query)
    if match is None:
        raise NotSupportedError("only a SELECT can be looked up")
    if is_mariadb(connection):
        return f"SET STATEMENT max_statement_time = {max(0.001, seconds):.3f} FOR {query}"
    return f"{match[0]} /*+ MAX_EXECUTION_TIME({max(1, round(1000 * seconds))}) */{query[match.end() :]}"
