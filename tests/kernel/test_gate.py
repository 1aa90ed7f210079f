"""What destroys, in a real kernel: asked about where a person sits, refused where none does."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tests.kernel.notebook import PATIENCE, open_notebook
from tests.messages_server import MessagesServer
from tests.servers.postgres import DATABASE, PostgresServer

TABLE = "DROP TABLE IF EXISTS orders; CREATE TABLE orders AS SELECT generate_series(1, 3) AS id"
COMPUTED = "pg.execute_query(' '.join(['DELETE', 'FROM', 'orders']), fetch=False)"


def orders(server: PostgresServer) -> int:
    return int(server.sql(DATABASE, "SELECT count(*) FROM orders"))


def test_a_person_is_asked_while_the_line_runs_and_a_yes_lets_it(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    postgres_server.sql(DATABASE, TABLE)
    (tmp_path / "aibasic.conf").write_text(postgres_server.conf())
    with MessagesServer() as model, open_notebook(tmp_path, {"ANTHROPIC_BASE_URL": model.url}) as notebook:
        model.compile(f"import time\n{COMPUTED}", when="tidy up")
        for answer in ("no", "edit", "yes"):
            request = notebook.start("(postgres) tidy up", allow_stdin=True)
            asked = notebook.client.get_stdin_msg(timeout=PATIENCE)["content"]["prompt"]
            what, answers = asked.split("\n")
            assert "deletes all rows of orders (3 rows) on svc@127.0.0.1" in what and answers.startswith("run it?")
            notebook.client.input(answer)
            cell = notebook.wait(request)
            assert cell.ok == (answer == "yes"), cell.text
            assert orders(postgres_server) == (0 if answer == "yes" else 3)
            if answer == "edit":
                assert "set_next_input" in str(cell.reply["payload"]) and "DELETE" in str(cell.reply["payload"])


def test_nbclient_is_refused_with_the_reason_and_nothing_is_done(
    tmp_path: Path, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres_server.sql(DATABASE, TABLE)
    (tmp_path / "aibasic.conf").write_text(postgres_server.conf())
    cells = [nbformat.v4.new_code_cell(text) for text in ("(postgres) tidy up", "'never'")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    where = {"metadata": {"path": str(tmp_path)}}
    with MessagesServer() as model:
        model.compile(f"try:\n    {COMPUTED}\nexcept Exception:\n    pass", when="tidy up")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", model.url)
        with pytest.raises(CellExecutionError) as failure:
            NotebookClient(notebook, kernel_name="aibasic", timeout=PATIENCE, resources=where).execute()
    assert failure.value.ename == "Refused" and "nobody can be asked here" in failure.value.evalue
    assert "CONFIRM" in failure.value.evalue and orders(postgres_server) == 3
