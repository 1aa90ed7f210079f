"""The parts of the documentation that are made from the code: commands, control flow, settings, task types, phrases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from aibasic.modules.base import Module
from aibasic.modules.phrases import Phrase
from aibasic.modules.settings import COMMON, Setting
from module_tables import default_of, first_line, signature_of

from aibasic_kernel.compiler.configuration.setting_values import said
from aibasic_kernel.compiler.configuration.settings import Settings
from aibasic_kernel.compiler.prompts.stubs import members
from aibasic_kernel.compiler.task_types import TaskType, task_types
from aibasic_kernel.language.commands import COMMANDS
from aibasic_kernel.language.control_flow_told import FLOW_FORMS
from aibasic_kernel.session.settings_shown import KEYS


def commands() -> str:
    """A table of the direct commands."""
    return _table(("command", "what it does"), ((_code(form.usage), form.help) for form in COMMANDS.values()))


def control_flow() -> str:
    """A table of the forms of control flow."""
    return _table(("form", "what it does"), ((_code(form.usage), form.help) for form in FLOW_FORMS))


def shell_keys() -> str:
    """A table of the keys of the shell's prompt."""
    from aibasic_kernel.faces.repl.keys import KEYS as keys

    return _table(("key", "what it does"), keys.items())


def magic_options() -> str:
    """A table of the options of `%%aibasic`."""
    from aibasic_kernel.faces.magic.options import OPTIONS

    return _table(("option", "what it says"), ((f"`--{name}`", about) for name, about in OPTIONS.items()))


def engine_settings() -> str:
    """A table of the keys of `[aibasic]`."""
    defaults = Settings()
    rows = ((f"`{key}`", _unset(getattr(defaults, key.lower(), None)), KEYS[key]) for key in KEYS)
    return _table(("KEY", "default", "what it says"), rows)


def every_section() -> str:
    """A table of the keys that each service's section knows."""
    return _keys(COMMON)


def services() -> str:
    """A table of the services here."""
    rows = (
        (f"`({cls.task})`", f"[{cls.service}](services/{cls.task}.md)", f"`{cls.__name__}`", f"`{cls.variable}`")
        for cls in _classes()
    )
    return _table(("task type", "service", "class", "variable"), rows)


def service_head(name: str) -> str:
    """What a service's page begins with: how it is named, installed and used."""
    task = task_types()[name]
    cls = _class_of(task)
    others = "".join(f", `({word})`" for word in task.other_words)
    return _table(
        ("task type", f"`({name})`{others}"),
        (
            ("section", f"`[{name}]`; a second one `[{name}:NAME]`, used by `({name}:NAME)`"),
            ("class", f"`aibasic.modules.{cls.__name__}`"),
            ("variable", f"`{cls.variable}`; of a second one `{cls.variable}_NAME`"),
            ("driver", f"`{cls.driver}`, by `pip install 'aibasic-kernel[{cls.extra}]'`"),
        ),
    )


def settings(name: str) -> str:
    """A table of the keys of a service's section."""
    return _keys(_class_of(task_types()[name]).settings)


def methods(name: str) -> str:
    """A list of a module's methods, each with what it does."""
    return "".join(
        f"`{method}{signature_of(member)}`\n: {first_line(member)}\n\n"
        for method, member in members(_class_of(task_types()[name]))
    )


def api(name: str) -> str:
    """A module's class for autodoc: its methods, without what it declares."""
    cls = _class_of(task_types()[name])
    declared = (each for each in dir(cls) if not each.startswith("_") and not callable(getattr(cls, each)))
    return (
        f"```{{eval-rst}}\n.. autoclass:: aibasic.modules.{cls.__name__}\n   :members:\n   :inherited-members:\n"
        f"   :exclude-members: {', '.join(declared)}\n```\n"
    )


def phrases(name: str) -> str:
    """The phrases of a task type, each with its Python folded below it."""
    return "".join(map(_phrase, task_types()[name].phrases))


def all_phrases() -> str:
    """A section for each task type without a service that has phrases."""
    own = [task for task in task_types().values() if task.phrases and task.module is None]
    return "\n\n".join(f"## {task.name}\n\n{_sentence(task.does)}\n\n{phrases(task.name)}" for task in own)


def tasks() -> str:
    """A table of all task types."""
    return _table(("task type", "for", "phrases", "libraries"), map(_task_row, task_types().values()))


def _task_row(task: TaskType) -> tuple[str, ...]:
    others = "".join(f", `({word})`" for word in task.other_words)
    if task.module:
        told = f"[{len(task.phrases)}](services/{task.name}.md)"
    else:
        told = f"[{len(task.phrases)}](#{task.name})" if task.phrases else ""
    libraries = ", ".join(f"`{library}`" for library in task.libraries)
    return f"`({task.name})`{others}", task.does + (", by name only" if task.note else ""), told, libraries


def _phrase(phrase: Phrase) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    formatter: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
    python = highlight(phrase.python, PythonLexer(), formatter).rstrip("\n").replace("\n", "&#10;")
    return (
        f'<details class="phrase"><summary><code>{escape(phrase.example)}</code> <span>{escape(phrase.does)}</span>'
        f'</summary><div class="highlight"><pre>{python}</pre></div></details>\n'
    )


def _classes() -> list[type[Module]]:
    found = (task.module_class for task in task_types().values())
    own = (cls for cls in found if cls is not None and cls.__module__.startswith("aibasic."))
    return sorted(own, key=lambda cls: cls.task)


def _class_of(task: TaskType) -> type[Module]:
    assert task.module_class is not None
    return task.module_class


def _keys(declared: Iterable[Setting]) -> str:
    rows = ((f"`{setting.name}`", default_of(setting), _described(setting)) for setting in declared)
    return _table(("KEY", "default", "what it says"), rows)


def _unset(value: object) -> str:
    """A default as people write it, "" where there is none."""
    return "" if value in (None, "", frozenset()) else f"`{said(value)}`"


def _described(setting: Setting) -> str:
    choices = f"one of {', '.join(f'`{choice}`' for choice in setting.choices)}" if setting.choices else ""
    return "; ".join(filter(None, (setting.help, choices)))


def _table(head: tuple[str, ...], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |"]
    lines += [f"| {' | '.join(cells)} |" for cells in rows]
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
