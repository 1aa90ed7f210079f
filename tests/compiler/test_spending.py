"""What is spent: each attempt, by session and by day over all kernels, and the limits that nothing passes."""

from __future__ import annotations

import fcntl
import json
import multiprocessing
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aibasic_kernel.compiler.accounts import spending_file
from aibasic_kernel.compiler.accounts.charges import Bill, Charge, Sum
from aibasic_kernel.compiler.accounts.prices import PRICES
from aibasic_kernel.compiler.accounts.spending import Spending, worst_case
from aibasic_kernel.compiler.accounts.spending_file import SpendingFile, today
from aibasic_kernel.compiler.configuration.settings import Settings
from aibasic_kernel.compiler.privacy.redaction import Redactor
from aibasic_kernel.compiler.providers.provider import ProviderThread, Usage
from aibasic_kernel.errors import AIBasicError, BudgetError, ProviderError
from tests.compiler.provider_faults import CODE, REQUEST, settings_for
from tests.messages_server import MessagesServer

HAIKU = PRICES["claude-haiku-5-5"]
USAGE = Usage(input=25, cached=900, written=100, output=12)
PRICE = HAIKU.dollars(USAGE)
"""Of an answer as the scripted server counts it."""

Ask = Callable[..., Bill]


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    with MessagesServer() as server:
        yield server


@pytest.fixture
def spending(tmp_path: Path) -> Spending:
    return Spending(tmp_path)


@pytest.fixture
def ask(server: MessagesServer, spending: Spending) -> Iterator[Ask]:
    """Asks once under settings; gives the bill, with `error` for what was raised."""
    threads = []

    def ask(expected: type[BaseException] | None = None, **keys: Any) -> Bill:
        thread = ProviderThread(settings_for(server.url, **keys), Redactor(), spending)
        threads.append(thread)
        bill = Bill()
        job = thread.submit(replace(REQUEST, task="postgres"), bill=bill)
        if expected is None:
            assert job.result(30).bill is bill
        else:
            with pytest.raises(expected):
                job.result(30)
        return bill

    yield ask
    for thread in threads:
        thread.close()


# Each attempt ---------------------------------------------------------------------------------------------------------


def test_an_answer_is_charged_by_its_tokens(server: MessagesServer, ask: Ask, spending: Spending) -> None:
    server.say("x = 1")
    bill = ask()
    assert bill.charges == spending.charges == [Charge(today(), "claude-haiku-5-5", "postgres", USAGE, PRICE)]
    assert str(bill) == "1025 tokens in (900 cached), 12 out, $0.000030"
    assert spending.file.sums()[today(), "claude-haiku-5-5", "postgres"].dollars == pytest.approx(PRICE)
    assert spending.held == 0


@pytest.mark.parametrize("then", ["drop", "end", "malformed", "overloaded_error"])
def test_an_answer_that_is_cut_off_is_charged_as_far_as_it_came(
    then: str, server: MessagesServer, ask: Ask, spending: Spending
) -> None:
    server.say(CODE * 10, until=9, then=then)  # 9 pieces of 7 characters
    (charge,) = ask(ProviderError).charges
    assert charge.failed and charge.usage == replace(USAGE, output=21)
    assert spending.total.dollars == charge.dollars == HAIKU.dollars(charge.usage)
    assert spending.file.spent_today() == (pytest.approx(charge.dollars), 0)


def test_an_answer_that_is_refused_or_nothing_but_thoughts_is_charged(
    server: MessagesServer, ask: Ask, spending: Spending
) -> None:
    server.say("", stop_reason="refusal")
    server.say("", thinking="Let me see.", stop_reason="max_tokens")
    for _ in range(2):
        assert [charge.usage for charge in ask(ProviderError).charges] == [USAGE]
    assert spending.total.failed == 2 and spending.total.dollars == pytest.approx(2 * PRICE)


