"""The keys of `[aibasic]`, typed: from the configuration, under what the environment says (`AIBASIC_<KEY>`)."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from aibasic.modules.config import Configuration
from aibasic.modules.secret import Secret

from aibasic_kernel.errors import AIBasicError

SECTION = "aibasic"
OWN_HOST = "api.anthropic.com"
SHARES = ("names", "types", "schema", "categories")
"""What may leave the machine, each including the ones before: names of variables and files; types of variables;
columns and tables; the distinct values of text columns that have few."""

PROVIDER_KEYS = ("API_KEY", "BASE_URL", "MODEL", "MODEL_REPAIR")
"""Keys that mean nothing to a session which never asks a model."""

YES = ("true", "yes", "on", "1")
NO = ("false", "no", "off", "0")


@dataclass(frozen=True)
class Settings:
    """How the engine works. LANGUAGE.md has the table; times are seconds, prices dollars a million tokens."""

    provider: str = "anthropic"
    model: str = "claude-haiku-5-5"
    model_repair: str = "claude-sonnet-5-5"
    base_url: str = field(default="", repr=False)
    api_key: Secret | None = None
    max_tokens: int = 4096
    timeout: float = 60.0
    parallel: int = 8
    phrases: str = "first"
    repair: int = 2
    share: str = "schema"
    section_share: Mapping[str, str] = field(default_factory=dict)
    """SHARE of service sections that set their own."""
    price_in: float | None = None
    price_out: float | None = None
    features: frozenset[str] = frozenset()
    confirm: str = "destructive"
    frozen: bool = False
    lock: str = ""
    log: str = ""
    show: str = "code"
    budget_usd: float | None = None
    budget_usd_per_day: float | None = None
    max_steps: int | None = None
    max_rows: int = 1_000_000
    missing: str = ""
    """Which key of the provider names a variable that the environment lacks: an error once a model is needed."""
    warnings: tuple[str, ...] = ()
    """What the configuration says that means nothing: one message each."""

    @property
    def has_provider(self) -> bool:
        """Whether there is somebody to ask: a key, a server of one's own, or another provider."""
        if self.missing:
            return True  # there is to be one: what is missing for it is told when it is asked
        return self.api_key is not None or self.provider != "anthropic" or not is_own_host(self.base_url)

    def shares(self, what: str, section: str = "") -> bool:
        """Whether `what` (one of SHARES) may leave the machine, of the service in `section` where one is named."""
        return SHARES.index(what) <= SHARES.index(self.section_share.get(section, self.share))


def load_settings(configuration: Configuration, environment: Mapping[str, str] | None = None) -> Settings:
    """Read them. A wrong value is an AIBasicError naming key, value and what is allowed."""
    environment = os.environ if environment is None else environment
    set_outside = _environment_values(environment)
    own, missing = _own_section(configuration, set_outside)
    values = _file_values(own) | set_outside
    read = {key.lower(): READERS[key](name, value) for key, (name, value) in values.items() if value.strip()}
    return Settings(**read, section_share=_section_shares(configuration), missing=missing, warnings=_unknown_keys(own))


def host_of(base_url: str) -> str:
    """The host that requests go to, with its port where one is named, without any user or password."""
    return urlsplit(base_url).netloc.rpartition("@")[2] if base_url else OWN_HOST


def is_own_host(base_url: str) -> bool:
    """Whether requests go to the host of the provider `anthropic` itself, which knows every feature of its API."""
    host = host_of(base_url).partition(":")[0].lower()
    return host == "anthropic.com" or host.endswith(".anthropic.com")


Reader = Callable[[str, str], Any]


def _text(name: str, value: str) -> str:
    return value.strip()


def _secret(name: str, value: str) -> Secret:
    return Secret(value.strip())


def _one_of(*allowed: str) -> Reader:
    def read(name: str, value: str) -> str:
        word = value.strip().lower()
        if word not in allowed:
            raise _wrong(name, value, ", ".join(allowed))
        return word

    return read


def _yes_or_no(name: str, value: str) -> bool:
    word = value.strip().lower()
    if word not in YES + NO:
        raise _wrong(name, value, "true, false")
    return word in YES


def _whole(least: int) -> Reader:
    def read(name: str, value: str) -> int:
        try:
            number = int(value.replace("_", ""))
        except ValueError:
            number = least - 1
        if number < least:
            raise _wrong(name, value, f"a whole number from {least}")
        return number

    return read


