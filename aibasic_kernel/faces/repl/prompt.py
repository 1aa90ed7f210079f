"""The prompt: where programs are typed, with history, completion, highlighting and the toolbar."""

from __future__ import annotations

import asyncio
import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import AnyFormattedText
from prompt_toolkit.input import Input
from prompt_toolkit.lexers import DynamicLexer, Lexer, PygmentsLexer
from prompt_toolkit.output import Output
from prompt_toolkit.styles import Style

from aibasic_kernel.faces.repl.completer import KernelCompleter
from aibasic_kernel.faces.repl.history import KeptHistory, history_file
from aibasic_kernel.faces.repl.judging import wanted_indent
from aibasic_kernel.faces.repl.keys import PromptKeys, set_mode
from aibasic_kernel.faces.repl.toolbar import STYLE, toolbar
from aibasic_kernel.faces.repl.view import SessionView

if TYPE_CHECKING:
    from prompt_toolkit.key_binding.vi_state import InputMode

    from aibasic_kernel.faces.repl.link import KernelLink

PROMPT = "aib> "
CONTINUED = "...> "
MENU_LINES = 8
"""Lines that are kept free below the prompt for completions."""


class Prompt:
    """Asks for one input after another. It is up before its kernel is."""

    def __init__(
        self,
        link: KernelLink,
        view: SessionView,
        *,
        vi: bool = False,
        history: Path | None = None,
        input: Input | None = None,
        output: Output | None = None,
    ) -> None:
        self._view = view
        self._hint = ""
        self._lexer: Lexer | None = None
        self._loading: asyncio.Task[None] | None = None
        self._history = KeptHistory(link, history or history_file())
        self._keys = PromptKeys(lambda text: wanted_indent(link, text), self._history.remember, self._say)
        while_typing = Condition(lambda: self._keys.completes_while_typing)
        self._session: PromptSession[str] = PromptSession(
            PROMPT,
            multiline=True,
            prompt_continuation=_continuation,
            lexer=DynamicLexer(lambda: self._lexer),
            style=Style.from_dict(STYLE),
            key_bindings=self._keys.bindings,
            completer=KernelCompleter(link),
            complete_while_typing=while_typing,
            enable_history_search=~while_typing,
            history=self._history,
            auto_suggest=AutoSuggestFromHistory(),
            bottom_toolbar=self._toolbar,
            reserve_space_for_menu=MENU_LINES,
            enable_open_in_editor=True,
            enable_suspend=True,
            tempfile_suffix=".aib",
            input=input,
            output=output,
        )
        set_mode(self._session.app, EditingMode.VI if vi else EditingMode.EMACS)
        self._session.default_buffer.on_text_changed += lambda buffer: self._say("")
        view.on_change.append(self._session.app.invalidate)

    async def ask(self, text: str = "") -> str:
        """What is typed next; `text` stands there to begin with. "" for an empty line. Raises EOFError for Ctrl-D."""
        self._loading = self._loading or asyncio.create_task(self._load_lexer())
        settling = asyncio.create_task(self._history.settle())
        try:
            return await self._session.prompt_async(default=text)
        finally:
            await settling

    def close(self) -> None:
        """The shell is left: the kernel, which may go on, need tell it no more."""
        self._view.close()

    async def _load_lexer(self) -> None:
        """Colour what is typed, once the prompt is up."""
        module = await asyncio.to_thread(importlib.import_module, "aibasic_kernel.language.lexer")
        self._lexer = PygmentsLexer(module.AIBasicLexer)
        self._session.app.invalidate()

    def _say(self, hint: str) -> None:
        self._hint = hint

    def _toolbar(self) -> AnyFormattedText:
        columns = self._session.app.output.get_size().columns
        return toolbar(self._view.kernel, self._view.state, columns, mode=self._mode(), hint=self._hint)

    def _mode(self) -> str:
        app = self._session.app
        mode: InputMode = app.vi_state.input_mode
        return f"vi {mode.value.removeprefix('vi-')}" if app.editing_mode == EditingMode.VI else ""


def make_prompt(
    link: KernelLink,
    view: SessionView,
    *,
    vi: bool = False,
    history: Path | None = None,
    input: Input | None = None,
    output: Output | None = None,
) -> Prompt:
    """The prompt of the kernel behind `link`; `history` is its file, by default that of the user."""
    return Prompt(link, view, vi=vi, history=history, input=input, output=output)


def _continuation(width: int, line: int, wraps: int) -> str:
    """In front of each line but the first; a line too long for the terminal goes on below blanks."""
    return " " * width if wraps else CONTINUED.rjust(width)
