"""What is done to sockets behind a driver's back."""

from __future__ import annotations

import logging
import os
import socket

log = logging.getLogger("aibasic.modules")


def cut(descriptor: int) -> None:
    """Shut a socket down, which wakes whoever waits on it; closing it remains to its owner."""
    try:
        with socket.socket(fileno=os.dup(descriptor)) as ours:
            ours.shutdown(socket.SHUT_RDWR)
    except OSError as error:
        log.debug("cutting a connection: %s", error)


def silence(descriptor: int) -> None:
    """Put /dev/null in the place of a socket, so that whatever closes it later says nothing to the other end."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, descriptor)
    os.close(nothing)
