"""When a compilation may run again: its trace holds for whatever would give the same code, and for nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pandas as pd
import pytest
from aibasic.modules import results
from hypothesis import given, settings
from hypothesis import strategies as st

from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.traces.observe import observe
from aibasic_kernel.compiler.traces.trace import Call, Trace, mismatch
from tests.compiler.scopes import CUSTOMERS, FakePostgres, FakeService, make_scope, table


class Rows(list[tuple[object, ...]]):
    columns: tuple[str, ...] = ("id", "age")


def people(**other: object) -> pd.DataFrame:
    return pd.DataFrame({"id": [1], "name": ["Ann"], "age": [30], **other})


def held_by(python: str, sentence: str, then: Scope, now: Scope) -> str | None:
    """Why the trace of `then` does not hold `now`, after it went through the lock's plain data."""
    trace = Trace.from_json(json.loads(json.dumps(observe(python, sentence, then).to_json())))
    assert mismatch(trace, then) is None
    return mismatch(trace, now)


def with_names(last_output: str | None = None, **names: object) -> Scope:
    return make_scope(names, last_output=last_output)


# Names


@pytest.mark.parametrize("again", [31, 2.5, 10**30])
def test_another_value_of_the_same_kind_changes_nothing(again: object) -> None:
    assert held_by("print(x + 1)", "print x + 1", with_names(x=1), with_names(x=again)) is None


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (with_names(x="1"), "x is text now, was number"),
        (with_names(x=None), "x is none now, was number"),
        (with_names(), "there is no x now"),
    ],
)
def test_another_kind_is_another_meaning(now: Scope, reason: str) -> None:
    assert held_by("print(x + 1)", "print x + 1", with_names(x=1), now) == reason


def test_names_that_the_code_sets_itself_do_not_matter() -> None:
    python = "import math\ntotal = 0\nfor n in [1, 2]:\n    total += n\nprint(math.floor(total))"
    trace = observe(python, "add 1 and 2", with_names(total="text", n="text", math=1))
    assert set(trace.names) <= {"n"}


def test_names_read_before_they_are_set_matter() -> None:
    assert set(observe("total = total + 1", "increase total", with_names(total=1)).names) == {"total"}
    assert set(observe("total += 1", "increase total", with_names(total=1)).names) == {"total"}
    assert set(observe("if flag:\n    y = 1\nprint(y)", "q", with_names(flag=True, y=1)).names) == {"flag", "y"}


def test_names_of_inner_scopes_are_not_the_namespaces() -> None:
    python = "def double(x):\n    y = x * k\n    return y\n[z for z in map(lambda w: double(w), data)]"
    scope = with_names(x=1, y=1, z=1, w=1, k=2, data=[1])
    assert set(observe(python, "q", scope).names) == {"k", "data"}


def test_a_function_is_told_by_its_parameters() -> None:
    def tax(amount: float, rate: float = 0.2) -> float:
        return amount * rate

    def duty(amount: float) -> float:
        return amount

    then, now = with_names(f=tax), with_names(f=duty)
    assert held_by("f(3)", "f of 3", then, now) == "f is function(amount) now, was function(amount, rate=)"


# Columns and keys


def test_a_column_that_the_code_does_not_name_changes_nothing() -> None:
    then, now = with_names(df=people()), with_names(df=people(email=["a@b"]).drop(columns="name"))
    assert held_by("df2 = df[df['age'] > 25]", "df older than 25", then, now) is None


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (people().drop(columns="age"), "df has no column age now"),
        (people().astype({"age": str}), "df.age is text now, was number"),
    ],
)
@pytest.mark.parametrize(
    "python", ["df[df['age'] > 25]", "df.sort_values(by=['age'])", "df.age.mean()", "df.query('age > 2')"]
)
def test_a_column_that_the_code_names_must_stay(python: str, frame: pd.DataFrame, reason: str) -> None:
    assert held_by(python, "q", with_names(df=people()), with_names(df=frame)) == reason


@pytest.mark.parametrize(
    "python",
    [
        "df.mean(numeric_only=True)",
        "df * 2",
        "draw(df)",
        "for column in df:\n    print(column)",
        "top = df.head(3)\ntop.sum()",
        "df.iloc[:, 0]",
        "df.merge(df)",
    ],
)
def test_a_frame_used_as_a_whole_is_held_by_all_its_columns(python: str) -> None:
    then, now = with_names(df=people(), draw=len), with_names(df=people(email=["a@b"]), draw=len)
    assert held_by(python, "q", then, now) == "df has a new column email now"


