"""What a person does at JupyterLab, for the tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Locator, Page, expect

PATIENCE = 30.0
"""Seconds after which what should be seen will not."""
KERNELS = {"aibasic": ("AIBasic", "aibasic"), "python3": ("Python 3", "python")}
_COLOURS = """names => Object.fromEntries(names.map(name => {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = `var(--jp-mirror-editor-${name}-color)`;
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return [colour, name];
}))"""
_SPANS = "spans => spans.map(span => [span.textContent, getComputedStyle(span).color])"
_KINDS = ("string-2", "variable-2", "keyword", "string", "comment", "number", "meta")


_OPEN = "path => jupyterapp.commands.execute('docmanager:open', { path }).then(() => null)"
_READY = """async () => {
  const { sessionContext } = jupyterapp.shell.currentWidget;
  await sessionContext.ready;
  await sessionContext.session.kernel.info;
}"""
_IDLE = "jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
_CLEAR = """async () => {
  await jupyterapp.serviceManager.sessions.shutdownAll();
  [...jupyterapp.shell.widgets('main')].forEach(widget => widget.dispose());
  jupyterapp.shell.collapseRight();
}"""


@dataclass
class Sheet:
    """The notebook, console or file in front."""

    page: Page

    @property
    def panel(self) -> Locator:
        return self.page.locator(".lm-DockPanel-widget:not(.lm-mod-hidden)")

    def cell(self, index: int) -> Locator:
        """A cell, counted from 0."""
        return self.panel.locator(".jp-Cell").nth(index)

    def run(self, index: int) -> Locator:
        """Run a cell of a kernel that waits, and wait for its end."""
        cell = self.start(index)
        self.is_idle()
        return cell

    def start(self, index: int) -> Locator:
        """Run a cell."""
        self.is_idle()
        self.cell(index).locator(".cm-content").press("Control+Enter")
        expect(self.cell(index).locator(".jp-InputPrompt").first).not_to_have_text("[ ]:")
        return self.cell(index)

    def is_idle(self) -> None:
        """The kernel waits, and so does no cell for it."""
        self.page.wait_for_function(_IDLE)
        expect(self.panel.locator(".jp-InputPrompt", has_text="*")).to_have_count(0)

    def coloured(self, editor: Locator) -> list[tuple[str, str]]:
        """The coloured words of an editor, each with the name that the theme has for its colour."""
        expect(editor.locator(".cm-line span").first).to_be_visible()
        names = self.page.evaluate(_COLOURS, list(_KINDS))
        found = editor.locator(".cm-line > span").evaluate_all(_SPANS)
        return [(text, names[colour]) for text, colour in found if colour in names]

    def menu(self, *words: str) -> None:
        """Choose an entry of the menu bar."""
        self.page.locator(".lm-MenuBar-item", has_text=words[0]).click()
        for word in words[1:-1]:
            self.page.locator(".lm-Menu-item", has_text=word).first.hover()
        self.page.locator(".lm-Menu-item", has_text=words[-1]).first.click()

    def accept(self) -> None:
        """Say yes to what a dialog asks."""
        self.page.locator(".jp-Dialog .jp-mod-accept").click()

    def theme(self, name: str) -> None:
        """Change the theme, by the last word of its name."""
        self.menu("Settings", "Theme", f"JupyterLab {name}")
        self.page.wait_for_function(f"document.body.dataset.jpThemeName === 'JupyterLab {name}'")


@dataclass
class Desk:
    """The folder that the server shows, the page, the folder for pictures, and the environment of the kernels."""

    root: Path
    page: Page
    pictures: Path
    environment: Mapping[str, str]

    def notebook(self, name: str, cells: Iterable[str | dict[str, Any]], kernel: str = "aibasic") -> Sheet:
        """A new notebook in a folder of its own, in front, with its kernel; its cells are texts or whole cells."""
        title, language = KERNELS[kernel]
        made = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells],
            metadata={"kernelspec": {"name": kernel, "display_name": title, "language": language}},
        )
        self.folder(name)
        nbformat.write(made, self.folder(name) / f"{name}.ipynb")
        sheet = self.open(f"{name}/{name}.ipynb")
        expect(sheet.cell(0).locator(".cm-content")).to_be_visible()
        self.page.evaluate(_READY)
        return sheet

    def folder(self, name: str) -> Path:
        """The folder of a notebook."""
        (self.root / name).mkdir(exist_ok=True)
        return self.root / name

    def open(self, path: str) -> Sheet:
        """A file, in front."""
        self.page.evaluate(_OPEN, path)
        return Sheet(self.page)

    def clear(self) -> None:
        """Close all that is open, and end the kernels."""
        self.page.evaluate(_CLEAR)

    def picture(self, name: str) -> None:
        """Keep what is seen."""
        self.page.screenshot(path=self.pictures / f"{name}.png")
