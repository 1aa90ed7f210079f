"""The provider against a server that speaks the Messages API: what goes out, what comes in, and every way to fail."""

from __future__ import annotations

import asyncio
import base64
import concurrent.futures
import logging
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from aibasic.modules.secret import Secret

from aibasic_kernel.compiler.provider import Block, ProviderThread, Reply, Request, Usage, factory
from aibasic_kernel.compiler.redaction import Redactor
from aibasic_kernel.compiler.settings import Settings
from aibasic_kernel.errors import AIBasicError, ProviderError
from tests.messages_server import MessagesServer

KEY = "sk-test-0123456789abcdef"
REQUEST = Request((Block("the rules", cache=True),), "Compile this line:\nadd one", "claude-haiku-5-5", 500)


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    with MessagesServer() as server:
        yield server


@pytest.fixture
def ask() -> Iterator[Any]:
    threads = []

    def ask(settings: Settings, request: Request = REQUEST, on_text: Any = lambda text: None) -> Reply:
        thread = ProviderThread(settings, Redactor())
        threads.append(thread)
        return thread.submit(request, on_text).result(30)

    yield ask
    for thread in threads:
        thread.close()


def settings_for(server: MessagesServer, **keys: Any) -> Settings:
    return Settings(**{"base_url": server.url, "api_key": Secret(KEY), **keys})


# What goes out and what comes in --------------------------------------------------------------------------------------


def test_a_reply_is_streamed_and_counted(server: MessagesServer, ask: Any) -> None:
    server.say("x = x + 1\n" * 3, piece=4)
    pieces: list[str] = []
    reply = ask(settings_for(server), on_text=pieces.append)
    assert reply.text == "x = x + 1\n" * 3 == "".join(pieces)
    assert len(pieces) == 8
    assert reply.usage == Usage(input=25, cached=900, written=100, output=12)
    assert (reply.model, reply.stop_reason) == ("claude-haiku-5-5", "end_turn")
    assert reply.seconds > 0


def test_what_is_sent(server: MessagesServer, ask: Any) -> None:
    server.say("ok")
    ask(settings_for(server))
    (received,) = server.requests
    assert received.body == {
        "model": "claude-haiku-5-5",
        "max_tokens": 500,
        "system": [{"type": "text", "text": "the rules"}],
        "messages": [{"role": "user", "content": "Compile this line:\nadd one"}],
        "stream": True,
    }
    assert received.headers["authorization"] == f"Bearer {KEY}"


def test_features_are_used_only_where_the_host_is_said_to_know_them(server: MessagesServer, ask: Any) -> None:
    server.say("ok")
    ask(settings_for(server, features=frozenset({"thinking", "caching"})))
    body = server.requests[0].body
    assert body["system"] == [{"type": "text", "text": "the rules", "cache_control": {"type": "ephemeral"}}]
    assert body["thinking"] == {"type": "disabled"}


def test_thinking_before_the_text_is_passed_over(server: MessagesServer, ask: Any) -> None:
    server.say("x = 1", thinking="Let me see.")
    assert ask(settings_for(server)).text == "x = 1"


def test_a_server_that_reports_no_usage(server: MessagesServer, ask: Any) -> None:
    server.say("x = 1", usage=None)
    assert ask(settings_for(server)).usage == Usage()


def test_a_server_of_ones_own_needs_no_key(server: MessagesServer, ask: Any) -> None:
    server.say("ok")
    ask(settings_for(server, api_key=None))
    assert server.requests[0].headers["authorization"] == "Bearer local"


def test_one_connection_serves_many_requests(server: MessagesServer) -> None:
    thread = ProviderThread(settings_for(server), Redactor())
    try:
        for _ in range(3):
            server.say("ok")
            thread.submit(REQUEST).result(30)
    finally:
        thread.close()
    assert server.connections == 1


def test_a_reply_cut_off_at_the_limit_says_so(server: MessagesServer, ask: Any) -> None:
    server.say("x =", stop_reason="max_tokens")
    assert ask(settings_for(server)).stop_reason == "max_tokens"


