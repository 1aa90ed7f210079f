"""Write the tables of modules/README.md from the classes: `python tools/module_tables.py [--check]`."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

from aibasic.modules.base import Module
from aibasic.modules.settings import COMMON, Setting

from aibasic_kernel.compiler.prompts.stubs import members
from aibasic_kernel.compiler.task_types import task_types

PAGE = Path(__file__).parent.parent / "modules" / "README.md"
BEGIN, END = "<!-- made by tools/module_tables.py -->\n", "<!-- end -->\n"


def tables() -> str:
    """One table of all services, and for each its KEYS and its methods."""
    classes = [task.module_class for task in task_types().values() if task.module_class is not None]
    own = sorted((cls for cls in classes if cls.__module__.startswith("aibasic.")), key=lambda cls: cls.task)
    rows = [
        f"| `({cls.task})` | {cls.service} | `{cls.__name__}` | `{cls.variable}` | `{cls.driver}` | "
        f"{', '.join(sorted(cls.has))} |"
        for cls in own
    ]
    head = "| task type | service | class | variable | driver | has |\n| --- | --- | --- | --- | --- | --- |\n"
    keys = "".join(f"| `{setting.name}` | {default_of(setting)} | {setting.help} |\n" for setting in COMMON)
    every = f"Every section also knows\n\n| KEY | default | |\n| --- | --- | --- |\n{keys}"
    return "\n".join([head + "\n".join(rows) + "\n", every, *map(_section, own)])


def _section(cls: type[Module]) -> str:
    keys = "".join(f"| `{setting.name}` | {default_of(setting)} | {setting.help} |\n" for setting in cls.settings)
    methods = "".join(f"- `{name}{signature_of(member)}`: {first_line(member)}\n" for name, member in members(cls))
    return f"### {cls.service}\n\n| KEY | default | |\n| --- | --- | --- |\n{keys}\n{methods}"


def default_of(setting: Setting) -> str:
    """What a KEY is where the section does not say it."""
    if setting.secret or setting.required:
        return "secret" if setting.secret else "required"
    return (
        ""
        if setting.default is None
        else f"`{str(setting.default).lower() if setting.type is bool else setting.default}`"
    )


def signature_of(member: object) -> str:
    """The parameters of a method as a caller sees them, "" for what is none."""
    if not callable(member):
        return ""
    parameters = list(inspect.signature(member).parameters.values())[1:]
    plain = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    return str(inspect.Signature(plain))


def first_line(member: object) -> str:
    """What a method does."""
    text = inspect.cleandoc(member.__doc__ or "").split("\n\n")[0].partition("Example:")[0]
    return " ".join(text.split())


def main() -> int:
    """Write the page, or only say whether it is up to date."""
    before = PAGE.read_text(encoding="utf-8")
    head, rest = before.split(BEGIN)
    after = f"{head}{BEGIN}{tables()}{END}{rest.split(END, 1)[1]}"
    if "--check" in sys.argv:
        return int(before != after)
    PAGE.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
