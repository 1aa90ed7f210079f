"""A page's samples run, in a folder with the data that the pages speak of."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aibasic.modules import config, settings

from aibasic_kernel.compiler.configuration import policy
from aibasic_kernel.compiler.configuration.settings import load_settings
from aibasic_kernel.compiler.task_types import task_types
from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.messages import Header, Listing, Note
from aibasic_kernel.session.session import Session
from tests.docs.pages import Sample, fits
from tests.session.driver import run

CUSTOMERS = """id,name,age,state,total
1,Ann,34,CA,120.5
2,Bob,23,CA,410.0
3,Cy,61,NV,980.0
4,Dan,47,NV,15.0
5,Eve,38,AZ,990.0
"""
_ROWS = ", ".join("({},'{}',{},'{}',{})".format(*line.split(",")) for line in CUSTOMERS.splitlines()[1:])
TABLES = f"""
CREATE TABLE customers (id integer PRIMARY KEY, name text, age integer, state text, total numeric(10,2));
INSERT INTO customers VALUES {_ROWS};
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer, total numeric(10,2), placed timestamptz);
INSERT INTO orders VALUES (1, 2, 410, '2026-01-05'), (2, 3, 980, '2026-02-01'), (3, 5, 1990, '2026-03-09');
"""
SECRETS = (
    "PGPASSWORD",
    "MYSQL_PASSWORD",
    "RABBITMQ_PASSWORD",
    "KAFKA_PASSWORD",
    "REDIS_PASSWORD",
    "OPENSEARCH_PASSWORD",
)
MARK = "-- the next cell --"
PATIENCE = 60.0
"""Seconds after which a command that has not ended fails its test."""


def prepare(folder: Path) -> None:
    """The files that the pages speak of."""
    (folder / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (folder / "hello.aib").write_text('10 print "hello"\n', encoding="utf-8")


class Page:
    """Runs the samples of one page in their order: sentences in one session, Python in one namespace."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._patch = monkeypatch
        self._session: Session | None = None
        self._names: dict[str, Any] = {"__name__": "__main__"}
        self._cells: list[Sample] = []
        self._ways: dict[str, Callable[[Sample], str]] = {
            "aibasic": self._aibasic,
            "python": self._python,
            "console": self._console,
            "ini": self._ini,
        }

    def run(self, sample: Sample) -> None:
        """Run a sample, and look whether it shows what the page says; a cell of IPython is run in `finish`."""
        if sample.language == "ipython":
            self._cells.append(sample)
        else:
            _compare(sample, self._ways[sample.language](sample))

    def finish(self) -> None:
        """Run the cells of IPython, one below the other in a process of their own."""
        if not self._cells:
            return
        script = (
            "from IPython.core.interactiveshell import InteractiveShell\n"
            "shell = InteractiveShell.instance()\n"
            f"for cell in {[sample.text.strip() for sample in self._cells]!r}:\n"
            f"    print({MARK!r})\n"
            "    shell.run_cell(cell).raise_error()\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE
        )
        assert done.returncode == 0, done.stdout + done.stderr
        for sample, shown in zip(self._cells, done.stdout.split(f"{MARK}\n")[1:], strict=True):
            _compare(sample, shown)

    def close(self) -> None:
        """End what the page has begun."""
        if self._session is not None:
            self._session.close()

    def _aibasic(self, sample: Sample) -> str:
        if self._session is None:
            self._session = Session({})
            self._session.read_configuration()
        shown = _Shown()
        with contextlib.redirect_stdout(shown.stream):
            if not sample.fails:
                run(self._session, sample.text, shown)
                return shown.stream.getvalue()
            with pytest.raises(LineError) as failed:
                run(self._session, sample.text, shown)
        return str(failed.value.error)

    def _python(self, sample: Sample) -> str:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(sample.text, f"line {sample.line}", "exec"), self._names)
        return out.getvalue()

    def _console(self, sample: Sample) -> str:
        """Each `$ COMMAND`, against the lines that stand below it."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        for part in f"\n{sample.text}".split("\n$ ")[1:]:
            command, _, wanted = part.partition("\n")
            done = subprocess.run(
                ["bash", "-c", command], env={**os.environ, "PATH": path}, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE,
            )  # fmt: skip
            assert done.returncode == 0, f"{command}\n{done.stdout}"
            assert fits(done.stdout, wanted), f"{command} shows\n{done.stdout}"
        return ""

    def _ini(self, sample: Sample) -> str:
        """Read as the files are that it is a part of; a key that nobody knows is an error."""
        for name in SECRETS:
            self._patch.setenv(name, "a secret of the page")
        file = self._folder / "page.conf"
        file.write_text(sample.text, encoding="utf-8")
        if sample.said == "in a file: policy":
            self._patch.setattr(policy, "FILE", file)
            assert policy.load_policy().problem == ""
            self._patch.undo()
            return ""
        configuration = config.load_as_written(file)
        assert load_settings(configuration, {}).warnings == ()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for section in configuration.sections():
                _read(configuration, section)
        for name in SECRETS:
            self._patch.delenv(name)
        return ""


def _compare(sample: Sample, shown: str) -> None:
    if sample.shows is not None:
        assert fits(shown, sample.shows), f"line {sample.line} shows\n{shown}"


class _Shown(list[Any]):
    """What a cell shows, in its order among what it prints."""

    def __init__(self) -> None:
        super().__init__()
        self.stream = io.StringIO()

    def append(self, thing: Any) -> None:
        """Take one thing that is shown."""
        super().append(thing)
        if not isinstance(thing, Header):
            text = thing.text if isinstance(thing, (Listing, Note)) else repr(thing)
            self.stream.write(f"{text}\n")


def _read(configuration: config.Configuration, section: str) -> None:
    if section == "aibasic":
        return
    cls = task_types()[section.partition(":")[0]].module_class
    assert cls is not None
    values = {key: value for key, value in configuration.section(section).items() if not value.startswith("keyring:")}
    settings.read(section, values, cls.settings, "page.conf")
