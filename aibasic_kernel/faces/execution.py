"""How the code of a line runs, whichever face runs it."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import CO_COROUTINE
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aibasic_kernel.session.line import Code


async def value_of(code: Code, names: dict[str, Any], local: Mapping[str, Any]) -> object:
    """Run the statements, then the last expression; its value, None where there is none.

    Waits for nothing but what the code itself awaits. Raises what the code raises.
    """
    value = None
    for part in (code.body, code.value):
        if part is not None:
            value = eval(part, names, local)
            if part.co_flags & CO_COROUTINE:
                value = await value
    return value if code.value is not None else None
