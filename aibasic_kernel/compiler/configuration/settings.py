"""The keys of `[aibasic]`, typed: from the configuration, under what the environment says (`AIBASIC_<KEY>`)."""

from __future__ import annotations

import difflib
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from aibasic.modules.config import Configuration
from aibasic.modules.secret import Secret
from aibasic.modules.settings import meant_to_protect

from aibasic_kernel.compiler.configuration.policy import load_policy
from aibasic_kernel.compiler.configuration.setting_values import (
    PROTECTIVE,
    READERS,
    SECTION_READERS,
    SHARES,
    STRICTEST,
    share_level,
    stricter_confirm,
)
from aibasic_kernel.errors import AIBasicError

SECTION = "aibasic"
OWN_HOST = "api.anthropic.com"
REMEDY = "Set it, or take the key out of aibasic.conf."
PROVIDER_KEYS = ("API_KEY", "BASE_URL", "MODEL", "MODEL_REPAIR", "PROVIDER")
"""Keys that mean nothing to a session which never asks a model."""


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
    sections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What service sections set of their own: section -> SHARE, CONFIRM, READONLY, PRODUCTION -> value."""
    faults: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """What service sections say of these that makes no sense, as message and remedy; the strictest value counts."""
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
    """Which key of the provider cannot be used, and why: an error once a model is needed."""
    mend: str = REMEDY
    """What would help against that."""
    warnings: tuple[str, ...] = ()
    """What the configuration says that means nothing: one message each."""

    @property
    def has_provider(self) -> bool:
        """Whether there is somebody to ask: a key, a server of one's own, or another provider."""
        if self.missing:
            return True  # there is to be one: what is missing for it is told when it is asked
        return self.api_key is not None or self.provider != "anthropic" or not is_own_host(self.base_url)

    @property
    def address(self) -> str:
        """Where requests go: BASE_URL, or the host of the provider `anthropic`."""
        return self.base_url or f"https://{OWN_HOST}"

    def shares(self, what: str, section: str = "") -> bool:
        """Whether `what` (one of SHARES) may leave the machine, of the service in `section` where one is named."""
        return SHARES.index(what) <= share_level(self.share_for(section))[0]

    def sample_rows(self, section: str = "") -> int:
        """How many rows of its data may leave the machine, of the service in `section` where one is named."""
        return share_level(self.share_for(section))[1]

    def share_for(self, section: str) -> str:
        """SHARE as it counts for the service in `section`."""
        share: str = self._of_section(section, "SHARE", self.share)
        return share

    def confirm_for(self, section: str) -> str:
        """CONFIRM as it counts for the service in `section`: in PRODUCTION every write asks at least."""
        confirm: str = self._of_section(section, "CONFIRM", self.confirm)
        return stricter_confirm(confirm, "writes") if self.is_production(section) else confirm

    def is_production(self, section: str) -> bool:
        """Whether others depend on the service in `section`."""
        return bool(self._of_section(section, "PRODUCTION", False))

    def is_read_only(self, section: str) -> bool:
        """Whether every write to the service in `section` is refused."""
        return bool(self._of_section(section, "READONLY", False))

    def check(self, section: str) -> None:
        """Raise AIBasicError where nobody can tell how the service in `section` is to be protected."""
        if fault := self.faults.get(section):
            raise AIBasicError(*fault)

    def _of_section(self, section: str, key: str, otherwise: Any) -> Any:
        return self.sections.get(section, {}).get(key, otherwise)


def load_settings(
    configuration: Configuration,
    environment: Mapping[str, str] | None = None,
    set_here: Mapping[str, str] | None = None,
) -> Settings:
    """Read them, `set_here` over the environment over the configuration, within the machine's policy.

    A wrong value is an AIBasicError naming key, value and what is allowed, in the section of a service one of the
    `faults`. So is a misspelt key of `[aibasic]` that was to protect.
    """
    environment = os.environ if environment is None else environment
    set_outside = _environment_values(environment) | {key: (key, value) for key, value in (set_here or {}).items()}
    own, unusable = _own_section(configuration, set_outside)
    values = _file_values(own) | set_outside
    read = {key.lower(): READERS[key](name, value) for key, (name, value) in values.items() if value.strip()}
    sections, faults = _service_sections(configuration)
    settings = Settings(
        **read,
        sections=sections,
        faults=faults,
        missing=unusable.message if unusable else "",
        mend=unusable.remedy if unusable else REMEDY,
        warnings=(*configuration.notes, *_unknown_keys(own)),
    )
    return load_policy().limited(settings)


