"""The sentences that RabbitMQ understands without a language model."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

_MQ = "[(the|a|an)] [rabbitmq]"
_QUEUE = f"{_MQ} queue {{queue:label}}"
_EXCHANGE = f"{_MQ} exchange {{exchange:label}}"
_KEY = "[with [the] routing key {key:label}]"
_HEADERS = "with [the] headers {headers:json}"
_SEND = "(publish|send) [(a|the)]"
_GET = "(get|fetch|receive|take|read)"
_WITHIN = "[(within|for) {t:number} (second|seconds)]"
_INTO = "[(into|as|called) {new:newname}]"
_TYPE = '{type:word direct="direct" topic="topic" fanout="fanout" headers="headers"}'
_LASTS = "{lasts:word durable=durable=True transient=durable=False exclusive=exclusive=True}"
_KIND = '{kind:word classic=queue_type="classic" quorum=queue_type="quorum" stream=queue_type="stream"}'
_MANY = "name frame rows records list"
_HELD = "name mapping records list"
_MESSAGE = "{new|message}"
_MESSAGES = "{new|messages}"
_RESULTS = "{new|results}"

_DECLARING = (
    Phrase(
        f"(declare|create) {_EXCHANGE} [[of] [the] type {_TYPE}] [durable]",
        '{module}.declare_exchange({exchange}, {type|"direct"})',
        "declare rabbitmq exchange my_exchange type topic",
        "makes an exchange: direct, topic, fanout or headers",
    ),
    Phrase(
        f"(declare|create) [(a|the)] {_TYPE} [rabbitmq] exchange {{exchange:label}}",
        "{module}.declare_exchange({exchange}, {type})",
        "declare a fanout exchange news",
        "makes an exchange: direct, topic, fanout or headers",
    ),
    Phrase(
        f"(declare|create) {_QUEUE} [{_LASTS}] [(with|and) [a] dead letter exchange {{dead:label}}] "
        "[(with|and) [a] [message] ttl [of] {ttl:number} (second|seconds)] "
        "[(with|and) [a] (max|maximum) length [of] {n:number}]",
        "{module}.declare_queue({queue}<?, {lasts}?><?, dead_letter_exchange={dead}?><?, message_ttl={ttl}?>"
        "<?, max_length={n}?>)",
        "declare rabbitmq queue my_queue durable",
        "makes a queue",
    ),
    Phrase(
        f"(declare|create) [(a|the)] {_LASTS} [rabbitmq] queue {{queue:label}}",
        "{module}.declare_queue({queue}, {lasts})",
        "declare a transient queue scratch",
        "makes a queue that outlives a restart, or not, or that only this session uses",
    ),
    Phrase(
        f"(declare|create) [(a|the)] {_KIND} [rabbitmq] queue {{queue:label}}",
        "{module}.declare_queue({queue}, {kind})",
        "declare a quorum queue orders",
        "makes a queue of a type",
    ),
    Phrase(
        f"bind {_QUEUE} to {_EXCHANGE} {_KEY}",
        "{module}.bind_queue({queue}, {exchange}<?, {key}?>)",
        "bind queue my_queue to exchange my_exchange with routing key events.*",
        "has messages of an exchange come to a queue",
    ),
    Phrase(
        f"bind {_QUEUE} to {_EXCHANGE} {_HEADERS}",
        "{module}.bind_queue({queue}, {exchange}, headers={headers})",
        'bind queue my_queue to exchange documents with headers {"format": "pdf"}',
        "has messages of a headers exchange come to a queue where all headers agree",
    ),
    Phrase(
        f"bind {_QUEUE} to {_EXCHANGE} with any of [the] headers {{headers:json}}",
        '{module}.bind_queue({queue}, {exchange}, headers={headers}, match="any")',
        'bind queue my_queue to exchange documents with any of the headers {"format": "pdf", "kind": "report"}',
        "has messages of a headers exchange come to a queue where any of the headers agrees",
    ),
    Phrase(
        f"unbind {_QUEUE} from {_EXCHANGE} {_KEY}",
        "{module}.unbind_queue({queue}, {exchange}<?, {key}?>)",
        "unbind queue my_queue from exchange my_exchange with routing key events.*",
        "undoes a binding",
    ),
    Phrase(
        f"(purge|empty) {_QUEUE}",
        "{module}.purge_queue({queue})",
        "purge queue my_queue",
        "throws away the messages that wait in a queue",
    ),
    Phrase(
        f"delete {_QUEUE}",
        "{module}.delete_queue({queue})",
        "delete queue my_queue",
        "deletes a queue with its messages",
    ),
    Phrase(
        f"delete {_EXCHANGE}",
        "{module}.delete_exchange({exchange})",
        "delete exchange my_exchange",
        "deletes an exchange with its bindings",
    ),
)

_PUBLISHING = (
    Phrase(
        f"{_SEND} [message] {{message:value}} to {_EXCHANGE} {_KEY}",
        '{module}.publish_message({exchange}, {key|""}, {message})',
        'publish message "Hello" to exchange my_exchange with routing key events.test',
        "sends text or a value to an exchange; an error where no queue takes it",
    ),
    Phrase(
        f"{_SEND} json [message] {{message:json}} to {_EXCHANGE} {_KEY}",
        '{module}.publish_message({exchange}, {key|""}, {message})',
        'publish JSON message {"id": 7} to exchange my_exchange with routing key events.test',
        "sends a dict or list as JSON to an exchange; an error where no queue takes it",
    ),
    Phrase(
        f"{_SEND} [message] {{message:value}} to {_EXCHANGE} {_HEADERS}",
        '{module}.publish_message({exchange}, "", {message}, {"headers": {headers}})',
        'publish message "Hello" to exchange documents with headers {"format": "pdf"}',
        "sends with headers",
    ),
    Phrase(
        f"{_SEND} [message] {{message:value}} to {_QUEUE}",
        '{module}.publish_message("", {queue}, {message})',
        'send message "Hello" to queue my_queue',
        "sends text or a value to a queue; an error where there is no such queue",
    ),
    Phrase(
        f"{_SEND} json [message] {{message:json}} to {_QUEUE}",
        '{module}.publish_message("", {queue}, {message})',
        'send JSON message {"id": 7} to queue my_queue',
        "sends a dict or list as JSON to a queue",
    ),
    Phrase(
        f"{_SEND} batch of [the] {{messages:{_MANY}}} to {_EXCHANGE} {_KEY}",
        '{module}.publish_batch({exchange}, {key|""}, {messages})',
        "publish batch of messages to exchange my_exchange with routing key events.test",
        "sends each element of a list, each row of a result or data frame, with one wait for all",
    ),
    Phrase(
        f"{_SEND} batch of [the] {{messages:{_MANY}}} to {_QUEUE}",
        '{module}.publish_batch("", {queue}, {messages})',
        "publish batch of messages to queue my_queue",
        "sends each element of a list, each row of a result or data frame, with one wait for all",
    ),
)

_GETTING = (
    Phrase(
        f"{_GET} (one|a|next|the next) message from {_QUEUE} {_INTO}",
        f"{_MESSAGE} = {{module}}.get_message({{queue}})",
        "get one message from rabbitmq queue my_queue",
        "gets a message, which this session holds until it is acknowledged; None where none waits",
        _MESSAGE,
    ),
    Phrase(
        f"{_GET} and (acknowledge|ack) (one|a|next|the next) message from {_QUEUE} {_INTO}",
        f"{_MESSAGE} = {{module}}.get_message({{queue}}, auto_ack=True)",
        "get and acknowledge one message from queue my_queue",
        "takes a message out of a queue; None where none waits",
        _MESSAGE,
    ),
    Phrase(
        f"(consume|get|fetch|receive|take|read) [up to] {{n:number}} messages from {_QUEUE} {_WITHIN} {_INTO}",
        f"{_MESSAGES} = {{module}}.collect_messages({{queue}}, {{n}}<?, {{t}}?>, auto_ack=True)",
        "consume 10 messages from queue my_queue within 1 second",
        "takes so many messages out of a queue, or those that come within 5 s or the time that is named",
        _MESSAGES,
    ),
    Phrase(
        f"consume [all] [the] messages from {_QUEUE} {_WITHIN} {_INTO}",
        f"{_MESSAGES} = {{module}}.collect_messages({{queue}}<?, timeout={{t}}?>, auto_ack=True)",
        "consume messages from queue my_queue for 1 second",
        "takes up to 100 messages out of a queue, or those that come within 5 s or the time that is named",
        _MESSAGES,
    ),
    Phrase(
        f"(acknowledge|ack) [all] [the] {{messages:{_HELD}}}",
        "{module}.ack({messages})",
        "acknowledge the message",
        "tells the broker that a message, or several, are done with",
    ),
    Phrase(
        f"(requeue|give back) [all] [the] {{messages:{_HELD}}}",
        "{module}.requeue({messages})",
        "requeue the message",
        "gives a message, or several, back to their queue",
    ),
    Phrase(
        f"reject [all] [the] {{messages:{_HELD}}}",
        "{module}.nack({messages}, requeue=False)",
        "reject the message",
        "has a message, or several, dropped, or sent to the dead letter exchange",
    ),
)

_LOOKING = (
    Phrase(
        f"(list|show) [all] [the] [rabbitmq] queues {_INTO}",
        f"{_RESULTS} = {{module}}.list_queues()",
        "list all queues",
        "lists the queues with their messages and consumers (by the management plugin)",
        _RESULTS,
    ),
    Phrase(
        f"(list|show) [all] [the] [rabbitmq] exchanges {_INTO}",
        f"{_RESULTS} = {{module}}.list_exchanges()",
        "list all exchanges",
        "lists the exchanges with their types (by the management plugin)",
        _RESULTS,
    ),
    Phrase(
        f"(list|show) [all] [the] [rabbitmq] bindings {_INTO}",
        f"{_RESULTS} = {{module}}.list_bindings()",
        "list all bindings",
        "lists what comes from where (by the management plugin)",
        _RESULTS,
    ),
    Phrase(
        f"(describe|show) {_QUEUE} {_INTO}",
        f"{_RESULTS} = {{module}}.describe_queue({{queue}})",
        "describe queue my_queue",
        "tells how many messages wait in a queue, and how many consumers it has",
        _RESULTS,
    ),
    Phrase(
        f"(how many messages [are] [(there|waiting)] (in|wait in)|count [all] [the] messages (in|of)) {_QUEUE} {_INTO}",
        "{new|result} = {module}.queue_length({queue})",
        "how many messages are in queue my_queue",
        "counts the messages that wait in a queue",
        "{new|result}",
    ),
    Phrase(
        f"(show|peek at|look at) [the] first {{n:number}} messages (in|of) {_QUEUE} {_INTO}",
        f"{_RESULTS} = {{module}}.peek({{queue}}, {{n}})",
        "show the first ten messages of queue my_queue",
        "shows messages and leaves them in their queue",
        _RESULTS,
    ),
)

PHRASES = (*_DECLARING, *_PUBLISHING, *_GETTING, *_LOOKING)
