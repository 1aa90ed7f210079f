"""What statements do that define, change and drop tables, views, users and the like."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from aibasic.modules.effects import Kind

from aibasic_kernel.compiler.gate.consequence import Consequence
from aibasic_kernel.compiler.gate.sql_reader import Reader, listed

_MODIFIERS = frozenset({
    "unlogged", "unique", "fulltext", "spatial", "materialized", "recursive", "foreign", "constraint", "trusted",
    "procedural", "default", "external", "aggregate", "algorithm", "definer",
})  # fmt: skip
_TWO_WORDS = {
    "materialized": "view", "foreign": "table", "event": "trigger", "access": "method", "operator": "class",
    "owned": "by", "resource": "group", "user": "mapping", "text": "search",
}  # fmt: skip
_PEOPLE = frozenset({"role", "user", "group"})
_WIDER = frozenset({"text", "bigint", "longtext", "mediumtext", "longblob", "double", "jsonb"})
_RIGHTS = frozenset({"superuser", "createrole", "createdb", "bypassrls", "replication"})


def is_temporary(name: str, temporary: Collection[str]) -> bool:
    """Whether a table is one of the session's own: in its schema, or among these names in any case."""
    schema, _, bare = name.rpartition(".")
    return schema.lower() == "pg_temp" or (not schema and bare.lower() in temporary)


def drop(reader: Reader, temporary: Collection[str]) -> Iterator[Consequence]:
    """DROP of anything. Only the session's own temporary tables are no loss."""
    if reader.accept_any("temporary", "temp"):
        return
    kind = reader.take().lower
    if kind in ("materialized", "foreign", "event", "owned", "access", "text", "operator") and reader.next.lower:
        second = _TWO_WORDS.get(kind, "")
        kind = f"{kind} {second}" if second and reader.accept(second) else kind
    if kind == "prepare":
        return
    reader.accept("concurrently")
    reader.accept("if", "exists")
    names = [name for name in reader.names() if not is_temporary(name, temporary)]
    if not names:
        return
    table = names[0] if kind == "table" and len(names) == 1 else ""
    said = f"drops everything that {listed(names)} owns" if kind == "owned by" else f"drops the {kind} {listed(names)}"
    if reader.accept("on"):
        said += f" of {reader.name()}"
    with_others = reader.skip_to("cascade")
    yield Consequence(Kind.DESTRUCTIVE, said + (" and all that depends on it" if with_others else ""), table=table)


def truncate(reader: Reader, temporary: Collection[str]) -> Iterator[Consequence]:
    """TRUNCATE."""
    reader.accept("table")
    reader.accept("only")
    names = [name for name in reader.names() if not is_temporary(name, temporary)]
    if names:
        with_others = " and of the tables that refer to it" if reader.skip_to("cascade") else ""
        table = names[0] if len(names) == 1 else ""
        yield Consequence(Kind.DESTRUCTIVE, f"deletes all rows of {listed(names)}{with_others}", table=table)


def create(reader: Reader) -> Iterator[Consequence]:
    """CREATE of anything."""
    replaces = reader.accept("or", "replace")
    reader.accept_any("local", "global")
    if reader.accept_any("temp", "temporary"):
        kind = reader.take().lower
        reader.accept("if", "not", "exists")
        yield Consequence(Kind.WRITE, f"creates the temporary {kind} {reader.name()}")
        return
    while reader.next.lower in _MODIFIERS:
        reader.take()
    if reader.next.text == "=":  # MySQL's `DEFINER = somebody`
        reader.skip_to("view", "function", "procedure", "trigger", "event", "sql")
        yield Consequence(Kind.WRITE, f"defines {reader.name() or 'a routine'}")
        return
    kind = reader.take().lower
    reader.accept("concurrently")
    reader.accept("if", "not", "exists")
    name = reader.name()
    if kind in _PEOPLE:
        strong = _RIGHTS & {token.lower for token in reader.rest}
        rights = f" with the right {listed(sorted(strong))}" if strong else ""
        yield Consequence(Kind.DESTRUCTIVE if strong else Kind.WRITE, f"creates the {kind} {name}{rights}")
    elif replaces and kind in ("table", "database", "sequence"):
        yield Consequence(Kind.DESTRUCTIVE, f"drops the {kind} {name}, if there is one, and creates it anew",
                          table=name if kind == "table" else "")  # fmt: skip
    elif kind == "table":
        yield Consequence(Kind.WRITE, f"creates the table {name}")
    else:
        yield Consequence(Kind.WRITE, f"{'replaces' if replaces else 'creates'} the {kind} {name}".rstrip())


def alter(reader: Reader, temporary: Collection[str]) -> Iterator[Consequence]:
    """ALTER of anything."""
    kind = reader.take().lower
    if kind == "system" or kind == "instance":
        yield Consequence(Kind.DESTRUCTIVE, "changes a setting of the server")
        return
    if kind in _TWO_WORDS:
        reader.accept(_TWO_WORDS[kind])
    reader.accept("if", "exists")
    reader.accept("only")
    name = reader.name()
    if kind in _PEOPLE or (kind == "default" and name.lower() == "privileges"):
        yield Consequence(
            Kind.DESTRUCTIVE, f"changes what the {kind} {name} may do".replace("default privileges", "default")
        )
        return
    if is_temporary(name, temporary):
        return
    if reader.next.text == "*":
        reader.take()
    found = [consequence for part in reader.parts() if (consequence := _action(part, kind, name)) is not None]
    yield from found or [Consequence(Kind.WRITE, f"changes the {kind} {name}")]


def _action(action: Reader, kind: str, name: str) -> Consequence | None:
    """What one action of ALTER destroys."""
    verb = action.take().lower
    if verb == "drop":
        return _dropped(action, kind, name)
    if verb in ("truncate", "discard", "exchange"):
        return Consequence(Kind.DESTRUCTIVE, f"deletes rows of {name} ({verb} of a part)", table=name)
    if verb in ("detach", "coalesce", "reorganize", "remove"):
        return Consequence(Kind.DESTRUCTIVE, f"takes a part from {name} ({verb})", table=name)
    if verb == "disable":
        return Consequence(Kind.DESTRUCTIVE, f"switches off {' '.join(t.text for t in action.rest)} of {name}")
    if verb in ("alter", "modify", "change"):
        return _changed_column(action, verb, name)
    return None


def _dropped(action: Reader, kind: str, name: str) -> Consequence:
    what = (
        action.accept_any("constraint", "column", "index", "key", "partition", "check", "attribute", "value")
        or "column"
    )
    if what == "column" and action.accept("foreign", "key"):
        what = "foreign key"
    elif what == "column" and action.accept("primary", "key"):
        return Consequence(Kind.DESTRUCTIVE, f"drops the primary key of {name}")
    action.accept("if", "exists")
    return Consequence(
        Kind.DESTRUCTIVE,
        f"drops the {what} {action.name()} of {name}" if kind != "domain" else f"changes the domain {name}",
    )


def _changed_column(action: Reader, verb: str, name: str) -> Consequence | None:
    action.accept("column")
    column = action.name()
    if verb == "change":
        action.name()
    if verb == "alter":
        action.accept("set", "data")
        if not action.accept("type"):
            return None
    if action.next.lower in _WIDER:
        return None
    return Consequence(Kind.DESTRUCTIVE, f"changes the type of {column} of {name}, which may lose values")