def test_a_request_that_was_turned_down_is_not_charged_and_a_second_try_is(server: MessagesServer, ask: Ask) -> None:
    server.say(status=529)
    server.say("x = 1")
    assert [charge.failed for charge in ask().charges] == [False]
    server.say(status=401)
    assert ask(ProviderError).charges == []


def test_a_request_that_got_no_answer_in_time_is_charged_with_what_it_held(server: MessagesServer, ask: Ask) -> None:
    server.say(instead="stall")
    (charge,) = ask(ProviderError, timeout=0.3).charges
    assert charge.failed and charge.usage.input >= len(REQUEST.readable()) / 4 and charge.dollars


def test_a_request_that_is_cancelled_is_charged(server: MessagesServer, spending: Spending) -> None:
    server.say(CODE, until=2, then="stall")
    thread = ProviderThread(settings_for(server.url), Redactor(), spending)
    came = threading.Event()
    job = thread.submit(REQUEST, lambda text: came.set())
    assert came.wait(10)
    job.cancel()
    thread.close()
    with pytest.raises(CancelledError):
        job.future.result(0)
    assert spending.total.failed == 1 and spending.total.dollars > HAIKU.dollars(USAGE) / 2
    assert spending.held == 0


def test_tokens_that_a_server_does_not_count_are_reckoned_where_they_cost(server: MessagesServer, ask: Ask) -> None:
    server.say(CODE, usage=None)
    (charge,) = ask(price_in=1.0, price_out=1.0).charges
    assert charge.usage.input > 5 and charge.usage.output > 5 and charge.dollars


def test_a_local_model_costs_nothing_and_says_so(server: MessagesServer, spending: Spending) -> None:
    server.say("x = 1")
    bill = Bill()
    thread = ProviderThread(settings_for(server.url, budget_usd=0.0), Redactor(), spending)
    thread.submit(replace(REQUEST, model="qwen3"), bill=bill).result(30)
    thread.close()
    assert str(bill) == "1025 tokens in (900 cached), 12 out, a local model: costs nothing"
    assert spending.total.dollars == 0 and spending.total.unpriced == 0


# Limits ---------------------------------------------------------------------------------------------------------------


def test_a_request_that_might_pass_the_limit_is_not_sent(server: MessagesServer, ask: Ask, spending: Spending) -> None:
    most = worst_case(REQUEST, HAIKU)
    server.say("x = 1")
    ask(budget_usd=most)
    with pytest.raises(BudgetError) as caught:
        spending.reserve(REQUEST, settings_for(server.url, budget_usd=most))
    assert "BUDGET_USD = " in caught.value.message and "$0.000030" in caught.value.message
    assert "MAX_TOKENS" in caught.value.remedy
    assert len(server.requests) == 1
    spending.reserve(REQUEST, settings_for(server.url, budget_usd=most + PRICE + 1e-9)).settle(None)


def test_requests_at_once_pass_no_limit_together(spending: Spending) -> None:
    settings = Settings(budget_usd=3.5 * worst_case(REQUEST, HAIKU))
    barrier = threading.Barrier(8)

    def reserve(number: int) -> bool:
        barrier.wait()
        try:
            spending.reserve(REQUEST, settings)
        except BudgetError as error:
            assert "set aside" in error.message
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(reserve, range(8))) == 3


def _reserve_in_other_process(folder: Path, limit: float) -> bool:
    try:
        Spending(folder).reserve(REQUEST, Settings(budget_usd_per_day=limit))
    except BudgetError:
        return False
    return True


def test_the_days_limit_binds_all_kernels_together(tmp_path: Path) -> None:
    limit = 2.5 * worst_case(REQUEST, HAIKU)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        found = pool.starmap(_reserve_in_other_process, [(tmp_path, limit)] * 5)
    assert sum(found) == 2
    with pytest.raises(BudgetError, match=r"BUDGET_USD_PER_DAY = .* today in all sessions"):
        Spending(tmp_path).reserve(REQUEST, Settings(budget_usd_per_day=limit))


