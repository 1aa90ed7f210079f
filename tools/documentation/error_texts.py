"""The page of errors: every text of an error in the source, with what to do, under the anchor that an error names."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from html import escape
from importlib import import_module
from types import ModuleType

import aibasic.modules

import aibasic_kernel
from aibasic_kernel.error_index.entries import Entry, entries_of

_ROOMS = (
    ("aibasic_kernel.language.", "The text of a line"),
    ("aibasic_kernel.compiler.configuration.", "Settings and policies"),
    ("aibasic_kernel.compiler.accounts.", "Cost and budgets"),
    ("aibasic_kernel.compiler.locks.", "The lock"),
    ("aibasic_kernel.compiler.", "Compiling a line"),
    ("aibasic_kernel.session.exporting.", "Exporting"),
    ("aibasic_kernel.session.gating.", "The gate"),
    ("aibasic_kernel.session.program.", "The program"),
    ("aibasic_kernel.session.running.", "Running a program"),
    ("aibasic_kernel.session.", "Commands and the session"),
    ("aibasic_kernel.", "Command line, shell, magic and kernel"),
    *(
        (f"aibasic.modules.{name}.", title)
        for name, title in (
            ("postgres", "PostgreSQL"),
            ("mysql", "MySQL and MariaDB"),
            ("rabbitmq", "RabbitMQ"),
            ("kafka", "Apache Kafka"),
            ("redis", "Redis"),
            ("opensearch", "OpenSearch"),
        )
    ),
    ("aibasic.modules.", "All services"),
)
"""Where an error comes from, the narrower place first, and what its part of the page is called."""
_NOT_LISTED = (
    "aibasic_kernel.testing",
    "aibasic_kernel.__main__",
    *("aibasic_kernel.papermill", "aibasic_kernel.jupytext", "aibasic_kernel.faces.script_exporter"),
)
"""What is for others' tests, for no import, and for the tools that these are named after to import."""


def modules() -> Iterator[ModuleType]:
    """Every module of the engine and of the services here."""
    for package in (aibasic_kernel, aibasic.modules):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.startswith(_NOT_LISTED):
                yield import_module(found.name)


def errors() -> str:
    """The page's parts, one a room or service."""
    groups: dict[str, list[Entry]] = {title: [] for _, title in _ROOMS}
    for module in modules():
        for entry in entries_of(module):
            groups[_title(module.__name__)].append(entry)
    seen: set[str] = set()
    return "\n\n".join(f"## {title}\n\n{_part(entries, seen)}" for title, entries in groups.items() if entries)


def reasons(name: str) -> str:
    """Why a connection to a service fails, and what to do: the rules by which its module tells that."""
    causes = dict(_causes(name))
    rows = "".join(f"<dt>{escape(_plain(pattern))}</dt><dd>{escape(step)}</dd>\n" for pattern, step in causes.items())
    return f'<dl class="reasons">\n{rows}</dl>\n' if rows else ""


def _causes(name: str) -> Iterator[tuple[str, str]]:
    for found in pkgutil.iter_modules(import_module(f"aibasic.modules.{name}").__path__, f"aibasic.modules.{name}."):
        table = getattr(import_module(found.name), "_CAUSES", ())
        yield from table.items() if isinstance(table, dict) else table


def _plain(pattern: str) -> str:
    """A rule as people read it."""
    return " · ".join(part.replace("\\", "").replace(".*", "…") for part in pattern.split("|"))


def _title(name: str) -> str:
    return next(title for prefix, title in _ROOMS if name.startswith(prefix))


def _part(entries: list[Entry], seen: set[str]) -> str:
    return '<dl class="errors">\n' + "".join(_shown(entry, seen) for entry in dict.fromkeys(entries)) + "</dl>\n"


def _shown(entry: Entry, seen: set[str]) -> str:
    """One text; the first of those under an anchor has it."""
    place = "" if entry.anchor in seen else f' id="{entry.anchor}"'
    seen.add(entry.anchor)
    link = f'<a class="headerlink" href="#{entry.anchor}" title="Link to this error">¶</a>'
    texts = "<br>".join(f"<code>{_text(text)}</code>" for text in entry.message.split(" | "))
    remedies = "".join(f"<dd>{_text(text)}</dd>" for text in entry.remedy.split(" | ") if _says(text))
    return f'<dt{place}>{texts} <span class="kind">{entry.kind}</span>{link}</dt>{remedies}\n'


def _says(remedy: str) -> bool:
    return remedy.strip() not in ("", f"{{{remedy.strip('{} ')}}}")


def _text(text: str) -> str:
    """A template with what only running tells set off."""
    shown = escape(text, quote=False).replace("\n", "<br>")
    return shown.replace("{", "<var>").replace("}", "</var>")
