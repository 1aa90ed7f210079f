"""What requests cost: each attempt as a charge, the charges of one line as its bill, and sums of many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from aibasic_kernel.compiler.accounts.prices import money
from aibasic_kernel.compiler.providers.provider import Usage


@dataclass(frozen=True)
class Charge:
    """One attempt at a request, and what it cost: `dollars` is None where nobody knows the price of its `model`.

    `task` is the task type of the line, `failed` says that no whole answer came of it.
    """

    day: str
    model: str
    task: str
    usage: Usage
    dollars: float | None
    failed: bool = False


@dataclass
class Sum:
    """Several charges. `unpriced` counts those without a known price, which are not in `dollars`."""

    requests: int = 0
    input: int = 0
    cached: int = 0
    written: int = 0
    output: int = 0
    dollars: float = 0.0
    unpriced: int = 0
    failed: int = 0

    def add(self, charge: Charge) -> None:
        """Count one more."""
        usage = charge.usage
        self.merge(
            Sum(1, usage.input, usage.cached, usage.written, usage.output, charge.dollars or 0.0,
                charge.dollars is None, charge.failed)
        )  # fmt: skip

    def merge(self, other: Sum) -> None:
        """Count all of another sum."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    @classmethod
    def of(cls, charges: Iterable[Charge]) -> Sum:
        """The sum of these."""
        made = cls()
        for charge in charges:
            made.add(charge)
        return made

    @property
    def tokens_in(self) -> int:
        """All tokens that went in, wherever the provider had them from."""
        return self.input + self.cached + self.written

    @property
    def price(self) -> str:
        """The dollars, and that some or all of it has no known price."""
        if self.unpriced == self.requests and self.requests:
            return "price unknown (PRICE_IN, PRICE_OUT)"
        return money(self.dollars) + (f" and {self.unpriced} of unknown price" if self.unpriced else "")

    def __str__(self) -> str:
        """`1025 tokens in (900 cached), 12 out, $0.00004`."""
        cached = f" ({self.cached} cached)" if self.cached else ""
        return f"{self.tokens_in} tokens in{cached}, {self.output} out, {self.price}"


@dataclass
class Bill:
    """What one line was charged so far: one charge for each attempt. Filled on the provider's thread."""

    charges: list[Charge] = field(default_factory=list)
    is_free: bool = False
    """Whether the model that was asked costs nothing."""
    is_told: bool = False
    """Whether the user has been shown it."""

    def __str__(self) -> str:
        total = Sum.of(list(self.charges))
        again = f"{total.requests} requests, " if total.requests > 1 else ""
        text = f"{again}{total}"
        return text.replace(total.price, "a local model: costs nothing") if self.is_free else text
