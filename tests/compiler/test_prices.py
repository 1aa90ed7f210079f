"""What a model costs: the table, what the configuration says instead, and where nothing is paid."""

from __future__ import annotations

import pytest

from aibasic_kernel.compiler.accounts.prices import FREE, PRICES, Price, money, price_of
from aibasic_kernel.compiler.configuration.settings import Settings
from aibasic_kernel.compiler.providers.provider import Usage

HAIKU = PRICES["claude-haiku-5-5"]
GATEWAY = "https://models.example.com/api"
HOME = "http://127.0.0.1:11434"


def test_what_a_cache_takes_costs_more_and_what_it_gives_less() -> None:
    usage = Usage(input=1000, cached=100_000, written=10_000, output=2000)
    assert Price(2.0, 10.0).dollars(usage) == pytest.approx(0.002 + 0.02 + 0.025 + 0.02)


def test_a_long_prompt_costs_more_for_all_of_its_tokens() -> None:
    assert HAIKU.dollars(Usage(input=100_000, output=1000)) == pytest.approx(0.01 + 0.0005)
    assert HAIKU.dollars(Usage(input=1, cached=100_000, output=1000)) == pytest.approx(0.0000005 + 0.005 + 0.0025)


@pytest.mark.parametrize(
    "model",
    [
        "claude-haiku-5-5", "claude-haiku-5-5-20261001", "claude-haiku-5-5-latest", "anthropic/claude-haiku-5.5",
        "us.anthropic.claude-haiku-5-5-v1:0", "openrouter/anthropic/claude-haiku-5-5", "claude-haiku-5-5@20261001",
    ],
)  # fmt: skip
def test_a_model_is_known_under_all_its_names(model: str) -> None:
    assert price_of(model, Settings(base_url=GATEWAY)) == HAIKU


@pytest.mark.parametrize("model", ["claude-haiku-5-7", "claude-haiku-5", "qwen3-coder", "not-claude-haiku-5-5"])
def test_a_model_that_is_not_in_the_table_has_no_price(model: str) -> None:
    assert price_of(model, Settings(base_url=GATEWAY)) is None
    assert price_of(model, Settings()) is None


@pytest.mark.parametrize(
    "base_url",
    [HOME, "http://localhost:8080", "http://[::1]:1", "http://10.0.0.7", "http://ollama:11434/x", "http://a.local"],
)
def test_a_model_of_ones_own_network_costs_nothing(base_url: str) -> None:
    assert price_of("qwen3-coder", Settings(base_url=base_url)) == FREE
    assert price_of("claude-haiku-5-5", Settings(base_url=base_url)) == HAIKU, "it is passed on to who has it"


def test_the_configuration_prices_its_model_and_all_unknown_ones() -> None:
    settings = Settings(model="house", price_in=3.0, price_out=4.0, base_url=GATEWAY)
    assert price_of("house", settings) == price_of("other", settings) == Price(3.0, 4.0)
    assert price_of("claude-sonnet-5-5", settings) == PRICES["claude-sonnet-5-5"]
    assert price_of("claude-haiku-5-5", Settings(price_in=7.0)) == Price(7.0, HAIKU.output)
    assert price_of("house", Settings(price_in=7.0)) is None


@pytest.mark.parametrize(
    ("dollars", "shown"),
    [(0, "$0"), (0.0000042, "$0.0000042"), (0.00012345, "$0.00012"), (0.0123, "$0.0123"), (0.5, "$0.50"),
     (0.00996, "$0.010"), (1234.5, "$1,234.50")],
)  # fmt: skip
def test_amounts_say_something_however_small(dollars: float, shown: str) -> None:
    assert money(dollars) == shown
