"""The keys of the prompt, beside those that every prompt of prompt_toolkit has."""

from __future__ import annotations

import textwrap
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from prompt_toolkit.application import Application, get_app, run_in_terminal
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER, EditingMode
from prompt_toolkit.filters import (
    Condition,
    completion_is_selected,
    emacs_mode,
    has_completions,
    has_focus,
    is_searching,
    vi_insert_mode,
    vi_navigation_mode,
)
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.key_binding.key_processor import KeyPress, KeyPressEvent
from prompt_toolkit.key_binding.vi_state import InputMode
from prompt_toolkit.keys import Keys
from prompt_toolkit.search import accept_search
from prompt_toolkit.shortcuts import print_formatted_text

INDENT = "    "
KEYS = {
    "Enter": "sends what is complete, begins another line of what is not; two empty lines send it",
    "Esc Enter": "begins another line (Alt-Enter)",
    "Tab": "completes, and says what each thing is",
    "Up, Down": "earlier inputs that begin like this one",
    "Ctrl-R": "searches them",
    "Right": "takes what is suggested",
    "Ctrl-C": "clears the input (Up brings it back); stops what runs",
    "Ctrl-D": "leaves, on an empty line",
    "F1": "shows this",
    "F2": "opens the input in $EDITOR",
    "F3": "completes while you type, or on Tab only",
    "F4": "the keys of vi, or of emacs",
    "Ctrl-L": "clears the screen",
}
"""What each key does."""
LEAVE = "Ctrl-D leaves"
VI_ESCAPE = 0.1
"""Seconds after which Esc counts by itself with the keys of vi, which need it all the time."""
ESCAPE = 1.0
"""Seconds that may lie between Esc and Enter with the keys of emacs."""
ESCAPE_SEQUENCE = 0.1
"""Seconds that a terminal may take between the bytes of one key."""


class PromptKeys:
    """The bindings of one prompt. `wanted_indent` judges a text: the indentation of its next line, None to send it.

    `remember` takes a text that was cleared, `say` shows a short hint.
    """

    def __init__(
        self,
        wanted_indent: Callable[[str], Awaitable[str | None]],
        remember: Callable[[str], None],
        say: Callable[[str], None],
    ) -> None:
        self.completes_while_typing = False
        self.bindings = KeyBindings()
        self._wanted_indent = wanted_indent
        self._remember = remember
        self._say = say
        self._judging = False
        self._held: list[KeyPress] = []
        self._bind()

    def _bind(self) -> None:
        add = self.bindings.add
        at_prompt = has_focus(DEFAULT_BUFFER)
        judging = Condition(lambda: self._judging)
        types = at_prompt & ~judging
        add("enter", filter=types)(self._enter)
        add("enter", filter=types & completion_is_selected)(_take_completion)
        add("enter", filter=is_searching)(_take_found)
        add("escape", "enter", filter=types & (emacs_mode | vi_insert_mode))(_begin_line)
        add("escape", filter=types & has_completions & ~vi_navigation_mode, eager=True)(_close_menu)
        add("tab", filter=types & Condition(_is_at_indentation))(_indent)
        add("c-c", filter=types)(self._clear)
        add(Keys.SIGINT, filter=types)(self._clear)
        add("f1", filter=types)(_show_keys)
        add("f2", filter=types)(_edit)
        add("f3", filter=types)(self._switch_completion)
        add("f4", filter=types)(_switch_mode)
        add(Keys.Any, filter=judging, eager=True)(self._hold)

    def _enter(self, event: KeyPressEvent) -> Coroutine[Any, Any, None] | None:
        """Send the input, or begin another line. What is typed until that is known comes behind it."""
        if "\n" in event.current_buffer.document.text_after_cursor.rstrip():
            event.current_buffer.newline(copy_margin=False)
            return None
        self._judging = True  # from now on: the rest runs only once the next keys may have come
        return self._judge(event)

    async def _judge(self, event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        try:
            indent = await self._wanted_indent(buffer.text)
        finally:
            self._judging = False
        if indent is None:
            buffer.document = Document(buffer.text.rstrip())
            buffer.validate_and_handle()
        else:
            buffer.cursor_position = len(buffer.text)
            buffer.insert_text(f"\n{indent}")
        held, self._held = self._held, []
        event.app.key_processor.feed_multiple(held)
        event.app.key_processor.process_keys()

    def _hold(self, event: KeyPressEvent) -> None:
        self._held.extend(event.key_sequence)

    def _clear(self, event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if not buffer.text:
            self._say(LEAVE)
            return
        if buffer.text.strip():
            self._remember(buffer.text)
        buffer.reset()

    def _switch_completion(self, event: KeyPressEvent) -> None:
        self.completes_while_typing = not self.completes_while_typing
        self._say("completes while you type" if self.completes_while_typing else "completes on Tab")


def keys_told(width: int) -> str:
    """What each key does, in lines of at most `width` characters."""
    indent = max(map(len, KEYS)) + 2
    lines = (
        textwrap.fill(does, max(width, indent + 10), initial_indent=key.ljust(indent), subsequent_indent=" " * indent)
        for key, does in KEYS.items()
    )
    return "\n".join(lines)


def set_mode(app: Application[str], mode: EditingMode) -> None:
    """Let the keys be those of vi or of emacs."""
    app.editing_mode = mode
    app.timeoutlen = VI_ESCAPE if mode == EditingMode.VI else ESCAPE
    app.ttimeoutlen = ESCAPE_SEQUENCE
    app.vi_state.input_mode = InputMode.INSERT


def _take_completion(event: KeyPressEvent) -> None:
    event.current_buffer.complete_state = None


def _take_found(event: KeyPressEvent) -> None:
    """Take what a search has found, and go behind it, so that Enter sends it."""
    accept_search()
    buffer = event.app.current_buffer
    buffer.cursor_position = len(buffer.text)


def _close_menu(event: KeyPressEvent) -> None:
    event.current_buffer.cancel_completion()


def _begin_line(event: KeyPressEvent) -> None:
    event.current_buffer.newline(copy_margin=True)


def _is_at_indentation() -> bool:
    """Whether the cursor stands where a line below the first begins."""
    document = get_app().current_buffer.document
    return document.cursor_position_row > 0 and not document.current_line_before_cursor.strip()


def _indent(event: KeyPressEvent) -> None:
    event.current_buffer.insert_text(INDENT)


def _show_keys(event: KeyPressEvent) -> None:
    columns = event.app.output.get_size().columns
    run_in_terminal(lambda: print_formatted_text(keys_told(columns - 1)))


def _edit(event: KeyPressEvent) -> None:
    event.current_buffer.open_in_editor()


def _switch_mode(event: KeyPressEvent) -> None:
    is_vi = event.app.editing_mode == EditingMode.VI
    set_mode(event.app, EditingMode.EMACS if is_vi else EditingMode.VI)
