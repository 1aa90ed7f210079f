"""`aibasic.conf`: where it is, how it is read, and how the user's own file lies under it."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from aibasic.modules.config_syntax import Section, assignments, holds_secret, parse, secrets_in, unquoted, variable_of

FILE_NAME = "aibasic.conf"
KEYRING = "keyring:"
"""How a value begins that only names an entry of the keyring."""


@dataclass(frozen=True)
class Layer:
    """One file as read: its sections with upper-case keys, each value as it was written but for comments."""

    path: Path
    sections: Mapping[str, Section]
    digest: str
    refused: Mapping[str, Refusal] = field(default_factory=dict)
    """What may not be used of it, by section."""
    notes: tuple[str, ...] = ()
    """What its user should know of it."""


@dataclass(frozen=True)
class Refusal:
    """KEYS of a section that an overseer does not let anybody use; `reason` says why, and what would help."""

    keys: frozenset[str]
    reason: str


Overseer = Callable[[tuple[Layer, ...]], tuple[Layer, ...]]
"""Says what counts of the files, the stronger ones last."""


class Configuration:
    """What the found file and the user's own file under it say together, key by key."""

    def __init__(self, layers: tuple[Layer, ...], path: Path | None) -> None:
        self.layers = layers
        """The files, the stronger one last."""
        self.path = path
        """The real path of the file that was looked for, None where there is none."""

    @property
    def fingerprint(self) -> str:
        """Changes with the content of any of the files."""
        return hashlib.sha256("".join(layer.digest for layer in self.layers).encode()).hexdigest()

    @property
    def name(self) -> str:
        """The file's name as messages use it."""
        return self.path.name if self.path else FILE_NAME

    def sections(self) -> tuple[str, ...]:
        """The names of all sections, in the order of the files."""
        return tuple(dict.fromkeys(name for layer in reversed(self.layers) for name in layer.sections))

    def __contains__(self, section: object) -> bool:
        return any(section in layer.sections for layer in self.layers)

    def section(self, name: str) -> Section:
        """The KEYS of a section with their values, quotes and `${NAME}` resolved.

        KeyError where the section is missing, or where a `${NAME}` is not in the environment. PermissionError where the
        overseer refused any of its KEYS.
        """
        self._check(name)
        return Section((key, _resolved(value, name, key)) for key, value in self._written(name).items())

    def keys(self, section: str) -> tuple[str, ...]:
        """The KEYS of a section, none where it is missing."""
        return tuple(self._written(section)) if section in self else ()

    def value(self, section: str, key: str) -> str | None:
        """One value, None where section or key is missing. Raises as `section` does."""
        self._check(section, key)
        written = self._written(section) if section in self else {}
        return _resolved(written[key], section, key) if key in written else None

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of the files."""
        return tuple(note for layer in self.layers for note in layer.notes)

    def secrets(self) -> frozenset[str]:
        """Every secret value that the files hold or take from the environment, of all files."""
        return frozenset(secret for _, _, secret in self.secret_keys())

    def secret_keys(self) -> Iterator[tuple[str, str, str]]:
        """Section, KEY and secret of each value that is or has one in it, whichever file counts."""
        for section, key, value in self._values():
            if not value.startswith(KEYRING):
                for secret in secrets_in(key, value):
                    yield section, key, secret

    def plain_values(self) -> frozenset[str]:
        """The values that hold no secret."""
        return frozenset(value for _, key, value in self._values() if not holds_secret(key, value))

    def _values(self) -> Iterator[tuple[str, str, str]]:
        """Section, KEY and value for all that is written in any of the files and not missing in the environment."""
        for layer in self.layers:
            for section, written in layer.sections.items():
                for key, value in written.items():
                    with suppress(KeyError):
                        yield section, key, _resolved(value, section, key)

    def _check(self, section: str, key: str = "") -> None:
        for layer in self.layers:
            refusal = layer.refused.get(section)
            if refusal is not None and (not key or key in refusal.keys):
                raise PermissionError(refusal.reason)

    def _written(self, name: str) -> Section:
        if name not in self:
            raise KeyError(f"Missing [{name}] section in {self.name}")
        return Section(item for layer in self.layers for item in layer.sections.get(name, {}).items())

    def __repr__(self) -> str:
        return f"Configuration({', '.join(str(layer.path) for layer in self.layers)})"


def load(path: str | Path | None = None) -> Configuration:
    """Read the configuration. Without any file it is empty; what cannot be read is a ValueError that names the line."""
    written = load_as_written(path)
    return written if _overseer is None else Configuration(_overseer(written.layers), written.path)


def load_as_written(path: str | Path | None = None) -> Configuration:
    """The configuration as `load` reads it, before any overseer has seen it."""
    found = find(path)
    own = user_file()
    layers = []
    if own.is_file() and own.resolve() != found:
        layers.append(read_layer(own.resolve()))
    if found is not None:
        layers.append(read_layer(found))
    return Configuration(tuple(layers), found)


def secrets_of_broken(path: str | Path | None = None) -> frozenset[str]:
    """The secrets in files that `load` cannot read, as far as their single lines tell."""
    found: set[str] = set()
    for file in (find(path), user_file()):
        with suppress(OSError):
            for key, value in assignments(file.read_bytes() if file is not None else b""):
                with suppress(KeyError):
                    found.update(secrets_in(key, _resolved(value, "", key)))
    return frozenset(found)


_overseer: Overseer | None = None


def oversee(overseer: Overseer) -> None:
    """Let `overseer`, in place of any other, say what counts of the files that this process reads from now on.

    Without one all that they say does: who runs a program beside a file has chosen both.
    """
    global _overseer
    _overseer = overseer


def end_oversight(overseer: Overseer) -> None:
    """Take the files at their word again, where it was `overseer` that looked at them."""
    global _overseer
    if _overseer is overseer:
        _overseer = None


def sections(path: str | Path | None = None) -> tuple[str, ...]:
    """The sections that are configured."""
    return load(path).sections()


def read_section(name: str, path: str | Path | None = None) -> Section:
    """One section's KEYS and values; KeyError where it is missing."""
    return load(path).section(name)


