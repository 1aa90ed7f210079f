"""Loops whose lines call a service: interrupts land in them and lose nothing, READONLY holds in every round."""

from __future__ import annotations

from pathlib import Path

from tests.running.conftest import Opener
from tests.running.test_interrupts import interrupt_when
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer

SLEEPS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE query LIKE '%pg_sleep(%' AND state = 'active' AND pid <> pg_backend_pid()
"""


def test_an_interrupt_lands_in_a_statement_and_cont_runs_it_again(
    opened: Opener, postgres_server: PostgresServer
) -> None:
    Path("aibasic.conf").write_text(postgres_server.conf())
    basic = opened()
    basic.run("seen = [0]")
    postgres_server.sql(postgres_server.database, "CREATE TABLE pauses AS SELECT 20 AS seconds")

    def sleeps() -> bool:
        return basic.names["seen"][-1] == 3 and postgres_server.sql("postgres", SLEEPS).strip() == "1"

    waiting = interrupt_when(sleeps)
    failure = basic.fail(
        "10 for i = 1 to 6\n20 if i == 4 then 30 else 40\n"
        "30 (postgres) execute postgres query SELECT pg_sleep(seconds) FROM pauses\n40 seen.append(i)\n50 next",
        "1",
    )
    assert isinstance(failure.error, KeyboardInterrupt) and failure.line.place == "line 30"
    waiting.join()
    postgres_server.sql(postgres_server.database, "UPDATE pauses SET seconds = 0")
    basic.run("CONT")
    postgres_server.sql(postgres_server.database, "DROP TABLE pauses")
    assert basic.names["seen"] == [0, 1, 2, 3, 4, 5, 6]


def test_an_interrupt_between_reads_loses_no_round(opened: Opener, redis_server: RedisServer) -> None:
    Path("aibasic.conf").write_text(redis_server.conf())
    basic = opened()
    basic.run("rounds = 0\n5 (redis) set redis key colour to value 'red'")
    waiting = interrupt_when(lambda: basic.names["rounds"] > 20)
    failure = basic.fail("10 for i = 1 to 400\n20 (redis) get redis key colour\n30 rounds = rounds + 1\n40 next", "1")
    waiting.join()
    assert isinstance(failure.error, KeyboardInterrupt) and basic.names["rounds"] < 400
    basic.run("CONT")
    assert basic.names["rounds"] == 400


def test_readonly_refuses_in_the_round_that_writes(opened: Opener, redis_server: RedisServer) -> None:
    Path("aibasic.conf").write_text(redis_server.conf() + "READONLY = true\n")
    basic = opened()
    basic.run("rounds = 0")
    failure = basic.fail(
        "10 for i = 1 to 3\n20 (redis) get redis key colour\n30 if i < 3 goto 50\n"
        "40 (redis) set redis key colour to value 'blue'\n50 rounds = rounds + 1\n60 next",
        "1",
    )
    assert isinstance(failure.error, PermissionError) and failure.line.place == "line 40"
    assert basic.names["rounds"] == 2
