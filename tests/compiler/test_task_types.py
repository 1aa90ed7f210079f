"""The registry of task types: built-in ones, installed ones, and those known only by name."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from aibasic_kernel.compiler import task_types as registry
from aibasic_kernel.compiler.task_types import known_words, resolve, task_types
from tests.compiler.scopes import FakePostgres

DOCUMENTED = """
postgres mysql mariadb rabbitmq kafka redis opensearch mongodb s3 minio email smtp slack discord memcached cassandra
neo4j csv excel json xml db api web df math stats plot fs text image pdf date compress config log crypto shell stream ml
print sleep other
"""


class Weather(FakePostgres):
    """A module that another package brings."""

    task = "weather"
    other_words = ("climate",)
    variable = "sky"
    phrases = ()


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[EntryPoint]]:
    """The entry points of the group, to be filled by the test before it asks for the task types."""
    points: list[EntryPoint] = []
    monkeypatch.setattr(registry, "entry_points", lambda group: points)
    for cached in (registry.task_types, registry._words):
        cached.cache_clear()
    yield points
    for cached in (registry.task_types, registry._words):
        cached.cache_clear()


def test_every_documented_word_is_known() -> None:
    assert set(DOCUMENTED.split()) <= known_words()


def test_the_guides_keys() -> None:
    task = task_types()["postgres"]
    assert task["name"] == "postgres"
    assert task["module"] == "PostgresModule"
    assert task["setup_code"] == (
        "from aibasic.modules import PostgresModule\npg = PostgresModule.from_config('aibasic.conf')"
    )
    assert task_types()["json"]["module"] is None
    assert task_types()["json"]["setup_code"] == "import json"
    with pytest.raises(KeyError):
        task["colour"]


def test_words_are_resolved_in_any_case_to_one_task_type() -> None:
    assert resolve("PostgreSQL") is resolve("postgres") is task_types()["postgres"]
    assert resolve("minio") is task_types()["s3"]
    assert resolve("pots") is None


def test_what_has_no_module_here_says_what_would_serve_it() -> None:
    assert "'neo4j' in the group 'aibasic.modules'" in task_types()["neo4j"].note
    assert task_types()["neo4j"].libraries == ("neo4j",)
    assert task_types()["postgres"].note == ""


def test_an_installed_module_is_a_task_type(installed: list[EntryPoint]) -> None:
    installed.append(EntryPoint("weather", f"{__name__}:Weather", "aibasic.modules"))
    task = resolve("climate")
    assert task is not None
    assert (task.name, task["module"], task.extra) == ("weather", "Weather", "postgres")
    assert task.setup_code == f"from {__name__} import Weather\nsky = Weather.from_config('aibasic.conf')"


def test_a_broken_module_does_not_take_the_others_with_it(
    installed: list[EntryPoint], caplog: pytest.LogCaptureFixture
) -> None:
    installed.append(EntryPoint("memcached", "no_such_package:Memcached", "aibasic.modules"))
    with caplog.at_level(logging.WARNING):
        assert task_types()["memcached"].module is None
    assert "no_such_package:Memcached" in caplog.text


def test_no_driver_or_heavy_library_is_imported_for_it() -> None:
    code = (
        "import sys\nfrom aibasic_kernel.compiler.task_types import task_types\n"
        "[task.phrases for task in task_types().values()]\n"
        "print([name for name in ('psycopg2', 'pandas', 'sqlglot', 'matplotlib') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
