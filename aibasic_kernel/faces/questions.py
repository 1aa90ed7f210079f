"""What is asked of the front end, each question answered by its own reply.

A front end may leave the box of a question standing that an interrupt has ended. What is typed there belongs to that
question: it must not count as the answer to whatever is asked next.
"""

from __future__ import annotations

import logging
from typing import Any

LOOK = 50
"""Milliseconds of one wait for a reply: on Windows an interrupt is noticed in between only."""
END_OF_INPUT = "\x04"


class Questions:
    """The questions of one kernel, over its stdin socket."""

    def __init__(self, session: Any, socket: Any, log: logging.Logger) -> None:
        self._session = session
        self._socket = socket
        self._log = log
        self._open: set[str] = set()
        """The questions without an answer, by the id of their message: the present one, and those that ended so."""

    def ask(self, content: dict[str, Any], parent: Any, ident: Any) -> str:
        """Send an `input_request` and wait for what is typed. KeyboardInterrupt, and EOFError at the end of input."""
        while self._socket.poll(0):
            self._socket.recv_multipart()
        request = self._session.msg("input_request", content, parent)
        asked = request["header"]["msg_id"]
        self._open.add(asked)  # before it is sent: an interrupt may come at any moment from then on
        self._session.send(self._socket, request, ident=ident)
        while (value := self._reply(asked)) is None:
            pass
        self._open.discard(asked)
        if value == END_OF_INPUT:
            raise EOFError
        return value

    def _reply(self, asked: str) -> str | None:
        """What was typed; None where nothing was yet, or where it was to a question before this one."""
        if not self._socket.poll(LOOK):
            return None
        try:
            _, reply = self._session.recv(self._socket)
            value = str(reply["content"]["value"])
        except (ValueError, TypeError, KeyError):
            self._log.warning("no reply to a question, and left alone:", exc_info=True)
            return None
        return None if reply["parent_header"].get("msg_id") in self._open - {asked} else value
