"""A notebook at work: a question answered, a cell stopped, all run again, a line completed."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.desk import Desk


def test_the_gate_asks_in_the_cell_and_a_yes_lets_the_line_run(desk: Desk) -> None:
    file = desk.folder("gate") / "notes.txt"
    file.write_text("keep me")
    sheet = desk.notebook("gate", ['10 (fs) delete file "notes.txt"'])
    said = sheet.page.locator("body > [role=status]")
    answers = (("no", True, "Cell 1 failed. Refused: removes the file notes.txt"), ("yes", False, "Cell 2 is done"))
    for answer, exists, end in answers:
        cell = sheet.start(0)
        question = cell.locator(".jp-Stdin-input")
        expect(question).to_be_focused()
        expect(question).to_have_accessible_name(re.compile(r'delete file "notes.txt".*run it\?', re.S))
        expect(cell.locator(".jp-Stdin-prompt")).to_contain_text("run it?")
        desk.picture("question")
        question.fill(answer)
        question.press("Enter")
        sheet.is_idle()
        assert file.exists() == exists
        expect(said.filter(has_text=end)).to_have_count(1)


def test_the_stop_button_stops_a_cell_and_the_session_goes_on(desk: Desk) -> None:
    sheet = desk.notebook("stop", ["print('ready')\nwhile True: pass", "10 set kept to 5\n20 print kept"])
    cell = sheet.start(0)
    expect(cell.locator(".jp-OutputArea")).to_contain_text("ready")
    sheet.panel.locator("[data-command='notebook:interrupt-kernel'], [data-jp-item-name='interrupt']").first.click()
    expect(cell.locator(".jp-OutputArea")).to_contain_text("KeyboardInterrupt")
    expect(sheet.run(1).locator(".jp-OutputArea")).to_contain_text("5")


def test_restart_and_run_all_gives_the_same_again(desk: Desk) -> None:
    sheet = desk.notebook("again", ["10 set kept to 5", "20 print kept\nLIST"])
    sheet.run(0)
    sheet.run(1)
    before = sheet.cell(1).locator(".jp-OutputArea").inner_text()
    sheet.menu("Run", "Restart Kernel and Run All Cells")
    sheet.accept()
    expect(sheet.cell(0).locator(".jp-InputPrompt").first).to_have_text("[1]:")
    expect(sheet.cell(1).locator(".jp-InputPrompt").first).to_have_text("[2]:")
    sheet.is_idle()
    assert sheet.cell(1).locator(".jp-OutputArea").inner_text() == before


def test_tab_completes_a_line(desk: Desk) -> None:
    sheet = desk.notebook("completion", ["10 set kept to 5", ""])
    sheet.run(0)
    sheet.cell(1).locator(".cm-content").click()
    sheet.page.keyboard.type("10 (postg")
    sheet.page.keyboard.press("Tab")
    expect(sheet.page.locator(".jp-Completer")).to_contain_text("postgres)")
    desk.picture("completion")
    sheet.page.keyboard.press("Enter")
    expect(sheet.cell(1).locator(".cm-content")).to_have_text("10 (postgres)")
