"""redis-py's client and pipeline as this project hands them out: they announce what they send. Imports the driver."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import redis
from aibasic.modules.progress import Progress
from aibasic.modules.redis import kinds
from aibasic.modules.redis.link import Call, Link, drop_unless_answered
from aibasic.modules.redis.values import plain
from redis.client import Pipeline, PubSub
from redis.exceptions import ConnectionError, TimeoutError


class Client(redis.Redis):
    """Every command of redis-py, sent over a module's link; bytes that are UTF-8 come as text."""

    def __init__(self, link: Link) -> None:
        super().__init__(connection_pool=link.pool)
        self._link = link

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Announce and send a command. A write is never repeated."""
        return plain(self._link.command(args, lambda connection: self.parse_response(connection, args[0], **options)))

    @property
    def patience(self) -> float:
        """Seconds to wait for an answer."""
        return self._link.target.patience

    def in_portions(
        self, items: Sequence[Any], add: Callable[[Batch, Any], object], progress: Progress, size: int
    ) -> int:
        """Send a command for each item, made by `add(batch, item)`, `size` of them a message. How many were sent."""

        def work(call: Call) -> int:
            for start in range(0, len(items), size):
                batch = self.pipeline(transaction=False)
                for item in items[start : start + size]:
                    add(batch, item)
                batch.send(call, f"; {progress} were sent before")
                progress.done = min(start + size, len(items))
            return len(items)

        if items:
            announced = self.pipeline(transaction=False)
            add(announced, items[0])
            first = announced.command_stack[0][0]
            self._link.announce([[*first[:1], f"{len(items):,} times, first", *first[1:]]])
            self._link.interruptible(work, progress.what, progress)
        return len(items)

    def pubsub(self, **how: Any) -> Ear:
        """As redis-py's; what it sends is announced."""
        return Ear(self._link, **how)

    def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> Batch:
        """Commands that are gathered, and sent together by `execute()`."""
        return Batch(self._link, self.response_callbacks, transaction)


class Batch(Pipeline):
    """Commands that are sent together; announced one by one before that."""

    def __init__(self, link: Link, callbacks: Any, transaction: bool) -> None:
        super().__init__(link.pool, callbacks, transaction, None)
        self._together = transaction
        self._link = link

    def execute(self, raise_on_error: bool = True) -> list[Any]:
        """Send what was gathered, and return the answers; a transaction is carried out whole or not at all."""
        commands = [command[0] for command in self.command_stack]
        if not commands and not self.watching:
            return []
        self._link.announce(commands)
        return self._link.interruptible(lambda call: self._sent(call, raise_on_error), f"{len(commands):,} commands")

    def send(self, call: Call, before: str) -> list[Any]:
        """As `execute`, for a caller that has announced and holds the call; `before` is added where it is lost."""
        return self._sent(call, True, before)

    def immediate_execute_command(self, *args: Any, **options: Any) -> Any:
        """What follows `watch()`: announced and sent at once."""
        self._link.announce([args])
        said = kinds.shown(args, 60)
        return plain(self._link.interruptible(lambda call: self._at_once(call, args, options), said))

    def _at_once(self, call: Call, args: Any, options: Any) -> Any:
        if not self.connection:
            self.connection = self._link.take()
        call.connection = self.connection
        return super().immediate_execute_command(*args, **options)

    def _sent(self, call: Call, raise_on_error: bool, before: str = "") -> list[Any]:
        count = len(self.command_stack)
        if not self.connection:
            self.connection = self._link.take()
        call.connection = self.connection
        if self.scripts:
            self.load_scripts()
        together = self._together or self.explicit_transaction
        carry_out = self._execute_transaction if together else self._execute_pipeline
        try:
            answers = carry_out(self.connection, self.command_stack, raise_on_error)
        except BaseException as error:
            drop_unless_answered(self.connection, error)
            if isinstance(error, (ConnectionError, TimeoutError)):
                raise type(error)(self._link.lost(f"a batch of {count:,} commands{before}", error)) from None
            raise
        finally:
            self.reset()
        return [plain(answer) for answer in answers]


class Ear(PubSub):
    """Listens to channels; what it sends is announced."""

    def __init__(self, link: Link, **how: Any) -> None:
        super().__init__(link.pool, **how)
        self._link = link

    def execute_command(self, *args: Any) -> Any:
        """Announce and send a command of subscribing."""
        self._link.announce([args])
        return super().execute_command(*args)
