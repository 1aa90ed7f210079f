"""What PostgresModule does and says when the network or the server fails at any place of a write."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import psycopg2
import pytest
from aibasic.modules import PostgresModule

from aibasic_kernel.testing.fault_proxy import Direction, FaultProxy
from tests.modules.conftest import Connect
from tests.servers.postgres import PostgresServer

CUTS = 50
"""Places in each of the four kinds of write at which the connection is cut."""
ROWS = 3
MAY = "may or may not have been carried out: look before you run it again"
NOT_KEPT = "nothing of it was kept"
NOT_SENT = "Nothing was sent"


@pytest.fixture
def proxy(postgres_server: PostgresServer) -> Iterator[FaultProxy]:
    with FaultProxy(postgres_server.port) as proxy:
        yield proxy


@pytest.fixture
def far(connect: Connect, proxy: FaultProxy) -> PostgresModule:
    """The module, connected through the proxy without TLS, so that bytes can be counted; a table `writes`."""
    pg = connect(PORT=proxy.port, SSLMODE="disable")
    pg.execute_query("DROP TABLE IF EXISTS writes; CREATE TABLE writes (id int)", fetch=False)
    return pg


def one_statement(pg: PostgresModule, number: int) -> None:
    pg.execute_query(f"INSERT INTO writes SELECT %s FROM generate_series(1, {ROWS})", (number,), fetch=False)


def many_rows(pg: PostgresModule, number: int) -> None:
    pg.execute_many("INSERT INTO writes (id) VALUES (%s)", [(number,)] * ROWS)


def copied_rows(pg: PostgresModule, number: int) -> None:
    pg.copy_from("writes", [(number,)] * ROWS)


def own_transaction(pg: PostgresModule, number: int) -> None:
    with pg.transaction():
        for _ in range(ROWS):
            pg.execute_query("INSERT INTO writes VALUES (%s)", (number,), fetch=False)


def places(proxy: FaultProxy) -> list[tuple[Direction, int]]:
    """Evenly spread over all bytes that a write sends and receives, the first and the last among them."""
    request, reply = proxy.passed["request"], proxy.passed["reply"]
    offsets = [at * (request + reply - 1) // (CUTS - 1) for at in range(CUTS)]
    return [("request", at) if at < request else ("reply", at - request) for at in offsets]


def said(call: Callable[[], None]) -> str:
    """Which of the three answers the error of a lost connection gives."""
    with pytest.raises(psycopg2.OperationalError) as caught:
        call()
    answers = [answer for answer in (MAY, NOT_KEPT, NOT_SENT) if answer in str(caught.value)]
    assert len(answers) == 1, str(caught.value)
    return answers[0]


@pytest.mark.parametrize(
    ("write", "answers"),
    [
        (one_statement, {MAY}),
        (many_rows, {MAY, NOT_KEPT}),
        (copied_rows, {MAY, NOT_KEPT}),
        (own_transaction, {MAY, NOT_KEPT}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_write_that_is_cut_anywhere_is_there_once_or_not_at_all_and_the_error_knows(
    write: Callable[[PostgresModule, int], None],
    answers: set[str],
    far: PostgresModule,
    proxy: FaultProxy,
    postgres_server: PostgresServer,
) -> None:
    far.describe()
    write(far, 100)
    proxy.watch()
    write(far, 101)
    cuts = list(enumerate(places(proxy), 200))
    told: dict[int, str] = {}
    for number, (direction, passed) in cuts:
        assert far.execute_query("SELECT 1") == [(1,)]
        proxy.cut_after(direction, passed)
        told[number] = said(lambda number=number: write(far, number))  # type: ignore[misc]
        assert proxy.has_cut
    output = postgres_server.sql(postgres_server.database, "SELECT id FROM writes")
    there = Counter(map(int, output.split()))
    assert set(told.values()) == answers
    assert there[100] == there[101] == ROWS
    for number, (direction, _) in cuts:
        assert there[number] in (0, ROWS), number
        if told[number] == NOT_KEPT:
            assert there[number] == 0, number
        elif write is one_statement:
            assert there[number] == (0 if direction == "request" else ROWS), number
    assert ROWS in {there[number] for number, _ in cuts}


@pytest.mark.parametrize("passed", [0, 20, 60])
def test_a_connection_that_ends_while_it_is_made_has_sent_nothing(
    passed: int, far: PostgresModule, proxy: FaultProxy
) -> None:
    proxy.cut()
    proxy.cut_after("request", passed)
    assert said(lambda: one_statement(far, 1)) == NOT_SENT
    assert far.execute_query("SELECT count(*) FROM writes") == [(0,)]


def test_an_idle_connection_that_was_cut_goes_unnoticed(far: PostgresModule, proxy: FaultProxy) -> None:
    proxy.cut()
    one_statement(far, 1)
    assert far.execute_query("SELECT count(*) FROM writes") == [(ROWS,)]


def test_a_slow_network_only_delays(far: PostgresModule, proxy: FaultProxy) -> None:
    proxy.hold()
    threading.Timer(0.2, proxy.release).start()
    one_statement(far, 1)
    assert far.execute_query("SELECT count(*) FROM writes") == [(ROWS,)]


def test_a_server_that_accepts_and_never_answers_is_given_up_after_timeout(connect: Connect, proxy: FaultProxy) -> None:
    proxy.deaf = True
    with pytest.raises(RuntimeError, match=r"timeout expired(.|\n)*TIMEOUT gives it longer"):
        connect(PORT=proxy.port, TIMEOUT=2)


def killed_during(server: PostgresServer, marker: str) -> threading.Thread:
    """Kills the server with SIGKILL as soon as a statement with the marker runs, and starts it again."""

    def kill() -> None:
        running = f"SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%{marker}%' AND pid <> pg_backend_pid()"
        while int(server.sql("postgres", running)) == 0:
            time.sleep(0.01)
        server.kill()
        server.start()

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


def test_a_kill_while_idle_goes_unnoticed(pg: PostgresModule, postgres_server: PostgresServer) -> None:
    postgres_server.kill()
    postgres_server.start()
    assert pg.execute_query("SELECT count(*) FROM customers") == [(3,)]


def test_a_kill_in_a_query_is_said_and_the_next_one_works(pg: PostgresModule, postgres_server: PostgresServer) -> None:
    killer = killed_during(postgres_server, "slow query")
    with pytest.raises(psycopg2.OperationalError, match=r"was lost while the statement ran"):
        pg.execute_query("SELECT pg_sleep(60) /* slow query */")
    killer.join()
    assert pg.execute_query("SELECT count(*) FROM customers") == [(3,)]


def test_a_kill_in_a_write_leaves_nothing_of_it(pg: PostgresModule, postgres_server: PostgresServer) -> None:
    killer = killed_during(postgres_server, "slow write")
    update = "UPDATE customers SET age = %s WHERE pg_sleep(60) IS NOT NULL /* slow write */"
    assert said(lambda: pg.execute_many(update, [(1,), (2,)])) == NOT_KEPT  # type: ignore[arg-type,return-value]
    killer.join()
    assert pg.execute_query("SELECT count(*) FROM customers WHERE age > 2") == [(3,)]
