"""The settings as SET and HELP show them: what each key says, what it may be, and its value in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from aibasic_kernel.compiler.configuration.setting_values import SECTION_READERS, said
from aibasic_kernel.compiler.configuration.settings import Settings

KEYS: Mapping[str, str] = MappingProxyType(
    {
        "PROVIDER": "who serves the model: anthropic, or a provider that is installed",
        "MODEL": "the model that compiles what no phrase serves",
        "MODEL_REPAIR": "the model that mends code which failed twice",
        "BASE_URL": "the address of another server that speaks the Messages API, such as a local one",
        "API_KEY": "the provider's key; never in a cell: ANTHROPIC_API_KEY, or your own aibasic.conf",
        "MAX_TOKENS": "how long one answer may be, in tokens",
        "TIMEOUT": "seconds to wait for the model's answer",
        "PARALLEL": "how many lines of a cell are asked for at once; 1: one by one",
        "PHRASES": "whether phrases serve: first, only (never ask a model), off",
        "REPAIR": "how often code that failed goes back to the model; 0: never",
        "SHARE": "what a request may tell: names, types, schema, categories, sample:N with N rows",
        "PRICE_IN": "dollars a million tokens sent, for a model whose price is not known",
        "PRICE_OUT": "dollars a million tokens of answers, likewise",
        "FEATURES": "what a server named by BASE_URL knows: thinking, caching",
        "CONFIRM": "which compiled lines ask before they run: always, writes, destructive, never",
        "FROZEN": "true: never ask a model; only phrases and the lock serve",
        "LOCK": "where compilations are kept (off: nowhere), and behind commas locks that are only read",
        "LOG": "a file that gets a JSON line for each compilation and run, without values",
        "SHOW": "what stands above each result: code, line, nothing",
        "BUDGET_USD": "dollars that this session may spend",
        "BUDGET_USD_PER_DAY": "dollars that may be spent in a day",
        "MAX_STEPS": "how many lines a program may run",
        "MAX_ROWS": "how many rows a result may have; a larger one is an error that says so",
        "READONLY": "true: every write to a service is refused; of one service: SET postgres.READONLY = true",
        "PRODUCTION": "true: every write of a compiled line to a service asks first; of one service, likewise",
    }
)
"""What each key says, in one line."""


def described(key: str) -> str:
    """One key with its line."""
    return f"  {key:<22} {KEYS[key]}"


def in_force(settings: Settings) -> Iterator[str]:
    """`KEY = value` for each key, then `section.KEY = value` for what services say of their own."""
    for key in KEYS:
        if key == "API_KEY":
            yield f"{key} {'is set' if settings.api_key else 'is not set'}"
        elif hasattr(settings, key.lower()):
            yield f"{key} = {said(getattr(settings, key.lower()))}"
    for section, own in settings.sections.items():
        yield from (f"{section}.{key} = {said(own[key])}" for key in SECTION_READERS if key in own)
