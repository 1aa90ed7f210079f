"""The one word that keeps a sentence from being a phrase: a table, column, variable or file that there is not.

A phrase misses a sentence by a name where its words fit and every slot is closed but one, and that one would be if a
single word of it were a name that exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

from aibasic_kernel.compiler.phrasing.gap import Gap, Miss
from aibasic_kernel.compiler.phrasing.match import Way, groups, hidden, match, ways_of
from aibasic_kernel.compiler.phrasing.slots import Filled
from aibasic_kernel.compiler.phrasing.tokens import Piece, Token, tokenise
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.task_types import TaskType

_MOST_WAYS = 200
"""Ways to lay phrases over the sentence that are looked at, those with the most fixed words first."""


def misses(sentence: str, section: str, scope: Scope, types: Mapping[str, TaskType]) -> list[Miss]:
    """What keeps the likeliest phrases from fitting, each wrong word once; those with a nearest name come first.

    Empty where no phrase comes that near, or where the tables of its service cannot be had.
    """
    tokens = tokenise(sentence)
    if not tokens:
        return []
    if taken := _taken(sentence, section, scope, types):
        return taken
    tried = [task for group, _ in groups(section, {token.lower for token in tokens}, types) for task in group]
    ways = [way for task in dict.fromkeys(tried) for way in ways_of(task, section, tokens, scope)]
    likeliest = islice(sorted(ways, key=lambda way: -way.words), _MOST_WAYS)
    found = [(way.words, miss) for way in likeliest if (miss := _miss(way, sentence, tokens)) is not None]
    ranked = [((bool(miss.near), words), miss) for words, miss in found]
    best = max((rank for rank, _ in ranked), default=None)
    return list({miss.said: miss for rank, miss in reversed(ranked) if rank == best}.values())


def _taken(sentence: str, section: str, scope: Scope, types: Mapping[str, TaskType]) -> list[Miss]:
    """The user's variables that have the names of modules, where the sentence would be a phrase but for them."""
    taken = {name for task in types.values() for phrase in task.phrases for name in hidden(phrase.python, scope)}
    if not taken:
        return []
    others = {name: value for name, value in scope.names.items() if name not in taken}
    try:
        fits = match(sentence, section, replace(scope, names=others), types)
    except Exception:  # whatever the driver of a silent service raises
        return []
    return [
        Miss(name, f"{name} is a variable of yours, and this line needs the module {name}: give yours another name")
        for name in (hidden(fits.python, scope) if fits is not None else ())
    ]


def _miss(way: Way, sentence: str, tokens: tuple[Token, ...]) -> Miss | None:
    """The wrong word, if everything else of the phrase fits; what belongs to a wrong table is not judged."""
    filled: dict[str, Filled] = {}
    missed: Gap | None = None
    for slot, start, stop in sorted(way.spans, key=lambda span: bool(span[0].of)):
        owned_by = slot.of.split("+") if slot.of else []
        if any(name not in filled for name in owned_by):
            continue
        owners = tuple(filled[name] for name in owned_by)
        gap = Gap(slot, Piece(sentence, tokens[start:stop]), owners, way.moment)
        held = gap.close(gap.piece)
        if held is not None:
            filled[slot.name] = held
        elif missed is None:
            missed = gap
        else:
            return None
    return missed.miss() if missed is not None else None
