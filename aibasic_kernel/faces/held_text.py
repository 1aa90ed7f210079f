"""A text that goes out in pieces, of which none shows a secret that was written in several of them."""

from __future__ import annotations

from itertools import takewhile

from aibasic_kernel.compiler.privacy.redaction import Redactor

LOOK_BACK = 8
"""Characters that have gone out already and are looked at again: a secret may have begun among them."""


class HeldText:
    """What has passed of one text, and what of it waits."""

    def __init__(self) -> None:
        self._kept = ""
        self._gone = ""

    def passed(self, text: str, redactor: Redactor, *, more: bool) -> str:
        """What may go out now of `text` and what was kept before it; `more` says that further text may follow.

        With more to come, an end that may be the beginning of a secret is kept.
        """
        text = self._kept + text
        back = min(redactor.held_back(self._gone + text), len(text)) if more else 0
        cut = len(text) - back
        self._kept = text[cut:]
        behind, whole = self._gone, self._gone + text[:cut]
        self._gone = whole[-LOOK_BACK:]
        shown = redactor.clean(whole)
        same = (one == other for one, other in zip(shown, behind, strict=False))
        return shown[sum(takewhile(bool, same)) :]
