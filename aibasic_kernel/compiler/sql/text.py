"""SQL as pieces: text, and parameters that are Python; put together as the arguments of `execute_query`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Param:
    """A value that is handed to the driver beside the SQL: a Python expression."""

    python: str


Sql = tuple[str | Param, ...]


def python_text(text: str) -> str:
    """A Python literal for `text`, in double quotes where they need no escape."""
    plain = text.isprintable() and not ('"' in text or "\\" in text)
    return f'"{text}"' if plain else repr(text)


def as_arguments(sql: Sql) -> str:
    """The arguments of a call of `execute_query`: a literal, and the parameters where there are any.

    A `%` is doubled only beside parameters: without them the driver sends the text as it is.
    """
    parameters = [piece.python for piece in sql if isinstance(piece, Param)]
    if not parameters:
        return python_text("".join(piece for piece in sql if isinstance(piece, str)))
    text = "".join("%s" if isinstance(piece, Param) else piece.replace("%", "%%") for piece in sql)
    listed = ", ".join(parameters) + ("," if len(parameters) == 1 else "")
    return f"{python_text(text)}, ({listed})"
