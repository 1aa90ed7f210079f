"""What statements leave on a connection: what its end would take away, and whether the next user must not see it."""

from __future__ import annotations

from aibasic.modules.postgres import statements


class Left:
    """Learns from each statement that was carried out."""

    def __init__(self) -> None:
        self._named: frozenset[str] = frozenset()
        self.unknown = False
        """Whether code ran whose words do not tell what it left: a DO block, a procedure."""
        self.touched = False
        """Whether anything may be there that a new connection has not."""

    def note(self, statement: str, aborted: bool) -> None:
        """Take in a statement; in a transaction that it `aborted` it leaves nothing."""
        told = statements.facts(statement)
        self.unknown = self.unknown or told.runs_others
        self.touched = self.touched or told.touches_session or told.runs_others
        if not aborted:
            self._named = statements.lasting(statement, self._named)

    def names(self) -> list[str]:
        """`temporary table t`, `SET work_mem`, in order."""
        return sorted(self._named)

    def clear(self) -> None:
        """The connection is gone, or another one."""
        self._named, self.unknown, self.touched = frozenset(), False, False
