"""What SQL would do: each statement judged by its first words, and where it changes rows by its tree."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from aibasic.modules.effects import Kind

from aibasic_kernel.compiler.gate import sql_functions, sql_rows, sql_server, sql_structure
from aibasic_kernel.compiler.gate.consequence import Consequence, unique
from aibasic_kernel.compiler.gate.sql_reader import Reader
from aibasic_kernel.compiler.gate.sql_tokens import (
    END,
    NAME,
    NUMBER,
    PARAMETER,
    TEXT,
    WORD,
    Statement,
    in_threes,
    plain_text,
    statements,
)

_LONGEST_REMEMBERED = 20_000
_CHANGING = frozenset({"insert", "update", "delete", "merge", "into"})
_QUERIES = frozenset({"select", "with", "values", "table", "from"})
_HASTE = frozenset({"low_priority", "quick", "ignore"})
"""Words of MySQL behind the first one of a statement."""
_NO_COLUMNS = frozenset({"true", "false", "null", "current_date", "current_user", "localtime"})
_WIDENING = frozenset(
    {"or", "xor", "not", "between", "case", "with", "union", "join", "using", "(", "|", "!", "&", "^", "<", "~"}
)
_CHANGES_ROWS = frozenset({"update", "delete", "merge"})


def judge_sql(text: str, dialect: str, temporary: Collection[str] = ()) -> tuple[Consequence, ...]:
    """What a text of one or more statements would do; () where it surely only reads or sets its own session.

    `dialect` is sqlglot's name (`postgres`, `mysql`). Parameters (`%s`) may stand for values. `temporary` are the
    session's temporary tables: what happens to them, or to those that the text itself makes, is no loss.
    """
    known = frozenset(name.lower() for name in temporary)
    return remembered(text, dialect, known) if len(text) < _LONGEST_REMEMBERED else _judged(text, dialect, known)


def temporary_tables(text: str, dialect: str) -> frozenset[str]:
    """The temporary tables that a text makes, in lower case."""
    made: set[str] = set()
    if "temp" not in text.lower():
        return frozenset()
    for statement in statements(text, dialect):
        made.update(_temporary(statement))
    return frozenset(made)


@dataclass
class _Session:
    """What the statements of a text may lean on."""

    dialect: str
    temporary: set[str]
    prepared: set[str] = field(default_factory=set)

    @property
    def only_reads(self) -> bool:
        """Whether no function of its does anything: those of SQLite that do are the program's own."""
        return self.dialect == "sqlite"


def _judged(text: str, dialect: str, temporary: frozenset[str]) -> tuple[Consequence, ...]:
    session = _Session(dialect, set(temporary))
    found: list[Consequence] = []
    for statement in statements(text, dialect):
        found += _statement(statement, session)
        session.temporary.update(_temporary(statement))
    return unique(found)


@lru_cache(maxsize=1024)
def remembered(text: str, dialect: str, temporary: frozenset[str]) -> tuple[Consequence, ...]:
    """The same for texts that are not long, which often come again."""
    return _judged(text, dialect, temporary)


def _statement(statement: Statement, session: _Session) -> Iterator[Consequence]:
    if not session.only_reads:
        yield from sql_functions.effects_of_functions(statement, lambda text: not any(_text(text, session)))
    reader = Reader(statement)
    while reader.next.text == "(":
        reader.take()
    head = reader.take().lower
    if head in _QUERIES or head in _CHANGES_ROWS:
        yield from _rows(statement, head, session)
    elif head in ("insert", "replace"):
        yield from _insert(statement, reader, head, session)
    elif head in ("drop", "truncate", "alter"):
        judge = {"drop": sql_structure.drop, "truncate": sql_structure.truncate, "alter": sql_structure.alter}[head]
        yield from judge(reader, session.temporary)
    elif head == "create":
        yield from sql_structure.create(reader)
    elif head in _WITH_INNER:
        yield from _WITH_INNER[head](reader, session)
    else:
        yield from sql_server.judge(head, reader, statement)


