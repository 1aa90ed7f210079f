"""The functions of SQL: which only read, and which do something, as far as their names tell."""

from __future__ import annotations

from collections.abc import Iterator

from aibasic.modules.effects import Kind

from aibasic_kernel.compiler.gate.consequence import Consequence
from aibasic_kernel.compiler.gate.sql_tokens import NAME, TEXT, WORD, Statement, in_threes

_DOES = {
    Kind.WRITE: {
        "nextval": "takes the next number of a sequence",
        "setval": "sets a sequence",
        "pg_notify": "sends a notification",
        "pg_logical_emit_message": "writes a message into the log of changes",
        "lo_create": "makes a large object",
        "lo_creat": "makes a large object",
        "lo_put": "writes a large object",
        "lowrite": "writes a large object",
        "lo_from_bytea": "makes a large object",
        "lo_import": "reads a file of the server into a large object",
        "master_pos_wait": "waits for a replica",
    },
    Kind.DESTRUCTIVE: {
        "pg_terminate_backend": "ends the connection of another session",
        "pg_cancel_backend": "interrupts the work of another session",
        "pg_reload_conf": "lets the server read its settings anew",
        "pg_rotate_logfile": "begins a new log of the server",
        "pg_promote": "makes a replica the primary server",
        "pg_drop_replication_slot": "drops a replication slot",
        "pg_replication_origin_drop": "drops a replication origin",
        "pg_create_restore_point": "marks a point in the server's log",
        "pg_switch_wal": "begins a new file of the server's log",
        "pg_wal_replay_pause": "stops the replica",
        "pg_stat_reset": "clears the statistics",
        "pg_stat_reset_shared": "clears the statistics",
        "pg_stat_statements_reset": "clears the statistics",
        "pg_file_write": "writes a file of the server",
        "pg_file_unlink": "deletes a file of the server",
        "pg_file_rename": "renames a file of the server",
        "lo_unlink": "deletes a large object",
        "lo_truncate": "cuts a large object",
        "lo_export": "writes a file of the server",
        "dropgeometrycolumn": "drops a column",
        "dropgeometrytable": "drops a table",
        "drop_chunks": "drops chunks of a table",
        "cron_schedule": "plans work for later",
    },
    Kind.STATEMENT: {
        **dict.fromkeys(
            ("dblink", "dblink_exec", "dblink_send_query", "dblink_open"), "sends a statement to another server"
        ),
        **dict.fromkeys(
            (
                *("query_to_xml", "query_to_xmlschema", "query_to_xml_and_xmlschema", "cursor_to_xml", "crosstab"),
                *("connectby", "sys_exec", "sys_eval"),
            ),
            "runs a text as a statement",
        ),
    },
}  # fmt: skip
EFFECTS = {name: (kind, words) for kind, named in _DOES.items() for name, words in named.items()}
# Words that may stand before a parenthesis and are no functions.
_NO_FUNCTIONS = frozenset(
    """
    all and any array as between by case conflict cross cube distinct else except exists filter from full grouping group
    having ilike in inner intersect is join lateral left like limit not of offset on or order outer over partition
    primary recursive references returning right rollup rows select separator set sets similar some table tablesample
    then to union unique using values when where window with within xmlattributes key index check unnest materialized
    """.split()  # noqa: SIM905
)
_READS = frozenset(
    """
    abs age ascii avg bit_and bit_length bit_or bool_and bool_or btrim cardinality cast ceil ceiling char char_length
    chr coalesce concat concat_ws convert corr cos count cume_dist curdate current_date current_time current_timestamp
    currval curtime date date_add date_bin date_format date_part date_sub date_trunc datediff day dayname dayofweek
    dayofyear decimal decode dense_rank digest encode every exp extract field find_in_set first_value floor format
    from_unixtime gen_random_uuid generate_series generate_subscripts greatest group_concat hash hour if ifnull initcap
    instr interval isfinite isnull json_object json_extract json_unquote json_arrayagg json_objectagg justify_days lag
    last_day lastval last_insert_id lcase lead least left length ln localtime locate log log10 log2 lower lpad ltrim
    make_date make_interval make_time make_timestamp max md5 mid min minute mod mode month monthname now nth_value ntile
    nullif num_nulls numeric octet_length overlay percent_rank percentile_cont percentile_disc period_diff pi position
    pow power quarter quote_ident quote_literal quote_nullable radians rand random rank regexp_count regexp_like
    regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr regr_slope
    repeat replace reverse right round row row_number rpad rtrim second sha1 sha2 sign sin split_part sqrt
    starts_with stddev stddev_pop stddev_samp str_to_date strcmp string_agg string_to_array string_to_table strpos
    substr substring substring_index sum sysdate tan time time_format timestamp timestampadd timestampdiff to_char to_date
    to_days to_json to_jsonb to_number to_timestamp to_tsquery to_tsvector translate trim trunc truncate ucase
    unaccent unix_timestamp unnest upper utc_timestamp uuid var_pop var_samp variance varchar version week weekday
    weekofyear width_bucket year yearweek array_agg sleep pg_sleep user database schema xmlagg xmlelement xpath
    levenshtein similarity word_similarity soundex metaphone crypt gen_salt current_setting set_config txid_current
    has_table_privilege obj_description col_description format_type to_regclass row_to_json
    """.split()  # noqa: SIM905
)
_READING_BEGINNINGS = (
    "pg_get_", "pg_size_", "pg_total_", "pg_relation_", "pg_table_", "pg_database_size", "pg_indexes_", "pg_column_",
    "pg_stat_get_", "pg_is_", "pg_has_", "pg_postmaster_", "pg_backend_", "pg_current_", "pg_typeof", "pg_encoding",
    "pg_advisory_", "pg_try_advisory_", "pg_blocking_", "pg_input_", "pg_read_", "pg_ls_", "pg_safe_",
    "pg_export_snapshot", "json_", "jsonb_", "array_", "ts_", "st_", "uuid_", "to_", "is_", "has_", "inet_", "json",
    "regexp_", "regr_", "gtid_", "aes_", "bin_", "convert_", "current_", "make_", "date_", "time_", "row_", "xml",
    "octet_", "phraseto_", "plainto_", "websearch_",
)  # fmt: skip


def only_reads(name: str) -> bool:
    """Whether a function of this name is the server's own and changes nothing."""
    return name not in EFFECTS and (name in _READS or name.startswith(_READING_BEGINNINGS))


def called(statement: Statement) -> Iterator[str]:
    """The names before parentheses in lower case, quoted ones too; some are of tables, aliases and types."""
    for token, behind, _ in in_threes(statement):
        if behind.text == "(" and token.kind in (WORD, NAME) and token.lower not in _NO_FUNCTIONS:
            yield token.named.lower()


def effects_of_functions(statement: Statement) -> Iterator[Consequence]:
    """What the functions do that a statement calls, of those whose names are known to do something."""
    for token, behind, first in in_threes(statement):
        if behind.text != "(" or token.kind not in (WORD, NAME):
            continue
        kind, words = EFFECTS.get(token.named.lower(), (Kind.READ, ""))
        if kind is not Kind.READ:
            argument = first.text if first.kind == TEXT and len(first.text) < 60 else ""
            yield Consequence(kind, f"{words}: {token.named}({argument})")
