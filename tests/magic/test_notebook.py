"""`%%aibasic` and `%aibasic` in a kernel of Python's, driven as Jupyter drives it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from aibasic_kernel.faces.magic.options import OPTIONS
from tests.kernel.notebook import PATIENCE, Cell, Notebook, open_notebook
from tests.magic.stock import LOAD, stock_notebook
from tests.messages_server import MessagesServer

SECRET = "correct-horse-battery"
CONF = f"[redis]\nHOST = localhost\nPASSWORD = {SECRET}\n[aibasic]\nSHARE = schema\n"
RAW = "get_ipython().history_manager.input_hist_raw"


@pytest.fixture(scope="module")
def server() -> Iterator[MessagesServer]:
    """A model."""
    with MessagesServer() as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working folder of the notebook."""
    return tmp_path_factory.mktemp("stock")


@pytest.fixture(scope="module")
def notebook(folder: Path, server: MessagesServer) -> Iterator[Notebook]:
    """A notebook of Python's that holds a few names, with the extension loaded, shared by the tests below."""
    (folder / "aibasic.conf").write_text(CONF)
    with stock_notebook(folder, {"ANTHROPIC_BASE_URL": server.url, "AIBASIC_DATA_DIR": str(folder / "data")}) as opened:
        assert opened.run("numbers = [3, 1, 2]\nfruit = 'pear'").ok
        assert opened.run(LOAD).ok
        yield opened


def completed(notebook: Notebook, text: str) -> list[str]:
    """The matches where `|` stands in the text."""
    code, cursor = text.replace("|", ""), text.index("|")
    content = notebook.client.complete(code, cursor, reply=True, timeout=PATIENCE)["content"]
    return [code[: content["cursor_start"]] + match + code[content["cursor_end"] :] for match in content["matches"]]


def asks_once(cell: Cell, name: str) -> None:
    """One error, with frames of the user's only."""
    assert cell.reply["ename"] == name, cell.text
    assert cell.error.count(f"{name}: ") == 1 and "aibasic_kernel" not in cell.error and "IPython" not in cell.error


def test_the_names_of_the_notebook_go_in_and_come_out(notebook: Notebook, server: MessagesServer) -> None:
    server.compile("total = sum(numbers)", result="total", when="altogether")
    cell = notebook.run("%%aibasic\nhow much is that altogether?\ntotal * 2")
    assert cell.ok, cell.text
    assert "12" in cell.texts and "by claude" in cell.texts[0]
    assert notebook.run("total, _, last_output").texts == ["(6, 12, 12)"]
    sent = server.requests[-1].user
    assert "numbers" in sent and "fruit" in sent and "exit" not in sent


def test_numbered_lines_are_remembered_by_cell_and_commands_know_them(notebook: Notebook) -> None:
    def in_cell(name: str, text: str) -> Cell:
        return notebook.wait(notebook.start(text, {"cellId": name}))

    in_cell("a", "%%aibasic\n10 print 5\n20 print 6")
    assert in_cell("a", "%%aibasic\n10 print 7").stdout == "7\n"
    notebook.run("%aibasic 30 print 8")
    listed = notebook.run("%aibasic LIST").text
    assert "10 print 7" in listed and "30 print 8" in listed and "print 6" not in listed
    assert "no requests" not in notebook.run("%aibasic COST").text


def test_a_question_is_no_call_for_help_and_nothing_is_expanded(notebook: Notebook, server: MessagesServer) -> None:
    server.compile("answer = 42", result="answer", when="what of")
    cell = notebook.run("%aibasic what of $fruit and {fruit}?")
    assert cell.ok and cell.texts[-1] == "42", cell.text
    assert server.requests[-1].instruction.endswith("what of $fruit and {fruit}?")


def test_edit_opens_a_cell_of_the_magic(notebook: Notebook, server: MessagesServer) -> None:
    server.compile("chosen = 1", result="chosen", when="choose")
    assert notebook.run("%%aibasic\n77 choose a number for me").ok
    (payload,) = notebook.run("%aibasic EDIT 77").reply["payload"]
    assert payload["text"].startswith("%%aibasic\n#@ edit")
    edited = notebook.run(payload["text"].replace("= 1", "= 3"))
    assert edited.ok and edited.texts[-1] == "3" and "by you" in edited.texts[0], edited.text


def test_help_tells_of_the_options(notebook: Notebook) -> None:
    for text in ("%%aibasic?", "%aibasic?"):
        (payload,) = notebook.run(text).reply["payload"]
        assert all(f"--{name} " in payload["data"]["text/plain"] for name in OPTIONS)


