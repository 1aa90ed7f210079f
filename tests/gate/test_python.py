"""What Python does, in words; what it is put together of; programs and files; SQL made from variables."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from aibasic.modules.effects import Kind
from hypothesis import given, settings
from hypothesis import strategies as st

from aibasic_kernel.compiler.gate import judge_program, judge_python, unparameterised
from aibasic_kernel.compiler.task_types import task_types

MODULES = {task.module_class.variable: task.module_class for task in task_types().values() if task.module_class}
WORDS = {
    'pg.execute_query("DELETE FROM " + "orders")': "deletes all rows of orders",
    'pg.execute_query(f"DROP TABLE {name}")': "drops the table {name}",
    'pg.execute_query(f"TRUNCATE {parts[0]}_old")': "deletes all rows of {parts[0]}_old",
    'kafka.delete_topic(topic="events")': "deletes topic events with all its messages",
    'kafka.reset_group("billing")': "resets group billing to beginning",
    "rmq.purge_queue(queue)": "deletes all messages of queue …",
    'os_client.client.indices.delete(index=["a", "b"])': "deletes index a, b with all its documents",
    'import os\nos.remove("a.csv")': "removes the file a.csv",
    "import os\nos.remove(path)": "removes a file",
    'import pathlib\n(pathlib.Path("data") / "a.csv").unlink()': "removes the file data/a.csv",
    'import subprocess\nsubprocess.run(["make", target])': "runs the program make …",
    'eval("__import__(\'shutil\').rmtree(\'data\')")': "removes the folder data",
    "exec(code)": "runs code that is only known as it runs (exec)",
    'df.to_sql("orders", engine, if_exists="replace")':
        "drops the table orders, if there is one, and creates it anew",
}  # fmt: skip
GROWING = (
    "'a' * 1000000000", 'f"{1:>999999999}"', "'%999999999d' % 3", "'%*d' % (999999999, 3)", "'{:999999999}'.format(1)",
    "'{:{}}'.format(1, 999999999)", "'a'.ljust(1000000000)", "('a' * 90000) * 90000",
    "('a' * 90000).replace('a', 'b' * 90000)", "''.join(chr(c) for c in range(10 ** 9))",
)  # fmt: skip
LOOKING = (
    "ls -l",
    "cat a.txt | grep x | wc -l",
    ["git", "log", "-3"],
    ["echo", "a; b"],
    "python --version",
    "date +%F",
)
RUNNING = ("rm a", "ls; rm a", "cat a > b", "echo $(rm a)", ["sh", "-c", "rm a"], "git push", "git branch -D main",
           "sort -o a a", "find . -delete", "./ls-of-my-own --version", "env rm a", "date -s 12:00")  # fmt: skip
FROM_VARIABLES = (
    "pg.execute_query(f\"SELECT * FROM t WHERE name = '{name}'\")",
    'pg.execute_query("SELECT * FROM t WHERE name = " + name)',
    'pg.execute_query("SELECT * FROM t WHERE name = %s" % name)',
    'pg.execute_query("SELECT * FROM t WHERE name = {}".format(name))',
    'q = "SELECT * FROM t WHERE a = 1"\nq += f" AND b = {b}"\npg.execute_query(q)',
    'cur.execute(f"DELETE FROM t WHERE id IN ({ids})")',
    'pg.execute_query(f"SELECT count(*) FROM {table}")',
    'pd.read_sql(f"SELECT * FROM t WHERE a = {row[0]}", conn)',
)
WITH_PARAMETERS = (
    'pg.execute_query("SELECT * FROM t WHERE name = %s", (name,))',
    'for t in ("a", "b"):\n    pg.execute_query(f"SELECT count(*) FROM {t}")',
    'marks = ", ".join(["%s"] * len(ids))\npg.execute_query(f"SELECT * FROM t WHERE id IN ({marks})", ids)',
    'marks = ",".join("%s" for _ in ids)\npg.execute_query("SELECT * FROM t WHERE id IN (" + marks + ")", ids)',
    'pg.execute_query(f"SELECT * FROM t LIMIT {int(n)}")',
    'n = len(rows)\npg.execute_query("SELECT * FROM t LIMIT {}".format(n))',
    'q = "SELECT * FROM t"\nif name:\n    q += " WHERE a = %s"\npg.execute_query(q, (name,))',
    'print(f"SELECT {name}")',
    "df.query(f\"select == '{name}'\")",
)


def words(python: str) -> list[str]:
    return [consequence.words for consequence in judge_python(python, MODULES)]


@pytest.mark.parametrize(("python", "said"), WORDS.items())
def test_the_words_name_the_thing(python: str, said: str) -> None:
    assert words(python) == [said]


def test_a_section_is_named_where_the_code_or_the_caller_does() -> None:
    made = 'from aibasic.modules import RedisModule\nr = RedisModule.from_config("aibasic.conf", name="cache")\n'
    assert [one.section for one in judge_python(made + "r.flushdb()", MODULES)] == ["redis:cache"]
    given_ = judge_python('pg.execute_query("DROP TABLE t")', MODULES, {"pg": "postgres"})
    assert [(one.section, one.table) for one in given_] == [("postgres", "t")]


def test_python_that_does_not_parse_does_nothing() -> None:
    assert words("DROP TABLE orders") == []


def test_names_that_are_bound_to_one_another_take_no_time() -> None:
    names = [f"n{at}" for at in range(30)]
    python = "\n".join(f"{one} = {' + '.join(names)}" for one in names for _ in range(3))
    assert words(f"{python}\npg.execute_query(n0)") == []


@pytest.mark.parametrize("python", GROWING)
def test_what_would_grow_without_end_is_not_put_together(python: str) -> None:
    assert words(f"x = {python}\npg.execute_query('DROP TABLE t_' + x[:0])") == ["drops the table t_{x[:0]}"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 7), max_size=6), st.sampled_from(["+", "join", "f", "format", "%"]))
def test_a_text_in_any_pieces_is_the_same_text(sizes: list[int], way: str) -> None:
    text, pieces = "DROP TABLE orders", []
    for size in sizes:
        pieces.append(text[:size])
        text = text[size:]
    pieces.append(text)
    names = [f"p{at}" for at in range(len(pieces))]
    whole = {
        "+": " + ".join(map(repr, pieces)),
        "join": f"''.join({pieces!r})",
        "f": "f'" + "".join(f"{{{name}}}" for name in names) + "'",
        "format": f"{'{}' * len(pieces)!r}.format({', '.join(names)})",
        "%": f"{'%s' * len(pieces)!r} % ({', '.join(names)},)",
    }[way]
    bound = "\n".join(f"{name} = {piece!r}" for name, piece in zip(names, pieces, strict=True))
    assert words(f"{bound}\npg.execute_query({whole})") == ["drops the table orders"]


@pytest.mark.parametrize("command", LOOKING)
def test_programs_that_only_look_pass(command: str | list[str]) -> None:
    assert judge_program(command) is None


@pytest.mark.parametrize("command", RUNNING)
def test_other_programs_cannot_be_judged(command: str | list[str]) -> None:
    judged = judge_program(command)
    assert judged is not None
    assert judged.kind is Kind.STATEMENT


def test_files_of_the_working_folder_may_be_overwritten_and_others_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "kept.txt").write_text("kept")
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    Path("own.txt").write_text("own")
    assert words('open("own.txt", "w")') == []
    assert words('open("../kept.txt", "w")') == ["overwrites the file ../kept.txt"]
    assert words(f'open({str(tmp_path / "kept.txt")!r}, mode="r+b")') != []
    assert words('open("../kept.txt")') == []
    assert words('open("../kept.txt", "a")') == []
    assert words('open("../new.txt", "w")') == []
    assert words('import os\nopen(os.path.expanduser("~/.profile"), "a")') != []
    assert words(f"import os\nos.remove({str(tmp_path / 'temporary' / 'x')!r})") == []
    assert words('df.to_csv("../kept.txt")') == ["overwrites the file ../kept.txt"]


@pytest.mark.parametrize("python", FROM_VARIABLES)
def test_sql_of_variables_is_found(python: str) -> None:
    assert unparameterised(python) != ""


@pytest.mark.parametrize("python", WITH_PARAMETERS)
def test_sql_with_parameters_is_none_of_it(python: str) -> None:
    assert unparameterised(python) == ""


def test_what_should_become_a_parameter_is_named() -> None:
    assert unparameterised(FROM_VARIABLES[0]) == (
        "name is put into the SQL of execute_query() as text: write %s in its place and hand its value over beside it"
    )
    assert unparameterised(FROM_VARIABLES[6]).startswith("table stands in the SQL of execute_query() as the name of a")
