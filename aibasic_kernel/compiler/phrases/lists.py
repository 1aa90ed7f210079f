"""Phrases over lists and dictionaries, which need no task type. Positions count from 1."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

_LIST = "[the] [list] {name:name list records}"
_INTO = "[(into|as|called) {new:newname}]"
_TAKE = "(remove|take|pop)"
_FROM = "(from|of|off)"

PHRASES = (
    Phrase(
        "(create|make|start) [(a|an|the)] empty list [(called|named)] {name:newname}",
        "{name} = []",
        "create an empty list called names",
        "begins a list",
        "{name}",
    ),
    Phrase(
        "(create|make|start) [(a|an|the)] empty (dictionary|dict) [(called|named)] {name:newname}",
        "{name} = {}",
        "create an empty dictionary called ages",
        "begins a dictionary",
        "{name}",
    ),
    Phrase(
        "(create|make|start) [(a|the)] list [(called|named)] {name:newname} (of|with) {n:number} times {value:value}",
        "{name} = [{value} for _ in range({n})]",
        "create a list called marks with 10 times 0",
        "begins a list that holds the same so many times",
        "{name}",
    ),
    Phrase(
        "(add|append) {value:value} to " + _LIST,
        "{name}.append({value})",
        'add "Bob" to names',
        "puts a value at the end of a list",
        "{name}",
    ),
    Phrase(
        "push {value:value} (on|onto|to) " + _LIST,
        "{name}.append({value})",
        "push 5 onto numbers",
        "puts a value on top of a stack",
    ),
    Phrase(
        "insert {value:value} (at position|before item) {at:position} (of|in|into) " + _LIST,
        "{name}.insert({at}, {value})",
        'insert "Eve" at position 1 of names',
        "puts a value into a list",
    ),
    Phrase(
        "(set|let) {item:item} (to|be|=) {value:value}",
        "{item} = {value}",
        'set item 1 of names to "Eve"',
        "puts another value in a place of a list or dictionary",
    ),
    Phrase(
        "(set|put) [the] (key|entry) {key:value} (of|in) [the] {name:name mapping} to {value:value}",
        "{name}[{key}] = {value}",
        'set key "b" of counts to 5',
        "keeps a value in a dictionary",
    ),
    Phrase(
        "(add {value:value} to|(increase|increment) [the]) {item:item} [by {value:value}]",
        "{item} += {value|1}",
        "increase item 1 of numbers by 5",
        "adds to a value in a list or dictionary",
    ),
    Phrase(
        "count {key:name text number} in [the] {name:name mapping}",
        "{name}[{key}] = {name}.get({key}, 0) + 1",
        "count x in counts",
        "counts one more of a kind, in a dictionary of counts",
    ),
    Phrase(
        "swap [the] [variables] {one:name} and {other:name}",
        "{one}, {other} = {other}, {one}",
        "swap x and y",
        "exchanges two variables",
    ),
    Phrase(
        "swap {one:item} and {other:item}",
        "{one}, {other} = {other}, {one}",
        "swap item 1 of numbers and item 2 of numbers",
        "exchanges two places of lists",
    ),
    Phrase(
        "swap [the] (items|elements) {i:position} and {j:position} (of|in) " + _LIST,
        "{name}[{i}], {name}[{j}] = {name}[{j}], {name}[{i}]",
        "swap items 1 and 2 of numbers",
        "exchanges two places of a list",
    ),
    Phrase(
        "(remove|delete) {value:value} from " + _LIST,
        "{name}.remove({value})",
        'remove "Ann" from names',
        "takes the first such value out of a list",
    ),
    Phrase(
        "(remove|delete) (item|element) {at:position} (from|of) " + _LIST,
        "del {name}[{at}]",
        "remove item 1 from names",
        "takes out what stands at a place",
    ),
    Phrase(
        "(remove|delete) [the] (key|entry) {key:value} (from|of) [the] {name:name mapping}",
        "del {name}[{key}]",
        'remove key "a" from counts',
        "takes an entry out of a dictionary",
    ),
    Phrase(
        f"{_TAKE} [the] last (item|element) {_FROM} {_LIST} {_INTO}",
        "{new|item} = {name}.pop()",
        "take the last item from names into name",
        "takes the last value out of a list",
        "{new|item}",
    ),
    Phrase(
        f"{_TAKE} [the] first (item|element) {_FROM} {_LIST} {_INTO}",
        "{new|item} = {name}.pop(0)",
        "take the first item from names into name",
        "takes the first value out of a list",
        "{new|item}",
    ),
    Phrase(
        f"pop [from] {_LIST} {_INTO}",
        "{new|item} = {name}.pop()",
        "pop numbers into top",
        "takes the value on top of a stack",
        "{new|item}",
    ),
    Phrase(
        f"sort {_LIST} [ascending]", "{name}.sort()", "sort numbers", "puts a list in order, the smallest value first"
    ),
    Phrase(
        f"sort {_LIST} descending",
        "{name}.sort(reverse=True)",
        "sort numbers descending",
        "puts a list in order, the largest value first",
    ),
    Phrase(f"reverse {_LIST}", "{name}.reverse()", "reverse numbers", "turns a list round"),
    Phrase(
        "(clear|empty) [the] [(list|dictionary)] {name:name list records mapping}",
        "{name}.clear()",
        "clear names",
        "leaves a list or dictionary empty",
    ),
    Phrase(f"shuffle {_LIST}", "import random\n\nrandom.shuffle({name})", "shuffle names", "mixes a list"),
    Phrase(
        f"(pick|choose) a random (item|element) {_FROM} [the] {{name:name collection}} {_INTO}",
        "import random\n\n{new|item} = random.choice(list({name}))",
        "pick a random item from names",
        "one of a list, by chance",
        "{new|item}",
    ),
    Phrase(
        "(how many|count [the]) (items|elements|rows|values) [(are)] [in] [the] {name:name collection mapping} "
        "[(into|as|called) {new:newname}]",
        "{new|result} = len({name})",
        "count the items in names",
        "counts what a list holds",
        "{new|result}",
    ),
)
