"""What VS Code's notebooks go by: the kernelspec, what the kernel says of its language, and MIME types it can show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from nbformat import NotebookNode
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename, get_lexer_for_mimetype

from aibasic_kernel.compiler.compilation import COMPILATION_MIME
from aibasic_kernel.faces.kernel import AIBasicKernel
from tests.notebook_tools.notebooks import notebook_of, run

SPEC = json.loads((Path(__file__).parents[2] / "kernel" / "kernel.json").read_text(encoding="utf-8"))
SHOWN = {"text/html", "text/plain", "text/markdown", "image/png", "image/jpeg", "image/svg+xml", "application/json"}
CELLS = (
    'x = [1, 2]\n10 print "hello" and x',
    "20 for each y in x\n30 print y\n40 next y",
    "x",
    "HELP\nLIST CODE\nCONTEXT\nMODULES\nCOST\nPHRASES\nSET\nCODE 10\nEXPLAIN 10",
    "import matplotlib.pyplot as plt\nplt.plot(x)",
    "(nothing) do",
    "1 / 0",
)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[NotebookNode]:
    executed = run(notebook_of(*CELLS), tmp_path_factory.mktemp("vscode"))
    assert executed.metadata.language_info.name == "aibasic"
    return [output for cell in executed.cells for output in cell.outputs]


def test_kernelspec_and_kernel_name_one_language() -> None:
    told = AIBasicKernel.language_info
    assert SPEC["language"] == told["name"] == told["pygments_lexer"] == told["codemirror_mode"] == "aibasic"
    assert SPEC["language"] == SPEC["language"].lower()  # as the id of a language is there
    assert "{connection_file}" in SPEC["argv"]
    assert SPEC["metadata"]["debugger"] is False  # else cells would offer to be debugged
    assert told["file_extension"] == ".aib" and told["mimetype"] == "text/x-aibasic"


def test_one_lexer_goes_by_each_name() -> None:
    told = AIBasicKernel.language_info
    found = (
        get_lexer_by_name(told["pygments_lexer"]),
        get_lexer_for_filename(f"story{told['file_extension']}"),
        get_lexer_for_mimetype(told["mimetype"]),
    )
    assert {lexer.name for lexer in found} == {"AIBasic"}


def test_all_that_is_shown_has_a_form_that_needs_no_extension(outputs: list[NotebookNode]) -> None:
    bundles = [output.data for output in outputs if output.output_type in ("display_data", "execute_result")]
    assert len(bundles) > 12
    assert any(COMPILATION_MIME in bundle for bundle in bundles)
    assert any("image/png" in bundle for bundle in bundles)
    assert [bundle for bundle in bundles if "text/plain" not in bundle] == []
    assert {mime for bundle in bundles for mime in bundle} - SHOWN == {COMPILATION_MIME}


def test_failures_are_errors_of_the_protocol(outputs: list[NotebookNode]) -> None:
    failures = [output for output in outputs if output.output_type == "error"]
    assert [failure.ename for failure in failures][-1] == "ZeroDivisionError"
    assert len(failures) == 2 and all(failure.traceback for failure in failures)
