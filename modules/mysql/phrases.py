"""The sentences that MySQL understands without a language model."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase
from aibasic.modules.sql_phrases import phrases
from aibasic.modules.sql_speech import Speech

_WORDS = "(mysql|mariadb)"

PHRASES = (
    *phrases(
        Speech(
            words=_WORDS,
            name="mysql",
            falling="DESC",
            tables=(
                "SELECT table_name, table_type, table_rows FROM information_schema.tables "
                "WHERE table_schema = DATABASE() ORDER BY table_name"
            ),
            columns="SHOW FULL COLUMNS FROM {table}",
            load="insert_rows",
        )
    ),
    Phrase(
        f"call [the] [{_WORDS}] [stored] procedure {{procedure:label}} [with {{arguments:values}}] "
        "[(into|as|called) {new:newname}]",
        "{new|results} = {module}.call_procedure({procedure}<?, [{arguments}]?>)\n{new|results}",
        "call mysql stored procedure get_monthly_report",
        "calls a stored procedure and gives its rows",
        "{new|results}",
    ),
)
