"""Code in a lock that the user has not agreed to: it is shown and asked about, and only a typed answer lets it run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.locks.format import encode, render
from aibasic_kernel.compiler.locks.review import PAGE, WIDTH, news
from aibasic_kernel.compiler.traces.trace import Trace
from aibasic_kernel.errors import AIBasicError, LockError
from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.messages import Listing
from aibasic_kernel.session.session import Session
from tests.session.driver import run


def compiled(sentence: str, python: str, author: str = "some-model") -> Compilation:
    return Compilation(sentence, "", python, "", ("model", author), Trace())


THREE = [compiled(f"mark the {word}", f"{word} = True") for word in ("first", "second", "third")]


class Person:
    """Somebody at the keyboard who types these answers, and nothing more."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, question: str) -> str | None:
        self.asked.append(question)
        return self.answers.pop(0) if self.answers else None


@pytest.fixture
def lock_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Iterable[Compilation]], Path]:
    """Puts a lock into the working folder that nobody has trusted."""
    monkeypatch.chdir(tmp_path)

    def write(entries: Iterable[Compilation]) -> Path:
        path = tmp_path / "aibasic.lock"
        path.write_text(render(map(encode, entries)))
        return path

    return write


Write = Callable[[Iterable[Compilation]], Path]


def session(*answers: str) -> Session:
    return Session({}, ask=Person(*answers))


def asked(of: Session) -> list[str]:
    assert isinstance(of.ask, Person)
    return of.ask.asked


def error_of(session: Session, text: str, shown: list[Any] | None = None) -> AIBasicError:
    """The error that a cell ends with, of which nothing was run."""
    with pytest.raises(LineError) as caught:
        run(session, text, shown)
    assert isinstance(caught.value.error, AIBasicError)
    return caught.value.error


def test_the_first_one_met_shows_all_that_is_new_and_asks_once(lock_of: Write) -> None:
    path = lock_of(THREE)
    one = session("all")
    shown = run(one, "mark the second\nmark the first")
    listing = shown[0]
    assert isinstance(listing, Listing)
    assert listing.title == f"3 entries in {path} are new to you"
    assert listing.text.splitlines()[:3] == ["mark the second", "  by model some-model", "  │ second = True"]
    assert {"  │ first = True", "  │ second = True", "  │ third = True"} <= set(listing.text.splitlines())
    assert asked(one) == ["Trust them? all 3 / this cell (2) / one by one / no: "]
    assert one.names["first"] and one.names["second"]
    later = session()
    run(later, "mark the third")
    assert later.names["third"]


def test_of_this_cell_is_what_its_sentences_say(lock_of: Write) -> None:
    lock_of(THREE)
    one = session("this cell")
    run(one, "mark the second\nmark the   first")
    error_of(one, "mark the third")
    assert "third" not in one.names


def test_one_by_one_takes_what_was_agreed_to(lock_of: Write) -> None:
    lock_of(THREE)
    one = session("one by one", "yes", "yep", "stop")
    shown: list[Any] = []
    run(one, "mark the second", shown)
    titles = [thing.title for thing in shown if isinstance(thing, Listing)]
    assert titles[1:] == ["1 of 3", "2 of 3", "3 of 3"]
    assert one.names["second"]
    assert len(one.compiler.lock.untrusted()) == 2


@pytest.mark.parametrize("answers", [["no"], [""], ["yes", "ja", "sure"], ["one by one", "n", "", "no"]])
def test_anything_else_is_a_no(lock_of: Write, answers: list[str]) -> None:
    lock_of(THREE)
    one = session(*answers)
    error = error_of(one, "mark the first\nmark the second")
    assert "you have not agreed" in error.message
    assert asked(one)[len(answers) :] == []
    assert not {"first", "second"} & one.names.keys()
    assert len(one.compiler.lock.untrusted()) == 3


def test_what_is_no_answer_is_said_before_it_is_asked_again(lock_of: Write) -> None:
    lock_of(THREE)
    one = session("y", "no")
    error_of(one, "mark the first")
    question = "Trust them? all 3 / this cell (1) / one by one / no: "
    assert asked(one) == [question, f"That is none of the answers. {question}"]


@pytest.mark.parametrize(("answer", "agreed"), [("all 3", 3), ("This cell (1)", 1)])
def test_an_answer_may_be_typed_as_the_question_has_it(lock_of: Write, answer: str, agreed: int) -> None:
    lock_of(THREE)
    one = session(answer)
    run(one, "mark the first")
    assert len(one.compiler.lock.untrusted()) == 3 - agreed


def test_a_no_counts_for_one_cell(lock_of: Write) -> None:
    lock_of(THREE)
    one = session("no", "all")
    error_of(one, "mark the first")
    run(one, "mark the first")
    assert one.names["first"]


def test_a_single_one_is_a_question_of_yes_or_no(lock_of: Write) -> None:
    lock_of(THREE[:1])
    one = session("yes")
    run(one, "mark the first")
    assert asked(one) == ["Trust it? yes / no: "]


def test_where_nobody_can_answer_it_is_refused_with_the_command_that_trusts(lock_of: Write) -> None:
    path = lock_of(THREE)
    error = error_of(session(), "before = 1\nmark the first")
    assert isinstance(error, LockError)
    assert f"{path} holds code for this line that you have neither compiled nor trusted" in error.message
    assert error.remedy == f"read it, then: aibasic trust {path}"


