"""What f-strings, lists, dicts and comprehensions stand for."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from aibasic_kernel.compiler.gate import constants
from aibasic_kernel.compiler.gate.arguments import spread
from aibasic_kernel.compiler.gate.values import MOST, UNKNOWN, Holed, as_holed, is_constant

if TYPE_CHECKING:
    from aibasic_kernel.compiler.gate.folding import Folding

_CONVERSIONS: dict[int, Callable[[Any], str]] = {115: str, 114: repr, 97: ascii}


def joined(folding: Folding, node: ast.JoinedStr) -> Iterable[Any]:
    """An f-string: a text, with places where a part is not known."""
    parts = [folding.values(part) for part in node.values]
    for chosen in itertools.islice(itertools.product(*parts), MOST):
        text: Any = as_holed("")
        for part, written in zip(chosen, node.values, strict=True):
            known = is_constant(part) or isinstance(part, Holed)
            text = text + (part if known else _hole(written))
        yield text if text.holes else text.pieces[0]


def formatted(folding: Folding, node: ast.FormattedValue) -> Iterable[Any]:
    """A part of an f-string, written as that asks for it."""
    convert = _CONVERSIONS.get(node.conversion)
    specifications = folding.values(node.format_spec) if node.format_spec is not None else ("",)
    for value, specification in itertools.product(folding.values(node.value), specifications):
        if isinstance(value, Holed) and not specification:
            yield value
        else:
            whole = convert(value) if convert is not None and is_constant(value) else value
            yield constants.formatted(whole, specification) if isinstance(specification, str) else UNKNOWN


def sequence(folding: Folding, node: ast.Tuple | ast.List | ast.Set) -> Iterable[Any]:
    """A list, tuple or set, as a tuple."""
    parts = [spread(folding, element) for element in node.elts]
    if len(parts) > constants.LONGEST // 100 and all(isinstance(part, ast.Constant) for part in node.elts):
        return (tuple(part.value for part in node.elts if isinstance(part, ast.Constant)),)
    chosen = itertools.islice(itertools.product(*parts), MOST)
    return (tuple(itertools.chain.from_iterable(one)) for one in chosen)


def mapping(folding: Folding, node: ast.Dict) -> Iterable[Any]:
    """A dict whose keys are known."""
    if any(key is None for key in node.keys):
        return (UNKNOWN,)
    keys = [folding.values(key) for key in node.keys]
    values = [folding.values(value) for value in node.values]
    if any(not is_constant(key[0]) or isinstance(key[0], list) for key in keys):
        return (UNKNOWN,)
    return (dict(zip((key[0] for key in keys), (value[0] for value in values), strict=True)),)


def comprehension(folding: Folding, node: ast.ListComp | ast.GeneratorExp | ast.SetComp) -> Iterable[Any]:
    """A comprehension over one known sequence, without conditions; as a tuple."""
    source = node.generators[0]
    if len(node.generators) > 1 or not isinstance(source.target, ast.Name) or source.ifs:
        return (UNKNOWN,)
    (over, *more) = folding.values(source.iter)
    if more or not isinstance(over, str | bytes | tuple | list):
        return (UNKNOWN,)
    name, before = source.target.id, dict(folding.local)
    found = []
    try:
        for element in over:
            folding.local[name] = element
            found.append(folding.values(node.elt)[0])
    finally:
        folding.local = before
    return (tuple(found),)


def _hole(written: ast.expr) -> Holed:
    inner = written.value if isinstance(written, ast.FormattedValue) else written
    return Holed(("", ""), (ast.unparse(inner),))
