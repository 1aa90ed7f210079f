"""`aibasic run --dry-run`: what each line of a program would do, for people, or as the list that `--yes-from` takes."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.faces.failure_report import place_in
from aibasic_kernel.session.gating.grants import Grant, Listed, grant
from aibasic_kernel.session.previewing import Code, Preview


def write(previews: Iterable[Preview], file: str, form: str, tell: Callable[[str], None]) -> bool:
    """Write what would happen to standard output, and `tell` the sum. Whether each line has code that would run."""
    found = list(previews)
    if form == "json":
        lines = [_as_json(each, file) for each in found if each.needs_code]
        sys.stdout.write(json.dumps({"program": file, "lines": lines}, ensure_ascii=False, indent=1) + "\n")
    else:
        above = None
        for each in found:
            source = each.line.stands_for or each.line.instruction
            sys.stdout.write("\n".join([*([] if source is above else [_heading(each, file)]), *_as_text(each)]) + "\n")
            above = source
    tell(_sum(found))
    return not any(each.problem for each in found)


def granted(file: Path) -> Listed:
    """What a list of a dry run allows. Raises AIBasicError for a file that is none."""
    try:
        lines = json.loads(file.read_text(encoding="utf-8"))["lines"]
        return Listed(each for line in lines for each in _grants(line))
    except (ValueError, KeyError, TypeError) as error:
        remedy = f"aibasic run PROGRAM.aib --dry-run --format json > {file}"
        raise AIBasicError(f"{file} is no list of a dry run", remedy) from error


def _grants(line: dict[str, Any]) -> Iterator[Grant]:
    for code in line["codes"]:
        for effect in code["effects"]:
            yield line["sentence"], code["python"], effect["kind"], effect["does"], effect["service"]


def _as_json(each: Preview, file: str) -> dict[str, Any]:
    return {
        "line": place_in(each.line, file),
        "sentence": each.line.sentence,
        "problem": each.problem,
        "codes": [{"by": code.author, "python": code.line.python, "effects": _effects(code)} for code in each.codes],
    }


def _effects(code: Code) -> list[dict[str, Any]]:
    found = []
    for effect in code.effects:
        _, _, kind, words, section = grant(code.line, effect)
        found.append({"does": words, "kind": kind, "service": section, "asked": effect in code.asked})
    return found


def _heading(each: Preview, file: str) -> str:
    place = "" if each.line.instruction.number is not None else f"{place_in(each.line, file)}: "
    return f"{place}{each.line.sentence}"


def _as_text(each: Preview) -> Iterator[str]:
    if not each.needs_code:
        yield "  needs nothing"
    if each.problem:
        yield f"  {each.problem}"
    for code in each.codes:
        yield f"  by {code.author}"
        for effect in code.effects:
            yield f"  {'? ' if effect in code.asked else '• '}{effect.words}{_on(effect.section)}"
        for text in code.line.python.rstrip("\n").splitlines():
            yield f"  │ {text}".rstrip()


def _on(section: str) -> str:
    return f" on [{section}]" if section else ""


def _sum(found: Sequence[Preview]) -> str:
    asked = sum(bool(code.asked) for each in found for code in each.codes)
    told = [f"{sum(each.needs_code for each in found)} sentences", f"{asked} would be asked about (marked ?)"]
    told += [f"{count} {problem}" for problem, count in Counter(each.problem for each in found if each.problem).items()]
    return f"nothing was run: {', '.join(told)}"
