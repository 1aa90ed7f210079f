"""What a module's class offers to code, read from the class itself: signatures and the first lines of docstrings."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from aibasic.modules.base import Module

OURS = frozenset(
    (
        *("from_config", "close", "after_fork"),
        *("describe", "known_tables", "categories", "probe", "how_many", "state", "end_transaction"),
    )
)
"""What the session does with a module, and compiled code does not."""
DOC_LIMIT = 240


def stub(module_class: type[Module], variable: str) -> str:
    """One line a public method, `pg.execute_query(query, params=None, fetch=True) -> Rows: what it does`."""
    about = _first_paragraph(module_class)
    lines = [f"{variable} ({module_class.__name__}, {module_class.service})" + (f": {about}" if about else "")]
    for name, member in members(module_class):
        doc = _first_paragraph(member)
        call = name if isinstance(member, property) else name + signature_text(member)
        keyword = "with " if _is_context_manager(member) else ""
        lines.append(f"  {keyword}{variable}.{call}" + (f": {doc}" if doc else ""))
    return "\n".join(lines)


def members(module_class: type[Module]) -> Iterator[tuple[str, object]]:
    """Public methods and properties, those of base classes first, in the order of their definition; not `OURS`."""
    names = dict.fromkeys(name for cls in reversed(module_class.__mro__) for name in vars(cls))
    for name in names:
        if name.startswith("_") or name in OURS:
            continue
        member = inspect.getattr_static(module_class, name)
        if isinstance(member, staticmethod | classmethod):
            member = member.__func__
        if inspect.isfunction(member) or isinstance(member, property):
            yield name, member


def _is_context_manager(function: object) -> bool:
    """Whether it is a generator that `contextlib.contextmanager` wrapped."""
    wrapped = getattr(function, "__wrapped__", None)
    return wrapped is not None and inspect.isgeneratorfunction(wrapped)


def signature_text(function: object) -> str:
    """The signature as it is written, without `self`."""
    assert callable(function)
    signature = inspect.signature(function)
    parameters = [
        parameter.replace(annotation=_bare(parameter.annotation)) for parameter in signature.parameters.values()
    ]
    if parameters and parameters[0].name in ("self", "cls"):
        del parameters[0]
    return str(signature.replace(parameters=parameters, return_annotation=_bare(signature.return_annotation)))


class _Bare:
    """An annotation that shows itself as it was written, not as the string that it is at run time."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def _bare(annotation: object) -> object:
    return _Bare(annotation) if isinstance(annotation, str) else annotation


def _first_paragraph(member: object) -> str:
    doc = inspect.cleandoc(getattr(member, "__doc__", None) or "")
    return " ".join(doc.partition("\n\n")[0].split())[:DOC_LIMIT]
