"""The words and forms of the language as data, for whoever colours or completes it without its parser.

All of it is taken from what the parser itself reads by. Task types are no part of the language: who knows them hands
them in, as to `parse`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from aibasic_kernel.language.commands import COMMANDS
from aibasic_kernel.language.control_flow import FLOW_PATTERNS, LAST_JUMP, TARGET_GROUPS
from aibasic_kernel.language.remarks import REM
from aibasic_kernel.language.source import NUMBER
from aibasic_kernel.language.tasks import TASK

_NO_WORD = re.compile(r"\\.|\?P?<?\w*[>=!]|\[[^\]]*\]")
_WORD = re.compile("[a-z]+")


def _words(pattern: re.Pattern[str]) -> list[str]:
    return _WORD.findall(_NO_WORD.sub(" ", pattern.pattern))


FLOW_WORDS = tuple(sorted({word for pattern in FLOW_PATTERNS for word in _words(pattern)}))
"""Each word of the grammar of control flow. Most are English too: they count in a line that is control flow."""


@dataclass(frozen=True)
class Vocabulary:
    """What an editor has to know.

    The patterns are regular expressions that Python and JavaScript read alike, to be matched without regard to case
    and with dots that match line ends. `control_flow` and `remark` are matched in full, against a statement without
    its number, comment and surrounding blanks; `line_number` at the start of a line, `task` at that of a statement.
    """

    commands: dict[str, str]
    """The direct commands in upper case, a blank between their words, each with what has to match all behind it."""
    lower_case_commands: tuple[str, ...]
    """Those that are commands in lower case too, where no variable has the name."""
    control_flow_words: tuple[str, ...]
    task_types: tuple[str, ...]
    line_number: str
    task: str
    """`(postgres:warehouse)`: its groups are task type and instance."""
    remark: str
    control_flow: tuple[str, ...]
    """The forms of control flow: what is outside of their groups is words of the grammar."""
    target_groups: tuple[str, ...]
    """The groups of `control_flow` and `last_jump` that are numbers of lines."""
    last_jump: str
    """` and goto N`, to be searched for at the end of a sentence."""


def vocabulary(tasks: Collection[str] = ()) -> Vocabulary:
    """The vocabulary of the language with these task types, other words for them included."""
    return Vocabulary(
        commands={name: _portable(form.pattern) for name, form in COMMANDS.items()},
        lower_case_commands=tuple(name for name, form in COMMANDS.items() if form.lower_case_allowed),
        control_flow_words=FLOW_WORDS,
        task_types=tuple(sorted(tasks)),
        line_number=_portable(NUMBER),
        task=_portable(TASK),
        remark=_portable(REM),
        control_flow=tuple(map(_portable, FLOW_PATTERNS)),
        target_groups=TARGET_GROUPS,
        last_jump=_portable(LAST_JUMP),
    )


def _portable(pattern: re.Pattern[str]) -> str:
    """The pattern as JavaScript reads it."""
    return pattern.pattern.replace("(?P<", "(?<").replace(r"\Z", "$")
