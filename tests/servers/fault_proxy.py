"""A TCP proxy on the loopback interface that delays, cuts and falls silent where a test says."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Literal

Direction = Literal["request", "reply"]


class FaultProxy:
    """`with FaultProxy(port) as proxy`: what connects to `proxy.port` reaches `port`, until a fault is asked for."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.deaf = False
        """New connections are accepted and never answered."""
        self._lock = threading.Lock()
        self._cut: tuple[Direction, int] | None = None
        self._gate = threading.Event()
        self._gate.set()
        self._sockets: list[socket.socket] = []
        self.passed: dict[Direction, int] = {"request": 0, "reply": 0}
        """Bytes that went through since `watch` or `cut_after`."""

    def __enter__(self) -> FaultProxy:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _end(self._listener)
        self._gate.set()
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

    def hold(self) -> None:
        """Delay whatever comes, in both directions, until `release`."""
        self._gate.clear()

    def release(self) -> None:
        """Let go on what was held."""
        self._gate.set()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self._sockets.append(client)
            if not self.deaf:
                server = socket.create_connection(("127.0.0.1", self._target))
                with self._lock:
                    self._sockets.append(server)
                for direction, source, sink in (("request", client, server), ("reply", server, client)):
                    threading.Thread(target=self._pump, args=(direction, source, sink), daemon=True).start()

    def _pump(self, direction: Direction, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                self._gate.wait()
                allowed = self._allowed(direction, len(data))
                sink.sendall(data[:allowed])
                if allowed < len(data):
                    break
        _end(source, sink)

    def _allowed(self, direction: Direction, size: int) -> int:
        """How many of `size` bytes may pass. Fewer than all: the cut has come."""
        with self._lock:
            allowed = size
            if self._cut is not None and self._cut[0] == direction:
                allowed = min(size, self._cut[1] - self.passed[direction])
            if allowed < size:
                self._cut = None
            self.passed[direction] += allowed
            return allowed


def _end(*sockets: socket.socket) -> None:
    for one in sockets:
        # The other end may be gone already; shutting down wakes a thread that waits in recv or accept.
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