def test_one_character_changed_is_asked_about_again(lock_of: Write) -> None:
    path = lock_of(THREE)
    run(session("all"), "mark the first")
    run(session(), "mark the first")
    path.write_text(path.read_text().replace("first = True", "first = Trae"))
    one = session()
    shown: list[Any] = []
    error = error_of(one, "mark the first", shown)
    assert "neither compiled nor trusted" in error.message
    (listing,) = (thing for thing in shown if isinstance(thing, Listing))
    assert "changed by hand since, or damaged" in listing.text
    run(session(), "mark the second")


def test_what_a_reader_would_not_see_is_shown(lock_of: Write) -> None:
    hidden = f"x = 1{' ' * 300}; import os\ny = '\x1b[8m'\nz = '\u202e'"
    lock_of([compiled("say \x1b[2J hello\nworld", hidden)])
    found = news(session().compiler.lock)
    ((text, shown),) = found.pages()
    assert shown == 1
    assert all(line.isprintable() and len(line) <= WIDTH + 4 for line in text.split("\n"))
    assert "say \\x1b[2J hello\\nworld" in text
    assert "; import os" in text
    assert "y = '\\x1b[8m'" in text
    assert "\\u202e" in text


def test_what_the_code_does_is_told_and_the_worst_comes_first(lock_of: Write) -> None:
    lock_of(
        [
            *THREE,
            compiled("tidy up", "pg.execute_query('DELETE FROM orders')"),
            compiled("look around", "rows = pg.execute_query('SELECT * FROM orders')"),
            compiled("tidy up there", "pg_warehouse.execute_query('DROP TABLE old')"),
            compiled("do as told", "pg.execute_query('DO $$ BEGIN END $$')"),
            compiled("add one", "pg.execute_query('INSERT INTO orders VALUES (1)')"),
        ]
    )
    found = news(session().compiler.lock, [("mark the third", "")])
    assert found.title.endswith(": 2 may destroy something, 1 cannot be judged, 1 may write")
    order = [entry.compilation.sentence for entry in found.entries]
    assert order[0] == "mark the third"
    assert set(order[1:3]) == {"tidy up", "tidy up there"}
    assert order[3:5] == ["do as told", "add one"]
    ((text, _),) = found.pages()
    assert "by model some-model; deletes all rows of orders" in text


def test_a_long_lock_is_read_in_pages(lock_of: Write) -> None:
    entries = [compiled(f"count to {number}", "\n".join(["n = 0"] * 5)) for number in range(200)]
    entries.append(compiled("do it all", "\n".join(f"a{at} = {at}" for at in range(2 * PAGE))))
    lock_of(entries)
    one = session(*["more"] * 30)
    shown: list[Any] = []
    error_of(one, "count to 7", shown)
    pages = [thing.text for thing in shown if isinstance(thing, Listing)]
    assert max(len(page.split("\n")) for page in pages) <= PAGE
    assert pages[0].startswith("count to 7\n")
    every = "\n".join(pages).split("\n")
    assert sum(line == "  │ n = 0" for line in every) == 1000
    assert [line for line in every if line.startswith("  │ a")] == [f"  │ a{at} = {at}" for at in range(2 * PAGE)]
    assert asked(one)[0] == "Trust them? all 201 / this cell (1) / one by one / more (15 of 201 shown) / no: "


def test_the_command_asks_the_same_and_never_trusts_by_itself(lock_of: Write) -> None:
    path = lock_of(THREE)
    nobody = session()
    error = error_of(nobody, "TRUST\nmark the first")
    assert "a cell never trusts by itself" in error.message
    assert error.remedy.endswith(f"aibasic trust {path}")
    assert len(nobody.compiler.lock.untrusted()) == 3
    somebody = session("all")
    run(somebody, "TRUST")
    assert asked(somebody) == ["Trust them? all 3 / one by one / no: "]
    run(session(), "mark the first\nmark the second\nmark the third")
    assert "nothing new" in run(session(), "TRUST")[0].text


def test_a_line_asks_about_every_lock_that_is_named(lock_of: Write, tmp_path: Path) -> None:
    path = lock_of(THREE)
    path.rename(tmp_path / "class.lock")
    (tmp_path / "aibasic.conf").write_text("[aibasic]\nLOCK = own.lock, class.lock\n")
    one = session()
    error = error_of(one, "mark the first")
    assert error.remedy.endswith(f"aibasic trust {tmp_path / 'class.lock'}")
    run(session("all"), "mark the first")
    run(session(), "mark the third")
    assert not (tmp_path / "own.lock").exists()


def test_the_title_tells_what_was_edited_and_what_may_need_no_trust(lock_of: Write) -> None:
    phrase = Compilation("set x to 5", "", "x = 5", "x", ("phrase", "set x to 5"), Trace())
    path = lock_of([phrase, *THREE])
    path.write_text(path.read_text().replace("third = True", "third = False"))
    title = news(session().compiler.lock).title
    assert title.startswith(f"4 entries in {path} are new to you: 1 changed by hand, 1 by phrases, which run untrusted")


def test_what_phrases_gave_is_asked_about_only_where_they_give_something_else(lock_of: Write) -> None:
    same = Compilation("set x to 5", "", "x = 5", "x", ("phrase", "set x to 5"), Trace())
    other = Compilation("set y to 6", "", "y = 'not six'", "y", ("phrase", "set y to 6"), Trace())
    path = lock_of([same, other, *THREE])
    one = session("all", "yes")
    run(one, "set x to 5")
    assert asked(one) == []
    shown = run(one, "mark the first\nset x to 5")
    assert shown[0].title.startswith(f"3 entries in {path} are new to you: besides 2 by phrases, which run untrusted")
    shown = run(one, "set y to 6")
    assert "y = 'not six'" in shown[0].text
    assert [question.split("?")[0] for question in asked(one)] == ["Trust them", "Trust it"]
