"""The sentences that MySQL understands without a language model: PostgreSQL's in its own SQL, and procedures."""

from __future__ import annotations

from dataclasses import replace

from aibasic.modules.phrases import Phrase
from aibasic.modules.postgres_phrases import PHRASES as OF_POSTGRES

_WORDS = "(mysql|mariadb)"
_INTO = "[(into|as|called) {new:newname}]"
_OWN_SQL = {
    "list all tables": "SELECT table_name, table_type, table_rows FROM information_schema.tables "
    "WHERE table_schema = DATABASE() ORDER BY table_name",
    "describe table customers": "SHOW FULL COLUMNS FROM {table}",
}


def _adapted(phrase: Phrase) -> Phrase:
    """A phrase of PostgreSQL as MySQL has it."""
    python = phrase.python.replace("{module}.copy_from(", "{module}.insert_rows(").replace(" NULLS LAST", "")
    if sql := _OWN_SQL.get(phrase.example):
        head, _, rest = python.partition("<<")
        python = f"{head}<<{sql}>>{rest.partition('>>')[2]}"
    return replace(
        phrase,
        form=phrase.form.replace("(postgres|postgresql)", _WORDS),
        python=python,
        example=phrase.example.replace("postgres", "mysql").replace("id serial", "id int"),
    )


PHRASES = (
    *map(_adapted, OF_POSTGRES),
    Phrase(
        f"call [the] [{_WORDS}] [stored] procedure {{procedure:label}} [with {{arguments:values}}] {_INTO}",
        "{new|results} = {module}.call_procedure({procedure}<?, [{arguments}]?>)\n{new|results}",
        "call mysql stored procedure get_monthly_report",
        "calls a stored procedure and gives its rows",
        "{new|results}",
    ),
)
