"""Which of a database's tables a sentence is about: by the words of their names, columns and comments."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from aibasic.modules.schema import Table

from aibasic_kernel.compiler.words import words

CHOSEN = 12
"""Tables that are chosen by their words; those that join them come on top, up to as many again."""
NAME, COLUMN, COMMENT, COLUMN_COMMENT = 6.0, 2.0, 4.0, 2.0
"""What a word counts by where it stands."""
WHOLE_NAME = 1.5
"""How much more the words of a name count where the sentence says all of them."""
LEAST_SHARE = 0.15
"""Tables that score less than this share of the best are about something else."""
SHORTEST_STEM = 4
STEM_SHARE = 0.6
"""What a word counts that is only the beginning of the other: `cust` and `customer`, `Rechnung` and `Rechnungen`."""

SMALL_WORDS = words(
    "a all an and are as at by each every for from has how in is it its many of on one or per query show than that the "
    "them this to what which who with"
)


def choose(tables: Mapping[str, Table], near: Mapping[str, float]) -> list[Table]:
    """The tables nearest to the words, best first, then those that foreign keys join to them.

    `near` says how much each word of the sentence and of its surroundings counts.
    """
    scores = _scores(tables, near)
    if not scores:
        return []
    least = LEAST_SHARE * max(scores.values())
    ranked = sorted(scores, key=lambda name: (-scores[name], name))
    best = [name for name in ranked[:CHOSEN] if scores[name] >= least]
    joined = _joining(tables, best)
    return [tables[name] for name in (*best, *joined[:CHOSEN])]


def most_joined(tables: Mapping[str, Table]) -> list[Table]:
    """The tables that foreign keys join to the most others: what a sentence whose words fit no name may be about."""
    joins = Counter(end for name, table in tables.items() for key in table.foreign_keys for end in (name, key.target))
    best = sorted((name for name in joins if name in tables), key=lambda name: (-joins[name], name))
    return [tables[name] for name in best[: 2 * CHOSEN]]


def _scores(tables: Mapping[str, Table], near: Mapping[str, float]) -> dict[str, float]:
    """Each table's score above 0. A word counts the more the fewer tables have it."""
    held = {name: _words_of(table) for name, table in tables.items()}
    spread = Counter(word for places in held.values() for word in places)
    weights = _weights(spread, near)
    rarity = {word: math.log(1 + len(tables) / spread[word]) for word in weights}
    scores = {}
    for name, places in held.items():
        score = sum(weights[word] * rarity[word] * worth for word, worth in places.items() if word in weights)
        if score and all(word in weights for word in words(name)):
            score *= WHOLE_NAME
        if score:
            scores[name] = score
    return scores


def _words_of(table: Table) -> dict[str, float]:
    """The words of a table, each with what it counts at the best place where it stands."""
    found: dict[str, float] = {}
    places = [
        (NAME, table.name),
        (COMMENT, table.comment),
        (COLUMN, " ".join(column.name for column in table.columns)),
        (COLUMN_COMMENT, " ".join(column.comment for column in table.columns if column.comment)),
        (COLUMN, " ".join(value for column in table.columns for value in column.values)),
    ]
    for worth, text in places:
        for word in words(text):
            found[word] = max(found.get(word, 0.0), worth)
    return found


def _weights(vocabulary: Iterable[str], near: Mapping[str, float]) -> dict[str, float]:
    """The words of the tables that the sentence says, or whose beginning it says, and how much each counts."""
    said = {word: weight for word, weight in near.items() if word not in SMALL_WORDS}
    found: dict[str, float] = {}
    for word in vocabulary:
        weight = said.get(word, 0.0)
        if not weight and len(word) >= SHORTEST_STEM:
            similar = (said[other] for other in said if _same_stem(word, other))
            weight = STEM_SHARE * max(similar, default=0.0)
        if weight:
            found[word] = weight
    return found


def _same_stem(one: str, other: str) -> bool:
    return len(other) >= SHORTEST_STEM and (one.startswith(other) or other.startswith(one))


def _joining(tables: Mapping[str, Table], chosen: list[str]) -> list[str]:
    """Tables that are not chosen but joined to those that are: the more of them, the earlier."""
    among = set(chosen)
    position = {name: at for at, name in enumerate(chosen)}
    links: defaultdict[str, set[str]] = defaultdict(set)
    parents: set[str] = set()
    for name, table in tables.items():
        for key in table.foreign_keys:
            if name in among and key.target in tables and key.target not in among:
                links[key.target].add(name)
                parents.add(key.target)
            elif name not in among and key.target in among:
                links[name].add(key.target)
    # What just refers to one chosen table is no bridge: half a database refers to its customers.
    wanted = [name for name, near in links.items() if name in parents or len(near) > 1]
    return sorted(wanted, key=lambda name: (-len(links[name]), min(position[near] for near in links[name]), name))
