"""How the engine asks the person at the keyboard."""

from __future__ import annotations

from typing import Protocol


class Asker(Protocol):
    """Puts a question to the user and waits for what is typed; each face brings its own."""

    def __call__(self, question: str) -> str | None:
        """The answer without blanks around it; None where nobody can be asked, which never counts as a yes.

        `question` is shown as it stands. Works while a line runs, on the thread that runs it; on any other thread, and
        where the front end takes no input, nobody can be asked. Raises KeyboardInterrupt where the user stops instead.
        """


def nobody(question: str) -> str | None:
    """The asker where there is no one: in a program, or under nbclient."""
    return None


def is_yes(answer: str | None) -> bool:
    """Whether an answer agrees: only `y` and `yes` do."""
    return answer is not None and answer.strip().lower() in ("y", "yes")