@pytest.mark.parametrize(
    "python",
    [
        "df.to_csv('people.csv', index=False)",
        "print(df.head(3))",
        "df",
        "n = len(df)",
        "both = pd.concat([df, df])",
        "df2 = df.drop_duplicates().sort_values('age')\ndf2",
        "df.groupby('name').size()",
        "df.merge(df, on='id')",
        "df.groupby('name').agg(oldest=('age', 'max'))",
        "df.plot(x='name', y='age')",
    ],
)
def test_showing_saving_and_choosing_go_on_with_one_column_more(python: str) -> None:
    then, now = with_names(df=people(), pd=pd), with_names(df=people(email=["a@b"]), pd=pd)
    assert held_by(python, "q", then, now) is None


def test_a_column_that_the_code_only_sets_may_be_missing() -> None:
    then = with_names(df=people(double=[60]))
    assert held_by("df['double'] = df['age'] * 2", "q", then, with_names(df=people())) is None


def test_rows_become_a_frame_whatever_they_hold_and_also_when_there_are_none() -> None:
    python = "df = pd.DataFrame(results, columns=results.columns)"
    then = with_names(results=results.Rows([(1, 2)], ["id", "age"]), pd=pd)
    for rows in (results.Rows((), ["id"]), results.Rows([(1, 2, "x")], ["id", "age", "email"])):
        assert held_by(python, "convert results to dataframe", then, with_names(results=rows, pd=pd)) is None


def test_rows_read_by_position_are_held_by_all_columns_in_order() -> None:
    class Turned(Rows):
        columns = ("age", "id")

    python = "for row in results:\n    print(row[0])"
    then, now = with_names(results=Rows([(1, 2)])), with_names(results=Turned([(1, 2)]))
    assert held_by(python, "print results", then, now) == "results has its columns in another order now"
    assert held_by(python, "print results", then, with_names(results=Rows())) is None


def test_a_dict_is_held_by_the_keys_that_the_code_names() -> None:
    python = "print(order['total'])"
    then = with_names(order={"total": 1, "id": 7})
    assert held_by(python, "q", then, with_names(order={"total": 2})) is None
    assert held_by(python, "q", then, with_names(order={"id": 7})) == "order has no key total now"
    assert held_by(python, "q", then, with_names(order={"total": "x"})) == "order.total is text now, was number"


# Words of the sentence


def test_a_word_that_becomes_a_variable_may_mean_it() -> None:
    reason = held_by("print(17)", "show totals", with_names(), with_names(totals=[1]))
    assert reason == "'totals' is a variable now"


@pytest.mark.parametrize("name", ["the", "print", "age", "customers", "hidden", "result", "query"])
def test_words_that_are_settled_may_become_variables(name: str) -> None:
    python = "result = pg.execute_query('SELECT * FROM customers WHERE age > 25')"
    sentence = 'query the people of "hidden" whose age is over 25 into result, as in customers.csv'
    then = with_names(pg=FakePostgres())
    assert held_by(python, sentence, then, with_names(pg=FakePostgres(), **{name: 1})) is None


def test_it_is_the_newest_result() -> None:
    names = {"results": Rows([(1, 2)]), "df": people()}
    then = make_scope(names, last_output="df")
    python = "df.to_csv('x.csv')"
    assert held_by(python, "save it to x.csv", then, make_scope(names, last_output="df")) is None
    reason = held_by(python, "save it to x.csv", then, make_scope(names, last_output="results"))
    assert reason == '"it" stands for results now, was df'


def test_the_value_of_last_output_is_the_newest_result() -> None:
    assert observe("print(last_output)", "print that", make_scope({"df": people()}, last_output="df")).it == "df"


def test_a_sentence_that_names_its_variable_does_not_look_at_the_newest_result() -> None:
    then = make_scope({"df": people()}, last_output="df")
    now = make_scope({"df": people()}, last_output="x")
    assert held_by("df.to_csv('x.csv')", "save df to x.csv", then, now) is None


# Services

QUERY = "results = pg.execute_query('SELECT * FROM customers WHERE age > %s', (25,))"


def with_customers(**columns: str) -> Scope:
    return make_scope(tables=[table("customers", **columns)])


