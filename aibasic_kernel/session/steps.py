"""What `Session.run` asks of the face that drives it, and what it is told in return."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aibasic_kernel.compiler.providers.provider import Start
from aibasic_kernel.session.line import Line


@dataclass(frozen=True)
class Ask:
    """Ask the provider: call `start` with listeners for text and notices, wait for the job, send its reply.

    `reason` says why the line is asked for again, "" where it is not.
    """

    line: Line
    model: str
    start: Start
    reason: str = ""

    @property
    def note(self) -> str:
        """What tells the user, while it is asked, whom and for what."""
        return f"{self.line.sentence}  ·  asking {self.model}{f' again ({self.reason})' if self.reason else ''} ..."

    @property
    def when_stopped(self) -> str:
        """What tells the user who stops that."""
        return f"stopped while waiting for {self.model}; nothing was run"


@dataclass(frozen=True)
class Execute:
    """Run the line's code in the namespace, show the value of its last expression if it is to be, send the outcome."""

    line: Line
    shown: bool = True


@dataclass(frozen=True)
class RunLoop:
    """Call `run` where code may run, and send the outcome. It runs many lines, and raises what one of them raises.

    It takes what shows a value, and what is to be called after each line. `place` tells which line runs: `line 20`;
    `rounds` how many have run.
    """

    run: Callable[[Callable[[object], object], Callable[[], object]], None]
    place: Callable[[], str]
    rounds: Callable[[], int]


@dataclass(frozen=True)
class RunMagic:
    """Hand `text` to IPython, send the outcome."""

    line: Line
    text: str


@dataclass(frozen=True)
class Show:
    """Show an object that knows how (a result, or one of `messages`)."""

    thing: object


class StepError(Exception):
    """A step ended with `error`, which no generator may raise itself: it could be StopIteration."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


@dataclass(frozen=True)
class Outcome:
    """How a step ended: the value, or the error (KeyboardInterrupt too)."""

    value: object = None
    error: BaseException | None = None

    def result(self) -> object:
        """The value. Raises StepError where there is an error."""
        if self.error is not None:
            raise StepError(self.error)
        return self.value


Step = Ask | Execute | RunLoop | RunMagic | Show
