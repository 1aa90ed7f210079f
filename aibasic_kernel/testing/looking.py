"""Clause 8: closed phrases to look around, whose results are tables of plain Python values."""

from __future__ import annotations

import datetime
import decimal
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from aibasic.modules.results import Rows

from aibasic_kernel.testing.sentences import run
from aibasic_kernel.testing.service import ServiceUnderTest

Connect = Callable[..., Any]

_PLAIN = (
    bool, int, float, str, bytes, type(None), decimal.Decimal, uuid.UUID,
    datetime.date, datetime.time, datetime.datetime, datetime.timedelta,
)  # fmt: skip


class LookingAround:
    """What is there?"""

    def test_sentences_to_look_around_show_tables_of_plain_values(
        self, service: ServiceUnderTest, connect: Connect
    ) -> None:
        service.prepare()
        module = connect()
        sentences = service.looking()
        count = run(sentences.count, module, service.names())
        assert isinstance(count, int), f"{sentences.count}: {type(count)}, not int"
        for sentence in sentences.tables:
            result = run(sentence, module, service.names())
            assert isinstance(result, Rows), f"{sentence}: {type(result)}, not Rows"
            assert len(result) > 0, f"{sentence}: no rows"
            assert unplain(result) == [], f"{sentence}: values that are not Python's own"
            assert result._repr_html_().startswith("<table>")
            assert str(result).splitlines()[0].split() == list(result.columns)
        assert len(run(sentences.first_ten, module, service.names())) <= 10

    def test_a_condition_may_hold_a_variable_and_a_percent_sign(self, service: ServiceUnderTest) -> None:
        """Parameters of phrases are `%s` whatever the dialect, so that a literal % is written twice beside them."""
        if "sql" not in service.module.has:
            return
        words = service.looking().filtered.split()
        assert "contains" in words and set(words) & set(service.names()), (
            "`has` names sql: Looking(filtered=...) is to be a sentence with `contains` and a variable of names(), "
            "such as `show customers where age > youngest and name contains 'n'`"
        )

    def test_a_result_turns_into_a_frame_with_one_call(self, service: ServiceUnderTest, connect: Connect) -> None:
        pandas = pytest.importorskip("pandas")
        service.prepare()
        result = run(service.looking().list_all, connect(), service.names())
        assert list(pandas.DataFrame(result).columns) == list(result.columns)


def unplain(value: object) -> list[type]:
    """The types in a result that are not Python's own."""
    if isinstance(value, Mapping):
        return [found for item in value.items() for part in item for found in unplain(part)]
    if isinstance(value, (list, tuple, set, frozenset)):
        return [found for item in value for found in unplain(item)]
    return [] if type(value) in _PLAIN else [type(value)]
