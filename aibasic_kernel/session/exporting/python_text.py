"""The Python of one line taken apart: its imports, its statements, and the expression at its end."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from aibasic_kernel.compiler.traces.reads import Reads
from aibasic_kernel.session.helpers import bound_by


@dataclass
class PythonText:
    """The Python of one line.

    `imports`: the imports at its top level, one a statement. `body`: its other statements. `last`: the expression at
    its end, "" where there is none or `;` silences it.
    """

    python: str
    imports: list[str] = field(default_factory=list)
    body: str = ""
    last: str = ""
    reads: frozenset[str] = frozenset()
    """Names that it reads from the program."""
    binds: frozenset[str] = frozenset()
    """Names of the program that it sets or deletes, imported ones not."""
    imported: frozenset[str] = frozenset()
    """Names that its imports at the top level bind."""
    results: tuple[str, ...] = ()
    """Names that it assigns at the top level, the newest last."""
    awaits: bool = False
    """Whether it awaits something outside of functions."""


def read_python(python: str, *, without: Collection[str] = ()) -> PythonText:
    """Take Python apart; assignments of the statements `without` (as `ast.unparse` writes them) are left out.

    Raises SyntaxError.
    """
    tree = parsed(python)
    code = compile(tree, "<export>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    imports = [node for node in tree.body if _is_plain_import(node)]
    last = tree.body[-1] if tree.body else None
    is_value = isinstance(last, ast.Expr) and not python.rstrip().endswith(";")
    gone = [node for node in tree.body if node in imports or ast.unparse(node) in without]
    reads = Reads(tree)
    imported = frozenset(name for node in imports for name in _bound_by_import(node))
    deleted = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)}
    made = {name for node in gone if isinstance(node, ast.Assign) for name in _names(node.targets)}
    return PythonText(
        python,
        imports=[ast.unparse(node) for node in imports],
        body=_without(python, [*gone, *([last] if is_value and last is not None else [])]),
        last=_source(python, last) if is_value and last is not None else "",
        reads=frozenset(reads.read),
        binds=(frozenset(bound_by(code)) | deleted) - imported - made,
        imported=imported,
        results=tuple(name for node in tree.body if node not in gone for name in _assigned(node)),
        awaits=bool(code.co_flags & 0x80),
    )


def parsed(python: str) -> ast.Module:
    """The tree of some Python, which may await. Raises SyntaxError."""
    tree = compile(python, "<export>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    assert isinstance(tree, ast.Module)
    return tree


def renamed(python: str, names: Mapping[str, str]) -> str:
    """`python` with variables called by other names. Comments and layout stay."""
    nodes = {
        (node.lineno, node.col_offset): node.id
        for node in ast.walk(ast.parse(python))
        if isinstance(node, ast.Name) and node.id in names
    }
    lines = [line.encode() for line in python.split("\n")]
    for (row, column), name in sorted(nodes.items(), reverse=True):
        line = lines[row - 1]
        if line[column : column + len(name.encode())] == name.encode():
            lines[row - 1] = line[:column] + names[name].encode() + line[column + len(name.encode()) :]
    return b"\n".join(lines).decode()


def _is_plain_import(node: ast.stmt) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.names[0].name != "*"
    return isinstance(node, ast.Import)


def _bound_by_import(node: ast.stmt) -> list[str]:
    assert isinstance(node, ast.Import | ast.ImportFrom)
    return [alias.asname or alias.name.partition(".")[0] for alias in node.names]


def _assigned(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    found: list[str] = []
    for part in ast.walk(node):
        if isinstance(part, ast.Assign):
            found += _names(part.targets)
        elif isinstance(part, ast.AugAssign | ast.AnnAssign):
            found += _names([part.target])
    return found


def _names(targets: Collection[ast.expr]) -> list[str]:
    nodes = (node for target in targets for node in ast.walk(target))
    return [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


def _source(python: str, node: ast.stmt) -> str:
    found = ast.get_source_segment(python, node)
    assert found is not None
    return found


def _without(python: str, nodes: Collection[ast.stmt]) -> str:
    """`python` without these top-level statements, and without empty lines at its ends."""
    lines = [line.encode() for line in python.split("\n")]
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        assert node.end_lineno is not None and node.end_col_offset is not None
        first, last = node.lineno - 1, node.end_lineno - 1
        rest = lines[last][node.end_col_offset :].lstrip(b" ;") if b";" in lines[last] else b""
        kept = lines[first][: node.col_offset] + (rest if rest.strip() else lines[last][node.end_col_offset :])
        stripped = kept.rstrip(b" ;") if not rest.strip() else kept
        lines[first : last + 1] = [stripped] if stripped.strip() else []
    text = b"\n".join(lines).decode().strip("\n").rstrip()
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text
