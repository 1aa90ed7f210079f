"""A model that says what was answered once to the sentences of a case."""

from __future__ import annotations

from tests.messages_server import MessagesServer, Received, Script


class Answerer(MessagesServer):
    """Says `replies` in their order, whatever it is asked; to lines that are asked for ahead of their turn `ahead`."""

    def __init__(self) -> None:
        super().__init__()
        self.replies: list[str] = []
        self.ahead: dict[str, str] = {}

    def script_for(self, received: Received) -> Script:
        self.requests.append(received)
        if "<ahead>" in received.user:
            return Script(self.ahead.pop(received.instruction))
        return Script(self.replies.pop(0)) if self.replies else Script(status=400, message="no reply is left")
