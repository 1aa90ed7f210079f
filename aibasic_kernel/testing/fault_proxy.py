"""A TCP proxy on the loopback interface that delays, cuts and falls silent where a test says."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Literal

Direction = Literal["request", "reply"]


class FaultProxy:
    """`with FaultProxy(port) as proxy`: what connects to `proxy.port` reaches `port`, until a fault is asked for.

    It listens on any free port, unless told which.

    Attributes:
        port      where it listens
        deaf      set it, and new connections are accepted and never answered
        accepted  connections that were ever accepted
        passed    bytes by direction that came since `watch`, `hold` or `cut_after`, and may go through
        has_cut   whether what `cut_after` asked for has happened
    """

    def __init__(self, target: int, port: int = 0) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self.deaf = False
        self.accepted = 0
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._cut: tuple[Direction, int] | None = None
        self._held: dict[Direction, int] = {}
        self._sockets: list[socket.socket] = []
        self.passed: dict[Direction, int] = {"request": 0, "reply": 0}

    def __enter__(self) -> FaultProxy:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _end(self._listener)
        self.release()
        self.cut()

    def watch(self) -> None:
        """Count from here on."""
        with self._lock:
            self._cut = None
            self.passed = {"request": 0, "reply": 0}

    def cut_after(self, direction: Direction, passed: int) -> None:
        """Let so many bytes pass from here on in a direction; the next byte ends its connection, both ways, once."""
        self.watch()
        with self._lock:
            self._cut = direction, passed

    @property
    def has_cut(self) -> bool:
        """Whether what `cut_after` asked for has happened."""
        return self._cut is None

    def cut(self) -> None:
        """End all connections, now."""
        with self._lock:
            _end(*self._sockets)
            self._sockets = []

    def hold(self, *directions: Direction, after: int = 0) -> None:
        """Delay whatever comes in a direction (in both, where none is given) until `release`; count from here on.

        `after` so many bytes: what comes before them passes.
        """
        self.watch()
        with self._changed:
            self._held = dict.fromkeys(directions or ("request", "reply"), after)

    def release(self) -> None:
        """Let go on what was held."""
        with self._changed:
            self._held = {}
            self._changed.notify_all()

    def wait_for(self, direction: Direction, seconds: float = 30.0) -> bool:
        """Wait until something has come in a direction since `hold` or `watch`; False after so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self.passed[direction] > 0, seconds)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.accepted += 1
                self._sockets.append(client)
            if not self.deaf:
                self._join(client)

    def _join(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            _end(client)
            return
        with self._lock:
            self._sockets.append(server)
        pumps: tuple[tuple[Direction, socket.socket, socket.socket], ...] = (
            ("request", client, server),
            ("reply", server, client),
        )
        for pump in pumps:
            threading.Thread(target=self._pump, args=pump, daemon=True).start()

    def _pump(self, direction: Direction, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                allowed = self._allowed(direction, len(data))
                with self._changed:
                    self._changed.wait_for(lambda: not self._holds(direction))
                sink.sendall(data[:allowed])
                if allowed < len(data):
                    break
        _end(source, sink)

    def _holds(self, direction: Direction) -> bool:
        return direction in self._held and self.passed[direction] > self._held[direction]

    def _allowed(self, direction: Direction, size: int) -> int:
        """How many of `size` bytes may pass. Fewer than all: the cut has come."""
        with self._lock:
            allowed = size
            if self._cut is not None and self._cut[0] == direction:
                allowed = min(size, self._cut[1] - self.passed[direction])
            if allowed < size:
                self._cut = None
            self.passed[direction] += allowed
            self._changed.notify_all()
            return allowed


def _end(*sockets: socket.socket) -> None:
    for one in sockets:
        # The other end may be gone already; shutting down wakes a thread that waits in recv or accept.
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
