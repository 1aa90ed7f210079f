"""Typed settings: what a module may be configured with, and a section read by that declaration."""

from __future__ import annotations

import difflib
import os
import subprocess
import warnings
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aibasic.modules.config import KEYRING, Configuration
from aibasic.modules.config_syntax import Section
from aibasic.modules.secret import Secret


@dataclass(frozen=True)
class Setting:
    """One KEY of a section.

    `type` is str, int, float, bool or Path; durations are seconds; without `default` the value is None. A `secret` is
    given as `Secret`. Of `choices` one must be named, in any case. A section without a `required` KEY is a KeyError.
    """

    name: str
    type: type = str
    default: Any = None
    secret: bool = False
    help: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False


COMMON = (
    Setting("TIMEOUT", float, 10.0, help="seconds to connect, and for an answer that is not the work itself"),
    Setting("STATEMENT_TIMEOUT", float, help="seconds that one statement may run; unlimited where not set"),
    Setting("SHARE", help="what a language model may see of this service, where it differs from [aibasic]"),
    Setting("CONFIRM", help="what asks before it runs, where it differs from [aibasic]"),
    Setting("READONLY", bool, False, help="refuse every write"),
    Setting("PRODUCTION", bool, False, help="this is a service that others depend on"),
)
MAX_ROWS = Setting("MAX_ROWS", int, 1_000_000, help="rows that a result may have")
_PROTECTING = frozenset(
    (
        "SHARE",
        "CONFIRM",
        "READONLY",
        "PRODUCTION",
        "USE_SSL",
        "SSL_VERIFY",
        "VERIFY_CERTS",
        "SSLMODE",
        "SECURITY_PROTOCOL",
    )
)
"""KEYS on which somebody relies: misspelt they are an error."""
_ALIKE = 0.7
"""How much alike a KEY and the one that was meant are, at least."""
_PASSWORD_COMMAND = Setting("PASSWORD_COMMAND", help="a shell command that prints the password")
_WORDS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_EXPECTED = {int: "a whole number", float: "a number", bool: "true or false"}


class Settings:
    """The values of one section by KEY, typed, with defaults; secrets as `Secret`."""

    def __init__(self, section: str, values: Mapping[str, Any], given: frozenset[str], file: str) -> None:
        self.section = section
        self.file = file
        """The file's name, for messages."""
        self.given = given
        """The KEYS that the section has a value for."""
        self._values = values

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def text(self, name: str) -> str:
        """The value as text, "" where there is none."""
        value = self._values[name]
        return "" if value is None else str(value)

    def secret(self, name: str) -> Secret | None:
        """A secret value, None where there is none."""
        value = self._values[name]
        assert value is None or isinstance(value, Secret)
        return value


def read(section: str, written: Mapping[str, str], declared: Iterable[Setting], file: str) -> Settings:
    """Type a section's values by the declaration, over the settings that every service has.

    A value of the wrong type is a ValueError that names section, key, value (unless secret) and what was expected. All
    unknown keys are one warning, each with the nearest known one; a misspelt one that was to protect is a ValueError.
    KeyError for the first required KEY without a value.
    """
    known = {setting.name: setting for setting in (*COMMON, *declared)}
    if "PASSWORD" in known:
        known[_PASSWORD_COMMAND.name] = _PASSWORD_COMMAND
    if unknown := [key for key in written if key not in known]:
        _check_no_protection(section, unknown, known, file)
        warnings.warn(f"{file} [{section}]: {', '.join(_unknown(key, known) for key in unknown)}", stacklevel=2)
    given = Section((key, text) for key, text in written.items() if key in known and text != "")
    for setting in known.values():
        if setting.required and setting.name not in given:
            raise KeyError(f"[{section}] has no {setting.name}: add `{setting.name} = ...` to {file}")
    values = {name: setting.default for name, setting in known.items()}
    values.update({key: _typed(known[key], text, section) for key, text in given.items()})
    if "PASSWORD" in known and values["PASSWORD"] is None and values["PASSWORD_COMMAND"]:
        values["PASSWORD"] = _printed_by(values["PASSWORD_COMMAND"], values["TIMEOUT"], section)
    return Settings(section, values, frozenset(given), file)


def max_rows(configuration: Configuration) -> int:
    """How many rows a result may have: AIBASIC_MAX_ROWS of the environment, else MAX_ROWS of `[aibasic]`."""
    text = os.environ.get("AIBASIC_MAX_ROWS") or configuration.value("aibasic", MAX_ROWS.name)
    limit: int = _typed(MAX_ROWS, text, "aibasic") if text else MAX_ROWS.default
    return limit


def meant_to_protect(key: str, known: Iterable[str], protecting: Collection[str]) -> str:
    """The KEY of `protecting` that an unknown one was meant for, "" where another of the `known` ones is nearer."""
    nearest = difflib.get_close_matches(key, list(known), 1, _ALIKE)
    return nearest[0] if nearest and nearest[0] in protecting else ""


def _check_no_protection(section: str, unknown: Iterable[str], known: Iterable[str], file: str) -> None:
    for key in unknown:
        if nearest := meant_to_protect(key, known, _PROTECTING):
            raise ValueError(
                f"{file} [{section}]: there is no key {key}, and the service is not protected as it was to be: "
                f"write {nearest}"
            )


def _unknown(key: str, known: Iterable[str]) -> str:
    nearest = difflib.get_close_matches(key, known, n=1)
    return f"unknown key {key}" + (f" (did you mean {nearest[0]}?)" if nearest else "")


def _typed(setting: Setting, text: str, section: str) -> Any:
    if setting.secret:
        if text.startswith(KEYRING):
            return Secret(_from_keyring(text.removeprefix(KEYRING), section, setting.name))
        return Secret(text)
    if setting.choices:
        for choice in setting.choices:
            if text.lower() == choice.lower():
                return choice
        raise ValueError(f"[{section}] {setting.name} = {text}: expected one of {', '.join(setting.choices)}")
    if setting.type is str:
        return text
    if setting.type is Path:
        return Path(text).expanduser()
    try:
        return _WORDS[text.lower()] if setting.type is bool else setting.type(text)
    except (KeyError, ValueError):
        expected = _EXPECTED[setting.type]
    raise ValueError(f"[{section}] {setting.name} = {text}: expected {expected}")


def _from_keyring(name: str, section: str, key: str) -> str:
    try:
        import keyring
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            f"No module named 'keyring', which [{section}] {key} needs\n  pip install 'aibasic-kernel[keyring]'",
            name="keyring",
        ) from None
    text = keyring.get_password("aibasic", name)
    if text is None:
        raise KeyError(f"[{section}] {key}: the keyring holds no {name!r}; `keyring set aibasic {name}` puts it there")
    return text


def _printed_by(command: str, timeout: float, section: str) -> Secret:
    try:
        done = subprocess.run(
            command, shell=True, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        problem = f"did not end within {timeout:g} s"
    else:
        if done.returncode == 0 and done.stdout.strip("\r\n"):
            return Secret(done.stdout.rstrip("\r\n"))
        problem = f"ended with status {done.returncode}" if done.returncode else "printed nothing"
    raise ValueError(f"[{section}] PASSWORD_COMMAND {problem}: {command}")
