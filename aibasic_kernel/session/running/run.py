"""One run through lines: where it is, the loops and calls that it is in, and who handles its errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.session.program.memory import Program, ProgramLine
from aibasic_kernel.session.running.track import Frame, Track

DEEPEST = 10_000
"""Calls within calls: more are a line that calls itself without end."""


@dataclass(eq=False)
class Run:
    """A run that stands before the line at `at` of its track, or at its end where there is none.

    `following` gives the track of the next cell for a run that goes through the whole program.
    """

    program: Program
    track: Track
    at: int = 0
    following: Callable[[Track], Track | None] = lambda track: None
    frames: list[Frame] = field(default_factory=lambda: [Frame()])
    handler: tuple[Track, int] | None = None
    """Where `on error` goes on."""
    handling: tuple[ProgramLine, BaseException] | None = None
    """The line that failed, and how, while its handler runs."""
    in_line: bool = False
    """Whether the line has begun, and not ended."""
    is_stopped: bool = False
    """Whether the line before says so: nothing runs until that is taken back."""
    rounds: int = 0
    """Lines that have begun."""
    seen: set[ProgramLine] = field(default_factory=set)
    """The lines that have run."""
    _main: set[ProgramLine] = field(default_factory=set)
    """The lines that have run outside of a handler."""
    _tracks: dict[str, Track] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._tracks[self.track.cell.key] = self.track

    @property
    def line(self) -> ProgramLine | None:
        """The line to run next; None at the end."""
        while self.at >= len(self.track.lines):
            following = self.following(self.track)
            if following is None:
                return None
            self.track, self.at = self._tracks.setdefault(following.cell.key, following), 0
        return self.track.lines[self.at]

    @property
    def frame(self) -> Frame:
        """The innermost call."""
        return self.frames[-1]

    def begin(self, line: ProgramLine) -> None:
        """The line begins: a handler has done its work once the run is back where it has been before."""
        self.in_line = True
        self.rounds += 1
        self.seen.add(line)
        if self.handling is None:
            self._main.add(line)
        elif line in self._main:
            self.handling = None

    def go_on(self) -> None:
        """Behind this line."""
        self.at += 1
        self.in_line = False

    def jump(self, number: int) -> None:
        """To the line of that number. Raises AIBasicError where there is none."""
        self.track, self.at = self.place(number)
        self.in_line = False

    def skip_to(self, at: int) -> None:
        """To another line of this track."""
        self.at = at
        self.in_line = False

    def call(self, number: int) -> None:
        """To the line of that number, and behind this one at the next return."""
        if len(self.frames) > DEEPEST:
            raise AIBasicError(
                f"more than {DEEPEST:,} calls are open", "does a line call itself without end? a return ends each call"
            )
        back = self.track, self.at + 1
        self.jump(number)
        self.frames.append(Frame(back))

    def go_back(self) -> None:
        """Behind the newest call."""
        if len(self.frames) == 1:
            raise AIBasicError(
                "return without a call",
                "only lines that `call N` or `gosub N` went to can return: is there an `end` above them?",
            )
        back = self.frames.pop().back
        assert back is not None
        self.track, self.at = back
        self.in_line = False

    def handle(self, line: ProgramLine, error: BaseException) -> None:
        """To the handler, for the line failed with that error."""
        assert self.handler is not None
        self.handling = line, error
        self.track, self.at = self.handler
        self.in_line = False

    def end(self) -> None:
        """To the end of everything."""
        self.following = lambda track: None
        self.at = len(self.track.lines)
        self.in_line = False

    def stop(self) -> None:
        """Behind this line, to go on with at another time."""
        self.go_on()
        self.is_stopped = True

    def place(self, number: int) -> tuple[Track, int]:
        """Where the line of that number stands, seen from here. Raises AIBasicError where it does not."""
        at = self.track.numbers.get(number)
        if at is not None:
            return self.track, at
        line = self.program.find(number, self.track.cell)
        if line is None:
            raise AIBasicError(f"there is no line {number}", "LIST shows the lines that there are")
        track = self._tracks.get(line.cell.key)
        if track is None or number not in track.numbers:
            track = self._tracks[line.cell.key] = Track(line.cell, list(line.cell.lines))
        return track, track.numbers[number]
