"""What a cell's loops show: where they are while they run, and a bounded part of what they put out."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from aibasic_kernel.compiler.folders import data_folder
from aibasic_kernel.faces.execution import progress_of
from aibasic_kernel.faces.folded_text import Bounds, FoldedText
from aibasic_kernel.faces.output_files import new_output
from aibasic_kernel.faces.streams import bounded
from aibasic_kernel.session.messages import NOTHING

VALUES = 10
"""Values of one line that are shown as usual."""
AFTER, EVERY = 1.0, 0.25
"""Seconds until it is told where a loop is, and from one time to the next."""
Bundle = dict[str, Any]
Publish = Callable[..., None]


class Spot:
    """A place in the cell's output that is written again and again; `usual` stands there already, or should."""

    def __init__(self, publish: Publish, usual: Bundle = NOTHING, display_id: str = "") -> None:
        self._publish = publish
        self._usual = usual
        self._display_id = display_id or os.urandom(8).hex()
        self.is_used = bool(display_id)
        self._is_changed = False

    def show(self, bundle: Bundle) -> None:
        """Show it there."""
        self._publish(bundle, self._display_id, update=self.is_used)
        self.is_used = self._is_changed = True

    def take_back(self) -> None:
        """Show what is usually there."""
        if self._is_changed:
            self.show(self._usual)
            self._is_changed = False


@dataclass
class Titled:
    """A display whose title can be told more: `titled` gives it so, and `spot` is where it stands."""

    spot: Spot
    titled: Callable[[str], Bundle]


class LoopDisplay:
    """The loops of one cell, from the first line that runs again until `close`.

    `publish` is the shell's; `key` says which cell it is; `header` is the last one that is seen.
    """

    def __init__(self, publish: Publish, key: str, header: Titled | None) -> None:
        self._publish = publish
        self._key = key
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._place: Callable[[], str] = str
        self._rounds: Callable[[], int] | None = None
        self._values: dict[tuple[str, type], _Values] = {}
        self._rest = FoldedText(self._new_file("text"))
        self._folded = Spot(publish)
        self._progress = header or Titled(Spot(publish), lambda text: {"text/plain": text})
        self._bounded = ExitStack()
        self._bounded.enter_context(bounded(Bounds(self._rest).passed))
        context = copy_context()  # it knows whose cell the display is
        self._thread = threading.Thread(target=context.run, args=(self._watch,), name="aibasic-loop", daemon=True)

    def at(self, place: Callable[[], str], rounds: Callable[[], int] | None = None) -> None:
        """From now on `place` tells which line runs, and `rounds` how many have run; as before where it is None."""
        self._place = place
        self._rounds = rounds or self._rounds
        if self._thread.ident is None:
            self._thread.start()

    def is_usual(self, value: object) -> bool:
        """Whether a value of the line that runs is shown as usual; else it is to be kept."""
        self.catch_up()
        return self._values_like(value).is_usual()

    def keep(self, value: object, bundle: Bundle) -> None:
        """Show a value of the line that runs in the place of the one before."""
        self._values_like(value).keep(bundle)

    def catch_up(self) -> None:
        """Before something else is shown: what was printed until now comes above it."""
        sys.stdout.flush()
        sys.stderr.flush()
        with self._lock:
            if self._rest and not self._folded.is_used:
                self._folded.show(self._rest.now())

    def close(self) -> None:
        """Take the progress away, and show all that was kept."""
        self._over.set()
        with self._lock:
            self._progress.spot.take_back()
        self._bounded.close()
        if self._rest:
            self._folded.show(self._rest.saved())
        self._rest.close()
        for values in self._values.values():
            values.close()

    def _values_like(self, value: object) -> _Values:
        key = (self._place(), type(value))
        found = self._values.get(key)
        if found is None:
            rest = FoldedText(self._new_file(" ".join((key[0], key[1].__name__))), "value", f" of {key[0]}", ends=False)
            found = self._values[key] = _Values(self._publish, rest)
        return found

    def _new_file(self, what: str) -> Callable[[], tuple[Path, IO[bytes]]]:
        """Makes the file for that of this cell, always the same."""
        of_whom = "\0".join((str(Path.cwd()), self._key, what)).encode("utf-8", "replace")
        name = hashlib.sha256(of_whom).hexdigest()[:16]
        return lambda: new_output(data_folder(os.environ) / "output", name)

    def _watch(self) -> None:
        """Tell where the loop is, until it is over."""
        wait, before = AFTER, self._sample()
        while not self._over.wait(wait):
            wait, now = EVERY, self._sample()
            with self._lock:
                if not self._over.is_set():
                    self._tell(progress_of(self._place(), now[1], (now[1] - before[1]) / (now[0] - before[0])))
            before = now

    def _sample(self) -> tuple[float, int]:
        return time.monotonic(), self._rounds() if self._rounds is not None else 0

    def _tell(self, progress: str) -> None:
        if self._rest:
            self._progress.spot.take_back()
            self._folded.show(self._rest.now(progress))
        else:
            self._progress.spot.show(self._progress.titled(progress))


class _Values:
    """The values of one line: the first as they come, then the newest, with those before it folded below."""

    def __init__(self, publish: Publish, rest: FoldedText) -> None:
        self._rest = rest
        self._newest, self._folded = Spot(publish), Spot(publish)
        self._bundle: Bundle = {}
        self._count = 0
        self._shown_at = 0.0

    def is_usual(self) -> bool:
        """Whether one more is shown as usual."""
        self._count += 1
        return self._count <= VALUES

    def keep(self, bundle: Bundle) -> None:
        """Show one more in the place of the one before."""
        if self._bundle:
            self._rest.add(f"{self._bundle.get('text/plain', '')}\n", 1)
        self._bundle = bundle
        if time.monotonic() - self._shown_at > EVERY:
            self._shown_at = time.monotonic()
            self._newest.show(bundle)
            if self._rest:
                self._folded.show(self._rest.now())

    def close(self) -> None:
        """Show how it is in the end."""
        if self._bundle:
            self._newest.show(self._bundle)
        if self._rest:
            self._folded.show(self._rest.saved())
        self._rest.close()
