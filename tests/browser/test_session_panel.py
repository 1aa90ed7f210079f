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
_EXECUTE = """code => {
  const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
  return kernel.requestExecute({ code }).done.then(() => null);
}"""
"""Let the kernel run something without the notebook, which would take the focus."""


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


def test_it_follows_from_a_notebook_to_a_console_and_back(desk: Desk) -> None:
    (desk.folder("both") / "menu.aib").write_text("10 set typed to 6\n20 print typed\n")
    sheet = desk.notebook("both", ["10 set kept to 5"])
    sheet.run(0)
    shown = panel(sheet)
    expect(shown.locator("pre")).to_have_text("10 set kept to 5")
    desk.open("both/menu.aib")
    expect(shown.get_by_role("heading", level=2)).to_have_text("both.ipynb")
    sheet.page.evaluate("void jupyterapp.commands.execute('fileeditor:create-console')")
    expect(sheet.page.locator(".jp-Dialog option:checked")).to_have_text("AIBasic")
    sheet.accept()
    expect(sheet.page.locator(".jp-CodeConsole")).to_contain_text("HELP lists the commands")
    sheet.page.locator(".jp-FileEditor .cm-content").press("Control+Home")
    sheet.page.keyboard.press("Shift+Enter")
    console = sheet.page.locator(".jp-CodeConsole")
    expect(console.locator(".aib-Line summary")).to_contain_text("10 set typed to 6")
    console.locator(".jp-CodeConsole-input").click()
    expect(shown.locator("pre")).to_have_text("10 set typed to 6")
    sheet.page.evaluate("() => { jupyterapp.shell.currentWidget.title.label = 'renamed'; }")
    expect(shown.get_by_role("heading", level=2)).to_have_text("renamed")
    sheet.page.get_by_role("tab", name="both.ipynb").click()
    expect(shown.get_by_role("heading", level=2)).to_have_text("both.ipynb")
    expect(shown.locator("pre")).to_have_text("10 set kept to 5")


def test_who_reads_in_it_is_left_in_place_and_finds_the_way_back(desk: Desk) -> None:
    sheet = desk.notebook("reader", ["10 set kept to 5"])
    sheet.run(0)
    status = sheet.page.locator(".aib-Status")
    status.focus()
    status.press("Enter")
    shown = panel(sheet)
    expect(shown).to_be_focused()
    assert shown.evaluate("element => parseFloat(getComputedStyle(element).outlineWidth)") >= 2
    cell = shown.locator("summary").first
    cell.press("Enter")
    expect(shown.locator("pre")).not_to_be_visible()
    sheet.page.evaluate(_EXECUTE, "20 print kept")
    expect(shown.locator("summary")).to_have_count(2)
    expect(cell).to_be_focused()
    expect(shown.locator("details").first).not_to_have_attribute("open", "")
    cell.press("Escape")
    sheet.page.wait_for_function("jupyterapp.shell.currentWidget.node.contains(document.activeElement)")
