"""READONLY: the server enforces it, by transactions that begin as read-only; what would lift that is not sent.

Nor is what such a transaction lets through all the same: programs, files, large objects and settings of the server,
other sessions, messages to them.

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
# Under a name that is put together it could be any setting.
_COMPUTED_SETTING = re.compile(r"\bset_config\s*\(\s*(?!''\s*,)", re.IGNORECASE)
_LET_THROUGH = re.compile(
    r"""(?:^|;) \s* (?: alter\s+system | notify | load ) \b
      | (?:^|;) \s* copy\b [^;]*? \bto\s+ (?: program\b | (?:u&)?'' )
      | \b(?: lo_(?:creat\w*|put|from_bytea|import|export|unlink|truncate\w*) | lowrite | dblink\w* | cron_\w+
           | pg_(?: file_\w+ | notify | logical_emit_message | logical_slot_get_\w+ | reload_conf | rotate_logfile
                  | promote | terminate_backend | cancel_backend | switch_wal | wal_replay_(?:pause|resume)
                  | stat_\w*reset\w* | (?:create|drop|copy|import|replication|backup)_\w+
                  | (?:start|stop)_backup ) ) \s* \(""",
    re.IGNORECASE | re.VERBOSE,
)


def check(connection: Connection, statement: str) -> None:
    """PermissionError for a statement that would write, that would let the session write, or that comes after one."""
    if connection.info.parameter_status(OPTION) == "off":
        connection.close()
        raise PermissionError(f"{_has(connection)}, and the session could write: it was closed, nothing was sent")
    if _writes(statement):
        raise PermissionError(f"{_has(connection)}, so this was not sent: {statement}")


def check_mode(connection: Connection, readonly: object) -> None:
    """PermissionError for a transaction mode that would let a read-only session write."""
    if readonly is not None and not readonly:
        raise PermissionError(f"{_has(connection)}, so its transactions stay read-only")


def _writes(statement: str) -> bool:
    words = bare(statement)
    if any(pattern.search(words) for pattern in (_WRITING_TRANSACTION, _BLOCK, _COMPUTED_SETTING, _LET_THROUGH)):
        return True
    return _NAME.search(statement) is not None and _SETTING.search(words) is not None


def _has(connection: Connection) -> str:
    return f"[{connection.section}] has READONLY = true"
