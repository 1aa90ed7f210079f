"""A line that nothing serves while no model may be asked: which name or table no longer fits, and what would help."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.compiler import Compiler
from aibasic_kernel.compiler.configuration.settings import Settings
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.traces.observe import observe
from aibasic_kernel.errors import CompileError
from aibasic_kernel.language import parse
from aibasic_kernel.language.instruction import Sentence
from tests.compiler.scopes import CUSTOMERS, make_scope, table

SALES = pd.DataFrame({"city": ["Rome"], "amount": [9.5]})
SUM = "add up what was sold by town", "total = sales.groupby('city')['amount'].sum()"
BEST = (
    "(postgres) who bought the most lately",
    (
        "best = pg.execute_query('SELECT name, sum(total) FROM customers JOIN orders ON customer_id = customers.id "
        "GROUP BY name')"
    ),
)


@pytest.fixture
def frozen(tmp_path: Path) -> Compiler:
    """A compiler that may ask nobody, with the code of two lines in its lock."""
    compiler = Compiler(Settings(frozen=True), (), tmp_path, {"AIBASIC_DATA_DIR": str(tmp_path / "data")})
    for line, python in (SUM, BEST):
        said = sentence(line)
        trace = observe(python, said.text, make_scope({"sales": SALES}))
        compiler.lock.add(Compilation(said.text, said.section, python, "", ("model", "some-model"), trace))
    return compiler


def sentence(line: str) -> Sentence:
    (found,) = parse(line)
    assert isinstance(found, Sentence)
    return found


def error_of(compiler: Compiler, line: str, scope: Scope) -> CompileError:
    assert compiler.serve(sentence(line), scope) is None
    with pytest.raises(CompileError) as caught:
        compiler.question(sentence(line), scope)
    return caught.value


def test_what_the_lock_has_runs_while_it_fits(frozen: Compiler) -> None:
    for line, python in (SUM, BEST):
        served = frozen.serve(sentence(line), make_scope({"sales": SALES}))
        assert served is not None
        assert served.compilation.python == python


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ({"sales": SALES.rename(columns={"amount": "sum"})}, "sales has no column amount now"),
        ({"sales": SALES.assign(amount="many")}, "sales.amount is text now, was number"),
        ({"sales": 3}, "sales is number now, was frame"),
        ({"others": SALES}, "there is no sales now"),
    ],
)
def test_it_says_which_name_no_longer_matches(frozen: Compiler, names: dict[str, object], reason: str) -> None:
    error = error_of(frozen, SUM[0], make_scope(names))
    assert error.message == f"frozen: what the lock has for this line does not fit any more ({reason})"
    assert "without FROZEN" in error.remedy


@pytest.mark.parametrize(
    ("tables", "reason"),
    [
        ([CUSTOMERS], "postgres has no table orders now"),
        ([CUSTOMERS, table("orders", customer_id="integer", sum="numeric")], "orders has no column total now"),
        ([CUSTOMERS, table("orders", customer_id="integer", total="text")], "orders.total is text now, was number"),
    ],
)
def test_it_says_which_table_no_longer_matches(frozen: Compiler, tables: list[object], reason: str) -> None:
    error = error_of(frozen, BEST[0], make_scope(tables=tables))  # type: ignore[arg-type]
    assert error.message.endswith(f"does not fit any more ({reason})")


def test_a_line_that_the_lock_never_had_is_told_apart(frozen: Compiler) -> None:
    error = error_of(frozen, "(df) do what was never done", make_scope())
    assert error.message == "frozen: neither the lock nor a phrase serves this line"
    assert "phrases that come nearest" in error.remedy


def test_a_program_that_was_copied_without_its_lock_is_told_so(frozen: Compiler) -> None:
    path = frozen.lock.path
    assert path is not None
    path.unlink()
    assert f"(there is no {path})" in error_of(frozen, "(df) do what was never done", make_scope()).message


def test_a_service_that_is_not_configured_is_told_first(
    frozen: Compiler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    scope = replace(make_scope(), services={})
    best = sentence(BEST[0])
    said = replace(best, task="")
    trace = observe(BEST[1], said.text, make_scope())
    frozen.lock.add(Compilation(said.text, "", BEST[1], "", ("model", "some-model"), trace))
    told = error_of(frozen, said.text, scope).message
    where = f"there is no aibasic.conf in {tmp_path} or a folder above it"
    assert told.startswith(f"[postgres] is not configured: {where}\nfrozen: ")
    assert f"no service is configured: {where}" in error_of(frozen, "do what was never done", scope).message
    with pytest.raises(KeyError, match=rf"Missing \[postgres\] section in aibasic.conf: no such file in {tmp_path}"):
        frozen.serve(best, scope)
    conf = tmp_path / "aibasic.conf"
    conf.write_text("[redis]\nHOST = 127.0.0.1\n")
    assert error_of(frozen, said.text, scope).message.startswith(f"[postgres] is not configured: {conf} has no such")


def test_only_the_service_that_is_meant_is_blamed(frozen: Compiler) -> None:
    class Dead:
        section, variable, module_class = "postgres", "pg", make_scope().services["postgres"].module_class

        def tables(self) -> None:
            raise RuntimeError("it is down\nand more")

    services = {"postgres": Dead(), "mysql": make_scope().services["postgres"]}
    scope = replace(make_scope(), services=services)  # type: ignore[arg-type]
    told = error_of(frozen, "(postgres) do what was never done", scope).message
    assert told.endswith("([postgres] cannot be used: it is down)")
    assert "it is down" not in error_of(frozen, "(df) do what was never done", scope).message


@pytest.mark.parametrize("line", ['if i = 7 then print "seven"', "if i = 7 then let total = 1", "IF i = 7, THEN end"])
def test_an_if_with_a_sentence_is_told_of_line_numbers(tmp_path: Path, line: str) -> None:
    compiler = Compiler(Settings(phrases="only"), (), tmp_path, {})
    error = error_of(compiler, line, make_scope({"i": 7}))
    assert error.remedy == "if ... then takes a line number; write: if CONDITION then N, with the work at line N"


def test_a_call_behind_then_is_stepped_around(tmp_path: Path) -> None:
    compiler = Compiler(Settings(phrases="only"), (), tmp_path, {})
    error = error_of(compiler, "if i > 1 then gosub 100", make_scope({"i": 7}))
    assert "write: if not (i > 1) then N, in front of gosub 100" in error.remedy
