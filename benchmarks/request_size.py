"""How large requests are: the sentences of the trial, run against real databases with the answers that were kept.

    python benchmarks/request_size.py

Prints tokens, counted as four characters each: of the stable part, which a provider caches, and by kind of sentence the
smallest, the median and the largest of what follows it.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections import defaultdict
from itertools import chain
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.report import report, spread
from tests.sentences.answerer import Answerer
from tests.sentences.cases import all_cases, all_replies
from tests.sentences.trial import Trial, tokens
from tests.servers.postgres import PostgresServer


def main() -> int:
    """Print the sizes as the rows of a table."""
    os.environ["MPLBACKEND"] = "agg"
    replies = all_replies()
    stable: set[int] = set()
    sizes: defaultdict[str, list[int]] = defaultdict(list)
    right: defaultdict[str, list[bool]] = defaultdict(list)
    model = Answerer()
    with tempfile.TemporaryDirectory() as folder, PostgresServer() as server, model:
        os.environ["AIBASIC_DATA_DIR"] = folder
        trial = Trial(server, Path(folder), model.url)
        for case in all_cases():
            asked = len(model.requests)
            model.replies = list(replies[str(case)])
            right[case.kind].append(not trial.failed_checks(case))
            requests = model.requests[asked:]
            sizes[case.kind] += [tokens(request.user) for request in requests]
            stable.update(tokens(request.system) for request in requests)
        trial.close()
    print("| kind | right | sentences | tokens: smallest | median | largest |\n| --- | --- | --- | --- | --- | --- |")
    for kind, found in sizes.items():
        print(_row(kind, right[kind], found))
    print(_row("all", list(chain(*right.values())), list(chain(*sizes.values()))))
    print(f"\nthe stable part: {' or '.join(map(str, sorted(stable)))} tokens, with and without a database\n")
    every = list(chain(*sizes.values()))
    report("tokens of a request beside the stable part", f"{spread(every, '{:.0f}')}", "",
           f"the stable part {max(stable)}")  # fmt: skip
    return 0


def _row(kind: str, right: list[bool], sizes: list[int]) -> str:
    cells = [f"{sum(right)} of {len(right)}", len(sizes), min(sizes), round(statistics.median(sizes)), max(sizes)]
    return f"| {kind} | {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    sys.exit(main())
