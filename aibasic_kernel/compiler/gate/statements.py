"""What an effect would do that a module announces: the authority, for it sees the final text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from aibasic.modules.effects import Effect, Kind

from aibasic_kernel.compiler.gate import services
from aibasic_kernel.compiler.gate.consequence import Consequence
from aibasic_kernel.compiler.gate.sql import judge_sql


def judge_statement(effect: Effect, dialect: str, temporary: Collection[str] = ()) -> tuple[Consequence, ...]:
    """What an announced effect does; () where it surely only reads.

    `dialect` is the module's, "" for a service without SQL; `temporary` are the session's temporary tables.
    """
    if effect.kind is Kind.READ:
        return ()
    if dialect:
        found = judge_sql(effect.statement, dialect, temporary)
        if effect.kind is not Kind.STATEMENT and any(one.kind is Kind.STATEMENT for one in found):
            found = (Consequence(effect.kind, f"sends {effect.statement}"),)
    else:
        found = (services.judge(effect),)
    return tuple(replace(consequence, section=effect.service) for consequence in found)
