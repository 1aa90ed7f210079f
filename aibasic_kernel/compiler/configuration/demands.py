"""What an `aibasic.conf` that somebody else may have written asks for beyond what any such file may say.

Its literal settings of services count as they stand. What reads the user's secrets, sends something of the user's to
another place, runs a command, writes to a place of its choice or protects less than the user's own settings does not.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aibasic.modules.base import Module
from aibasic.modules.config import Layer
from aibasic.modules.config_syntax import holds_secret, unquoted, variable_of
from aibasic.modules.settings import COMMON

from aibasic_kernel.compiler.configuration.setting_values import PRICES, READERS, SECTION_READERS, is_weaker, said
from aibasic_kernel.compiler.configuration.settings import SECTION, Settings
from aibasic_kernel.compiler.privacy.visible import visible
from aibasic_kernel.compiler.task_types import resolve
from aibasic_kernel.errors import AIBasicError

_ELSEWHERE = {
    "BASE_URL": "sends requests, and your key with them, to {value}",
    "API_KEY": "uses an API key of its own",
    "PROVIDER": "asks the provider {value}",
}
_COMMAND = "_COMMAND"
_ENDINGS = {"LOCK": (".lock",), "LOG": (".log", ".jsonl")}
_LOGIN = re.compile(r"(?<=://)[^/\s]*@")


@dataclass(frozen=True)
class Demand:
    """One KEY that a section may not set unless its file is trusted; `words` say what it would do.

    Where `drop` is set the user's own value counts meanwhile; else nothing that needs the KEY works.
    """

    key: str
    words: str
    drop: bool = False

    def __str__(self) -> str:
        return f"{self.words} ({visible(self.key)})"


def demands(file: Layer, own: Layer | None, environment: Mapping[str, str]) -> dict[str, tuple[Demand, ...]]:
    """What sections of `file` ask for over the user's `own` file and environment; those that ask nothing are out."""
    user = _User(own, environment)
    found = {section: tuple(_of_section(section, keys, user)) for section, keys in file.sections.items()}
    return {section: asked for section, asked in found.items() if asked}


def digest_of(section: str, file: Layer) -> str:
    """What is signed where a section is trusted: its whole content; with a command, which may lie there, its folder."""
    keys = file.sections[section]
    folder = str(file.path.parent) if any(key.endswith(_COMMAND) for key in keys) else ""
    content = json.dumps([folder, section, sorted(keys.items())])
    return "aibasic.conf:" + hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


class _User:
    """What the user's own file and environment say."""

    def __init__(self, own: Layer | None, environment: Mapping[str, str]) -> None:
        self._sections: Mapping[str, Mapping[str, str]] = own.sections if own is not None else {}
        self._environment = environment

    def written(self, section: str) -> Mapping[str, str]:
        return self._sections.get(section, {})

    def text(self, section: str, key: str) -> str:
        """The value that counts without the other file, "" for none; a section's SHARE and CONFIRM are general else."""
        if section == SECTION and (outside := self._environment.get(f"AIBASIC_{key}")):
            return outside
        text = unquoted(self.written(section).get(key, ""))
        if not text and section != SECTION and key in READERS:
            return self.text(SECTION, key)
        return text

    def secrets(self, section: str) -> list[str]:
        """The KEYS of a section from which the user's own secrets come."""
        return [key for key, text in self.written(section).items() if _reference(key, text) or holds_secret(key, text)]

    def borrowed(self, section: str) -> list[str]:
        """Where the driver of a section would have the user's password from, whatever server is named to it."""
        module = _module_of(section)
        places = module.borrows if module is not None else ()
        return [place for place in places if self._environment.get(place) or _is_file_at_home(place)]


def _of_section(section: str, keys: Mapping[str, str], user: _User) -> Iterator[Demand]:
    own = user.written(section)
    secrets = _secrets_beside(section, keys, user)
    for key, text in keys.items():
        if not text or text == own.get(key):
            continue
        if reference := _reference(key, text):
            yield Demand(key, reference)
        elif section == SECTION:
            yield from _of_engine(key, unquoted(text), user)
        elif key in SECTION_READERS:
            yield from _weaker(section, key, unquoted(text), user)
        elif secrets and key not in _HARMLESS:
            shown = "" if holds_secret(key, unquoted(text)) else f" = {_shown(unquoted(text))}"
            yield Demand(key, f"uses {visible(key)}{shown} together with {' and '.join(secrets)}")


