"""The note that a model is asked: in its place stands the Python as it is written, until the line's header comes."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from aibasic_kernel.compiler.privacy.redaction import Redactor

if TYPE_CHECKING:
    from aibasic_kernel.session.steps import Ask

EVERY = 0.1
"""Seconds from one showing of what is written to the next."""
Publish = Callable[..., None]


class AskingNote:
    """One note, shown by `publish(bundle, display_id, update=...)`, for all requests of a line until it is `over`."""

    def __init__(self, publish: Publish, redactor: Callable[[], Redactor]) -> None:
        self.display_id = os.urandom(8).hex()
        self._publish = publish
        self._redactor = redactor
        self._lock = threading.Lock()
        self._is_shown = self._is_over = False

    def show(self, step: Ask) -> Asked:
        """Tell whom is asked, instead of what stands there. What listens to that request."""
        self.put({"text/plain": step.note})
        return Asked(self, step)

    def put(self, bundle: dict[str, Any]) -> None:
        """Show this; nothing once the note is over. For any thread."""
        with self._lock:
            if not self._is_over:
                self._publish(bundle, self.display_id, update=self._is_shown)
                self._is_shown = True

    def over(self) -> str:
        """From now on something else stands there: the id of the place."""
        with self._lock:
            self._is_over = True
        return self.display_id

    def without_beginning_of_secret(self, text: str) -> str:
        """A text that goes on, as far as it may be shown: its end may be the beginning of a secret."""
        return text[: len(text) - self._redactor().held_back(text)]


class Asked:
    """Listens to one request: for any thread, though one at a time."""

    def __init__(self, note: AskingNote, step: Ask) -> None:
        from aibasic_kernel.compiler.prompts.reply import Draft

        self._note = note
        self._step = step
        self._draft = Draft()
        self._shown_at = -EVERY
        self._context = copy_context()  # it knows whose cell the display is
        self._lock = threading.Lock()

    def wrote(self, text: str) -> None:
        """A piece of the reply has come."""
        with self._lock:
            self._draft.take(text)
            now = time.monotonic()
            if now - self._shown_at < EVERY or not self._draft.python:
                return
            self._shown_at = now
            self._context.run(self._show_draft)

    def noticed(self, text: str) -> None:
        """Something has come up, such as that the request is sent again."""
        with self._lock:
            self._context.run(self._note.put, {"text/plain": f"{self._step.line.sentence}  ·  {text}"})

    def _show_draft(self) -> None:
        from aibasic_kernel.session.messages import folded, gutter

        title, python = self._step.note, self._note.without_beginning_of_secret(self._draft.python)
        self._note.put({"text/plain": f"{title}\n{gutter(python)}", "text/html": folded(title, python, opened=True)})
