"""How far a transfer is, as people read it."""

from __future__ import annotations

import pytest
from aibasic.modules.progress import Progress


@pytest.mark.parametrize(
    ("total", "done", "said"),
    [(None, 1, "1 message"), (1, 0, "0 of 1 message"), (10_000, 1, "1 of 10,000 messages"), (None, 0, "0 messages")],
)
def test_a_count_is_a_number_with_its_noun(total: int | None, done: int, said: str) -> None:
    progress = Progress("sending", total, "messages")
    progress.done = done
    assert str(progress) == said


def test_the_bar_counts_in_whole_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("sending", 100, "messages")
    progress.show()
    progress.close()
    assert "0/100" in (shown := capsys.readouterr().err)
    assert "0.00" not in shown
