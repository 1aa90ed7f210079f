"""The session's state over a comm: sent when that is opened and after each cell, without a secret."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kernel.notebook import PATIENCE, Notebook, open_notebook
from tests.messages_server import MessagesServer
from tests.servers.postgres import PASSWORD, PostgresServer


class Watch:
    """A comm of the target, as a front end opens it."""

    def __init__(self, notebook: Notebook, comm_id: str) -> None:
        self.notebook, self.comm_id = notebook, comm_id
        self._send("comm_open", {"target_name": "aibasic.session", "data": {}})

    def next(self) -> dict[str, Any]:
        """The next state that the kernel sends."""
        deadline = time.monotonic() + PATIENCE
        while True:
            message = self.notebook.client.get_iopub_msg(timeout=max(0.1, deadline - time.monotonic()))
            if message["msg_type"] == "comm_msg" and message["content"]["comm_id"] == self.comm_id:
                state: dict[str, Any] = message["content"]["data"]
                return state

    def after(self, code: str) -> dict[str, Any]:
        """The state that is sent for a cell."""
        request = self.notebook.start(code)
        state = self.next()
        self.notebook.wait(request)
        return state

    def close(self) -> None:
        self._send("comm_close", {"data": {}})

    def _send(self, kind: str, content: dict[str, Any]) -> None:
        client = self.notebook.client
        client.shell_channel.send(client.session.msg(kind, {"comm_id": self.comm_id, **content}))


@pytest.fixture(scope="module")
def server() -> Iterator[MessagesServer]:
    """A model."""
    with MessagesServer() as running:
        yield running


@pytest.fixture(scope="module")
def shop(
    postgres_server: PostgresServer, server: MessagesServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Notebook]:
    """A kernel with a service of production."""
    folder: Path = tmp_path_factory.mktemp("watched")
    (folder / "aibasic.conf").write_text(postgres_server.conf() + "PRODUCTION = true\nREADONLY = true\n")
    with open_notebook(folder, {"ANTHROPIC_BASE_URL": server.url}) as opened:
        assert opened.run("1").ok
        yield opened


def test_the_state_says_what_stands(shop: Notebook, postgres_server: PostgresServer) -> None:
    watch = Watch(shop, "one")
    before = watch.next()
    assert (before["model"], before["frozen"], before["cost"]) == ("claude-haiku-5-5", False, "$0")
    assert before["program"] == [] and before["immediate"] is True and before["trace"] is False
    (connection,) = before["connections"]
    assert (connection["name"], connection["variable"], connection["state"]) == ("postgres", "pg", "not used yet")
    assert connection["production"] is True and connection["readonly"] is True and connection["where"] == ""
    after = watch.after("10 (postgres) select 1 as one\n20 print 'done'\nTRACE ON\nIMMEDIATE OFF")
    (connection,) = after["connections"]
    assert connection["state"] == "connected" and postgres_server.user in connection["where"]
    assert [(line["number"], line["text"]) for line in after["program"]][1] == (20, "20 print 'done'")
    assert after["trace"] is True and after["immediate"] is False
    assert watch.after("pg.close()")["connections"][0]["state"] == "closed"
    watch.close()
    assert shop.run("TRACE OFF\nIMMEDIATE ON\nDELETE 10-20").ok


def test_it_comes_after_a_failed_cell_too_and_holds_no_secret(shop: Notebook) -> None:
    watch = Watch(shop, "two")
    assert PASSWORD not in str(watch.next())
    state = watch.after(f"30 print '{PASSWORD}'\n40 1 / 0")
    assert [line["number"] for line in state["program"]] == [30, 40]
    assert "***" in state["program"][0]["text"] and PASSWORD not in str(state)
    watch.close()


def test_what_a_model_cost_is_counted(shop: Notebook, server: MessagesServer) -> None:
    server.compile("answer = 42", result="answer", when="answer to everything")
    watch = Watch(shop, "three")
    assert watch.next()["tokens"] == 0
    state = watch.after("find me the answer to everything")
    assert state["tokens"] == 1037 and state["dollars"] == pytest.approx(0.00003) and state["cost"] == "$0.000030"
    watch.close()


def test_nothing_is_sent_where_nobody_watches(shop: Notebook) -> None:
    watch = Watch(shop, "four")
    watch.next()
    watch.close()
    request = shop.start("5 + 5")
    kinds: list[str] = []
    while not kinds or kinds[-1] != "idle":
        message = shop.client.get_iopub_msg(timeout=PATIENCE)
        if message["parent_header"].get("msg_id") == request:
            kinds.append(message["content"].get("execution_state", message["msg_type"]))
    assert "comm_msg" not in kinds and "execute_result" in kinds


def test_a_kernel_without_a_session_answers_at_once_and_tells_when_there_is_one(tmp_path: Path) -> None:
    with open_notebook(tmp_path, {"AIBASIC_FROZEN": "1"}) as fresh:
        watch = Watch(fresh, "first")
        state = watch.next()
        if not state["model"]:  # the session was not made yet: it is told without a cell
            assert state["connections"] == [] and state["program"] == []
            state = watch.next()
        assert state["model"] == "claude-haiku-5-5" and state["frozen"] is True


def test_a_configuration_that_cannot_be_read_has_no_model(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as fresh:
        fresh.run("10 x = 5")
        (tmp_path / "aibasic.conf").write_text("[aibasic]\nCONFIRM = sometimes\n")
        watch = Watch(fresh, "broken")
        watch.next()
        state = watch.after("20 y = 6")
        assert state["model"] == "" and [line["number"] for line in state["program"]] == [10, 20]
