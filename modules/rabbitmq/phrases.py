"""The sentences that RabbitMQ understands without a language model."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

PHRASES: tuple[Phrase, ...] = ()
