"""What control flow is to a person: the forms that control_flow.py reads, one table for HELP and completion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class FlowForm:
    """One form of a line: its `usage` and what it does (`help`). HELP knows it by its `topics`, in lower case."""

    topics: tuple[str, ...]
    usage: str
    help: str


FLOW_FORMS = (
    FlowForm(
        ("if", "then", "else"),
        "if CONDITION then N [else M]",
        "go on at line N where it holds, else at M or the next line; then and else take line numbers alone",
    ),
    FlowForm(("goto", "go to", "jump to", "jump"), "goto N", "go on at line N; SENTENCE and goto N does both"),
    FlowForm(
        ("for", "next", "to", "step"),
        "for I = A to B [step C] ... next I",
        "the lines between, for each number; I keeps its last value behind the loop",
    ),
    FlowForm(
        ("for", "for each", "each", "next"),
        "for each X in VALUES ... next X",
        "the lines between, for each element; X keeps its last value behind the loop",
    ),
    FlowForm(("while", "wend"), "while CONDITION ... wend", "the lines between, as long as the condition holds"),
    FlowForm(
        ("call", "gosub", "return"), "call N ... return", "the lines from N on, then behind the call; gosub is call"
    ),
    FlowForm(
        ("on error", "on", "error"),
        "on error goto N",
        "where a line fails, go on at N: _last_error has the text, _last_error_line the number",
    ),
    FlowForm(("on error", "on", "error"), "on error stop", "from here on a line that fails stops the program"),
    FlowForm(("end", "stop"), "end", "the program is at its end; behind a stop, CONT goes on"),
    FlowForm(
        ("input", "ask"), 'input "QUESTION" into X', "ask for a text; with as a number or as a whole number for those"
    ),
    FlowForm(("rem", "comment"), "rem TEXT", "a comment, as is all behind a #"),
)
"""In the order in which HELP shows them."""

_TOPICS = dict.fromkeys(topic for form in FLOW_FORMS for topic in form.topics)
FLOW_TOPICS: Mapping[str, tuple[FlowForm, ...]] = MappingProxyType(
    {topic: tuple(form for form in FLOW_FORMS if topic in form.topics) for topic in _TOPICS}
)
"""The forms by the words that HELP takes for them."""
