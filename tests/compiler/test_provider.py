"""The provider against a server that speaks the Messages API: what goes out and comes in, and its thread."""

from __future__ import annotations

import asyncio
import base64
import concurrent.futures
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from aibasic.modules.secret import Secret

from aibasic_kernel.compiler.configuration.settings import Settings
from aibasic_kernel.compiler.privacy.redaction import Redactor
from aibasic_kernel.compiler.providers.provider import ProviderThread, Reply, Request, Usage, factory
from aibasic_kernel.errors import AIBasicError, ProviderError
from tests.compiler.provider_faults import KEY, REQUEST, settings_for
from tests.messages_server import MessagesServer


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


# What goes out and what comes in --------------------------------------------------------------------------------------


def test_a_reply_is_streamed_and_counted(server: MessagesServer, ask: Any) -> None:
    server.say("x = x + 1\n" * 3, piece=4)
    pieces: list[str] = []
    reply = ask(settings_for(server.url), on_text=pieces.append)
    assert reply.text == "x = x + 1\n" * 3 == "".join(pieces)
    assert len(pieces) == 8
    assert reply.usage == Usage(input=25, cached=900, written=100, output=12)
    assert (reply.model, reply.stop_reason) == ("claude-haiku-5-5", "end_turn")
    assert reply.seconds > 0


def test_what_is_sent(server: MessagesServer, ask: Any) -> None:
    server.say("ok")
    ask(settings_for(server.url))
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
    ask(settings_for(server.url, features=frozenset({"thinking", "caching"})))
    body = server.requests[0].body
    assert body["system"] == [{"type": "text", "text": "the rules", "cache_control": {"type": "ephemeral"}}]
    assert body["thinking"] == {"type": "disabled"}


def test_a_host_that_is_said_to_know_thinking_is_asked_not_to_think_whatever_its_model(
    server: MessagesServer, ask: Any
) -> None:
    server.say("ok")
    ask(settings_for(server.url, features=frozenset({"thinking"})), replace(REQUEST, model="qwen"))
    assert server.requests[0].body["thinking"] == {"type": "disabled"}


def test_thinking_before_the_text_is_passed_over(server: MessagesServer, ask: Any) -> None:
    server.say("x = 1", thinking="Let me see.")
    assert ask(settings_for(server.url)).text == "x = 1"


def test_a_server_that_reports_no_usage(server: MessagesServer, ask: Any) -> None:
    server.say("x = 1", usage=None)
    assert ask(settings_for(server.url)).usage == Usage()


def test_a_server_of_ones_own_needs_no_key(server: MessagesServer, ask: Any) -> None:
    server.say("ok")
    ask(settings_for(server.url, api_key=None))
    assert server.requests[0].headers["authorization"] == "Bearer local"


def test_one_connection_serves_many_requests(server: MessagesServer) -> None:
    thread = ProviderThread(settings_for(server.url), Redactor())
    try:
        for _ in range(3):
            server.say("ok")
            thread.submit(REQUEST).result(30)
    finally:
        thread.close()
    assert server.connections == 1


def test_a_connection_that_the_server_closed_while_idle_is_opened_anew(server: MessagesServer) -> None:
    thread = ProviderThread(settings_for(server.url), Redactor())
    notices: list[str] = []
    try:
        for _ in range(3):
            server.say("ok")
            assert thread.submit(REQUEST, on_notice=notices.append).result(30).text == "ok"
            server.close_connections()
    finally:
        thread.close()
    assert (server.connections, notices) == (3, [])


def test_connections_that_are_lost_as_they_are_used_again_are_opened_anew_at_once(server: MessagesServer) -> None:
    thread = ProviderThread(settings_for(server.url), Redactor())
    notices: list[str] = []
    held = threading.Event()
    try:
        for _ in range(3):
            server.say("ok", piece=1, hold=held)
        jobs = [thread.submit(REQUEST) for _ in range(3)]  # three connections
        held.set()
        assert [job.result(30).text for job in jobs] == ["ok"] * 3
        for _ in range(3):
            server.say(instead="drop")
        server.say("at last")
        assert thread.submit(REQUEST, on_notice=notices.append).result(30).text == "at last"
    finally:
        thread.close()
    assert (server.connections, notices) == (4, [])


def test_an_idle_connection_is_kept_for_more_than_an_hour(server: MessagesServer, monkeypatch: Any) -> None:
    server.say("ok")
    server.say("ok")
    thread = ProviderThread(settings_for(server.url), Redactor())
    try:
        thread.submit(REQUEST).result(30)
        later = time.monotonic() + 3700
        monkeypatch.setattr("httpcore2._async.http11.time.monotonic", lambda: later)
        thread.submit(REQUEST).result(30)
    finally:
        thread.close()
    assert server.connections == 1


def test_a_reply_cut_off_at_the_limit_says_so(server: MessagesServer, ask: Any) -> None:
    server.say("x =", stop_reason="max_tokens")
    assert ask(settings_for(server.url)).stop_reason == "max_tokens"


@pytest.mark.parametrize("form", [KEY, base64.b64encode(KEY.encode()).decode(), f"postgres://u:{KEY}@h/db"])
def test_a_request_that_holds_a_secret_is_not_sent(server: MessagesServer, ask: Any, form: str) -> None:
    with pytest.raises(ProviderError, match="so it was not sent"):
        ask(settings_for(server.url), replace(REQUEST, user=f"connect with {form}"))
    assert server.requests == []


def test_the_loggers_stay_quiet(server: MessagesServer) -> None:
    """ANTHROPIC_LOG=debug makes the SDK log whole prompts; in a process of its own, for the SDK reads it on import."""
    server.say("ok")
    code = f"""
from aibasic_kernel.compiler.providers.provider import *
from aibasic_kernel.compiler.configuration.settings import Settings
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
    thread = ProviderThread(settings_for(server.url), Redactor())

    async def kernel() -> str:
        return (await asyncio.wrap_future(thread.submit(REQUEST).future)).text

    try:
        assert asyncio.run(kernel()) == "ok"
    finally:
        thread.close()


def test_a_cancelled_job_ends_and_the_next_one_works(server: MessagesServer) -> None:
    server.say("x = 1", until=1, then="stall")
    server.say("ok")
    thread = ProviderThread(settings_for(server.url), Redactor())
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
    thread = ProviderThread(settings_for(server.url), Redactor())
    try:
        job = thread.submit(REQUEST)
        with pytest.raises(concurrent.futures.TimeoutError):
            job.result(0.05)
        assert job.future.cancelled()
    finally:
        thread.close()


def test_close_cancels_what_is_under_way_and_ends_the_thread(server: MessagesServer) -> None:
    server.say("x = 1", until=1, then="stall")
    thread = ProviderThread(settings_for(server.url), Redactor())
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
        ask(settings_for(server.url), on_text=refuse)


def test_warming_up_makes_no_request(server: MessagesServer) -> None:
    thread = ProviderThread(settings_for(server.url), Redactor())
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
        "import sys, aibasic_kernel.compiler.providers.provider, aibasic_kernel.compiler.prompts.prompt;"
        "sys.exit(bool({'anthropic', 'httpx2', 'pandas', 'sqlglot'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_the_loggers_are_pinned() -> None:
    factory("anthropic")(Settings(api_key=Secret(KEY)), Redactor())
    assert all(logging.getLogger(name).level >= logging.WARNING for name in ("anthropic", "httpx2", "httpcore2"))
