"""The kernels that run already, found by their connection files."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from aibasic_kernel.errors import AIBasicError

BEAT = 0.5
"""Seconds in which the heart of a kernel that runs answers."""


@dataclass(frozen=True)
class Running:
    """A kernel that answers: its connection file, its name, and the notebook that it belongs to ("" for none)."""

    file: Path
    kernel: str
    notebook: str

    def __str__(self) -> str:
        since = datetime.fromtimestamp(self.file.stat().st_mtime).strftime("%H:%M")
        return "  ".join(filter(None, (self.kernel, self.notebook, f"since {since}", self.file.name)))


def find(name: str | None, choose: Callable[[list[Running]], Running]) -> Path:
    """The connection file of the kernel that `name` says: a file, or a part of one's name; None is the one that runs.

    Where several are meant `choose` decides. Raises AIBasicError where none is.
    """
    if name is not None and Path(name).is_file():
        return Path(name)
    found = running()
    if name is not None:
        found = [kernel for kernel in found if name in str(kernel)]
    if not found:
        meant = f"no kernel that runs is named {name}" if name else "no kernel runs"
        raise AIBasicError(meant, "start one in a notebook, or leave --existing out for one of your own")
    return (found[0] if len(found) == 1 else choose(found)).file


def running() -> list[Running]:
    """All of this user's kernels that run, the newest first."""
    from jupyter_core.paths import jupyter_runtime_dir

    files = sorted(Path(jupyter_runtime_dir()).glob("kernel-*.json"), key=_age, reverse=True)
    wires = [(file, wire) for file in files if (wire := _read(file)) is not None]
    alive = _beating([wire for _, wire in wires])
    return [
        Running(file, str(wire.get("kernel_name") or "a kernel"), str(wire.get("jupyter_session") or ""))
        for (file, wire), is_alive in zip(wires, alive, strict=True)
        if is_alive
    ]


def _age(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:  # its kernel has just ended
        return 0


def _read(file: Path) -> dict[str, Any] | None:
    try:
        wire = json.loads(file.read_text())
        return wire if {"transport", "ip", "hb_port"} <= wire.keys() else None
    except (OSError, ValueError, AttributeError):
        return None


def _beating(wires: list[dict[str, Any]]) -> list[bool]:
    """Whether each kernel's heart answers; all are asked at once."""
    import zmq

    with zmq.Context() as context:
        poller = zmq.Poller()
        hearts = []
        for wire in wires:
            heart = context.socket(zmq.REQ)
            heart.linger = 0
            separator = ":" if wire["transport"] == "tcp" else "-"
            heart.connect(f"{wire['transport']}://{wire['ip']}{separator}{wire['hb_port']}")
            heart.send(b"ping")
            poller.register(heart, zmq.POLLIN)
            hearts.append(heart)
        answered = [False] * len(hearts)
        while not all(answered):
            events = dict(poller.poll(int(BEAT * 1000)))
            if not events:
                break
            for at, heart in enumerate(hearts):
                if heart in events:
                    answered[at] = True
                    poller.unregister(heart)
        for heart in hearts:
            heart.close()
    return answered
