"""Kernels for the tests: one shared by those that leave nothing behind that matters, fresh ones for the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernel.notebook import Notebook, open_notebook


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working folder of the module's kernel."""
    return tmp_path_factory.mktemp("notebook")


@pytest.fixture(scope="module")
def notebook(folder: Path) -> Iterator[Notebook]:
    """A kernel without any configuration, shared by the tests of a module."""
    with open_notebook(folder) as opened:
        yield opened
