"""Which phrases fit with which services and names, which one wins, and which are nearest."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from aibasic.modules.phrases import Phrase
from aibasic.modules.schema import Table
from hypothesis import given, settings
from hypothesis import strategies as st

from aibasic_kernel.compiler.phrasing.form import parse_form
from aibasic_kernel.compiler.phrasing.match import match, nearest, phrases_for
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.task_types import TaskType, task_types
from tests.compiler.phrased import NAMES, USERS, python
from tests.compiler.scopes import CUSTOMERS, FakeService, make_scope


def test_into_names_the_result() -> None:
    found = match("query customers into people", "postgres", make_scope(), task_types())
    assert found is not None
    assert (found.result, found.python) == ("people", 'people = pg.execute_query("SELECT * FROM customers")')


def test_a_named_instance_is_another_variable() -> None:
    services = {
        "postgres": FakeService(known={"customers": CUSTOMERS}),
        "postgres:warehouse": FakeService("postgres:warehouse", "pg_warehouse", {"users": USERS}),
    }
    scope = Scope({}, services=services)
    made = python("query users", "postgres:warehouse", scope)
    assert made == 'results = pg_warehouse.execute_query("SELECT * FROM users")'
    assert python("query users", "postgres", scope) is None
    assert python("query users", "postgresql:warehouse", scope) is not None
    assert python("query customers", "", scope) == 'results = pg.execute_query("SELECT * FROM customers")'


def test_a_service_is_not_asked_for_what_is_at_hand() -> None:
    scope = make_scope({"customers": [1, 2]})
    assert python("show customers", "", scope) == "customers"
    assert python("show customers from postgres", "", scope) == 'results = pg.execute_query("SELECT * FROM customers")'
    service = scope.services["postgres"]
    assert isinstance(service, FakeService)
    assert service.asked == 1


class _Unreachable(FakeService):
    def tables(self) -> Mapping[str, Table]:
        raise RuntimeError("connection refused")


def test_a_service_that_does_not_answer_fails_only_the_lines_that_name_it() -> None:
    scope = Scope({}, services={"postgres": _Unreachable()})
    assert python("query customers", "", scope) is None
    assert python("begin transaction", "postgres", scope) == "pg.begin()"
    for sentence, section in (("query customers", "postgres"), ("query customers from postgres", "")):
        with pytest.raises(RuntimeError, match="connection refused"):
            python(sentence, section, scope)


def test_without_a_service_its_phrases_do_not_fit() -> None:
    assert python("query customers", "postgres", Scope({})) is None


def _type(*phrases: Phrase, name: str = "df") -> TaskType:
    made = TaskType(name, f"{len(phrases)} phrases")
    made.__dict__["phrases"] = phrases
    return made


_KEYED = Phrase("put {data:json} under [key] {key:label}", "put({key}, {data})", "put [1] under x", "")


@pytest.mark.parametrize(
    ("sentence", "made"),
    [
        ('put {"name": "Bob", "age": 30} under user:123', 'put("user:123", {"name": "Bob", "age": 30})'),
        ("put [x, 2] under key events.*.new", 'put("events.*.new", [x, 2])'),
        ('put {"done": true, "by": null} under page_views.', """put("page_views", {'done': True, 'by': None})"""),
        ('put counts under "two words"', 'put("two words", counts)'),
        ("put names under who", "put(who, names)"),
        ("put [] under x", 'put("x", [])'),
        ("put [] under 7", 'put("7", [])'),
        ("put [] under two words", None),
        ('put [] under ""', None),
        ("put [] under say(hello)", None),
        ("put {1, 2} under x", None),
        ("put {nobody} under x", None),
        ("put [nobody] under x", None),
        ("put title under x", None),
        ("put everything under x", None),
    ],
)
def test_names_of_the_service_and_data_are_written_as_they_are(sentence: str, made: str | None) -> None:
    found = match(sentence, "", make_scope(NAMES, None), {"df": _type(_KEYED), "other": _type(name="other")})
    assert (found.python if found else None) == made


def test_more_fixed_words_win_and_a_tie_with_other_python_fits_nothing() -> None:
    loose = Phrase("show {x:name}", "{x}", "show x", "")
    fixed = Phrase("show (x|y)", "print({sentence})", "show x", "")
    other = Phrase("show (x|z)", "z", "show x", "")
    scope = make_scope(NAMES, None)
    types = {"df": _type(loose, fixed), "other": _type(name="other")}
    found = match("show x", "", scope, types)
    assert found is not None
    assert found.phrase is fixed
    types["df"] = _type(loose, fixed, other)
    assert match("show x", "", scope, types) is None


def test_an_import_never_takes_the_place_of_a_users_variable() -> None:
    assert python("save names to names.json", "json", make_scope(NAMES, None)) is not None
    assert python("save names to names.json", "json", make_scope({**NAMES, "json": "mine"}, None)) is None


def test_names_that_later_lines_need_are_not_assigned_to() -> None:
    assert python("set sum to 5", "") is None
    assert python("set pg to 5", "") is None
    assert python("set class to 5", "") is None
    assert python("set total to 5", "") == "total = 5"


@pytest.mark.parametrize("said", ["it", "them", "results", "the results", "the data", "Rows"])
def test_pronouns_mean_the_newest_result(said: str) -> None:
    from aibasic.modules.results import Rows

    scope = Scope({"answer": Rows([(1,)], ("id",))}, "answer")
    found = match(f"convert {said} to dataframe", "df", scope, task_types())
    assert found is not None
    assert dict(found.meant) == {said.removeprefix("the "): "answer"}
    assert "pd.DataFrame(answer, columns=answer.columns)" in found.python


def test_a_pronoun_without_a_fitting_result_does_not_fit() -> None:
    assert python("convert it to dataframe", "df", Scope({"x": 5}, "x")) is None
    assert python("save dataframe to out.csv", "csv", Scope({"x": 5}, "x")) is None


def test_the_nearest_phrases_begin_alike() -> None:
    found = nearest("query every customer from postgres with age over 25", "postgres", make_scope())
    assert "query all customers from postgres where age > 25" in [phrase.example for phrase in found]
    assert len(nearest("", "", make_scope(), n=5)) == 5


def test_the_nearest_phrases_are_of_what_is_configured_each_once() -> None:
    without_service = {phrase for each in task_types().values() if each.module is None for phrase in each.phrases}
    everything = nearest("commit", "", Scope({}), n=1000)
    assert set(everything) <= without_service
    assert len({phrase.example for phrase in everything}) == len(everything)
    assert "commit" in [phrase.example for phrase in nearest("commit", "", make_scope())]


def test_phrases_are_found_by_other_words_too() -> None:
    assert phrases_for("PostgreSQL") == phrases_for("postgres") != ()
    assert phrases_for("nosuch") == phrases_for("mongodb") == ()


@pytest.mark.parametrize("form", ["a (b", "a [b", "a] b", "a {b}", "{a}", "(a|b] c"])
def test_a_broken_form_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match="form"):
        parse_form(form)


VOCABULARY = """
query show all the customers from postgres where age > 25 and or not is ( ) ' " ; -- , = in between set x to print
order by insert into users values select * execute delete update first ten { } % \\ [ ] $$ null it . a.b é
"""


WORDS = st.sampled_from([*VOCABULARY.split(), "\0"])


SENTENCES = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=14).map(" ".join))


@settings(max_examples=150, deadline=None)
@given(SENTENCES, st.sampled_from(["", "postgres", "df"]))
def test_no_text_makes_the_matcher_raise(text: str, section: str) -> None:
    made = python(text, section)
    python(f"whether {text}", "", make_scope(NAMES, None))
    if made is not None:
        compile(made, "<phrase>", "exec")
