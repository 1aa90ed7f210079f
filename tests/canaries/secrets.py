"""Random secrets of every shape that one has in practice, and some that none should have."""

from __future__ import annotations

import base64
import string
from random import Random

from aibasic_kernel.compiler.privacy.redaction import is_ordinary

LETTERS = string.ascii_letters + string.digits
SHORTEST, LONGEST = 8, 64


def secret(random: Random) -> str:
    """One that is hidden wherever it stands: no short one, no plain word."""
    while True:
        made = random.choice(SHAPES)(random, random.randint(SHORTEST, LONGEST))
        if not is_ordinary(made) and made == made.strip():
            return made


def _of(letters: str, random: Random, length: int) -> str:
    return "".join(random.choice(letters) for _ in range(length))


def _token(random: Random, length: int) -> str:
    return _of(LETTERS, random, length)


def _typed(random: Random, length: int) -> str:
    return _of(LETTERS + string.punctuation, random, length)


def _quoted(random: Random, length: int) -> str:
    return _of(LETTERS + "'\"\\`", random, length)


def _foreign(random: Random, length: int) -> str:
    return _of("äöüßéñçøλωжщ密码🙂" + LETTERS, random, length)


def _encoded(random: Random, length: int) -> str:
    return base64.b64encode(random.randbytes(length)).decode()[:length]


def _hexadecimal(random: Random, length: int) -> str:
    return random.randbytes(length).hex()[:length]


def _phrase(random: Random, length: int) -> str:
    words = ["Correct", "horse", "battery", "staple", "7", "moon", "of-the", "k9"]
    return " ".join(random.choice(words) for _ in range(3 + length // 16)) + _of(string.digits, random, 4)


def _lines(random: Random, length: int) -> str:
    return f"{_token(random, length // 2)}\n{_token(random, length - length // 2)}"


def _key(random: Random, length: int) -> str:
    return f"sk-{_of('abcdef', random, 3)}-{_of(LETTERS + '_-', random, length)}"


SHAPES = (_token, _typed, _quoted, _foreign, _encoded, _hexadecimal, _phrase, _lines, _key)
