"""What a service's story and the guide's lines are tried with: a clean place, the lines, and what they must lead to."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Line:
    """A line of the AIBasic Modules Guide, the reply that a model would give for it, and a value to look at then."""

    text: str
    python: str
    result: str = ""
    """The name in which the reply leaves its result."""
    look: str = ""
    """An expression of Python, whose value after the line is `value`."""
    value: object = None


class Service(ABC):
    """A service with its story in `notebooks/<name>`. `server` is what the fixture of that name gives."""

    name: str
    fixture: str
    """The fixture of tests/conftest.py that starts the server."""
    lines: Sequence[Line]
    """In the order in which they can follow each other in a clean place."""
    before: str = ""
    """A cell of Python that makes what the lines speak of."""
    guide_leaves: object
    """What `found` gives after the guide's lines."""
    story_leaves: object
    """What `found` gives after the story, before its last cell."""
    story_names: Mapping[str, object]
    """Expressions of Python and their values at the end of the story."""

    passing: str = r"(?!)"
    """A pattern of what the server makes up anew each time in what the story prints."""

    def __init__(self, server: Any) -> None:
        self.server = server

    def conf(self) -> str:
        """The section of aibasic.conf."""
        return str(self.server.conf())

    @abstractmethod
    def clear(self) -> None:
        """Take away all that the lines and the story make."""

    def prepare(self) -> None:  # noqa: B027
        """Make what the lines take for granted; the story makes it by itself."""

    @abstractmethod
    def found(self) -> object:
        """What there is on the server of all that the lines and the story make; asked apart from the module."""

    def is_clear(self) -> bool:
        """Whether nothing of it is there."""
        return not self.found()

    def lasting(self, printed: str) -> str:
        """What the story printed, without what is made up anew each time."""
        return re.sub(self.passing, "...", printed)

    def close(self) -> None:  # noqa: B027
        """End what `found` was asked with."""
