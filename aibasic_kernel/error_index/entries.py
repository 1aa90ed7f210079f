"""Every text of an error that a module of ours may raise, as its source has it."""

from __future__ import annotations

import ast
import builtins
import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from aibasic_kernel.error_index.templates import Templates, literal_part
from aibasic_kernel.errors import TwoLines

ENGINE, MODULES = "aibasic_kernel", "aibasic.modules"
_WORDS_OF_ANCHOR = 12
_INTERNAL = (AssertionError, NotImplementedError, StopIteration, GeneratorExit)
_SHOWN_OF_ENGINE = (TwoLines, ModuleNotFoundError, RuntimeError, KeyboardInterrupt)
"""What of the engine's errors reaches a user; the others tell one part of it from another."""
_TABLE = "MESSAGES"
"""The name of a table of messages and remedies."""


@dataclass(frozen=True)
class Entry:
    """One text of an error: its class's name (`kind`), `message` and `remedy` as templates, and the module's name."""

    kind: str
    message: str
    remedy: str
    module: str

    @property
    def anchor(self) -> str:
        """Where the page of errors tells of it; the same for texts that begin with the same words."""
        words = re.findall(r"[a-z0-9]+", literal_part(self.message.split(" | ")[0]).lower())
        return "-".join(words[:_WORDS_OF_ANCHOR])


@dataclass(frozen=True)
class _Maker:
    """What makes an error: the name of its class, and which argument is message and remedy, -1 for none."""

    kind: str
    message: int
    remedy: int
    names: tuple[str, str] = ("message", "remedy")


_ELSEWHERE = {"failure": _Maker("ProviderError", 0, 1), "Misfit": _Maker("ParseError", 0, 1)}
"""What makes an error by a method of another module, or one that becomes another."""


@cache
def entries_of(module: ModuleType) -> tuple[Entry, ...]:
    """The texts in a module's source that say something by themselves, none where there is no source."""
    try:
        tree = ast.parse(inspect.getsource(module))
    except OSError:
        return ()
    return tuple(_Reader(module, tree).entries())


class _Reader:
    def __init__(self, module: ModuleType, tree: ast.Module) -> None:
        self._module = module
        self._tree = tree
        self._constants = {name: value for name, value in vars(module).items() if isinstance(value, (str, int))}
        self._helpers: dict[str, _Maker] = {}
        """Functions that take the text of the error which they make."""

    def entries(self) -> Iterator[Entry]:
        found = list(self._in(self._tree, None, None))
        if self._helpers:
            found = list(self._in(self._tree, None, None))
        for entry in dict.fromkeys([*self._in_table(), *found]):
            if entry.anchor:
                yield entry

    def _in_table(self) -> Iterator[Entry]:
        for message, remedy in getattr(self._module, _TABLE, {}).values():
            yield Entry("ProviderError", message, remedy, self._module.__name__)

    def _in(self, node: ast.AST, function: ast.AST | None, cls: ast.ClassDef | None) -> Iterator[Entry]:
        """The texts below a node, which stands in that function and class."""
        if isinstance(node, ast.Call):
            maker = self._maker(node, function, cls)
            if maker is not None:
                yield from self._made(node, maker, function)
        if isinstance(node, ast.ClassDef):
            cls = node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            function = node
        for child in ast.iter_child_nodes(node):
            yield from self._in(child, function, cls)

    def _made(self, node: ast.Call, maker: _Maker, function: ast.AST | None) -> Iterator[Entry]:
        message = _argument(node, maker.message, maker.names[0])
        remedy = _argument(node, maker.remedy, maker.names[1])
        self._note_helper(function, message, remedy, maker)
        templates = Templates(self._constants, function)
        text, _, more = templates.read(message).partition("\n")
        told = templates.read(remedy) or " ".join(more.split())
        yield Entry(maker.kind, text, told, self._module.__name__)

    def _note_helper(
        self, function: ast.AST | None, message: ast.expr | None, remedy: ast.expr | None, maker: _Maker
    ) -> None:
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or function.name == "__init__":
            return
        names = [argument.arg for argument in function.args.args if argument.arg not in ("self", "cls")]
        if isinstance(message, ast.Name) and message.id in names:
            about = remedy.id if isinstance(remedy, ast.Name) else ""
            at = names.index(about) if about in names else -1
            self._helpers[function.name] = _Maker(maker.kind, names.index(message.id), at, (message.id, about))

    def _maker(self, node: ast.Call, function: ast.AST | None, cls: ast.ClassDef | None) -> _Maker | None:
        called = node.func
        if isinstance(called, ast.Name):
            name = _default_of(called.id, function)
            return _ELSEWHERE.get(name) or self._helpers.get(name) or self._of_class(self._value(name), name)
        if not isinstance(called, ast.Attribute):
            return None
        if called.attr == "__init__" and cls is not None and _is_super(called.value):
            return _of_parent(self._value(cls.name))
        if isinstance(called.value, ast.Name):
            if called.value.id in ("self", "cls"):
                return self._helpers.get(called.attr) or _ELSEWHERE.get(called.attr)
            found = getattr(self._value(called.value.id), called.attr, None)
            return _ELSEWHERE.get(called.attr) or self._of_class(found, called.attr)
        return None

    def _value(self, name: str) -> object:
        return getattr(self._module, name, getattr(builtins, name, None))

    def _of_class(self, value: object, name: str) -> _Maker | None:
        is_engine = self._module.__name__.startswith(ENGINE)
        if inspect.isclass(value) and issubclass(value, BaseException) and not issubclass(value, _INTERNAL):
            return _of_signature(value) if not is_engine or issubclass(value, _SHOWN_OF_ENGINE) else None
        is_of_driver = value is None and name.endswith("Error") and not is_engine
        return _Maker(name, 0, -1) if is_of_driver else None


def _default_of(name: str, function: ast.AST | None) -> str:
    """The name that stands for a parameter where the caller gives none."""
    if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        arguments = function.args.args[len(function.args.args) - len(function.args.defaults) :]
        for argument, default in zip(arguments, function.args.defaults, strict=True):
            if argument.arg == name and isinstance(default, ast.Name):
                return default.id
    return name


def _of_parent(value: object) -> _Maker | None:
    """What `super().__init__(...)` makes in a class of errors of the family."""
    if not inspect.isclass(value) or not issubclass(value, BaseException):
        return None
    parent = _of_signature(value.__mro__[1])
    return None if parent is None else _Maker(value.__name__, parent.message, parent.remedy)


def _of_signature(cls: type[BaseException]) -> _Maker | None:
    if not issubclass(cls, TwoLines):
        return _Maker(cls.__name__, 0, -1)
    names: Mapping[str, int] = {name: at for at, name in enumerate(inspect.signature(cls).parameters)}
    return _Maker(cls.__name__, names["message"], names.get("remedy", -1)) if "message" in names else None


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def _argument(node: ast.Call, at: int, name: str) -> ast.expr | None:
    for keyword in node.keywords:
        if keyword.arg == name:
            return keyword.value
    return node.args[at] if 0 <= at < len(node.args) else None
