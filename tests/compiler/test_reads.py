"""Which names code reads from outside: told by real code, which reads nothing but what it sets and what is built in."""

from __future__ import annotations

import argparse
import ast
import asyncio.base_events
import builtins
import dataclasses
import difflib
import inspect
import pathlib
import statistics
import typing
from types import ModuleType

import pytest

from aibasic_kernel.compiler.traces.observe import observe
from aibasic_kernel.compiler.traces.reads import Reads
from tests.compiler.scopes import make_scope

MODULES = (argparse, asyncio.base_events, dataclasses, difflib, pathlib, statistics, typing)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_a_module_reads_what_it_sets_and_what_is_built_in(module: ModuleType) -> None:
    source = inspect.getsource(module)
    reads = Reads(ast.parse(source))
    given = {*dir(builtins), "__file__", "__name__", "__doc__", "__class__", "__package__", "__path__"}
    assert reads.read - given <= reads.assigned
    assert set(vars(module)) & reads.assigned
    observe(source, "any sentence", make_scope({"x": 1}))


@pytest.mark.parametrize(
    ("code", "read", "assigned"),
    [
        ("x = y", "y", "x"),
        ("x = x", "x", "x"),
        ("x += 1", "x", "x"),
        ("x = 1\nx += 1", "", "x"),
        ("x: int = y", "int y", "x"),
        ("x: int", "int", ""),
        ("def f(x: T = d, *y: U) -> V:\n    x, y", "T U V d", "f"),
        ("print((x := 1), x)", "print", "x"),
        ("if a:\n    x = 1\nelse:\n    x = 2\nx", "a", "x"),
        ("if a:\n    x = 1\nx", "a x", "x"),
        ("while a:\n    x = 1\nx", "a x", "x"),
        ("for x in a:\n    x\nx", "a x", "x"),
        ("try:\n    x = 1\nexcept E as e:\n    e\nx", "E x", "x e"),
        ("try:\n    pass\nfinally:\n    x = 1\nx", "", "x"),
        ("with a as x:\n    x", "a", "x"),
        ("import a.b as c, d.e\nc, d", "", "c d"),
        ("from a import b\nb", "", "b"),
        ("def f(x, y=z):\n    w = x + v\n    return w\nf", "z v", "f"),
        ("def f():\n    global x\n    x = 1", "", "f x"),
        ("async def f():\n    await g()", "g", "f"),
        ("class C(B):\n    x = 1\n    y = x + z", "B z", "C"),
        ("f = lambda x: x + y", "y", "f"),
        ("[x + y for x in a if x > b]", "a b y", ""),
        ("{k: v for k, v in a.items()}", "a", ""),
        ("[y for x in a for y in x]", "a", ""),
        ("df['a'] = 1", "df", ""),
        ("df.a = 1", "df", ""),
        ("a, (b, *c) = d", "d", "a b c"),
        ("del x", "x", ""),
        ("match a:\n    case {'k': x, **r}:\n        x, r\n    case [y, *z] if b:\n        y, z", "a b", "x r y z"),
        ("await x", "x", ""),
    ],
)
def test_the_order_of_running_decides(code: str, read: str, assigned: str) -> None:
    reads = Reads(ast.parse(code))
    assert reads.read == set(read.split())
    assert reads.assigned == set(assigned.split())
