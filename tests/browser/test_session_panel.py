"""The session at a glance: in the panel and the status bar, of the notebook in front."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.desk import Desk, Sheet

CONFIGURATION = """[aibasic]
FROZEN = true
[postgres]
HOST = db.example.org
DATABASE = shop
USER = me
PASSWORD = not-to-be-seen
PRODUCTION = true
"""


def panel(sheet: Sheet) -> Locator:
    """The panel, opened by the button in the status bar."""
    found = sheet.page.get_by_role("region", name="AIBasic session")
    if not found.is_visible():
        sheet.page.locator(".aib-Status").click()
    return found


def test_it_shows_the_session_of_the_notebook_in_front(desk: Desk) -> None:
    (desk.folder("first") / "aibasic.conf").write_text(CONFIGURATION)
    first = desk.notebook("first", ["10 set kept to 5\n20 print kept"])
    first.run(0)
    shown = panel(first)
    expect(shown.get_by_role("heading", level=2)).to_have_text("first.ipynb")
    expect(shown.locator("dl")).to_contain_text("claude-haiku-5-5")
    expect(shown.locator("dl")).to_contain_text("yes: no model is asked")
    expect(shown.locator("li")).to_contain_text("PRODUCTION")
    expect(shown.locator("pre")).to_have_text("10 set kept to 5\n20 print kept")
    expect(first.page.locator(".aib-Status")).to_contain_text("frozen")
    assert "not-to-be-seen" not in shown.inner_html()
    desk.picture("session")

    second = desk.notebook("second", ["30 set other to 6"])
    second.run(0)
    expect(shown.get_by_role("heading", level=2)).to_have_text("second.ipynb")
    expect(shown.locator("pre")).to_have_text("30 set other to 6")
    second.page.get_by_role("tab", name="first.ipynb").click()
    expect(shown.locator("pre")).to_contain_text("20 print kept")

    first.menu("Kernel", "Restart Kernel…")
    first.accept()
    expect(shown).to_contain_text("no numbered line yet")
    first.run(0)
    expect(shown.locator("pre")).to_contain_text("20 print kept")


def test_a_python_notebook_has_one_once_it_uses_the_magic(desk: Desk) -> None:
    cells = ["1 + 1", "%load_ext aibasic_kernel", "%%aibasic\n10 set kept to 5"]
    sheet = desk.notebook("python", cells, kernel="python3")
    sheet.run(0)
    expect(sheet.page.locator(".aib-Status")).not_to_be_visible()
    sheet.run(1)
    sheet.run(2)
    shown = panel(sheet)
    expect(shown.locator("pre")).to_have_text("10 set kept to 5")
    line = sheet.cell(2).locator(".jp-OutputArea .aib-Line")
    line.locator("summary").click()
    line.get_by_role("button", name="Explain").click()
    expect(line.get_by_role("status")).to_contain_text("makes kept: 5")
