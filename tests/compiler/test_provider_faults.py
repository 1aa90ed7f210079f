"""Every failure of a provider: exactly two lines, nothing of the answer used, asked again only before it began."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from aibasic.modules.secret import Secret

from aibasic_kernel.compiler.configuration.settings import Settings
from aibasic_kernel.compiler.privacy.redaction import Redactor
from aibasic_kernel.compiler.providers import retries
from aibasic_kernel.compiler.providers.anthropic_errors import SET_KEY
from aibasic_kernel.compiler.providers.connection_errors import NETWORK
from aibasic_kernel.compiler.providers.messages_api import LATER
from aibasic_kernel.compiler.providers.provider import ProviderThread, Reply
from aibasic_kernel.errors import ProviderError
from tests.compiler.provider_faults import (
    FAULTS,
    KEY,
    NO_API,
    NO_SUCH_HOST,
    NOBODY_LISTENS,
    OFFER,
    REQUEST,
    Fault,
    settings_for,
    table,
)
from tests.messages_server import MessagesServer


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    with MessagesServer() as server:
        yield server


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "FIRST_PAUSE", 0.001)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate that nobody vouches for, and its key."""
    certificate, key = tmp_path / "server.crt", tmp_path / "server.key"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=127.0.0.1",
            "-out",
            str(certificate),
            "-keyout",
            str(key),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key


def failure(settings: Settings) -> ProviderError:
    """How one request fails."""
    thread = ProviderThread(settings, Redactor())
    try:
        with pytest.raises(ProviderError) as caught:
            thread.submit(REQUEST).result(30)
        return caught.value
    finally:
        thread.close()


def lines(error: ProviderError) -> list[str]:
    assert len(str(error).splitlines()) == 2
    return [error.message, error.remedy]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_failure_is_two_lines(server: MessagesServer, fault: Fault) -> None:
    for _ in range(3):
        server.say(**fault.how)
    error = failure(settings_for(server.url, **fault.settings))
    assert lines(error) == [fault.message.replace("{host}", server.url[7:]), fault.remedy]
    assert len(server.requests) == fault.requests


def test_no_key_is_told_before_any_request() -> None:
    assert lines(failure(Settings())) == [
        "This line needs a language model, and no key for one is set.",
        f"{SET_KEY}; or BASE_URL for a local server (Ollama, llama.cpp, LM Studio, vLLM).",
    ]


@pytest.mark.parametrize("key", ["sk test", "sk-tést", "sk-test\nx: y"])
def test_a_key_that_no_header_can_carry(server: MessagesServer, key: str) -> None:
    error = failure(settings_for(server.url, api_key=Secret(key)))
    assert lines(error)[0] == "The key of the language model holds blanks or letters that no key has."
    assert key not in str(error)
    assert server.requests == []


def test_a_key_from_a_variable_that_is_not_set(server: MessagesServer) -> None:
    missing = "[aibasic] API_KEY is ${UNSET}, but the environment has no UNSET"
    assert lines(failure(settings_for(server.url, missing=missing))) == [
        missing,
        "Set it, or take the key out of aibasic.conf.",
    ]
    assert server.requests == []


def test_refused() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
    assert lines(failure(settings_for(f"http://{host}"))) == [
        NOBODY_LISTENS.message.replace("{host}", host),
        NOBODY_LISTENS.remedy,
    ]


def test_an_unknown_host() -> None:
    message, remedy = lines(failure(settings_for("http://no-such-host.invalid")))
    said, _, end = NO_SUCH_HOST.message.partition("{reason}")
    assert message.startswith(said.replace("{host}", "no-such-host.invalid")) and message.endswith(end)
    assert remedy == NO_SUCH_HOST.remedy


