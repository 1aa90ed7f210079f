"""What the text of a statement tells without asking the server: read by words, literals and comments left out."""

from __future__ import annotations

import functools
import re

_LITERAL_OR_COMMENT = re.compile(
    r"""--[^\n]*|/\*.*?\*/|[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$.*?\$\1\$""", re.DOTALL
)
_MAY_CHANGE_SCHEMA = re.compile(
    r"\b(?:create|alter|drop)\b"
    r"|(?:^|;)\s*(?:comment|import|grant|revoke|do|call|rollback|abort|discard|reset|set)\b"
    r"|(?:^|;)\s*(?:select|with)\b[^;]*\binto\b",
    re.IGNORECASE,
)
_QUERY = re.compile(r"\s*\(*\s*(?:select|values|table|with)\b", re.IGNORECASE)
_NO_SUBQUERY = re.compile(r"\b(?:insert|update|delete|merge|into)\b(?<!for\supdate)", re.IGNORECASE)
_NAME = r"([\w.'$]+)"
_LASTING = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), words)
    for pattern, words in (
        (r"\bcreate\s+(?:(?:local|global)\s+)?temp(?:orary)?\s+(?:table|view|sequence)\s+(?:if\s+not\s+exists\s+)?" + _NAME,
         "temporary table {}"),
        (r"\bselect\b.*\binto\s+temp(?:orary)?\s+(?:table\s+)?" + _NAME, "temporary table {}"),
        (r"^\s*set\s+(?!local\b|transaction\b|constraints\b)(?:session\s+)?" + _NAME, "SET {}"),
        (r"\bset_config\s*\(", "a setting"),
        (r"^\s*prepare\s+(?!transaction\b)" + _NAME, "prepared statement {}"),
        (r"^\s*listen\s+" + _NAME, "LISTEN {}"),
        (r"\bpg_(?:try_)?advisory_lock(?:_shared)?\s*\(", "an advisory lock"),
        (r"\bdeclare\s+" + _NAME + r".*\bwith\s+hold\b", "cursor {}"),
    )
)  # fmt: skip
_CLEARS_ALL = re.compile(r"\s*discard\s+all\b", re.IGNORECASE)
_DROPS = re.compile(r"\s*drop\s+(?:table|view|sequence)\s+(?:if\s+exists\s+)?([^;]*?)\s*(?:cascade|restrict)?\s*$", re.IGNORECASE)
_RESETS = re.compile(r"\s*reset\s+([\w.]+)", re.IGNORECASE)
_ON_COMMIT_DROP = re.compile(r"\bon\s+commit\s+drop\b", re.IGNORECASE)


@functools.lru_cache(maxsize=256)
def bare(statement: str) -> str:
    """The statement with comments blanked, and literals and quoted names replaced by empty ones."""
    return _LITERAL_OR_COMMENT.sub(lambda m: " " if m[0][:2] in ("--", "/*") else "''", statement)


def may_change_schema(statement: str) -> bool:
    """Whether tables, or the names by which they are found, may be different afterwards."""
    return _MAY_CHANGE_SCHEMA.search(bare(statement)) is not None


def lasting(statement: str, before: frozenset[str] = frozenset()) -> frozenset[str]:
    """What is left on the connection beyond the statement's end (temporary tables, settings, locks), given what was before."""
    left = set(before)
    for part in bare(statement).split(";"):
        if _CLEARS_ALL.match(part):
            left.clear()
        elif dropped := _DROPS.match(part):
            left -= {f"temporary table {name.strip()}" for name in dropped[1].split(",")}
        elif reset := _RESETS.match(part):
            left = {what for what in left if what != f"SET {reset[1]}" and (reset[1] != "all" or what[:4] != "SET ")}
        elif not _ON_COMMIT_DROP.search(part):
            left.update(words.format(*m.groups()) for pattern, words in _LASTING if (m := pattern.search(part)))
    return frozenset(left)


def limited(statement: str, rows: int) -> str | None:
    """A query with a limit of one row more than `rows` put round it; None for what is no single plain query.

    The query stands on lines of its own, so that the database's caret points into it; its line numbers are one too high.
    """
    query = statement.rstrip().rstrip(";")
    words = bare(query)
    if ";" in words or not _QUERY.match(words) or _NO_SUBQUERY.search(words):
        return None
    return f"SELECT * FROM (\n{query}\n) AS result LIMIT {rows + 1}"
