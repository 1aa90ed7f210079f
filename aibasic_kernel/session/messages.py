"""What the session shows beside results: each knows itself as text, as HTML and, where programs want it, as data."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

from aibasic_kernel.compiler.compilation import COMPILATION_MIME
from aibasic_kernel.compiler.compiler import Served
from aibasic_kernel.session.line import Line

_PLAIN_TEXT = "margin:0.3em 0;padding:0;white-space:pre-wrap;word-break:normal;overflow-wrap:anywhere"
"""How a text looks as front ends show one that is printed: not indented, broken between words."""
NOTHING = {"text/plain": ""}
PRODUCTION = "PRODUCTION"
"""What stands in front of all that concerns a service with PRODUCTION = true."""
_RED, _PLAIN = "\x1b[1;41;97m", "\x1b[0m"


@dataclass
class Note:
    """A sentence from the engine to the user."""

    text: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/plain": self.text, "text/html": f"<pre style='{_PLAIN_TEXT}'>{html.escape(self.text)}</pre>"}


@dataclass(frozen=True)
class Elsewhere:
    """What stands above the output of a typed line of another cell."""

    line: Line
    cell: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        text = f"{self.cell} {self.line.sentence}"
        return {"text/plain": text, "text/html": f"<small><code>{html.escape(text)}</code></small>"}


@dataclass(frozen=True)
class Listing:
    """A longer text under a title; folded in HTML."""

    title: str
    text: str
    open: bool = False

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/plain": f"{self.title}\n\n{self.text}", "text/html": folded(self.title, self.text, self.open)}


@dataclass(frozen=True)
class NextInput:
    """A text for the user's next cell or prompt; a face that has no such thing shows it."""

    text: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return Listing("run this, changed as you like", self.text, open=True)._repr_mimebundle_()


@dataclass
class Header:
    """What stands above the output of a compiled line: its Python and who wrote it.

    The saved form is the same at every run that uses the same code; what differs (seconds, tokens, whether the lock
    served it) is in `passing` and never saved.
    """

    line: Line
    served: Served
    whole: bool = True
    production: bool = False
    """Whether the line works with a service that others depend on: its title is red."""
    cell: str = ""
    """The label of the cell that the line stands in, where it runs in another one."""

    def __post_init__(self) -> None:
        self._python, self._attempt = self.line.python.rstrip("\n"), self.line.failed

    @property
    def author(self) -> str:
        """Who wrote the code: `by phrase` or `by claude-haiku-5-5`."""
        kind, name = self.served.compilation.origin
        return {"phrase": "by phrase", "user": "by you"}.get(kind, f"by {name}")

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
        said = f"{self.cell} {line.sentence}".lstrip()
        title = "  ·  ".join(filter(None, (said, self.author, passing)))
        plain, colour = (f"{_RED}{PRODUCTION}{_PLAIN}  {title}", "#c00") if self.production else (title, "")
        title = f"{PRODUCTION}  {title}" if self.production else title
        if not self.whole:
            return {"text/plain": plain, "text/html": f"<small{_style(colour)}>{html.escape(title)}</small>"}
        python, price = self._python, passing if passing == self.passing else ""
        return {
            "text/plain": f"{plain}\n{gutter(python)}",
            "text/html": folded(title, python, colour=colour),
            COMPILATION_MIME: {
                "line": line.instruction.number,
                **self.served.compilation.to_json(),
                "title": said,
                "author": self.author,
                "production": self.production,
                "price": price,
                "progress": "" if price else passing,
            },
        }

    def saved(self) -> dict[str, Any]:
        """What stays of it: nothing where other code has taken the place of this since."""
        return self.bundle() if _stays(self.line, self._attempt) else NOTHING

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return self.bundle()


@dataclass
class Failed(Note):
    """That an answer to a line failed, for as long as no other has run well."""

    line: Line

    def __post_init__(self) -> None:
        self._attempt = self.line.failed

    def saved(self) -> dict[str, Any]:
        """What stays of it."""
        return self._repr_mimebundle_() if _stays(self.line, self._attempt) else NOTHING


def _stays(line: Line, attempt: int) -> bool:
    return attempt == line.failed or not line.is_repaired


def _style(colour: str) -> str:
    return f" style='color:{colour}'" if colour else ""


def gutter(text: str) -> str:
    """A text behind a rule, as code stands below its line."""
    return "\n".join(f"  │ {line}" for line in text.splitlines())


def folded(title: str, text: str, opened: bool = False, colour: str = "") -> str:
    """HTML: a title that unfolds a text in a fixed-width font."""
    start = "<details open>" if opened else "<details>"
    return (
        f"{start}<summary{_style(colour)}><small><code>{html.escape(title)}</code></small></summary>"
        f"<pre style='margin:0.3em 0 0.3em 1em'>{html.escape(text)}</pre></details>"
    )
