"""The kernel as a face of a trial: every byte that it sends, and what front ends ask it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from tests.canaries.programs import IN_A_KERNEL, SHOWING

PATIENCE = 60.0
"""Seconds for which a message is waited for."""
WITHOUT_REDACTION = """
from aibasic_kernel.compiler.privacy.redaction import Redactor
Redactor.clean = lambda self, text: text
Redactor.may_hold = lambda self, data: False
Redactor.held_back = lambda self, text: 0
"""


class KernelFace:
    """A kernel in a folder, and every byte that it sent."""

    showing = (*SHOWING, *IN_A_KERNEL)
    kernel = "aibasic"
    arguments: tuple[str, ...] = ()

    def __init__(self, folder: Path, environment: Mapping[str, str], *, redacted: bool = True) -> None:
        self._folder = folder
        self._environment = environment
        self._redacted = redacted
        self.left: list[bytes] = []
        self._client: BlockingKernelClient

    @contextmanager
    def running(self) -> Iterator[KernelFace]:
        """Start it; its own output goes into a file of the folder."""
        own = {
            "IPYTHONDIR": str(self._folder / "ipython"),
            "AIBASIC_DATA_DIR": str(self._folder / "data"),
            "AIBASIC_LOG": str(self._folder / "log.jsonl"),
            "MPLBACKEND": "agg",
        }
        manager = KernelManager(kernel_name=self.kernel)
        with (self._folder / "terminal.txt").open("wb") as terminal:
            manager.start_kernel(
                extra_arguments=list(self.arguments),
                cwd=str(self._folder),
                env={**os.environ, **own, **self._environment},
                stdout=terminal,
                stderr=terminal,
            )
            client = self._client = manager.blocking_client()
            client.start_channels()
            try:
                client.wait_for_ready(timeout=PATIENCE)
                if not self._redacted:
                    self.run(WITHOUT_REDACTION)
                self._listen()
                yield self
            finally:
                client.stop_channels()
                manager.shutdown_kernel(now=False)

    def run(self, code: str, answer: str = "", **options: Any) -> None:
        """Run a cell to its end; `answer` is typed where it asks."""
        request = self._client.execute(code, allow_stdin=bool(answer), **options)
        if answer:
            self._client.get_stdin_msg(timeout=PATIENCE)
            self._client.input(answer)
        while True:
            message = self._client.get_iopub_msg(timeout=PATIENCE)
            of_this = message["parent_header"].get("msg_id") == request
            if of_this and message["content"].get("execution_state") == "idle":
                break
        self._replied(request)

    def ask(self, kind: str, **content: Any) -> None:
        """Send another request and wait for its reply."""
        message = self._client.session.msg(f"{kind}_request", dict(content))
        self._client.shell_channel.send(message)
        self._replied(message["header"]["msg_id"])

    def _replied(self, request: str) -> None:
        while self._client.get_shell_msg(timeout=PATIENCE)["parent_header"].get("msg_id") != request:
            pass

    def _listen(self) -> None:
        session = self._client.session
        read = session.deserialize

        def reading(parts: list[bytes], **how: bool) -> Any:
            self.left += [bytes(part) for part in parts]
            return read(parts, **how)

        session.deserialize = reading
