"""How `aibasic.conf` is written: sections, KEYS, comments, quotes, and which values are secret.

INI with sections and KEYS. A comment begins with `#` or `;` at the start of a line, or with a `#` behind a blank. A
value in quotes is kept as it stands between them. A whole value `${NAME}` outside quotes comes from the environment.
"""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from urllib.parse import unquote, unquote_plus

_SECRET_KEY = re.compile(r"(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_KEY|SECRET_KEY)$")
_URL_PASSWORD = re.compile(r"^\w[\w+.-]*://[^:@/?]*:(?P<secret>.+?)@[^@/?]*(?:[/?]|$)")
_URL_QUERY = re.compile(
    r"^\w[\w+.-]*://[^?]*\?(?:[^&]*&)*(?:\w*password|\w*token|\w*secret|api_?key)=(?P<secret>[^&#]+)", re.IGNORECASE
)
_URL_TOKEN = re.compile(r"^https?://(?P<secret>[^:@/?]+)@")
_ENVIRONMENT = re.compile(r"\$\{(\w+)\}$")
_COMMENT = re.compile(r"\s#")
_QUOTED = re.compile(r"""(?P<quote>["'])(?P<text>.*?)(?P=quote)(?:\s+#.*)?\s*$""")
_ASSIGNMENT = re.compile(r"\s*(?P<key>[^\s=:#;\[][^=:]*?)\s*[=:]")
_INDENTED_HEAD = re.compile(r"^\s+(?=[A-Z][A-Z0-9_]*\s*=|\[)")


class Section(dict[str, str]):
    """The KEYS of a section with their values, which its repr does not show: tracebacks may print it."""

    def __repr__(self) -> str:
        return f"Section({', '.join(self)})"


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


def unquoted(value: str) -> str:
    """A value as it was written, without the quotes around it."""
    quoted = _QUOTED.match(value)
    return quoted["text"] if quoted else value


def variable_of(value: str) -> str:
    """The variable of the environment that a value as it was written stands for, "" for none."""
    reference = None if _QUOTED.match(value) else _ENVIRONMENT.match(value)
    return reference[1] if reference else ""


def holds_secret(key: str, value: str) -> bool:
    """Whether a value is, or has in it, a password, key or token."""
    return any(secrets_in(key, value))


def assignments(content: bytes) -> Iterator[tuple[str, str]]:
    """KEY and value of each line that sets one, whatever stands around it."""
    for line in content.decode("utf-8", "replace").splitlines():
        head = _ASSIGNMENT.match(line := _without_comment(line))
        if head:
            yield head["key"].strip().upper(), line[head.end() :].strip()


def _without_comment(line: str) -> str:
    line = _INDENTED_HEAD.sub("", line, count=1)
    head = _ASSIGNMENT.match(line)
    start = head.end() if head else 0
    value = line[start:]
    if head and (quoted := _QUOTED.match(value.strip())):
        return f"{line[:start]} {quoted['quote']}{quoted['text']}{quoted['quote']}"
    return line[:start] + _COMMENT.split(value, maxsplit=1)[0]


def secrets_in(key: str, value: str) -> Iterator[str]:
    """The passwords, keys and tokens that a value is or has in it; of an address as written there, and unquoted."""
    if value and _SECRET_KEY.search(key):
        yield value
    elif url := _URL_PASSWORD.match(value) or _URL_TOKEN.match(value):
        yield from dict.fromkeys((url["secret"], unquote(url["secret"])))
    if url := _URL_QUERY.match(value):
        yield from dict.fromkeys((url["secret"], unquote_plus(url["secret"])))
