"""Write the words of the language for the browser: `python tools/front_end_words.py [--check]`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from aibasic_kernel.compiler.task_types import known_words
from aibasic_kernel.language.vocabulary import vocabulary

FILE = Path(__file__).parent.parent / "labextension" / "static" / "words.js"
HEAD = "/** The words of the language. Made by tools/front_end_words.py: do not edit. */\nexport default "


def words() -> str:
    """The file as it should be."""
    return f"{HEAD}{json.dumps(asdict(vocabulary(known_words())), indent=2)};\n"


def main() -> int:
    """Write the file, or only say whether it is up to date."""
    made = words()
    if "--check" in sys.argv:
        return int(FILE.read_text(encoding="utf-8") != made)
    FILE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
