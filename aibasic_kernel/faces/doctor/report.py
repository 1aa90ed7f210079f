"""How the findings are shown: for people, or as JSON."""

from __future__ import annotations

import json
import os
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict

from aibasic_kernel.compiler.privacy.visible import visible
from aibasic_kernel.faces.doctor.finding import NOTE, OK, PROBLEM, Finding

WIDTH = 80
_COLOURS = {OK: "\x1b[32m", NOTE: "\x1b[33m", PROBLEM: "\x1b[1;31m"}
_PLAIN = "\x1b[0m"
_MARK = 9
"""Columns that a mark takes."""

Topics = Mapping[str, Iterable[Finding]]


def as_text(topics: Mapping[str, list[Finding]], clean: Callable[[str], str]) -> str:
    """The report in lines of 80 columns, and its sum; what mends a problem is one line, to be copied."""
    lines = []
    for topic, found in topics.items():
        lines += [topic, *(line for each in found for line in _lines(each, clean)), ""]
    problems = sum(each.mark == PROBLEM for found in topics.values() for each in found)
    return "\n".join(
        [*lines, "no problem" if not problems else "1 problem" if problems == 1 else f"{problems} problems"]
    )


def as_json(topics: Mapping[str, list[Finding]], clean: Callable[[str], str]) -> str:
    """The report as one JSON object: topic -> findings of `mark`, `text`, `cure`, `page`."""
    plain = {
        topic: [{key: clean(text) for key, text in asdict(each).items()} for each in found]
        for topic, found in topics.items()
    }
    return json.dumps(plain, ensure_ascii=False, indent=1)


def _lines(finding: Finding, clean: Callable[[str], str]) -> list[str]:
    mark = finding.mark.ljust(_MARK)
    if sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb":
        mark = f"{_COLOURS[finding.mark]}{mark}{_PLAIN}"
    first, *rest = _filled(clean(finding.text))
    lines = [f"  {mark}{first}", *(f"  {' ' * _MARK}{line}" for line in rest)]
    further = [f"> {finding.cure}"] * bool(finding.cure) + [f"read: {finding.page}"] * bool(finding.page)
    return [*lines, *(f"  {' ' * _MARK}{visible(clean(line))}" for line in further)]


def _filled(text: str) -> list[str]:
    """A text in lines of what is left beside the mark; a path is never cut."""
    width = WIDTH - 2 - _MARK
    text = visible(" ".join(text.split()))
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]
