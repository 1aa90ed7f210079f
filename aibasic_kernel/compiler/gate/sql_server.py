"""What the other statements do: rights, settings, maintenance, routines, files of the server."""

from __future__ import annotations

from collections.abc import Iterator

from aibasic.modules.effects import Kind

from aibasic_kernel.compiler.gate.consequence import Consequence
from aibasic_kernel.compiler.gate.sql_reader import Reader
from aibasic_kernel.compiler.gate.sql_tokens import TEXT, Statement, in_threes

# They read, tend the tables, or are about the session alone; what a transaction did is judged where it is done.
_HARMLESS = frozenset(
    """
    show help use begin start commit end rollback abort savepoint release vacuum listen unlisten fetch move close
    deallocate discard checkpoint reindex check checksum optimize repair xa handler lock unlock
    pragma attach detach
    """.split()  # noqa: SIM905
)
_DOES = {
    "grant": (Kind.DESTRUCTIVE, "gives rights"),
    "revoke": (Kind.DESTRUCTIVE, "takes rights away"),
    "reassign": (Kind.DESTRUCTIVE, "gives all that somebody owns to somebody else"),
    "kill": (Kind.DESTRUCTIVE, "ends the connection of another session"),
    "shutdown": (Kind.DESTRUCTIVE, "shuts the server down"),
    "restart": (Kind.DESTRUCTIVE, "restarts the server"),
    "purge": (Kind.DESTRUCTIVE, "deletes logs of the server"),
    "stop": (Kind.DESTRUCTIVE, "stops the replica"),
    "change": (Kind.DESTRUCTIVE, "changes what the replica follows"),
    "install": (Kind.DESTRUCTIVE, "loads code into the server"),
    "uninstall": (Kind.DESTRUCTIVE, "takes code from the server"),
    "notify": (Kind.WRITE, "sends a notification"),
    "refresh": (Kind.WRITE, "computes a materialized view anew"),
    "cluster": (Kind.WRITE, "sorts a table anew"),
    "comment": (Kind.WRITE, "changes a comment"),
    "security": (Kind.DESTRUCTIVE, "changes a security label"),
    "import": (Kind.WRITE, "creates foreign tables"),
    "flush": (Kind.WRITE, "empties caches of the server"),
    "binlog": (Kind.STATEMENT, "carries out changes that cannot be read"),
}
_ALLOWS_WRITES = frozenset(
    """
    default_transaction_read_only transaction_read_only tx_read_only read_only super_read_only sql_safe_updates
    foreign_key_checks unique_checks session_replication_role row_security
    """.split()  # noqa: SIM905
)


def judge(head: str, reader: Reader, statement: Statement) -> Iterator[Consequence]:
    """What a statement does whose first word is none of those that query, change or define."""
    if head == "begin" and reader.accept("not", "atomic"):
        yield Consequence(Kind.STATEMENT, "runs a block of code, which cannot be judged")
    elif head in ("set", "reset"):
        yield from _set(head, reader)
    elif head == "load":
        yield from _load(reader)
    elif head == "do":
        yield from _do(reader)
    elif head == "call":
        yield Consequence(Kind.STATEMENT, f"calls the procedure {reader.name()}, of which nothing is known")
    elif head == "rename":
        reader.accept_any("table", "user")
        yield Consequence(Kind.DESTRUCTIVE, f"renames {reader.name()}")
    elif head in _DOES:
        kind, words = _DOES[head]
        said = " ".join(token.text for token in statement[1:8]) if head in ("grant", "revoke") else ""
        yield Consequence(kind, f"{words}: {said}" if said else words)
    elif head not in _HARMLESS:
        yield Consequence(Kind.STATEMENT, f"runs {statement[0].text}, which cannot be judged")


def outfile(statement: Statement) -> Consequence | None:
    """MySQL's `INTO OUTFILE`, wherever it stands."""
    for into, word, file in in_threes(statement):
        if into.lower == "into" and word.lower in ("outfile", "dumpfile"):
            return Consequence(Kind.DESTRUCTIVE, f"writes the server's file {file.text}")
    return None


def _set(head: str, reader: Reader) -> Iterator[Consequence]:
    words = [token.lower for token in reader.rest]
    if head == "reset" and reader.next.lower in ("master", "replica", "slave", "binary", "persist"):
        yield Consequence(Kind.DESTRUCTIVE, f"clears what the server keeps of its {reader.next.lower}")
    elif any(word in ("global", "persist", "persist_only", "password") for word in words[:3]):
        yield Consequence(Kind.DESTRUCTIVE, "changes a setting of the whole server")
    elif "write" in words or _ALLOWS_WRITES & set(words):
        yield Consequence(Kind.WRITE, "takes away a protection of this session")


def _load(reader: Reader) -> Iterator[Consequence]:
    if reader.accept_any("data", "xml"):
        reader.skip_to("into")
        reader.accept("table")
        name = reader.name()
        yield Consequence(Kind.WRITE, f"adds rows to {name}", table=name)
    elif reader.next.kind == TEXT:
        yield Consequence(Kind.DESTRUCTIVE, f"loads a library into the server: {reader.next.text}")


def _do(reader: Reader) -> Iterator[Consequence]:
    """PostgreSQL's DO runs a block of code, MySQL's evaluates expressions."""
    if reader.accept("language"):
        reader.take()
    if reader.next.kind == TEXT:
        yield Consequence(Kind.STATEMENT, "runs a block of code (DO), which cannot be judged")
    elif any(token.lower == "select" for token in reader.rest):
        yield Consequence(Kind.STATEMENT, "evaluates a query (DO), which cannot be judged")
