"""The direct commands: one table, which the parser, HELP, completion and dispatch read."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from aibasic_kernel.language.control_flow_told import FLOW_TOPICS
from aibasic_kernel.language.instruction import Command, Span


@dataclass(frozen=True)
class CommandForm:
    """One direct command: its `name`, what may follow it (`argument`, as HELP shows it) and what it does (`help`).

    `lower_case_allowed` says whether it is a command in lower case too, where no variable has that name.
    """

    name: str
    argument: str
    help: str
    lower_case_allowed: bool
    pattern: re.Pattern[str]
    """What the argument must match in full; a line that does not is English."""

    @property
    def usage(self) -> str:
        return f"{self.name} {self.argument}".rstrip()


_PATTERNS = {
    "": "",
    "[N[-M]] [CODE]": r"(?:[0-9]+(?:\s*-\s*[0-9]+)?)?(?:(?:(?<=[0-9])\s+|(?<![0-9]))CODE)?",
    "N[-M]": r"[0-9]+(?:\s*-\s*[0-9]+)?",
    "[N]": r"[0-9]*",
    "[N|OFF]": r"(?:[0-9]+|OFF)?",
    "ON|OFF": "ON|OFF",
    '"file.aib"': r"\"[^\"]*\.aib\"|[^\s\"]+\.aib",
    '"file.py"': r"\"[^\"]*\.py\"|[^\s\"]+\.py",
    "[start[,step]]": r"(?:[0-9]+(?:\s*,\s*[0-9]+)?)?",
    "[LAST]": "(?:LAST)?",
    "[task]": r"\w*",
    "[topic]": r"(?:STOP\s+AT|ON\s+ERROR|(?:GO|JUMP)\s+TO|FOR\s+EACH|\w*)",
    "[N] [WITH MODEL]": r"(?:[0-9]+)?(?:(?:(?<=[0-9])\s+|(?<![0-9]))WITH\s+MODEL)?",
    '[N] ["what was wrong"]': r"(?:[0-9]+)?(?:(?:(?<=[0-9])\s+|(?<![0-9]))\"[^\"]*\")?",
    "[KEY = value]": r"(?:[A-Za-z_][\w.:]*\s*=\s*\S.*)?",
}


def _form(name: str, argument: str, help: str, lower_case_allowed: bool = True) -> CommandForm:
    return CommandForm(name, argument, help, lower_case_allowed, re.compile(_PATTERNS[argument], re.IGNORECASE))


_FORMS = (
    _form("LIST", "[N[-M]] [CODE]", "show the program, or a part of it, with its Python"),
    _form("RUN", "[N]", "run the program from its start, or from line N"),
    _form("CONT", "", "go on where the program stopped"),
    _form("STEP", "", "run one line of the program"),
    _form("TRACE", "ON|OFF", "show each line as it runs, with its time"),
    _form(
        "STOP AT", "[N|OFF]", "stop the program before line N; show the stops, or clear all", lower_case_allowed=False
    ),
    _form("NEW", "", "forget the program; variables stay", lower_case_allowed=False),
    _form("SAVE", '"file.aib"', "write the program to a file"),
    _form("LOAD", '"file.aib"', "read a program from a file"),
    _form("DELETE", "N[-M]", "delete lines of the program"),
    _form("RENUM", "[start[,step]]", "number the program's lines anew; jumps follow"),
    _form("IMMEDIATE", "ON|OFF", "run numbered sentences at once, or only store them"),
    _form("CONTEXT", "[LAST]", "show what the next request would say, or what the last one said"),
    _form("MODULES", "", "show the services that are configured"),
    _form("PHRASES", "[task]", "show the sentences that need no model"),
    _form("COST", "", "show tokens and price so far"),
    _form("EXPLAIN", "[N] [WITH MODEL]", "say what a line's code does and why it failed"),
    _form("CODE", "[N]", "show the Python of a line"),
    _form("AGAIN", '[N] ["what was wrong"]', "compile a line anew, with your remark"),
    _form("EDIT", "[N]", "take a line's Python into your own hands"),
    _form("FORGET", "[N]", "drop a line's compilation from the lock"),
    _form("EXPORT", '"file.py"', "write the program as plain Python"),
    _form("TRUST", "", "read what is new in the lock, and say what may run", lower_case_allowed=False),
    _form("SET", "[KEY = value]", "show the settings, or change one for this session", lower_case_allowed=False),
    _form("HELP", "[topic]", "show what a line may be, or one command, form, task type or setting"),
)

COMMANDS: Mapping[str, CommandForm] = MappingProxyType({form.name: form for form in _FORMS})
"""The direct commands by name, in the order in which HELP shows them."""

_COMMAND = re.compile(rf"({'|'.join(name.replace(' ', r' +') for name in COMMANDS)})(?:\s+(.*))?", re.IGNORECASE)
_TOPICAL = ("[task]", "[topic]")


def read_command(text: str, names: Container[str], tasks: Collection[str]) -> Command | None:
    """The command that `text` (no comment, no surrounding blanks) is, not yet placed in a source; None for all else."""
    match = _COMMAND.fullmatch(text)
    if match is None:
        return None
    word, argument = " ".join(match[1].split()), match[2] or ""
    form = COMMANDS[word.upper()]
    if not form.pattern.fullmatch(argument):
        return None
    if word != form.name and not _lower_case_fits(form, word, argument, names, tasks):
        return None
    return Command(Span(0, 0, 1), "", None, form.name, argument)


def _lower_case_fits(
    form: CommandForm, word: str, argument: str, names: Container[str], tasks: Collection[str]
) -> bool:
    if not form.lower_case_allowed or word in names:
        return False
    topic = " ".join(argument.lower().split())
    known_topic = topic in tasks or topic.upper() in COMMANDS or (form.name == "HELP" and topic in FLOW_TOPICS)
    return known_topic or not argument or form.argument not in _TOPICAL
