"""What a request tells of a database's tables, and of which of many tables it tells."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from aibasic.modules.schema import Column, ForeignKey, Table

from aibasic_kernel.compiler.prompts.table_choice import CHOSEN, choose, most_joined
from aibasic_kernel.compiler.prompts.tables import ALL_UP_TO, DETAIL_LIMIT, NAMES_LIMIT, tables_in_full, tables_text
from aibasic_kernel.compiler.words import words
from tests.compiler.scopes import CUSTOMERS, ORDERS, table

AREAS = (
    "account address audit batch booking branch budget campaign carrier claim contact contract course delivery device "
    "driver employee event exam fleet guest hotel item job ledger machine meter note office parcel partner patient "
    "payroll permit plant policy product project region repair room route sensor shift station store supplier ticket"
)
KINDS = "entry history link plan report rule"


def text_of(tables: Mapping[str, Table], sentence: str) -> str:
    near = dict.fromkeys(words(sentence), 1.0)
    return "\n".join(tables_text(tables, tables_in_full(tables, near), near, str))


def refer(name: str, /, *targets: str, **columns: str) -> Table:
    plain = table(name, id="integer", **columns)
    return Table(name, plain.columns, foreign_keys=tuple(ForeignKey((f"{to}_id",), to, ("id",)) for to in targets))


def three_hundred() -> dict[str, Table]:
    """A large application's schema: every table with an id, a name, a status and dates, and names in common."""
    common = {"name": "text", "status": "text", "created_at": "timestamp", "updated_at": "timestamp"}
    found = [refer(f"{area}_{kind}", area, **common) for area in AREAS.split() for kind in KINDS.split()]
    found += [refer(area, **common, region_id="integer") for area in AREAS.split()]
    found += [
        CUSTOMERS,
        Table("orders", ORDERS.columns, foreign_keys=(ForeignKey(("customer_id",), "customers", ("id",)),)),
        refer("order_lines", "orders", "product", quantity="integer"),
        Table("xq7", (Column("c1", "text", "text"), Column("c2", "numeric", "number", comment="amount due in euro")),
              comment="Invoices sent to suppliers"),
        Table("t_kd_stamm", (Column("kdnr", "integer", "number", comment="Kundennummer"),), comment="Kundenstammdaten"),
        Table("rechnungen", (Column("betrag", "numeric", "number"),)),
        Table("mood_log", (Column("feels", "mood", "text", values=("delighted", "furious")),)),
        table("cust_addr", id="integer", zip="text"),
        Table("temp_old_do_not_use", (Column("x", "text", "text"),), comment="Live stock of every warehouse"),
    ]  # fmt: skip
    return {table.name: table for table in found}


@pytest.mark.parametrize(
    ("sentence", "first", "with_it"),
    [
        ("query the total of all orders", "orders", {"customers"}),
        ("which invoice to a supplier is the oldest", "xq7", {"supplier"}),
        ("show the stock of each warehouse", "temp_old_do_not_use", set()),
        ("zeige alle Rechnungen mit Betrag über 100", "rechnungen", set()),
        ("liste die Kunden nach Kundennummer", "t_kd_stamm", set()),
        ("how many were furious", "mood_log", set()),
        ("the address of each customer", "customers", {"cust_addr", "address"}),
        ("which products were in the orders of customer 7", "orders", {"product", "order_lines", "customers"}),
        ("name and status of each machine report", "machine_report", {"machine"}),
        ("custOrders", "orders", {"customers", "cust_addr"}),
    ],
)
def test_of_many_tables_those_that_the_sentence_is_about_are_chosen(
    sentence: str, first: str, with_it: set[str]
) -> None:
    tables = three_hundred()
    assert len(tables) > 300
    chosen = [table.name for table in choose(tables, dict.fromkeys(words(sentence), 1.0))]
    assert first in chosen[:2]
    assert with_it <= set(chosen)
    assert len(chosen) <= 2 * CHOSEN


def test_words_of_the_sentence_count_more_than_those_around_it() -> None:
    near = {"sensor": 0.3, "parcel": 1.0}
    chosen = [table.name for table in choose(three_hundred(), near)]
    assert chosen.index("parcel") < chosen.index("sensor")


def test_where_no_word_fits_the_tables_that_most_others_are_joined_to_come_first() -> None:
    found = [table.name for table in most_joined(three_hundred())]
    assert 0 < len(found) <= 2 * CHOSEN
    assert set(found[:5]) <= set(AREAS.split())


def test_a_sentence_about_nothing_chooses_nothing() -> None:
    assert choose(three_hundred(), dict.fromkeys(words("show all of it"), 1.0)) == []


def test_the_other_tables_are_told_by_name_and_all_is_bounded() -> None:
    tables = three_hundred()
    assert len(tables) > ALL_UP_TO
    text = text_of(tables, "query all orders")
    assert "table orders\n" in text
    assert "table sensor\n" not in text
    assert re.search(r"^other tables: .*\bsensor_link\b.* and \d+ more$", text, re.MULTILINE)
    assert len(text) < 4000 + NAMES_LIMIT
    everything = " ".join(tables)
    assert len(text_of(tables, everything)) < DETAIL_LIMIT + NAMES_LIMIT + 100


def test_of_a_very_wide_table_the_keys_and_what_the_sentence_says_are_described() -> None:
    columns = tuple(Column(f"measure_{number:04}", "double precision", "number") for number in range(1500))
    wide = Table("wide", (*columns, Column("tail_id", "integer", "number")), primary_key=("tail_id",))
    text = text_of({"wide": wide}, "sum measure 1400 of wide")
    assert "measure_1400 double precision" in text
    assert "tail_id integer" in text
    assert "also the columns" in text
    assert len(text) < 15_000


def test_enumerations_domains_and_conditions_are_told_compactly() -> None:
    declared = Table(
        "declared",
        (
            Column("id", "integer", "number"),
            Column("state", "us_state", "text", base="character varying(2)", checks=("VALUE ~ '^[A-Z]{2}$'",)),
            Column("feels", "mood", "text", nullable=False, comment="at the end", values=("ok", "it's fine")),
            Column("size", "integer", "number"),
            Column("many", "long_one", "text", values=tuple(f"label {number}" for number in range(1000))),
        ),
        checks=("size IN (1, 2, 3)",),
    )
    lines = text_of({"declared": declared}, "anything").splitlines()
    assert lines[:5] == [
        "table declared",
        "  id integer",
        "  state us_state (character varying(2) check (VALUE ~ '^[A-Z]{2}$'))",
        "  feels mood ('ok', 'it''s fine') not null -- at the end",
        "  size integer",
    ]
    assert re.fullmatch(r"  many long_one \('label 0', .* and 9\d\d more\)", lines[5])
    assert lines[6:] == ["  check (size IN (1, 2, 3))"]


def test_columns_stand_as_sql_writes_them() -> None:
    streets = Table(
        '"Straßen"',
        (Column("Länge (km)", "numeric", "number"), Column("select", "integer", "number")),
        primary_key=("Länge (km)",),
    )
    text = text_of({streets.name: streets}, "the longest street")
    assert '  "Länge (km)" numeric, "select" integer' in text
    assert '  primary key ("Länge (km)")' in text
