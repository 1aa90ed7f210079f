"""What a cell does: lines in order, values shown, names alive in the next cell, errors with the line they belong to."""

from __future__ import annotations

from pathlib import Path

from tests.kernel.notebook import Notebook, open_notebook

COMPILATION = "application/vnd.aibasic.compilation+json"


def test_lines_run_in_order_and_their_names_live_on(notebook: Notebook) -> None:
    first = notebook.run('10 set x to 5\n20 print "x is" and x\ny = x * 2')
    assert first.ok, first.text
    assert first.stdout == "x is 5\n"
    assert notebook.run("y + 1").texts == ["11"]


def test_each_compiled_line_shows_its_python_and_who_wrote_it(notebook: Notebook) -> None:
    cell = notebook.run("10 set shown to 7")
    bundle = next(bundle for bundle in cell.shown if COMPILATION in bundle)
    assert "shown = 7" in bundle["text/plain"] and "by phrase" in bundle["text/plain"]
    assert "<details>" in bundle["text/html"]
    data = bundle[COMPILATION]
    assert (data["line"], data["sentence"], data["python"].strip()) == (10, "set shown to 7", "shown = 7")
    assert data["origin"][0] == "phrase"


def test_the_saved_output_is_the_same_after_a_rerun_from_the_lock(notebook: Notebook) -> None:
    text = "10 set again to 8\n20 print again"
    assert notebook.run(text).shown == notebook.run(text).shown


def test_context_and_last_output_follow_english_python_and_magics(notebook: Notebook) -> None:
    assert notebook.run("10 set total to 12").ok
    assert notebook.run("context['last_output'], last_output").texts == ["('total', 12)"]
    assert notebook.run("rows = [1, 2, 3]").ok
    assert notebook.run("context['last_output'], last_output").texts == ["('rows', [1, 2, 3])"]
    assert notebook.run("%timeit -n1 -r1 pass\nfound = 4").ok
    assert notebook.run("context['last_output']").texts == ["'found'"]
    assert notebook.run("context['rows']").ok


def test_a_line_that_fails_keeps_what_ran_and_stops_the_rest(notebook: Notebook) -> None:
    cell = notebook.run("10 set kept to 1\n20 check that kept is 2\n30 set never to 3")
    assert not cell.ok
    assert cell.reply["ename"] == "AssertionError"
    assert "line 20: check that kept is 2" in cell.error
    assert "aibasic_kernel" not in cell.error
    assert notebook.run("kept").texts == ["1"]
    missing = notebook.run("never + 1")
    assert missing.reply["ename"] == "NameError"


def test_a_traceback_shows_the_sentence_and_marks_the_failing_python(notebook: Notebook) -> None:
    notebook.run("def broken(value):\n    return value['missing']\ndata = {}")
    cell = notebook.run("10 set other to 1\nbroken(data)")
    assert "KeyError: 'missing'" in cell.error
    assert "----> 2" in cell.error and "return value['missing']" in cell.error
    assert "site-packages" not in cell.error


def test_a_syntax_error_in_the_text_is_shown_with_a_caret_and_nothing_runs(notebook: Notebook) -> None:
    cell = notebook.run("10 set early to 1\n20 (postgress) query all customers")
    assert cell.reply["ename"] == "ParseError"
    assert "postgres" in cell.error and "^" in cell.error
    assert notebook.run("early + 1").reply["ename"] == "NameError"


def test_without_key_a_sentence_nobody_foresaw_says_what_would_help(notebook: Notebook) -> None:
    cell = notebook.run("paint the town in seven shades of red")
    assert cell.reply["ename"] == "CompileError"
    assert "no language model to ask" in cell.error
    assert "ANTHROPIC_API_KEY" in cell.error


def test_python_awaits_at_the_top_level(notebook: Notebook) -> None:
    assert notebook.run("import asyncio\nawait asyncio.sleep(0, result=9)").texts == ["9"]


def test_magics_shell_lines_and_help_are_ipythons(notebook: Notebook) -> None:
    assert "hello" in notebook.run("!echo hello").stdout
    assert notebook.run("%who_ls int").ok
    notebook.run("thing = [1]")
    assert notebook.run("thing?").reply["payload"]


def test_a_semicolon_silences_a_value(notebook: Notebook) -> None:
    assert notebook.run("41 + 1;").shown == []


def test_input_asks_the_front_end(notebook: Notebook) -> None:
    request = notebook.start('answer = input("how many? ")', allow_stdin=True)
    asked = notebook.client.get_stdin_msg(timeout=30)
    assert asked["content"]["prompt"] == "how many? "
    notebook.client.input("3")
    assert notebook.wait(request).ok
    assert notebook.run("answer").texts == ["'3'"]


def test_a_user_variable_named_like_a_command_stays_a_variable(notebook: Notebook) -> None:
    notebook.run("help_text = 1\nmodules = 5")
    assert notebook.run("modules").texts == ["5"]


def test_the_commands_of_this_version_answer(notebook: Notebook) -> None:
    notebook.run("10 set coded to 3")
    assert "coded = 3" in notebook.run("CODE 10").text
    assert "CONTEXT" in notebook.run("HELP").text
    assert "set x to 5" in notebook.run("PHRASES").text
    assert "no service is configured: `aibasic new NAME`" in notebook.run("MODULES").text
    assert "coded" in notebook.run("CONTEXT").text
    assert "forgotten" in notebook.run("FORGET 10").text
    assert "10 set coded to 3" in notebook.run("LIST").text
    assert notebook.run("RENUM").ok


def test_the_working_folder_stays_importable(tmp_path: Path) -> None:
    (tmp_path / "helper_of_mine.py").write_text("ANSWER = 42\n")
    with open_notebook(tmp_path) as opened:
        assert opened.run("import helper_of_mine\nhelper_of_mine.ANSWER").texts == ["42"]


def test_the_traceback_of_a_compiled_line_has_no_frame_of_a_library(notebook: Notebook) -> None:
    cell = notebook.run("10 (csv) read nosuch.csv into x")
    assert cell.reply["ename"] == "FileNotFoundError"
    assert "nosuch.csv" in cell.error and "site-packages" not in cell.error
    assert len(cell.error.splitlines()) < 12
