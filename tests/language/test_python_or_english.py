"""Borderline texts: what is Python, what is English, what is something else.

The user has the variables of NAMES; the task types of TASKS exist; of the modules named here only `os`, `math` and
`collections` are installed.
"""

import pytest

from aibasic_kernel.language import parse
from aibasic_kernel.language.instruction import Instruction

NAMES = frozenset({"df", "x", "y", "data", "end", "rem"})
TASKS = frozenset({"postgres", "df", "csv", "text"})

BORDERLINE = [
    # what a person says
    ("data is empty", "Sentence"),
    ("raise prices", "Sentence"),
    ("import orders", "Sentence"),
    ("from orders import totals", "Sentence"),
    ("total: revenue", "Sentence"),
    ("print", "Sentence"),
    ("print x", "Sentence"),
    ("print -1", "Sentence"),
    ("print [x, y]", "Sentence"),
    ("input", "Sentence"),
    ('print "hello" and x', "Sentence"),
    ('load "sales.csv"', "Sentence"),
    ("1. load the data", "Sentence"),
    ("1) load the data", "Sentence"),
    ("10 - load the data", "Sentence"),
    ("don't panic (really)", "Sentence"),
    ("channel #general", "Sentence"),
    ("what is the total of sales?", "Sentence"),
    ("sales?", "Sentence"),
    ("query all customers where age > 25", "Sentence"),
    ("customers in italy", "Sentence"),
    ("not empty", "Sentence"),
    ("orders and customers", "Sentence"),
    ("orders, customers", "Sentence"),
    ("delete everything", "Sentence"),
    ("del everything", "Sentence"),
    ("assert correctness", "Sentence"),
    ("global warming", "Sentence"),
    ("await payment", "Sentence"),
    ("yield results", "Sentence"),
    ("return results", "Sentence"),
    ("let x = 5", "Sentence"),
    ("set x to 5", "Sentence"),
    ("x is the number of orders", "Sentence"),
    ("total = sum of the orders", "Sentence"),
    ("say hello to (everybody)", "Sentence"),
    ("list the orders", "Sentence"),
    ("context of the meeting", "Sentence"),
    ("help me with the data", "Sentence"),
    ("cost of the orders", "Sentence"),
    ("new", "Sentence"),
    ("for x in items:\n    print x", "Sentence"),
    ("do the following:\nload the file", "Sentence"),
    ("(df) x.head()", "Sentence"),
    ("(df) print(x)", "Sentence"),
    ("( Postgres : warehouse ) query the orders", "Sentence"),
    ("10 stock is 5", "Sentence"),
    ("10 x is 5", "Python"),
    # what a Python programmer writes
    ("df.head()", "Python"),
    ("dg.head()", "Python"),
    ("dg", "Sentence"),
    ("df", "Python"),
    ("x, y", "Python"),
    ("x is None", "Python"),
    ("x in data", "Python"),
    ("x and y", "Python"),
    ("not x", "Python"),
    ("not isinstance(x, str)", "Python"),
    ("x: y", "Python"),
    ("x: int = 5", "Python"),
    ("del x", "Python"),
    ("assert x", "Python"),
    ("raise ValueError", "Python"),
    ('raise RuntimeError("no")', "Python"),
    ("2 + 2", "Python"),
    ("-1", "Python"),
    ("3.5", "Python"),
    ("1000000", "Python"),
    ("0", "Python"),
    ('"text"', "Python"),
    ("None", "Python"),
    ("[1, 2, 3]", "Python"),
    ('{"a": 1}', "Python"),
    ("print(x)", "Python"),
    ("next(x)", "Python"),
    ("help(df)", "Python"),
    ("x = 5 # comment", "Python"),
    ("missing = other", "Python"),
    ("price * quantity", "Python"),
    ("age > 25", "Python"),
    ("orders[0]", "Python"),
    ("import os", "Python"),
    ("import os, math", "Python"),
    ("import os, orders", "Sentence"),
    ("from collections import Counter", "Python"),
    ("await foo()", "Python"),
    ("pass", "Python"),
    ("lambda: 1", "Python"),
    ("f'{x}'", "Python"),
    ("(df).head()", "Python"),
    ("(x) * 2", "Python"),
    ("(x)", "Python"),
    ("try:\n    x = 1\nexcept ValueError:\n    pass", "Python"),
    ("@cache\ndef f(a):\n    return a", "Python"),
    ("class A:\n    pass", "Python"),
    ("for x in items:\n    print(x)", "Python"),
    ("while x > 3:\n    x -= 1", "Python"),
    ("if x > 3: print(x)", "Python"),
    ("with open('f') as f:\n    f.read()", "Python"),
    ('text = """a\n10 b\n"""', "Python"),
    ("values = [\n    1,\n    2,\n]", "Python"),
    ("x = \\\n    5", "Python"),
    ("10 x = 5", "Python"),
    ("10 print('(')", "Python"),
    ("10 x = [1,\n20      2]", "Python"),
    ("rem = 7", "Python"),
    ("rem", "Python"),
    ("end", "Python"),
    ("context", "Python"),
    ("last_output", "Python"),
    # what is neither
    ("42", "BareNumber"),
    ("10 end", "End"),
    ("next", "Next"),
    ("stop", "Stop"),
    ("return", "Return"),
    ("wend", "Wend"),
    ("while x > 3", "While"),
    ("for each x in data", "ForEach"),
    ("if x > 3 then 100", "If"),
    ("df?", "Magic"),
    ("df.head?", "Magic"),
    ("?df", "Magic"),
    ("%time x", "Magic"),
    ("!ls", "Magic"),
    ("files = !ls", "Magic"),
    ("LIST", "Command"),
    ("list", "Command"),
    ("CONTEXT", "Command"),
    ("help", "Command"),
    ("rem data is empty", "Remark"),
    ("# data", "Remark"),
    ("\\\f\\", "Remark"),
    ("#data", "Remark"),
    ("10 rem (unbalanced", "Remark"),
]  # fmt: skip