def test_what_a_dead_kernel_held_is_given_back_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(budget_usd_per_day=1.5 * worst_case(REQUEST, HAIKU))
    monkeypatch.setattr(spending_file, "HOLD_SECONDS", -1.0)
    assert all(Spending(tmp_path).reserve(REQUEST, settings) for _ in range(3))


@pytest.mark.parametrize("key", ["budget_usd", "budget_usd_per_day"])
def test_an_unknown_price_is_refused_where_there_is_a_limit(key: str, spending: Spending) -> None:
    request = replace(REQUEST, model="house")
    with pytest.raises(BudgetError) as caught:
        spending.reserve(request, Settings(base_url="https://models.example.com", **{key: 5.0}))  # type: ignore[arg-type]
    assert key.upper() in caught.value.message and "PRICE_IN and PRICE_OUT" in caught.value.remedy
    charge = spending.reserve(request, Settings(base_url="https://models.example.com")).settle(USAGE)
    assert charge is not None and charge.dollars is None
    assert str(Sum.of([charge])) == "1025 tokens in (900 cached), 12 out, price unknown (PRICE_IN, PRICE_OUT)"


def test_without_a_folder_a_days_limit_cannot_be_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    spending = Spending(tmp_path / "file")
    charge = spending.reserve(REQUEST, Settings()).settle(USAGE)
    assert spending.charges == [charge]
    with pytest.raises(AIBasicError, match="AIBASIC_DATA_DIR"):
        spending.reserve(REQUEST, Settings(budget_usd_per_day=5.0))


# The file -------------------------------------------------------------------------------------------------------------


def test_the_file_stays_small_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spending_file, "SUM_UP_FROM", 2000)
    one, other = SpendingFile(tmp_path / "spending.jsonl"), SpendingFile(tmp_path / "spending.jsonl")
    for number in range(60):
        day = "2020-02-03" if number % 3 else today()
        (one, other)[number % 2].add(Charge(day, "m", "t", USAGE, 0.5))
    held = other.hold(7.0, 1000.0)
    assert one.spent_today() == (10.0, 7.0)
    one.add(None, held)
    assert other.spent_today() == (10.0, 0)
    found = SpendingFile(tmp_path / "spending.jsonl").sums()
    assert sum(made.requests for made in found.values()) == 60
    assert sum(made.dollars for made in found.values()) == 30
    assert {key[0] for key in found} <= {today(), "2020-02-03", "2020-02"}
    assert (tmp_path / "spending.jsonl").stat().st_size < 5000


def test_torn_and_foreign_lines_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "spending.jsonl"
    path.write_text('[]\nnull\n{"hold": 3}\n{"model": "m"}\n{"model": "m", "day": "2026-01-01", "ta')
    SpendingFile(path).add(Charge("2026-01-02", "m", "t", USAGE, 0.5))
    assert [key[0] for key in SpendingFile(path).sums()] == ["2026-01-02"]
    assert json.loads(path.read_text().splitlines()[-1])["dollars"] == 0.5


def test_a_process_that_holds_the_file_for_ever_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spending_file, "GUARD_SECONDS", 0.05)
    spending = Spending(tmp_path)
    with (tmp_path / "spending.guard").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        spending.reserve(REQUEST, Settings()).settle(USAGE)
        with pytest.raises(BudgetError, match="held by another process"):
            spending.reserve(REQUEST, Settings(budget_usd_per_day=5.0))
    spending.reserve(REQUEST, Settings(budget_usd_per_day=5.0)).settle(USAGE)
    assert spending.total.requests == 2 and spending.file.problem == ""


def test_the_file_is_for_its_user_alone(tmp_path: Path) -> None:
    SpendingFile(tmp_path / "data" / "spending.jsonl").add(Charge(today(), "m", "t", USAGE, 0.5))
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0
    assert (tmp_path / "data" / "spending.jsonl").stat().st_mode & 0o077 == 0
