"""Phrases that show text and values."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

PHRASES = (
    Phrase("(print|say|write) {values:values}", "print({values})", 'print "hello" and x', "shows texts and values"),
    Phrase(
        "(print|say|write) {values:values} (;|without [(a|the)] (newline|new line|line break))",
        'print({values}, end="")',
        'print "hello" without newline',
        "shows texts and values; what is printed next follows in the same line",
    ),
    Phrase("print", "print()", "print", "shows an empty line"),
)
