"""Known secrets, replaced in texts.

A secret is looked for as it stands and in the forms that programs give it: URL-quoted, escaped as in JSON and in
Python's repr, and in base64 (at each of the three places where it may begin in a longer text). Short secrets and
plain words (`guest`, `admin`) are ordinary words of English: they count only where a credential stands.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Collection, Iterable
from urllib.parse import quote, quote_plus

from aibasic.modules.secret import known

HIDDEN = "***"
SHORT = 8
"""Characters below which a secret may as well be an ordinary word or number."""
PLAIN_WORD = re.compile(r"[A-Za-z]{1,15}")

CREDENTIAL = r"""
    (?i: (?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|credentials?)['"]? \s* (?:=>|[:=]) \s* ['"]?
      | ://[^\s/:@]*:
      | identified \s+ by \s+ ['"]? )
"""
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


class Redactor:
    """Hides the given secrets and all that a `Secret` of this process holds, also those that it comes to hold later.

    `ordinary` are values that the configuration also holds as no secret.
    """

    def __init__(self, secrets: Iterable[str] = (), ordinary: Collection[str] = ()) -> None:
        self._given = frozenset(secret for secret in secrets if secret)
        self._ordinary = ordinary
        self._known: frozenset[str] | None = None
        self._anywhere: re.Pattern[str] | None = None
        self._as_credential: re.Pattern[str] | None = None

    def clean(self, text: str) -> str:
        """`text` with each secret replaced by `***`."""
        self._look_for(self._given | known())
        if self._anywhere is not None:
            text = self._anywhere.sub(HIDDEN, text)
        if self._as_credential is not None:
            text = self._as_credential.sub(lambda match: match[1] + HIDDEN, text)
        return text

    def find(self, text: str) -> bool:
        """Whether a secret stands in `text`."""
        self._look_for(self._given | known())
        return any(pattern is not None and pattern.search(text) for pattern in (self._anywhere, self._as_credential))

    def _look_for(self, secrets: frozenset[str]) -> None:
        if secrets == self._known:
            return
        plain = {secret for secret in secrets if _is_plain(secret) or secret in self._ordinary}
        self._anywhere = _alternatives(form for secret in secrets - plain for form in _forms(secret))
        self._as_credential = _in_place(form for secret in plain for form in _spellings(secret))
        self._known = secrets


def _is_plain(secret: str) -> bool:
    return len(secret) < SHORT or PLAIN_WORD.fullmatch(secret) is not None


def _spellings(secret: str) -> set[str]:
    return {
        secret,
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        repr(secret.encode())[2:-1],
    }


def _forms(secret: str) -> set[str]:
    return _spellings(secret) | _in_base64(secret)


def _in_base64(secret: str) -> set[str]:
    """The characters that are the same whatever stands before and after the secret, at each of three alignments."""
    data = secret.encode()
    found = set()
    for before in range(3):
        bits = 8 * before
        encoded = base64.b64encode(b"\0" * before + data).decode().rstrip("=")
        first = -(-bits // 6)
        last = (bits + 8 * len(data)) // 6
        core = encoded[first:last]
        found |= {core, core.replace("+", "-").replace("/", "_")}
    return found


def _alternatives(forms: Iterable[str]) -> re.Pattern[str] | None:
    ordered = sorted(set(forms), key=lambda form: (-len(form), form))
    return re.compile("|".join(map(re.escape, ordered))) if ordered else None


def _in_place(forms: Iterable[str]) -> re.Pattern[str] | None:
    ordered = sorted(set(forms), key=lambda form: (-len(form), form))
    if not ordered:
        return None
    escaped = "|".join(re.escape(form) for form in ordered)
    return re.compile(f"({CREDENTIAL})(?:{escaped})(?![A-Za-z0-9])", re.VERBOSE)
