"""The content that operations and phrases speak of, laid out again only where something has changed it."""

from __future__ import annotations

from aibasic_kernel.testing.service import ServiceUnderTest


class LaidOut:
    """The prepared content of a service; `before` is what `content()` says of it."""

    def __init__(self, service: ServiceUnderTest) -> None:
        self._service = service
        service.prepare()
        self.before = service.content()

    @property
    def changed(self) -> bool:
        """Whether it is no more what it was. Asked of the server."""
        return self._service.content() != self.before

    def anew(self) -> bool:
        """Lay it out again where it has changed, and say whether it had."""
        changed = self.changed
        if changed:
            self._service.prepare()
            self.before = self._service.content()
        return changed
