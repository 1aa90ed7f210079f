"""The site builds without a warning, and has what is made from the code."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from documentation.docstrings import converted
from documentation.extension import filled

from aibasic_kernel.compiler.task_types import task_types
from aibasic_kernel.language.commands import COMMANDS
from tests.docs.pages import DOCS, pages


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` does."""
    built = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-n", "-E", "-q", DOCS, built]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return built


def test_it_builds_without_a_warning(site: Path) -> None:
    missing = [path for path in pages() if not (site / path.relative_to(DOCS)).with_suffix(".html").is_file()]
    assert missing == []


def test_it_asks_no_other_host(site: Path) -> None:
    for page in site.rglob("*.html"):
        loaded = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="(https?:[^"]+)"', page.read_text(encoding="utf-8"))
        assert loaded == []


def test_each_error_has_its_place(site: Path) -> None:
    page = (site / "errors.html").read_text(encoding="utf-8")
    places = re.findall(r'<dt id="([^"]+)"', page)
    assert len(places) == len(set(places)) > 250
    linked = re.findall(r'<a class="headerlink" href="#([^"]+)" title="Link to this error"', page)
    assert set(linked) == set(places)
    assert {"there-is-no-program", "unknown-task-type", "is-overloaded", "failed-to-connect-to-redis"} <= set(places)


def test_each_phrase_stands_on_a_page(site: Path) -> None:
    shown = (site / "tasks.html").read_text(encoding="utf-8")
    shown += "".join(path.read_text(encoding="utf-8") for path in (site / "services").glob("*.html"))
    assert shown.count('<details class="phrase">') == sum(len(task.phrases) for task in task_types().values())


def test_each_command_stands_in_the_language(site: Path) -> None:
    shown = (site / "language.html").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f'<span class="pre">{name.split()[0]}' not in shown] == []


def test_what_is_not_known_cannot_be_made() -> None:
    with pytest.raises(KeyError, match="nothing like it"):
        filled("<!-- made: nothing like it -->")


def test_a_docstring_keeps_its_words() -> None:
    assert converted(["Rows of `a_b*`, *args and name_:", "    drawn  so", "Example: x.f(1)"]) == [
        "Rows of ``a_b*``, \\*args and name\\_:", "", "::", "", "    drawn  so", "",
        "Example::", "", "    x.f(1)",
    ]  # fmt: skip
