"""What all parts of the RabbitMQ module share: the connection, and the announcement before anything is sent."""

from __future__ import annotations

from typing import Any

from aibasic.modules.base import Module
from aibasic.modules.effects import Kind
from aibasic.modules.rabbitmq.channel import Start
from aibasic.modules.rabbitmq.link import Link
from aibasic.modules.rabbitmq.target import Target


class Linked(Module):
    """A module with one AMQP connection."""

    _target: Target
    _link: Link

    def _check_open(self) -> None:
        if self.closed:
            raise RuntimeError(f"[{self.section}] is closed: RabbitMQModule.from_config() connects it anew")

    def _announce(self, kind: Kind, statement: str) -> None:
        self._check_open()
        super()._announce(kind, statement)

    def _ask(self, kind: Kind, statement: str, start: Start) -> Any:
        """Announce, then send on the shared channel and wait: the method of the broker's answer."""
        self._announce(kind, statement)
        return self._link.control().call(start, statement, wrote=kind is not Kind.READ).method
