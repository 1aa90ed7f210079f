"""What the text of a MySQL statement tells without asking the server: read by words, literals and comments left out."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

_LITERAL_OR_COMMENT = re.compile(
    r"""--\s[^\n]*|\#[^\n]*|/\*(?!!).*?\*/|'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`""", re.DOTALL
)
_CHANGES_SCHEMA = re.compile(r"\b(?:create|alter|drop|rename|truncate)\b|(?:^|;)\s*(?:use|call)\b", re.IGNORECASE)
_NAME = r"((?:`[^`]+`|[\w$]+)(?:\.(?:`[^`]+`|[\w$]+))?)"
_LASTING = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (r"\bcreate\s+(?:or\s+replace\s+)?temporary\s+table\s+(?:if\s+not\s+exists\s+)?" + _NAME, "temporary table {}"),
        (r"(?:^|;)\s*set\s+(?!transaction\b)(?:session\s+|@@(?:session\.)?|@)?([\w$]+)\s*:?=", "SET {}"),
        (r"(?:^|;)\s*set\s+(names|character)\b", "SET {}"),
        (r"(?:^|;)\s*prepare\s+" + _NAME, "prepared statement {}"),
        (r"(?:^|;)\s*(lock)\s+tables?\b", "the table locks"),
        (r"\b(get_lock)\s*\(", "an advisory lock"),
        (r"(?:^|;)\s*use\s+" + _NAME, "USE {}"),
    )
)
_DROPS = re.compile(r"\s*drop\s+(?:temporary\s+)?table\s+(?:if\s+exists\s+)?([^;]*?)\s*(?:cascade|restrict)?\s*$", re.I)
_UNLOCKS = re.compile(r"\s*unlock\s+tables?\b", re.IGNORECASE)
_COMMITS = re.compile(
    r"(?:^|;)\s*(?:commit|begin|start\s+transaction|create|alter|drop|rename|truncate|lock|unlock|grant|revoke|analyze|"
    r"optimize|repair|load|call|set\s+autocommit)\b",
    re.IGNORECASE,
)


class Facts(NamedTuple):
    """What the words of a statement say."""

    changes_schema: bool
    """Tables, or the names by which they are found, may be different afterwards."""
    may_commit: bool
    """It may make an open transaction permanent."""
    leaves: frozenset[str]
    """What it leaves on the connection: temporary tables, settings, locks."""


def bare(statement: str) -> str:
    """The statement with comments blanked, and literals replaced by empty ones; quoted names stay."""

    def instead(match: re.Match[str]) -> str:
        text = match[0]
        return text if text[0] == "`" else "''" if text[0] in "'\"" else " "

    return _LITERAL_OR_COMMENT.sub(instead, statement)


def commits_beside(statement: str) -> str:
    """Of a statement that is not there to end a transaction, the words that end it: `CREATE TABLE`; "" for none."""
    parts = [part.split() for part in bare(statement).split(";") if part.strip()]
    if any(words[0].upper() in ("COMMIT", "ROLLBACK") for words in parts):
        return ""
    committing = (words for words in parts if _COMMITS.match(" ".join(words)))
    return " ".join(next(committing, [])[:2]).upper()


def lasting(statement: str, before: frozenset[str] = frozenset()) -> frozenset[str]:
    """What is left on the connection after a statement, given what was before."""
    left = set(before) | facts(statement).leaves
    if not left:
        return frozenset()
    for part in bare(statement).split(";"):
        if dropped := _DROPS.match(part):
            left -= {f"temporary table {name.strip()}" for name in dropped[1].split(",")}
        elif _UNLOCKS.match(part):
            left.discard("the table locks")
    return frozenset(left)


@functools.lru_cache(maxsize=256)
def facts(statement: str) -> Facts:
    """Read a statement's words. To be asked of the text without its parameters, which may be large."""
    words = bare(statement)
    return Facts(
        changes_schema=_CHANGES_SCHEMA.search(words) is not None,
        may_commit=_COMMITS.search(words) is not None,
        leaves=frozenset(say.format(m[1]) for pattern, say in _LASTING if (m := pattern.search(words))),
    )
