"""What a text is made of: one class a kind of instruction."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """A stretch of the source: offsets in characters, `end` exclusive; `line` counts from 1."""

    start: int
    end: int
    line: int


@dataclass(frozen=True)
class Instruction:
    """One statement of a program. Every character of a source belongs to the `span` of exactly one instruction.

    `source` is that stretch as written (with its line ends and comments); `number` is the line number, if it has one.
    """

    span: Span
    source: str
    number: int | None


@dataclass(frozen=True)
class Sentence(Instruction):
    """An English statement, to be compiled.

    `text` has no number, task type or comment, and its continuation lines are joined by single blanks.
    `task` is a task type's name in lower case, "" where none was written; `instance` is the `name` of `(task:name)`.
    `then_goto` is the target of `SENTENCE and goto N`.
    """

    text: str
    task: str = ""
    instance: str = ""
    then_goto: int | None = None

    @property
    def section(self) -> str:
        """The configuration section that it names: `postgres`, `postgres:warehouse`, or "" without a task type."""
        return f"{self.task}:{self.instance}" if self.instance else self.task


@dataclass(frozen=True)
class Python(Instruction):
    """Python that the user typed: `code` runs as it stands (it may hold several statements and top-level await)."""

    code: str


@dataclass(frozen=True)
class Magic(Instruction):
    """Something for IPython: a `%` or `!` line, a whole `%%` cell, or `NAME?`."""

    text: str


@dataclass(frozen=True)
class Command(Instruction):
    """A direct command: `name` in upper case (`CONTEXT`, `STOP AT`), `argument` as written, no blanks around it."""

    name: str
    argument: str


@dataclass(frozen=True)
class Remark(Instruction):
    """`rem TEXT`, a comment on its own, or an empty line."""

    text: str


@dataclass(frozen=True)
class BareNumber(Instruction):
    """A number alone on a line: deletes that program line where it exists, else it is its value. `number` is None."""

    value: int


@dataclass(frozen=True)
class Goto(Instruction):
    """`goto N`."""

    target: int


@dataclass(frozen=True)
class If(Instruction):
    """`if CONDITION then N [else M]`; the condition is English or Python and compiles to one expression."""

    condition: str
    then: int
    otherwise: int | None = None


@dataclass(frozen=True)
class For(Instruction):
    """`for VARIABLE = START to STOP [step STEP]`; the bounds are expressions, as written."""

    variable: str
    start: str
    stop: str
    step: str | None = None


@dataclass(frozen=True)
class ForEach(Instruction):
    """`for each VARIABLE in COLLECTION`."""

    variable: str
    collection: str


@dataclass(frozen=True)
class Next(Instruction):
    """`next [VARIABLE]`."""

    variable: str | None = None


@dataclass(frozen=True)
class While(Instruction):
    """`while CONDITION`."""

    condition: str


@dataclass(frozen=True)
class Wend(Instruction):
    """`wend`."""


@dataclass(frozen=True)
class OnError(Instruction):
    """`on error goto N`; `target` is None for `on error stop`."""

    target: int | None = None


@dataclass(frozen=True)
class Call(Instruction):
    """`call N` or `gosub N`."""

    target: int


@dataclass(frozen=True)
class Return(Instruction):
    """`return`."""


@dataclass(frozen=True)
class End(Instruction):
    """`end`."""


@dataclass(frozen=True)
class Stop(End):
    """`stop`: an end behind which CONT goes on."""


CONTROL_FLOW = (Goto, If, For, ForEach, Next, While, Wend, OnError, Call, Return, End, Stop)
