"""READONLY: the server enforces it, by transactions that begin as read-only; what would lift that is not sent.

PostgreSQL lets every session change the setting back. What the words of a statement do not tell, the server does: from
14 on it reports the setting whenever it changes, so a session that has come to be able to write is closed before its
next statement.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aibasic.modules.postgres.statements import bare

if TYPE_CHECKING:
    from aibasic.modules.postgres.driver import Connection

OPTION = "default_transaction_read_only"
_WRITING_TRANSACTION = re.compile(r"\bread\s+write\b", re.IGNORECASE)
# A block may commit, and what it does then begins a new transaction.
_BLOCK = re.compile(r"(?:^|;)\s*do\b", re.IGNORECASE)
_SETTING = re.compile(r"\b(?:set|reset|set_config|alter|update)\b", re.IGNORECASE)
_NAME = re.compile(r"transaction_read_only", re.IGNORECASE)


def check(connection: Connection, statement: str) -> None:
    """PermissionError for a statement that would let a read-only session write, or comes after one that did."""
    if connection.info.parameter_status(OPTION) == "off":
        connection.close()
        raise PermissionError(f"{_has(connection)}, and the session could write: it was closed, nothing was sent")
    if _lifts(statement):
        raise PermissionError(f"{_has(connection)}, so this was not sent: {statement}")


def check_mode(connection: Connection, readonly: object) -> None:
    """PermissionError for a transaction mode that would let a read-only session write."""
    if readonly is not None and not readonly:
        raise PermissionError(f"{_has(connection)}, so its transactions stay read-only")


def _lifts(statement: str) -> bool:
    words = bare(statement)
    if _WRITING_TRANSACTION.search(words) or _BLOCK.search(words):
        return True
    return _NAME.search(statement) is not None and _SETTING.search(words) is not None


def _has(connection: Connection) -> str:
    return f"[{connection.section}] has READONLY = true"
