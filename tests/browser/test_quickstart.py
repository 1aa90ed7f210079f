"""The quick-start in JupyterLab: opened, run from top to bottom by keyboard, and every result looked at."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.desk import Desk

ROOT = Path(__file__).parent.parent.parent
STORY = ROOT / "notebooks" / "quickstart"
LOCK = "aibasic.lock"


def prepare(folder: Path, environment: Mapping[str, str]) -> None:
    """Lay the quick-start into a folder as `make run` does: configured, with its data and a lock that is trusted."""
    for name in ("quickstart.ipynb", LOCK):
        shutil.copy(STORY / name, folder / name)
    shutil.copy(ROOT / "aibasic.conf.example", folder / "aibasic.conf")
    command = Path(sys.executable).with_name("aibasic")
    for arguments in (["demo"], ["trust", LOCK]):
        subprocess.run([command, *arguments], cwd=folder, env=environment, check=True, capture_output=True)


@pytest.mark.timeout(300)
def test_it_is_run_by_keyboard_and_shows_every_kind_of_result(desk: Desk) -> None:
    prepare(desk.folder("quickstart"), desk.environment)
    sheet = desk.open("quickstart/quickstart.ipynb")
    ids = [cell.id for cell in nbformat.read(STORY / "quickstart.ipynb", as_version=4).cells]
    expect(sheet.cell(0)).to_be_visible()
    sheet.is_idle()
    sheet.page.keyboard.press("Escape")
    for index in range(len(ids)):
        expect(sheet.cell(index)).to_have_class(re.compile("jp-mod-active"))
        sheet.page.keyboard.press("Shift+Enter")
        sheet.is_idle()

    def below(name: str) -> Locator:
        return sheet.cell(ids.index(name)).locator(".jp-OutputArea").first

    expect(below("three-lines").locator(".aib-Line")).to_have_count(3)
    expect(below("three-lines").get_by_role("table")).to_contain_text("Anna Schäfer")
    expect(below("worst-airlines").get_by_role("table")).to_contain_text("Frontier Airlines")
    expect(below("by-hour").get_by_role("img")).to_be_visible()
    expect(below("check")).to_contain_text("8255 flights never left")
    expect(below("misspelt")).to_contain_text('Perhaps you meant to reference the column "flights.arr_delay"')
    expect(below("spelt-right").get_by_role("table")).to_contain_text("1272")
    expect(below("loop")).to_contain_text("HA  21 h 12 min")
    authors = set(sheet.panel.locator(".aib-Line-notes").all_text_contents())
    assert authors == {"by phrase", "by hand"}
    assert (desk.folder("quickstart") / "latest.xlsx").exists()
    desk.picture("quickstart")
