"""Runs a program's cells in a session, and the Python that it is exported to, both in this process."""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

from aibasic_kernel.faces.blocking import BlockingFace
from aibasic_kernel.faces.program_display import ProgramDisplay
from aibasic_kernel.session.session import Session


def run_in_session(*cells: str) -> None:
    """Run cells one after another in a session that prints its results as `aibasic run` does."""
    names: dict[str, Any] = {}
    session = Session(names, os.environ)
    face = BlockingFace(names, ProgramDisplay("program", "table", progress=False))
    try:
        for at, cell in enumerate(cells):
            face.drive(session.run(cell, f"cell {at}"))
    finally:
        face.close()
        session.close()


def run_python(program: Path) -> None:
    """Run an exported program as Python runs a file; it must not fail."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [str(program)])
        try:
            runpy.run_path(str(program), run_name="__main__")
        except SystemExit as end:
            assert end.code in (None, 0)