def host_of(base_url: str) -> str:
    """The host that requests go to, with its port where one is named, without any user or password."""
    return urlsplit(base_url).netloc.rpartition("@")[2] if base_url else OWN_HOST


def is_own_host(base_url: str) -> bool:
    """Whether requests go to the host of the provider `anthropic` itself, which knows every feature of its API."""
    host = host_of(base_url).partition(":")[0].lower()
    return host == "anthropic.com" or host.endswith(".anthropic.com")


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
    for key in map(str.upper, section):
        if key not in READERS:
            _check_no_protection(key)
            nearest = difflib.get_close_matches(key, READERS, 1, 0.5)
            hint = f"; did you mean {nearest[0]}?" if nearest else "."
            messages.append(f"[{SECTION}] has no key {key}{hint}")
    return tuple(messages)


def _check_no_protection(key: str) -> None:
    """Raise AIBasicError for an unknown key that was to protect: who wrote it relies on it."""
    nearest = meant_to_protect(key, (*READERS, *PROTECTIVE), PROTECTIVE)
    if nearest in READERS:
        raise AIBasicError(f"[{SECTION}] has no key {key}, and nothing protects as it was to.", f"Write {nearest}.")
    if nearest:
        place = f"Write {nearest} into the section of the service that it is to protect."
        raise AIBasicError(f"[{SECTION}] has no key {key}, and nothing protects as it was to.", place)


def _environment_values(environment: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    names = [*OTHER_NAMES, *((key, f"AIBASIC_{key}") for key in READERS)]
    return {key: (name, environment[name]) for key, name in names if environment.get(name, "").strip()}


def _service_sections(configuration: Configuration) -> tuple[dict[str, dict[str, Any]], dict[str, tuple[str, str]]]:
    """What each section of a service sets of its own, and the first thing that one says wrongly."""
    found: dict[str, dict[str, Any]] = {}
    faults: dict[str, tuple[str, str]] = {}
    for section in configuration.sections():
        if section == SECTION:
            continue
        for key, reader in SECTION_READERS.items():
            try:
                if text := _written(configuration, section, key):
                    found.setdefault(section, {})[key] = reader(f"{key} in [{section}]", text)
            except AIBasicError as error:
                found.setdefault(section, {})[key] = STRICTEST[key]
                faults.setdefault(section, (error.message, error.remedy))
    return found, faults


def _written(configuration: Configuration, section: str, key: str) -> str:
    try:
        return (configuration.value(section, key) or "").strip()
    except (KeyError, PermissionError) as error:
        raise _unusable(error) from None


def _own_section(
    configuration: Configuration, set_outside: Collection[str]
) -> tuple[dict[str, str], AIBasicError | None]:
    """The section's KEYS with their values, and what is said of a key of the provider that has none to be used.

    `set_outside` are keys whose value in the file does not count.
    """
    found, unusable = {}, None
    for key in configuration.keys(SECTION):
        if key in set_outside:
            continue
        try:
            found[key] = configuration.value(SECTION, key) or ""
        except (KeyError, PermissionError) as error:
            if key not in PROVIDER_KEYS:
                raise _unusable(error) from None
            unusable = unusable or _unusable(error)
    return found, unusable


def _unusable(error: KeyError | PermissionError) -> AIBasicError:
    """What is said of a value that the environment lacks, or that an untrusted file may not give."""
    message, _, remedy = str(error.args[0]).partition("\n")
    return AIBasicError(message, remedy or REMEDY)
