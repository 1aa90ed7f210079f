"""What the notebooks and programs in a folder say: a lock beside them need hold nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.locks.lock import normal
from aibasic_kernel.compiler.locks.notebook_file import NotebookFile
from aibasic_kernel.compiler.task_types import known_words
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language import ParseError, parse
from aibasic_kernel.language.instruction import CONTROL_FLOW, Instruction, Magic, Sentence
from aibasic_kernel.language.magics import cell_magic


class SaidBeside:
    """The sentences of the `.ipynb` and `.aib` files in `folder`.

    Raises AIBasicError for one that cannot be read: nobody knows then what it says.
    """

    def __init__(self, folder: Path) -> None:
        visible = (file for file in folder.iterdir() if not file.name.startswith("."))
        self.files = sorted(file for file in visible if file.suffix in (".ipynb", ".aib") and file.is_file())
        self._sentences: set[tuple[str, str]] = set()
        self._expressions: set[str] = set()
        for file in self.files:
            for text in _texts(file):
                for instruction in _instructions(text, file):
                    self._take(instruction)

    def says(self, entry: Compilation) -> bool:
        """Whether a file has the sentence of an entry, or it as the condition of a jump or loop."""
        sentence = normal(entry.sentence)
        return (sentence, entry.section) in self._sentences or sentence in self._expressions

    def _take(self, instruction: Instruction) -> None:
        if isinstance(instruction, Sentence):
            self._sentences.add((normal(instruction.text), instruction.section))
        elif isinstance(instruction, CONTROL_FLOW):
            self._expressions |= {normal(part) for part in vars(instruction).values() if isinstance(part, str)}


def _texts(file: Path) -> Iterator[str]:
    """The text of each cell, or of the program."""
    if file.suffix == ".ipynb":
        yield from NotebookFile(file).sources
        return
    try:
        yield file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AIBasicError(f"{file} cannot be read: {error}", "mend it, or move it away") from error


def _instructions(text: str, file: Path) -> Iterator[Instruction]:
    """Without any variable, so that all that may ever be a sentence is one."""
    try:
        found = parse(text, tasks=known_words())
    except ParseError as error:
        raise AIBasicError(f"{file} has a text that is not AIBasic: {error}", "mend it, or move it away") from error
    for instruction in found:
        yield instruction
        if isinstance(instruction, Magic):
            _, body = cell_magic(instruction.text)
            with suppress(ParseError):  # another language: only %%time and %%aibasic stand above sentences
                yield from parse(body, tasks=known_words())
