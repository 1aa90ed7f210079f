"""The parts of control flow as phrases: what a session asks for, and nobody types.

Each Python is one expression, so that a line of a loop that runs again costs no more than that.
"""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

PHRASES = (
    Phrase("whether {condition:truth}", "{condition}", "whether x is less than 5", "whether a condition holds"),
    Phrase("the value of {value:expression}", "{value}", "the value of n * 2", "a bound of a loop"),
    Phrase("each item of {items:items}", "{items}", "each item of names", "what a loop goes through"),
)