def _secrets_beside(section: str, keys: Mapping[str, str], user: _User) -> list[str]:
    """The user's own secrets that would go where the section says."""
    if section == SECTION:
        return []
    if secrets := user.secrets(section):
        return [visible(f"{', '.join(secrets)} of your own [{section}]")]
    module = _module_of(section)
    # A secret under any other KEY is none that the driver would use instead of the user's.
    used = {setting.name for setting in module.settings if setting.secret} if module is not None else set[str]()
    brings_one = any(key in used and holds_secret(key, unquoted(text)) for key, text in keys.items())
    stays_here = unquoted(keys.get("HOST", "")) in _HERE and "URL" not in keys
    return [] if brings_one or stays_here else [f"the password of {place}" for place in user.borrowed(section)]


def _module_of(section: str) -> type[Module] | None:
    task = resolve(section.partition(":")[0])
    return task.module_class if task is not None else None


_HERE = ("", "embedded", "localhost", "127.0.0.1", "::1")
_HARMLESS = frozenset(setting.name for setting in COMMON)


def _of_engine(key: str, text: str, user: _User) -> Iterator[Demand]:
    if key in _ELSEWHERE:
        default = "anthropic" if key == "PROVIDER" else ""
        if text != (user.text(SECTION, key) or default):
            yield Demand(key, _ELSEWHERE[key].format(value=_shown(text)))
    elif key in PRICES:
        yield Demand(key, f"says what a model costs, on which your budgets rely: {_shown(text)}", drop=True)
    elif key == "LOG" or (key == "LOCK" and not writes_here(key, text)):
        yield Demand(key, f"writes to {_shown(text)}", drop=True)
    else:
        yield from _weaker(SECTION, key, text, user)


def _weaker(section: str, key: str, text: str, user: _User) -> Iterator[Demand]:
    """The demand of a value that protects less than the user's own, if it does; what cannot be read is told later."""
    reader = (READERS if section == SECTION else SECTION_READERS).get(key)
    try:
        value = reader(key, text) if reader is not None else None
    except AIBasicError:
        return
    own = user.text(section, key)
    try:
        than = reader(key, own) if reader is not None and own else _default(key)
        weaker = is_weaker(key, value, than)
    except AIBasicError:
        weaker = True  # nobody knows what the user meant
    if weaker:
        yours = _shown(own) or said(_default(key))
        yield Demand(key, f"says {_shown(text)}, where yours is {yours}", drop=True)


def _default(key: str) -> Any:
    return getattr(Settings(), key.lower(), False)


def _reference(key: str, text: str) -> str:
    """What a value reads or runs in place of standing there itself, "" for a literal one."""
    if name := variable_of(text):
        return f"reads {name} from your environment"
    plain = unquoted(text)
    if plain.startswith("keyring:"):
        return f"reads {_shown(plain[8:])} from your keyring"
    return f"runs the command {_shown(plain)}" if key.endswith(_COMMAND) else ""


def _is_file_at_home(place: str) -> bool:
    return place.startswith("~") and Path(place).expanduser().is_file()


def writes_here(key: str, text: str) -> bool:
    """Whether LOCK or LOG name files that lie below the folder which they are relative to, and that no program reads.

    What they are written with is said by cells: in a shell's start-up file it would be run.
    """
    if key == "LOCK" and text.strip().lower() == "off":
        return True
    return all(_stays_here(Path(part.strip()), _ENDINGS[key]) for part in text.split(","))


def _stays_here(path: Path, endings: Collection[str]) -> bool:
    inside = not path.is_absolute() and ".." not in path.parts and not str(path).startswith("~")
    return inside and (path.suffix in endings or path.is_dir())


def _shown(text: str) -> str:
    """Somebody else's text as it may be shown: nothing in it acts on a terminal, no login stands in an address."""
    return visible(_LOGIN.sub("", text))
