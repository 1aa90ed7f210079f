"""How much memory it takes to read a million rows, messages, keys or documents one after the other, by each module.

    python benchmarks/iterator_memory.py [SERVICE...]

Each reading is a process of its own, and its figure the peak of that process over one that reads a tenth: what grows
with the data. Needs the servers of the tests. Names of services leave the others out.
"""

from __future__ import annotations

import itertools
import multiprocessing
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aibasic import modules

from benchmarks.report import report
from tests.servers.kafka import KafkaServer
from tests.servers.kerberos import Kerberos
from tests.servers.mariadb import MariaDBServer
from tests.servers.opensearch import OpenSearchServer
from tests.servers.postgres import PostgresServer
from tests.servers.rabbitmq import RabbitMQServer
from tests.servers.redis import RedisServer

BODY = b"x" * 100
PORTION = 25_000
"""How many are loaded by one call, so that loading takes no more memory than this machine has to spare."""
FLAT = 4.0
"""MiB of growth that still count as flat."""


@dataclass(frozen=True)
class Service:
    """One service: its server, the class of its module, and how `count` of its things are loaded and read."""

    server: Callable[[], AbstractContextManager[Any]]
    module: str
    things: str
    load: Callable[[Any, int], object]
    read: Callable[[Any, int], Iterator[Any]]
    most: int = 1_000_000


@contextmanager
def kafka() -> Iterator[KafkaServer]:
    """A broker with the realm that it wants."""
    with Kerberos() as realm, KafkaServer(realm, idle_seconds=540) as server:
        yield server


def load_postgres(pg: modules.PostgresModule, count: int) -> None:
    pg.execute_query(f"CREATE TABLE t{count} AS SELECT n, 'name ' || n AS name, n * 1.25 AS total, now() AS moment "
                     f"FROM generate_series(1, {count}) AS n", fetch=False)  # fmt: skip


def load_mysql(mysql: modules.MySQLModule, count: int) -> None:
    mysql.execute_query(f"CREATE TABLE t{count} AS SELECT seq, concat('name ', seq) AS name, seq * 1.25 AS total, "
                        f"now() AS moment FROM seq_1_to_{count}", fetch=False)  # fmt: skip


def load_rabbitmq(rmq: modules.RabbitMQModule, count: int) -> None:
    rmq.declare_queue(f"t{count}")
    rmq.publish_batch("", f"t{count}", (BODY for _ in range(count)), persistent=False)


def load_kafka(kafka: modules.KafkaModule, count: int) -> None:
    kafka.create_topic(f"t{count}")
    for _ in range(0, count, PORTION):
        kafka.publish_batch(f"t{count}", [BODY] * PORTION)


def load_redis(client: modules.RedisModule, count: int) -> None:
    script = "for number = ARGV[1], ARGV[2] do redis.call('SET', 'key:' .. number, number) end"
    for start in range(0, count, PORTION):
        client.get_client().eval(script, 0, start, start + PORTION - 1)


def load_opensearch(node: modules.OpenSearchModule, count: int) -> None:
    for start in range(0, count, PORTION):
        documents = [{"n": n, "name": f"product {n}", "price": n * 0.5} for n in range(start, start + PORTION)]
        node.bulk_index(f"t{count}", documents, batch_size=5000)
    node.refresh_index(f"t{count}")


def rows(module: Any, count: int) -> Iterator[Any]:
    """The rows of a table, from either database."""
    for portion in module.stream(f"SELECT * FROM t{count}"):
        yield from portion


def queued(rmq: modules.RabbitMQModule, count: int) -> Iterator[Any]:
    """The messages of a queue; no pause of the broker is taken for the end."""
    return itertools.islice(rmq.stream_messages(f"t{count}", timeout=60), count)


SERVICES = {
    "postgres": Service(PostgresServer, "PostgresModule", "rows", load_postgres, rows),
    "mysql": Service(MariaDBServer, "MySQLModule", "rows", load_mysql, rows),
    "rabbitmq": Service(RabbitMQServer, "RabbitMQModule", "messages", load_rabbitmq, queued),
    "kafka": Service(kafka, "KafkaModule", "messages", load_kafka, lambda one, count: one.stream_messages(f"t{count}")),
    "redis": Service(RedisServer, "RedisModule", "keys", load_redis, lambda client, count: client.scan_iter()),
    # A million documents take minutes to be indexed.
    "opensearch": Service(
        OpenSearchServer,
        "OpenSearchModule",
        "documents",
        load_opensearch,
        lambda node, count: node.scan(f"t{count}"),
        250_000,
    ),
}


def peak() -> float:
    """The most memory that was resident in this process, in MiB.

    Not by `getrusage`, which counts what the process was before it became Python.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def read(name: str, file: str, count: int) -> float:
    """Read all; the peak of the process that did."""
    service = SERVICES[name]
    module = getattr(modules, service.module).from_config(file)
    assert sum(1 for _ in service.read(module, count)) >= count
    module.close()
    return peak()


def measured(name: str, file: str, count: int) -> float:
    """Load so many; what a process peaks at that reads them and does nothing else."""
    service = SERVICES[name]
    module = getattr(modules, service.module).from_config(file)
    service.load(module, count)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
        return alone.submit(read, name, file, count).result()


def main() -> int:
    """Print a line for each service; 1 where one is not flat."""
    grown = False
    for name in sys.argv[1:] or SERVICES:
        service = SERVICES[name]
        with service.server() as server, tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "aibasic.conf"
            file.write_text(server.conf())
            few, most = (measured(name, str(file), count) for count in (service.most // 10, service.most))
            getattr(modules, service.module).from_config(str(file)).close()
        grown |= most - few > FLAT
        report(f"{name}: memory of reading {service.most:,} {service.things} one by one", f"{most - few:+.1f} MiB",
               f"flat: at most +{FLAT:.0f}", f"{few:.0f} MiB with {service.most // 10:,}")  # fmt: skip
    return int(grown)


if __name__ == "__main__":
    sys.exit(main())
