"""Every sample of the documentation runs, and shows what the page says it does."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from aibasic_kernel.session.line import LineError
from tests.docs.pages import DOCS, Sample, pages, samples
from tests.docs.running import Page

NOT_TRIED = ("text", "yaml", "toml")
"""Languages of what is no sample of ours."""


def name_of(path: Path) -> str:
    return str(path.relative_to(DOCS))


def uses_the_database(path: Path) -> bool:
    found = samples(path.read_text(encoding="utf-8"))
    return any("(postgres)" in each.text or "PostgresModule.from" in each.text for each in found)


WITH_DATABASE = [path for path in pages() if uses_the_database(path)]
WITHOUT = [path for path in pages() if path not in WITH_DATABASE]


def run_page(path: Path, page: Page) -> None:
    for sample in samples(path.read_text(encoding="utf-8")):
        if sample.is_run and sample.language not in NOT_TRIED:
            page.run(sample)
    page.finish()


@pytest.mark.parametrize("path", WITHOUT, ids=name_of)
def test_a_page(path: Path, page: Page) -> None:
    run_page(path, page)


@pytest.mark.parametrize("path", WITH_DATABASE, ids=name_of)
def test_a_page_with_a_database(path: Path, page: Page, database: None) -> None:
    run_page(path, page)


def test_what_is_not_run_is_counted() -> None:
    """So that none is left out unnoticed."""
    found = [sample for path in pages() for sample in samples(path.read_text(encoding="utf-8"))]
    reasons = Counter(sample.said.removeprefix("not run: ") for sample in found if not sample.is_run)
    assert reasons == {
        "installs into the environment": 1,
        "installs, and opens a browser": 1,
        "sets a key": 1,
        "the prompt needs a terminal": 2,
        "needs a kernel that runs": 1,
        "tests/notebook_tools does": 5,
        "asks a person in a terminal": 2,
        "lists what JupyterLab has": 1,
        "changes what Jupyter lists": 1,
        "its exit code tells of the machine": 1,
    }


def test_every_block_has_a_language() -> None:
    languages = {sample.language for path in pages() for sample in samples(path.read_text(encoding="utf-8"))}
    assert languages <= {"aibasic", "python", "console", "ini", "ipython", *NOT_TRIED}


@pytest.mark.parametrize(
    "wrong",
    [
        Sample("aibasic", "print 1 + 1\n", "", 1, "3\n"),
        Sample("aibasic", "no phrase has these words\n", "", 1),
        Sample("aibasic", "print 1\n", "fails", 1),
        Sample("python", "assert 1 > 2\n", "", 1),
        Sample("console", "$ echo one\ntwo\n", "", 1),
        Sample("console", "$ false\n", "", 1),
        Sample("ini", "[redis]\nHOST = localhost\nPROT = 1\n", "", 1),
        Sample("ini", "[aibasic]\nMODLE = x\n", "", 1),
        Sample("ini", "[policy]\nMODLES = x\n", "in a file: policy", 1),
    ],
    ids=lambda sample: sample.text.split("\n")[0],
)
def test_a_sample_that_is_wrong_is_found(wrong: Sample, page: Page) -> None:
    with pytest.raises((AssertionError, LineError, UserWarning, pytest.fail.Exception)):
        page.run(wrong)