def test_a_host_that_connects_to_nobody() -> None:
    """A listener whose queue is full lets further ones wait."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, socket.socket() as first:
        first.connect(full.getsockname())
        host = f"127.0.0.1:{full.getsockname()[1]}"
        assert lines(failure(settings_for(f"http://{host}", timeout=1))) == [
            f"No connection to {host} within 0.5 seconds.",
            NETWORK,
        ]


def test_a_server_that_speaks_no_tls(server: MessagesServer) -> None:
    message, remedy = lines(failure(settings_for(server.url.replace("http:", "https:"))))
    assert message.startswith(f"{server.url[7:]} does not answer in TLS: ")
    assert remedy == "Check BASE_URL: does the server want http:// for https://?"


def test_a_server_that_does_not_prove_who_it_is(server: MessagesServer, certificate: tuple[Path, Path]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    message, remedy = lines(failure(settings_for(server.url.replace("http:", "https:"))))
    assert message.startswith(f"{server.url[7:]} does not prove who it is: ")
    assert "SSL_CERT_FILE" in remedy
    assert server.requests == []


def test_a_server_that_speaks_no_http() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(100_000)
                connection.sendall(b"SSH-2.0-OpenSSH_9\r\n\r\n")

        threading.Thread(target=greet, daemon=True).start()
        host = f"127.0.0.1:{listener.getsockname()[1]}"
        assert lines(failure(settings_for(f"http://{host}"))) == [NO_API.replace("{host}", host), OFFER]


@pytest.mark.parametrize(
    ("variable", "value"),
    [("HTTPS_PROXY", "ftp://user:hunter2-secret@proxy"), ("SSL_CERT_FILE", "/no/such/file")],
)
def test_an_environment_that_allows_no_connection(
    monkeypatch: pytest.MonkeyPatch, server: MessagesServer, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    message, remedy = lines(failure(settings_for(server.url)))
    assert message.startswith(f"The connection to {server.url[7:]} cannot be set up: ")
    assert "hunter2" not in message
    assert variable in remedy


def test_no_message_holds_the_key(server: MessagesServer) -> None:
    server.say(status=400, message=f"bad header Bearer {KEY}\nand more")
    error = failure(settings_for(server.url))
    assert lines(error)[0].endswith("cannot read the request. bad header Bearer *** and more")
    assert error.__cause__ is None


def test_a_reply_that_goes_on_too_long(server: MessagesServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aibasic_kernel.compiler.providers.anthropic_provider.LONGEST", 0.5)
    server.say("x = 1", until=1, then="stall")
    message, remedy = lines(failure(settings_for(server.url, timeout=1)))
    assert message == "The answer of claude-haiku-5-5 was not whole after 0.5 seconds."
    assert "TIMEOUT" in remedy


# Asked again ----------------------------------------------------------------------------------------------------------


def test_a_failure_that_passes_is_asked_again_and_shown(server: MessagesServer) -> None:
    server.say(status=529)
    server.say(instead="drop")  # on the connection that has served: asked again at once, on a new one
    server.say(instead="drop")
    server.say("x = 1")
    notices: list[str] = []
    thread = ProviderThread(settings_for(server.url), Redactor())
    try:
        reply: Reply = thread.submit(REQUEST, on_notice=notices.append).result(30)
    finally:
        thread.close()
    assert reply.text == "x = 1"
    host = server.url[7:]
    assert notices == [
        f"{host} is overloaded. Trying again in 0.0 s (1 of 2)",
        f"The connection to {host} was lost before an answer began. Trying again in 0.0 s (2 of 2)",
    ]


def test_a_pause_can_be_stopped(server: MessagesServer) -> None:
    server.say(status=429, headers={"retry-after": "15"})
    thread = ProviderThread(settings_for(server.url), Redactor())
    try:
        job = thread.submit(REQUEST, on_notice=lambda text: job.cancel())
        with pytest.raises(BaseException) as caught:
            job.result(10)
        assert "Cancelled" in type(caught.value).__name__
        server.say("ok")
        assert thread.submit(REQUEST).result(30).text == "ok"
    finally:
        thread.close()
    assert len(server.requests) == 2


def test_no_retry_begins_when_the_time_is_over(server: MessagesServer) -> None:
    server.say(status=429, headers={"retry-after": "15"})
    error = failure(settings_for(server.url, timeout=5))
    assert lines(error)[1] == "Run the line again in 15 seconds."
    assert LATER not in str(error)
    assert len(server.requests) == 1


def test_the_documentation_lists_every_failure() -> None:
    page = Path(__file__).parents[2] / "docs" / "provider-failures.md"
    assert page.read_text(encoding="utf-8").endswith(f"\n\n{table()}")
