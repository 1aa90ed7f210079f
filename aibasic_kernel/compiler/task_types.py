"""The task types: what the `(postgres)` in front of a sentence stands for. The one registry of them.

Those with a service come from its module class; the engine learns of modules through the built-in ones here and the
entry-point group `aibasic.modules` (`name = "package.file:Class"`). No driver is imported before its service is used.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Any

from aibasic.modules.base import Module
from aibasic.modules.phrases import Phrase

_log = logging.getLogger(__name__)
GROUP = "aibasic.modules"
BASICS = "other"
_BUILT_IN = {
    "mysql": "aibasic.modules.mysql.module:MySQLModule",
    "postgres": "aibasic.modules.postgres.module:PostgresModule",
    "kafka": "aibasic.modules.kafka.module:KafkaModule",
    "opensearch": "aibasic.modules.opensearch.module:OpenSearchModule",
    "rabbitmq": "aibasic.modules.rabbitmq.module:RabbitMQModule",
    "redis": "aibasic.modules.redis.module:RedisModule",
}
_PHRASES = "aibasic_kernel.compiler.phrases."


@dataclass(frozen=True)
class TaskType:
    """What serves the sentences of a task type.

    `libraries` are the import names of what its Python uses, `extra` the extra of aibasic-kernel that installs them.
    `module` is where its module class lies (`package.file:Class`). `note` is for the user of a task type that is known
    by name only.
    """

    name: str
    does: str
    other_words: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    extra: str = ""
    module: str | None = None
    note: str = ""

    @cached_property
    def module_class(self) -> type[Module] | None:
        """The class of its module; imported, without its driver, when first asked for."""
        if self.module is None:
            return None
        path, _, name = self.module.partition(":")
        found: type[Module] = getattr(importlib.import_module(path), name)
        return found

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """Its phrases: the module's, or those that the engine keeps for it."""
        if self.module_class is not None:
            return self.module_class.phrases
        if self.name not in _WITH_PHRASES:
            return ()
        found: tuple[Phrase, ...] = importlib.import_module(_PHRASES + self.name).PHRASES
        return found

    @property
    def setup_code(self) -> str:
        """The Python that makes what its programs expect: the module's variable, or the imports."""
        cls = self.module_class
        if cls is None:
            return "\n".join(f"import {library}" for library in self.libraries)
        where = "aibasic.modules" if cls.__module__.startswith("aibasic.modules.") else cls.__module__
        made = f"{cls.variable} = {cls.__name__}.from_config('aibasic.conf')"
        return f"from {where} import {cls.__name__}\n{made}"

    def __getitem__(self, key: str) -> Any:
        """The keys of the AIBasic guide: name, module (the class's name, None without one), setup_code."""
        if key == "module":
            return None if self.module_class is None else self.module_class.__name__
        if key in ("name", "setup_code"):
            return getattr(self, key)
        raise KeyError(key)


