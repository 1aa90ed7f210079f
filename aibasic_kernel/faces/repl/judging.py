"""Whether Enter sends what is typed, or begins another line of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aibasic_kernel.errors import AIBasicError

if TYPE_CHECKING:
    from aibasic_kernel.faces.repl.link import KernelLink

PATIENCE = 0.3
"""Seconds for the kernel's verdict; one that runs a cell of another front end answers later."""


async def wanted_indent(link: KernelLink, text: str) -> str | None:
    """The indentation of the line that a text wants below it; None where the text is to be sent.

    The kernel knows the variables, so it is asked; where it is not there, or silent, the text alone decides. Below two
    empty lines a text is sent whatever anybody says of it.
    """
    if not text.strip() or (text.count("\n") >= 2 and not "".join(text.rsplit("\n", 2)[1:]).strip()):
        return None
    if not link.is_up:
        return _by_text(text)
    try:
        verdict = await link.request("is_complete_request", {"code": text}, PATIENCE)
    except (TimeoutError, AIBasicError):
        return _by_text(text)
    return str(verdict.get("indent", "")) if verdict.get("status") == "incomplete" else None


def _by_text(text: str) -> str | None:
    from aibasic_kernel.language import is_complete

    status, indent = is_complete(text)
    return indent if status == "incomplete" else None
