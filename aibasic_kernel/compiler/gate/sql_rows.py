"""What statements do to rows: told from the tree that sqlglot makes of them."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from aibasic.modules.effects import Kind

from aibasic_kernel.compiler.gate import sql_functions
from aibasic_kernel.compiler.gate.consequence import Consequence
from aibasic_kernel.compiler.gate.sql_structure import is_temporary
from aibasic_kernel.compiler.gate.sql_truth import is_always_true

if TYPE_CHECKING:
    from sqlglot import exp


@lru_cache(maxsize=128)
def parsed(text: str, dialect: str) -> exp.Expr | None:
    """The tree of a statement, only to be read; None for what sqlglot does not read, or skims."""
    import sqlglot
    from sqlglot import errors, exp

    logging.getLogger("sqlglot").setLevel(logging.ERROR)  # it warns of each statement that it does not understand
    try:
        found = [tree for tree in sqlglot.parse(text, read=dialect or None) if tree is not None]
    except (errors.SqlglotError, RecursionError, ValueError):
        return None
    known = len(found) == 1 and isinstance(found[0], (exp.Query, exp.DML)) and found[0].find(exp.Command) is None
    return found[0] if known else None


def changes(tree: exp.Expr, temporary: Collection[str]) -> Iterator[Consequence]:
    """What every part of a tree does that changes rows, those in common table expressions too."""
    from sqlglot import exp

    for node in tree.find_all(exp.Delete, exp.Update, exp.Insert, exp.Merge, exp.Into):
        name = _name(node)
        if is_temporary(name, temporary) or isinstance(node.parent, exp.When):
            continue
        if isinstance(node, exp.Into):
            if _is_named(node.this):
                lasts = "temporary " if node.args.get("temporary") else ""
                yield Consequence(Kind.WRITE, f"creates the {lasts}table {name}")
        elif isinstance(node, exp.Insert):
            yield Consequence(Kind.WRITE, f"adds rows to {name}", table=name)
        elif isinstance(node, exp.Merge):
            yield _merged(node, name)
        else:
            yield _chosen(node, name)


def functions(tree: exp.Expr) -> Iterator[Consequence]:
    """What may come of functions that are not the server's own. A statement that only calls one is like CALL."""
    from sqlglot import exp

    names = dict.fromkeys(
        node.name for node in tree.find_all(exp.Anonymous) if not sql_functions.only_reads(node.name.lower())
    )
    unknown = [name for name in names if name.lower() not in sql_functions.EFFECTS]
    if not unknown:
        return
    reads_tables = any(isinstance(table.this, exp.Identifier) for table in tree.find_all(exp.Table))
    if reads_tables or not isinstance(tree, exp.Select):
        yield from (Consequence(Kind.WRITE, f"calls {name}(), which may write") for name in unknown)
    else:
        yield from (Consequence(Kind.STATEMENT, f"calls {name}(), of which nothing is known") for name in unknown)


def _chosen(node: exp.Expr, name: str) -> Consequence:
    """What a DELETE or UPDATE does, by whether anything chooses the rows."""
    from sqlglot import exp

    verb = "deletes" if isinstance(node, exp.Delete) else "changes"
    tables = tuple(table.name.lower() for table in node.find_all(exp.Table))
    where = node.args.get("where")
    joined = [join.args.get("on") for join in node.find_all(exp.Join) if join.find_ancestor(exp.Subquery) is None]
    chooses = (
        (where is not None and not is_always_true(where, tables))
        or node.args.get("limit") is not None
        or any(on is not None and not is_always_true(on, tables) for on in joined)
    )
    if chooses:
        return Consequence(Kind.WRITE, f"{verb} rows of {name}", table=name)
    return Consequence(Kind.DESTRUCTIVE, f"{verb} all rows of {name}", table=name)


def _merged(node: exp.Expr, name: str) -> Consequence:
    from sqlglot import exp

    whens = list(node.find_all(exp.When))
    deleting = [when for when in whens if _deletes(when)]
    matched = node.args.get("on")
    everything = matched is None or is_always_true(matched, (name.lower(),))
    of_missing = any(when.args.get("source") and when.args.get("condition") is None for when in deleting)
    if of_missing:
        return Consequence(Kind.DESTRUCTIVE, f"deletes all rows of {name} that the source has not", table=name)
    if everything and any(when.args.get("matched") for when in whens):
        return Consequence(Kind.DESTRUCTIVE, f"{'deletes' if deleting else 'changes'} all rows of {name}", table=name)
    return Consequence(Kind.WRITE, f"merges rows into {name}", table=name)


def _is_named(table: exp.Expr) -> bool:
    """Whether it is a table, and no variable of MySQL (`into @total`)."""
    from sqlglot import exp

    return isinstance(table, exp.Table) and isinstance(table.this, exp.Identifier)


def _deletes(when: exp.Expr) -> bool:
    from sqlglot import exp

    then = when.args.get("then")
    return isinstance(then, exp.Delete) or (isinstance(then, exp.Var) and then.name.upper() == "DELETE")


def _name(node: exp.Expr) -> str:
    """The table that a statement changes; several, with commas."""
    from sqlglot import exp

    targets = [target for target in node.args.get("tables") or [] if isinstance(target, exp.Table)]
    table = node.this.this if isinstance(node.this, exp.Schema) else node.this
    targets = targets or ([table] if isinstance(table, exp.Table) else [])
    return ", ".join(f"{target.db}.{target.name}" if target.db else target.name for target in targets) or "a table"
