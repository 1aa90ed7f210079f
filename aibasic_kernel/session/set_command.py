"""SET: a setting for this session alone, over what files and environment say.

What protects the user may be tightened by any cell. To loosen it, and to send requests to another place, takes a yes
that a person typed; the machine's policy is never passed.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aibasic.modules.config_syntax import unquoted

from aibasic_kernel.compiler.configuration.demands import writes_here
from aibasic_kernel.compiler.configuration.policy import load_policy
from aibasic_kernel.compiler.configuration.setting_values import (
    DESTINATIONS,
    PRICES,
    READERS,
    SECTION_READERS,
    Reader,
    is_weaker,
    said,
)
from aibasic_kernel.compiler.configuration.settings import SECTION, Settings
from aibasic_kernel.compiler.privacy.visible import visible
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.session.asking import is_yes
from aibasic_kernel.session.messages import Note
from aibasic_kernel.session.settings_shown import in_force

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session

_CELLS_ARE_SAVED = "what stands in a cell is saved with the notebook"
_KEY_PLACES = "put it into API_KEY of your own aibasic.conf, or into ANTHROPIC_API_KEY before the session starts"


@dataclass(frozen=True)
class Change:
    """One setting with the value that it is to have and the one it has; `key` of the service in `section`."""

    section: str
    key: str
    text: str
    value: Any
    before: Any

    @property
    def name(self) -> str:
        return self.key if self.section == SECTION else f"{self.section}.{self.key}"

    def made_in(self, settings: Settings) -> Settings:
        """The settings with the change."""
        if self.section == SECTION:
            return replace(settings, **{self.key.lower(): self.value})
        keys = {**settings.sections.get(self.section, {}), self.key: self.value}
        return replace(settings, sections={**settings.sections, self.section: keys})


def set_value(session: Session, argument: str) -> Iterator[object]:
    """SET KEY = value, or SET section.KEY = value; SET alone shows the settings in force."""
    if not argument:
        yield Note(session.redact("\n".join(in_force(session.settings))))
        return
    change = _changed(session, argument)
    yield Note(f"{change.name} = {said(change.value)} until this session ends")


@contextmanager
def set_for_now(session: Session, arguments: Sequence[str]) -> Iterator[None]:
    """Settings (`KEY = value`) for what runs in the block, by the same rules. What is set in it stays."""
    if not arguments:
        yield
        return
    session.read_configuration()
    set_here = session.rules.set_here
    undo: list[tuple[Change, str | None]] = []
    try:
        for argument in arguments:
            before = {section: dict(keys) for section, keys in set_here.items()}
            change = _changed(session, argument)
            undo.append((change, before.get(change.section, {}).get(change.key)))
        yield
    finally:
        for change, text in reversed(undo):
            keys = set_here[change.section]
            if keys.get(change.key) == change.text:
                del keys[change.key]
                if text is not None:
                    keys[change.key] = text


def _changed(session: Session, argument: str) -> Change:
    """Set what the argument says. Raises AIBasicError where that may not be."""
    change = _understood(session, argument)
    after = change.made_in(session.settings)
    _check_policy(change, after)
    if change.value != change.before and _loosens(change, session.settings):
        _require_yes(session, change)
    session.rules.set_here.setdefault(change.section, {})[change.key] = change.text
    session.read_configuration()
    return change


def _understood(session: Session, argument: str) -> Change:
    """What the command says. AIBasicError for a section, key or value that there is not."""
    name, _, text = argument.partition("=")
    section, _, key = name.strip().rpartition(".")
    key, section, text = key.upper(), section or SECTION, unquoted(text.strip())
    if key == "API_KEY":
        raise AIBasicError(f"API_KEY is not taken from a cell: {_CELLS_ARE_SAVED}", _KEY_PLACES)
    reader = _reader(session, section, key)
    if not text:
        raise AIBasicError(f"SET {name.strip()} has no value", "SET KEY = value")
    value = reader(key, text)
    if key == "BASE_URL" and urlsplit(text).username is not None:
        raise AIBasicError(f"BASE_URL with a login is not taken from a cell: {_CELLS_ARE_SAVED}", _KEY_PLACES)
    if key == "MAX_ROWS" and session.environ.get("AIBASIC_MAX_ROWS"):
        raise AIBasicError("AIBASIC_MAX_ROWS of the environment says how many rows a result may have", "unset it")
    return Change(section, key, text, value, _now(session.settings, section, key))


def _reader(session: Session, section: str, key: str) -> Reader:
    if section != SECTION and section not in session.services:
        known = ", ".join(session.services) or "none"
        raise AIBasicError(f"no service is configured in a section [{section}]", f"there are: {known}")
    readers: Mapping[str, Reader] = READERS if section == SECTION else SECTION_READERS
    if key not in readers:
        nearest = difflib.get_close_matches(key, readers, 1, 0.5)
        hint = f"did you mean {nearest[0]}?" if nearest else f"there are: {', '.join(readers)}"
        raise AIBasicError(f"[{section}] has no key {key} that a session could set", hint)
    return readers[key]


def _now(settings: Settings, section: str, key: str) -> Any:
    if section == SECTION:
        return getattr(settings, key.lower())
    return {
        "SHARE": settings.share_for,
        "CONFIRM": settings.confirm_for,
        "READONLY": settings.is_read_only,
        "PRODUCTION": settings.is_production,
    }[key](section)


def _check_policy(change: Change, after: Settings) -> None:
    """Raise AIBasicError where the machine's policy forbids the change."""
    policy = load_policy()
    if not policy.allows(after):
        raise AIBasicError(f"the policy of this machine does not allow {change.name} = {said(change.value)}")
    if change.key in ("MODEL", *DESTINATIONS):
        policy.check_request(after.provider, after.address, after.model)


def _loosens(change: Change, settings: Settings) -> bool:
    if change.key in DESTINATIONS or (change.key == "LOG" and settings.log):
        return True
    if change.key in ("LOG", "LOCK"):
        return not writes_here(change.key, change.text)
    if change.key in PRICES:
        return settings.budget_usd is not None or settings.budget_usd_per_day is not None
    return is_weaker(change.key, change.value, change.before)


def _require_yes(session: Session, change: Change) -> None:
    """Ask; AIBasicError where the answer is no yes, and where nobody can answer."""
    told = visible(session.redact(f"{change.name} = {said(change.value)}, where it is {said(change.before)}"))
    answer = session.ask(f"SET {told}: this protects you less than now\nset it? yes, no: ")
    if answer is None:
        raise AIBasicError(
            f"SET {told} protects you less than now, and nobody can be asked here: nothing was changed",
            "say it in your own aibasic.conf, or in the environment before the session starts",
        )
    if not is_yes(answer):
        raise AIBasicError(f"you did not say yes: {change.name} stays {said(change.before)}")
