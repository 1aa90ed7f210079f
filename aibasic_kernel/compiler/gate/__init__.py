"""The judge: what code and statements would do, in words, before they do it. It asks nobody and runs nothing."""

from aibasic_kernel.compiler.gate.consequence import Consequence
from aibasic_kernel.compiler.gate.parameters import unparameterised
from aibasic_kernel.compiler.gate.programs import judge_program
from aibasic_kernel.compiler.gate.python import judge_python
from aibasic_kernel.compiler.gate.sql import judge_sql, temporary_tables
from aibasic_kernel.compiler.gate.statements import judge_statement

__all__ = [
    "Consequence",
    "judge_program",
    "judge_python",
    "judge_sql",
    "judge_statement",
    "temporary_tables",
    "unparameterised",
]
