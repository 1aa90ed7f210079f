"""What the code of a line shows, and how plain Python says that."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from aibasic_kernel.session.exporting.lines import Code
from aibasic_kernel.session.exporting.python_text import PythonText

PLAIN_KINDS = frozenset({"number", "text", "boolean", "time"})
TABLES = frozenset({"frame", "rows"})
_PLAIN_FUNCTIONS = frozenset({"abs", "bool", "float", "int", "len", "round", "str"})
_SILENT_FUNCTIONS = frozenset({"print", "time.sleep", "plt.show"})
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


def shown_by(code: Code, text: PythonText, words: Collection[str]) -> Shown:
    """What the session shows of a line's results; `words` are those of its sentence.

    Typed Python shows its last expression. A model's code shows the result that it declares, and is silent without
    one. A phrase shows its last expression, or a result that the sentence does not name, or that is a table.
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
    is_table = kind_of(_assigned_to(made, text.python), code) in TABLES
    return Shown(value=bool(text.last), variable=made if made and (is_table or not is_named) else "")


def show_call(expression: str, code: Code) -> str:
    """The statement that shows the value of an expression, or only works it out where it has none."""
    node = ast.parse(expression.strip(), mode="eval").body
    if isinstance(node, ast.Call) and ast.unparse(node.func) in _SILENT_FUNCTIONS:
        return expression
    source = _assigned_to(expression, code.python) if isinstance(node, ast.Name) else node
    # a variable from before may be a count of rows, which shows itself as `3 rows`
    is_plain = not isinstance(source, ast.Name) and kind_of(source, code) in PLAIN_KINDS
    return f"print({expression})" if is_plain else f"show({expression})"


def kind_of(node: ast.expr | None, code: Code) -> str:
    """The kind of value that an expression surely has, as in a trace (`number`, `frame`); "" where it may be any."""
    kinds: Mapping[str, str] = {name: shape.kind for name, shape in code.trace.names.items()}
    match node:
        case ast.Constant(value=bool()):
            return "boolean"
        case ast.Constant(value=int() | float()):
            return "number"
        case ast.Constant(value=str()) | ast.JoinedStr():
            return "text"
        case ast.Name(id=name):
            return kinds.get(name, "")
        case ast.BinOp(left=left, right=right):
            one, other = kind_of(left, code), kind_of(right, code)
            return one if one == other and one in ("number", "text") else ""
        case ast.Call(func=ast.Name(id=name)) if name in _PLAIN_FUNCTIONS:
            return "number"
        case ast.Call(func=ast.Attribute(attr="DataFrame" | "read_csv" | "read_excel")):
            return "frame"
        case ast.Call(func=ast.Attribute(attr="execute_query"), keywords=[]):
            return "rows"
        case ast.Call(func=ast.Attribute(value=base, attr=method)):
            return "frame" if method in _FRAME_METHODS and kind_of(base, code) == "frame" else ""
        case ast.Subscript(value=base, slice=ast.Compare() | ast.BinOp() | ast.UnaryOp() | ast.List() | ast.Call()):
            return "frame" if kind_of(base, code) == "frame" else ""
    return ""


def _assigned_to(name: str, python: str) -> ast.expr | None:
    """What a name is assigned last in a line's code, where that is said once at its top level."""
    values = [
        node.value
        for node in ast.parse(python).body
        if isinstance(node, ast.Assign) and any(isinstance(at, ast.Name) and at.id == name for at in node.targets)
    ]
    return values[0] if len(values) == 1 else None
