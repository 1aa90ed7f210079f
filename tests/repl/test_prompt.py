"""The prompt by its keys: what is sent, what is completed, remembered and shown. The kernel's part is scripted."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import fragment_list_to_text
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from aibasic_kernel.faces.repl.completer import described
from aibasic_kernel.faces.repl.keys import KEYS, keys_told
from aibasic_kernel.faces.repl.prompt import Prompt, make_prompt
from aibasic_kernel.faces.repl.toolbar import toolbar
from aibasic_kernel.faces.repl.view import BUSY, DEAD, IDLE, STARTING, SessionView
from aibasic_kernel.faces.session_state import SessionState, unknown_state

UP, DOWN, RIGHT, HOME, F2, F4 = "\x1b[A", "\x1b[B", "\x1b[C", "\x01", "\x1bOQ", "\x1bOS"
ALT_ENTER, CTRL_C, CTRL_D, CTRL_R = "\x1b\r", "\x03", "\x04", "\x12"
PASTED = "\x1b[200~{}\x1b[201~"


@dataclass
class ScriptedLink:
    """A kernel that answers as it is told to, or not at all where `silent`."""

    is_up: bool = True
    silent: bool = False
    incomplete: set[str] = field(default_factory=set)
    matches: list[dict[str, Any]] = field(default_factory=list)
    kept: list[str] | None = None
    """Its history; None for what was asked about, as it is."""
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    on_start: list[Callable[[], None]] = field(default_factory=list)
    on_output: list[Callable[[dict[str, Any]], None]] = field(default_factory=list)
    on_death: list[Callable[[str], None]] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    may_answer: asyncio.Event | None = None

    async def request(self, kind: str, content: dict[str, Any], timeout: float | None = None) -> dict[str, Any]:
        self.asked.append((kind, content))
        self.reached.set()
        if self.silent:
            raise TimeoutError
        if self.may_answer is not None:
            await self.may_answer.wait()
        if kind == "is_complete_request":
            return (
                {"status": "incomplete", "indent": "  "}
                if content["code"] in self.incomplete
                else {"status": "complete"}
            )
        if kind == "history_request":
            kept = self.ran if self.kept is None else self.kept
            return {"history": [(1, number, text) for number, text in enumerate(kept[content["start"] :])]}
        cursor = content["cursor_pos"]
        word = content["code"][:cursor].rpartition(" ")[2]
        found = [match for match in self.matches if match["text"].startswith(word)]
        return {
            "status": "ok",
            "matches": [match["text"] for match in found],
            "cursor_start": cursor - len(word),
            "cursor_end": cursor,
            "metadata": {"_jupyter_types_experimental": found},
        }

    def send(self, kind: str, content: dict[str, Any]) -> str:
        self.sent.append((kind, content))
        return ""


@dataclass
class Typist:
    """A prompt with its keyboard."""

    link: ScriptedLink
    keyboard: PipeInput
    prompt: Prompt

    async def asks(self, *keys: str) -> str:
        """What the prompt gives after these keys; the kernel then runs it."""
        self.keyboard.send_text("".join(keys))
        text = await self.prompt.ask()
        self.link.ran.append(text)
        return text

    @property
    def buffer(self) -> Buffer:
        """What is being typed."""
        return self.prompt._session.default_buffer

    async def steps(self, *steps: tuple[str, Callable[[], object]]) -> str:
        """What the prompt gives after these steps: keys, each sent once something holds."""
        asking = asyncio.create_task(self.prompt.ask())
        for keys, ready in steps:
            while not ready():
                assert not asking.done(), asking
                await asyncio.sleep(0)
            self.keyboard.send_text(keys)
        return await asking

    def remembers(self, count: int) -> Callable[[], bool]:
        """Whether so many earlier inputs are at hand: they are read in the background."""
        return lambda: len(self.buffer._working_lines) == count + 1


def typed(
    test: Callable[[Typist], Awaitable[None]], link: ScriptedLink | None = None, *, history: Path, vi: bool = False
) -> None:
    """Run a test at a prompt."""

    async def run() -> None:
        used = link or ScriptedLink()
        with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
            view = SessionView(used)  # type: ignore[arg-type]  # as much of a link as a prompt needs
            await test(Typist(used, keyboard, make_prompt(used, view, vi=vi, history=history)))  # type: ignore[arg-type]

    asyncio.run(run())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the history is kept."""
    return tmp_path / "data" / "history"


def test_enter_sends_what_is_complete_and_asks_for_the_rest_of_what_is_not(file: Path) -> None:
    async def test(typist: Typist) -> None:
        typist.link.incomplete = {"for x in y:"}
        assert await typist.asks("1 + 1\r") == "1 + 1"
        assert await typist.asks("for x in y:\r", "print(x)\r") == "for x in y:\n  print(x)"

    typed(test, history=file)


