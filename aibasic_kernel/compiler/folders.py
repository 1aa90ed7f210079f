"""The user's own folder: what must not lie beside a notebook lies there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def data_folder(environ: Mapping[str, str]) -> Path:
    """The user's data folder: AIBASIC_DATA_DIR, else XDG_DATA_HOME/aibasic, else ~/.local/share/aibasic."""
    if own := environ.get("AIBASIC_DATA_DIR"):
        return Path(own).absolute()
    if shared := environ.get("XDG_DATA_HOME"):
        return Path(shared).absolute() / "aibasic"
    return Path.home() / ".local" / "share" / "aibasic"
