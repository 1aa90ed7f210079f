"""A model that says what was answered once to the sentences of a case."""

from __future__ import annotations

from tests.messages_server import MessagesServer, Received, Script


class Answerer(MessagesServer):
    """Says `replies` in their order, whatever it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.replies: list[str] = []

    def script_for(self, received: Received) -> Script:
        self.requests.append(received)
        return Script(self.replies.pop(0)) if self.replies else Script(status=400, message="no reply is left")
