"""An error as it may leave the machine: its class, codes and position, and its message without the data in it.

What stands in quotes, numbers and words that error messages do not use become `<value>`, but for what is told anyway:
the words of the sentence and its code, names of variables, and of tables and columns where SHARE allows them. What a
service says beside its primary message (DETAIL, HINT, CONTEXT) repeats rows, and never leaves.
"""

from __future__ import annotations

import builtins
import dis
import re
import sysconfig
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from aibasic_kernel.compiler.configuration.settings import Settings
from aibasic_kernel.compiler.kinds import class_name
from aibasic_kernel.compiler.privacy.error_words import WORDS
from aibasic_kernel.compiler.prompts.data_labels import Mentioned, schema_names
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.traces.trace import known_tables
from aibasic_kernel.errors import text_of

VALUE = "<value>"
LIMIT = 600
"""Characters of a message that are told."""
_LIBRARIES = ("<frozen ", *{sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
_OURS = ("aibasic", "aibasic_kernel")
_TOKEN = re.compile(
    r"""
      (?P<quoted> "(?:[^"\\]|\\.)*" | (?<!\w)'(?:[^'\\]|\\.|(?<=\w)'(?=\w))*'(?!\w) | `[^`]*` | “[^”]*” | «[^»]*» )
    | (?P<open> (?:"|(?<!\w)'|`|“|«) .* )
    | (?P<path> \S*[@/\\]\S* )
    | (?P<number> (?<!\w)[+-]?\d[\w.,:+-]*(?<![.,:]) )
    | (?P<word> \w+(?:'\w+)? )
    """,
    re.VERBOSE | re.DOTALL,
)
_COUNTED = re.compile(
    r"""
      (?:line|column|col|char|character|position|row|byte|offset|axis|index|field|argument|dimension|size|takes
        |base|depth) \s \(?
    | \( (?:char|Errno) \s | \(expected \s (?:\d+,\s got \s)? | at \s (?:least|most) \s
    | (?:varying|character|varchar|char|numeric|decimal|bit) \( (?:\d+,\s?)?
    """,
    re.VERBOSE,
)
_COUNTS = re.compile(r"\s(?:required|positional|arguments?|elements?|columns?|fields|bytes|parameters?|were|was)\b")
_SENTENCE_START = re.compile(r"(?:^|[.!?]\s|\n)\W*$")
_BESIDE = re.compile(r"\n\s*(?:DETAIL|HINT|CONTEXT|QUERY|WHERE|STATEMENT|LINE \d+)\s*:")
_NAME_IN_SQL = re.compile(r"\w+(?:\.\w+)*|\W")
_MESSAGE_AS_KEY = re.compile(r"\[|None of |The following |Only a column name ")
"""How the messages begin that pandas raises as a KeyError, which has the key alone as a rule."""
_TOGETHER = re.compile(rf"{VALUE}(?:[\s.,;-]*{VALUE})+")
_LIBRARY_TYPES = """
    NoneType None True False NaN NaT DataFrame Series Index MultiIndex RangeIndex DatetimeIndex Timestamp Timedelta
    Decimal Categorical object int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 datetime64
    timedelta64 Int64 Float64 datetime date timedelta ndarray index columns function method module generator ns us ms
    varying precision bigint smallint varchar int2 int4 int8 float4 float8 numeric decimal jsonb uuid timestamptz bytea
    utf8 utf latin1 cp1252
"""
_TYPES = frozenset(
    [*(name for name, value in vars(builtins).items() if isinstance(value, type)), *_LIBRARY_TYPES.split()]
)
_CAPITAL_WORDS = """
    NULL NOT GROUP BY SELECT FROM WHERE ORDER LIMIT DISTINCT ON JOIN SQL JSON XML UTF TLS SSL HTTP URL CSV INSERT
    UPDATE DELETE UNION HAVING FOR AND OR IN LIKE CASE DEFAULT CREATE TABLE DROP CONFLICT DO EXCEPT INTERSECT EOF EOL
    ERR WRONGTYPE NOAUTH NOPERM NOSCRIPT READONLY OOM MOVED CROSSSLOT EXECABORT BUSY LOADING WRONGPASS ERROR FATAL
    TIMEOUT PASSWORD USER HOST PORT DATABASE I O
"""
_CAPITALS = frozenset(_CAPITAL_WORDS.split())

MayTell = Callable[[str], bool]


def describe_error(error: BaseException, scope: Scope, settings: Settings, texts: Iterable[str] = ()) -> str:
    """The error in one line, as SHARE allows it: `ValueError: invalid literal for int() with base 10: <value>`.

    `texts` are what leaves the machine anyway: the sentence and its code. Tables are those that the scope's services
    give. Secrets are not looked for: whoever sends the text does that.
    """
    may_tell = _told(scope, settings, texts, error)
    head = ", ".join((_class_of(error), *_codes(error), *_places(error, may_tell)))
    message = masked(_primary(error), may_tell, _of_user(error))
    message = " ".join(message.split())
    if len(message) > LIMIT:
        message = f"{message[: LIMIT - 1]}…"
    return f"{head}: {message}" if message else head


def masked(message: str, may_tell: MayTell, constants: Iterable[str] | None = None) -> str:
    """`message` with `<value>` for each literal that may not be told, and for each word that no error message uses.

    `constants` are the texts of the user's own code that raised it: then they alone say which words are no data.
    """
    said = None if constants is None else Mentioned(constants)

    def replaced(match: re.Match[str]) -> str:
        kind, text = match.lastgroup, match[0]
        if kind == "quoted":
            inner = text[1:-1]
            return text if inner in _TYPES or may_tell(inner) else VALUE
        if kind == "number":
            return text if may_tell(text) or (said is None and _is_count(match)) else VALUE
        if kind == "word" and (said(text) if said else _is_word(match)):
            return text
        return text if may_tell(text) else VALUE

    return _TOGETHER.sub(VALUE, _TOKEN.sub(replaced, message))


def _is_count(match: re.Match[str]) -> bool:
    """Whether a number says where or how many, by the words around it."""
    before, after = match.string[max(0, match.start() - 30) : match.start()], match.string[match.end() :]
    return match[0].isdigit() and (
        any(found.end() == len(before) for found in _COUNTED.finditer(before)) or _COUNTS.match(after) is not None
    )


def _is_word(match: re.Match[str]) -> bool:
    word = match[0]
    is_call = match.string.startswith("()", match.end())
    if is_call or len(word) == 1 or word in WORDS or word in _TYPES or word in _CAPITALS:
        return True
    starts = _SENTENCE_START.search(match.string[: match.start()]) is not None
    return starts and word[1:].islower() and word.lower() in WORDS


# What is told anyway --------------------------------------------------------------------------------------------------


def _told(scope: Scope, settings: Settings, texts: Iterable[str], error: BaseException) -> MayTell:
    names = {*scope.names, *(service.variable for service in scope.services.values()), *scope.code}
    names.update(class_name(service.module_class) for service in scope.services.values())
    if settings.shares("schema"):
        names.update(name for value in tuple(scope.names.values()) for name in schema_names(value))
    names.update(_of_tables(scope, settings))
    if isinstance(error, AttributeError):
        names.add(class_name(type(error.obj)))
    return Mentioned(texts, names)


def _of_tables(scope: Scope, settings: Settings) -> Iterator[str]:
    """The tables and columns of the services that were used and may be told of."""
    for service in scope.services.values():
        if not settings.shares("schema", service.section):
            continue
        for table in (known_tables(service) or {}).values():
            yield table.name
            for column in table.columns:
                yield column.name
                yield f"{table.name}.{column.name}"


def _of_user(error: BaseException) -> list[str] | None:
    """The texts in the user's own code that raised the error; None where Python or a library found it."""
    traceback = error.__traceback__
    if traceback is None:
        return None
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    code, module = traceback.tb_frame.f_code, str(traceback.tb_frame.f_globals.get("__name__"))
    at = code.co_code[traceback.tb_lasti :][:1]  # nothing in a frame that a library in C has made
    is_raised = bool(at) and dis.opname[at[0]] == "RAISE_VARARGS"
    if not is_raised or code.co_filename.startswith(_LIBRARIES) or module.partition(".")[0] in _OURS:
        return None
    return [constant for constant in code.co_consts if isinstance(constant, str)]


# What an error says ---------------------------------------------------------------------------------------------------


def _class_of(error: BaseException) -> str:
    module = type(error).__module__
    name = class_name(type(error))
    return name if module in ("builtins", "__main__") else f"{module}.{name}"


def _codes(error: Any) -> list[str]:
    """SQLSTATE and error numbers, of errors that have them."""
    found = []
    state = getattr(error, "pgcode", None) or getattr(error, "sqlstate", None)
    if isinstance(state, str) and state.isalnum():
        found.append(f"SQLSTATE {state}")
    for name, what in (("errno", "errno"), ("status_code", "status")):
        number = getattr(error, name, None)
        if isinstance(number, int) and number >= 0:
            found.append(f"{what} {number}")
    return found


def _places(error: Any, may_tell: MayTell) -> Iterator[str]:
    """Where in a statement or a text the fault is."""
    if isinstance(error, SyntaxError) and error.lineno:
        yield f"line {error.lineno}" + (f", column {error.offset}" if error.offset else "")
    position = getattr(getattr(error, "diag", None), "statement_position", None)
    sent = getattr(getattr(error, "cursor", None), "query", None)
    if position and isinstance(sent, bytes):
        # The number counts what was sent, in which values have been filled in: the word there says more.
        there = _NAME_IN_SQL.match(sent.decode(errors="replace"), int(position) - 1)
        if there and may_tell(there[0]):
            yield f"at {there[0]}"


def _primary(error: Any) -> str:
    """What an error says in the first place, without what services and Python say beside it."""
    said = getattr(getattr(error, "diag", None), "message_primary", None)
    if isinstance(said, str):
        return said
    if isinstance(error, OSError) and error.strerror and error.filename is not None:
        return f"{error.strerror}: {error.filename!r}"
    if isinstance(error, SyntaxError):
        return error.msg
    if isinstance(error, KeyError) and len(error.args) == 1 and isinstance(error.args[0], str):
        key = error.args[0]
        return key if _MESSAGE_AS_KEY.match(key) else repr(key)
    if isinstance(getattr(error, "msg", None), str) and hasattr(error, "sqlstate"):  # MySQL's driver
        return str(error.msg)
    if isinstance(getattr(error, "info", None), dict) and hasattr(error, "status_code"):  # OpenSearch's
        return _search_reason(error.info) or str(getattr(error, "error", ""))
    return _BESIDE.split(text_of(error), maxsplit=1)[0]


def _search_reason(info: Mapping[str, Any]) -> str:
    """The reason in what OpenSearch answers to a request that failed, "" where it has none."""
    failure = info.get("error")
    if not isinstance(failure, dict):
        return ""
    causes = failure.get("root_cause")
    first = causes[0] if isinstance(causes, list) and causes else failure
    return f"{first.get('type', '')}: {first.get('reason', '')}" if isinstance(first, dict) else ""
