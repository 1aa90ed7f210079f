"""A server on loopback that speaks the Messages API's wire protocol, with scripted replies and scripted failures.

It runs on threads of the test's process and is reached over HTTP, so that the real SDK can be used against it from this
process and, through ANTHROPIC_BASE_URL, from kernels in others.

    with MessagesServer() as server:
        server.compile("df = 1", result="df", when="dataframe")   # for each instruction that holds these words
        server.say("no code at all")                              # once, for the first instruction that fits no words
        ...
        server.requests[0].instruction
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from aibasic_kernel.compiler.prompts.prompt import INSTRUCTION

ERROR_OF_STATUS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    529: "overloaded_error",
}


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def system(self) -> str:
        system = self.body.get("system", "")
        return system if isinstance(system, str) else "\n\n".join(block["text"] for block in system)

    @property
    def user(self) -> str:
        content = self.body["messages"][-1]["content"]
        return content if isinstance(content, str) else "".join(block["text"] for block in content)

    @property
    def instruction(self) -> str:
        """The line that is to be compiled."""
        return self.user.rpartition(INSTRUCTION)[2].strip()


@dataclass(frozen=True)
class Script:
    """How to answer. The text goes out in pieces of `piece` characters, each an event of its own.

    After `until` of them, where that is set, comes `then`: `drop` (the connection is cut), `stall` (nothing more,
    but pings where `pings`), `end` (a clean end of the body in the midst of the message), `malformed` (an event that
    is no JSON), `forever` (the same text again and again) or a type of error, as an event. A `status` other than 200
    answers with that error instead; `raw` is sent as it stands, as content of type `kind`. `instead` of any answer,
    the connection is cut (`drop`) or left silent (`stall`). What follows the first piece waits for `hold`.
    With a `pace` no more than so many pieces go out a second.
    """

    text: str = ""
    thinking: str = ""
    stop_reason: str = "end_turn"
    piece: int = 7
    until: int | None = None
    then: str = "drop"
    pings: bool = False
    status: int = 200
    message: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    kind: str = "text/html"
    instead: str = ""
    hold: threading.Event | None = None
    pace: float = 0.0
    usage: Mapping[str, int] | None = field(
        default_factory=lambda: {
            "input_tokens": 25,
            "cache_creation_input_tokens": 100,
            "cache_read_input_tokens": 900,
            "output_tokens": 12,
        }
    )


class MessagesServer(ThreadingHTTPServer):
    """The server; a context manager. `url` is what ANTHROPIC_BASE_URL is to be."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[Received] = []
        self.closing = threading.Event()
        self.connections = 0
        self._open: set[socket.socket] = set()
        self._by_words: list[tuple[str, Script]] = []
        self._queue: list[Script] = []
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def say(self, text: str = "", when: str = "", **how: Any) -> None:
        """Answer `text`: to each instruction that holds `when`, else once, in the order of these calls."""
        script = Script(text, **how)
        with self._lock:
            if when:
                self._by_words.append((when, script))
            else:
                self._queue.append(script)

    def compile(self, python: str, result: str = "", when: str = "", **how: Any) -> None:
        """Answer with a whole block of code."""
        head = f"#@ python result={result}" if result else "#@ python"
        self.say(f"{head}\n{python.rstrip()}\n#@ end\n", when, **how)

    def close_connections(self) -> None:
        """Close every connection, as a server does with idle ones."""
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._open.clear()

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self.connections += 1
            self._open.add(connection)

    def script_for(self, received: Received) -> Script:
        with self._lock:
            self.requests.append(received)
            for words, script in self._by_words:
                if words in received.instruction:
                    return script
            if self._queue:
                return self._queue.pop(0)
        return Script(status=500, message=f"nothing is scripted for: {received.instruction}")

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away in the midst of an answer is what some tests are about."""

    def __enter__(self) -> MessagesServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: MessagesServer

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def log_message(self, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        received = Received(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        if self.path != "/v1/messages":
            return self._fail(Script(status=404, message=self.path))
        script = self.server.script_for(received)
        if script.instead:
            return self._keep_silent(script.instead)
        if script.raw is not None:
            return self._send(script.status, script.raw, script.kind, script.headers)
        if script.status != 200:
            return self._fail(script)
        if not body.get("stream"):
            return self._fail(Script(status=400, message="only streams are scripted"))
        return self._stream(script, body["model"])

    def _keep_silent(self, how: str) -> None:
        self.close_connection = True
        if how == "stall":
            self.server.closing.wait()

    def _fail(self, script: Script) -> None:
        kind = ERROR_OF_STATUS.get(script.status, "api_error")
        error = {"type": "error", "error": {"type": kind, "message": script.message}, "request_id": "req_1"}
        self._send(script.status, json.dumps(error).encode(), "application/json", script.headers)

    def _send(self, status: int, data: bytes, kind: str, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, script: Script, model: str) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        started = {key: value for key, value in (script.usage or {}).items() if key != "output_tokens"}
        message: dict[str, Any] = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
        }
        if script.usage is not None:
            message["usage"] = {**started, "output_tokens": 1}
        self._event("message_start", message=message)
        self._event("ping")
        index = 0
        if script.thinking:
            self._block(
                index,
                {"type": "thinking", "thinking": "", "signature": ""},
                [
                    {"type": "thinking_delta", "thinking": script.thinking},
                    {"type": "signature_delta", "signature": "c2ln"},
                ],
            )
            index += 1
        pieces = [script.text[at : at + script.piece] for at in range(0, len(script.text), script.piece)]
        deltas = [{"type": "text_delta", "text": piece} for piece in pieces]
        if script.until is not None:
            self._block(index, {"type": "text", "text": ""}, deltas[: script.until], stop=False)
            return self._break(script)
        self._block(index, {"type": "text", "text": ""}, _in_time(deltas, script))
        last: dict[str, Any] = {"delta": {"stop_reason": script.stop_reason, "stop_sequence": None}}
        if script.usage is not None:
            last["usage"] = {"output_tokens": script.usage["output_tokens"]}
        self._event("message_delta", **last)
        self._event("message_stop")
        self.wfile.write(b"0\r\n\r\n")
        return None

    def _break(self, script: Script) -> None:
        self.close_connection = True
        if script.then == "stall":
            while not self.server.closing.wait(0.05):
                if script.pings:
                    self._event("ping")
        elif script.then == "end":
            self.wfile.write(b"0\r\n\r\n")
        elif script.then == "forever":
            while not self.server.closing.is_set():
                self._event("content_block_delta", index=0, delta={"type": "text_delta", "text": script.text})
        elif script.then == "malformed":
            self._write(b"event: content_block_delta\ndata: {broken\n\n")
        elif script.then != "drop":
            self._event("error", error={"type": script.then, "message": script.message})
            self.wfile.write(b"0\r\n\r\n")

    def _block(self, index: int, block: Mapping[str, Any], deltas: Iterable[dict[str, str]], stop: bool = True) -> None:
        self._event("content_block_start", index=index, content_block=block)
        for delta in deltas:
            self._event("content_block_delta", index=index, delta=delta)
        if stop:
            self._event("content_block_stop", index=index)

    def _event(self, name: str, **fields: Any) -> None:
        self._write(f"event: {name}\ndata: {json.dumps({'type': name, **fields})}\n\n".encode())

    def _write(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()


def _in_time(deltas: list[dict[str, str]], script: Script) -> Iterator[dict[str, str]]:
    """The pieces of an answer, each when its script lets it out."""
    begin = time.monotonic()
    for sent, delta in enumerate(deltas):
        if sent == 1 and script.hold is not None:
            script.hold.wait(30)
        if script.pace:
            time.sleep(max(0.0, begin + sent / script.pace - time.monotonic()))
        yield delta
