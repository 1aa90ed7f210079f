"""One JupyterLab and one Chromium for all tests of this folder, each with notebooks and pages of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.desk import PATIENCE, Desk
from tests.messages_server import MessagesServer
from tests.servers.jupyterlab import JupyterLab


@pytest.fixture(scope="package")
def model() -> Iterator[MessagesServer]:
    """What the kernels ask."""
    with MessagesServer() as server:
        yield server


# Playwright's loop runs in this thread, where tests of other folders may want one of their own: hence the package.
@pytest.fixture(scope="package")
def opened(chromium: str, model: MessagesServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """JupyterLab in the browser. AIBASIC_SCREENSHOTS names the folder where pictures are kept."""
    expect.set_options(timeout=PATIENCE * 1000)
    folder = tmp_path_factory.mktemp("jupyterlab")
    pictures = Path(os.environ.get("AIBASIC_SCREENSHOTS") or folder / "screenshots")
    pictures.mkdir(parents=True, exist_ok=True)
    environment = {"ANTHROPIC_BASE_URL": model.url, "ANTHROPIC_API_KEY": "no-key"}
    with JupyterLab(folder, environment) as lab, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 800})
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(f"{lab.url}lab")
        page.wait_for_function("window.jupyterapp && jupyterapp.restored.then(() => true)")
        yield Desk(lab.root, page, pictures, lab.environment)
        browser.close()


@pytest.fixture
def desk(opened: Desk) -> Iterator[Desk]:
    """The same with nothing open; what a test opens is closed behind it, and its kernels are ended."""
    yield opened
    opened.clear()
