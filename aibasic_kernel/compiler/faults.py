"""Whose fault an error is: the code's, so that other code could do better, or the world's, so that none could.

Told by what the error carries (SQLSTATE, error number, HTTP status), by its class, and only where there is nothing
else by its text. Drivers are known by the names of their classes: none is imported.
"""

from __future__ import annotations

from typing import Any

from aibasic_kernel.errors import AIBasicError, ReplyError, text_of

_OF_CODE = (
    *(AttributeError, ImportError, LookupError, NameError, NotImplementedError, SyntaxError, TypeError, ValueError),
)
_OF_THE_WORLD = (OSError, MemoryError)

_STATES = ("0A", "21", "22", "42")
"""Classes of SQLSTATE (ISO 9075-2, PostgreSQL manual, appendix A): feature not supported, cardinality violation, data
exception, and syntax error or access rule violation."""
_STATES_OF_THE_WORLD = ("22012", "42501")
"""Division by zero is in the data; a right is missing."""
_MYSQL_RIGHTS = frozenset({1044, 1045, 1049, 1095, 1141, 1142, 1143, 1227, 1290, 1370, 1396, 1410, 1698, 1792})
"""Errors of class 42 that are none of syntax or names: a right or the database is missing, or it is read-only."""
_MYSQL_OF_CODE = frozenset({1052, 1055, 1109, 1292, 1305, 1364, 1366, 1411, 1525})
"""Error numbers that MySQL and MariaDB have in another class: an ambiguous column, a wrong date ..."""
_REDIS_STATES = ("MISCONF", "BUSY", "NOREPLICAS", "LOADING", "MASTERDOWN", "OOM", "max number of clients", "NOPERM")
_SQLITE = ("no such", "near ", "ambiguous", "misuse", "wrong number of arguments", "table ", "incomplete input")


def is_fault_of_code(error: BaseException) -> bool:
    """Whether other code could do better: a wrong name, type or statement, not a dead server or a wrong password."""
    if isinstance(error, AIBasicError):
        return isinstance(error, ReplyError) and not error.is_final
    if not isinstance(error, Exception):
        return False
    by_driver = _by_driver(error)
    if by_driver is not None:
        return by_driver
    if isinstance(error, _OF_THE_WORLD) or not isinstance(error, _OF_CODE):
        return False
    return not _is_about_setting_up(error)


def _by_driver(error: Any) -> bool | None:
    """What an error says that comes from a service; None for all others."""
    package = type(error).__module__.partition(".")[0]
    kinds = {kind.__name__ for kind in type(error).__mro__}
    state = getattr(error, "pgcode", None) or getattr(error, "sqlstate", None)
    if package == "mysql":
        return _by_number(getattr(error, "errno", None), state)
    if isinstance(state, str):
        return state.startswith(_STATES) and state not in _STATES_OF_THE_WORLD
    if package in ("psycopg2", "adbc_driver_manager"):
        return bool(kinds & {"ProgrammingError", "DataError", "NotSupportedError"})
    if package == "redis":
        is_answer = type(error).__name__ == "ResponseError" and not text_of(error).startswith(_REDIS_STATES)
        return is_answer or type(error).__name__ == "DataError"
    if package == "opensearchpy" and "TransportError" in kinds:
        return error.status_code == 400 or (error.status_code == 404 and "index_not_found" in text_of(error))
    if package == "opensearchpy":
        return bool(kinds & {"SerializationError", "ValueError", "OpenSearchDslException"})
    if package == "sqlite3":
        return text_of(error).startswith(_SQLITE) or type(error).__name__ == "ProgrammingError"
    if package == "kafka":
        return type(error).__name__ in ("IllegalArgumentError", "InvalidTopicError", "UnknownTopicOrPartitionError")
    if package == "pandas" and type(error).__name__ == "DatabaseError" and error.__cause__ is not None:
        return is_fault_of_code(error.__cause__)
    return None


def _by_number(number: int | None, state: str | None) -> bool:
    if number in _MYSQL_OF_CODE:
        return True
    return bool(state) and str(state).startswith(_STATES) and number not in _MYSQL_RIGHTS


def _is_about_setting_up(error: Exception) -> bool:
    """Whether a library or a section of the configuration is missing: whoever runs the line has to see to that."""
    text = text_of(error)
    if isinstance(error, ImportError):
        return "pip install" in text
    return isinstance(error, LookupError) and text.lstrip("'\"").startswith("Missing [")
