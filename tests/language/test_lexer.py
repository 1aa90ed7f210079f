"""What the parts of a text are to a highlighter: a table of lines, and what holds for any text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments.token import Token, _TokenType

from aibasic_kernel.language.lexemes import lexemes
from aibasic_kernel.language.lexer import AIBasicLexer

LINES = {
    "10 query all orders": "label:10 plain",
    "10 (postgres) query all": "label:10 ( type:postgres ) plain",
    "(postgres:warehouse) query": "( type:postgres : space:warehouse ) plain",
    "( DF ) convert results": "( type:DF ) plain",
    "(df).head()": "( name:df ) . name:head ( )",
    '20 print "to" and x # why': 'label:20 plain string:"to" plain comment:# why',
    "query state = 'CA' now": "plain = string:'CA' plain",
    "post to #general": "plain",
    "do not take Anna's 5\" pipes": "plain number:5 plain",
    "load “a file” now": "plain string:“a file” plain",
    "query age > 25.5": "plain > number:25.5",
    "rem the end": "comment:rem the end",
    "30 REM the end": "label:30 comment:REM the end",
    "# goto 10": "comment:# goto 10",
    "goto 10": "key:goto label:10",
    "jump to line 20": "key:jump key:to key:line label:20",
    "10 if x in y then 20 else 30": "label:10 key:if plain key:then label:20 key:else label:30",
    "if stock is below 3 goto 40 # now": "key:if plain number:3 key:goto label:40 comment:# now",
    "10 for i = 1 to 10 step 2": "label:10 key:for plain = number:1 key:to number:10 key:step number:2",
    "for each row in rows": "key:for key:each plain key:in plain",
    "next row": "key:next plain",
    "10 while x < 3": "label:10 key:while plain < number:3",
    "10 wend": "label:10 key:wend",
    "on error goto 100": "key:on key:error key:goto label:100",
    "on error stop": "key:on key:error key:stop",
    "10 gosub 20": "label:10 key:gosub label:20",
    "10 return": "label:10 key:return",
    "send the file to 10 and goto 20": "plain number:10 key:and key:goto label:20",
    "convert the line to step 3": "plain number:3",
    "LIST 10-50 CODE": "command:LIST label:10 - label:50 command:CODE",
    "STOP AT 50": "command:STOP AT label:50",
    "TRACE ON": "command:TRACE command:ON",
    'SAVE "a.aib"': 'command:SAVE string:"a.aib"',
    "SET TIMEOUT = 30": "command:SET plain = number:30",
    "list of orders": "plain",
    "42": "label:42",
    "%time query all": "magic:%time plain",
    "!ls": "magic:!ls",
    "%%time\n10 wend": "magic:%%time label:10 key:wend",
    "%%bash\nif x": "magic:%%bash key:if plain",
    "x = 3": "name:x = number:3",
    "10 df.head() # py": "label:10 name:df . name:head ( ) comment:# py",
    "if x:\n    goto = 1": "key:if name:x : name:goto = number:1",
    "def f(": "key:def name:f (",
    "10 total[0] = sum(": "label:10 name:total [ number:0 ] = name:sum (",
    "print (unfinished": "plain ( plain",
    "10 goto 0": "label:10 key:goto label:0",
}
SHORT = {
    Token.Name.Label: "label", Token.Keyword.Type: "type", Token.Name.Namespace: "space", Token.Keyword.Pseudo: "magic",
    Token.Name.Builtin: "command", Token.Keyword: "key", Token.Name: "name", Token.String: "string",
    Token.Number: "number", Token.Comment: "comment",
}  # fmt: skip


def told(token: _TokenType, text: str) -> str:
    if token in Token.Name.Builtin and text.islower():
        return f"name:{text}"
    for kind, short in SHORT.items():
        if token in kind:
            return f"{short}:{text}"
    return text.strip() if token in Token.Operator or token in Token.Punctuation else "plain"


def coloured(text: str, **options: object) -> str:
    """The parts of a text, runs of plain words as one."""
    parts = [
        told(token, part)
        for _, token, part in AIBasicLexer(**options).get_tokens_unprocessed(text)
        if not part.isspace()
    ]
    return " ".join(part for at, part in enumerate(parts) if part != "plain" or at == 0 or parts[at - 1] != "plain")


@pytest.mark.parametrize(("text", "parts"), LINES.items(), ids=LINES)
def test_a_line_is_coloured(text: str, parts: str) -> None:
    assert coloured(text) == parts


def test_a_sentence_goes_on_and_a_block_of_python_too() -> None:
    text = "10 query orders,  # new\n   of Italy and goto 20\nfor x in y:\n    f(x)\n20 end"
    assert coloured(text) == (
        "label:10 plain , comment:# new plain key:and key:goto label:20 "
        "key:for name:x in name:y : name:f ( name:x ) label:20 key:end"
    )


def test_a_broken_line_leaves_the_others_their_colours() -> None:
    assert coloured("10 (postgres) query (all\n20 goto 10\n20 goto 10").count("key:goto label:10") == 2
    many = "query (all\n" * 20
    assert coloured(f"{many}goto 10").endswith("key:goto label:10")


def test_the_variables_and_task_types_of_a_session_count() -> None:
    assert coloured("results") == "plain"
    assert coloured("results", names=["results"]) == "name:results"
    assert coloured("(total) is it", tasks="df csv") == "( plain ) plain"
    assert coloured("(csv) load it", tasks="df csv") == "( type:csv ) plain"


PIECES = [
    "10 ", "  ", "\n", "\n", "\r\n", "\t", "(postgres) ", "(a:b) ", "(", ")", "[", '"', "'", '"""', "'''", "“", "”",
    "#", " # ", "rem ", "%", "%%",
    "%%bash\n", "%%time\n", "!", "?", " = ", ":", ",", "\\", "x", "query all ", "goto 10",
    "if ", " then ", " else ", "for ", " to ", " and goto 20", "LIST", "STOP  AT 5", "SET A = 3", "def f(", "return",
    "class A:\n", "@x", "f'{", "\x00", "\x0c", "\N{LINE SEPARATOR}", "\u0661", "\N{CJK UNIFIED IDEOGRAPH-6F22}", "0",
]  # fmt: skip
texts = st.one_of(st.lists(st.sampled_from(PIECES), max_size=16).map("".join), st.text(max_size=60))


@settings(max_examples=500, deadline=None)
@given(texts)
def test_the_parts_of_any_text_are_the_text(text: str) -> None:
    at = 0
    for part in lexemes(text):
        assert part.start == at < part.end
        at = part.end
    assert at == len(text)
    assert "".join(part for _, _, part in AIBasicLexer().get_tokens_unprocessed(text)) == text


@pytest.mark.parametrize(
    "text",
    ["(" * 10_000, '"' * 9_999, "'" * 10_000, " '" * 5_000, "f(" * 5_000, "if " + "then 9" * 2_000, "query (\n" * 2_000,
     "a, " * 4_000, "x " + "and goto " * 1_200, "for i = 1 " + "to " * 4_000, "\\" * 10_000, "%%time\n" * 3_000,
     "x = '''\n" * 1_001, "10" + " " * 10_000, '5" ' * 3_000],
    ids=lambda text: text[:9].strip(),
)  # fmt: skip
def test_a_long_text_takes_no_more_than_its_length(text: str) -> None:
    """What took the square of it would run into the time that a test has."""
    assert "".join(part for _, _, part in AIBasicLexer().get_tokens_unprocessed(text * 3)) == text * 3
