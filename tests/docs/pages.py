"""The samples of a page: its fenced blocks, in order, each with what is said of it directly above.

    <!-- not run: REASON -->     only looked at: it needs a person, a terminal, a service that is not there
    <!-- fails -->               an error is what it shows
    <!-- in a file: policy -->   what kind of file it is, where the language does not say

A block `output` behind a sample is what that shows, `...` in it stands for anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_FENCE = re.compile(r"^(?:<!-- (?P<said>[^>]*) -->\n)?```(?P<language>[^\n]*)\n(?P<text>.*?)^```$", re.M | re.S)
_ORDINARY = ("{toctree}", "{include}", "{eval-rst}")
NOT_RUN = "not run: "


@dataclass
class Sample:
    """One block: `said` is the remark above it, `shows` the block `output` below it."""

    language: str
    text: str
    said: str
    line: int
    shows: str | None = field(default=None)

    @property
    def is_run(self) -> bool:
        """Whether it is tried."""
        return not self.said.startswith(NOT_RUN)

    @property
    def fails(self) -> bool:
        """Whether an error is what it shows."""
        return self.said == "fails"


def pages() -> list[Path]:
    """Every page of the site that has text of its own."""
    return sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts)


def samples(text: str) -> list[Sample]:
    """The samples of a page, those that show something with what they show."""
    found: list[Sample] = []
    for match in _FENCE.finditer(text):
        language = match["language"].strip()
        if language.startswith(_ORDINARY):
            continue
        if language == "output":
            assert found and found[-1].shows is None, f"an output of nothing: {match['text']}"
            found[-1].shows = match["text"]
        else:
            line = text.count("\n", 0, match.start("text"))
            found.append(Sample(language, match["text"], match["said"] or "", line))
    return found


def fits(shown: str, wanted: str) -> bool:
    """Whether something shows what a page says, blanks at line ends aside."""
    parts = (re.escape(part) for part in _trimmed(wanted).split("..."))
    return re.fullmatch(".*?".join(parts), _trimmed(shown), re.DOTALL) is not None


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())
