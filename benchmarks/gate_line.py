"""How long the gate takes to judge a line before it runs, over the corpus of the tests.

    python benchmarks/gate_line.py

Prints milliseconds a line of Python, where no SQL of it was seen before and where all was, and an announced statement;
beside them what it takes to parse and compile the same Python, so that runs on different machines compare.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aibasic.modules.effects import Effect, Kind

from aibasic_kernel.compiler.gate import judge_python, judge_statement, sql, sql_rows
from aibasic_kernel.compiler.task_types import task_types
from benchmarks.report import in_turn, ratios, report, spread
from tests.gate.corpus import snippets

ROUNDS = 30


def main() -> None:
    modules = {task.module_class.variable: task.module_class for task in task_types().values() if task.module_class}
    code = [snippet.python for name in ("everyday", "harmful") for snippet in snippets(name)]
    lines = sum(python.count("\n") + 1 for python in code)
    statements = [Effect("postgres", "", Kind.STATEMENT, f"DELETE FROM orders WHERE id = {n}") for n in range(100)]

    def judge() -> None:
        for python in code:
            judge_python(python, modules)

    def judge_anew() -> None:
        sql.remembered.cache_clear()
        sql_rows.parsed.cache_clear()
        judge()

    def compile_all() -> None:
        for python in code:
            compile(python, "line", "exec")

    def announced() -> None:
        sql.remembered.cache_clear()
        sql_rows.parsed.cache_clear()
        for effect in statements:
            judge_statement(effect, "postgres")

    taken = in_turn({"anew": judge_anew, "again": judge, "compiled": compile_all, "announced": announced}, ROUNDS)
    floor = f"compile() {_each(taken['compiled'], lines)}"
    for name, what in (("anew", "gate per line, its SQL never seen"), ("again", "gate per line, its SQL seen before")):
        times = spread(ratios(taken[name], taken["compiled"]))
        report(what, f"{_each(taken[name], lines)}, {times} x compile()", "under 1 ms", floor)
    report("gate per announced DELETE, never seen", _each(taken["announced"], len(statements)), "under 1 ms")


def _each(seconds: list[float], count: int) -> str:
    return f"{statistics.median(seconds) / count * 1000:.2f} ms"


if __name__ == "__main__":
    main()
