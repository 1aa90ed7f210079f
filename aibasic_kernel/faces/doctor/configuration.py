"""The configuration: which files count, whether they are trusted, and each KEY of each section."""

from __future__ import annotations

import difflib
import os
import stat
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from aibasic.modules import config
from aibasic.modules.base import Module
from aibasic.modules.config import Configuration, Layer
from aibasic.modules.config_syntax import Section, holds_secret, unquoted, variable_of
from aibasic.modules.settings import Setting, read

from aibasic_kernel.compiler.configuration.rules import ConfigurationRules
from aibasic_kernel.compiler.configuration.settings import SECTION, load_settings
from aibasic_kernel.compiler.task_types import known_words, resolve
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.faces.doctor.finding import Finding, note, of_error, ok, problem

_RUN_TO_READ = ("PASSWORD_COMMAND",)
"""KEYS whose value is only had by running something."""


def findings(rules: ConfigurationRules) -> Iterator[Finding]:
    """All of it, without connecting anything."""
    try:
        written = config.load_as_written()
    except (OSError, ValueError) as error:
        yield of_error(error, "mend that line")
        return
    if not written.layers:
        yield note(f"there is no aibasic.conf in {Path.cwd()} or above: no service is configured", "aibasic new NAME")
        return
    for layer in reversed(written.layers):
        yield from _file(layer, written, rules)
        for section, keys in layer.sections.items():
            yield from _section(section, keys, layer)


def _file(layer: Layer, written: Configuration, rules: ConfigurationRules) -> Iterator[Finding]:
    own = rules.own(written.layers)
    if layer is own:
        why = "your own file, taken at its word" + (", under the one above" if len(written.layers) > 1 else "")
        yield ok(f"{layer.path}: {why}")
    elif asked := rules.untrusted(layer, own):
        words = "; ".join(f"[{section}] {demand}" for section, found in asked.items() for demand in found)
        yield problem(f"{layer.path} is not trusted, and {words}", f"aibasic trust {layer.path}")
    else:
        yield ok(f"{layer.path}: counts here, asks for nothing that is not trusted")
    if rules.problem:
        yield problem(rules.problem, f"make it writable: {rules.problem.split(':')[0]}")
    yield from _permissions(layer)


def _permissions(layer: Layer) -> Iterator[Finding]:
    """Whether others may read a password that stands in the file."""
    literal = any(
        holds_secret(key, unquoted(text)) and not variable_of(text) and not unquoted(text).startswith(config.KEYRING)
        for keys in layer.sections.values()
        for key, text in keys.items()
    )
    if literal and os.name == "posix" and layer.path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        yield problem(f"others on this machine can read the secrets in {layer.path}", f"chmod 600 {layer.path}")


def _section(section: str, keys: Section, layer: Layer) -> Iterator[Finding]:
    faults = list(_faults(section, keys, layer))
    yield from faults
    if not faults:
        yield ok(f"[{section}] {_counted(len(keys))}{_protection(section, keys, layer)}")


def _faults(section: str, keys: Section, layer: Layer) -> Iterator[Finding]:
    if section == SECTION:
        for key, text in keys.items():
            yield from _variable(section, key, text)
            yield from _own_key(key, text, layer.path)
        return
    task = resolve(section.partition(":")[0])
    if task is None:
        near = difflib.get_close_matches(section.partition(":")[0], known_words(), 1)
        yield problem(f"[{section}] is no service{_meant(near)}", f"mend its name in {layer.path}")
    elif task.module_class is None:
        yield note(f"[{section}]: {task.note or 'no module reads this section'}")
    else:
        yield from _of_service(section, keys, task.module_class, layer.path)


def _variable(section: str, key: str, text: str) -> Iterator[Finding]:
    """Whether the variable of the environment is there that a value stands for."""
    if (name := variable_of(text)) and name not in os.environ:
        yield problem(f"[{section}] {key} is ${{{name}}}, but the environment has no {name}", f"export {name}=...")


def _own_key(key: str, text: str, path: Path) -> Iterator[Finding]:
    alone = Layer(path, {SECTION: Section({key: text})}, "")
    try:
        settings = load_settings(Configuration((alone,), path), {})
    except AIBasicError as error:
        yield of_error(error, f"mend it in {path}")
        return
    said = [warning for warning in settings.warnings if key in warning]
    yield from (problem(warning, f"mend it in {path}") for warning in said if "has no key" in warning)


def _of_service(section: str, keys: Section, module: type[Module], path: Path) -> Iterator[Finding]:
    """Each KEY by the module's declaration; one alone, so that all that is wrong is found."""
    optional = [replace(setting, required=False) for setting in module.settings]
    for key, text in keys.items():
        yield from _variable(section, key, text)
        value = unquoted(text)
        if not variable_of(text) and not value.startswith(config.KEYRING) and key not in _RUN_TO_READ:
            yield from _judged(section, {key: value}, optional, path)
    for setting in module.settings:
        if setting.required and not keys.get(setting.name):
            yield from _judged(section, {}, [setting], path)
    yield from _engines(section, keys, path)


def _judged(section: str, keys: Mapping[str, str], declared: Iterable[Setting], path: Path) -> Iterator[Finding]:
    cure = f"mend it in {path}"
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            read(section, keys, declared, path.name)
        except (ValueError, KeyError) as error:
            yield of_error(error, cure)
    yield from (problem(str(each.message), cure) for each in told)


def _engines(section: str, keys: Section, path: Path) -> Iterator[Finding]:
    """What the engine itself reads of a service's section."""
    alone = Layer(path, {section: Section((k, v) for k, v in keys.items() if not variable_of(v))}, "")
    for message, remedy in load_settings(Configuration((alone,), path), {}).faults.values():
        yield problem(message, remedy or f"mend it in {path}")


def _protection(section: str, keys: Section, layer: Layer) -> str:
    marks = [
        key for key in ("PRODUCTION", "READONLY") if unquoted(keys.get(key, "")).lower() in ("true", "yes", "on", "1")
    ]
    return f", {' and '.join(marks)}" if marks else ""


def _counted(number: int) -> str:
    return "1 key" if number == 1 else f"{number} keys"


def _meant(near: list[str]) -> str:
    return f": did you mean [{near[0]}]?" if near else ""
