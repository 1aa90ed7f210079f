"""Runs cases as a user would: real sessions whose every sentence goes to a model over HTTP, on real databases."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aibasic_kernel.demo_tables import AIRLINES, AIRPORTS, FLIGHTS, PLANES, DemoTable
from aibasic_kernel.errors import ReplyError
from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.session import Session
from tests.sentences import outcomes
from tests.sentences.cases import FOLDER, Case
from tests.servers.postgres import PostgresServer
from tests.session.driver import run

DATABASES = ("company", "flights", "legacy", "shop")


class Trial:
    """The databases of the cases and, for each, one session that all of its cases share; `folder` is theirs alone.

    With `parallel` more than 1 there is another session for cases whose lines are foretold.
    """

    def __init__(self, server: PostgresServer, folder: Path, model_url: str) -> None:
        self._server = server
        self._folder = folder
        self._environ = {"ANTHROPIC_BASE_URL": model_url, "AIBASIC_PHRASES": "off"}
        self._sessions: dict[tuple[str, int], Session] = {}
        self._loaded: set[str] = set()
        self._answer: str | None = None
        for database in DATABASES:
            server.sql("postgres", f"CREATE DATABASE {database}_of_cases")

    def close(self) -> None:
        """End the sessions and drop the databases."""
        for session in self._sessions.values():
            session.close()
        for database in DATABASES:
            self._server.sql("postgres", f"DROP DATABASE {database}_of_cases WITH (FORCE)")

    def failed_checks(self, case: Case, parallel: int = 1) -> list[str]:
        """Run the cells of a case; returns the lines of its check that do not hold then."""
        with self.prepared(case, parallel) as session:
            names = {**_outcome(session, case), **outcomes.helpers()}
            return [line for line in case.check if not eval(line, names)]

    @contextlib.contextmanager
    def prepared(self, case: Case, parallel: int = 1) -> Iterator[Session]:
        """The case's session as if it were new, in a working folder with nothing but the case's files."""
        folder = self._folder / (case.database or "none")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, text in case.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        if case.database:
            (folder / "aibasic.conf").write_text(self._server.conf(DATABASE=f"{case.database}_of_cases"))
            if case.database not in self._loaded:
                self._load(case.database)
        with _working_folder(folder):
            key = case.database, parallel
            if key not in self._sessions:
                environ = {**self._environ, "AIBASIC_PARALLEL": str(parallel)}
                self._sessions[key] = Session({}, environ, ask=lambda question: self._answer)
            # Who means to change rows says so when asked; nothing else is to be asked about.
            self._answer = "yes" if case.changes_rows else None
            session = self._sessions[key]
            _forget(session)
            yield session
        if case.changes_rows:
            self._loaded.discard(case.database)

    def _load(self, database: str) -> None:
        """Make the database's tables anew."""
        made = definitions(AIRLINES, AIRPORTS, PLANES, FLIGHTS) if database == "flights" else ""
        rows = (FOLDER / "databases" / f"{database}.sql").read_text(encoding="utf-8")
        empty = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
        self._server.sql(f"{database}_of_cases", f"SET client_min_messages = error; {empty} {made} {rows}")
        self._loaded.add(database)


def tokens(text: str) -> int:
    """About how many tokens a text is: a token has four characters."""
    return len(text) // 4


def definitions(*tables: DemoTable) -> str:
    """The statements that make demo tables, with their keys and comments, and no rows."""
    statements = []
    for table in tables:
        columns = ", ".join(f"{name} {kind}" for name, kind, _ in table.definitions())
        statements.append(f"CREATE TABLE {table.name} ({columns})")
        statements += [f"ALTER TABLE {table.name} ADD {key}" for key in table.keys]
        statements.append(f"COMMENT ON TABLE {table.name} IS {_literal(table.comment)}")
        for name, _, comment in table.definitions():
            statements.append(f"COMMENT ON COLUMN {table.name}.{name} IS {_literal(comment)}")
    return "".join(f"{statement};\n" for statement in statements)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@contextlib.contextmanager
def _working_folder(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _forget(session: Session) -> None:
    """Leave nothing of an earlier case but the connections."""
    import matplotlib.pyplot as plt

    plt.close("all")
    for name in list(session.scope().names):
        session.names.pop(name, None)
    session.names.pop("last_output", None)
    session.last_output = None


def _outcome(session: Session, case: Case) -> dict[str, Any]:
    """The user's names after the case, and `it` (the newest result), `printed`, and what a line was `refused` with."""
    printed = io.StringIO()
    refused = ""
    with contextlib.redirect_stdout(printed):
        for cell in case.cells:
            try:
                run(session, cell)
            except LineError as failed:
                if not isinstance(failed.error, ReplyError):
                    raise
                refused = str(failed.error)
    newest = session.names.get("last_output")
    return {**session.names, "it": newest, "printed": printed.getvalue(), "refused": refused}
