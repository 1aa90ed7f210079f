"""Names and texts of an exported program that its lines give no Python for."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Sequence

from aibasic_kernel.language.instruction import Call, Remark
from aibasic_kernel.session.exporting.lines import ExportLine, Targets

_LONGEST = 40
_OWN = "\ua78f"  # a letter that nobody writes: what is written with it can be read as Python, and told from all else


def own(name: str) -> str:
    """A name for a variable of the machinery around the lines, until `with_own_names` gives it one that is free."""
    return f"{_OWN}{name}"


LINE, CALLS, LOOPS = own("line"), own("calls"), own("loops")
"""Where a dispatch goes on, where each open call goes back to, what each loop under way has left."""


def with_own_names(text: str, taken: Collection[str]) -> str:
    """The text with names for all that is its own, none of which is `taken`."""

    def free(found: re.Match[str]) -> str:
        name = found[1]
        while name in taken:
            name += "_"
        return name

    return re.sub(rf"{_OWN}(\w+)", free, text)


def function_names(lines: Sequence[ExportLine], taken: Collection[str]) -> dict[int, str]:
    """A name for each subroutine, by the position of its first line: from the comment there, else from its number."""
    targets, found = Targets(lines), dict[int, str]()
    for line in lines:
        if isinstance(line.instruction, Call):
            at = targets.find(line.instruction.target, line.cell)
            if at not in found:
                name = _from_remark(lines[at]) or f"line_{line.instruction.target}"
                while name in taken or name in found.values():
                    name += "_"
                found[at] = name
    return found


def docstring(title: str) -> str:
    """The docstring of a program; "" for none."""
    safe = title.replace("\\", "\\\\").replace('"""', "'''")
    return f'"""{safe}"""' if title else ""


def _from_remark(line: ExportLine) -> str:
    said = line.instruction.text if isinstance(line.instruction, Remark) else " ".join(line.remarks[-1:])
    words = re.findall(r"\w+", re.sub(r"^(sub|subroutine)\b", "", said.strip(), flags=re.IGNORECASE).lower())
    name = "_".join(words)
    return name if name.isidentifier() and len(name) <= _LONGEST and not keyword.iskeyword(name) else ""
