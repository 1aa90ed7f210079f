"""Phrases that need no task type: variables, arithmetic, questions, checks."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

from aibasic_kernel.compiler.phrases import lists

_ASKED = "[{question:text}] [(,|;|into|as)] {name:newname}"

PHRASES = (
    Phrase(
        "(set|let) {name:newname} (to|be|=|equal to) {value:value}",
        "{name} = {value}",
        "set x to 5",
        "keeps a value",
        "{name}",
    ),
    Phrase(
        "(store|save|put|remember) {value:value} (in|into|as) {name:newname}",
        "{name} = {value}",
        "store price * 2 in total",
        "keeps a value",
        "{name}",
    ),
    Phrase(
        "add {value:value} to [the] {name:name number}",
        "{name} += {value}",
        "add 5 to x",
        "adds to a number",
        "{name}",
    ),
    Phrase(
        "subtract {value:value} from [the] {name:name number}",
        "{name} -= {value}",
        "subtract 2 from x",
        "takes from a number",
        "{name}",
    ),
    Phrase(
        "multiply [the] {name:name number} by {value:value}",
        "{name} *= {value}",
        "multiply x by 3",
        "multiplies a number",
        "{name}",
    ),
    Phrase(
        "divide [the] {name:name number} by {value:value}",
        "{name} /= {value}",
        "divide x by 2",
        "divides a number",
        "{name}",
    ),
    Phrase(
        "(increase|increment) [the] {name:name number} [by {value:value}]",
        "{name} += {value|1}",
        "increase x by 10",
        "adds to a number",
        "{name}",
    ),
    Phrase(
        "(decrease|decrement) [the] {name:name number} [by {value:value}]",
        "{name} -= {value|1}",
        "decrease x by 1",
        "takes from a number",
        "{name}",
    ),
    Phrase(
        "ask {question:text} (into|as|for) {name:newname}",
        "{name} = input({question})",
        'ask "Your name?" into name',
        "asks the user for a text",
        "{name}",
    ),
    Phrase(
        f"input {_ASKED}",
        '{name} = input({question|"? "})',
        "input name",
        "asks the user for a text",
        "{name}",
    ),
    Phrase(
        f"(input|ask) {_ASKED} as [a] number",
        '{name} = float(input({question|"? "}))',
        'input "How long? " into length as a number',
        "asks the user for a number",
        "{name}",
    ),
    Phrase(
        f"(input|ask) {_ASKED} as [(a|an)] (whole number|integer)",
        '{name} = int(input({question|"? "}))',
        'input "How many? " into n as a whole number',
        "asks the user for a whole number",
        "{name}",
    ),
    Phrase(
        "(convert|change|turn) [the] {name:name text} (to|into) [a] number [(called|as|into) {new:newname}]",
        "{new|=name} = float({name})",
        "convert answer to number",
        "makes a number of a text",
        "{new|=name}",
    ),
    Phrase(
        "(convert|change|turn) [the] {name:name text number} (to|into) [(a|an)] (whole number|integer) "
        "[(called|as|into) {new:newname}]",
        "{new|=name} = int({name})",
        "convert answer to whole number",
        "makes a whole number of a text or number",
        "{new|=name}",
    ),
    Phrase(
        "(convert|change|turn) [the] {name:name number} (to|into) [a] (text|string) [(called|as|into) {new:newname}]",
        "{new|=name} = str({name})",
        "convert x to text",
        "makes a text of a number",
        "{new|=name}",
    ),
    Phrase(
        "(add {value:text} to [the] [text]|append {value:text} to [the] text) {name:name text}",
        "{name} += {value}",
        'add "!" to title',
        "makes a text longer",
        "{name}",
    ),
    Phrase(
        "check that {condition:condition}",
        "if not ({condition}):\n    raise AssertionError({sentence})",
        "check that x > 0",
        "fails with the sentence where the condition does not hold",
    ),
    Phrase("(is|are) {condition:condition}", "{condition}", "is x > 5", "says whether the condition holds"),
    Phrase("what is {value:value}", "{value}", "what is 2 + 3", "shows a value"),
    Phrase("(show|display) [the] {name:name}", "{name}", "show x", "shows a variable"),
    *lists.PHRASES,
)