def test_two_empty_lines_send_what_is_judged_incomplete(file: Path) -> None:
    async def test(typist: Typist) -> None:
        typist.link.incomplete = {"(", "(\n  "}
        assert await typist.asks("(\r\r\r") == "("

    typed(test, history=file)


@pytest.mark.parametrize("link", [{"silent": True}, {"is_up": False}], ids=["silent", "starting"])
def test_without_a_verdict_the_text_alone_decides(file: Path, link: dict[str, Any]) -> None:
    async def test(typist: Typist) -> None:
        text = await typist.asks("if x:\r", "print(x)\r", "\r")
        assert text.splitlines() == ["if x:", "    print(x)"]
        assert await typist.asks("print 5\r") == "print 5"

    typed(test, ScriptedLink(**link), history=file)


def test_keys_typed_while_the_kernel_judges_are_not_lost(file: Path) -> None:
    async def test(typist: Typist) -> None:
        typist.link.may_answer = asyncio.Event()
        asking = asyncio.create_task(typist.prompt.ask())
        typist.keyboard.send_text("1 + 1\r")
        await typist.link.reached.wait()
        typist.keyboard.send_text("2 + 2\r")
        await asyncio.sleep(0)
        typist.link.may_answer.set()
        assert await asking == "1 + 1"
        assert await typist.prompt.ask() == "2 + 2"

    typed(test, history=file)


def test_alt_enter_begins_a_line_and_enter_in_a_line_above_splits_it(file: Path) -> None:
    async def test(typist: Typist) -> None:
        assert await typist.asks("10 x = 1", ALT_ENTER, "20 print x\r") == "10 x = 1\n20 print x"
        assert await typist.asks("b", ALT_ENTER, "c", UP + HOME, "a\r", DOWN + DOWN, "\r") == "a\nb\nc"

    typed(test, history=file)


def test_pasted_lines_wait_for_enter(file: Path) -> None:
    async def test(typist: Typist) -> None:
        program = "10 x = 1\r\n20 print x\r\n30 end\r\n"
        text = await typist.asks(PASTED.format(program), "40 stop\r")
        assert text == "10 x = 1\n20 print x\n30 end\n40 stop"

    typed(test, history=file)


def test_ctrl_c_clears_what_up_brings_back_and_says_how_to_leave(file: Path) -> None:
    async def test(typist: Typist) -> None:
        text = await typist.steps(
            ("half a line", lambda: True),
            (CTRL_C, lambda: typist.buffer.text == "half a line"),
            (UP, typist.remembers(1)),
            ("!\r", lambda: typist.buffer.text),
        )
        assert text == "half a line!"
        leaving = (CTRL_C, lambda: True), (CTRL_D, lambda: "Ctrl-D leaves" in str(typist.prompt._toolbar()))
        with pytest.raises(EOFError):
            await typist.steps(*leaving)

    typed(test, history=file)


def test_completion_puts_in_what_the_kernel_offers(file: Path) -> None:
    matches = [{"text": "customers", "type": "table", "description": "table"}]

    async def test(typist: Typist) -> None:
        completed = ("query cus\t", lambda: True), (" please\r", lambda: typist.buffer.text == "query customers")
        assert await typist.steps(*completed) == "query customers please"

    typed(test, ScriptedLink(matches=matches), history=file)


def test_enter_on_a_chosen_completion_takes_it_and_does_not_send(file: Path) -> None:
    matches = [{"text": text, "type": "column", "description": "integer"} for text in ("age", "area")]

    async def test(typist: Typist) -> None:
        def offered() -> list[str]:
            menu = typist.buffer.complete_state
            return [completion.display_meta_text for completion in menu.completions] if menu is not None else []

        chosen = ("where a\t", lambda: True), ("\t\r > 30\r", lambda: offered() == ["column, integer"] * 2)
        assert await typist.steps(*chosen) == "where age > 30"

    typed(test, ScriptedLink(matches=matches), history=file)


def test_a_kernel_that_does_not_answer_completes_nothing(file: Path) -> None:
    async def test(typist: Typist) -> None:
        assert await typist.asks("cus\tx\r") == "cusx"

    typed(test, ScriptedLink(silent=True), history=file)


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ({"type": "column", "description": "integer"}, "column, integer"),
        ({"type": "table", "description": "table"}, "table"),
        ({"type": "command", "description": "the program"}, "the program"),
        ({"type": "function", "signature": "(sql, params=None)"}, "(sql, params=None)"),
        ({"type": "<unknown>", "signature": ""}, ""),
        ({"type": "name", "description": ""}, "name"),
        ({}, ""),
    ],
)
def test_what_a_completion_is_is_said_in_a_few_words(item: dict[str, str], text: str) -> None:
    assert described(item) == text


