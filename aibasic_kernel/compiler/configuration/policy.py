"""The machine's policy, `/etc/aibasic/policy.conf`: limits that no configuration, variable or cell can widen.

    [policy]
    PROVIDERS = anthropic
    BASE_URLS = https://api.anthropic.com, http://models.example.com:8080
    MODELS = claude-haiku-*, claude-sonnet-*
    SHARE = schema
    CONFIRM = writes
    READONLY = true
    BUDGET_USD_PER_DAY = 20

Each key may be left out. Of a file that cannot be read, or says anything else, nobody knows what it was to limit: then
no request is sent at all.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from aibasic.modules.config_syntax import parse, unquoted

from aibasic_kernel.compiler.configuration.setting_values import READERS, SECTION_READERS, is_weaker
from aibasic_kernel.errors import AIBasicError, ProviderError

if TYPE_CHECKING:
    from aibasic_kernel.compiler.configuration.settings import Settings

FILE = Path("/etc/aibasic/policy.conf")
_SECTION = "policy"
_REMEDY = "Whoever looks after this machine can change it. Lines that the lock or a phrase serves need no model."


@dataclass(frozen=True)
class Policy:
    """The limits; None for what is not limited. A `problem` says why the file could not be read."""

    providers: tuple[str, ...] | None = None
    base_urls: tuple[str, ...] | None = None
    models: tuple[str, ...] | None = None
    """Names, in which `*` stands for anything."""
    share: str | None = None
    confirm: str | None = None
    read_only: bool = False
    budget_usd_per_day: float | None = None
    problem: str = ""

    def limited(self, settings: Settings) -> Settings:
        """Settings of which none lets more happen than the policy does; the warnings name those that were cut down."""
        limits = {"SHARE": self.share, "CONFIRM": self.confirm, "BUDGET_USD_PER_DAY": self.budget_usd_per_day}
        cut = {
            key: limit
            for key, limit in limits.items()
            if limit is not None and is_weaker(key, getattr(settings, key.lower()), limit)
        }
        cut.update(self._too_cheap(settings))
        sections = {name: self._limited_section(values) for name, values in settings.sections.items()}
        warnings = [self.problem] if self.problem else [f"{FILE} limits {key} to {limit}" for key, limit in cut.items()]
        changed: dict[str, Any] = {key.lower(): limit for key, limit in cut.items()}
        return replace(settings, **changed, sections=sections, warnings=(*settings.warnings, *warnings))

    def _too_cheap(self, settings: Settings) -> dict[str, float]:
        """The public prices of MODEL that the settings have lower: with those its budget would never be spent."""
        from aibasic_kernel.compiler.accounts.prices import listed_price

        listed = listed_price(settings.model) if self.budget_usd_per_day is not None else None
        if listed is None:
            return {}
        public = {"PRICE_IN": (settings.price_in, listed.input), "PRICE_OUT": (settings.price_out, listed.output)}
        return {key: price for key, (said, price) in public.items() if said is not None and said < price}

    def allows(self, settings: Settings) -> bool:
        """Whether the settings are within the limits as they are."""
        return replace(self.limited(settings), warnings=settings.warnings) == settings

    def _limited_section(self, values: Mapping[str, Any]) -> dict[str, Any]:
        limits = {"SHARE": self.share, "CONFIRM": self.confirm, "READONLY": self.read_only or None}
        return {
            key: limit if (limit := limits.get(key)) is not None and is_weaker(key, value, limit) else value
            for key, value in values.items()
        }

    def check_request(self, provider: str, base_url: str, model: str) -> None:
        """Raise ProviderError where no request of this kind may be sent."""
        if self.problem:
            raise ProviderError(f"{self.problem}, so no request is sent", _REMEDY)
        if self.providers is not None and provider not in self.providers:
            raise ProviderError(f"{FILE} does not allow the provider {provider}", self._allowed(self.providers))
        if self.base_urls is not None and not any(_is_below(base_url, allowed) for allowed in self.base_urls):
            host = urlsplit(base_url).hostname
            raise ProviderError(f"{FILE} does not allow requests to {host}", self._allowed(self.base_urls))
        if self.models is not None and not any(fnmatchcase(model, allowed) for allowed in self.models):
            raise ProviderError(f"{FILE} does not allow the model {model}", self._allowed(self.models))

    def _allowed(self, names: tuple[str, ...]) -> str:
        return f"Allowed: {', '.join(names) or 'none'}. {_REMEDY}"


def load_policy() -> Policy:
    """The policy as it is now; without a file there are no limits."""
    try:
        status = FILE.stat()
        return _read(FILE, status.st_mtime_ns, status.st_size, status.st_ino)
    except (FileNotFoundError, NotADirectoryError):
        return Policy(problem=f"{FILE} is a link to nothing") if FILE.is_symlink() else Policy()
    except OSError as error:
        return Policy(problem=f"{FILE} cannot be read ({error.strerror})")


@functools.lru_cache(maxsize=2)
def _read(file: Path, modified: int, size: int, inode: int) -> Policy:
    """The file as of a certain modification: the further arguments are there to make the cache forget."""
    content = file.read_bytes()
    try:
        return _understood(parse(content, str(file)))
    except ValueError as error:
        return Policy(problem=str(error))
    except AIBasicError as error:
        return Policy(problem=f"{file}: {error.message}")


def _understood(sections: Mapping[str, Mapping[str, str]]) -> Policy:
    if others := sections.keys() - {_SECTION}:
        raise ValueError(f"{FILE} has a section [{min(others)}], which no policy has")
    found: dict[str, Any] = {}
    for key, text in sections.get(_SECTION, {}).items():
        if key not in _READERS:
            raise ValueError(f"{FILE} has a key {key}, which no policy has")
        field, read = _READERS[key]
        found[field] = read(key, unquoted(text))
    return Policy(**found)


def _names(key: str, text: str) -> tuple[str, ...]:
    names = tuple(text.replace(",", " ").split())
    if not names:
        raise ValueError(f"{FILE} has no value for {key}")
    return names


def _addresses(key: str, text: str) -> tuple[str, ...]:
    return tuple(READERS["BASE_URL"](key, name) for name in _names(key, text))


_READERS = {
    "PROVIDERS": ("providers", _names),
    "BASE_URLS": ("base_urls", _addresses),
    "MODELS": ("models", _names),
    "SHARE": ("share", READERS["SHARE"]),
    "CONFIRM": ("confirm", READERS["CONFIRM"]),
    "READONLY": ("read_only", SECTION_READERS["READONLY"]),
    "BUDGET_USD_PER_DAY": ("budget_usd_per_day", READERS["BUDGET_USD_PER_DAY"]),
}


def _is_below(url: str, allowed: str) -> bool:
    """Whether an address is the allowed one or lies below it: same scheme, host and port, and the path goes on."""
    one, other = urlsplit(url), urlsplit(allowed)
    path = other.path.rstrip("/")
    climbs = not {".", ".."}.isdisjoint(unquote(one.path).split("/"))
    return _server(one) == _server(other) and not climbs and f"{one.path.rstrip('/')}/".startswith(f"{path}/")


def _server(parts: Any) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
