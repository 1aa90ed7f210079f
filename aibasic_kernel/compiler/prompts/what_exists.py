"""What there is near a line that failed: the tables and columns that its code names, and names like a missing one."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from aibasic.modules.schema import Table

from aibasic_kernel.compiler.configuration.settings import Settings
from aibasic_kernel.compiler.prompts.data_labels import schema_names
from aibasic_kernel.compiler.prompts.tables import bounded, tables_text
from aibasic_kernel.compiler.scope import Scope, Service
from aibasic_kernel.errors import text_of

NEAR = 5
ALIKE = 0.5
"""How much alike two names are of which one may be meant for the other."""
COLUMNS_LIMIT = 2000
_NAME = re.compile(r"[^\W\d][\w.]*")
_SQL_STATE_OF_NAMES = "42"

Clean = Callable[[str], str]


def what_exists(python: str, error: BaseException, scope: Scope, settings: Settings, clean: Clean) -> list[str]:
    """Lines for a request, as SHARE allows them; `clean` makes names of data harmless."""
    used = _names_in(python)
    lines: list[str] = []
    known: set[str] = set(scope.names)
    for service in scope.services.values():
        has_tables = "sql" in service.module_class.has and settings.shares("schema", service.section)
        if service.variable in used and has_tables:
            tables = _tables(service, error)
            known |= {*tables, *(column.name for table in tables.values() for column in table.columns)}
            named = {name: table for name, table in tables.items() if _is_named(name, python)}
            lines += tables_text(named, named.values(), {}, clean, None, service.module_class.dialect)
    if settings.shares("schema"):
        for name in sorted(used & set(scope.names)):
            columns = [clean(column) for column in schema_names(scope.names[name])]
            known.update(columns)
            if columns:
                lines.append(f"columns of {name}: {bounded(columns, COLUMNS_LIMIT)}")
    return [*lines, *(f"near {clean(name)}: {clean(', '.join(near))}" for name, near in _near(error, python, known))]


def _names_in(python: str) -> set[str]:
    try:
        return {node.id for node in ast.walk(ast.parse(python)) if isinstance(node, ast.Name)}
    except SyntaxError:
        return set(_NAME.findall(python))


def _tables(service: Service, error: BaseException) -> Mapping[str, Table]:
    """The tables as they are now, where the error says that what was known of them may be out of date."""
    module: Any = service.module()
    state = getattr(error, "pgcode", None) or getattr(error, "sqlstate", None) or ""
    if str(state).startswith(_SQL_STATE_OF_NAMES):
        found: Mapping[str, Table] = module.describe(refresh=True)
        return found
    return service.tables()


def _is_named(table: str, python: str) -> bool:
    bare = table.rpartition(".")[2]
    return re.search(rf"(?<!\w){re.escape(bare)}(?!\w)", python, re.IGNORECASE) is not None


def _near(error: BaseException, python: str, known: Collection[str]) -> Iterator[tuple[str, list[str]]]:
    """The names that are missing, each with those that are there and most like it."""
    for missing in _missing(error, python, known):
        candidates = dir(type(error.obj)) if isinstance(error, AttributeError) and error.obj is not None else known
        public = [name for name in candidates if not name.startswith("_")]
        folded = {name.casefold(): name for name in public}
        near = difflib.get_close_matches(missing.casefold(), folded, NEAR, ALIKE)
        if near:
            yield missing, [folded[name] for name in near]


def _missing(error: BaseException, python: str, known: Collection[str]) -> list[str]:
    """The names that an error says to be missing: of its message those that the code has and nobody knows."""
    if isinstance(error, NameError | AttributeError):
        return [error.name] if error.name else []
    if isinstance(error, KeyError) and error.args and isinstance(error.args[0], str):
        return [error.args[0]] if re.search(rf"(?<!\w){re.escape(error.args[0])}(?!\w)", python) else []
    in_code = set(_NAME.findall(python))
    said = (name.rpartition(".")[2] for name in _NAME.findall(text_of(error)))
    parts = {part for name in in_code for part in (name, name.rpartition(".")[2])}
    return [name for name in dict.fromkeys(said) if name in parts and name not in known and len(name) > 1][:NEAR]
