"""Showing what is taller than the screen in the user's pager."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
from collections.abc import Mapping

from aibasic_kernel.faces.repl.screen import without_commands


class Pager:
    """The program that PAGER names, else `less`, else `more`; `command` is empty where there is none of them."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        named = environ.get("PAGER")
        self.command = shlex.split(named) if named is not None else _first("less", "more")
        self._environ = {"LESS": "-RX", **environ}

    async def show(self, text: str) -> bool:
        """Show a text until the user has left the pager; False where it could not be started."""
        if not self.command:
            return False
        try:
            process = await asyncio.create_subprocess_exec(
                *self.command, stdin=asyncio.subprocess.PIPE, env=self._environ
            )
        except OSError:
            return False
        await process.communicate(without_commands(text).encode("utf-8", "backslashreplace"))
        return process.returncode == 0


def _first(*names: str) -> list[str]:
    return next(([found] for name in names if (found := shutil.which(name))), [])
