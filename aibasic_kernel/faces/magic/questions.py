"""A question behind `%aibasic`: `%aibasic how many rows?` asks AIBasic, where IPython would look for help on `rows`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_ASKS = re.compile(r"(?P<indent>\s*)%aibasic[ \t]+(?P<line>\S.*\?)\s*")


class QuestionMarks:
    """Takes such lines before IPython's own transformers see them."""

    def __call__(self, lines: list[str]) -> list[str]:
        """The lines of a cell, each such one as the call that IPython makes of a line magic."""
        if lines and lines[0].startswith("%%"):
            return lines
        return [_called(line) for line in lines]

    @contextmanager
    def put_into(self, shell: InteractiveShell) -> Iterator[None]:
        """Be asked first during the block."""
        transformers = shell.input_transformers_cleanup
        transformers.append(self)
        try:
            yield
        finally:
            transformers.remove(self)


def _called(line: str) -> str:
    asks = _ASKS.fullmatch(line)
    if asks is None:
        return line
    return f"{asks['indent']}get_ipython().run_line_magic('aibasic', {asks['line']!r})\n"