def test_what_sentences_print_is_captured_above_the_magic_and_below_it_that_is_said(notebook: Notebook) -> None:
    assert notebook.run("%%capture caught\n%%aibasic\nprint fruit").ok
    assert notebook.run("caught.stdout.strip()").texts == ["'pear'"]
    below = notebook.run("%%aibasic\n%%capture caught\nprint fruit")
    asks_once(below, "AIBasicError")
    assert "above %%aibasic" in below.error
    assert notebook.run("%%aibasic\n%%capture caught\nprint(7)").ok
    assert notebook.run("caught.stdout").texts == ["'7\\n'"]


def test_options_count_for_one_cell(notebook: Notebook, server: MessagesServer) -> None:
    server.compile("colour = 'red'", result="colour", when="a colour")
    frozen = notebook.run("%%aibasic --frozen\nmake up a colour")
    assert frozen.reply["ename"] == "CompileError" and "frozen" in frozen.error
    other = notebook.run("%%aibasic --model claude-sonnet-5-5 --share names\nmake up a colour")
    assert other.ok, other.text
    assert server.requests[-1].body["model"] == "claude-sonnet-5-5" and "list of number" not in server.requests[-1].user
    settings = notebook.run("%aibasic SET").text
    assert "claude-haiku-5-5" in settings and "SHARE = schema" in settings


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--frozn", "did you mean --frozen?"),
        ("--model", "--model has no value"),
        ("--share everything", "Allowed: names"),
        ("count numbers", "is no option"),
        ("--share sample:9", "nobody can be asked here"),
    ],
)
def test_what_is_wrong_with_an_option_is_said(notebook: Notebook, line: str, words: str) -> None:
    cell = notebook.run(f"%%aibasic {line}\nran = True", allow_stdin=False)
    assert cell.reply["ename"] == "AIBasicError" and words in cell.error, cell.text
    assert notebook.run("'ran' in globals()").texts == ["False"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("def f():\n    return 1 / 0\nf()", "ZeroDivisionError"),
        ("exec('1 +')", "SyntaxError"),
        ("raise type('Odd', (Exception,), {'__setattr__': None})('x')", "Odd"),
        *([("raise ExceptionGroup('x', [ValueError('y')])", "ExceptionGroup")] if sys.version_info >= (3, 11) else []),
        ("int('x')", "ValueError"),
        ("x = 'a\"\nfoo bar", "UnfinishedError"),
        ("import asyncio\nawait asyncio.sleep(0)", "AIBasicError"),
    ],
)
def test_a_failure_is_shown_once_with_the_users_frames(notebook: Notebook, body: str, name: str) -> None:
    cell = notebook.run(f"%%aibasic\n{body}")
    asks_once(cell, name)
    assert notebook.run("1 + 1").texts == ["2"]


