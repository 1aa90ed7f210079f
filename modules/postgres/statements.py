"""What the text of a statement tells without asking the server: read by words, literals and comments left out."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

# Runs of ordinary characters are taken as a whole: one by one they would cost memory for each.
_LITERAL_OR_COMMENT = re.compile(
    r"""--[^\n]*|/\*.*?\*/|[eE]'[^'\\]*(?:(?:\\.|'')[^'\\]*)*'|'[^']*(?:''[^']*)*'|"[^"]*(?:""[^"]*)*\""""
    r"""|\$(\w*)\$.*?\$\1\$""",
    re.DOTALL,
)
_MAY_CHANGE_SCHEMA = re.compile(
    r"\b(?:create|alter|drop)\b"
    r"|(?:^|;)\s*(?:comment|import|grant|revoke|do|call|rollback|abort|discard|reset|set)\b"
    r"|(?:^|;)\s*(?:select|with)\b[^;]*\binto\b",
    re.IGNORECASE,
)
_QUERY = re.compile(r"\s*\(*\s*(?:select|values|table|with)\b", re.IGNORECASE)
_READS = re.compile(r"\(|\b(?:from|table)\b", re.IGNORECASE)
_NO_SUBQUERY = re.compile(r"\b(?:insert|update|delete|merge|into)\b(?<!for\supdate)", re.IGNORECASE)
_REMEMBERED_LENGTH = 2000
_NAME = r"([\w.'$]+)"
_LASTING = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), words)
    for pattern, words in (
        (r"\bcreate\s+(?:(?:local|global)\s+)?temp(?:orary)?\s+(?:table|view|sequence)\s+(?:if\s+not\s+exists\s+)?"
         + _NAME, "temporary table {}"),
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
_DROPS = re.compile(
    r"\s*drop\s+(?:table|view|sequence)\s+(?:if\s+exists\s+)?([^;]*?)\s*(?:cascade|restrict)?\s*$", re.IGNORECASE
)
_RESETS = re.compile(r"\s*reset\s+([\w.]+)", re.IGNORECASE)
_MAY_TOUCH_SESSION = re.compile(
    r"\b(?:temp|temporary|declare|pg_(?:try_)?advisory_lock(?:_shared)?|set_config)\b"
    r"|(?:^|;)\s*(?:set|reset|discard|drop|prepare|listen)\b",
    re.IGNORECASE,
)
_MAY_RUN_OTHERS = re.compile(r"(?:^|;)\s*(?:do|call|execute|load)\b|\bpg_temp\b", re.IGNORECASE)
_ONLY_BEGINS = re.compile(r"\s*(?:begin|start\s+transaction)\b[^;]*;?\s*", re.IGNORECASE)
_MAY_COMMIT = re.compile(r"\b(?:commit|end|prepare)\b", re.IGNORECASE)
_ON_COMMIT_DROP = re.compile(r"\bon\s+commit\s+drop\b", re.IGNORECASE)


class Facts(NamedTuple):
    """What the words of a statement say."""

    changes_schema: bool
    """Tables, or the names by which they are found, may be different afterwards."""
    touches_session: bool
    """It may leave something on the connection, or take it away."""
    runs_others: bool
    """It runs code that its words do not tell: that may leave on the connection what `lasting` does not name."""
    unbounded_query: bool
    """A single query that may stand where a table may, and whose text alone does not bound its rows."""


def facts(statement: str) -> Facts:
    """Read a statement's words; what was read of short ones is remembered."""
    return _remembered(statement) if len(statement) < _REMEMBERED_LENGTH else _read(statement)


def bare(statement: str) -> str:
    """The statement with comments blanked, and literals and quoted names replaced by empty ones."""
    return _LITERAL_OR_COMMENT.sub(lambda match: " " if _is_comment(match) else "''", statement)


def closed(statement: str) -> tuple[int, str]:
    """Where the blanks, comments and semicolons behind everything else begin, and these without the semicolons."""

    def masked(match: re.Match[str]) -> str:
        return ("\0" if _is_comment(match) else "'") * (match.end() - match.start())

    kept = _LITERAL_OR_COMMENT.sub(masked, statement)
    end = len(kept.rstrip("; \t\n\r\f\v\0"))
    behind = zip(kept[end:], statement[end:], strict=True)
    return end, "".join(" " if mask == ";" else character for mask, character in behind)


def _is_comment(match: re.Match[str]) -> bool:
    return match.string.startswith(("--", "/*"), match.start())


def lasting(statement: str, before: frozenset[str] = frozenset()) -> frozenset[str]:
    """What is left on the connection after a statement (temporary tables, settings, locks), given what was before."""
    if not facts(statement).touches_session:
        return before
    left = set(before)
    # PostgreSQL folds what is not quoted to lower case.
    for part in bare(statement).lower().split(";"):
        if _CLEARS_ALL.match(part):
            left.clear()
        elif dropped := _DROPS.match(part):
            left -= {f"temporary table {name.strip()}" for name in dropped[1].split(",")}
        elif reset := _RESETS.match(part):
            left = {what for what in left if what != f"SET {reset[1]}" and (reset[1] != "all" or what[:4] != "SET ")}
        elif not _ON_COMMIT_DROP.search(part):
            left.update(words.format(*m.groups()) for pattern, words in _LASTING if (m := pattern.search(part)))
    return frozenset(left)


def keeps_nothing(statement: str, in_transaction: bool) -> bool:
    """Whether nothing that it changes can last, unless a later statement commits it."""
    words = bare(statement)
    return _ONLY_BEGINS.fullmatch(words) is not None or (in_transaction and _MAY_COMMIT.search(words) is None)


def _read(statement: str) -> Facts:
    words = bare(statement)
    query = bare(statement[: closed(statement)[0]])
    return Facts(
        changes_schema=_MAY_CHANGE_SCHEMA.search(words) is not None,
        touches_session=_MAY_TOUCH_SESSION.search(words) is not None,
        runs_others=_MAY_RUN_OTHERS.search(words) is not None,
        unbounded_query=(
            ";" not in query
            and _QUERY.match(query) is not None
            and _READS.search(query) is not None
            and _NO_SUBQUERY.search(query) is None
        ),
    )


_remembered = functools.lru_cache(maxsize=256)(_read)
