"""What the code of a line shows, and how plain Python says that."""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection
from dataclasses import dataclass

from aibasic_kernel.compiler.task_types import resolve
from aibasic_kernel.session.exporting.lines import Code
from aibasic_kernel.session.exporting.python_text import PythonText, parsed

PLAIN_KINDS = frozenset({"number", "text", "boolean", "time"})
TABLES = frozenset({"frame", "rows"})
_PLAIN_FUNCTIONS = {
    "bool": "boolean",
    "float": "number",
    "input": "text",
    "int": "number",
    "len": "number",
    "round": "number",
    "str": "text",
}
_SILENT_FUNCTIONS = frozenset({"print", "time.sleep", "plt.show"})
_SILENT_METHODS = {
    "dict": ("clear", "update"),
    "list": ("append", "clear", "extend", "insert", "remove", "reverse", "sort"),
    "set": ("add", "clear", "discard", "remove", "update"),
}
_WRITING_METHODS = frozenset({"to_csv", "to_excel", "to_json", "to_parquet"})
_FRAME_METHODS = frozenset({
    "assign", "drop", "drop_duplicates", "dropna", "fillna", "head", "merge", "rename", "reset_index", "sort_values",
    "tail",
})  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """What a line shows: the expression at its end, and a variable after it (which its next line may go on from)."""

    value: bool = False
    variable: str = ""


SILENT = Shown()


def shown_by(code: Code, text: PythonText, words: Collection[str], tables: Collection[str]) -> Shown:
    """What the session shows of a line's results; `words` are those of its sentence.

    Typed Python shows its last expression. A model's code shows the result that it declares, and is silent without
    one. A phrase shows its last expression, or a result that the sentence does not name, or that is a table; `tables`
    are variables that other lines know as such.
    """
    if code.author == "user":
        return Shown(value=bool(text.last))
    if code.author == "model" and not code.result:
        return SILENT
    made = code.result or (text.results[-1] if text.results and not text.last else "")
    if made.startswith("_") or made in text.imported or (code.author == "phrase" and made != code.result):
        made = ""
    if text.last.strip() == made:
        return Shown(value=True)
    is_named = code.author == "phrase" and made in words
    is_table = made in tables or kind_of(_assigned_to(made, text.python), code) in TABLES
    return Shown(value=bool(text.last), variable=made if made and (is_table or not is_named) else "")


def show_call(expression: str, code: Code) -> str:
    """The statement that shows the value of an expression, or only works it out where it has none."""
    node = ast.parse(expression.strip(), mode="eval").body
    if _has_no_value(node, code):
        return expression
    source = _assigned_to(expression, code.python) if isinstance(node, ast.Name) else node
    # a variable from before may be a count of rows, which shows itself as `3 rows`
    is_plain = not isinstance(source, ast.Name) and kind_of(source, code) in PLAIN_KINDS
    return f"print({expression})" if is_plain else f"show({expression})"


def kind_of(node: ast.expr | None, code: Code) -> str:
    """The kind of value that an expression surely has, as in a trace (`number`, `frame`); "" where it may be any."""
    match node:
        case ast.Constant(value=bool()):
            return "boolean"
        case ast.Constant(value=int() | float()):
            return "number"
        case ast.Constant(value=str()) | ast.JoinedStr():
            return "text"
        case ast.Name(id=name):
            return code.trace.names[name].kind if name in code.trace.names else ""
        case ast.BinOp(left=left, right=right):
            one, other = kind_of(left, code), kind_of(right, code)
            return one if one == other and one in ("number", "text") else ""
        case ast.Call(func=ast.Name(id=name)):
            return _PLAIN_FUNCTIONS.get(name, "")
        case ast.Call(func=ast.Attribute(attr="DataFrame" | "read_csv" | "read_excel")):
            return "frame"
        case ast.Call(func=ast.Attribute() as function) if _gives_table(function, code):
            return "rows"
        case ast.Call(func=ast.Attribute(value=base, attr=method)):
            is_frame = method in _FRAME_METHODS and kind_of(base, code) == "frame"
            return "frame" if is_frame or (method == "reset_index" or _is_grouped(base)) else ""
        case ast.Subscript(value=base, slice=ast.Compare() | ast.BinOp() | ast.UnaryOp() | ast.List() | ast.Call()):
            return "frame" if kind_of(base, code) == "frame" else ""
    return ""


def _is_grouped(node: ast.expr) -> bool:
    """Whether it is columns of a grouped data frame of which the groups stay columns."""
    base = node.value if isinstance(node, ast.Subscript) else node
    return (
        isinstance(base, ast.Call)
        and isinstance(base.func, ast.Attribute)
        and base.func.attr == "groupby"
        and any(keyword.arg == "as_index" for keyword in base.keywords)
    )


def _has_no_value(node: ast.expr, code: Code) -> bool:
    """Whether an expression is surely None."""
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute):
        if (node.func.attr in _WRITING_METHODS and node.args) or _is_silent_call(node.func, code):
            return True
        kind = kind_of(node.func.value, code).partition(" ")[0]
        if node.func.attr in _SILENT_METHODS.get(kind, ()):
            return True
    return ast.unparse(node.func) in _SILENT_FUNCTIONS


def _is_silent_call(function: ast.Attribute, code: Code) -> bool:
    """Whether it is a method of a module that is declared to return nothing."""
    method = _method(function, code)
    return method is not None and getattr(method, "__annotations__", {}).get("return", "") in (None, "None")


def _gives_table(function: ast.Attribute, code: Code) -> bool:
    """Whether it is a method of a module that is declared to return what shows as a table."""
    method = _method(function, code)
    said = str(getattr(method, "__annotations__", {}).get("return", ""))
    known = vars(sys.modules[method.__module__]) if method is not None else {}
    parts = [name.strip() for name in said.split("|")]
    return "pandas.DataFrame" in parts or any(hasattr(known.get(name), "_repr_html_") for name in parts)


def _method(function: ast.Attribute, code: Code) -> object:
    """The method of a module that an expression names, in a line that calls it; None for anything else."""
    for call in code.trace.calls:
        if ast.unparse(function) == f"{call.variable}.{call.method}":
            task = resolve(call.section.partition(":")[0])
            return getattr(task.module_class, call.method, None) if task is not None else None
    return None


def _assigned_to(name: str, python: str) -> ast.expr | None:
    """What a name is assigned in a line's code, where that is said once."""
    values = [
        node.value
        for node in ast.walk(parsed(python))
        if isinstance(node, ast.Assign) and any(isinstance(at, ast.Name) and at.id == name for at in node.targets)
    ]
    return values[0] if len(values) == 1 else None
