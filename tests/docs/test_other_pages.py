"""The samples of pages outside the site: indented blocks, told apart by how they begin."""

from __future__ import annotations

import ast
import re
import textwrap
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Sample
from tests.docs.running import Page

_BLOCK = re.compile(r"(?:^|(?<=\n\n))(?: {4}.*\n(?:\n(?= {4}))?)+")
_KINDS = (
    ("aibasic", r"\d+ "),
    ("ini", r"\["),
    ("python", r"from |class "),
    ("console", r"make |aibasic |export |pip |python |apt-get "),
)


def blocks(page: str) -> list[Sample]:
    """The indented blocks of a page, `text` where none of the kinds fits."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = []
    for match in _BLOCK.finditer(text):
        block = textwrap.dedent(match[0])
        kind = next((kind for kind, begins in _KINDS if re.match(begins, block)), "text")
        found.append(Sample(kind, block, "", text.count("\n", 0, match.start()) + 1))
    return found


def line_of(sample: Sample) -> str:
    return f"line {sample.line}"


@pytest.mark.parametrize("sample", [each for each in blocks("README.md") if each.language == "aibasic"], ids=line_of)
def test_the_programs_of_the_readme(sample: Sample, page: Page, database: None) -> None:
    page.run(sample)


@pytest.mark.parametrize("sample", [each for each in blocks("README.md") if each.language == "ini"], ids=line_of)
def test_the_configurations_of_the_readme(sample: Sample, page: Page) -> None:
    page.run(sample)


def test_the_python_of_the_guide_of_modules_is_python() -> None:
    found = [sample for sample in blocks("modules/README.md") if sample.language == "python"]
    assert len(found) == 2
    for sample in found:
        ast.parse(sample.text)


def test_no_block_of_the_readme_is_of_an_unknown_kind() -> None:
    """So that none is left out unnoticed; drawings aside."""
    assert [each.text for each in blocks("README.md") if each.language == "text" and "│" not in each.text] == []


def test_the_guide_of_modules_is_on_the_site() -> None:
    page = Path(ROOT / "docs" / "writing-a-module.md").read_text(encoding="utf-8")
    assert "```{include} ../modules/README.md" in page
