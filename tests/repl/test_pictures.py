"""Pictures that a kernel puts out: a broken one is told of, and the shell goes on."""

from __future__ import annotations

from pathlib import Path

from aibasic_kernel.faces.repl.pictures import keep_picture


def test_what_is_no_picture_is_said(tmp_path: Path) -> None:
    said = keep_picture({"image/png": "no base64 at all"}, {"AIBASIC_DATA_DIR": str(tmp_path)})
    assert said is not None and said.startswith("a picture could not be saved: ")
    assert not list(tmp_path.rglob("*.png"))
