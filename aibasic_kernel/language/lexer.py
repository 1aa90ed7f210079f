"""AIBasic for Pygments: nbconvert, Sphinx, terminals and the prompt of the shell."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Text,
    Whitespace,
)
from pygments.util import get_list_opt

from aibasic_kernel.language.lexemes import Kind, lexemes

_TOKENS = {
    Kind.LINE_NUMBER: Name.Label,
    Kind.TASK: Keyword.Type,
    Kind.INSTANCE: Name.Namespace,
    Kind.KEYWORD: Keyword,
    Kind.COMMAND: Name.Builtin,
    Kind.STRING: String,
    Kind.NUMBER: Number,
    Kind.OPERATOR: Operator,
    Kind.PUNCTUATION: Punctuation,
    Kind.COMMENT: Comment,
    Kind.WORD: Text,
    Kind.BLANK: Whitespace,
    Kind.MAGIC: Keyword.Pseudo,
}


class AIBasicLexer(Lexer):  # type: ignore[misc]  # Pygments is not typed
    """AIBasic programs and cells.

    Options: `names`, the variables that exist, and `tasks`, the known task types in lower case, both lists (words
    between blanks, where they come as one text). Without them a line is read as in an empty session, and each word in
    parentheses that begins a line is a task type.
    """

    name = "AIBasic"
    aliases = ("aibasic",)
    filenames = ("*.aib",)
    mimetypes = ("text/x-aibasic",)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.names = frozenset(get_list_opt(options, "names", ()))
        self.tasks = frozenset(get_list_opt(options, "tasks", ()))

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, Any, str]]:
        """The offset, token type and text of each part; the texts together are `text`."""
        for part in lexemes(text, self.names, tasks=self.tasks):
            written = text[part.start : part.end]
            if part.kind in _TOKENS:
                yield part.start, _TOKENS[part.kind], written
                continue
            for offset, token, value in _lexer_of(part.language or "python").get_tokens_unprocessed(written):
                yield part.start + offset, token, value


@cache
def _lexer_of(language: str) -> Any:
    return get_lexer_by_name(language)
