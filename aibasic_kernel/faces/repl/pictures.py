"""Pictures that a terminal cannot show: each is kept as a file, and named."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Mapping
from typing import Any

from aibasic_kernel.compiler.folders import data_folder
from aibasic_kernel.faces.output_files import new_output

ENDINGS = {"image/png": ".png", "image/svg+xml": ".svg", "image/jpeg": ".jpg"}


def keep_picture(data: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> str | None:
    """Save the picture in a MIME bundle into the user's data folder; what tells of it, None where there is none."""
    kind = next((kind for kind in ENDINGS if kind in data), None)
    if kind is None:
        return None
    name = f"{time.strftime('%Y-%m-%d-%H%M%S')}-{time.time_ns() % 10**9 // 10**6:03}"
    try:
        picture = data[kind].encode() if kind == "image/svg+xml" else base64.b64decode(data[kind])
        path, file = new_output(data_folder(environ) / "pictures", name, ENDINGS[kind])
        with file:
            file.write(picture)
    except (OSError, ValueError) as error:  # ValueError: it is no picture
        return f"a picture could not be saved: {error}"
    return f"picture saved: {path}"
