"""What somebody else wrote into the outputs of a notebook reaches no kernel, whatever is pressed there."""

from __future__ import annotations

import nbformat
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.test_compiled_lines import MIME, lines

NUMBERS = ["10\nforged = 1", -1, 1e21, {"forged": 1}]


def test_what_stands_for_a_line_number_is_no_code(desk: Desk) -> None:
    made = {"sentence": "say", "section": "", "python": "pass", "result": "", "origin": ["model", "m"]}
    data = [{MIME: {"line": number, **made}, "text/plain": "plain"} for number in NUMBERS]
    outputs = [nbformat.v4.new_output("display_data", each) for each in data]
    sheet = desk.notebook(
        "forged", [nbformat.v4.new_code_cell("10 say", outputs=outputs), "10 set shown to 7", "'forged' in globals()"]
    )
    sheet.run(1)
    expect(lines(sheet.cell(0))).to_have_count(len(NUMBERS))
    for line in lines(sheet.cell(0)).all():
        line.locator("summary").click()
        line.get_by_role("button", name="Explain").click()
        expect(line.get_by_role("status")).to_contain_text("run since")
    expect(sheet.run(2).locator(".jp-OutputArea-output").last).to_have_text("False")
