"""Which columns a piece of Python names, and of which values it uses more than what it names.

A column is named by any text in the code that equals it (`df["age"]`, `by="age"`, `query("age > 25")`) or by an
attribute (`df.age`); only an assignment to it (`df["age"] = ...`) does not name it. That is enough for a value which is
just selected from, filtered, sorted, shown or saved: there columns that the code does not name make no difference. In
every other place (`df.mean()`, `df * 2`, `for row in rows`, `draw(df)`) the whole value is used.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from typing import TypeGuard

_ANY_COLUMNS = frozenset(
    (
        "at", "axes", "clear", "columns", "count", "describe", "duplicated", "dtypes", "empty", "groups", "iat",
        "index", "info", "isna", "isnull", "items", "iterrows", "itertuples", "keys", "memory_usage", "ndim", "ngroups",
        "notna", "notnull", "nunique", "shape", "size", "style", "to_clipboard", "to_csv", "to_dict", "to_excel",
        "to_feather", "to_html", "to_json", "to_latex", "to_markdown", "to_parquet", "to_pickle", "to_sql", "to_string",
        "to_xml",
    )
)
"""Attributes and methods of frames and rows whose outcome is right whatever other columns there are."""

_SAME_COLUMNS = frozenset(
    (
        "assign", "astype", "copy", "drop", "drop_duplicates", "dropna", "eval", "explode", "fillna", "filter", "get",
        "groupby", "head", "iloc", "loc", "nlargest", "nsmallest", "query", "rename", "reset_index", "sample",
        "set_index", "sort_index", "sort_values", "tail", "where",
    )
)
"""Attributes and methods that give a frame again: what is done with that one counts."""

_BY_KEYWORD = {
    "agg": (),
    "aggregate": (),
    "apply": ("axis",),
    "join": ("on",),
    "merge": ("on", "left_on"),
    "pivot": ("values",),
    "pivot_table": ("values",),
    "melt": ("value_vars",),
    "plot": ("y",),
}
"""Methods that are told their columns: by one of these keywords, or (where there are none) by any keyword or a dict."""

_QUERY_NAMES = re.compile(r"`([^`]+)`|\b([^\W\d]\w*)")
_FUNCTIONS = frozenset(("bool", "display", "id", "isinstance", "len", "print", "repr", "str", "type"))
_CONSTRUCTORS = frozenset(("DataFrame", "concat", "merge"))


class ColumnUses:
    """How the code of `tree` uses the columns of values."""

    def __init__(self, tree: ast.Module) -> None:
        self._parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        self._loads: dict[str, list[ast.Name]] = {}
        self.named: set[str] = set()
        """Every text and attribute of the code that may name a column."""
        for node in ast.walk(tree):
            self._note(node)

    def is_whole(self, name: str, columns: Collection[str]) -> bool:
        """Whether a value of that name, with these columns, is used as a whole somewhere, also under another name."""
        pending, seen = [name], {name}
        while pending:
            for node in self._loads.get(pending.pop(), ()):
                whole, alias = self._follow(node, columns)
                if whole:
                    return True
                if alias is not None and alias not in seen:
                    seen.add(alias)
                    pending.append(alias)
        return False

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            self._loads.setdefault(node.id, []).append(node)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            parent = self._parents.get(node)
            if not (isinstance(parent, ast.Call) and parent.func is node):  # df.count() is the method
                self.named.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            self._note_text(node, node.value)

    def _note_text(self, node: ast.Constant, text: str) -> None:
        parent = self._parents.get(node)
        if isinstance(parent, ast.Subscript) and parent.slice is node and not isinstance(parent.ctx, ast.Load):
            return
        self.named.add(text)
        if isinstance(parent, ast.Call) and _called(parent) in ("query", "eval"):
            self.named.update(quoted or word for quoted, word in _QUERY_NAMES.findall(text))

    def _follow(self, node: ast.expr, columns: Collection[str]) -> tuple[bool, str | None]:
        """Whether the value of `node` is used as a whole where it stands, and the other name that it is given there."""
        while True:
            parent = self._parents.get(node)
            if isinstance(parent, ast.Attribute):
                step = self._attribute(parent, columns)
            elif isinstance(parent, ast.Subscript) and parent.value is node:
                step = _subscript(parent)
            elif isinstance(parent, ast.keyword):
                step = parent.arg != "data"  # draw(data=df, x="age") is told what it uses
            elif isinstance(parent, ast.Call):
                step = _argument(parent)
            elif isinstance(parent, ast.IfExp | ast.Await) or self._is_concatenated(parent):
                step = parent
            elif isinstance(parent, ast.Assign | ast.NamedExpr | ast.AnnAssign):
                return False, _target(parent)
            else:
                step = not isinstance(parent, ast.Expr | ast.FormattedValue | ast.Delete)
            if isinstance(step, bool):
                return step, None
            node = step

    def _is_concatenated(self, node: ast.AST | None) -> TypeGuard[ast.expr]:
        call = self._parents.get(node) if isinstance(node, ast.List | ast.Tuple) else None
        return isinstance(call, ast.Call) and _called(call) == "concat"

    def _attribute(self, node: ast.Attribute, columns: Collection[str]) -> bool | ast.expr:
        call = self._parents.get(node)
        called = call if isinstance(call, ast.Call) and call.func is node else None
        if node.attr in columns and called is None:
            return False
        if node.attr in _ANY_COLUMNS:
            return False
        if node.attr in _SAME_COLUMNS:
            return called or node
        if node.attr == "plot" and called is None:  # df.plot.bar(...)
            kind = self._parents.get(call) if isinstance(call, ast.Attribute) else None
            return not (isinstance(kind, ast.Call) and _is_told(kind, _BY_KEYWORD["plot"]))
        if node.attr in _BY_KEYWORD and called is not None:
            return called if _is_told(called, _BY_KEYWORD[node.attr]) else True
        return True


def _subscript(node: ast.Subscript) -> bool | ast.expr:
    """A choice of named columns ends the following; a mask or a slice of rows gives a frame again."""
    chosen = node.slice.elts[-1] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
    texts = chosen.elts if isinstance(chosen, ast.List) else [chosen]
    if not isinstance(node.ctx, ast.Load) or all(_is_text(text) for text in texts):
        return False
    by_position = isinstance(chosen, ast.Constant | ast.UnaryOp)
    return True if by_position else node


def _argument(call: ast.Call) -> bool | ast.expr:
    function = _called(call)
    if isinstance(call.func, ast.Name) and function in _FUNCTIONS:
        return False
    if function == "merge":
        return call if _is_told(call, _BY_KEYWORD["merge"]) else True
    if function == "writerows":
        return False
    return call if function in _CONSTRUCTORS else True


def _is_told(call: ast.Call, keywords: Collection[str]) -> bool:
    given = {keyword.arg for keyword in call.keywords}
    if keywords:
        return bool(given.intersection(keywords))
    return bool(given) or any(isinstance(argument, ast.Dict) for argument in call.args)


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _target(node: ast.Assign | ast.NamedExpr | ast.AnnAssign) -> str | None:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return target.id if isinstance(target, ast.Name) else None


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
