"""Known secrets, replaced in texts.

A secret is looked for in every form of `secret_forms`. Short secrets and plain words (`guest`, `admin`) are ordinary
words of English: they count only where a credential stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from aibasic.modules.secret import known

from aibasic_kernel.compiler.privacy.secret_forms import (
    Encoded,
    Forms,
    Spelled,
    as_bytes,
    beginnings,
    needles,
    spellings,
    squeezed,
)

HIDDEN = "***"
SHORT = 8
"""Characters below which a secret may as well be an ordinary word or number."""
PLAIN_WORD = re.compile(r"[A-Z]?[a-z]{1,14}|[A-Z]{1,15}")
PIECE = 128
"""Characters of a longer secret (a private key) that are looked for at once."""
TAIL = 2000
"""Characters at the end of a text in which the beginning of a secret is looked for."""
LEAST_HELD = 3
"""Characters of a form below which the end of a text is not taken for its beginning."""

_CREDENTIAL = re.compile(
    r"""
    (?i: (?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|credentials?)['"\\]* \s* (?:=>|[:=]) \s* [\\'"]*
      | ://[^\s/:@]*:
      | \b(?:identified \s+ by|requirepass|password) \s+ [\\'"]* ) \Z""",
    re.VERBOSE,
)
_BEFORE = 80
"""Characters in front of a plain secret that are looked at to see whether it stands as a credential."""
_TYPED = re.compile(
    r"""(?i: (?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key) ['"]? \s* (?:=>|[:=])? \s*
      (['"]) [^'"\s{}<>*]{4,} \1
      | ://[^\s/:@{}]+:[^\s/@{}]+@
      | identified \s+ by \s+ (['"]) [^'"{}]+ \2 )""",
    re.VERBOSE,
)


def has_credential(text: str) -> bool:
    """Whether a literal stands where a password or key does, be it a known one or not."""
    return _TYPED.search(text) is not None


def is_ordinary(secret: str, settings: Collection[str] = ()) -> bool:
    """Whether a secret may as well be said by anybody: a short one, a plain word, or the value of a setting too."""
    return len(secret.strip()) < SHORT or PLAIN_WORD.fullmatch(secret) is not None or secret in settings


class Redactor:
    """Hides the given secrets and all that a `Secret` of this process holds, also those that it comes to hold later.

    `ordinary` are values that the configuration also holds as no secret. May be used from any thread.
    """

    def __init__(self, secrets: Iterable[str] = (), ordinary: Collection[str] = ()) -> None:
        self._given = frozenset(secret for secret in secrets if secret)
        self._ordinary = frozenset(ordinary)
        self._sought = _Sought(frozenset(), frozenset(), (), ())

    def learn(self, secrets: Iterable[str], ordinary: Collection[str] | None = None) -> None:
        """Hide these too from now on; `ordinary` are all values that count as no secret, as before with None."""
        self._ordinary = self._ordinary if ordinary is None else frozenset(ordinary)
        self._given |= {secret for secret in secrets if secret}

    def clean(self, text: str) -> str:
        """`text` with each secret replaced by `***`."""
        sought = self._now()
        if not sought.secrets:
            return text
        data = squeezed(as_bytes(text))
        for one in sought.anywhere:
            if one.may_be_in(data):
                text = one.pattern.sub(HIDDEN, text)
        for credential in sought.as_credential:
            if credential.may_be_in(data):
                text = credential.replaced(text)
        return text

    def find(self, text: str) -> bool:
        """Whether a secret stands in `text`."""
        return self.clean(text) != text

    def may_hold(self, data: bytes) -> bool:
        """A quick test of UTF-8 or JSON: False where surely no secret stands in it."""
        sought = self._now()
        if not sought.secrets:
            return False
        data = squeezed(data)
        return any(one.may_be_in(data) for one in sought.anywhere) or any(
            one.may_be_in(data) for one in sought.as_credential
        )

    def held_back(self, text: str) -> int:
        """How many characters at the end of `text` may be the beginning of a secret that goes on in a later text."""
        sought = self._now()
        tail = text[-TAIL:]
        data = squeezed(as_bytes(tail))
        beginnings = sought.beginnings
        first = max(0, len(data) - sought.longest)
        start = next((data[at:] for at in range(first, len(data) - LEAST_HELD + 1) if data[at:] in beginnings), None)
        if start is None:
            return 0
        lengths = range(1, len(tail) + 1)
        return next((length for length in lengths if squeezed(as_bytes(tail[-length:])) == start), len(tail))

    def _now(self) -> _Sought:
        """What to look for now. It is never changed, so that other threads may go on with an older one."""
        secrets, settings = self._given | known(), self._ordinary
        if secrets != self._sought.secrets or settings is not self._sought.settings:
            ordinary = {secret for secret in secrets if is_ordinary(secret, settings)}
            pieces = {piece for secret in secrets - ordinary for piece in _pieces(secret)}
            longest_first = sorted(pieces, key=lambda piece: (-len(piece), piece))
            anywhere = (_Anywhere(forms) for piece in longest_first for forms in (Spelled(piece), Encoded(piece)))
            self._sought = _Sought(secrets, settings, tuple(anywhere), tuple(map(_AsCredential, sorted(ordinary))))
        return self._sought


def cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    """Plain data (dicts, lists, texts) with each text in it cleaned, keys too."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key) if isinstance(key, str) else key: cleaned(one, clean) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [cleaned(one, clean) for one in value]
    return value


class _Anywhere:
    """Forms of a secret that is hidden wherever it stands."""

    def __init__(self, forms: Forms) -> None:
        self.forms = forms
        self._needles = tuple(needles(forms))

    def may_be_in(self, squeezed_data: bytes) -> bool:
        return any(needle in squeezed_data for needle in self._needles)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Made when first needed: that takes some milliseconds."""
        return self.forms.pattern()


class _AsCredential:
    """A secret that is hidden only where a credential stands."""

    def __init__(self, secret: str) -> None:
        forms = sorted(spellings(secret), key=lambda form: (-len(form), form))
        self._needles = tuple({squeezed(as_bytes(form)) for form in forms})
        self._pattern = re.compile(f"(?:{'|'.join(map(re.escape, forms))})(?![A-Za-z0-9])")

    def may_be_in(self, squeezed_data: bytes) -> bool:
        return any(needle in squeezed_data for needle in self._needles)

    def replaced(self, text: str) -> str:
        def hidden(match: re.Match[str]) -> str:
            stands = _CREDENTIAL.search(text, max(0, match.start() - _BEFORE), match.start())
            return HIDDEN if stands else match[0]

        return self._pattern.sub(hidden, text)


@dataclass(frozen=True)
class _Sought:
    """What is looked for."""

    secrets: frozenset[str]
    settings: frozenset[str]
    anywhere: tuple[_Anywhere, ...]
    as_credential: tuple[_AsCredential, ...]

    @cached_property
    def beginnings(self) -> frozenset[bytes]:
        """Each beginning of each form, the whole one not."""
        forms = {form for one in self.anywhere for form in beginnings(one.forms)}
        return frozenset(form[:length] for form in forms for length in range(LEAST_HELD, len(form)))

    @cached_property
    def longest(self) -> int:
        """Bytes of the longest beginning."""
        return max(map(len, self.beginnings), default=0)


def _pieces(secret: str) -> list[str]:
    """A secret without the blanks around it; a long one in pieces."""
    secret = secret.strip()
    size = -(-len(secret) // -(-len(secret) // PIECE))
    return [secret[at : at + size] for at in range(0, len(secret), size)]
