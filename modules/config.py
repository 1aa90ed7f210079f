"""`aibasic.conf`: where it is, how it is read, and how the user's own file lies under it.

INI with sections and KEYS. A comment begins with `#` or `;` at the start of a line, or with a `#` behind a blank. A
value in quotes is kept as it stands between them. A whole value `${NAME}` outside quotes comes from the environment.
"""

from __future__ import annotations

import configparser
import functools
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

FILE_NAME = "aibasic.conf"

_SECRET_KEY = re.compile(r"(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_KEY|SECRET_KEY)$")
_URL_PASSWORD = re.compile(r"^\w[\w+.-]*://[^:@/?]*:(?P<password>.+?)@[^@/?]*(?:[/?]|$)")
_URL_TOKEN = re.compile(r"^https?://(?P<token>[^:@/?]+)@")
_ENVIRONMENT = re.compile(r"\$\{(\w+)\}$")
_COMMENT = re.compile(r"\s#")
_QUOTED = re.compile(r"""(?P<quote>["'])(?P<text>.*?)(?P=quote)(?:\s+#.*)?\s*$""")
_ASSIGNMENT = re.compile(r"\s*(?P<key>[^\s=:#;\[][^=:]*?)\s*[=:]")
_INDENTED_HEAD = re.compile(r"^\s+(?=[A-Z][A-Z0-9_]*\s*=|\[)")


class Section(dict[str, str]):
    """The KEYS of a section with their values, which its repr does not show: tracebacks may print it."""

    def __repr__(self) -> str:
        return f"Section({', '.join(self)})"


@dataclass(frozen=True)
class Layer:
    """One file as read: its sections with upper-case keys, each value as it was written but for comments."""

    path: Path
    sections: Mapping[str, Section]
    digest: str


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

        KeyError where the section is missing, or where a `${NAME}` is not in the environment.
        """
        return Section((key, _resolved(value, name, key)) for key, value in self._written(name).items())

    def keys(self, section: str) -> tuple[str, ...]:
        """The KEYS of a section, none where it is missing."""
        return tuple(self._written(section)) if section in self else ()

    def value(self, section: str, key: str) -> str | None:
        """One value, None where section or key is missing."""
        written = self._written(section) if section in self else {}
        return _resolved(written[key], section, key) if key in written else None

    def secrets(self) -> frozenset[str]:
        """Every secret value that the files hold or take from the environment."""
        found: set[str] = set()
        for section in self.sections():
            for key, value in self._written(section).items():
                try:
                    found.update(_secret_in(key, _resolved(value, section, key)))
                except KeyError:
                    continue
        return frozenset(found)

    def _written(self, name: str) -> Section:
        if name not in self:
            raise KeyError(f"Missing [{name}] section in {self.name}")
        return Section(item for layer in self.layers for item in layer.sections.get(name, {}).items())

    def __repr__(self) -> str:
        return f"Configuration({', '.join(str(layer.path) for layer in self.layers)})"


def load(path: str | Path | None = None) -> Configuration:
    """Read the configuration. Without any file it is empty; what cannot be read is a ValueError that names the line."""
    found = find(path)
    own = user_file()
    layers = []
    if own.is_file() and own.resolve() != found:
        layers.append(_layer(own.resolve()))
    if found is not None:
        layers.append(_layer(found))
    return Configuration(tuple(layers), found)


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


def _layer(path: Path) -> Layer:
    status = path.stat()
    return _parsed(path, status.st_mtime_ns, status.st_size, status.st_ino)


@functools.lru_cache(maxsize=16)
def _parsed(path: Path, modified: int, size: int, inode: int) -> Layer:
    """The file as of a certain modification: the further arguments are there to make the cache forget."""
    content = path.read_bytes()
    return Layer(path, parse(content, str(path)), hashlib.sha256(content).hexdigest())


def parse(content: bytes, source: str) -> Mapping[str, Section]:
    """Sections and KEYS of a file's content. A ValueError names the line and never shows what stands in it."""
    parser = configparser.RawConfigParser(
        interpolation=None, comment_prefixes=("#", ";"), inline_comment_prefixes=None, empty_lines_in_values=False
    )
    parser.optionxform = str.upper  # type: ignore[assignment, method-assign]
    problem = ""
    try:
        text = content.decode("utf-8-sig")
        parser.read_file((_without_comment(line) for line in text.splitlines()), source)
    except UnicodeDecodeError as error:
        problem = f"{source}, line {content[: error.start].count(10) + 1}: not UTF-8 text"
    except configparser.MissingSectionHeaderError as error:
        problem = f"{source}, line {error.lineno}: a line before the first [section]"
    except configparser.DuplicateSectionError as error:
        problem = f"{source}, line {error.lineno}: section [{error.section}] is there twice"
    except configparser.DuplicateOptionError as error:
        problem = f"{source}, line {error.lineno}: {error.option} is set twice in [{error.section}]"
    except configparser.ParsingError as error:
        problem = f"{source}, line {error.errors[0][0]}: neither [section] nor KEY = value nor # comment"
    if problem:
        # Raised out here so that the parser's own error, which quotes the line, is not chained to it.
        raise ValueError(problem)
    return MappingProxyType({name: Section(parser.items(name)) for name in parser.sections()})


def _without_comment(line: str) -> str:
    line = _INDENTED_HEAD.sub("", line, count=1)
    head = _ASSIGNMENT.match(line)
    start = head.end() if head else 0
    value = line[start:]
    if head and (quoted := _QUOTED.match(value.strip())):
        return f"{line[:start]} {quoted['quote']}{quoted['text']}{quoted['quote']}"
    return line[:start] + _COMMENT.split(value, maxsplit=1)[0]


def _resolved(value: str, section: str, key: str) -> str:
    if quoted := _QUOTED.match(value):
        return quoted["text"]
    if reference := _ENVIRONMENT.match(value):
        name = reference[1]
        if name not in os.environ:
            raise KeyError(f"[{section}] {key} is ${{{name}}}, but the environment has no {name}")
        return os.environ[name]
    return value


def _secret_in(key: str, value: str) -> Iterator[str]:
    if value and _SECRET_KEY.search(key):
        yield value
    elif url := _URL_PASSWORD.match(value):
        yield url["password"]
    elif url := _URL_TOKEN.match(value):
        yield url["token"]
