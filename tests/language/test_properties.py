"""What holds for any text: only ParseError is raised, spans tile the source, printing and parsing again is stable."""

from dataclasses import fields

from hypothesis import given, settings
from hypothesis import strategies as st

from aibasic_kernel.language import ParseError, is_complete, parse, unparse
from aibasic_kernel.language.instruction import Instruction, Span

NAMES = frozenset({"x", "df", "data", "orders"})
TASKS = frozenset({"postgres", "df", "csv"})
PLACE = ("span", "source")

PIECES = [
    "10 ", "20 ", "300 ", "42", "0 ", "1234567 ", "  ", "    ", "\t", "\n", "\n", "\n", "\r\n", "\n\n", ",", ":", "\\",
    "(postgres) ", "(postgres:warehouse) ", "(df)", "(nothing) ", "(", ")", "[", "]", "{", "}", '"', "'", '"""', "'''",
    "\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}", "#", " # ", "rem ", "%", "%%", "!", "?", "=",
    " = ", "==", " + ", "-", "*", ".", "x", "df", "data", "orders", "print ", "query all", "goto 10", "go to ", "if ",
    " then ", " else ", "for ", "for each ", " in ", " to ", " step ", "next", "while ", "wend", "on error ", "stop",
    "call 20", "gosub ", "return", "end", " and goto 20", " and ", "or", "of", "with", "LIST", "list", "RUN 10",
    "SAVE ", '"a.aib"', "SET ", "STOP AT 5", "context", "import os", "import orders", "def f(a):", "pass", "try:",
    "except:", "finally:", "class A:", "@x", "lambda", "await ", "yield ", "is", "not ", "raise ", "assert ", "del ",
    "f'", "\x00", "\x0c", "\N{NO-BREAK SPACE}", "\N{LINE SEPARATOR}", "\u0661", "\N{CJK UNIFIED IDEOGRAPH-6F22}", ";",
]  # fmt: skip

texts = st.one_of(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.text(max_size=60))


def parsed(text: str) -> tuple[Instruction, ...]:
    return parse(text, NAMES, tasks=TASKS)


def meaning(instructions: tuple[Instruction, ...]) -> list[object]:
    """What is left of instructions when their place and their spelling are taken away."""
    return [
        (type(one), {field.name: getattr(one, field.name) for field in fields(one) if field.name not in PLACE})
        for one in instructions
    ]


@settings(max_examples=400, deadline=None)
@given(texts)
def test_only_parse_errors_are_raised_and_they_can_be_shown(text: str) -> None:
    try:
        parsed(text)
    except ParseError as error:
        assert 1 <= error.line <= text.count("\n") + text.count("\r") + 1
        assert "^" in str(error)


@settings(max_examples=400, deadline=None)
@given(texts)
def test_spans_tile_the_source(text: str) -> None:
    try:
        instructions = parsed(text)
    except ParseError:
        return
    assert "".join(instruction.source for instruction in instructions) == text
    end = 0
    for instruction in instructions:
        assert isinstance(instruction.span, Span)
        assert instruction.span.start == end
        end = instruction.span.end
        assert instruction.source == text[instruction.span.start : end]
    assert end == len(text)


@settings(max_examples=1000, deadline=None)
@given(texts)
def test_parse_print_parse_is_stable(text: str) -> None:
    try:
        instructions = parsed(text)
    except ParseError:
        return
    printed = unparse(instructions)
    again = parsed(printed)
    assert meaning(again) == meaning(instructions)
    assert unparse(again) == printed


@settings(max_examples=300, deadline=None)
@given(texts)
def test_an_empty_line_ends_every_input(text: str) -> None:
    status, _ = is_complete(f"{text}\n\n", NAMES, tasks=TASKS)
    assert status in {"complete", "invalid"}
