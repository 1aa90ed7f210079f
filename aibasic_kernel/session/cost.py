"""COST: what was spent on models, by this session and by day over all of this user's sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from aibasic_kernel.compiler.accounts.charges import Charge, Sum
from aibasic_kernel.compiler.accounts.prices import PRICES_AS_OF, is_local, money, price_of
from aibasic_kernel.compiler.configuration.settings import host_of
from aibasic_kernel.session.messages import Note

if TYPE_CHECKING:
    from aibasic_kernel.compiler.accounts.spending import Spending
    from aibasic_kernel.compiler.configuration.settings import Settings
    from aibasic_kernel.session.session import Session

DAYS_SHOWN = 14


def show_cost(session: Session, argument: str) -> Iterator[object]:
    """COST: this session by model and by task, all sessions by day, the limits and the prices."""
    spending, settings = session.compiler.spending, session.settings
    charges = list(spending.charges)
    groups = [("this session", [("", Sum.of(charges))])]
    if charges:
        groups.append(("  by model", _grouped(charges, lambda charge: charge.model)))
        groups.append(("  by task", _grouped(charges, lambda charge: charge.task)))
    groups.append(("all sessions, by day", _by_day(spending)))
    lines = [text for title, rows in groups for text in _shown(title, rows)]
    yield Note("\n".join([*lines, *_limits(spending, settings), *_prices(settings), *_problem(spending)]))


def _grouped(charges: Iterable[Charge], key: Callable[[Charge], str]) -> list[tuple[str, Sum]]:
    sums: dict[str, Sum] = {}
    for charge in charges:
        sums.setdefault(key(charge), Sum()).add(charge)
    return sorted(sums.items(), key=lambda item: -item[1].dollars)


def _by_day(spending: Spending) -> list[tuple[str, Sum]]:
    """The newest days, newest first, and all that came before them as one."""
    sums: dict[str, Sum] = {}
    for (day, _model, _task), made in spending.file.sums().items():
        sums.setdefault(day, Sum()).merge(made)
    days = sorted(sums.items(), reverse=True)
    before = Sum()
    for _, made in days[DAYS_SHOWN:]:
        before.merge(made)
    return days[:DAYS_SHOWN] + ([("before", before)] if before.requests else [])


def _shown(title: str, rows: list[tuple[str, Sum]]) -> Iterator[str]:
    if not rows:
        yield f"{title}: nothing yet"
    elif [name for name, _ in rows] == [""]:
        yield f"{title}: {_told(rows[0][1])}"
    else:
        yield title
        width = max(len(name) for name, _ in rows)
        yield from (f"    {name:<{width}}  {_told(made)}" for name, made in rows)


def _told(made: Sum) -> str:
    requests = "1 request" if made.requests == 1 else f"{made.requests:,} requests"
    failed = f" ({made.failed} failed)" if made.failed else ""
    return f"{requests}{failed}, {made}" if made.requests else "no requests"


def _limits(spending: Spending, settings: Settings) -> Iterator[str]:
    for key, limit, spent in (
        ("BUDGET_USD", settings.budget_usd, spending.total.dollars),
        ("BUDGET_USD_PER_DAY", settings.budget_usd_per_day, spending.file.spent_today()[0]),
    ):
        if limit is not None:
            yield f"{key} = {limit:g}: {money(max(0.0, limit - spent))} left"


def _prices(settings: Settings) -> Iterator[str]:
    for model in dict.fromkeys((settings.model, settings.model_repair)):
        price = price_of(model, settings)
        if price is None:
            yield f"{model}: its price is not known; PRICE_IN and PRICE_OUT tell it"
        elif price.input == price.output == 0:
            yield f"{model}: costs nothing here"
        else:
            yield f"{model}: {price} (as of {PRICES_AS_OF}, or as PRICE_IN and PRICE_OUT say)"
            if is_local(settings.base_url) and settings.price_in is None:
                host = host_of(settings.base_url)
                yield f"    {host} is your own: where it runs the model, set PRICE_IN and PRICE_OUT to 0"


def _problem(spending: Spending) -> list[str]:
    return [f"{spending.file.problem}: what other sessions spent is not known"] if spending.file.problem else []
