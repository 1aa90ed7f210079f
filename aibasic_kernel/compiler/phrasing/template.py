"""Fills the Python of a phrase with what its slots hold."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aibasic_kernel.compiler.phrasing.slots import Filled
from aibasic_kernel.compiler.sql.text import Sql, as_arguments

_SQL = re.compile(r"<<(.*?)>>", re.DOTALL)
_SLOT = re.compile(r"\{([a-z_]+)(?:\|([^}]*))?\}")
_OPTIONAL_PYTHON = re.compile(r"<\?(.*?)\?>", re.DOTALL)
_OPTIONAL = re.compile(r"\[([^\]]*)\]")


def fill(template: str, filled: Mapping[str, Filled]) -> str:
    """The template with each `{slot}` and each `<<SQL>>` replaced. An empty slot without a default leaves nothing."""
    parts: list[str] = []
    end = 0
    for match in _SQL.finditer(template):
        parts += [_fill_python(template[end : match.start()], filled), as_arguments(_fill_optional(match[1], filled))]
        end = match.end()
    return "".join([*parts, _fill_python(template[end:], filled)])


def with_imports(python: str, filled: Mapping[str, Filled]) -> str:
    """The Python with the imports in front that the slots need and that it has not yet."""
    needed = {line for held in filled.values() for line in held.imports} - set(python.splitlines())
    if not needed:
        return python
    imports = "".join(f"{line}\n" for line in sorted(needed))
    return imports + ("" if python.startswith("import ") else "\n") + python


def _fill_python(template: str, filled: Mapping[str, Filled]) -> str:
    kept = _OPTIONAL_PYTHON.sub(lambda part: part[1] if _has_all(part[1], filled) else "", template)
    return _SLOT.sub(lambda slot: _python_of(slot[1], slot[2] or "", filled), kept)


def _python_of(name: str, otherwise: str, filled: Mapping[str, Filled]) -> str:
    if name in filled:
        return filled[name].python
    return filled[otherwise[1:]].python if otherwise.startswith("=") else otherwise


def _has_all(template: str, filled: Mapping[str, Filled]) -> bool:
    return all(slot[1] in filled or slot[2] is not None for slot in _SLOT.finditer(template))


def _fill_optional(template: str, filled: Mapping[str, Filled]) -> Sql:
    pieces: Sql = ()
    end = 0
    for match in _OPTIONAL.finditer(template):
        pieces += _fill_sql(template[end : match.start()], filled)
        if _has_all(match[1], filled):
            pieces += _fill_sql(match[1], filled)
        end = match.end()
    return pieces + _fill_sql(template[end:], filled)


def _fill_sql(template: str, filled: Mapping[str, Filled]) -> Sql:
    pieces: Sql = ()
    end = 0
    for match in _SLOT.finditer(template):
        held = filled[match[1]].sql if match[1] in filled else (match[2] or "",)
        pieces += (template[end : match.start()], *held)
        end = match.end()
    return (*pieces, template[end:])
