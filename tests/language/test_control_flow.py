"""Control flow is grammar: each form of the language's table, and its canonical text."""

import pytest

from aibasic_kernel.language import ParseError, parse, statement_text
from aibasic_kernel.language.instruction import CONTROL_FLOW, Sentence

FORMS = [
    ("goto 100", "goto 100"),
    ("GO TO 100", "goto 100"),
    ("jump to 100", "goto 100"),
    ("jump to line 100  # back", "goto 100"),
    ("if x > 3 jump to line 100", "if x > 3 then 100"),
    ("if x > 3 jump to 100", "if x > 3 then 100"),
    ("if the total is high goto 100", "if the total is high then 100"),
    ("IF x THEN 100", "if x then 100"),
    ("if x > 3, then goto 100", "if x > 3 then 100"),
    ("if x > 3: goto 100", "if x > 3 then 100"),
    ("if x then 100 else 200", "if x then 100 else 200"),
    ("if x goto 100 else jump to line 200", "if x then 100 else 200"),
    ("if there are then orders then 5", "if there are then orders then 5"),
    ("if x\n   then 100", "if x then 100"),
    ("for i = 1 to 10", "for i = 1 to 10"),
    ("for i=1 to len(x) - 1 step 2", "for i = 1 to len(x) - 1 step 2"),
    ("for each order in the orders of today", "for each order in the orders of today"),
    ("next", "next"),
    ("next order", "next order"),
    ("while x > 3", "while x > 3"),
    ("while there are orders left", "while there are orders left"),
    ("wend", "wend"),
    ("on error goto 100", "on error goto 100"),
    ("on error jump to line 100", "on error goto 100"),
    ("on error stop", "on error stop"),
    ("call 100", "call 100"),
    ("gosub 100", "call 100"),
    ("return", "return"),
    ("end", "end"),
    ("stop", "stop"),
]

SENTENCES = [
    "goto the shop",
    "if the total is high, send a mail",
    "for every order print it",
    "next up is the report",
    "while the data loads: wait",
    "on error send a mail",
    "call mysql stored procedure report",
    "return the books",
    "end the day",
    "stop at 100",
    "(redis) next value",
]


@pytest.mark.parametrize(("text", "canonical"), FORMS, ids=[text for text, _ in FORMS])
def test_a_form_is_its_own_kind(text: str, canonical: str) -> None:
    for prefix in ("", "10 "):
        (instruction,) = parse(prefix + text)
        assert isinstance(instruction, CONTROL_FLOW)
        assert statement_text(instruction) == canonical
        assert instruction.number == (10 if prefix else None)


@pytest.mark.parametrize("text", SENTENCES)
def test_what_only_begins_like_control_flow_is_a_sentence(text: str) -> None:
    (instruction,) = parse(text)
    assert isinstance(instruction, Sentence)


def test_a_sentence_may_end_in_a_jump() -> None:
    (sentence,) = parse("10 query the orders and then the rest, and jump to line 40")
    assert isinstance(sentence, Sentence)
    assert (sentence.text, sentence.then_goto) == ("query the orders and then the rest", 40)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("goto 0", "there is no line 0"),
        ("goto 1000000", "there is no line 1000000"),
        ("print x and goto 0", "there is no line 0"),
        ("if x then 5 else 0", "there is no line 0"),
        ("if x > 3 print y and goto 100", "one condition and one jump"),
        ("(postgres) goto 100", "control flow takes no task type"),
    ],
)
def test_what_cannot_be_meant(text: str, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        parse(text)
