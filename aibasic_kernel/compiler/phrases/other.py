"""Phrases that need no task type: variables, arithmetic, questions, checks."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

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
        "(create|make|start) [(a|an|the)] empty list [(called|named)] {name:newname}",
        "{name} = []",
        "create an empty list called names",
        "begins a list",
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
        "(add|append) {value:value} to [the] {name:name list records}",
        "{name}.append({value})",
        'add "Bob" to names',
        "puts a value at the end of a list",
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
        "input [{question:text} [(,|;)]] {name:newname}",
        '{name} = input({question|"? "})',
        "input name",
        "asks the user for a text",
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
    Phrase(
        "(how many|count [the]) (items|elements|rows|values) [(are)] [in] [the] {name:name collection mapping} "
        "[(into|as|called) {new:newname}]",
        "{new|result} = len({name})",
        "count the items in names",
        "counts what a list holds",
        "{new|result}",
    ),
)