def _rows(statement: Statement, head: str, session: _Session) -> Iterator[Consequence]:
    """A query, or a statement that changes rows. What only reads by its words needs no tree."""
    if head in ("delete", "update"):
        statement = [token for at, token in enumerate(statement) if at == 0 or at > 3 or token.lower not in _HASTE]
    name = _of_one_value(statement, head)
    if name:
        if not sql_structure.is_temporary(name, session.temporary):
            yield Consequence(Kind.WRITE, f"{'deletes' if head == 'delete' else 'changes'} rows of {name}", table=name)
        return
    outfile = sql_server.outfile(statement)
    if outfile is not None:
        yield outfile
        return
    may_change = head in _CHANGES_ROWS or _may_change(statement)
    if not may_change and (session.only_reads or all(map(sql_functions.only_reads, sql_functions.called(statement)))):
        return
    tree = sql_rows.parsed(plain_text(statement), session.dialect)
    if tree is not None:
        yield from sql_rows.changes(tree, session.temporary)
        yield from () if session.only_reads else sql_rows.functions(tree)
    elif _at_cursor(statement):
        yield Consequence(Kind.WRITE, "changes the row of a cursor")
    elif may_change:
        yield Consequence(Kind.STATEMENT, f"runs a statement that cannot be read: {_shown(statement)}")


def _of_one_value(statement: Statement, head: str) -> str:
    """The table of a DELETE or UPDATE whose condition ends in `and column = 3`, with nothing that could widen it.

    Many of them come in loops, and no tree is needed to see that they choose their rows; "" for all others.
    """
    *_, before, column, equals, value = (END, END, END, END, *statement)
    if head not in ("delete", "update") or equals.text != "=" or value.kind not in (TEXT, NUMBER, PARAMETER):
        return ""
    plain = before.lower in ("where", "and") and column.kind in (WORD, NAME) and column.lower not in _NO_COLUMNS
    if not plain or any(token.lower in _WIDENING or token.text in _WIDENING for token in statement):
        return ""
    reader = Reader(statement, 1)
    reader.accept("from")
    reader.accept("only")
    name = reader.name()
    return name if reader.next.lower in ("set", "where") else ""


def _may_change(statement: Statement) -> bool:
    """Whether a query may change something: it makes a table, or a statement stands where only one can."""
    return any(
        word.lower == "into" or (word.lower in _CHANGING and token.text in ("", "(", ")") and behind.text != "(")
        for token, word, behind in in_threes((END, *statement))
    )


def _at_cursor(statement: Statement) -> bool:
    words = [token.lower for token in statement]
    return any(words[at : at + 3] == ["where", "current", "of"] for at in range(len(words)))


def _insert(statement: Statement, reader: Reader, head: str, session: _Session) -> Iterator[Consequence]:
    while reader.accept_any("low_priority", "delayed", "high_priority", "ignore", "or", "replace"):
        pass
    overwrites = reader.accept_any("into", "overwrite") == "overwrite"
    reader.accept("table")
    name = reader.name()
    if overwrites:
        yield Consequence(Kind.DESTRUCTIVE, f"replaces all rows of {name}", table=name)
    elif not sql_structure.is_temporary(name, session.temporary):
        said = f"adds rows to {name}" + (", in the place of those with the same key" if head == "replace" else "")
        yield Consequence(Kind.WRITE, said, table=name)
    if reader.skip_to("with") and _may_change(reader.rest):
        tree = sql_rows.parsed(plain_text(statement), session.dialect)
        if tree is None:
            yield Consequence(Kind.STATEMENT, f"runs a statement that cannot be read: {_shown(statement)}")
        else:
            yield from sql_rows.changes(tree, session.temporary)


def _explain(reader: Reader, session: _Session) -> Iterator[Consequence]:
    """EXPLAIN, which with ANALYZE carries the statement out."""
    carried_out = False
    while True:
        if word := reader.accept_any("analyze", "analyse", "verbose", "extended", "partitions"):
            carried_out |= word.startswith("analy")
        elif reader.next.text == "(" and any(token.lower in _EXPLAIN_OPTIONS for token in reader.rest[1:2]):
            options = reader.block()
            carried_out |= any(token.lower in ("analyze", "analyse") for token in options)
        elif reader.accept("format"):
            reader.take()
            reader.take()
        else:
            break
    if carried_out and reader.rest:
        yield from _statement(reader.rest, session)


