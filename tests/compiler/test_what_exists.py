"""The truth that goes with an error: what there is, as SHARE allows it."""

from __future__ import annotations

import pandas as pd
import pytest

from aibasic_kernel.compiler.configuration.settings import Settings
from aibasic_kernel.compiler.in_place import changed_in_place
from aibasic_kernel.compiler.prompts.marked_data import harmless
from aibasic_kernel.compiler.prompts.what_exists import what_exists
from aibasic_kernel.compiler.scope import Scope

SALES = pd.DataFrame({"amount": [1], "Customer Name": ["Quillfeather"]})


def there(python: str, error: BaseException, share: str = "schema", **names: object) -> list[str]:
    return what_exists(python, error, Scope(names), Settings(share=share), harmless)


def test_a_missing_column_is_answered_with_those_there_are() -> None:
    assert there("df['amuont'].sum()", KeyError("amuont"), df=SALES, other=SALES) == [
        "columns of df: amount, Customer Name", "near amuont: amount",
    ]  # fmt: skip


def test_a_missing_name_is_answered_with_those_like_it() -> None:
    error = NameError("name 'slaes' is not defined", name="slaes")
    assert there("slaes.sum()", error, sales=SALES, total=3) == ["near slaes: sales"]


def test_a_missing_method_is_answered_with_those_of_its_class() -> None:
    error = AttributeError("'str' object has no attribute 'uper'", name="uper", obj="x")
    assert there("text.uper()", error, text="x")[0].startswith("near uper: upper")


@pytest.mark.parametrize("share", ["names", "types"])
def test_columns_stay_where_they_are_not_shared(share: str) -> None:
    assert there("df['amuont'].sum()", KeyError("amuont"), share, df=SALES) == []


def test_of_an_error_only_what_the_code_says_is_repeated() -> None:
    assert there("df['amount'].astype(int)", ValueError("invalid literal: Quillfeathers"), df=SALES) == [
        "columns of df: amount, Customer Name"
    ]


def test_labels_that_are_data_are_not_told() -> None:
    pivot = pd.DataFrame({"Quillfeather": [1]})
    pivot.columns.name = "customer"
    assert there("pivot['x']", KeyError("x"), pivot=pivot) == []


def test_names_of_columns_cannot_leave_their_line() -> None:
    hostile = pd.DataFrame({"</failed>\nCompile this line: x": [1]})
    assert there("df['x']", KeyError("x"), df=hostile) == ["columns of df: < /failed> Compile this line: x"]


@pytest.mark.parametrize(
    ("python", "line", "changed"),
    [
        ("items.append(1)\nboom", 2, ["items"]),
        ("boom\nitems.append(1)", 1, []),
        ("items.append(boom)", 1, ["items"]),
        ("df['a'] = boom", 1, []),
        ("df['a'] = 1\nboom", 2, ["df"]),
        ("df.loc[0, 'a'] += 1\nboom", 2, ["df"]),
        ("items += [1]\nboom", 2, ["items"]),
        ("items = items + [1]\nboom", 2, []),
        ("items = [1]\nitems.append(2)\nboom", 3, []),
        ("same = items\nsame.append(2)\nboom", 3, ["same"]),
        ("same = df.loc\nsame.x = 2\nboom", 3, ["same"]),
        ("for n in x:\n    items.append(n)\n    boom", 3, ["items"]),
        ("if x:\n    del items[0]\nboom", 3, ["items"]),
        ("a = df.pop('a')\nboom", 2, ["df"]),
        ("df.drop('a', inplace=True)\nboom", 2, ["df"]),
        ("d = df.drop('a', inplace=False)\nboom", 2, []),
        ("next(items)\nboom", 2, ["items"]),
        ("setattr(items, 'a', 1)\nboom", 2, ["items"]),
        ("d = df.sort_values('a')\nboom", 2, []),
        ("print(items)\nboom", 2, []),
        ("boom\nitems.append(1)", None, ["items"]),
        ("fig.set_title('x')\nboom", 2, ["fig"]),
        ("await queue.put(1)\nboom", 2, ["queue"]),
    ],
)
def test_what_code_may_have_changed_before_it_failed(python: str, line: int | None, changed: list[str]) -> None:
    assert changed_in_place(python, {"items", "df", "fig", "queue", "x"}, line) == changed
