"""Whether `import NAME` would find an installed module."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path


def is_importable(name: str) -> bool:
    """Whether the top-level module `name` is installed. Imports nothing.

    A folder without code in the working directory counts as none: `import orders` beside a folder of data is English.
    """
    if name in sys.modules:
        return True
    try:
        spec = find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return False
    if spec is None:
        return False
    here = Path.cwd()
    places = [Path(place).absolute() for place in spec.submodule_search_locations or ()]
    return spec.origin is not None or any(here != place.parent for place in places)