_EXPLAIN_OPTIONS = frozenset(
    {"analyze", "analyse", "verbose", "costs", "buffers", "format", "timing", "summary", "settings", "wal", "memory",
     "serialize", "generic_plan"}
)  # fmt: skip


def _analyze(reader: Reader, session: _Session) -> Iterator[Consequence]:
    """ANALYZE gathers statistics; MariaDB's ANALYZE of a statement carries it out."""
    if reader.accept("format"):
        reader.take()
        reader.take()
    if reader.next.lower in _QUERIES | _CHANGES_ROWS | {"insert", "replace"} and reader.next.lower != "table":
        yield from _statement(reader.rest, session)


def _prepare(reader: Reader, session: _Session) -> Iterator[Consequence]:
    """PREPARE is judged as what it prepares, for EXECUTE says no more of it."""
    if reader.accept("transaction"):
        return
    name = reader.name()
    if reader.next.text == "(":
        reader.block()
    if reader.accept("as"):
        session.prepared.add(name.lower())
        yield from _statement(reader.rest, session)
    elif reader.accept("from") and reader.next.kind == TEXT:
        session.prepared.add(name.lower())
        yield from _text(reader.next.text, session)
    else:
        yield Consequence(Kind.STATEMENT, f"prepares a statement whose text is not known: {name}")


def _execute(reader: Reader, session: _Session) -> Iterator[Consequence]:
    if reader.accept("immediate") and reader.next.kind == TEXT:
        yield from _text(reader.next.text, session)
        return
    name = reader.name()
    if name.lower() not in session.prepared:
        yield Consequence(Kind.STATEMENT, f"runs a prepared statement whose text is not known: {name}".rstrip(": "))


def _text(literal: str, session: _Session) -> Iterator[Consequence]:
    """A statement that is written as a text within a statement."""
    inner = literal[1:-1].replace(literal[-1] * 2, literal[-1]).replace("\\", "")
    for statement in statements(inner, session.dialect):
        yield from _statement(statement, session)


def _declare(reader: Reader, session: _Session) -> Iterator[Consequence]:
    """A cursor is its query."""
    if reader.skip_to("for"):
        yield from _statement(reader.rest, session)


def _copy(reader: Reader, session: _Session) -> Iterator[Consequence]:
    """PostgreSQL's COPY: of a query, into a table, out of one, and through programs and files of the server."""
    query = reader.block() if reader.next.text == "(" else ()
    name = "" if query else reader.name()
    if query:
        yield from _statement(query, session)
    elif reader.next.text == "(":
        reader.block()
    direction = reader.accept_any("from", "to")
    if reader.accept("program"):
        yield Consequence(Kind.DESTRUCTIVE, f"runs a program on the server: {reader.next.text}")
    elif direction == "to" and reader.next.kind == TEXT:
        yield Consequence(Kind.DESTRUCTIVE, f"writes the server's file {reader.next.text}")
    elif direction == "from" and not sql_structure.is_temporary(name, session.temporary):
        yield Consequence(Kind.WRITE, f"adds rows to {name}", table=name)


_WITH_INNER: dict[str, Callable[[Reader, _Session], Iterator[Consequence]]] = {
    "explain": _explain, "describe": _explain, "desc": _explain, "analyze": _analyze, "prepare": _prepare,
    "execute": _execute, "declare": _declare, "copy": _copy,
}  # fmt: skip


def _temporary(statement: Statement) -> set[str]:
    """The temporary table that a statement makes."""
    reader = Reader(statement)
    if reader.accept("create"):
        reader.accept("or", "replace")
        reader.accept_any("local", "global")
        if reader.accept_any("temp", "temporary"):
            reader.accept_any("table", "view", "sequence")
            reader.accept("if", "not", "exists")
            return {reader.name().lower()}
    elif reader.accept_any("select", "with") and reader.skip_to("into") and reader.accept_any("temp", "temporary"):
        reader.accept("table")
        return {reader.name().lower()}
    return set()


def _shown(statement: Statement, most: int = 60) -> str:
    text = plain_text(statement)
    return text if len(text) <= most else f"{text[: most - 1]}…"
