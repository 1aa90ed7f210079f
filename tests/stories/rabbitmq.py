"""RabbitMQ's lines and story."""

from __future__ import annotations

from collections.abc import Mapping

from tests.servers.rabbitmq import RabbitMQServer
from tests.stories.service import Line, Service

EXCHANGES = ("my_exchange", "rejected")
QUEUES = ("my_queue", "to_look_at", "invoices", "prices")


class RabbitMQService(Service):
    name, fixture = "rabbitmq", "rabbitmq_server"
    server: RabbitMQServer
    lines = (
        Line(
            "10 (rabbitmq) declare rabbitmq exchange my_exchange type topic",
            'rmq.declare_exchange("my_exchange", exchange_type="topic")',
        ),
        Line(
            "20 (rabbitmq) declare rabbitmq queue my_queue durable",
            'rmq.declare_queue("my_queue", durable=True)',
        ),
        Line(
            "30 (rabbitmq) bind queue my_queue to exchange my_exchange with routing key events.*",
            'rmq.bind_queue("my_queue", "my_exchange", routing_key="events.*")',
        ),
        Line(
            '40 (rabbitmq) publish message "Hello" to exchange my_exchange with routing key events.test',
            'rmq.publish_message("my_exchange", "events.test", "Hello")',
        ),
        Line(
            "50 (rabbitmq) get one message from rabbitmq queue my_queue",
            'message = rmq.get_message("my_queue")',
            "message",
            "message.body, message['routing_key'], rmq.queue_length('my_queue'), len(rmq.held_messages())",
            ("Hello", "events.test", 0, 1),
        ),
    )
    guide_leaves: Mapping[str, object] = {
        "exchanges": {"my_exchange": "topic"},
        "durable queues": ["my_queue"],
        "bindings": [("my_exchange", "events.*", "my_queue")],
    }
    story_leaves: Mapping[str, object] = {
        "exchanges": {"my_exchange": "topic", "rejected": "fanout"},
        "durable queues": ["invoices", "my_queue", "prices", "to_look_at"],
        "bindings": [("my_exchange", "events.*", "my_queue"), ("rejected", "", "to_look_at")],
    }
    story_names: Mapping[str, object] = {
        "greeting": "Hello",
        "waiting": 0,
        "len(orders), revenue": (201, 203099.5),
        "complaint.body, complaint['routing_key']": ("no address", "invoices"),
        "prices": {"Laptop": 999, "Mouse": 25},
        "len(rmq.held_messages())": 0,
    }

    def clear(self) -> None:
        with self.server.channel() as channel:
            for queue in QUEUES:
                channel.queue_delete(queue)
            for exchange in EXCHANGES:
                channel.exchange_delete(exchange)

    def found(self) -> object:
        layout = self.server.layout()
        exchanges = {one["name"]: one["type"] for one in layout["exchanges"] if one["name"] in EXCHANGES}
        queues = sorted(one["name"] for one in layout["queues"] if one["name"] in QUEUES and one["durable"])
        bindings = sorted((one["source"], one["routing_key"], one["destination"]) for one in layout["bindings"])
        ours = [binding for binding in bindings if binding[0] in EXCHANGES]
        if not (exchanges or queues or ours):
            return None
        return {"exchanges": exchanges, "durable queues": queues, "bindings": ours}
