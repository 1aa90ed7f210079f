"""Messages as they come in: plain dicts that can be acknowledged, and lists of them that show as tables."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, SupportsIndex, overload

from aibasic.modules.rabbitmq import content
from aibasic.modules.rabbitmq.channel import Channel
from aibasic.modules.results import html_table, text_table

_SHOWN = ("body", "exchange", "routing_key", "redelivered")


class Delivery:
    """The broker's hold on one message: settled once, on the channel that it came on."""

    def __init__(self, channel: Channel, tag: int, queue: str, announce: Callable[[str], None]) -> None:
        self.channel = channel
        self.tag = tag
        self.queue = queue
        self._announce = announce
        self._lock = threading.Lock()
        self._settled = ""

    @property
    def state(self) -> str:
        """`held`, `acknowledged`, `requeued`, `rejected`; `lost` to its queue where the connection ended."""
        return self._settled or ("held" if self.channel.alive else "lost")

    def settle(self, outcome: str) -> None:
        """Tell the broker, and wait until it has taken note: acknowledged, requeued or rejected.

        RuntimeError where the message is settled already, ConnectionError where its connection has ended.
        """
        what = f"{_METHODS[outcome]} a message of queue {self.queue}"
        self._announce(what)
        self.mark(outcome)
        # The broker answers a channel's methods in order: after this answer the first has been carried out.
        self.channel.call(lambda raw, done: self._send_and_ask(raw, outcome, done), what)
        self.channel.on_settled()

    def _send_and_ask(self, raw: Any, outcome: str, done: Callable[[Any], None]) -> None:
        _send(raw, self.tag, outcome)
        raw.flow(True, done)

    def settle_unseen(self, outcome: str) -> None:
        """Tell the broker without waiting, as part of what has been announced."""
        self.mark(outcome)
        self.channel.post(lambda raw: _send(raw, self.tag, outcome))

    def mark(self, outcome: str) -> None:
        """Note how it is settled; whoever calls tells the broker."""
        with self._lock:
            if self.state != "held":
                raise _cannot_settle(self.state, self.queue)
            self._settled = outcome


class Message(dict[str, Any]):
    """A message: `body` (text, JSON's value or bytes), `exchange`, `routing_key`, `redelivered`, `queue`, its
    properties by name (`headers`, `correlation_id` and so on) and `waiting`, how many were behind it.

    `ack()`, `nack()` and `requeue()` settle it; `raw` are the bytes of its body.
    """

    def __init__(self, values: Iterable[tuple[str, Any]], raw: bytes = b"", delivery: Delivery | None = None) -> None:
        super().__init__(values)
        self.raw = raw
        self._delivery = delivery

    @property
    def body(self) -> Any:
        """The content: text, the value that was sent as JSON, or bytes."""
        return self["body"]

    @property
    def exchange(self) -> str:
        """Where it was published to, "" for straight to its queue."""
        return str(self["exchange"])

    @property
    def routing_key(self) -> str:
        """The key that it was published with."""
        return str(self["routing_key"])

    @property
    def headers(self) -> dict[str, Any]:
        """The headers, {} without any."""
        return dict(self.get("headers") or {})

    @property
    def state(self) -> str:
        """`held`, `acknowledged`, `requeued`, `rejected` or `lost`; "" for one that the broker does not wait for."""
        return self._delivery.state if self._delivery is not None else ""

    def ack(self) -> None:
        """Acknowledge: the broker forgets the message. RuntimeError where it is settled already."""
        self.settle("acknowledged")

    def nack(self, requeue: bool = True) -> None:
        """Give back to the queue, or with `requeue=False` reject: dropped, or sent to the dead letter exchange."""
        self.settle("requeued" if requeue else "rejected")

    def requeue(self) -> None:
        """Give back to the queue."""
        self.settle("requeued")

    def settle(self, outcome: str) -> None:
        """Settle as `acknowledged`, `requeued` or `rejected`, and wait until the broker has taken note."""
        self.delivery.settle(outcome)

    @property
    def delivery(self) -> Delivery:
        """The broker's hold on it. RuntimeError where it has none."""
        if self._delivery is None:
            raise RuntimeError("this message is settled already: it came with auto_ack=True, or was only looked at")
        return self._delivery

    def __reduce__(self) -> tuple[Any, ...]:
        return Message, (list(self.items()), self.raw)

    def __str__(self) -> str:
        return text_table(("property", "value"), list(self.items()), len(self)).rpartition("\n")[0]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))

    def _repr_html_(self) -> str:
        return html_table(("property", "value"), list(self.items()), len(self)).partition("\n<p>")[0]


_MORE = "\nas many as were asked for: more may wait in the queue"


class Messages(list[Message]):
    """A list of messages that shows as a table; `pd.DataFrame(messages)` has a column for each property.

    `cut_off`: there are as many as were asked for, so more may wait in the queue.
    """

    cut_off = False

    @overload
    def __getitem__(self, index: SupportsIndex, /) -> Message: ...
    @overload
    def __getitem__(self, index: slice, /) -> Messages: ...
    def __getitem__(self, index: SupportsIndex | slice, /) -> Message | Messages:
        found = super().__getitem__(index)
        return Messages(found) if isinstance(index, slice) else found  # type: ignore[arg-type, return-value]

    @property
    def bodies(self) -> list[Any]:
        """The contents alone."""
        return [message.body for message in self]

    def __str__(self) -> str:
        return text_table(*_table(self)) + _MORE * self.cut_off

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))

    def _repr_html_(self) -> str:
        return html_table(*_table(self)) + f"<p>{_MORE.strip()}</p>" * self.cut_off


_METHODS = {"acknowledged": "basic.ack", "requeued": "basic.nack (requeue)", "rejected": "basic.nack (no requeue)"}


def received(method: Any, properties: Any, body: bytes, queue: str, delivery: Delivery | None) -> Message:
    """A message as pika hands it over."""
    values = {
        "body": content.decode(body, properties.content_type),
        "exchange": method.exchange,
        "routing_key": method.routing_key,
        "redelivered": method.redelivered,
        "queue": queue,
        **content.named(properties),
    }
    waiting = getattr(method, "message_count", None)
    if waiting is not None:
        values["waiting"] = waiting
    return Message(values.items(), body, delivery)


def _send(raw: Any, tag: int, outcome: str) -> None:
    if outcome == "acknowledged":
        raw.basic_ack(tag)
    else:
        raw.basic_nack(tag, requeue=outcome == "requeued")


def _cannot_settle(state: str, queue: str) -> Exception:
    if state == "lost":
        return ConnectionError(
            f"the connection that this message came on has ended: queue {queue!r} has it back and delivers it again"
        )
    return RuntimeError(f"this message is {state} already")


def _table(messages: Sequence[Message]) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    return _SHOWN, [tuple(message.get(name) for name in _SHOWN) for message in messages]
