"""Where the cells of an IPython shell show things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython.core.displaypub import CapturingDisplayPublisher

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


class NotebookScreen:
    """The front end of a kernel: each output has its place, and can be written anew there."""

    keeps_places = True

    def __init__(self, shell: InteractiveShell, above: str = "") -> None:
        """`above` is what has to stand above a text in the user's next cell."""
        self._shell = shell
        self._above = above

    @property
    def is_captured(self) -> bool:
        """Whether what is displayed goes into a variable, so that nobody sees it now."""
        return isinstance(self._shell.display_pub, CapturingDisplayPublisher)

    def publish(
        self,
        data: dict[str, Any],
        display_id: str | None = None,
        *,
        update: bool = False,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Show a MIME bundle; with `update` in the place of that id."""
        transient = {"display_id": display_id} if display_id else {}
        self._shell.display_pub.publish(data, metadata or {}, transient=transient, update=update)

    def publish_passing(self, data: dict[str, Any], display_id: str, *, update: bool = False) -> None:
        """Show in that place what something else will replace before the cell ends."""
        self.publish(data, display_id, update=update)

    def format(self, thing: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """The MIME bundle of an object, and its metadata."""
        assert self._shell.display_formatter is not None
        data, metadata = self._shell.display_formatter.format(thing)
        return data, metadata

    def next_input(self, text: str) -> None:
        """Put a text below the cell that runs."""
        self._shell.set_next_input(self._above + text)
