"""Cells that run within a cell: `%%capture` and its like hand what stands below them to the shell's `run_cell`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import ExecutionResult


class NestingShell(ZMQInteractiveShell):
    """A shell that runs a cell within a cell to its end before it goes on, while the event loop stands still."""

    _depth = 0
    _magic = ""
    """The text of the magic that runs now."""
    _failed_within: BaseException | None = None
    """How a cell within the running magic failed; that has been shown."""

    @property
    def is_within(self) -> bool:
        """Whether the running cell stands within another one, so that nothing in it can be awaited."""
        return self._depth > 0

    @property
    def is_captured(self) -> bool:
        """Whether what is displayed goes into a variable, so that nobody sees it now."""
        return isinstance(self.display_pub, CapturingDisplayPublisher)

    def transform_cell(self, raw_cell: str) -> str:
        """A magic's Python as IPython reads it; a cell as it is: `how many rows?` asks for no help on `rows`."""
        text: str = super().transform_cell(raw_cell) if self._magic else raw_cell
        return text

    def should_run_async(self, raw_cell: str, **kwargs: Any) -> bool:
        return not self.is_within

    def run_cell(self, *arguments: Any, **keywords: Any) -> ExecutionResult:
        """Run a cell to its end, also while another one runs. Every failure ends up shown, and in the result."""
        self._depth += 1
        try:
            result: ExecutionResult = super().run_cell(*arguments, **keywords)
        finally:
            self._depth -= 1
        self._failed_within = result.error_before_exec or result.error_in_exec
        return result

    @contextmanager
    def _running_magic(self, text: str) -> Iterator[None]:
        outer, self._magic, self._failed_within = self._magic, text, None
        try:
            yield
        finally:
            self._magic = outer

    def _as_it_stands(self, text: str) -> str:
        """The text of a cell as far down as it stands below the magic around it, so that its lines keep their place."""
        if self.is_within and self._magic.endswith(text):
            return "\n" * self._magic.removesuffix(text).count("\n") + text
        return text
