"""What fits a phrase, what does not, and the Python that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from aibasic.modules.phrases import Phrase
from aibasic.modules.schema import Column, Table
from hypothesis import given, settings
from hypothesis import strategies as st

from aibasic_kernel.compiler.phrasing.form import parse_form
from aibasic_kernel.compiler.phrasing.match import match, nearest, phrases_for
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.task_types import TaskType, task_types
from tests.compiler.scopes import CUSTOMERS, FakePostgres, FakeService, make_scope, table

NAMES = {
    "x": 7,
    "y": 2.5,
    "done": False,
    "names": ["Ann"],
    "title": "My cat",
    "nothing": None,
    "least": 18,
    "who": "100%",
    "counts": {"a": 1},
    "wage": Decimal("9.50"),
}
USERS = table("users", name="text", age="integer")


def python(sentence: str, section: str = "postgres", scope: Scope | None = None) -> str | None:
    found = match(sentence, section, scope or make_scope(NAMES, (CUSTOMERS, USERS)), task_types())
    return found.python if found is not None else None


@pytest.mark.parametrize(
    ("condition", "sql"),
    [
        ("age > 25", "age > 25"),
        ("age is greater than 25", "age > 25"),
        ("age is at least twenty", "age >= 20"),
        ("age is not less than 5", "age >= 5"),
        ("Age = 30", "age = 30"),
        ("country is 'Italy'", "country = 'Italy'"),
        ('country is "Italy"', "country = 'Italy'"),
        ('"country" = "Italy"', "country = 'Italy'"),
        ("country is not 'Italy'", "country <> 'Italy'"),
        ("name = 'O''Hara'", "name = 'O''Hara'"),
        ('name = "O\'Hara"', "name = 'O''Hara'"),
        ("name is null", "name IS NULL"),
        ("name is not missing", "name IS NOT NULL"),
        ("age between 1 and 5 and country = 'x'", "age BETWEEN 1 AND 5 AND country = 'x'"),
        ("age in (1, 2)", "age IN (1, 2)"),
        ("age is not one of (1, 2)", "NOT age IN (1, 2)"),
        ("name starts with 'A_'", r"name LIKE 'A\_%'"),
        ("name like 'A%'", "name LIKE 'A%'"),
        ("not (age > 5 or age < 2)", "NOT (age > 5 OR age < 2)"),
        ("(age + 1) * 2 > 5 and (name = 'a' or name = 'b')", "(age + 1) * 2 > 5 AND (name = 'a' OR name = 'b')"),
        ("lower(name) = 'ann'", "LOWER(name) = 'ann'"),
        ("age > 10 - -3", "age > 10 - -3"),
        ("placed = 2013-01-05", "placed >= '2013-01-05' AND placed < '2013-01-06'"),
        ("placed is not '2013-01-05'", "placed < '2013-01-05' OR placed >= '2013-01-06'"),
        ("age > 5 and placed is not 2013-12-31", "age > 5 AND (placed < '2013-12-31' OR placed >= '2014-01-01')"),
        ("placed after 2013-01-05", "placed >= '2013-01-06'"),
        ("placed <= 2013-01-05", "placed < '2013-01-06'"),
        ("placed is before 2013-01-05", "placed < '2013-01-05'"),
        ("placed at least 2013-01-05 10:30", "placed >= '2013-01-05 10:30:00'"),
        ("placed between 2013-01-01 and 2013-01-31", "placed >= '2013-01-01' AND placed < '2013-02-01'"),
        ("born = 2013-01-05", "born = '2013-01-05'"),
        ("born in (2013-01-05, 2013-01-06)", "born IN ('2013-01-05', '2013-01-06')"),
        ("born between 2013-01-01 and 2013-01-31", "born BETWEEN '2013-01-01' AND '2013-01-31'"),
        ("born < 2013-01-05 + 7", "born < DATE '2013-01-05' + 7"),
        ("name = 2013-01-05", "name = '2013-01-05'"),
        ("placed in the last 30 days", "placed >= CURRENT_DATE - 29 AND placed < CURRENT_DATE + 1"),
        ("born within the last week", "born >= CURRENT_DATE - 6 AND born < CURRENT_DATE + 1"),
        ("year of placed = 2013", "EXTRACT(YEAR FROM placed) = 2013"),
        ("placed = 'now'", "placed = 'now'"),
    ],
)
def test_conditions_become_sql(condition: str, sql: str) -> None:
    expected = f"SELECT * FROM customers WHERE {sql}"
    dated = type(CUSTOMERS)("customers", (*CUSTOMERS.columns, *table("", placed="timestamp", born="date").columns))
    made = python(f"query customers where {condition}", scope=make_scope(NAMES, (dated,)))
    assert made is not None
    namespace: dict[str, object] = {"pg": _Recorder()}
    exec(made, namespace)
    assert namespace["results"] == (expected, None)


class _Recorder:
    """Gives back what `execute_query` was called with."""

    def execute_query(self, query: str, params: object = None, fetch: bool = True) -> tuple[str, object]:
        return query, params


def test_variables_become_parameters_and_percent_signs_are_doubled_only_then() -> None:
    assert python("query customers where age > least and name <> '5%'") == (
        "results = pg.execute_query(\"SELECT * FROM customers WHERE age > %s AND name <> '5%%'\", (least,))"
    )
    assert python("query customers where name <> '5%'") == (
        "results = pg.execute_query(\"SELECT * FROM customers WHERE name <> '5%'\")"
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "query customers where country is Italy",
        "query customers where country is not Italy",
        "query customers where salary > 5",
        "query customers where age is 25 or 30",
        "query customers where age > 2013-01-05",
        "query customers where age = 2013-01",
        "query customers where age = 1/5/2013",
        "query customers where age = age",
        "query customers in the last 30 days",
        "query customers; drop table customers;",
        "show the last 5 customers",
        "save customers to customers.txt",
        "query customers where age",
        "query customers where age > 25 please",
        "query customers where age > ",
        "query customers where name = nothing_at_all",
        "query customers where age > names",
        "query customers where age > (select 5)",
        "query customers where pg_sleep(5) > 1",
        "query customers where age > 25; drop table customers",
        "query customers where name = 'x' -- and more",
        "query customers where name contains who",
        "query customers twice",
        "query suppliers",
        "query name and salary from customers",
        "query customers order by salary",
        "insert into postgres table users values ('Ann')",
        "insert into postgres table users values ('Ann', 30, 5)",
        "insert into users values (Ann, 30)",
        "insert into users values ('Ann', 30); drop table users",
        "update postgres table customers set age = 5",
        "update customers set salary = 5",
        "delete from customers where country is Italy",
        "execute postgres query SELECT * FROM orders WHERE total > 100 and then mail it",
        "execute postgres query SELECT 1; DROP TABLE customers",
        "execute postgres query SELECT 'abc",
        "execute postgres query",
        "select the best customers",
        "select salaries",
        "show me something nice",
    ],
)
def test_what_is_not_closed_does_not_fit(sentence: str) -> None:
    assert python(sentence) is None


def test_a_sentences_own_sql_runs_as_it_is_written() -> None:
    query = 'SELECT  name, 5 % 2 FROM customers -- "all"'
    made = python(f"execute postgres query {query}")
    assert made is not None
    namespace: dict[str, object] = {"pg": _Recorder()}
    exec(made, namespace)
    assert namespace["results"] == (query, None)


def test_a_row_leaves_a_primary_key_to_itself() -> None:
    keyed = table("people", id="integer", name="text", age="integer")
    keyed = type(keyed)(keyed.name, keyed.columns, primary_key=("id",))
    scope = make_scope(NAMES, (keyed,))
    assert python("insert into table people values ('Ann', 30)", scope=scope) == (
        "pg.execute_query(\"INSERT INTO people (name, age) VALUES ('Ann', 30)\", fetch=False)"
    )
    assert python("insert into table people values (1, 'Ann', 30)", scope=scope) == (
        "pg.execute_query(\"INSERT INTO people VALUES (1, 'Ann', 30)\", fetch=False)"
    )


def test_a_column_compared_with_its_own_name_means_the_variable() -> None:
    scope = make_scope({"name": "Ann", "age": 3})
    assert python("query customers where name = name and age > age", scope=scope) == (
        'results = pg.execute_query("SELECT * FROM customers WHERE name = %s AND age > %s", (name, age))'
    )
    assert python("update customers set name = name where age = 5", scope=scope) == (
        'pg.execute_query("UPDATE customers SET name = %s WHERE age = 5", (name,), fetch=False)'
    )


@pytest.mark.parametrize(
    ("sentence", "dialect", "order"),
    [
        ("query customers order by age descending, name", "postgres", "age DESC NULLS LAST, name"),
        ("query customers order by age descending, name", "mysql", "age DESC, name IS NULL, name"),
        ("query keyed order by id descending", "postgres", "id DESC"),
        ("query keyed order by id", "mysql", "id"),
    ],
)
def test_null_comes_last_in_every_order(
    sentence: str, dialect: str, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakePostgres, "dialect", dialect)
    keyed = Table("keyed", (Column("id", "integer", "number", nullable=False),))
    made = python(sentence, scope=make_scope(NAMES, (CUSTOMERS, keyed)))
    assert made is not None
    assert f'ORDER BY {order}")' in made


def test_the_last_days_are_written_in_the_databases_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakePostgres, "dialect", "mysql")
    assert python("query orders in the last 2 days", scope=make_scope(NAMES)) == (
        'results = pg.execute_query("SELECT * FROM orders WHERE placed >= CURRENT_DATE - INTERVAL 1 DAY '
        'AND placed < CURRENT_DATE + INTERVAL 1 DAY")'
    )
    assert python("query orders where placed < 2013-01-05 + 7", scope=make_scope(NAMES)) is None


def test_a_look_at_the_tables_takes_no_name() -> None:
    for sentence in ("list tables", "describe table customers"):
        found = match(sentence, "postgres", make_scope(NAMES), task_types())
        assert found is not None
        assert found.python.startswith("pg.execute_query(")
        assert found.result == ""
        found = match(f"{sentence} into seen", "postgres", make_scope(NAMES), task_types())
        assert found is not None
        assert found.python.startswith("seen = pg.execute_query(")
        assert found.result == "seen"


@pytest.mark.parametrize(
    ("sentence", "without"),
    [
        ("query customers where age > 25;", "query customers where age > 25"),
        ("SELECT name FROM customers;", "SELECT name FROM customers"),
        ("execute query SELECT name FROM customers ;", "execute query SELECT name FROM customers"),
        ("delete from customers where age = 3;", "delete from customers where age = 3"),
    ],
)
def test_a_semicolon_may_end_what_a_service_is_told(sentence: str, without: str) -> None:
    assert python(sentence) == python(without) is not None
    assert python("show x;", "") is None


@pytest.mark.parametrize(
    ("sentence", "shows"),
    [
        ("execute statement CREATE TABLE t (id int)", False),
        ("DROP TABLE customers", False),
        ("TRUNCATE customers", False),
        ("execute statement DELETE FROM customers", True),
        ("WITH old AS (SELECT id FROM customers) DELETE FROM customers WHERE id IN (SELECT id FROM old)", True),
    ],
)
def test_only_what_changes_rows_shows_how_many(sentence: str, shows: bool) -> None:
    made = python(sentence)
    assert made is not None
    assert made.endswith("fetch=False)" if shows else "fetch=False);")


@pytest.mark.parametrize(
    ("sentence", "sql"),
    [
        ("what is the average age of customers", "SELECT AVG(age) FROM customers"),
        (
            "how many customers per country",
            "SELECT country, COUNT(*) AS count FROM customers GROUP BY country ORDER BY count DESC, country",
        ),
        ("top 5 customers by age", "SELECT * FROM customers ORDER BY age DESC NULLS LAST LIMIT 5"),
        ("show the last 5 orders by total", "SELECT * FROM orders ORDER BY total DESC NULLS LAST LIMIT 5"),
        (
            "query orders joined with customers on customers.id = orders.customer_id",
            "SELECT * FROM orders JOIN customers ON orders.customer_id = customers.id",
        ),
        (
            "query customers join orders on id = customer_id limit 3",
            "SELECT * FROM customers JOIN orders ON customers.id = orders.customer_id LIMIT 3",
        ),
        (
            "show orders in the last 30 days",
            "SELECT * FROM orders WHERE placed >= CURRENT_DATE - 29 AND placed < CURRENT_DATE + 1",
        ),
        (
            "count orders placed within the last 2 weeks",
            "SELECT COUNT(*) FROM orders WHERE placed >= CURRENT_DATE - 13 AND placed < CURRENT_DATE + 1",
        ),
    ],
)
def test_sentences_as_people_say_them(sentence: str, sql: str) -> None:
    for section in ("postgres", ""):
        made = python(sentence, section, make_scope(NAMES))
        assert made is not None, section
        assert f'"{sql}"' in made


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x is less than 5", "x < 5"),
        ("x >= 10", "x >= 10"),
        ("x equals y", "x == y"),
        ("x = 7", "x == 7"),
        ("not done", "not done"),
        ("done is false", "not done"),
        ("names is empty", "len(names) == 0"),
        ("names is not empty", "len(names) > 0"),
        ("nothing is null", "nothing is None"),
        ("title contains 'cat'", '"cat" in title'),
        ("title starts with 'My' and not done", 'title.startswith("My") and not done'),
        ("x is between 1 and y * 2", "1 <= x <= y * 2"),
        ("names[0] is 'Ann'", 'names[0] == "Ann"'),
        ("x is one of (1, 2)", "x in (1, 2)"),
        ("x is not one of (1, 2)", "x not in (1, 2)"),
        ("len(names) > 2", "len(names) > 2"),
        ("counts.get", "counts.get"),
        ("x is 5 or 7", None),
        ("z > 5", None),
        ("x > 2013-01-05", None),
        ("x > 5 jump", None),
        ("input", None),
        ("", None),
    ],
)
def test_conditions_become_python(text: str, expected: str | None) -> None:
    assert python(f"whether {text}", "", make_scope(NAMES, None)) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ('print "hello" and x', 'print("hello", x)'),
        ("print x * 2, title", "print(x * 2, title)"),
        ("let x = 5", "x = 5"),
        ("let z be x plus two", "z = x + 2"),
        ('set z to "C:\\new"', "z = 'C:\\\\new'"),
        ("set z to (x + 1) * 2 ** 3", "z = (x + 1) * 2 ** 3"),
        ("set z to -x", "z = -x"),
        ("set z to 007", "z = 7"),
        ("set z to 2013-11-15", "import datetime\n\nz = datetime.date(2013, 11, 15)"),
        ("set z to 2013-11-15 08:00", "import datetime\n\nz = datetime.datetime(2013, 11, 15, 8, 0)"),
        ("print 2013-01-05 and x", "import datetime\n\nprint(datetime.date(2013, 1, 5), x)"),
        ("set z to [2013-11-15]", None),
        ("set z to [11/15/2013]", None),
        ("set z to 2013-02-30", None),
        ("set z to 2013-11", None),
        ("set z to 2013 - 11", "z = 2013 - 11"),
        ("calculate wage * 1.5", 'import decimal\n\nresult = wage * decimal.Decimal("1.5")'),
        ("calculate wage * y", "import decimal\n\nresult = wage * decimal.Decimal(str(y))"),
        ("calculate wage * 2", "result = wage * 2"),
        ("set z to [1, 2, x]", "z = [1, 2, x]"),
        ("set z to unknown", None),
        ("print unknown", None),
        ('input "Name? ", z', 'z = input("Name? ")'),
        ("Add 5 to the x.", "x += 5"),
        ("add 5 to names", "names.append(5)"),
        ("add 5 to title", None),
        ("is x > 5", "x > 5"),
    ],
)
def test_the_basics(sentence: str, expected: str | None) -> None:
    assert python(sentence, "") == expected


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


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab'\"\\;-%$ \n{}()", max_size=20))
def test_text_in_quotes_stays_one_value_whatever_it_holds(text: str) -> None:
    sqlglot = pytest.importorskip("sqlglot")
    made = python('query customers where name = "' + text.replace('"', '""') + '"')
    assert made is not None
    namespace: dict[str, Any] = {"pg": _Recorder()}
    exec(made, namespace)
    (statement,) = sqlglot.parse(namespace["results"][0], read="postgres")
    assert statement.args["where"].this.expression.this == text
