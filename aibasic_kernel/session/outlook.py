"""What will be there when the later lines of a cell have their turn, as far as the lines before them tell.

A rough reading of sentences, on the safe side: a line that it holds back is asked for when its turn comes, with
everything there that it is about.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from aibasic_kernel.compiler.prompts.assumptions import PRONOUNS
from aibasic_kernel.compiler.prompts.files import paths_in
from aibasic_kernel.compiler.prompts.foreseen import FRAME, ROWS, UNFORESEEN, kind_of_value, kinds_made, stand_ins
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.traces.reads import Reads
from aibasic_kernel.compiler.traces.trace import Trace, mismatch
from aibasic_kernel.language.instruction import Sentence

_MADE_BY_TASK = {"df": ("df", FRAME), "plot": ("fig", UNFORESEEN)}
"""What a line of a task type makes, by the rules that every request states."""
_ABOUT_DATA = frozenset(("df", "plot", "csv", "excel", "json"))
"""Task types whose lines mean the newest result where they name none."""
_WORD = re.compile(r"\w+")
_NAMED = re.compile(r"\b(?:into|call (?:it|them|this)|called|name (?:it|them))\s+([^\W\d]\w*)\s*$", re.IGNORECASE)
_NEEDS_NO_COLUMNS = re.compile(
    r"(?:please )?(?:(?:convert|turn|make|put)\b.*\b(?:data ?frame|list|table|file)|as an? |how many rows|"
    r"rename |drop (?:the )?columns? |(?:save|write|export|store|dump)\b|(?:print|show|display|list)(?: the)? \w+$)",
    re.IGNORECASE,
)
"""Lines whose code is the same whatever columns there are, or that say themselves which they mean."""
_NO_RESULT = re.compile(
    r"(?:please )?"
    r"(?:save|write|export|print|say|delete|insert|update|send|publish|append|begin|commit|close|create|drop)\b",
    re.IGNORECASE,
)
_GROUPS = re.compile(
    r"\b(?:by|per|each|every|group\w*|pivot\w*|statistics|summar\w+|describe|correlat\w+)\b", re.IGNORECASE
)
_CHANGES_TABLES = re.compile(
    r"\b(?:create|alter|drop|rename|add|remove)\b.*\b(?:tables?|columns?|views?|schemas?)\b", re.IGNORECASE | re.DOTALL
)
_UNDOES = re.compile(r"\b(?:undo|revert|roll\s?back|take back)\b", re.IGNORECASE)
_WRITES = re.compile(r"\b(?:save|write|export|append|store|dump|copy|move|rename|delete|remove)\b", re.IGNORECASE)
_IS_FILE = re.compile(r".*\.\w{1,8}")


class Outlook:
    """The names and the newest result as lines that have not run yet will leave them; told of each in its order."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._kinds: dict[str, str] = {}
        self._open: set[str] = set()
        self._newest = scope.last_output
        self._lines: list[Sentence] = []

    @property
    def sections(self) -> frozenset[str]:
        """The services that lines named which are to run before."""
        return frozenset(line.section for line in self._lines if line.section)

    @property
    def names(self) -> Collection[str]:
        """Names that will have been made."""
        return self._kinds

    # What a line will find -------------------------------------------------------------------------------------------

    def scopes(self, sentence: Sentence) -> Iterator[Scope]:
        """What the sentence may find at its turn, with a stand-in for each name that is yet to be made."""
        live = dict(self._scope.names.items())
        for made in stand_ins(self._kinds, sentence.text, frames=sentence.task == "df"):
            yield replace(self._scope, names={**live, **made}, last_output=self._newest)

    def may_hold(self, trace: Trace) -> bool:
        """Whether a trace holds as far as it relies on what is there already."""
        names = {name: shape for name, shape in trace.names.items() if name not in self._kinds}
        absent = tuple(word for word in trace.absent if word not in self._kinds)
        rest = replace(trace, names=names, absent=absent, it=None)
        return trace.it in (None, self._newest) and mismatch(rest, self._scope) is None

    def has_to_wait(self, sentence: Sentence) -> bool:
        """Whether the sentence leaves open what the lines before it will have made: then nobody can write its code yet.

        It is about a result whose columns are up to another's code, about tables or a file that are yet to be changed
        or made, or about what there is to undo.
        """
        if self.needs_columns(sentence) and any(name in self._open for name in self._meant(sentence)):
            return True
        if _UNDOES.search(sentence.text) and self._lines:
            return True
        if self._may_read_tables(sentence) and any(_changes_tables(line) for line in self._lines):
            return True
        return any(self._makes_file(path) for path in paths_in(sentence.text) if _IS_FILE.fullmatch(path))

    def needs_columns(self, sentence: Sentence) -> bool:
        """Whether the code for a sentence may depend on the columns of what it is about."""
        return _NEEDS_NO_COLUMNS.match(sentence.text) is None

    def _meant(self, sentence: Sentence) -> list[str]:
        """The variables that a sentence names, else the newest result where it means that."""
        words = _WORD.findall(_NAMED.sub("", sentence.text))
        named = [word for word in words if word in self._kinds or word in self._scope.names]
        if named or self._newest is None:
            return named
        means_newest = sentence.task in _ABOUT_DATA or not PRONOUNS.isdisjoint(word.lower() for word in words)
        return [self._newest] if means_newest or re.search(r"\bthe (?:result|data)", sentence.text) else []

    def _may_read_tables(self, sentence: Sentence) -> bool:
        service = self._scope.services.get(sentence.section)
        return not sentence.task or (service is not None and "sql" in service.module_class.has)

    def _makes_file(self, path: str) -> bool:
        """Whether a line before may make or change the file."""
        before = [line for line in self._lines if path in paths_in(line.text)]
        return any(_WRITES.search(line.text) for line in before) or bool(before and not self._is_there(path))

    def _is_there(self, path: str) -> bool:
        try:
            return (self._scope.folder / path).exists()
        except (OSError, ValueError):
            return False

    # What lines leave ------------------------------------------------------------------------------------------------

    def typed(self, python: str) -> None:
        """Python of the user's comes next. No request tells what it says, so nobody knows what it makes."""
        made = kinds_made(python, self._before())
        self._kinds.update(made)
        self._open.update(made)
        self._newest = next(reversed(made), self._newest)

    def served(self, sentence: Sentence, python: str, result: str) -> None:
        """A sentence comes next that the lock or a phrase serves with this code, which later requests are told."""
        self._lines.append(sentence)
        made = kinds_made(python, self._before())
        if result:
            made = {result: made.get(result, UNFORESEEN)}
        self._kinds.update(made)
        is_open = _reads_file(python) or not self._open.isdisjoint(_read_by(python))
        (self._open.update if is_open else self._open.difference_update)(made)
        self._newest = result or next(reversed(made), self._newest)

    def asked(self, sentence: Sentence, waits: bool = False) -> None:
        """A sentence comes next that a model compiles; where it `waits`, nothing is known of what it makes."""
        self._lines.append(sentence)
        if _NO_RESULT.match(sentence.text):
            return
        named = _NAMED.search(sentence.text)
        made = self._made_by(sentence, named[1] if named else "")
        is_open = (
            waits
            or _GROUPS.search(sentence.text)
            or any(map(_IS_FILE.fullmatch, paths_in(sentence.text)))
            or any(name in self._open for name in self._meant(sentence))
        )
        self._kinds.update(made)
        (self._open.update if is_open else self._open.difference_update)(made)
        self._newest = next(iter(made))

    def _made_by(self, sentence: Sentence, named: str) -> dict[str, str]:
        if named:
            return {named: UNFORESEEN}
        if sentence.task in _MADE_BY_TASK:
            return dict([_MADE_BY_TASK[sentence.task]])
        service = self._scope.services.get(sentence.section)
        if service is not None and "sql" in service.module_class.has:
            return {"results": ROWS}
        return {"results": UNFORESEEN, **({} if "df" in self._scope.names else {"df": UNFORESEEN})}

    def _before(self) -> dict[str, str]:
        return {**{name: kind_of_value(value) for name, value in self._scope.names.items()}, **self._kinds}


def _changes_tables(line: Sentence) -> bool:
    return line.task != "df" and _CHANGES_TABLES.search(line.text) is not None


def _reads_file(python: str) -> bool:
    return re.search(r"\b(?:open|read_(?:csv|excel|json|parquet|text|xml|table))\(", python) is not None


def _read_by(python: str) -> set[str]:
    try:
        return Reads(ast.parse(python)).read
    except SyntaxError:
        return set()
