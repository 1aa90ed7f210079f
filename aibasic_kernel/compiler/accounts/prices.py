"""What tokens cost: the public prices of models, as of PRICES_AS_OF, and what the configuration says instead."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aibasic_kernel.compiler.configuration.settings import is_own_host

if TYPE_CHECKING:
    from aibasic_kernel.compiler.configuration.settings import Settings
    from aibasic_kernel.compiler.providers.provider import Usage

PRICES_AS_OF = "2026-10-24"
SOURCE = "https://platform.claude.com/docs/en/about-claude/pricing"

MILLION = 1_000_000


@dataclass(frozen=True)
class Price:
    """Dollars a million tokens; what the provider's cache gives and takes costs a part of `input`.

    A request whose whole prompt has more than `long_from` tokens costs `long` instead, in and out.
    """

    input: float
    output: float
    read: float = 0.1
    """The part that a token read from the cache costs."""
    written: float = 1.25
    """The part that a token written to the cache costs, where it is kept for five minutes."""
    long: Price | None = None
    long_from: int = 0

    def dollars(self, usage: Usage) -> float:
        """What a request costs."""
        if self.long is not None and usage.input + usage.cached + usage.written > self.long_from:
            return self.long.dollars(usage)
        tokens_in = usage.input + self.read * usage.cached + self.written * usage.written
        return (tokens_in * self.input + usage.output * self.output) / MILLION

    def __str__(self) -> str:
        longer = f" (from {self.long_from:,} tokens in: {self.long})" if self.long is not None else ""
        return f"${self.input:.2f} in, ${self.output:.2f} out a million tokens{longer}"


FREE = Price(0.0, 0.0)

PRICES: Mapping[str, Price] = {
    "claude-haiku-5-5": Price(0.10, 0.50, long=Price(0.50, 2.50), long_from=100_000),
    "claude-sonnet-5-5": Price(2.0, 10.0, read=0.05),
    "claude-opus-5-5": Price(4.0, 20.0, read=0.05),
    "claude-opus-5": Price(5.0, 25.0),
    "claude-sonnet-5": Price(2.0, 10.0),
    "claude-haiku-4-5": Price(1.0, 5.0),
    "claude-sonnet-4-6": Price(3.0, 15.0),
    "claude-sonnet-4-5": Price(3.0, 15.0),
    "claude-opus-4-8": Price(5.0, 25.0),
    "claude-opus-4-7": Price(5.0, 25.0),
    "claude-opus-4-6": Price(5.0, 25.0),
    "claude-opus-4-5": Price(5.0, 25.0),
}
"""A model's name without its date -> its price."""

_MAKER = re.compile(r"^(?:.*/)?(?:[a-z]+\.)?anthropic[./]|^.*/")
"""What gateways put in front of a model's name: `anthropic/`, `us.anthropic.`, `openrouter/anthropic/`."""
_VERSION = re.compile(r"(?:-\d{8}|-latest)?(?:-v\d+)?(?:[@:\[].*)?$")
"""What may follow it: a date, `-v1:0`, `@20261001`, `[1m]`."""


def price_of(model: str, settings: Settings) -> Price | None:
    """What `model` costs where the settings have it asked; None where nobody knows.

    PRICE_IN and PRICE_OUT are the price of MODEL, and of every model that the table does not have. A model that is not
    in the table costs nothing on a server in one's own network; one that is may be passed on from there to its maker.
    """
    listed = listed_price(model)
    if listed is not None and model != settings.model:
        return listed
    known = listed or (FREE if is_local(settings.base_url) else None)
    price_in, price_out = settings.price_in, settings.price_out
    if price_in is None and price_out is None:
        return known
    if known is not None:
        price_in = known.input if price_in is None else price_in
        price_out = known.output if price_out is None else price_out
    return Price(price_in, price_out) if price_in is not None and price_out is not None else None


def listed_price(model: str) -> Price | None:
    """The public price of a model, under whatever name it goes; None for one that is not in the table."""
    return PRICES.get(_VERSION.sub("", _MAKER.sub("", model.lower())).replace(".", "-"))


def is_local(base_url: str) -> bool:
    """Whether requests stay on this machine or in its private network."""
    if is_own_host(base_url):
        return False
    host = urlsplit(base_url).hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal", ".lan"))
    return address.is_loopback or address.is_private


def money(dollars: float) -> str:
    """An amount as people read it: of less than a dollar at least two digits that say something."""
    if dollars >= 1:
        return f"${dollars:,.2f}"
    shown = f"{Decimal(f'{dollars:.1e}'):f}" if dollars < 0.01 else f"{dollars:.4f}".rstrip("0")
    return f"${shown:0<4}" if dollars else "$0"