# Failures -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "message", "remedy"),
    [
        ({"status": 401, "message": "invalid x-api-key"}, "does not accept the key", "ANTHROPIC_API_KEY"),
        ({"status": 402, "message": "no"}, "no credit left", "Add credit"),
        ({"status": 400, "message": "Your credit balance is too low"}, "no credit left", "Add credit"),
        ({"status": 400, "message": "max_tokens: too large"}, "cannot read the request: max_tokens", "MAX_TOKENS"),
        ({"status": 403, "message": "not for you"}, "refuses: not for you", "allowed"),
        ({"status": 404, "message": "model: claude-haiku-5-5"}, "knows no model claude-haiku-5-5", "MODEL"),
        ({"status": 413, "message": "big"}, "too large", "Name the tables"),
        ({"status": 429, "headers": {"retry-after": "17"}}, "too many requests", "in 17 seconds"),
        ({"status": 429}, "too many requests", "in a while"),
        ({"status": 500, "message": "oh"}, "failed (api_error). oh", "in a while"),
        ({"status": 529}, "is overloaded", "in a while"),
        ({"text": "x = 1", "until": 1, "then": "overloaded_error"}, "is overloaded", "in a while"),
        ({"text": "x = 1", "until": 1, "then": "drop"}, "broke off in the midst", "in a while"),
        ({"text": "x = 1", "until": 1, "then": "end"}, "broke off in the midst", "in a while"),
        ({"text": "x = 1", "until": 1, "then": "malformed"}, "not in the form of the Messages API", "/v1/messages"),
        ({"raw": b"<html>Log in</html>"}, "not in the form of the Messages API", "/v1/messages"),
        ({"raw": b"<html>Busy</html>", "status": 503}, "is overloaded", "in a while"),
        ({"text": "", "stop_reason": "refusal"}, "refused", "other words"),
        ({"text": "x" * 100_000, "piece": 5_000}, "did not end", "MODEL"),
    ],
)
def test_a_failure_is_two_lines(
    server: MessagesServer, ask: Any, how: dict[str, Any], message: str, remedy: str
) -> None:
    server.say(**how)
    with pytest.raises(ProviderError) as caught:
        ask(settings_for(server))
    assert message in caught.value.message
    assert remedy in caught.value.remedy
    assert len(str(caught.value).splitlines()) == 2
    assert len(server.requests) == 1


def test_no_key_is_told_before_any_request(ask: Any) -> None:
    with pytest.raises(ProviderError, match="no key for one is set") as caught:
        ask(Settings())
    assert "BASE_URL" in caught.value.remedy


def test_a_server_that_wants_a_key_where_none_is_set(server: MessagesServer, ask: Any) -> None:
    server.say(status=401)
    with pytest.raises(ProviderError, match="wants a key, and none is set"):
        ask(settings_for(server, api_key=None))


def test_no_network(ask: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ProviderError, match=f"No connection to {url[7:]}") as caught:
        ask(Settings(base_url=url, api_key=Secret(KEY)))
    assert "BASE_URL" in caught.value.remedy


@pytest.mark.parametrize("pings", [False, True])
def test_a_stall_in_the_midst(server: MessagesServer, ask: Any, pings: bool) -> None:
    server.say("x = 1", until=1, then="stall", pings=pings)
    with pytest.raises(ProviderError, match=r"stopped in the midst of its answer: nothing came for 0\.3 seconds"):
        ask(settings_for(server, timeout=0.3))


def test_a_server_that_accepts_and_never_answers(ask: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ProviderError, match=r"did not answer: nothing came for 0\.3 seconds"):
            ask(Settings(base_url=url, api_key=Secret(KEY), timeout=0.3))


def test_no_message_holds_the_key(server: MessagesServer, ask: Any) -> None:
    server.say(status=400, message=f"bad header Bearer {KEY}")
    with pytest.raises(ProviderError) as caught:
        ask(settings_for(server))
    assert KEY not in str(caught.value)
    assert "***" in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("form", [KEY, base64.b64encode(KEY.encode()).decode(), f"postgres://u:{KEY}@h/db"])
