"""READONLY: the server enforces it, by a session whose transactions are read-only; what would lift that is not sent.

Nor is what such a transaction lets through all the same: files and settings of the server, its logs, other sessions.

MySQL lets every session change the setting back, and tells nobody when that happened: so statements whose text only the
server knows are not sent either.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from aibasic.modules.effects import Kind
from aibasic.modules.mysql.statement import bare

STATEMENT = "SET SESSION TRANSACTION READ ONLY"
_LIFTS = re.compile(
    r"\bread\s+write\b|\bexecute\s+immediate\b|\bprepare\s+(?:`[^`]+`|[\w$]+)\s+from\s+(?!'')", re.IGNORECASE
)
_LET_THROUGH = re.compile(
    r"""(?:^|;) \s* (?: flush | purge | reset | kill | shutdown | restart | (?:un)?install | change | binlog | clone
                      | (?:start|stop)\s+(?:all|slave|replica) ) \b
      | (?:^|;) \s* set\b (?: [^;]*, )? \s* (?:@@)? (?:global|persist|persist_only) \b
      | \binto\s+(?:outfile|dumpfile)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_NAME = re.compile(r"(?:transaction|tx)_read_only", re.IGNORECASE)
_MARKS = re.compile(r"/\*!\d*|\*/")
_SETTING = re.compile(r"\b(?:set|prepare)\b", re.IGNORECASE)

Announce = Callable[[Kind, str], None]


def guarded(section: str, announce: Announce) -> Announce:
    """`announce`, but with a PermissionError for a statement that would write, or let a read-only session write."""

    def announced(kind: Kind, statement: str) -> None:
        if kind is Kind.STATEMENT and _writes(statement):
            raise PermissionError(f"[{section}] has READONLY = true, so this was not sent: {statement}")
        announce(kind, statement)

    return announced


def _writes(statement: str) -> bool:
    # What stands in a comment with a mark, the server carries out.
    words = _MARKS.sub(" ", bare(statement))
    return bool(_LIFTS.search(words) or _LET_THROUGH.search(words)) or bool(
        _NAME.search(statement) and _SETTING.search(words)
    )
