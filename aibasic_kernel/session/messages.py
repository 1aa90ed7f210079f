"""What the session shows beside results: each knows itself as text, as HTML and, where programs want it, as data."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

from aibasic_kernel.compiler.compilation import COMPILATION_MIME
from aibasic_kernel.compiler.compiler import Served
from aibasic_kernel.session.line import Line


@dataclass(frozen=True)
class Note:
    """A sentence from the engine to the user."""

    text: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/plain": self.text, "text/html": f"<pre>{html.escape(self.text)}</pre>"}


@dataclass(frozen=True)
class Listing:
    """A longer text under a title; folded in HTML."""

    title: str
    text: str
    open: bool = False

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/plain": f"{self.title}\n\n{self.text}", "text/html": folded(self.title, self.text, self.open)}


@dataclass(frozen=True)
class Header:
    """What stands above the output of a compiled line: its Python and who wrote it.

    The saved form is the same at every run that uses the same code; what differs (seconds, tokens, whether the lock
    served it) is in `passing` and never saved.
    """

    line: Line
    served: Served
    whole: bool = True

    @property
    def author(self) -> str:
        """Who wrote the code: `by phrase` or `by claude-haiku-5-5`."""
        kind, name = self.served.compilation.origin
        return "by phrase" if kind == "phrase" else f"by {name}"

    @property
    def passing(self) -> str:
        """What this run adds: `from the lock`, or the model's seconds and tokens."""
        if self.served.from_lock:
            return "from the lock"
        reply = self.served.reply
        if reply is None:
            return ""
        return f"{reply.seconds:.1f} s, {reply.bill}" if reply.bill is not None else f"{reply.seconds:.1f} s"

    def bundle(self, passing: str = "") -> dict[str, Any]:
        """The MIME bundle, with `passing` added to its title."""
        line = self.line
        title = f"{line.sentence}  ·  {self.author}" + (f"  ·  {passing}" if passing else "")
        if not self.whole:
            return {"text/plain": title, "text/html": f"<small>{html.escape(title)}</small>"}
        python = line.python.rstrip("\n")
        gutter = "\n".join(f"  │ {text}" for text in python.splitlines())
        return {
            "text/plain": f"{title}\n{gutter}",
            "text/html": folded(title, python),
            COMPILATION_MIME: {"line": line.instruction.number, **self.served.compilation.to_json()},
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return self.bundle()


def folded(title: str, text: str, opened: bool = False) -> str:
    """HTML: a title that unfolds a text in a fixed-width font."""
    start = "<details open>" if opened else "<details>"
    return (
        f"{start}<summary><small><code>{html.escape(title)}</code></small></summary>"
        f"<pre style='margin:0.3em 0 0.3em 1em'>{html.escape(text)}</pre></details>"
    )
