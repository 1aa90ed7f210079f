"""The conversation in which a person reads what is new in a lock and says what of it may run."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.locks.review import New, News
from aibasic_kernel.session.asking import Asker
from aibasic_kernel.session.messages import Listing

PATIENCE = 3
"""Answers that mean nothing before they count as a no."""

_ANSWERS = {
    "all": ("a", "all"),
    "cell": ("c", "cell", "this cell"),
    "one": ("o", "one", "one by one"),
    "more": ("m", "more"),
    "yes": ("y", "yes"),
    "stop": ("s", "stop"),
    "no": ("", "n", "no"),
}
_COUNT = re.compile(r" (\d+|\(.*\))$")
_MEANING = {answer: meaning for meaning, answers in _ANSWERS.items() for answer in answers}

Conversation = Generator[Listing, None, "list[Compilation] | None"]


def agreed(news: News, ask: Asker) -> Conversation:
    """Show what is new, page by page as it is wanted, and ask. Yields what is to be shown.

    Returns what the user agreed to; None where nobody can answer.
    """
    pages = news.pages()
    text, shown = next(pages)
    yield Listing(news.title, text, open=True)
    again = ""
    for _ in range(PATIENCE):
        while (answer := _answer(ask(again + _question(news, shown)))) == "more" and shown < len(news.entries):
            text, shown = next(pages)
            yield Listing(news.title, text, open=True)
        if answer is None:
            return None
        if answer == "all" or (answer == "yes" and len(news.entries) == 1):
            return _code(news.entries)
        if answer == "cell" and news.of_cell:
            return _code(news.entries[: news.of_cell])
        if answer == "one":
            return (yield from _one_by_one(news, ask))
        if answer == "no":
            return []
        again = "That is none of the answers. "
    return []


def _question(news: News, shown: int) -> str:
    count = len(news.entries)
    if count == 1:
        return "Trust it? yes / no: "
    answers = [f"all {count}"]
    if 0 < news.of_cell < count:
        answers.append(f"this cell ({news.of_cell})")
    answers.append("one by one")
    if shown < count:
        answers.append(f"more ({shown} of {count} shown)")
    return f"Trust them? {' / '.join(answers)} / no: "


def _one_by_one(news: News, ask: Asker) -> Conversation:
    found = []
    for number, entry in enumerate(news.entries, start=1):
        title = f"{number} of {len(news.entries)}"
        yield Listing(title, "\n".join(entry.lines()), open=True)
        answer = _answer(ask(f"Trust {title}? yes / no / stop: "))
        if answer is None:
            return None
        if answer == "stop":
            break
        if answer == "yes":
            found.append(entry.compilation)
    return found


def _code(entries: Iterable[New]) -> list[Compilation]:
    return [entry.compilation for entry in entries]


def _answer(typed: str | None) -> str | None:
    """What an answer means, with or without the count that stands behind it in the question; "?" for nothing."""
    return None if typed is None else _MEANING.get(_COUNT.sub("", typed.strip().lower()), "?")
