"""The Python for one sentence, with what it relies on and where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aibasic_kernel.compiler.traces.trace import Trace

COMPILATION_MIME = "application/vnd.aibasic.compilation+json"
"""Under which the outputs of a compiled line carry its compilation."""


@dataclass(frozen=True)
class Compilation:
    """What one sentence was compiled to.

    `sentence` is its text (no number, no comment), `section` the task type and instance that it names ("" for none).
    `result` is the name of the variable that holds its result, "" where the value of its last expression is the result
    or there is none. `origin` says who wrote the code: `phrase` and its example, `model` and the model's
    name, or `user`.
    """

    sentence: str
    section: str
    python: str
    result: str
    origin: tuple[str, str]
    trace: Trace

    def to_json(self) -> dict[str, Any]:
        """All of it as plain data, for the lock and for the bundle in a notebook's output."""
        return {
            "sentence": self.sentence,
            "section": self.section,
            "python": self.python,
            "result": self.result,
            "origin": list(self.origin),
            "trace": self.trace.to_json(),
        }

    @classmethod
    def from_json(cls, data: Any) -> Compilation:
        """What `to_json` gave. Raises KeyError, TypeError or ValueError for anything else."""
        kind, name = data["origin"]
        texts = (data["sentence"], data["section"], data["python"], data["result"], kind, name)
        if not all(isinstance(text, str) for text in texts):
            raise ValueError("sentence, section, code, result and author must be text")
        return cls(*texts[:4], (kind, name), Trace.from_json(data["trace"]))
