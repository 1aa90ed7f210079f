"""Completion in the cells of `%%aibasic` and behind `%aibasic`: a matcher among those of IPython's completer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from IPython.core.completer import CompletionContext, SimpleCompletion, context_matcher

from aibasic_kernel.faces.engine import load_engine
from aibasic_kernel.faces.magic.options import OPTIONS

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from aibasic_kernel.session.session import Session

_OPTION = re.compile(r"%{1,2}aibasic\b.*\s(?P<option>--[\w-]*)\Z")
_LINE = re.compile(r"\s*%aibasic[ \t](?:\s*--frozen|\s*--(?!frozen)[\w-]+[= ]\S+)*\s*")
_BODY = re.compile(r"%%aibasic\b[^\n]*\n")


class Matcher:
    """Gives IPython the completions of a session."""

    def __init__(self, session: Callable[[], Session]) -> None:
        self._session = session

    @contextmanager
    def put_into(self, shell: InteractiveShell) -> Iterator[None]:
        """Be one of the matchers during the block."""

        @context_matcher(priority=100, identifier="aibasic")  # type: ignore[untyped-decorator]  # IPython's
        def matcher(context: CompletionContext) -> Any:
            return self.match(context)

        matchers = shell.Completer.custom_matchers
        matchers.append(matcher)
        try:
            yield
        finally:
            matchers.remove(matcher)

    def match(self, context: CompletionContext) -> dict[str, Any]:
        """The completions at a cursor, as IPython's completer takes them; others only where Python may be meant."""
        text = context.full_text
        before = context.line_with_cursor[: context.cursor_position]
        body = _BODY.match(text)
        line = _LINE.match(context.line_with_cursor)
        if option := _OPTION.match(before):
            names = [SimpleCompletion(text=f"--{name}", type="option") for name in OPTIONS]
            begun = option["option"]
            return _result([each for each in names if each.text.startswith(begun)], begun, alone=True)
        if body is not None and context.cursor_line > 0:
            above = text.split("\n")[: context.cursor_line]
            return self._found(text[body.end() :], sum(map(len, above)) + len(above) - body.end() + len(before))
        if line is not None and len(before) >= line.end():
            return self._found(context.line_with_cursor[line.end() :], len(before) - line.end())
        return _result([], "", alone=False)

    def _found(self, text: str, cursor: int) -> dict[str, Any]:
        load_engine()
        from aibasic_kernel.session.completion.completion import complete

        found = complete(self._session(), text, cursor)
        offers = [SimpleCompletion(text=offer.text, type=offer.kind) for offer in found.offers]
        return _result(offers, text[found.start : cursor], alone=found.python is None)


def _result(completions: list[SimpleCompletion], fragment: str, *, alone: bool) -> dict[str, Any]:
    return {"completions": completions, "matched_fragment": fragment, "suppress": alone, "ordered": True}
