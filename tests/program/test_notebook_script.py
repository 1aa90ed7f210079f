"""A notebook as one program: what stays as written, what becomes a comment, and numbers that come twice."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from aibasic_kernel.compiler.task_types import known_words
from aibasic_kernel.language import parse
from aibasic_kernel.session.program.notebook_script import SourceCell, script_of

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*/*.ipynb"))


def script(*sources: str) -> str:
    """The code cells as a program, without the marks between them."""
    text = script_of(SourceCell("code", source) for source in sources)
    return "\n".join(line for line in text.splitlines() if line and line != "# %%")


def test_cells_stand_below_their_marks() -> None:
    cells = [SourceCell("markdown", "# Title\n\nText"), SourceCell("code", "10 x = 3"), SourceCell("raw", "x"),
             SourceCell("code", "  \n"), SourceCell("code", "print x # why", may_fail=True)]  # fmt: skip
    assert script_of(cells) == (
        "# %% [markdown]\n# # Title\n#\n# Text\n\n"
        "# %%\n10 x = 3\n\n"
        "# %%\n# left out, for it is there to fail:\n# print x # why\n"
    )


@pytest.mark.parametrize(
    ("cells", "program"),
    [
        (["10 a b # why\n  c", "rem x\nx = 3\n20 d"], "10 a b # why\n  c\nrem x\nx = 3\n20 d"),
        (["10 print a\n20 goto 10", "10 print b\n20 goto 10"],
         "10 print a\n20 goto 10\n30 print b\n40 goto 30"),
        (["20 print a", "10 print b\ngoto 20"], "10 print a\n20 print b\ngoto 10"),
        (["10 print a\n20 print b and goto 10", "10 if x > 3 then 20 else 10\n20 wend"],
         "10 print a\n20 print b and goto 10\n30 if x > 3 then 40 else 30\n40 wend"),
        (["10 if x then 30\n20 end  # done\n30 print a", "10 print b\n20 end"],
         "10 if x then 30\n20 goto 40  # done\n30 print a\n40 rem\n50 print b\n60 end"),
        (["end", "# only a comment\nprint b", "end"], "goto 10\n10 rem\n# only a comment\nprint b\nend"),
        (["end", "print b"], "goto 10\n10 rem\nprint b"),
        (["LIST\nSET MODEL = m\nRUN 10"], "# LIST\nSET MODEL = m\n# RUN 10"),
        (["%matplotlib inline\n%unheard of\nx?"], "# %matplotlib inline: for the notebook\n# %unheard of\nx?"),
        (["x = 3\nx?"], "x = 3\n# x?: help of the notebook"),
        (["%%time\n10 print a\nLIST"], "# %%time\n10 print a\n# LIST"),
        (["!ls"], "import subprocess\nsubprocess.run(\"ls\", shell=True);"),
        (["print (a"], "# left out, line 1: the bracket that opens here is never closed\n# print (a"),
        (["10 a\n10 b"], "# left out, line 2: number 10 stands on line 1 already\n# 10 a\n# 10 b"),
        (["results = [1]", "results"], "results = [1]\nresults"),
    ],
)  # fmt: skip
def test_lines_of_cells(cells: list[str], program: str) -> None:
    assert script(*cells) == program


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebooks_of_this_project_are_programs(path: Path) -> None:
    cells = nbformat.read(path, 4).cells
    text = script_of(SourceCell(cell.cell_type, cell.source) for cell in cells)
    numbers = [line.number for line in parse(text, tasks=known_words()) if line.number is not None]
    assert numbers == sorted(set(numbers))
    assert "left out" not in text
