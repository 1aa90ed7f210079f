"""The reply format: what is an answer, and what is said about everything else a model may write."""

from __future__ import annotations

import contextlib
import itertools
import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibasic_kernel.compiler.prompts.reply import Answer, Draft, ReplyParser
from aibasic_kernel.compiler.shapes import Shape
from aibasic_kernel.errors import ReplyError

GOOD = "#@ python result=df\nimport pandas as pd\ndf = pd.DataFrame()\n#@ end\n"
WHOLE = Answer("import pandas as pd\ndf = pd.DataFrame()\n", "df")
MARKER_IN_A_STRING = "#@ python\nprint('''\n#@ end\n#@ python\n''')\n#@ end\n"


def read(text: str, stop_reason: str = "end_turn", piece: int = 5) -> Answer:
    parser = ReplyParser()
    for at in range(0, len(text), piece):
        parser.feed(text[at : at + piece])
    return parser.finish(stop_reason)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD[:-1],
        GOOD.replace("\n", "\r\n"),
        "\n\n" + GOOD + "\n",
        f"```python\n{GOOD}```\n",
        GOOD.replace("result=df\n", "result=df\n```python\n").replace("#@ end", "```\n#@ end"),
        GOOD.replace("result=df\n", "result=df\n```python\n").replace("#@ end", "#@ end\n```"),
    ],
    ids=["plain", "no last line end", "CRLF", "blank lines", "fence around", "fence inside", "fence crossing"],
)
def test_an_answer(text: str) -> None:
    assert read(text) == WHOLE


def test_a_result_may_be_left_out() -> None:
    assert read("#@ python\n1 + 1\n#@ end\n") == Answer("1 + 1\n", "")


def test_top_level_await_is_code() -> None:
    assert read("#@ python\nawait f()\n#@ end\n").python == "await f()\n"


def test_a_marker_inside_a_string_of_the_code_ends_nothing() -> None:
    assert read(MARKER_IN_A_STRING).python == "print('''\n#@ end\n#@ python\n''')\n"


def test_an_escape_that_python_warns_of_is_no_fault() -> None:
    assert read('#@ python\nx = "\\d"\n#@ end\n').python == 'x = "\\d"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Sure! Here is the code:\n" + GOOD, "prose instead of code: `Sure! Here is the code:`"),
        ("", "answered nothing"),
        ("\n```\n```\n", "answered nothing"),
        (GOOD + GOOD, "two answers"),
        (GOOD.replace("#@ end\n", "") + GOOD, "two answers"),
        (GOOD + "I hope this helps!\n", "behind its answer: `I hope this helps!`"),
        ("#@ python\nx = = 1\n#@ end\n", "does not parse (invalid syntax in line 1): `x = = 1`"),
        ("#@ python\nreturn 1\n#@ end\n", "'return' outside function in line 1"),
        ("#@ python\nx = '\0'\n#@ end\n", "does not parse"),
        ("#@ python\n# nothing to do\n#@ end\n", "holds no code"),
        ("#@ python result=2x\nx = 1\n#@ end\n", "named its result `2x`"),
        ("#@ python result=class\nx = 1\n#@ end\n", "named its result `class`"),
        ("#@ python\nx = 1\n", "the line `#@ end` is missing"),
        ("#@ cannot There is no table of bills;\ninvoices is near.\n", "no table of bills; invoices is near."),
    ],
)
def test_what_is_no_answer(text: str, message: str) -> None:
    with pytest.raises(ReplyError) as caught:
        read(text)
    assert message in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize("cut", range(1, GOOD.index("#@ end") + len("#@ end")))
def test_a_reply_that_was_cut_off_is_never_an_answer(cut: int) -> None:
    with pytest.raises(ReplyError, match="cut off before its end"):
        read(GOOD[:cut], "max_tokens")


def test_a_whole_block_counts_even_at_the_limit() -> None:
    assert read(GOOD[:-1], "max_tokens") == WHOLE


def outcome(text: str, stop_reason: str, cuts: list[int]) -> object:
    parser = ReplyParser()
    edges = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    try:
        for start, end in itertools.pairwise(edges):
            parser.feed(text[start:end])
        return parser.finish(stop_reason)
    except ReplyError as error:
        return str(error)


PIECES = st.sampled_from(
    ["#@ python", "#@ python result=x", "#@ end", "#@ cannot see", "```", "Well", "", "\r"]
) | st.sampled_from(["x = 1", "if x:", "print('''", "''')"])


@given(
    st.lists(PIECES).map("\n".join) | st.text(alphabet="#@ pythoned'\n\r`=x", max_size=60),
    st.sampled_from(["end_turn", "max_tokens"]),
    st.lists(st.integers(0, 200), max_size=8),
)
def test_the_outcome_does_not_depend_on_how_the_text_is_cut(text: str, stop_reason: str, cuts: list[int]) -> None:
    assert outcome(text, stop_reason, cuts) == outcome(text, stop_reason, [])


