"""The colours of AIBasic: in cells, in files, and in the cells of other kernels."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.desk import Desk

PROGRAM = """10 (postgres:warehouse) query all where name = "Ann # 1"  # the first
20 if total > 5 then 40 else 30
30 rem nothing to do
40 for i = 1 to 3
50 print i and goto 70
60 next i
LIST 10-20
the customers whose age is 7 go to the list"""
COLOURED = [
    ("10", "string-2"),
    ("(postgres:warehouse)", "variable-2"),
    ('"Ann # 1"', "string"),
    ("# the first", "comment"),
    ("20", "string-2"),
    ("if", "keyword"),
    ("5", "number"),
    ("then", "keyword"),
    ("40", "string-2"),
    ("else", "keyword"),
    ("30", "string-2"),
    ("30", "string-2"),
    ("rem nothing to do", "comment"),
    ("40", "string-2"),
    ("for", "keyword"),
    ("=", "keyword"),
    ("1", "number"),
    ("to", "keyword"),
    ("3", "number"),
    ("50", "string-2"),
    ("and", "keyword"),
    ("goto", "keyword"),
    ("70", "string-2"),
    ("60", "string-2"),
    ("next", "keyword"),
    ("LIST", "variable-2"),
    ("10", "number"),
    ("20", "number"),
    ("7", "number"),
]


def test_a_cell_has_each_kind_of_word_in_its_colour(desk: Desk) -> None:
    sheet = desk.notebook("colours", [PROGRAM, "10 (nothing) that is known\n(df).head()"])
    assert sheet.coloured(sheet.cell(0)) == COLOURED
    assert sheet.coloured(sheet.cell(1)) == [("10", "string-2")]
    desk.picture("colours-light")


def test_a_file_opens_in_the_editor_with_the_same_colours(desk: Desk) -> None:
    (desk.folder("files") / "menu.aib").write_text(PROGRAM)
    sheet = desk.open("files/menu.aib")
    editor = sheet.page.locator(".jp-FileEditor")
    assert sheet.coloured(editor) == COLOURED
    kind = sheet.page.evaluate("jupyterapp.docRegistry.getFileTypesForPath('menu.aib')[0]")
    assert (kind["displayName"], kind["mimeTypes"]) == ("AIBasic Program", ["text/x-aibasic"])
    expect(sheet.page.locator("#jp-main-statusbar")).to_contain_text("aibasic")
    desk.picture("file")


def test_cells_of_python_are_coloured_by_their_first_line(desk: Desk) -> None:
    english = "%%aibasic\n10 (postgres) query all\n20 goto 10"
    sheet = desk.notebook("magic", ["x = 1  # goto 10", english], kernel="python3")
    expected = [
        ("%%aibasic", "meta"),
        ("10", "string-2"),
        ("(postgres)", "variable-2"),
        ("20", "string-2"),
        ("goto", "keyword"),
        ("10", "string-2"),
    ]
    expect(sheet.cell(1).locator(".cm-line").nth(2).locator("span").first).to_be_visible()
    assert sheet.coloured(sheet.cell(1)) == expected
    desk.picture("magic")
    sheet.cell(1).locator(".cm-line").first.click()
    for _ in "%%aibasic":
        sheet.page.keyboard.press("Backspace")
    expect(sheet.cell(1).locator(".cm-line").nth(2).get_by_text("goto", exact=True)).to_have_count(0)
    sheet.page.keyboard.type("%%aibasic")
    expect(sheet.cell(1).locator(".cm-line").nth(2).get_by_text("goto", exact=True)).to_be_visible()
