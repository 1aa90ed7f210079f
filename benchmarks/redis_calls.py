"""RedisModule against redis-py used well: single calls, 100,000 SETs, and walking through keys without end.

    python benchmarks/redis_calls.py

Needs Debian's redis-server, which the tests use too.
"""

from __future__ import annotations

import sys
import tempfile
import tracemalloc
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import redis
from aibasic.modules import RedisModule

from benchmarks.report import in_turn, ratios, report, spread
from tests.servers.redis import RedisServer

SINGLE = 2000
MANY = 100_000
PORTION = 1000


def raw_many(raw: redis.Redis, values: dict[str, int]) -> None:
    """All keys by pipelines of the same size."""
    items = list(values.items())
    for start in range(0, len(items), PORTION):
        with raw.pipeline(transaction=False) as batch:
            for key, value in items[start : start + PORTION]:
                batch.set(key, value)
            batch.execute()


def memory_of_walk(client: RedisModule, count: int) -> float:
    """The most memory that Python's objects took while so many keys passed by, in MiB."""
    client.flushdb()
    client.set_many({f"key:{number}": number for number in range(count)})
    tracemalloc.start()
    assert sum(1 for _ in client.scan_iter()) >= count
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 2**20


def main() -> None:
    with RedisServer() as server, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "aibasic.conf"
        file.write_text(server.conf())
        client = RedisModule.from_config(str(file))
        raw = redis.Redis(port=server.port, password=server.password)
        singles = in_turn(
            {
                "ours": lambda: [client.set("key", "value") for _ in range(SINGLE)],
                "raw": lambda: [raw.set("key", "value") for _ in range(SINGLE)],
            },
            9,
        )
        report(
            "Redis: SETs one by one, a second", spread(ratios(singles["raw"], singles["ours"])), ">= 0.95", "redis-py"
        )
        values = {f"key:{number}": number for number in range(MANY)}
        many = in_turn({"ours": lambda: client.set_many(values), "raw": lambda: raw_many(raw, values)}, 5)
        report(f"Redis: {MANY:,} SETs", spread(ratios(many["ours"], many["raw"])), "<= 1.1", "redis-py, pipelines")
        small, large = memory_of_walk(client, 20_000), memory_of_walk(client, 200_000)
        report("Redis: memory of walking through 200,000 keys", f"{large / small:.2f}", "flat: 1", "20,000 keys")
        raw.close()
        client.close()


if __name__ == "__main__":
    main()