@given(st.text())
def test_nothing_but_a_reply_error_is_raised(text: str) -> None:
    outcome("#@ python\n" + text + "\n#@ end", "end_turn", [])


def read_ahead(text: str, piece: int = 5) -> Answer:
    parser = ReplyParser(ahead=True)
    for at in range(0, len(text), piece):
        parser.feed(text[at : at + piece])
    return parser.finish("end_turn")


names = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True).filter(lambda name: not keyword.iskeyword(name))
kinds = st.sampled_from(["number", "text", "boolean", "time"])
columns = st.dictionaries(st.text(st.characters(codec="utf-8", exclude_characters='"\r\n'), min_size=1), kinds)
shapes = st.one_of(
    kinds.map(Shape), st.builds(Shape, st.sampled_from(["frame", "rows", "dict", "list of dict"]), columns)
)


def said(name: str, shape: Shape) -> str:
    """An assumption as a model writes it."""
    told = ", ".join(f'"{column}" {kind}' for column, kind in shape.columns.items())
    return f"#@ assumes {name}: {shape.kind}{f' with {told}' if told else ''}"


@given(st.dictionaries(names, shapes, max_size=4), st.integers(1, 40))
def test_assumptions_are_read_as_they_were_written(assumed: dict[str, Shape], piece: int) -> None:
    lines = [said(name, shape) for name, shape in assumed.items() if all(map(str.strip, shape.columns))]
    wanted = {name: shape for name, shape in assumed.items() if all(map(str.strip, shape.columns))}
    assert read_ahead("\n".join([*lines, GOOD]), piece) == Answer(WHOLE.python, WHOLE.result, wanted)


@given(st.text('#@ assumesdf:frwithgnumbx," \n', max_size=60))
def test_no_text_in_front_of_a_block_is_anything_but_an_answer_or_a_ReplyError(text: str) -> None:
    with contextlib.suppress(ReplyError):
        assert read_ahead(f"#@ assumes {text}\n{GOOD}").result == "df"


@pytest.mark.parametrize(
    ("line", "shape"),
    [
        ("df: frame with age number, full name text", Shape("frame", {"age": "number", "full name": "text"})),
        ("df: DataFrame", Shape("frame")),
        ("fig: figure", Shape("Figure")),
        ("names: list of text", Shape("list of text")),
        ("thing: other", Shape("unknown")),
        ('df: frame with "Size, cm" other', Shape("frame", {"Size, cm": "unknown"})),
    ],
)
def test_what_an_assumption_may_say(line: str, shape: Shape) -> None:
    ((_, found),) = read_ahead(f"#@ assumes {line}\n{GOOD}").assumed.items()
    assert found == shape


@pytest.mark.parametrize(
    "line",
    ["df", "df frame", "df: frames", "2x: number", "class: number", "df: frame with", "df: frame with age",
     "df: frame with age number,", "df: frame with age number; name text", "n: number with age number"],
)  # fmt: skip
def test_what_no_assumption_may_say(line: str) -> None:
    with pytest.raises(ReplyError, match="unreadably"):
        read_ahead(f"#@ assumes {line}\n{GOOD}")


def test_two_assumptions_of_one_name_are_refused() -> None:
    with pytest.raises(ReplyError, match="two things of `n`"):
        read_ahead(f"#@ assumes n: number\n#@ assumes n: text\n{GOOD}")


@pytest.mark.parametrize("text", [f"#@ assumes n: number\n{GOOD}", "#@ wait\n"])
def test_a_line_whose_turn_has_come_has_nothing_to_assume(text: str) -> None:
    with pytest.raises(ReplyError, match="prose"):
        read(text)


def test_a_line_may_have_to_wait() -> None:
    with pytest.raises(ReplyError, match="has to know"):
        read_ahead("#@ wait\n")


@pytest.mark.parametrize("fence", ["", "```"])
def test_a_draft_shows_the_code_and_no_mark_at_any_cut(fence: str) -> None:
    draft, seen = Draft(), []
    lines = ["#@ assumes df: number", "#@ python result=x", f"{fence}python" if fence else "", "x = 1", "y = x", fence]
    for character in "\n".join([*filter(None, lines), "#@ end", "prose"]):
        draft.take(character)
        seen.append(draft.python)
    assert draft.python == "x = 1\ny = x"
    assert "x = 1\ny" in seen and all("x = 1\ny = x".startswith(text.strip("\n`")) for text in seen)


def test_a_draft_of_what_is_no_reply_is_empty() -> None:
    draft = Draft()
    for piece in ("Sure! Here is", " the code:\n", "#@ python\nx = 1\n"):
        draft.take(piece)
    assert draft.python == ""
