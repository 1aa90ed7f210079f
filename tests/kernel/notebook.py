"""A notebook without a front end: a real kernel in a process of its own, driven as Jupyter drives it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

PATIENCE = 60.0
"""Seconds after which a cell that has not ended fails its test."""


@dataclass
class Cell:
    """What one execution sent back. Displays are as they stand in the end, with all updates."""

    reply: dict[str, Any] = field(default_factory=dict)
    stdout: str = ""
    stderr: str = ""
    shown: list[dict[str, Any]] = field(default_factory=list)
    """MIME bundles of displays and results, in order."""
    passing: list[dict[str, Any]] = field(default_factory=list)
    """Bundles that a later update replaced."""
    error: str = ""
    """The traceback, as text without colours."""
    display_ids: dict[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return bool(self.reply.get("status") == "ok")

    @property
    def texts(self) -> list[str]:
        """The plain text of everything that was shown."""
        return [bundle.get("text/plain", "") for bundle in self.shown]

    @property
    def text(self) -> str:
        """All that a reader of the saved cell sees."""
        return "\n".join([self.stdout, *self.texts, self.stderr, self.error])

    def take(self, kind: str, content: dict[str, Any]) -> None:
        """Take in one message of the iopub channel."""
        if kind == "stream":
            setattr(self, content["name"], getattr(self, content["name"]) + content["text"])
        elif kind in ("display_data", "execute_result"):
            if display_id := content.get("transient", {}).get("display_id"):
                self.display_ids[display_id] = len(self.shown)
            self.shown.append(content["data"])
        elif kind == "update_display_data":
            place = self.display_ids[content["transient"]["display_id"]]
            self.passing.append(self.shown[place])
            self.shown[place] = content["data"]
        elif kind == "error":
            self.error = without_colours("\n".join(content["traceback"]))


def without_colours(text: str) -> str:
    """`text` without terminal escapes."""
    import re

    return re.sub(r"\x1b\[[0-9;]*m", "", text)


class Notebook:
    """A running kernel and its client."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.manager = manager
        self.client = client
        self._cells: dict[str, Cell] = {}

    def start(self, code: str, metadata: dict[str, Any] | None = None, **options: Any) -> str:
        """Send a cell, as JupyterLab does where it has `metadata`; returns the id of its request."""
        if metadata is None:
            return str(self.client.execute(code, **options))
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, **options}
        request = self.client.session.msg("execute_request", content, metadata=metadata)
        self.client.shell_channel.send(request)
        return str(request["header"]["msg_id"])

    def wait(self, request: str, until: Any = None) -> Cell:
        """Collect what belongs to the request, until it has ended, or until `until(cell)` holds."""
        cell = self._cells.setdefault(request, Cell())
        deadline = time.monotonic() + PATIENCE
        while True:
            message = self.client.get_iopub_msg(timeout=max(0.1, deadline - time.monotonic()))
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break
            cell.take(kind, content)
            if until is not None and until(cell):
                return cell
        while True:
            try:
                reply = self.client.get_shell_msg(timeout=PATIENCE)
            except Empty as empty:
                raise AssertionError("the kernel sent no reply") from empty
            if reply["parent_header"].get("msg_id") == request:
                cell.reply = reply["content"]
                return cell

    def run(self, code: str, **options: Any) -> Cell:
        """Run a cell and wait for its end."""
        return self.wait(self.start(code, **options))


@contextmanager
def open_notebook(
    folder: Path, environment: Mapping[str, str] | None = None, kernel: str = "aibasic", **streams: Any
) -> Iterator[Notebook]:
    """Start a kernel in `folder`, whose own standard `streams` may go elsewhere; it is gone when the block ends."""
    manager = KernelManager(kernel_name=kernel)
    manager.start_kernel(cwd=str(folder), env={**os.environ, **(environment or {})}, **streams)
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE)
        yield Notebook(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=False)
