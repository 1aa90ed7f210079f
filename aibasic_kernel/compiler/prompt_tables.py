"""Table schemas as text for a request: all of a small database, of a large one those that the sentence is about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from aibasic.modules.schema import Table

from aibasic_kernel.compiler.words import words

ALL_UP_TO = 40
"""Tables that are described in full without choosing."""
CHOSEN = 15
COMMENT_LIMIT = 200
NAMES_LIMIT = 4000
DETAIL_LIMIT = 30_000
"""Characters: what one request tells of one database at most, whatever its size."""


def tables_text(tables: Mapping[str, Table], near: Collection[str], clean: Callable[[str], str]) -> list[str]:
    """Lines about `tables`. `near` are the words of the sentence and its cell, `clean` makes texts of data harmless."""
    chosen = list(tables.values()) if len(tables) <= ALL_UP_TO else choose(tables, near)
    lines: list[str] = []
    room = DETAIL_LIMIT
    told = set()
    for table in chosen:
        described = _table(table, clean)
        room -= sum(map(len, described))
        if room < 0:
            break
        lines += described
        told.add(table.name)
    others = [clean(name) for name in tables if name not in told]
    if others:
        lines.append(f"other tables: {bounded(others, NAMES_LIMIT)}")
    return lines


def choose(tables: Mapping[str, Table], near: Collection[str]) -> list[Table]:
    """The tables nearest to the words, best first, and those that their foreign keys join them to."""
    scores = {name: _score(table, frozenset(near)) for name, table in tables.items()}
    best = sorted((name for name in tables if scores[name] > 0), key=lambda name: (-scores[name], name))[:CHOSEN]
    joined = dict.fromkeys(best)
    for name in best:
        for key in tables[name].foreign_keys:
            if key.target in tables and scores[name] >= NAMED:
                joined.setdefault(key.target)
    return [tables[name] for name in list(joined)[: 2 * CHOSEN]]


NAMED = 6
"""The score of a table of which the sentence says a word of its name."""


def _score(table: Table, near: frozenset[str]) -> int:
    name = words(table.name)
    score = NAMED * len(name & near)
    if name <= near:
        score += NAMED
    score += 2 * len(words(table.comment) & near - SMALL_WORDS)
    for column in table.columns:
        score += 2 * len(words(column.name) & near) + len(words(column.comment) & near - SMALL_WORDS)
    return score


SMALL_WORDS = words("a an and are as at by for from has in is it its of on one or that the this to with all each per")


def bounded(names: Iterable[str], limit: int) -> str:
    """Names with commas, at most `limit` characters, and how many more there are."""
    shown: list[str] = []
    rest = 0
    for name in names:
        limit -= len(name) + 2
        if limit < 0:
            rest += 1
        else:
            shown.append(name)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def _table(table: Table, clean: Callable[[str], str]) -> list[str]:
    comment = clean(table.comment)[:COMMENT_LIMIT]
    lines = [f"{table.kind} {clean(table.name)}" + (f" -- {comment}" if comment else "")]
    plain: list[str] = []
    for column in table.columns:
        required = "" if column.nullable or column.name in table.primary_key else " not null"
        text = f"{clean(column.name)} {clean(column.type)}{required}"
        if column.comment:
            text += f" -- {clean(column.comment)[:COMMENT_LIMIT]}"
            lines += [*_joined(plain), f"  {text}"]
            plain = []
        else:
            plain.append(text)
    lines += _joined(plain)
    if table.primary_key:
        lines.append(f"  primary key ({clean(', '.join(table.primary_key))})")
    for key in table.foreign_keys:
        own, target = ", ".join(key.columns), ", ".join(key.target_columns)
        lines.append("  " + clean(f"({own}) refers to {key.target} ({target})"))
    lines += [f"  unique ({clean(', '.join(columns))})" for columns in table.unique if columns != table.primary_key]
    return lines


def _joined(columns: list[str]) -> list[str]:
    return [f"  {', '.join(columns)}"] if columns else []
