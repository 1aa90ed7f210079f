"""papermill on a notebook of AIBasic."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillException
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from papermill.translators import papermill_translators

from aibasic_kernel.language import parse
from aibasic_kernel.language.instruction import Python, Remark
from aibasic_kernel.papermill import AIBasicEngine, AIBasicTranslator
from tests.notebook_tools.notebooks import notebook_of, run_tool, write

VALUES = {
    "count": 3, "ratio": 0.5, "name": 'it\'s "so"\nand \\ so', "on": True, "nothing": None, "rows": [1, "two", [None]],
    "map": {"a": 1, "b c": {"d": False}}, "größe": 1e300, "low": float("-inf"),
}  # fmt: skip


def test_it_is_known_wherever_papermill_is() -> None:
    assert papermill_engines.get_engine("aibasic") is AIBasicEngine
    assert papermill_translators.find_translator("aibasic", "aibasic") is AIBasicTranslator


def test_parameters_are_typed_python_which_gives_them_back() -> None:
    cell = AIBasicTranslator.codify(VALUES)
    assert {type(one) for one in parse(cell)} <= {Python, Remark}
    names: dict[str, object] = {}
    exec(cell, names)
    assert {name: names[name] for name in VALUES} == VALUES


@pytest.mark.parametrize("name", ["my name", "if", "3x", ""])
def test_a_parameter_that_is_no_name_is_no_sentence(name: str) -> None:
    with pytest.raises(PapermillException, match="is no name of a variable"):
        AIBasicTranslator.codify({name: 3})


def test_parameters_of_a_cell_are_told(tmp_path: Path) -> None:
    cell = '# what counts\n10 threshold = 5  # at least\n20 city: str = "Rome"\nprint city'
    path = write(notebook_of(cell, tags={0: "parameters"}), tmp_path / "in.ipynb")
    told = AIBasicTranslator.inspect(load_notebook_node(str(path)).cells[0])
    assert [(one.name, one.default, one.inferred_type_name, one.help) for one in told] == [
        ("threshold", "5", "None", "at least"),
        ("city", '"Rome"', "str", ""),
    ]
    assert AIBasicTranslator.inspect(notebook_of("print (").cells[0]) == []


def test_parameters_stand_behind_their_defaults(tmp_path: Path) -> None:
    path = write(notebook_of("10 x = 1", "print x", tags={0: "parameters"}), tmp_path / "in.ipynb")
    made = parameterize_notebook(load_notebook_node(str(path)), {"x": 2})
    assert [cell.source for cell in made.cells] == ["10 x = 1", "# Parameters\nx = 2\n", "print x"]


def test_a_notebook_is_run_with_parameters(tmp_path: Path) -> None:
    """On the command line, where nobody has imported anything of ours."""
    notebook = notebook_of('threshold = 5\nwho = "nobody"', '10 print "hello" and who and threshold * 2',
                           tags={0: "parameters"})  # fmt: skip
    path = write(notebook, tmp_path / "in.ipynb")
    arguments = ("-p", "threshold", "21", "-p", "who", "Ann", "--no-progress-bar")
    run_tool("papermill", path, tmp_path / "out.ipynb", *arguments, folder=tmp_path)
    done = nbformat.read(tmp_path / "out.ipynb", 4)
    assert "hello Ann 42" in str(done.cells[-1].outputs)
