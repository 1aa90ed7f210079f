"""Many statements as one: what is known of them once the connection fails."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from aibasic.modules.all_or_nothing import AllOrNothing, End


class Carrier:
    """A connection over which some statements fail, and which does not notice itself that it is gone."""

    in_transaction = False
    broken = False

    def __init__(self, fails: Collection[str]) -> None:
        self._fails = fails

    def send(self, statement: str) -> None:
        if statement in self._fails:
            raise ConnectionError(statement)

    def was_cancelled(self, error: Exception) -> bool:
        return False

    def end(self) -> None:
        raise AssertionError("nothing was cancelled")


@pytest.mark.parametrize(
    ("fails", "end"),
    [
        ((), End.KEPT),
        (("START TRANSACTION",), End.NOT_KEPT),
        (("COMMIT",), End.NOT_KEPT),
        (("COMMIT", "ROLLBACK"), End.UNKNOWN),
    ],
)
def test_a_commit_that_failed_is_undone_only_where_the_server_says_so(fails: Collection[str], end: End) -> None:
    block = AllOrNothing()
    try:
        block.run(Carrier(fails), lambda: 1)
    except ConnectionError:
        assert fails
    assert block.end is end


def test_work_that_fails_is_not_kept_whatever_becomes_of_the_undoing() -> None:
    block = AllOrNothing()
    with pytest.raises(ZeroDivisionError):
        block.run(Carrier(("ROLLBACK",)), lambda: 1 // 0)
    assert block.end is End.NOT_KEPT