def test_a_cell_that_fails_stops_nbclient(tmp_path: Path) -> None:
    cells = [nbformat.v4.new_code_cell(text) for text in (LOAD, "%%aibasic\n10 print 1\n20 1 / 0", "never = 1")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    where: dict[str, Any] = {"metadata": {"path": str(tmp_path)}}
    with pytest.raises(CellExecutionError) as failure:
        NotebookClient(notebook, kernel_name="python3", timeout=PATIENCE, resources=where).execute()
    assert failure.value.ename == "ZeroDivisionError" and not cells[2].outputs


def test_an_interrupt_stops_a_line_that_runs(notebook: Notebook) -> None:
    request = notebook.start("%%aibasic\nprint('on')\nwhile True:\n    pass")
    notebook.wait(request, until=lambda cell: cell.stdout)
    notebook.manager.interrupt_kernel()
    asks_once(notebook.wait(request), "KeyboardInterrupt")


def test_an_interrupt_stops_the_wait_for_a_model(notebook: Notebook, server: MessagesServer) -> None:
    server.compile("ran = True\nwaited = True", when="slow", piece=25, until=2, then="stall", pings=True)
    request = notebook.start("%%aibasic\ndo the slow thing")
    notebook.wait(request, until=lambda cell: any("│ ran" in text for text in cell.texts))
    notebook.manager.interrupt_kernel()
    cell = notebook.wait(request)
    asks_once(cell, "KeyboardInterrupt")
    assert "stopped while waiting for claude-haiku-5-5" in cell.error and "│" not in cell.text
    assert notebook.run("'ran' in globals()").texts == ["False"]


def test_a_question_is_answered_stopped_or_refused(notebook: Notebook, server: MessagesServer, folder: Path) -> None:
    kept = folder / "kept.txt"
    kept.write_text("x")
    server.compile("import os\nos.remove('kept.txt')", when="tidy up")
    refused = notebook.run("%%aibasic\ntidy up", allow_stdin=False)
    assert refused.reply["ename"] == "Refused" and "nobody can be asked here" in refused.error and kept.exists()
    stopped = notebook.start("%%aibasic\ntidy up", allow_stdin=True)
    notebook.client.get_stdin_msg(timeout=PATIENCE)
    notebook.manager.interrupt_kernel()
    asks_once(notebook.wait(stopped), "KeyboardInterrupt")
    assert kept.exists()
    request = notebook.start("%%aibasic\ntidy up", allow_stdin=True)
    assert "run it?" in notebook.client.get_stdin_msg(timeout=PATIENCE)["content"]["prompt"]
    notebook.client.input("yes")
    assert notebook.wait(request).ok and not kept.exists()


def test_the_python_is_seen_while_it_is_written_and_not_saved_twice(notebook: Notebook, server: MessagesServer) -> None:
    go_on = threading.Event()
    server.compile("first = 1\nsecond = 2", result="second", when="two steps", piece=40, hold=go_on)
    request = notebook.start("%%aibasic\ngo in two steps")
    notebook.wait(request, until=lambda cell: any("│ first" in text for text in cell.texts))
    go_on.set()
    cell = notebook.wait(request)
    assert cell.ok and "asking" not in cell.text and cell.text.count("first = 1") == 1, cell.text


def test_no_secret_is_shown_by_any_cell(notebook: Notebook) -> None:
    for text in (
        f"%%aibasic\nprint('{SECRET[:9]}', end='')\nprint('{SECRET[9:]}')",
        f"print('{SECRET}')",
        f"'{SECRET}'",
        f"%%aibasic\nraise ValueError('{SECRET}')",
    ):
        cell = notebook.run(text)
        assert "***" in cell.text and SECRET not in cell.text and SECRET not in str(cell.reply), text
    kept = notebook.run(f"[any('{SECRET[:9]}' + '{SECRET[9:]}' in each for each in inputs) for inputs in (In, {RAW})]")
    assert "[False, False]" in kept.text


def test_completion_in_a_cell_and_behind_the_line_magic(notebook: Notebook) -> None:
    notebook.run("%aibasic LIST")
    assert "%%aibasic\nx = 1\n10 (redis)" in completed(notebook, "%%aibasic\nx = 1\n10 (red|")
    assert "%aibasic LIST" in completed(notebook, "%aibasic LI|")
    assert "%%aibasic --frozen\n1" in completed(notebook, "%%aibasic --fr|\n1")
    assert "%%aibasic\nfruit.upper" in completed(notebook, "%%aibasic\nfruit.upp|")
    assert "numbers" in completed(notebook, "numb|")


def test_front_ends_are_told_how_the_session_stands(notebook: Notebook) -> None:
    session = notebook.client.session
    opening = {"comm_id": "panel", "target_name": "aibasic.session", "data": {}}
    notebook.client.shell_channel.send(session.msg("comm_open", opening))
    while (message := notebook.client.get_iopub_msg(timeout=PATIENCE))["msg_type"] != "comm_msg":
        pass
    state = message["content"]["data"]
    assert state["model"] == "claude-haiku-5-5" and state["connections"][0]["name"] == "redis"
    notebook.client.shell_channel.send(session.msg("comm_close", {"comm_id": "panel", "data": {}}))


def test_unloading_leaves_nothing(tmp_path: Path) -> None:
    looked_at = (
        "ip = get_ipython()\n"
        "(ip.kernel.session.pack.__module__, len(ip.Completer.custom_matchers), len(ip.input_transformers_cleanup),"
        " 'store_inputs' in vars(ip.history_manager),"
        " type(sys.stdout).__name__, [str(one) for one in sys.meta_path], 'context' in globals(),"
        " sorted(ip.events.callbacks['pre_execute'], key=str) == [],"
        " ip.kernel.comm_manager.targets.keys())"
    )
    with stock_notebook(tmp_path) as notebook:
        notebook.run("import sys")
        before = notebook.run(looked_at).texts
        notebook.run(LOAD)
        assert notebook.run(f"{LOAD}\n%aibasic 10 print 1").stdout.endswith("1\n")
        assert notebook.run(looked_at).texts != before
        assert notebook.run("%unload_ext aibasic_kernel").ok
        assert notebook.run(looked_at).texts == before
        assert "not found" in notebook.run("%aibasic LIST").text
        assert notebook.run(f"{LOAD}").ok
        assert "there is no program" in notebook.run("%aibasic LIST").text


def test_a_file_of_the_folder_is_not_taken_for_a_library_of_ours(tmp_path: Path) -> None:
    (tmp_path / "secrets.py").write_text("raise SystemError('taken for a library')")
    with stock_notebook(tmp_path) as notebook:
        assert notebook.run(f"{LOAD}\n%aibasic 10 print 1").stdout.endswith("1\n")


def test_the_kernel_aibasic_says_that_it_needs_none(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        assert "this is the kernel AIBasic" in notebook.run(LOAD).text