def entries(file: Path) -> list[str]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_history_outlives_the_shell_and_only_its_user_reads_it(file: Path) -> None:
    async def first(typist: Typist) -> None:
        await typist.asks("print 'one'\r")
        await typist.asks("10 x = 1", ALT_ENTER, "20 print x\r")
        with pytest.raises(EOFError):
            await typist.asks(CTRL_D)

    async def second(typist: Typist) -> None:
        assert await typist.steps((UP * 3 + "\r", typist.remembers(2))) == "print 'one'"
        assert await typist.steps((CTRL_R + "x = \r\r", typist.remembers(3))) == "10 x = 1\n20 print x"

    typed(first, history=file)
    assert entries(file) == ["print 'one'", "10 x = 1\n20 print x"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    typed(second, history=file)


def test_what_was_typed_before_is_suggested(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('"(postgres) query all customers"\n')

    async def test(typist: Typist) -> None:
        suggested = ("(post", typist.remembers(1)), (RIGHT + "\r", lambda: typist.buffer.suggestion)
        assert await typist.steps(*suggested) == "(postgres) query all customers"

    typed(test, history=file)


SENT = [
    ("print 'hunter2hunter2'", ["print '***'"], ["print '***'"]),
    ("connect with password = 'Xy4!zzzz'", None, []),
    ("os.environ['API_KEY'] = 'sk-12345678'", None, []),
    ("SET API_KEY = sk-12345678", None, []),
    ("print 'never run'", [], []),
    ("print 'mine'", ["another front end's", "print 'mine'", "print '***'"], ["print 'mine'"]),
]


@pytest.mark.parametrize(("text", "kept", "stored"), SENT, ids=[text for text, *_ in SENT])
def test_history_keeps_what_the_kernel_kept_and_no_credential(
    text: str, kept: list[str] | None, stored: list[str], file: Path
) -> None:
    async def test(typist: Typist) -> None:
        await typist.asks(text + "\r")
        with pytest.raises(EOFError):
            await typist.asks(CTRL_D)

    typed(test, ScriptedLink(kept=kept), history=file)
    assert entries(file) == stored


def test_what_a_busy_kernel_does_not_tell_is_kept_once_it_does(file: Path) -> None:
    async def test(typist: Typist) -> None:
        await typist.asks("print 'first'\r")
        await typist.asks("print 'second'\r")
        assert entries(file) == []
        typist.link.silent = False
        with pytest.raises(EOFError):
            await typist.asks(CTRL_D)

    typed(test, ScriptedLink(silent=True), history=file)
    assert entries(file) == ["print 'first'", "print 'second'"]


def test_a_history_that_cannot_be_written_lasts_as_long_as_the_shell(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, where the folder would be")

    async def test(typist: Typist) -> None:
        assert await typist.asks("1 + 1\r") == "1 + 1"
        assert await typist.asks(UP, "\r") == "1 + 1"

    typed(test, history=tmp_path / "data" / "history")


def test_a_long_history_keeps_the_newest(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aibasic_kernel.faces.repl.history.MOST_BYTES", 100)
    monkeypatch.setattr("aibasic_kernel.faces.repl.history.KEPT", 3)
    file.parent.mkdir()
    file.write_text("".join(f'"line {number}"\n' for number in range(20)) + '"cut off')

    async def test(typist: Typist) -> None:
        assert await typist.asks("x\r") == "x"
        assert entries(file) == ["line 17", "line 18", "line 19"]

    typed(test, history=file)


def test_the_keys_of_vi_are_there_from_the_start_or_by_f4(file: Path) -> None:
    async def from_start(typist: Typist) -> None:
        assert await typist.asks("abc", "\x1b", "0x", "\r") == "bc"

    async def by_key(typist: Typist) -> None:
        assert await typist.asks(F4, "abc", "\x1b", "0x", "\r") == "bc"
        assert "vi" in str(typist.prompt._toolbar())

    typed(from_start, history=file, vi=True)
    typed(by_key, history=file)


def test_vi_after_a_search_begins_where_text_is_typed(file: Path) -> None:
    async def test(typist: Typist) -> None:
        await typist.asks("abc\r")
        found = (CTRL_R + "ab\r" + F4 + "a\r", typist.remembers(1))
        assert await typist.steps(found) == "abca"

    typed(test, history=file)


@pytest.mark.parametrize("width", [79, 39, 1])
def test_the_keys_are_told_within_the_width(width: int) -> None:
    lines = keys_told(width).splitlines()
    assert max(map(len, lines)) <= max(width, 21) and all(any(line.startswith(key) for line in lines) for key in KEYS)


def test_f2_opens_the_input_in_the_editor(file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "10 print 2\\n" > "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))

    async def test(typist: Typist) -> None:
        edited = ("10 print 1" + F2, lambda: True), ("\r", lambda: typist.buffer.text == "10 print 2")
        assert await typist.steps(*edited) == "10 print 2"

    typed(test, history=file)


def test_what_is_typed_is_coloured(file: Path) -> None:
    async def test(typist: Typist) -> None:
        assert await typist.asks("x\r") == "x"
        while typist.prompt._lexer is None:
            await asyncio.sleep(0)
        (line,) = [typist.prompt._lexer.lex_document(Document("10 goto 20"))(0)]
        assert len({style for style, *_ in line}) > 1 and fragment_list_to_text(line) == "10 goto 20"

    typed(test, history=file)


# The view and the toolbar ------------------------------------------------------------------------------------------


@pytest.fixture
def view() -> Iterator[SessionView]:
    yield SessionView(ScriptedLink())  # type: ignore[arg-type]  # as much of a link as a view needs


def test_the_view_keeps_up_with_the_kernel(view: SessionView) -> None:
    link: Any = view._link
    seen: list[str] = []
    view.on_change.append(lambda: seen.append(view.kernel))
    assert view.kernel == STARTING
    link.on_start[0]()
    ((kind, opening),) = link.sent
    assert kind == "comm_open" and opening["target_name"] == "aibasic.session"

    def say(kind: str, content: dict[str, Any], of: str = "execute_request") -> None:
        link.on_output[0]({"msg_type": kind, "content": content, "parent_header": {"msg_type": of}})

    say("comm_msg", {"comm_id": "of another", "data": {"model": "no"}})
    assert view.state["model"] == ""
    say("comm_msg", {"comm_id": opening["comm_id"], "data": {"model": "haiku"}})
    assert view.state["model"] == "haiku" and view.state["connections"] == []
    say("status", {"execution_state": "busy"})
    say("status", {"execution_state": "idle"})
    say("status", {"execution_state": "busy"}, of="complete_request")
    view.close()
    assert link.sent[-1] == ("comm_close", {"comm_id": opening["comm_id"], "data": {}})
    link.on_death[0]("killed")
    view.starting()
    assert seen == [IDLE, IDLE, BUSY, IDLE, DEAD, STARTING]


def connection(name: str, *, state: str = "connected", production: bool = False, readonly: bool = False) -> Any:
    return {
        "name": name, "variable": name, "state": state, "where": "", "production": production, "readonly": readonly,
    }  # fmt: skip


def state(*connections: Any, **more: Any) -> SessionState:
    known: Any = {"model": "claude-haiku-5-5", "cost": "$0.0012", "dollars": 0.0012, "tokens": 1037}
    return {**unknown_state(), **known, "connections": list(connections), **more}


def shown(width: int, now: SessionState, kernel: str = IDLE, **more: str) -> str:
    return fragment_list_to_text(toolbar(kernel, now, width, **more))


def test_the_toolbar_says_model_price_and_connections() -> None:
    line = shown(200, state(connection("postgres"), connection("mysql", state="closed"), frozen=True))
    assert line == " claude-haiku-5-5  $0.0012, 1,037 tokens  FROZEN  postgres  mysql (closed)  F1 keys"
    assert "price unknown" in shown(200, state(dollars=None, cost="price unknown (PRICE_IN, PRICE_OUT)"))
    assert shown(200, unknown_state(), STARTING) == " kernel starting ...  F1 keys"
    assert "IMMEDIATE OFF" in shown(200, state(immediate=False)) and "TRACE" in shown(200, state(trace=True))


def test_production_is_red_and_said_in_words_too() -> None:
    fragments = toolbar(IDLE, state(connection("shop", production=True, readonly=True)), 200)
    assert ("class:toolbar.production", "PRODUCTION shop READONLY") in fragments


@pytest.mark.parametrize("width", [80, 40, 20, 5])
def test_the_toolbar_fits_and_production_stays(width: int) -> None:
    many = [connection(name) for name in ("mysql", "kafka", "redis", "opensearch", "größe", "顧客")]
    line = shown(width, state(connection("shop", production=True), *many), BUSY, mode="vi insert")
    assert len(line) <= width
    assert width < 20 or ("shop" in line and "busy" in line)
