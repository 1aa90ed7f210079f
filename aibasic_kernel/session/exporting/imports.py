"""The imports of a program: once at its top, in the order in which tools sort them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Sequence

from aibasic_kernel.session.exporting.prepared import Prepared


def hoisted(prepared: Sequence[Prepared]) -> list[str]:
    """The imports of all lines, for the top of the program.

    Where two bind one name to different things, or the program sets that name, they stay where they are.
    """
    meanings: dict[str, set[str]] = {}
    for each in prepared:
        for statement in _imports(each):
            for name, meaning in _bound(statement):
                meanings.setdefault(name, set()).add(meaning)
    bound = {name for each in prepared for name in each.binds}
    torn = {name for name, found in meanings.items() if len(found) > 1 or name in bound}
    kept: list[str] = []
    for each in prepared:
        stays = [statement for statement in _imports(each) if torn & {name for name, _ in _bound(statement)}]
        if stays:
            each.makes = (*stays, *each.makes)
            each.local |= {name for statement in stays for name, _ in _bound(statement)}
        kept += [statement for statement in _imports(each) if statement not in stays]
    return kept


def written(statements: Iterable[str]) -> str:
    """Imports sorted: the standard library's, then others', each name once."""
    whole: set[str] = set()
    parts: dict[str, set[str]] = {}
    for statement in statements:
        node = ast.parse(statement).body[0]
        if isinstance(node, ast.Import):
            whole |= {ast.unparse(alias) for alias in node.names}
        else:
            assert isinstance(node, ast.ImportFrom)
            source = "." * node.level + (node.module or "")
            parts.setdefault(source, set()).update(ast.unparse(alias) for alias in node.names)
    lines = [(name.split()[0], f"import {name}", 0) for name in sorted(whole)]
    lines += [(name, f"from {name} import {', '.join(sorted(parts[name], key=_rank))}", 1) for name in sorted(parts)]
    groups: dict[int, list[tuple[int, str, str]]] = {}
    for name, line, kind in lines:
        groups.setdefault(_group(name), []).append((kind, name, line))
    return "\n\n".join("\n".join(line for _, _, line in sorted(groups[at])) for at in sorted(groups))


def _imports(each: Prepared) -> list[str]:
    return [statement for text in each.texts for statement in text.imports]


def _bound(statement: str) -> list[tuple[str, str]]:
    """The names that an import binds, each with what it stands for."""
    node = ast.parse(statement).body[0]
    if isinstance(node, ast.Import):
        roots = [(alias, alias.name.partition(".")[0]) for alias in node.names]
        return [(alias.asname or root, alias.name if alias.asname else root) for alias, root in roots]
    assert isinstance(node, ast.ImportFrom)
    return [(alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names]


def _rank(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest, as tools sort them."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2), name


def _group(name: str) -> int:
    root = name.partition(".")[0]
    return 0 if root == "__future__" else 1 if root in sys.stdlib_module_names else 2
