"""A session without a front end as a face of a trial: what it shows goes out as the kernel would send it."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import TextIOBase
from pathlib import Path
from typing import Any
from unittest.mock import patch

from IPython.core.formatters import DisplayFormatter
from jupyter_client.session import json_packer

from aibasic_kernel.compiler.privacy.redaction import Redactor
from aibasic_kernel.faces.held_text import HeldText
from aibasic_kernel.faces.packing import lossless, without_secrets
from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.session import Session
from tests.canaries.programs import SHOWING
from tests.session.driver import run


class SessionFace:
    """A session in a folder, and every byte that would leave it."""

    showing = SHOWING

    def __init__(self, folder: Path, environment: Mapping[str, str], *, redacted: bool = True) -> None:
        self._folder = folder
        self._environment = {**environment, "AIBASIC_DATA_DIR": str(folder / "data"), "AIBASIC_LOG": "log.jsonl"}
        self._redacted = redacted
        self._formatter = DisplayFormatter()
        self._session: Session
        self.left: list[bytes] = []

    @contextmanager
    def running(self) -> Iterator[SessionFace]:
        """Open the session; until the block ends its folder is the working folder."""
        before = Path.cwd()
        os.chdir(self._folder)
        try:
            with patch.dict(os.environ, self._environment), self._switched():
                self._session = Session({"__name__": "__main__"}, os.environ)
                try:
                    yield self
                finally:
                    self._session.close()
        finally:
            os.chdir(before)

    def run(self, code: str, **options: Any) -> None:
        """Run a cell to its end."""
        written = _Pieces()
        shown: list[Any] = []
        with redirect_stdout(written), redirect_stderr(written):
            try:
                run(self._session, code, shown)
            except LineError as failure:
                self._fail(failure.error)
            except Exception as error:
                self._fail(error)
        held = HeldText()
        pieces = [held.passed(piece, self._session.redactor, more=True) for piece in written.pieces]
        self._send({"text": "".join([*pieces, held.passed("", self._session.redactor, more=False)])})
        for thing in shown:
            data, metadata = self._formatter.format(thing)  # type: ignore[no-untyped-call]
            self._send({"data": data, "metadata": metadata})

    def ask(self, kind: str, **content: Any) -> None:
        """A session answers no other requests."""

    def _fail(self, error: BaseException) -> None:
        try:
            lines = traceback.format_exception(error)
        except Exception:  # an error whose text cannot be had
            lines = [type(error).__name__]
        self._send({"ename": type(error).__name__, "traceback": lines})

    def _send(self, content: dict[str, Any]) -> None:
        self.left.append(without_secrets(lossless(json_packer), lambda: self._session.redactor)(content))

    @contextmanager
    def _switched(self) -> Iterator[None]:
        if self._redacted:
            yield
            return
        with (
            patch.object(Redactor, "clean", lambda self, text: text),
            patch.object(Redactor, "may_hold", lambda self, data: False),
            patch.object(Redactor, "held_back", lambda self, text: 0),
        ):
            yield


class _Pieces(TextIOBase):
    """Keeps each written piece for itself."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def write(self, text: str) -> int:
        self.pieces.append(text)
        return len(text)
