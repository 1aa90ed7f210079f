"""What a direct command is."""

from __future__ import annotations

from collections.abc import Iterator

from aibasic_kernel.language.commands import COMMANDS, CommandForm
from aibasic_kernel.session.commands import NAMES
from aibasic_kernel.session.inspection.card import Card, card, listed

_WRITTEN = {
    "[N[-M]] [CODE]": "10-30 CODE",
    "N[-M]": "10-30",
    "[N]": "10",
    "[N|OFF]": "10",
    "ON|OFF": "ON",
    '"file.aib"': "shop.aib",
    '"file.py"': "shop.py",
    "[start[,step]]": "100, 10",
    "[LAST]": "LAST",
    "[task]": "df",
    "[topic]": "df",
    "[N] [WITH MODEL]": "10 WITH MODEL",
    '[N] ["what was wrong"]': '10 "only those of this year"',
    "[KEY = value]": "SHARE = names",
}
"""Of each kind of argument, one as it is written."""


def command_card(name: str) -> Card:
    """A command, by its name."""
    form = COMMANDS[name]
    return card(
        f"{form.usage}: command",
        form.help,
        "" if name in NAMES else "this version does not carry it out",
        "may be written in lower case" if form.lower_case_allowed else "",
        listed("for example", _examples(form)),
    )


def _examples(form: CommandForm) -> Iterator[str]:
    """The command alone, where it may stand alone, and with an argument."""
    if not form.argument or form.argument.startswith("["):
        yield form.name
    if form.argument:
        yield f"{form.name} {_WRITTEN[form.argument]}"