def test_one_added_column_of_a_table_stops_nothing() -> None:
    now = with_customers(id="integer", age="integer", email="text", loyal="boolean")
    assert held_by(QUERY, "query customers", make_scope(tables=[CUSTOMERS]), now) is None


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"id": "integer"}, "customers has no column age now"),
        ({"age": "text"}, "customers.age is text now, was number"),
        (None, "postgres has no table customers now"),
    ],
)
def test_a_column_in_a_statement_must_stay(columns: dict[str, str] | None, reason: str) -> None:
    now = with_customers(**columns) if columns else make_scope(tables=[])
    assert held_by(QUERY, "query customers", make_scope(tables=[CUSTOMERS]), now) == reason


@pytest.mark.parametrize(
    "python",
    [
        "sql = 'SELECT age ' + 'FROM customers'\nrows = pg.execute_query(sql)",
        "t = 'customers'\nrows = pg.execute_query(f'SELECT age FROM {t}')",
        "conn = pg.get_connection()\ncursor = conn.cursor()\ncursor.execute('SELECT age FROM customers')",
        "from aibasic.modules import FakePostgres\npg = FakePostgres.from_config('aibasic.conf')\n"
        "rows = pg.execute_query(query='SELECT age FROM customers')",
        "FakePostgres.from_config().execute_query('SELECT age FROM customers')",
    ],
)
def test_statements_are_found_where_they_go_to_the_service(python: str) -> None:
    assert observe(python, "q", make_scope()).tables == {"postgres": {"customers": {"age": "number"}}}


@pytest.mark.parametrize(
    "python",
    [
        "t = input()\nrows = pg.execute_query(f'SELECT age FROM {t}')",
        "sql = 'SELECT 1'\nsql = 'SELECT age FROM customers'\npg.execute_query(sql)",
        "print('select age from customers')",
    ],
)
def test_what_cannot_be_told_is_not_claimed(python: str) -> None:
    assert observe(python, "q", make_scope()).tables == {}


def test_calls_hold_while_the_method_takes_them() -> None:
    class Older(FakePostgres):
        def execute_query(self, query: str) -> list[object]:  # type: ignore[override]
            return []

    class Newer(FakePostgres):
        def execute_query(self, query, params=None, fetch=True, *, timeout=None):  # type: ignore[no-untyped-def, override]
            return []

    trace = observe(QUERY, "query customers", make_scope())
    assert trace.calls == (Call("postgres", "pg", "execute_query", 2),)

    def now(module_class: type[FakePostgres]) -> Scope:
        service = FakeService(known={"customers": CUSTOMERS}, module_class=module_class)
        return Scope({}, services={"postgres": service})

    assert mismatch(trace, now(Newer)) is None
    assert mismatch(trace, now(Older)) == "Older.execute_query does not take these arguments now"


def test_the_service_must_be_there_under_the_same_name() -> None:
    trace = observe(QUERY, "query customers", make_scope())
    renamed = FakeService(known={"customers": CUSTOMERS}, variable="pg_aibasic")
    assert mismatch(trace, make_scope(tables=None)) == "[postgres] is not configured now"
    assert mismatch(trace, Scope({}, services={"postgres": renamed})) == "FakePostgres is pg_aibasic now, was pg"


def test_a_users_own_variable_of_a_modules_name_is_no_module() -> None:
    trace = observe("print(pg)", "print pg", with_names(pg=3))
    assert trace.calls == ()
    assert str(trace.names["pg"]) == "number"


def test_a_dead_server_does_not_empty_the_lock() -> None:
    class Dead(FakeService):
        def tables(self) -> Mapping[str, object]:  # type: ignore[override]
            raise RuntimeError("connection refused")

    trace = observe(QUERY, "query customers", make_scope())
    assert mismatch(trace, Scope({}, services={"postgres": Dead()})) is None


# As data


def test_no_value_is_in_a_trace() -> None:
    scope = with_names(df=people(), order={"total": 1234567}, secret="hunter2hunter2", limit=7654321)
    python = "print(df['name'], order['total'], secret, limit)"
    text = json.dumps(observe(python, "q", scope).to_json())
    for value in ("Ann", "1234567", "hunter2", "7654321"):
        assert value not in text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["names", "calls", "tables", "kind", "x"]), inner),
)


@settings(max_examples=40)
@given(JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(("names", "absent", "it", "tables", "calls"), JSON)))
def test_data_is_a_trace_or_refused(data: object) -> None:
    try:
        trace = Trace.from_json(data)
    except ValueError:
        return
    assert Trace.from_json(trace.to_json()) == trace
    mismatch(trace, make_scope())
