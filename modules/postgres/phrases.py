"""The sentences that PostgreSQL understands without a language model."""

from __future__ import annotations

from aibasic.modules.sql_phrases import phrases
from aibasic.modules.sql_speech import Speech

PHRASES = phrases(
    Speech(
        words="(postgres|postgresql)",
        name="postgres",
        falling="DESC NULLS LAST",
        tables=(
            "SELECT table_schema, table_name, table_type FROM information_schema.tables "
            "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY table_schema, table_name"
        ),
        columns=(
            "SELECT attname AS column, format_type(atttypid, atttypmod) AS type, NOT attnotnull AS nullable, "
            "col_description(attrelid, attnum) AS comment FROM pg_attribute "
            "WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        ),
        load="copy_from",
    )
)
