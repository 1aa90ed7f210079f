"""What the shell knows of its kernel at each moment: whether it is at work, and the state of its session."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aibasic_kernel.faces.session_state import TARGET, SessionState, unknown_state

if TYPE_CHECKING:
    from aibasic_kernel.faces.repl.link import KernelLink, Message

STARTING, IDLE, BUSY, DEAD = "starting", "idle", "busy", "dead"


class SessionView:
    """Keeps up with the kernel behind `link`, also with one that comes after it; `on_change` is called for news."""

    def __init__(self, link: KernelLink) -> None:
        self.kernel = STARTING
        """STARTING, IDLE, BUSY with a cell of this shell or of another front end, or DEAD."""
        self.state: SessionState = unknown_state()
        """As the kernel told it last."""
        self.on_change: list[Callable[[], None]] = []
        self._link = link
        self._comm = ""
        link.on_start.append(self._open)
        link.on_output.append(self._take)
        link.on_death.append(self._died)

    def starting(self) -> None:
        """A kernel is on its way."""
        self._news(STARTING)

    def close(self) -> None:
        """Let the kernel send no more: it may go on without this shell."""
        if self._comm and self._link.is_up:
            self._link.send("comm_close", {"comm_id": self._comm, "data": {}})
        self._comm = ""

    def _open(self) -> None:
        self._comm = uuid.uuid4().hex
        self._link.send("comm_open", {"comm_id": self._comm, "target_name": TARGET, "data": {}})
        self._news(IDLE)

    def _died(self, last_words: str) -> None:
        self._comm = ""
        self._news(DEAD)

    def _take(self, message: Message) -> None:
        kind, content = message["msg_type"], message["content"]
        if kind == "comm_msg" and content["comm_id"] == self._comm:
            known: dict[str, Any] = {**unknown_state(), **content["data"]}
            self.state = known  # type: ignore[assignment]  # the kernel sends a SessionState
            self._news(self.kernel)
        elif kind == "status" and message["parent_header"].get("msg_type") == "execute_request":
            self._news(BUSY if content["execution_state"] == "busy" else IDLE)

    def _news(self, kernel: str) -> None:
        self.kernel = kernel
        for listener in tuple(self.on_change):
            listener()
