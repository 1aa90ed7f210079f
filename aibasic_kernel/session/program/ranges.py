"""The line numbers that a command names."""

from __future__ import annotations

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.session.program.memory import Program, ProgramLine


def lines_of(program: Program, argument: str) -> list[ProgramLine]:
    """The lines that `N`, `N-M` or nothing names, in the order of the program. Raises AIBasicError for none."""
    if not any(program.lines()):
        raise AIBasicError(
            "there is no program", "lines with a number in front are remembered as one; LOAD reads a file"
        )
    if not argument:
        return list(program.lines())
    first, _, last = argument.partition("-")
    found = program.between(int(first), int(last or first))
    if not found:
        numbers = sorted(line.number or 0 for line in program.lines())
        what = "lines" if last else "line"
        raise AIBasicError(f"there is no {what} {argument}", f"the program has {count(len(numbers))}: {_ends(numbers)}")
    return found


def count(lines: int) -> str:
    """`1 line`, `12 lines`."""
    return f"{lines:,} line" + ("" if lines == 1 else "s")


def _ends(numbers: list[int]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"