def read(text: str) -> tuple[Instruction, ...]:
    return parse(text, NAMES, lambda module: module in {"os", "math", "collections"}, TASKS)


@pytest.mark.parametrize(("text", "kind"), BORDERLINE, ids=[text for text, _ in BORDERLINE])
def test_a_text_is_one_instruction_of_its_kind(text: str, kind: str) -> None:
    assert [type(instruction).__name__ for instruction in read(text)] == [kind]


def kinds(text: str) -> list[tuple[str, str]]:
    return [(type(one).__name__, one.source) for one in read(text)]


def test_python_between_english_is_found_statement_by_statement() -> None:
    assert kinds("query the orders\nz = 1\n\n# a note\nz + 1\nraise prices\nz\n") == [
        ("Sentence", "query the orders\n"),
        ("Python", "z = 1\n\n# a note\nz + 1\n"),
        ("Sentence", "raise prices\n"),
        ("Python", "z\n"),
    ]


def test_a_name_exists_from_the_line_that_binds_it() -> None:
    text = "total\ntotal = 1\ntotal\nimport os as system\nsystem\nfor each order in data\norder\nnext\nlet z = 1\nz"
    assert [kind for kind, _ in kinds(text)] == [
        "Sentence", "Python", "ForEach", "Python", "Next", "Sentence", "Python"
    ]  # fmt: skip


def test_a_failed_else_clause_leaves_the_if_python() -> None:
    assert [kind for kind, _ in kinds("if x:\n    print(x)\nelse query the orders")] == ["Python", "Sentence"]


def test_indented_python_is_moved_to_the_margin() -> None:
    (python,) = read("    if x:\n        print(x)\n    print(y)\n")
    assert vars(python)["code"] == "if x:\n    print(x)\nprint(y)"


def test_code_of_a_numbered_line_has_no_number() -> None:
    (python,) = read("10 for a in x:\n       print(a)")
    assert python.number == 10
    assert vars(python)["code"] == "for a in x:\n       print(a)"


def test_the_default_asks_the_installation() -> None:
    assert type(parse("import json")[0]).__name__ == "Python"
    assert type(parse("import surely_not_installed")[0]).__name__ == "Sentence"
    assert type(parse("import __main__")[0]).__name__ == "Python"


def test_a_folder_of_data_is_no_module(tmp_path, monkeypatch) -> None:
    (tmp_path / "orders_of_today").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    assert type(parse("import orders_of_today")[0]).__name__ == "Sentence"
