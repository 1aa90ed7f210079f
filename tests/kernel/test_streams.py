"""What is printed comes when it should, between what is shown."""

from __future__ import annotations

from tests.kernel.notebook import Cell, Notebook


def test_what_was_printed_stands_before_what_is_shown_next(notebook: Notebook) -> None:
    request = notebook.start(
        "import sys\nprint('one')\nprint('other', file=sys.stderr)\ndisplay('shown')\nprint('two')"
    )
    seen = notebook.wait(request, until=lambda cell: cell.shown)
    assert (seen.stdout, seen.stderr) == ("one\n", "other\n")
    assert notebook.wait(request).stdout == "one\ntwo\n"


def test_what_is_printed_while_the_cell_waits_comes_at_once(notebook: Notebook) -> None:
    request = notebook.start("print('before', flush=True)\ninput()", allow_stdin=True)

    def has_come(cell: Cell) -> bool:
        return cell.stdout == "before\n"

    assert has_come(notebook.wait(request, until=has_come))
    notebook.client.get_stdin_msg(timeout=60)
    notebook.client.input("")
    assert notebook.wait(request).ok
