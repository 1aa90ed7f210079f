"""Direct commands: upper case always, lower case where nothing else is meant, and only in their form."""

import re

import pytest

from aibasic_kernel.language import COMMANDS, ParseError, parse
from aibasic_kernel.language.instruction import Command

TASKS = frozenset({"postgres", "df"})

COMMAND_LINES = [
    ("LIST", "LIST", ""),
    ("LIST 10", "LIST", "10"),
    ("LIST 10-50", "LIST", "10-50"),
    ("list 10 - 50", "LIST", "10 - 50"),
    ("RUN", "RUN", ""),
    ("run 10  # again", "RUN", "10"),
    ("CONT", "CONT", ""),
    ("step", "STEP", ""),
    ("trace on", "TRACE", "on"),
    ("TRACE OFF", "TRACE", "OFF"),
    ("STOP AT 100", "STOP AT", "100"),
    ("STOP AT", "STOP AT", ""),
    ("STOP AT off", "STOP AT", "off"),
    ("NEW", "NEW", ""),
    ('SAVE "shop.aib"', "SAVE", '"shop.aib"'),
    ('load "my shop.aib"', "LOAD", '"my shop.aib"'),
    ("LOAD shop.aib", "LOAD", "shop.aib"),
    ("DELETE 10-20", "DELETE", "10-20"),
    ("RENUM", "RENUM", ""),
    ("RENUM 100, 5", "RENUM", "100, 5"),
    ("IMMEDIATE OFF", "IMMEDIATE", "OFF"),
    ("CONTEXT LAST", "CONTEXT", "LAST"),
    ("MODULES", "MODULES", ""),
    ("phrases postgres", "PHRASES", "postgres"),
    ("cost", "COST", ""),
    ("EXPLAIN", "EXPLAIN", ""),
    ("EXPLAIN 10 WITH MODEL", "EXPLAIN", "10 WITH MODEL"),
    ("EXPLAIN WITH MODEL", "EXPLAIN", "WITH MODEL"),
    ("CODE 10", "CODE", "10"),
    ('AGAIN 10 "too many rows"', "AGAIN", '10 "too many rows"'),
    ('again "too many rows"', "AGAIN", '"too many rows"'),
    ("EDIT 10", "EDIT", "10"),
    ("FORGET 10", "FORGET", "10"),
    ('EXPORT "shop.py"', "EXPORT", '"shop.py"'),
    ("TRUST", "TRUST", ""),
    ("SET MODEL = claude-haiku-5-5", "SET", "MODEL = claude-haiku-5-5"),
    ("SET", "SET", ""),
    ("HELP", "HELP", ""),
    ("help list", "HELP", "list"),
    ("HELP STOP AT", "HELP", "STOP AT"),
]

NO_COMMANDS = [
    "list the orders",
    "LIST the orders",
    "run the report",
    "new",
    "trust",
    "stop at 100",
    "set x = five dollars",
    "SET the table",
    'save "orders.csv"',
    'LOAD "sales.csv"',
    'export "orders.xlsx"',
    "delete 5 customers",
    "trace the parcel",
    "phrases about love",
    "help me",
    "forget it",
    "explain 10WITH MODEL",
    "edit the names",
    "context",
    "step = 5",
    "LIST = 5",
]


@pytest.mark.parametrize(("text", "name", "argument"), COMMAND_LINES, ids=[text for text, *_ in COMMAND_LINES])
def test_commands(text: str, name: str, argument: str) -> None:
    (command,) = parse(text, tasks=TASKS)
    assert isinstance(command, Command)
    assert (command.name, command.argument) == (name, argument)


@pytest.mark.parametrize("text", NO_COMMANDS)
def test_what_does_not_fit_is_no_command(text: str) -> None:
    assert not any(isinstance(one, Command) for one in parse(text, tasks=TASKS))


def test_every_command_of_the_table_is_tried_here() -> None:
    assert {name for _, name, _ in COMMAND_LINES} == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_variable_goes_before_a_lower_case_command(name: str) -> None:
    word = name.lower().replace(" ", "_")
    assert not any(isinstance(one, Command) for one in parse(word, names={word}))


@pytest.mark.parametrize("form", COMMANDS.values(), ids=lambda form: form.name)
def test_the_table_says_what_help_needs(form) -> None:
    assert form.name == form.name.upper()
    assert form.usage.startswith(form.name)
    assert re.fullmatch(r"[a-z].{10,70}[^.]", form.help)


def test_a_direct_command_takes_no_number() -> None:
    with pytest.raises(ParseError, match="LIST is a direct command"):
        parse("10 LIST")
