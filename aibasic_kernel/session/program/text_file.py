"""Files of text that a person edits: read in the encodings that editors write, told of by name where they cannot be."""

from __future__ import annotations

import codecs
import difflib
import hashlib
from pathlib import Path

from aibasic_kernel.errors import AIBasicError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_text(path: Path) -> tuple[str, str]:
    """The text of a file, and the SHA-256 of its bytes.

    It is UTF-8, or UTF-16 with a mark of byte order. Raises AIBasicError for a file that is not there or no such text.
    """
    data = _bytes(path)
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: len(mark) + error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        raise AIBasicError(
            f"{path.name}, line {before.count(10) + 1}: this is no text in {encoding.upper()}",
            "save the file as UTF-8 in your editor",
        ) from None
    return text, hashlib.sha256(data).hexdigest()


def _bytes(path: Path) -> bytes:
    if path.exists() and not path.is_file():
        raise AIBasicError(f"{path} is no ordinary file", "name a file")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise AIBasicError(f"there is no file {path}", _instead_of(path)) from None
    except OSError as error:
        raise AIBasicError(f"{path} cannot be read: {error.strerror}", "") from error


def _instead_of(path: Path) -> str:
    """The files that may be meant."""
    folder = path.parent
    there = sorted(file.name for file in folder.glob(f"*{path.suffix}")) if folder.is_dir() else []
    near = difflib.get_close_matches(path.name, there, 3, 0.6)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"{folder.resolve()} has {', '.join(there[:5]) or f'no file {path.suffix}'}"
