"""What is done to sockets behind a driver's back."""

from __future__ import annotations

import os


def silence(descriptor: int) -> None:
    """Put /dev/null in the place of a socket, so that whatever closes it later says nothing to the other end."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, descriptor)
    os.close(nothing)