def _number(above: float | None = None) -> Reader:
    def read(name: str, value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        good = 0 <= number < float("inf") if above is None else above < number < float("inf")
        if not good:
            raise _wrong(name, value, "a number from 0" if above is None else f"a number above {above:g}")
        return number

    return read


def _words(*allowed: str) -> Reader:
    def read(name: str, value: str) -> frozenset[str]:
        words = frozenset(value.lower().replace(",", " ").split())
        if not words <= set(allowed):
            raise _wrong(name, value, "any of " + ", ".join(allowed))
        return words

    return read


def _url(name: str, value: str) -> str:
    url = value.strip()
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good:
        raise AIBasicError(f"{name} is no web address.", "It looks like this: http://localhost:11434")
    login = parts.password or parts.username
    if login:
        for text in (login, unquote(login)):
            Secret(text)  # what one has held is left out of all that is shown
    return url


READERS: Mapping[str, Reader] = {
    "PROVIDER": _text,
    "MODEL": _text,
    "MODEL_REPAIR": _text,
    "BASE_URL": _url,
    "API_KEY": _secret,
    "MAX_TOKENS": _whole(1),
    "TIMEOUT": _number(above=0),
    "PARALLEL": _whole(1),
    "PHRASES": _one_of("first", "only", "off"),
    "REPAIR": _whole(0),
    "SHARE": _one_of(*SHARES),
    "PRICE_IN": _number(),
    "PRICE_OUT": _number(),
    "FEATURES": _words("thinking", "caching"),
    "CONFIRM": _one_of("destructive", "writes", "always", "never"),
    "FROZEN": _yes_or_no,
    "LOCK": _text,
    "LOG": _text,
    "SHOW": _one_of("code", "line", "nothing"),
    "BUDGET_USD": _number(),
    "BUDGET_USD_PER_DAY": _number(),
    "MAX_STEPS": _whole(1),
    "MAX_ROWS": _whole(1),
}

OTHER_NAMES = (
    ("API_KEY", "ANTHROPIC_AUTH_TOKEN"),
    ("API_KEY", "ANTHROPIC_API_KEY"),
    ("BASE_URL", "ANTHROPIC_BASE_URL"),
)
"""What users of the SDK have in their environment, the weaker first: over the file, under `AIBASIC_<KEY>`."""


def _file_values(section: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Key -> (name for messages, value)."""
    known = ((key.upper(), value) for key, value in section.items())
    return {key: (f"{key} in [{SECTION}]", value) for key, value in known if key in READERS}


def _unknown_keys(section: Mapping[str, str]) -> tuple[str, ...]:
    messages = []
    for key in section:
        if key.upper() not in READERS:
            nearest = difflib.get_close_matches(key.upper(), READERS, 1, 0.5)
            hint = f"; did you mean {nearest[0]}?" if nearest else "."
            messages.append(f"[{SECTION}] has no key {key.upper()}{hint}")
    return tuple(messages)


def _environment_values(environment: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    names = [*OTHER_NAMES, *((key, f"AIBASIC_{key}") for key in READERS)]
    return {key: (name, environment[name]) for key, name in names if environment.get(name, "").strip()}


def _section_shares(configuration: Configuration) -> dict[str, str]:
    shares = {}
    for section in configuration.sections():
        try:
            value = configuration.section(section).get("SHARE", "")
        except KeyError:
            continue  # a variable of the environment is missing: the module says so when it is used
        if section != SECTION and value.strip():
            shares[section] = READERS["SHARE"](f"SHARE in [{section}]", value)
    return shares


def _own_section(configuration: Configuration, set_outside: Collection[str]) -> tuple[dict[str, str], str]:
    """The section's KEYS with their values, and what is said of a key of the provider that has none.

    `set_outside` are keys whose value in the file does not count.
    """
    found, missing = {}, ""
    for key in configuration.keys(SECTION):
        if key in set_outside:
            continue
        try:
            found[key] = configuration.value(SECTION, key) or ""
        except KeyError as error:
            if key not in PROVIDER_KEYS:
                raise AIBasicError(str(error.args[0]), "Set it, or take the key out of aibasic.conf.") from None
            missing = missing or str(error.args[0])
    return found, missing


def _wrong(name: str, value: str, allowed: str) -> AIBasicError:
    return AIBasicError(f"{name} is {value.strip()!r}.", f"Allowed: {allowed}.")
