"""The sentences that Kafka understands without a language model."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

_SERVICE = "[(kafka|apache kafka)]"
_TOPIC = f"[the] {_SERVICE} topic {{topic:label}}"
_GROUP = f"[the] {_SERVICE} [consumer] group {{group:label}}"
_FROM_TOPIC = f"(from|of|in|on) {_TOPIC}"
_TO_TOPIC = f"(to|into|in|on) {_TOPIC}"
_PUBLISH = "(publish|send|produce) [(a|the|one)]"
_KEY = "[(with|under) [the] key {key:value}]"
_CONSUME = "(consume|receive|read|get|fetch)"
_INTO = "[(into|as|called) {new:newname}]"
_MESSAGES = "{new|messages}"
_RESULTS = "{new|results}"
_RESULT = "{new|result}"
_UP_TO_100 = "max_messages=100, timeout_ms=5000"

PHRASES = (
    Phrase(
        f"{_PUBLISH} [json] message {{message:json}} {_TO_TOPIC} {_KEY}",
        "{module}.publish_message({topic}, {message}<?, key={key}?>)",
        'publish JSON message {"user": "Alice"} to topic user_events',
        "publishes a dict or list as JSON",
    ),
    Phrase(
        f"{_PUBLISH} [text] message {{message:value}} {_TO_TOPIC} {_KEY}",
        "{module}.publish_message({topic}, {message}<?, key={key}?>)",
        'publish message "Hello Kafka" to kafka topic events',
        "publishes a message; one that is neither text nor bytes as JSON",
    ),
    Phrase(
        f"{_PUBLISH} [batch [of]] [the] {{messages:name frame rows records list}} {_TO_TOPIC}",
        "{module}.publish_batch({topic}, {messages})",
        "publish batch of messages to kafka topic logs",
        "publishes each element of a list, each row of a result or data frame, as a message",
    ),
    Phrase(
        f"{_CONSUME} [all] [the] messages {_FROM_TOPIC} {_INTO}",
        f"{_MESSAGES} = {{module}}.consume_messages({{topic}}, {_UP_TO_100})",
        "consume messages from kafka topic notifications",
        "reads from the beginning, up to 100 messages or until none comes for 5 s; joins no group, commits nothing",
        _MESSAGES,
    ),
    Phrase(
        f"{_CONSUME} {{n:number}} messages {_FROM_TOPIC} {_INTO}",
        f"{_MESSAGES} = {{module}}.consume_messages({{topic}}, max_messages={{n}}, timeout_ms=5000)",
        "consume 5 messages from topic notifications",
        "reads so many messages from the beginning, or until none comes for 5 s",
        _MESSAGES,
    ),
    Phrase(
        f"{_CONSUME} [all] [the] messages {_FROM_TOPIC} since {{start:text}} {_INTO}",
        f"{_MESSAGES} = {{module}}.consume_messages({{topic}}, {_UP_TO_100}, start={{start}})",
        'consume messages from topic notifications since "2026-01-31T12:00"',
        "reads from a time on, up to 100 messages or until none comes for 5 s",
        _MESSAGES,
    ),
    Phrase(
        f"{_CONSUME} [all] [the] messages {_FROM_TOPIC} (as|in|with|for) {_GROUP} {_INTO}",
        f"{_MESSAGES} = {{module}}.consume_messages({{topic}}, {_UP_TO_100}, group={{group}})",
        "consume messages from topic notifications as group audit",
        "reads what a consumer group has not read, up to 100 messages or until none comes for 5 s",
        _MESSAGES,
    ),
    Phrase(
        f"commit [the] [(messages|offsets)] [(of|for)] {_GROUP}",
        "{module}.commit({group})",
        "commit offsets of group audit",
        "commits what this session was handed as a member of a group",
    ),
    Phrase(
        f"leave {_GROUP}",
        "{module}.leave_group({group})",
        "leave group audit",
        "leaves a consumer group",
    ),
    Phrase(
        f"(listen to|consume) [(messages|all messages)] [(from|of|on)] {_TOPIC} in the background",
        "listener = {module}.consume_in_background({topic})",
        "consume messages from topic notifications in the background",
        "reads what comes from now on, on a thread of its own; `listener.take()` gives it",
        "listener",
    ),
    Phrase(
        f"stop (listening|listening to {_TOPIC}|consuming|consuming {_TOPIC})",
        "{module}.stop_background(<?{topic}?>)",
        "stop listening to topic notifications",
        "ends what reads in the background",
    ),
    Phrase(
        f"(show [me]|get|read|list|display) [the] first {{n:number}} messages {_FROM_TOPIC} {_INTO}",
        f"{_RESULTS} = {{module}}.first_messages({{topic}}, {{n}})",
        "show the first ten messages of topic notifications",
        "reads the first messages, without waiting for more",
        _RESULTS,
    ),
    Phrase(
        f"(show [me]|list|display|{_CONSUME[1:-1]}) [the] last {{n:number}} messages {_FROM_TOPIC} {_INTO}",
        f"{_RESULTS} = {{module}}.last_messages({{topic}}, {{n}})",
        "show the last 5 messages of topic notifications",
        "reads the newest messages, without waiting for more",
        _RESULTS,
    ),
    Phrase(
        f"(count [all] [the]|how many) messages [are] [there] {_FROM_TOPIC} {_INTO}",
        f"{_RESULT} = {{module}}.count_messages({{topic}})",
        "how many messages are in topic notifications",
        "counts the messages of a topic",
        _RESULT,
    ),
    Phrase(
        f"(list|show [me]) [all] [the] {_SERVICE} topics {_INTO}",
        f"{_RESULTS} = {{module}}.list_topics()",
        "list all kafka topics",
        "lists the topics with their partitions",
        _RESULTS,
    ),
    Phrase(
        f"(describe|show [me]) {_TOPIC} {_INTO}",
        f"{_RESULTS} = {{module}}.describe_topic({{topic}})",
        "describe kafka topic notifications",
        "lists the partitions of a topic with their leaders and offsets",
        _RESULTS,
    ),
    Phrase(
        f"(create|make|add) [(a|an)] {_TOPIC} [with {{n:number}} (partition|partitions)]",
        "{module}.create_topic({topic}<?, partitions={n}?>)",
        "create kafka topic orders with 3 partitions",
        "creates a topic",
    ),
    Phrase(
        f"(delete|drop|remove) {_TOPIC}",
        "{module}.delete_topic({topic})",
        "delete kafka topic notifications",
        "deletes a topic with all its messages",
    ),
    Phrase(
        f"(purge|empty) {_TOPIC}",
        "{module}.purge_topic({topic})",
        "purge kafka topic notifications",
        "deletes all messages of a topic",
    ),
    Phrase(
        f"(set|change) [the] retention of {_TOPIC} to {{seconds:number}} seconds",
        "{module}.set_retention({topic}, {seconds})",
        "set retention of topic notifications to 3600 seconds",
        "keeps the messages of a topic for so long",
    ),
    Phrase(
        f"(list|show [me]) [all] [the] {_SERVICE} [consumer] groups {_INTO}",
        f"{_RESULTS} = {{module}}.list_groups()",
        "list all consumer groups",
        "lists the consumer groups",
        _RESULTS,
    ),
    Phrase(
        f"(show [me]|get|describe) [the] [lag of] {_GROUP} {_INTO}",
        f"{_RESULTS} = {{module}}.group_lag({{group}})",
        "show the lag of group audit",
        "lists how far a consumer group is behind",
        _RESULTS,
    ),
    Phrase(
        f"reset {_GROUP} to [the] {{to:word beginning='beginning' start='beginning' end='end'}}",
        "{module}.reset_group({group}, to={to})",
        "reset group audit to the beginning",
        "lets a consumer group go on from the beginning or the end",
    ),
    Phrase(
        f"(delete|drop|remove) {_GROUP}",
        "{module}.delete_group({group})",
        "delete consumer group audit",
        "deletes a consumer group and what it has committed",
    ),
)
