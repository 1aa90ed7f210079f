"""Carries out the harmless functions and methods by which code puts its texts together."""

from __future__ import annotations

import base64
import binascii
import codecs
import math
import os.path
import re
import tempfile
import zlib
from collections.abc import Callable, ItemsView, KeysView, Mapping, ValuesView
from pathlib import Path, PurePath
from typing import Any

from aibasic_kernel.compiler.gate.values import UNKNOWN, is_constant

LONGEST = 100_000
"""Characters or elements of a value that is put together."""


def _inflate(data: bytes, wbits: int = zlib.MAX_WBITS) -> bytes:
    return zlib.decompressobj(wbits).decompress(data, LONGEST)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "builtins.chr": chr, "builtins.ord": ord, "builtins.str": str, "builtins.bytes": bytes, "builtins.int": int,
    "builtins.float": float, "builtins.list": list, "builtins.tuple": tuple, "builtins.len": len,
    "builtins.repr": repr, "builtins.sorted": sorted, "builtins.bytearray": bytes, "builtins.hex": hex,
    "builtins.reversed": lambda value: tuple(reversed(value)), "builtins.bytes.fromhex": bytes.fromhex,
    "builtins.bytearray.fromhex": bytes.fromhex, "builtins.str.join": str.join, "builtins.str.format": str.format,
    "builtins.dict": dict, "builtins.zip": lambda *them: tuple(zip(*them, strict=False)),
    "builtins.enumerate": lambda them: tuple(enumerate(them)),
    "builtins.range": lambda *limits: tuple(range(*limits)) if len(range(*limits)) < LONGEST else UNKNOWN,
    "base64.b64decode": base64.b64decode, "base64.urlsafe_b64decode": base64.urlsafe_b64decode,
    "base64.b32decode": base64.b32decode, "base64.b16decode": base64.b16decode, "base64.b85decode": base64.b85decode,
    "base64.a85decode": base64.a85decode, "base64.decodebytes": base64.decodebytes,
    "base64.b64encode": base64.b64encode, "binascii.unhexlify": binascii.unhexlify,
    "binascii.a2b_base64": binascii.a2b_base64, "binascii.a2b_hex": binascii.a2b_hex,
    "codecs.decode": codecs.decode, "codecs.encode": codecs.encode, "zlib.decompress": _inflate,
    "gzip.decompress": lambda data: _inflate(data, 31),
    "os.path.join": os.path.join, "os.path.expanduser": os.path.expanduser, "os.path.abspath": os.path.abspath,
    "os.path.dirname": os.path.dirname, "os.path.basename": os.path.basename, "os.fspath": os.fspath,
    "os.getcwd": os.getcwd, "tempfile.gettempdir": tempfile.gettempdir, "pathlib.Path": PurePath,
    "pathlib.PurePath": PurePath, "pathlib.PosixPath": PurePath, "pathlib.Path.home": lambda: PurePath(Path.home()),
    "pathlib.Path.cwd": lambda: PurePath(Path.cwd()), "textwrap.dedent": lambda text: text, "inspect.cleandoc": str,
}  # fmt: skip
_CODECS = frozenset({"rot13", "rot_13", "hex", "base64", "utf-8", "utf8", "ascii", "latin-1", "unicode_escape"})
_WIDE = re.compile(r"[:%.][^\d\s'\"]{0,3}\d{5}|%[^\w\s]*\*|\{[^{}]*:[^{}]*\{")
"""What asks for a very wide field, or for one whose width is a value."""
_PADS = frozenset({"center", "ljust", "rjust", "zfill", "expandtabs"})
_OF_TEXT = frozenset(
    """
    join format replace lower upper strip lstrip rstrip title capitalize swapcase casefold encode decode split rsplit
    splitlines partition rpartition removeprefix removesuffix zfill center ljust rjust expandtabs hex translate
    startswith endswith find index count items keys values get format_map isdigit
    """.split()  # noqa: SIM905
)
_OF_PATH = frozenset({"joinpath", "with_suffix", "with_name", "with_stem", "as_posix", "__truediv__"})
_SAME_PATH = frozenset({"resolve", "absolute", "expanduser"})


def call(name: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """What a function of this dotted name gives for known values; UNKNOWN where it is not one of the harmless ones."""
    function = _FUNCTIONS.get(name)
    if function is None or (name.startswith("codecs.") and not _CODECS.issuperset(arguments[1:])):
        return UNKNOWN
    return _carried_out(function, arguments, keywords)


def method(value: Any, name: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """What a method of a known value gives."""
    if not is_constant(value):
        return UNKNOWN
    if isinstance(value, PurePath):
        if name in _SAME_PATH:
            return PurePath(Path(value).expanduser()) if name == "expanduser" else value
        return _carried_out(getattr(value, name), arguments, keywords) if name in _OF_PATH else UNKNOWN
    if name not in _OF_TEXT or _may_grow(name, (value, *arguments)):
        return UNKNOWN
    function = getattr(value, name, None)
    found = UNKNOWN if function is None else _carried_out(function, arguments, keywords)
    return tuple(found) if isinstance(found, KeysView | ValuesView | ItemsView) else found


def operation(operate: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    """What an operator gives for two known values."""
    return UNKNOWN if _may_grow(operate.__name__, (left, right)) else _carried_out(operate, (left, right), {})


def formatted(value: Any, specification: str) -> Any:
    """What an f-string writes for a value."""
    return UNKNOWN if _WIDE.search(f":{specification}") else _carried_out(format, (value, specification), {})


def _may_grow(name: str, values: tuple[Any, ...]) -> bool:
    """Whether an operator or method of this name may make something very long of these values."""
    lengths = [max(1, len(value)) for value in values if isinstance(value, str | bytes | tuple | list | dict)]
    largest = max((abs(value) for value in values if isinstance(value, int | float)), default=0)
    if name in ("mod", "format", "format_map"):
        return any(_WIDE.search(value) is not None for value in values if isinstance(value, str))
    if name == "mul":
        return bool(lengths) and lengths[0] * largest > LONGEST
    return math.prod(lengths) > LONGEST * 50 or (name in _PADS and largest > LONGEST)


def _carried_out(function: Callable[..., Any], arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    if not is_constant(arguments) or not is_constant(tuple(keywords.values())):
        return UNKNOWN
    try:
        found = function(*arguments, **keywords)
    except Exception:  # what cannot be put together here raises there too
        return UNKNOWN
    if isinstance(found, str | bytes | tuple | list) and len(found) > LONGEST:
        return UNKNOWN
    return found
