"""No secret goes out of an IPython while the extension is loaded: what its cells of Python print is guarded as well."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from aibasic_kernel.compiler.privacy.redaction import Redactor
from aibasic_kernel.faces.packing import hide_in_log, lossless, without_secrets

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

Known = Callable[[], Redactor]
Hold = Callable[[], AbstractContextManager[None]]


@contextmanager
def guarded(shell: InteractiveShell, known: Known) -> Iterator[Hold]:
    """Guard all that goes out, or into the history, during the block.

    Gives what a cell runs in, so that printed pieces wait for the rest.
    """
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        from aibasic_kernel.faces.standard_streams import shown_streams

        with shown_streams(known), _clean_history(shell, known):
            yield nullcontext
        return
    from aibasic_kernel.faces.streams import adopted_streams, held

    with ExitStack() as undo:
        undo.callback(setattr, kernel.session, "pack", kernel.session.pack)
        kernel.session.pack = without_secrets(lossless(kernel.session.pack), known)
        undo.callback(hide_in_log(kernel.log, known))
        undo.enter_context(adopted_streams(known))
        undo.enter_context(_held_in_each_cell(shell))
        undo.enter_context(_clean_history(shell, known))
        yield held


@contextmanager
def _held_in_each_cell(shell: InteractiveShell) -> Iterator[None]:
    """Hold back, in cells of Python too, what may be the beginning of a secret."""
    from aibasic_kernel.faces.streams import hold

    def begin(*information: Any) -> None:
        hold(True)

    def end(*result: Any) -> None:
        hold(False)

    shell.events.register("pre_execute", begin)
    shell.events.register("post_execute", end)
    try:
        yield
    finally:
        shell.events.unregister("pre_execute", begin)
        shell.events.unregister("post_execute", end)
        sys.stdout.flush()


@contextmanager
def _clean_history(shell: InteractiveShell, known: Known) -> Iterator[None]:
    """Keep no secret in the inputs that IPython remembers, and saves for later sessions."""
    history = shell.history_manager
    if history is None:
        yield
        return
    store = history.store_inputs

    def store_clean(line_num: int, source: str, source_raw: str | None = None) -> None:
        clean = known().clean
        store(line_num, clean(source), None if source_raw is None else clean(source_raw))

    vars(history)["store_inputs"] = store_clean
    try:
        yield
    finally:
        del vars(history)["store_inputs"]