def find(path: str | Path | None = None) -> Path | None:
    """The real path of the file: as given where absolute, else in the nearest folder from the working directory up.

    The search ends with the home folder, and before a folder that belongs to somebody else.
    """
    wanted = os.path.expanduser(path or FILE_NAME)
    folders = [""] if os.path.isabs(wanted) else search_folders()
    candidates = (os.path.join(folder, wanted) for folder in folders)
    return next((Path(os.path.realpath(candidate)) for candidate in candidates if os.path.isfile(candidate)), None)


def search_folders() -> Iterator[str]:
    """The working directory and the folders above it in which a configuration is looked for.

    Looked through before each cell, hence by os.path: pathlib takes ten times as long.
    """
    here = folder = os.getcwd()
    home = os.path.expanduser("~")
    owner = os.getuid() if hasattr(os, "getuid") else None
    while folder == here or owner is None or os.stat(folder).st_uid == owner:
        yield folder
        if folder in (home, os.path.dirname(folder)):
            return
        folder = os.path.dirname(folder)


def user_file() -> Path:
    """The user's own `aibasic.conf`, whether it exists or not."""
    if folder := os.environ.get("AIBASIC_CONFIG_DIR"):
        return Path(folder) / FILE_NAME
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "aibasic" / FILE_NAME


def read_layer(path: Path) -> Layer:
    """One file as it is now. OSError where it cannot be read, ValueError that names the line that makes no sense."""
    status = path.stat()
    return _parsed(path, status.st_mtime_ns, status.st_size, status.st_ino)


@functools.lru_cache(maxsize=16)
def _parsed(path: Path, modified: int, size: int, inode: int) -> Layer:
    """The file as of a certain modification: the further arguments are there to make the cache forget."""
    content = path.read_bytes()
    return Layer(path, parse(content, str(path)), hashlib.sha256(content).hexdigest())


def _resolved(value: str, section: str, key: str) -> str:
    name = variable_of(value)
    if not name:
        return unquoted(value)
    if name not in os.environ:
        raise KeyError(f"[{section}] {key} is ${{{name}}}, but the environment has no {name}")
    return os.environ[name]
