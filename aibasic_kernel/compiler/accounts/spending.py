"""What this session and this user spend on models, and the limits that no request may pass.

Every attempt at a request is reserved with the most that it can cost, then sent, then settled with what it did cost:
so requests that are under way at once, of this session and, for the day's limit, of every kernel of this user, cannot
pass a limit together that each of them would keep.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from pathlib import Path

from aibasic_kernel.compiler.accounts.charges import Bill, Charge, Sum
from aibasic_kernel.compiler.accounts.prices import FREE, Price, money, price_of
from aibasic_kernel.compiler.accounts.spending_file import SpendingFile, today
from aibasic_kernel.compiler.configuration.settings import Settings, host_of
from aibasic_kernel.compiler.providers.provider import Request, Usage
from aibasic_kernel.errors import BudgetError

FILE = "spending.jsonl"
LEAST_BYTES_PER_TOKEN = 2
"""Fewer than prompts of any language have: names, code and numbers make some three of a token."""
BYTES_PER_TOKEN = 3
"""What is reckoned for a text that nobody counted."""
FRAME_TOKENS = 200
"""What the API itself adds to a request, rounded up."""


class Spending:
    """The account of one session over the one of the user's `folder`. Its methods may be called from any thread."""

    def __init__(self, folder: Path) -> None:
        self.file = SpendingFile(folder / FILE)
        self.charges: list[Charge] = []
        """What this session was charged, in order."""
        self._spent = 0.0
        self._untold: list[Charge] = []
        self._held: dict[Reservation, float] = {}
        self._lock = threading.Lock()

    def reserve(self, request: Request, settings: Settings) -> Reservation:
        """Set aside the most that an attempt at `request` can cost. Raises BudgetError where that would pass a limit.

        What it gives must be settled, however the attempt ends.
        """
        price = price_of(request.model, settings)
        if price is None and (settings.budget_usd, settings.budget_usd_per_day) != (None, None):
            raise _unknown_price(request.model, settings)
        most = worst_case(request, price) if price is not None else 0.0
        with self._lock:
            if settings.budget_usd is not None and most:
                self._check(settings.budget_usd, most, request)
            hold = self._hold_for_today(settings.budget_usd_per_day, most, request)
            reservation = Reservation(request, price, hold, self._settle)
            self._held[reservation] = most
        return reservation

    @property
    def total(self) -> Sum:
        """What this session has spent."""
        with self._lock:
            return Sum.of(self.charges)

    def tell(self, bill: Bill) -> None:
        """The user is shown this bill with its line."""
        shown = {id(charge) for charge in bill.charges}
        with self._lock:
            self._untold = [charge for charge in self._untold if id(charge) not in shown]

    def take_untold(self) -> Sum:
        """What was spent since the last time and no line has shown: on requests that failed, or were given up."""
        with self._lock:
            untold, self._untold = self._untold, []
        return Sum.of(charge for charge in untold if charge.dollars != 0)

    @property
    def held(self) -> float:
        """Dollars that are set aside for requests under way."""
        with self._lock:
            return sum(self._held.values())

    def _check(self, limit: float, most: float, request: Request) -> None:
        spent, held = self._spent, sum(self._held.values())
        if spent + held + most > limit:
            raise _over("BUDGET_USD", limit, "in this session", spent, held, most, request)

    def _hold_for_today(self, limit: float | None, most: float, request: Request) -> str:
        if limit is None or not most:
            return ""
        held = self.file.hold(most, limit)
        if self.file.problem:
            raise BudgetError(
                f"BUDGET_USD_PER_DAY is set, and what was spent today cannot be known: {self.file.problem}",
                "Set AIBASIC_DATA_DIR to a folder that can be written, or take BUDGET_USD_PER_DAY out.",
            )
        if not held:
            spent, set_aside = self.file.spent_today()
            raise _over("BUDGET_USD_PER_DAY", limit, "today in all sessions", spent, set_aside, most, request)
        return held

    def _settle(self, reservation: Reservation, charge: Charge | None) -> None:
        with self._lock:
            self._held.pop(reservation, None)
            if charge is not None:
                self.charges.append(charge)
                self._spent += charge.dollars or 0.0
                self._untold.append(charge)
        self.file.add(charge, reservation.hold)


class Reservation:
    """What is set aside for one attempt at a request."""

    def __init__(
        self,
        request: Request,
        price: Price | None,
        hold: str,
        settle: Callable[[Reservation, Charge | None], None],
    ) -> None:
        self.request = request
        self.hold = hold
        """The name of what is set aside of the day's limit, "" for nothing."""
        self._price = price
        self._settle = settle

    @property
    def is_free(self) -> bool:
        """Whether the model is known to cost nothing."""
        return self._price == FREE

    def settle(self, usage: Usage | None, answer: str = "", failed: bool = False) -> Charge | None:
        """Enter what the attempt cost instead; a `usage` of None was not charged.

        Where a server counts nothing, and that costs, the tokens are reckoned from the request and the `answer`.
        """
        charge = None
        if usage is not None:
            if self._price not in (None, FREE) and usage == Usage():
                usage = reckoned(self.request, answer)
            dollars = self._price.dollars(usage) if self._price is not None else None
            charge = Charge(today(), self.request.model, self.request.task or "other", usage, dollars, failed)
        self._settle(self, charge)
        return charge


def worst_case(request: Request, price: Price) -> float:
    """The most dollars that an attempt at a request can cost: all of it new, and an answer as long as allowed."""
    tokens = math.ceil(_size(request) / LEAST_BYTES_PER_TOKEN) + FRAME_TOKENS
    return price.dollars(Usage(written=tokens, output=request.max_tokens))


def reckoned(request: Request, answer: str = "") -> Usage:
    """About the tokens of a request that nobody counted, and of what came of its answer."""
    return Usage(
        input=math.ceil(_size(request) / BYTES_PER_TOKEN),
        output=math.ceil(len(answer.encode(errors="replace")) / BYTES_PER_TOKEN),
    )


def _size(request: Request) -> int:
    return len(request.readable().encode(errors="replace"))


def _unknown_price(model: str, settings: Settings) -> BudgetError:
    key = "BUDGET_USD" if settings.budget_usd is not None else "BUDGET_USD_PER_DAY"
    return BudgetError(
        f"{key} is set, and nobody knows what {model} at {host_of(settings.base_url)} costs: it was not asked.",
        "Set PRICE_IN and PRICE_OUT in [aibasic], in dollars a million tokens (0 where it costs nothing).",
    )


def _over(key: str, limit: float, where: str, spent: float, held: float, most: float, request: Request) -> BudgetError:
    under_way = f", {money(held)} set aside for requests under way" if held else ""
    return BudgetError(
        f"{key} = {limit:g}: the request was not sent. Spent {where}: {money(spent)}{under_way}; "
        f"it may cost up to {money(most)} more.",
        f"Raise {key}, lower MAX_TOKENS ({request.max_tokens} now), or choose a cheaper MODEL; what the lock or a "
        "phrase serves costs nothing. COST shows what was spent.",
    )
