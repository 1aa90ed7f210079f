"""Requests and their answers: published and awaited on one channel, each answer told by its correlation id."""

from __future__ import annotations

from typing import Any

from aibasic.modules.rabbitmq import errors
from aibasic.modules.rabbitmq.channel import ChannelEnded
from aibasic.modules.rabbitmq.errors import Lost
from aibasic.modules.rabbitmq.message import Message, received
from aibasic.modules.rabbitmq.publisher import ConfirmChannel
from aibasic.modules.rabbitmq.wire import Reply, Wire

ANSWERS = "amq.rabbitmq.reply-to"
"""The broker's own queue for answers: needs no declaring, and holds nothing for those who have gone."""


class AskingChannel(ConfirmChannel):
    """A channel on which answers arrive. They must come on the one that asked."""

    def __init__(self, wire: Wire, place: str, timeout: float) -> None:
        self._awaited: dict[str, Reply] = {}
        super().__init__(wire, place, timeout)
        self.call(
            lambda raw, done: raw.basic_consume(ANSWERS, self._on_answer, auto_ack=True, callback=done),
            "wait for answers",
            wrote=False,
        )

    def expect(self, correlation_id: str) -> Reply:
        """Await the answer of that correlation id, before the question is sent."""
        reply = self.wire.ask(lambda _: None)
        self._awaited[correlation_id] = reply
        return reply

    def forget(self, correlation_id: str) -> None:
        """Nobody waits for that answer any more."""
        reply = self._awaited.pop(correlation_id, None)
        if reply is not None:
            self.wire.done(reply)

    def answer(self, reply: Reply, what: str, seconds: float) -> Message:
        """Wait for an answer, up to so many seconds (TimeoutError)."""
        problem: Exception
        try:
            return reply.wait(seconds)  # type: ignore[no-any-return]
        except TimeoutError:
            problem = TimeoutError(
                f"{what}: no answer within {seconds:g} s. Whoever serves the queue may still be working on it, or not "
                "have it yet; a late answer is dropped"
            )
        except ChannelEnded as ended:
            problem = errors.refused(what, ended.code, ended.text)
        except Lost as reason:
            problem = errors.lost(what, self.place, reason, wrote=reason.sent)
        raise problem

    def on_end(self, error: Exception) -> None:
        """No answer will come."""
        super().on_end(error)
        waiting, self._awaited = self._awaited, {}
        for reply in waiting.values():
            reply.fail(error)

    def _on_answer(self, _: Any, method: Any, properties: Any, body: bytes) -> None:
        reply = self._awaited.get(properties.correlation_id or "")
        if reply is not None:
            reply.set(received(method, properties, body, ANSWERS, None))
