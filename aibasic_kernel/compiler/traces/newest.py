"""Code that calls the newest result `last_output`, since it was written before that had a name."""

from __future__ import annotations

import ast
from dataclasses import replace

from aibasic_kernel.compiler.prompts.reply import Answer

NEWEST = "last_output"


def with_newest(answer: Answer, name: str | None) -> Answer:
    """The answer with the newest result called by its `name`, wherever it is only read; the same where it has none."""
    tree = ast.parse(answer.python)
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == NEWEST]
    if name is None or not nodes or not all(isinstance(node.ctx, ast.Load) for node in nodes):
        return answer
    assumed = {name if known == NEWEST else known: shape for known, shape in answer.assumed.items()}
    lines = [line.encode() for line in answer.python.split("\n")]
    if all(lines[node.lineno - 1].startswith(NEWEST.encode(), node.col_offset) for node in nodes):
        return replace(answer, python=_renamed(lines, nodes, name), assumed=assumed)
    for node in nodes:  # until Python 3.12 the places of what stands in an f-string are not always right
        node.id = name
    return replace(answer, python=ast.unparse(tree) + "\n", assumed=assumed)


def _renamed(lines: list[bytes], nodes: list[ast.Name], name: str) -> str:
    """The lines with another name at each node; positions count bytes of a line."""
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        line, end = lines[node.lineno - 1], node.col_offset + len(NEWEST)
        lines[node.lineno - 1] = line[: node.col_offset] + name.encode() + line[end:]
    return b"\n".join(lines).decode()
