"""Texts of data (names, comments, errors, values) as they stand in a request: inside tags that they cannot close."""

from __future__ import annotations


def harmless(text: str) -> str:
    """On one line, without characters that nobody sees, and unable to close the tag that it stands in."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(shown.split()).replace("</", "< /")
