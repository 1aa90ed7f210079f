"""How a piece of Python uses the modules of the configured services: the calls, and the SQL given to them."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from aibasic.modules.base import Module

from aibasic_kernel.compiler.scope import Scope, Service
from aibasic_kernel.compiler.sql.tables import tables_missing, tables_used
from aibasic_kernel.compiler.traces.trace import Call, Tables, known_tables

_SQL = re.compile(r"\s*(select|with|insert|update|delete|merge|explain|copy)\b", re.IGNORECASE)


class ModuleUses:
    """The services that the code of `tree` reaches, under the variables that stand for their modules.

    A variable stands for a module where the service's own variable is not something else of the user's, or where the
    code itself makes it: `pg = PostgresModule.from_config(...)`.
    """

    def __init__(self, tree: ast.Module, scope: Scope) -> None:
        self._tree = tree
        self._services = scope.services
        self._variables = {
            service.variable: section
            for section, service in scope.services.items()
            if issubclass(type(scope.names.get(service.variable)), (Module, type(None)))
        }
        self._texts: dict[str, str | None] = {}
        self._find_assignments()

    @property
    def variables(self) -> frozenset[str]:
        """The names that stand for modules."""
        return frozenset(self._variables)

    def calls(self) -> tuple[Call, ...]:
        """Every call of a module's method, each way of calling once; a module used in no call has the method ""."""
        found: dict[Call, None] = {}
        called: set[str] = set()
        for call, section in self._module_calls():
            called.add(section)
            if isinstance(call.func, ast.Attribute) and not _is_open(call):
                keywords = tuple(sorted(keyword.arg for keyword in call.keywords if keyword.arg is not None))
                variable = self._services[section].variable
                found[Call(section, variable, call.func.attr, len(call.args), keywords)] = None
        for node in ast.walk(self._tree):
            reached = self._variables.get(node.id) if isinstance(node, ast.Name) else None
            if reached is not None and reached not in called:
                found[Call(reached, self._services[reached].variable, "")] = None
        return tuple(found)

    def tables(self) -> Tables:
        """The columns that the code's SQL names, by section and table."""
        used: dict[str, dict[str, dict[str, str]]] = {}
        for section, sql in self._statements():
            service = self._services[section]
            for table, columns in tables_used(sql, service.module_class.dialect, known_tables(service) or {}).items():
                used.setdefault(section, {}).setdefault(table, {}).update(columns)
        return used

    def missing_tables(self) -> Iterator[str]:
        """What its SQL reads that its services do not have now, a sentence for each: `there is no table bills`."""
        for section, sql in self._statements():
            service = self._services[section]
            known = known_tables(service)
            if known is not None:
                for name in tables_missing(sql, service.module_class.dialect, known):
                    yield f"there is no table {name}"

    def _statements(self) -> Iterator[tuple[str, str]]:
        """Each SQL text with its section: what a module is given, and where just one has SQL what a cursor is."""
        modules = dict(self._module_calls())
        with_sql = {section for section in self._reached() if self._services[section].module_class.dialect}
        for node in ast.walk(self._tree):
            if not isinstance(node, ast.Call):
                continue
            section = modules.get(node) or (next(iter(with_sql)) if len(with_sql) == 1 else None)
            if section not in with_sql:
                continue
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                text = self._text(argument)
                if text is not None and _SQL.match(text):
                    yield section, text

    def _reached(self) -> set[str]:
        names = {node.id for node in ast.walk(self._tree) if isinstance(node, ast.Name)}
        direct = {section for _, section in self._module_calls()}
        return direct | {section for variable, section in self._variables.items() if variable in names}

    def _module_calls(self) -> Iterator[tuple[ast.Call, str]]:
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                section = self._section(node.func.value)
                if section is not None:
                    yield node, section

    def _section(self, node: ast.expr) -> str | None:
        """The section of the module that an expression gives, None for anything else."""
        if isinstance(node, ast.Name):
            return self._variables.get(node.id)
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            return None
        if node.func.attr != "from_config" or not isinstance(node.func.value, ast.Name):
            return None
        for section, service in self._services.items():
            if service.module_class.__name__ == node.func.value.id and _instance(node) == _instance_of(service):
                return section
        return None

    def _find_assignments(self) -> None:
        nodes = [node for node in ast.walk(self._tree) if isinstance(node, ast.Name)]
        self._stores = Counter(node.id for node in nodes if isinstance(node.ctx, ast.Store))
        for node in ast.walk(self._tree):
            if not isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) or node.value is None:
                continue
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    self._assign(target.id, node.value)

    def _assign(self, name: str, value: ast.expr) -> None:
        section = self._section(value)
        if section is not None:
            self._variables[name] = section
        if self._stores[name] == 1:  # what is set again may be another text by the time it is used
            self._texts[name] = self._text(value)

    def _text(self, node: ast.expr) -> str | None:
        """The text that an expression always gives, None where that cannot be told."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.Name):
            return self._texts.get(node.id)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            left, right = self._text(node.left), self._text(node.right)
            return left + right if left is not None and right is not None else None
        if isinstance(node, ast.JoinedStr):
            parts = [self._text(part) for part in node.values]
            return "".join(part for part in parts if part is not None) if None not in parts else None
        if isinstance(node, ast.FormattedValue) and node.format_spec is None and node.conversion == -1:
            return self._text(node.value)
        return None


def _is_open(call: ast.Call) -> bool:
    """Whether the number of its arguments is known only when it runs."""
    return any(isinstance(argument, ast.Starred) for argument in call.args) or any(
        keyword.arg is None for keyword in call.keywords
    )


def _instance(call: ast.Call) -> str:
    for keyword in call.keywords:
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value or "")
    return ""


def _instance_of(service: Service) -> str:
    return service.section.partition(":")[2]
