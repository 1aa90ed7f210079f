"""Phrases that show text and values."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

PHRASES = (
    Phrase("(print|say|write) {values:values}", "print({values})", 'print "hello" and x', "shows texts and values"),
    Phrase("print", "print()", "print", "shows an empty line"),
)
