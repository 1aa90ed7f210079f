"""What a sentence names or writes out that is neither a variable nor a table: files, a service's labels, JSON data.

Each function gives the Python for the words, or None where they are not such a thing.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping

from aibasic_kernel.compiler.expressions.python_expression import is_closed_python
from aibasic_kernel.compiler.phrasing.names import shapes
from aibasic_kernel.compiler.phrasing.tokens import Piece
from aibasic_kernel.compiler.sql.text import python_text

_FILE = re.compile(r"[^\s\"'<>|*?]+\.[A-Za-z0-9]+|[^\s\"'<>|*?]*/[^\s\"'<>|*?]*")
_FOLDER = re.compile(r"[\w./~-]+")
# A full stop, comma or colon at the end belongs to the sentence.
_LABEL = re.compile(r"[\w.:*#/@$+~%?-]*[\w*#/@$+~%?-]")


def path(piece: Piece, details: tuple[str, ...], names: Mapping[str, object]) -> str | None:
    """A file's name, with one of the suffixes among `details`; with `folder` among them also a word alone."""
    if piece.source in names:
        return _text_variable(piece, names)
    written = _unquoted(piece)
    folder = "folder" in details
    suffixes = tuple(f".{detail}" for detail in details if detail != "folder")
    if written is None and not (_FOLDER if folder else _FILE).fullmatch(piece.source):
        return None
    name = piece.source if written is None else written
    if not name or "\0" in name or (suffixes and not name.lower().endswith(suffixes)):
        return None
    return python_text(name)


def label(piece: Piece, names: Mapping[str, object]) -> str | None:
    """A name on the service's side, of a queue, topic, key: `user:1`, `events.*`; in quotes any text."""
    if piece.source in names and "text" in shapes(names[piece.source]):
        return piece.source
    written = _unquoted(piece)
    if written is None:
        return python_text(piece.source) if _LABEL.fullmatch(piece.source) else None
    return python_text(written) if written else None


def data(piece: Piece, names: Mapping[str, object]) -> str | None:
    """A dict or list written out, as Python or as JSON has them, or a variable that holds one."""
    source = piece.source
    if source in names:
        return source if {"mapping", "collection"} & shapes(names[source]) else None
    if source[0] not in "{[":
        return None
    if is_closed_python(source, names) and isinstance(ast.parse(source, mode="eval").body, (ast.Dict, ast.List)):
        return source
    try:
        return repr(json.loads(source))
    except (ValueError, RecursionError):
        return None


def _text_variable(piece: Piece, names: Mapping[str, object]) -> str | None:
    return piece.source if "text" in shapes(names[piece.source]) else None


def _unquoted(piece: Piece) -> str | None:
    token = piece.tokens[0]
    return token.unquoted if len(piece.tokens) == 1 and token.kind == "text" else None
