"""Stored procedures: several results, and arguments that come back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aibasic.modules.mysql import query
from aibasic.modules.results import Rows

if TYPE_CHECKING:
    from aibasic.modules.mysql.driver import Connection
    from aibasic.modules.mysql.session import Session


class ProcedureResults(Rows):
    """The rows of a procedure's first result. `results` are all of them, `args` the arguments as they came back."""

    def __init__(self, results: Sequence[Rows], args: tuple[Any, ...]) -> None:
        first = results[0] if results else Rows()
        super().__init__(first, first.columns)
        self.results = list(results)
        self.args = args


def call(session: Session, name: str, args: Sequence[Any], max_rows: int) -> ProcedureResults:
    """CALL a procedure with its arguments in session variables, which OUT and INOUT parameters can write to."""
    variables = [f"@aibasic_argument_{at}" for at in range(len(args))]
    assigned = f"SET {', '.join(f'{variable} = %s' for variable in variables)}" if args else ""

    def work(connection: Connection, statement: bytes) -> ProcedureResults:
        if assigned:
            connection.send(connection.finished(assigned, tuple(args)))
        found = query.all_results(connection, statement, max_rows, session.stopped)
        if not args:
            return ProcedureResults(found, ())
        back = query.all_results(connection, f"SELECT {', '.join(variables)}".encode(), 1, session.stopped)
        connection.send(f"SET {', '.join(f'{variable} = NULL' for variable in variables)}")
        return ProcedureResults(found, back[0][0])

    return session.run(f"CALL {name}({', '.join(variables)})", None, work, keeps=True)
