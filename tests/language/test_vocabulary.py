"""The words for editors are those that the parser reads by."""

import json
import re
from dataclasses import asdict

import pytest

from aibasic_kernel.language import COMMANDS, parse
from aibasic_kernel.language.control_flow_told import FLOW_FORMS
from aibasic_kernel.language.instruction import CONTROL_FLOW, Command, Sentence
from aibasic_kernel.language.vocabulary import FLOW_WORDS, vocabulary

VOCABULARY = vocabulary(["postgres", "df"])
LINES = {
    "goto": "10 goto 20",
    "go to": "10 go to line 20",
    "jump": "10 jump to 20",
    "if": "10 if x > 3 then 20 else 30",
    "if goto": "10 if the list is empty goto 20",
    "for": "10 for i = 1 to 10 step 2",
    "for each": "10 for each row in rows",
    "next": "10 next row",
    "while": "10 while x < 3",
    "wend": "10 wend",
    "on error": "10 on error goto 20",
    "on error stop": "10 on error stop",
    "call": "10 call 20",
    "gosub": "10 gosub 20",
    "return": "10 return",
    "end": "10 end",
    "stop": "10 stop",
}


def as_python(pattern: str) -> str:
    """A pattern as Python spells it: `(?P<name>` for `(?<name>`."""
    return re.sub(r"\(\?<(?=\w)", "(?P<", pattern)


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_line_of_control_flow_matches_one_form_and_its_words_are_known(line: str) -> None:
    number = re.match(VOCABULARY.line_number, line)
    assert number is not None and number[1] == "10"
    statement = line[number.end() :]
    assert isinstance(parse(line)[0], CONTROL_FLOW)
    assert sum(re.fullmatch(as_python(form), statement) is not None for form in VOCABULARY.control_flow) == 1


def test_the_words_of_control_flow_are_those_of_its_forms_and_no_names_of_groups() -> None:
    told = {topic for form in FLOW_FORMS[:-2] for topic in form.topics if " " not in topic}
    assert told <= set(FLOW_WORDS)
    assert set(FLOW_WORDS) - told == {"go", "in", "line"}


def test_commands_are_those_of_the_parser() -> None:
    assert list(VOCABULARY.commands) == list(COMMANDS)
    assert re.fullmatch(VOCABULARY.commands["LIST"], "10-20 CODE")
    assert not re.fullmatch(VOCABULARY.commands["LIST"], "of orders")
    upper_case_only = set(COMMANDS) - set(VOCABULARY.lower_case_commands)
    assert upper_case_only == {"STOP AT", "NEW", "TRUST", "SET"}
    assert isinstance(parse("list")[0], Command) and isinstance(parse("new")[0], Sentence)


def test_task_types_are_those_that_are_handed_in() -> None:
    assert VOCABULARY.task_types == ("df", "postgres")
    assert vocabulary().task_types == ()
    task = re.match(VOCABULARY.task, "(postgres:warehouse) query all")
    assert task is not None and task.groups() == ("postgres", "warehouse")
    (sentence,) = parse("(postgres:warehouse) query all")
    assert isinstance(sentence, Sentence) and sentence.instance == "warehouse"


def test_no_pattern_has_what_only_python_reads() -> None:
    patterns = [VOCABULARY.line_number, VOCABULARY.task, VOCABULARY.remark, VOCABULARY.last_jump]
    patterns += [*VOCABULARY.control_flow, *VOCABULARY.commands.values()]
    assert not [each for each in patterns if re.search(r"\(\?P|\\[AZzN]|\(\?[aiLmsux]", each)]


def test_it_can_be_written_as_json() -> None:
    written = json.loads(json.dumps(asdict(VOCABULARY)))
    assert written["commands"] == VOCABULARY.commands
    assert written["control_flow"] == list(VOCABULARY.control_flow)
