"""Getting single messages: one question at a time on a channel, and nothing is left with somebody who has gone."""

from __future__ import annotations

from collections import deque
from typing import Any

from aibasic.modules.rabbitmq.channel import Channel, unsent
from aibasic.modules.rabbitmq.wire import Reply, Wire

Got = tuple[Any, Any, bytes]
"""pika's method, properties and body."""


class _Question:
    """One get, from any thread."""

    def __init__(self, queue: str, auto_ack: bool, reply: Reply) -> None:
        self.queue = queue
        self.auto_ack = auto_ack
        self.reply = reply
        self.tag = 0
        self.abandoned = False


class GettingChannel(Channel):
    """A channel for `basic.get`, which pika answers one at a time."""

    def __init__(self, wire: Wire, place: str, timeout: float) -> None:
        self._questions: deque[_Question] = deque()
        super().__init__(wire, place, timeout)
        wire.post(self._listen)

    def get(self, queue: str, auto_ack: bool = False) -> Got | None:
        """One message of a queue, None where none waits. LookupError without the queue."""
        asked: list[_Question] = []

        def ask(reply: Reply) -> None:
            asked.append(_Question(queue, auto_ack, reply))
            self._put(asked[0])

        reply = self.wire.ask(ask)
        try:
            return self.await_reply(reply, f"basic.get {queue}", wrote=auto_ack)  # type: ignore[no-any-return]
        except BaseException:
            self.wire.post(lambda: self._abandon(asked))
            raise

    def on_end(self, error: Exception) -> None:
        """No message will come."""
        questions, self._questions = self._questions, deque()
        for question in questions:
            question.reply.fail(error)

    def _listen(self) -> None:
        from pika import spec

        self.raw.add_callback(lambda _: self._answer(None), [spec.Basic.GetEmpty], one_shot=False)

    def _put(self, question: _Question) -> None:
        if self.ended is not None:
            question.reply.fail(unsent(self.ended))
            return
        self._questions.append(question)
        if len(self._questions) == 1:
            self._ask_next()

    def _ask_next(self) -> None:
        question = self._questions[0]
        self.raw.basic_get(question.queue, lambda _, *got: self._answer(got), auto_ack=question.auto_ack)

    def _answer(self, got: Any) -> None:
        question = self._questions.popleft()
        if got is not None:
            question.tag = got[0].delivery_tag
        if question.abandoned:
            self._give_back(question)
        question.reply.set(got)
        if self._questions:
            self._ask_next()

    def _abandon(self, asked: list[_Question]) -> None:
        for question in asked:
            question.abandoned = True
            self._give_back(question)

    def _give_back(self, question: _Question) -> None:
        if question.tag and not question.auto_ack and self.ended is None:
            self.raw.basic_nack(question.tag, requeue=True)