_WITH_PHRASES = frozenset([
    "control", "csv", "date", "df", "excel", "fs", "json", "math", "other", "plot", "print", "sleep", "text",
])
CONTROL = TaskType("control", "conditions, bounds and collections of control flow")
"""Not among `task_types`: a session asks for these sentences, nobody types them."""
_LIBRARY_TASKS = (
    TaskType(BASICS, "anything else: variables, arithmetic, questions, checks"),
    TaskType("print", "showing text and values"),
    TaskType("math", "arithmetic over numbers and lists", libraries=("math",)),
    TaskType("text", "changing and measuring text", libraries=("re",)),
    TaskType("date", "dates and times", libraries=("datetime",)),
    TaskType("df", "data frames", libraries=("pandas",), extra="data"),
    TaskType("csv", "CSV files", libraries=("csv", "pandas"), extra="data"),
    TaskType("excel", "Excel files", libraries=("pandas", "openpyxl"), extra="data"),
    TaskType("json", "JSON files and texts", libraries=("json",)),
    TaskType("plot", "charts", libraries=("matplotlib",), extra="data"),
    TaskType("fs", "files and folders", libraries=("pathlib", "shutil")),
    TaskType("sleep", "waiting", libraries=("time",)),
    TaskType("stats", "statistics", libraries=("statistics", "pandas"), extra="data"),
    TaskType("xml", "XML files", libraries=("xml.etree.ElementTree",)),
    TaskType("db", "SQLite databases", libraries=("sqlite3",)),
    TaskType("api", "calling web services", libraries=("json", "urllib.request")),
    TaskType("web", "fetching web pages", libraries=("html.parser", "urllib.request")),
    TaskType("image", "pictures", libraries=("PIL",)),
    TaskType("pdf", "PDF files", libraries=("pypdf",)),
    TaskType("compress", "archives", libraries=("gzip", "tarfile", "zipfile")),
    TaskType("config", "configuration files", libraries=("configparser", "json")),
    TaskType("log", "log messages", libraries=("logging",)),
    TaskType("crypto", "digests and random secrets", libraries=("hashlib", "hmac", "secrets")),
    TaskType("shell", "other programs", libraries=("shlex", "subprocess")),
    TaskType("stream", "data that comes bit by bit", libraries=("itertools",)),
    TaskType("ml", "machine learning", libraries=("sklearn",)),
)
_SERVICES = {
    "rabbitmq": ("RabbitMQ", (), "pika"),
    "kafka": ("Apache Kafka", (), "kafka"),
    "redis": ("Redis", (), "redis"),
    "mongodb": ("MongoDB", (), "pymongo"),
    "s3": ("S3 storage", ("minio",), "boto3"),
    "email": ("sending mail", ("smtp",), "smtplib"),
    "slack": ("Slack", (), "urllib.request"),
    "discord": ("Discord", (), "urllib.request"),
    "memcached": ("memcached", (), "pymemcache"),
    "cassandra": ("Cassandra", (), "cassandra"),
    "neo4j": ("Neo4j", (), "neo4j"),
}


@lru_cache(maxsize=1)
def task_types() -> Mapping[str, TaskType]:
    """All task types by name: those with a module first, then the libraries', then those known only by name."""
    found = {name: _of_module(name, place) for name, place in _BUILT_IN.items()}
    for point in entry_points(group=GROUP):
        if point.name not in found:
            try:
                found[point.name] = _of_module(point.name, point.value)
            except Exception:  # another package's module must not take the others with it
                _log.warning("the module %s of the task type %r cannot be used", point.value, point.name, exc_info=True)
    found |= {task.name: task for task in _LIBRARY_TASKS if task.name not in found}
    found |= {name: _known_by_name(name) for name in _SERVICES if name not in found}
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def _words() -> Mapping[str, TaskType]:
    words = {word: task for task in task_types().values() for word in task.other_words}
    return words | dict(task_types())


def known_words() -> frozenset[str]:
    """Every word that may stand in `(task)`: the names and the other words, in lower case."""
    return frozenset(_words())


def resolve(word: str) -> TaskType | None:
    """The task type of that name or other word, in any case; None for an unknown one."""
    return _words().get(word.strip().lower())


def extra_with(library: str) -> str:
    """The extra of aibasic-kernel that installs a library, by its import name; "" for a library of none."""
    return next((task.extra for task in task_types().values() if task.extra and library in task.libraries), "")


def _of_module(name: str, place: str) -> TaskType:
    task = TaskType(name, "", module=place)
    cls = task.module_class
    assert cls is not None
    return TaskType(name, cls.service, cls.other_words, (cls.driver,), cls.extra, place)


def _known_by_name(name: str) -> TaskType:
    does, other_words, library = _SERVICES[name]
    note = (
        f"no module for {name} is installed: such lines compile to plain Python with {library}; "
        f"a package that provides the entry point {name!r} in the group {GROUP!r} would serve them"
    )
    return TaskType(name, does, other_words, (library,), note=note)
