"""The `aibasic.conf` of a new project: every section and KEY that there is, as comments, from their declarations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aibasic.modules.base import Module
from aibasic.modules.settings import COMMON, Setting

from aibasic_kernel.compiler.configuration.setting_values import READERS
from aibasic_kernel.compiler.configuration.settings import SECTION, Settings
from aibasic_kernel.compiler.task_types import task_types
from aibasic_kernel.session.settings_shown import KEYS

_HEAD = """\
# What AIBasic works with in this folder and below: one section a service. Take the `# ` away from what you need.
# Not committed: it holds passwords. A value ends at a blank and a `#`; ${NAME} takes it from the environment. Your own
# file, ~/.config/aibasic/aibasic.conf, counts everywhere; any other has to be trusted before it may read the
# environment, name a server to send requests to or protect you less: aibasic trust aibasic.conf
# `aibasic doctor` checks it key by key, `aibasic doctor --connect` logs in.
"""
_COLUMN = 34
"""Where the explanations begin."""
_ONLY_FOR_WHO_KNOWS = frozenset(("PRICE_IN", "PRICE_OUT"))
_NEEDS_ENVIRONMENT = "${%s}"


def configuration_text() -> str:
    """The whole file."""
    parts = [_HEAD, "\n".join([f"[{SECTION}]", *_own_keys(), ""])]
    for name, task in task_types().items():
        if task.module_class is not None:
            parts.append("\n".join([*_section(name, task.module_class), ""]))
    return "\n".join(parts)


def _own_keys() -> Iterator[str]:
    defaults = Settings()
    yield "# Each KEY may also come from the environment, as AIBASIC_<KEY>."
    for key, about in KEYS.items():
        if key in READERS and key not in _ONLY_FOR_WHO_KNOWS:
            value = "${ANTHROPIC_API_KEY}" if key == "API_KEY" else _said(getattr(defaults, key.lower()))
            yield _line(key, value, about)


def _section(name: str, module: type[Module]) -> Iterator[str]:
    yield f"# {module.service}: pip install 'aibasic-kernel[{module.extra}]'"
    yield f"# [{name}]"
    declared = {setting.name: setting for setting in module.settings}
    for setting in (*declared.values(), *(each for each in COMMON if each.name not in declared)):
        yield _line(setting.name, _value(name, setting), _about(setting))


def _value(section: str, setting: Setting) -> str:
    if setting.secret and setting.name.endswith("PASSWORD"):
        return _NEEDS_ENVIRONMENT % f"{section.upper()}_PASSWORD"
    return _said(setting.default)


def _about(setting: Setting) -> str:
    return "; ".join(filter(None, (setting.help, f"one of {', '.join(setting.choices)}" if setting.choices else "")))


def _said(value: Any) -> str:
    if value is None or isinstance(value, frozenset):
        return ""
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)


def _line(key: str, value: str, about: str) -> str:
    start = f"# {key} = {value}".rstrip()
    return f"{start:<{_COLUMN}}  # {about}" if about else start