def test_a_request_that_holds_a_secret_is_not_sent(server: MessagesServer, ask: Any, form: str) -> None:
    with pytest.raises(ProviderError, match="so it was not sent"):
        ask(settings_for(server), replace(REQUEST, user=f"connect with {form}"))
    assert server.requests == []


def test_the_loggers_stay_quiet(server: MessagesServer) -> None:
    """ANTHROPIC_LOG=debug makes the SDK log whole prompts; in a process of its own, for the SDK reads it on import."""
    server.say("ok")
    code = f"""
from aibasic_kernel.compiler.provider import *
from aibasic_kernel.compiler.settings import Settings
thread = ProviderThread(Settings(base_url={server.url!r}), Redactor())
thread.submit(Request((Block("the rules"),), "my prompt", "m", 9)).result(60)
thread.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env={"ANTHROPIC_LOG": "debug"}, capture_output=True, text=True, timeout=90
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert server.requests[0].user == "my prompt"


# The thread -----------------------------------------------------------------------------------------------------------


def test_a_job_is_awaited_on_another_loop(server: MessagesServer) -> None:
    server.say("ok")
    thread = ProviderThread(settings_for(server), Redactor())

    async def kernel() -> str:
        return (await asyncio.wrap_future(thread.submit(REQUEST).future)).text

    try:
        assert asyncio.run(kernel()) == "ok"
    finally:
        thread.close()


def test_a_cancelled_job_ends_and_the_next_one_works(server: MessagesServer) -> None:
    server.say("x = 1", until=1, then="stall")
    server.say("ok")
    thread = ProviderThread(settings_for(server), Redactor())
    begun = threading.Event()
    try:
        job = thread.submit(REQUEST, lambda text: begun.set())
        assert begun.wait(30)
        job.cancel()
        assert job.future.cancelled()
        assert thread.submit(REQUEST).result(30).text == "ok"
    finally:
        thread.close()


def test_waiting_too_long_cancels(server: MessagesServer) -> None:
    server.say("x = 1", until=1, then="stall")
    thread = ProviderThread(settings_for(server), Redactor())
    try:
        job = thread.submit(REQUEST)
        with pytest.raises(concurrent.futures.TimeoutError):
            job.result(0.05)
        assert job.future.cancelled()
    finally:
        thread.close()


def test_close_cancels_what_is_under_way_and_ends_the_thread(server: MessagesServer) -> None:
    server.say("x = 1", until=1, then="stall")
    thread = ProviderThread(settings_for(server), Redactor())
    begun = threading.Event()
    job = thread.submit(REQUEST, lambda text: begun.set())
    assert begun.wait(30)
    thread.close(timeout=30)
    assert job.future.cancelled()
    assert "aibasic-provider" not in {other.name for other in threading.enumerate()}
    thread.close()


def test_what_the_listener_raises_fails_the_job(server: MessagesServer, ask: Any) -> None:
    server.say("prose")

    def refuse(text: str) -> None:
        raise AIBasicError("no")

    with pytest.raises(AIBasicError, match="no"):
        ask(settings_for(server), on_text=refuse)


def test_warming_up_makes_no_request(server: MessagesServer) -> None:
    thread = ProviderThread(settings_for(server), Redactor())
    thread.warm_up()
    server.say("ok")
    try:
        assert thread.submit(REQUEST).result(30).text == "ok"
    finally:
        thread.close()
    assert len(server.requests) == 1


def test_an_unknown_provider_names_those_that_are_there(ask: Any) -> None:
    with pytest.raises(AIBasicError, match="there is no such provider") as caught:
        ask(Settings(provider="nobody"))
    assert "anthropic" in caught.value.remedy


def test_importing_the_interface_does_not_import_the_sdk() -> None:
    code = (
        "import sys, aibasic_kernel.compiler.provider, aibasic_kernel.compiler.prompt;"
        "sys.exit(bool({'anthropic', 'httpx2', 'pandas', 'sqlglot'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_the_loggers_are_pinned() -> None:
    factory("anthropic")(Settings(api_key=Secret(KEY)), Redactor())
    assert all(logging.getLogger(name).level >= logging.WARNING for name in ("anthropic", "httpx2", "httpcore2"))
