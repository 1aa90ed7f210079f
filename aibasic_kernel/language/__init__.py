"""Text to instructions. Pure: no I/O, no model, no import of the other rooms."""

from aibasic_kernel.language.commands import COMMANDS, CommandForm
from aibasic_kernel.language.completeness import is_complete
from aibasic_kernel.language.errors import ParseError, UnfinishedError
from aibasic_kernel.language.importable import is_importable
from aibasic_kernel.language.parser import parse
from aibasic_kernel.language.printer import statement_text, unparse

__all__ = [
    "COMMANDS",
    "CommandForm",
    "ParseError",
    "UnfinishedError",
    "is_complete",
    "is_importable",
    "parse",
    "statement_text",
    "unparse",
]
