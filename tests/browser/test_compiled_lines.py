"""Below a cell: each compiled line folded, with what it cost, copied, explained, by mouse and by keyboard alone."""

from __future__ import annotations

import nbformat
from playwright.sync_api import Locator, expect

from tests.browser.desk import Desk, Sheet
from tests.messages_server import MessagesServer

MIME = "application/vnd.aibasic.compilation+json"
_CONTRAST = """element => {
  const channels = colour => colour.match(/[\\d.]+/g).map(Number);
  const under = (at, colour) => {
    const [red, green, blue, alpha = 1] = channels(colour);
    const ends = alpha === 1 || !at.parentElement;
    return ends ? [red, green, blue] : mixed([red, green, blue, alpha], behind(at.parentElement));
  };
  const mixed = ([r, g, b, a], ground) => [r, g, b].map((value, at) => value * a + ground[at] * (1 - a));
  const behind = at => under(at, getComputedStyle(at).backgroundColor);
  const luminance = rgb => {
    const [r, g, b] = rgb.map(value => value / 255).map(v => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = behind(element);
  const [r, g, b, a = 1] = channels(getComputedStyle(element).color);
  const [one, other] = [luminance(mixed([r, g, b, a], ground)), luminance(ground)].sort((x, y) => y - x);
  return (one + 0.05) / (other + 0.05);
}"""
"""The contrast of a text to what is behind it, as WCAG counts it: at least 4.5 is wanted."""


def lines(cell: Locator) -> Locator:
    return cell.locator(".jp-OutputArea .aib-Line")


def test_each_line_is_folded_and_its_code_can_be_copied_and_explained(desk: Desk) -> None:
    sheet = desk.notebook("lines", ["10 set shown to 7\n20 print shown", "'behind'"])
    first, second = lines(sheet.run(0)).all()
    expect(first.locator("summary")).to_have_text("10 set shown to 7by phrase")
    expect(second.locator("summary")).to_contain_text("20 print shown")
    expect(first.locator(".aib-Line-python")).not_to_be_visible()
    first.locator("summary").click()
    expect(first.locator(".aib-Line-python")).to_have_text("shown = 7")
    expect(first.locator(".aib-Line-python span")).not_to_have_count(0)
    first.get_by_role("button", name="Copy the Python of 10 set shown to 7").click()
    expect(first.get_by_role("status")).to_have_text("copied")
    assert sheet.page.evaluate("navigator.clipboard.readText()") == "shown = 7"
    first.get_by_role("button", name="Explain 10 set shown to 7").click()
    expect(first.get_by_role("status")).to_contain_text("makes shown: 7")
    expect(sheet.panel.locator(".jp-Cell")).to_have_count(2)
    desk.picture("lines-light")


def test_a_line_is_explained_only_as_long_as_its_number_is_its_own(desk: Desk) -> None:
    sheet = desk.notebook("numbers", ["10 set one to 1", "10 set two to 2"])
    line = lines(sheet.run(0)).first
    sheet.run(1)
    line.locator("summary").click()
    line.get_by_role("button", name="Explain").click()
    expect(line.get_by_role("status")).to_contain_text("Another line 10 has run since")


def test_a_price_stays_in_sight_and_is_not_saved(desk: Desk, model: MessagesServer) -> None:
    model.compile("total = 42", result="total", when="the answer to everything")
    sheet = desk.notebook("price", ["10 (other) the answer to everything"])
    line = lines(sheet.run(0)).first
    expect(line.locator(".aib-Line-notes")).to_contain_text("by claude-haiku-5-5")
    expect(line.locator(".aib-Line-notes")).to_contain_text("$")
    sheet.page.evaluate("jupyterapp.commands.execute('docmanager:save').then(() => null)")
    saved = nbformat.read(desk.folder("price") / "price.ipynb", as_version=4)
    (output,) = [each for each in saved.cells[0].outputs if MIME in each.get("data", {})]
    assert output.data[MIME].price == "" and "$" not in str(output)


def test_a_notebook_that_nobody_trusts_shows_them_too_and_runs_nothing_of_them(desk: Desk) -> None:
    hostile = "<img src=x onerror='document.title=1'>"
    data = {"line": 10, "sentence": hostile, "section": "", "python": hostile, "result": "", "origin": ["model", "m"]}
    output = nbformat.v4.new_output("display_data", {MIME: data, "text/html": "<b>html</b>", "text/plain": "plain"})
    cell = nbformat.v4.new_code_cell("10 say", outputs=[output])
    sheet = desk.notebook("untrusted", [cell])
    line = lines(sheet.cell(0)).first
    expect(line.locator("summary")).to_have_text(f"10 {hostile}by model")
    expect(sheet.cell(0).locator("img, b")).to_have_count(0)


def test_the_keyboard_alone_reaches_all_of_it(desk: Desk) -> None:
    sheet = desk.notebook("keyboard", ["10 set shown to 7"])
    line = lines(sheet.run(0)).first
    page = sheet.page
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('.jp-mod-commandMode .jp-Cell')")
    tab_to(sheet, line.locator("summary"))
    page.keyboard.press("Enter")
    expect(line.locator(".aib-Line-python")).to_be_visible()
    copy = line.get_by_role("button", name="Copy")
    tab_to(sheet, copy)
    assert copy.evaluate("element => parseFloat(getComputedStyle(element).outlineWidth)") >= 2
    desk.picture("keyboard")
    page.keyboard.press("Space")
    expect(line.get_by_role("status")).to_have_text("copied")
    tab_to(sheet, line.get_by_role("button", name="Explain"))
    page.keyboard.press("Enter")
    expect(line.get_by_role("status")).to_contain_text("makes shown: 7")
    expect(sheet.panel.locator(".jp-Cell")).to_have_count(1)


def tab_to(sheet: Sheet, wanted: Locator) -> None:
    """Press Tab until something has the focus."""
    for _ in range(20):
        sheet.page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(sheet.page.evaluate("document.activeElement.outerHTML"))


def test_all_of_it_can_be_read_in_light_and_dark(desk: Desk) -> None:
    sheet = desk.notebook("themes", ["10 set shown to 7"])
    line = lines(sheet.run(0)).first
    line.locator("summary").click()
    line.get_by_role("button", name="Explain").click()
    expect(line.get_by_role("status")).to_contain_text("makes shown: 7")
    try:
        for theme in ("Dark", "Light"):
            sheet.theme(theme)
            for part in (
                ".aib-Line-title",
                ".aib-Line-notes span",
                ".aib-Line-python",
                ".aib-Button",
                ".aib-Line-told",
            ):
                contrast = line.locator(part).first.evaluate(_CONTRAST)
                assert contrast >= 4.5, f"{part} in {theme}: {contrast:.1f}"
            desk.picture(f"lines-{theme.lower()}")
    finally:
        sheet.theme("Light")
