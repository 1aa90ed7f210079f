"""The functions of SQL: which only read, and which do something, as far as their names tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from aibasic.modules.effects import Kind

from aibasic_kernel.compiler.gate.consequence import Consequence
from aibasic_kernel.compiler.gate.sql_tokens import NAME, TEXT, WORD, Statement, in_threes

_RUNS_TEXT = "runs a text as a statement"
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
                *("connectby", "sys_exec", "sys_eval", "ts_stat", "ts_rewrite"),
            ),
            _RUNS_TEXT,
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
    abbrev abs acos acosd adddate addtime age any_value area array_agg ascii asin asind atan atan2 avg benchmark bin
    bit_and bit_count bit_length bit_or bool bool_and bool_or box bpchar broadcast btrim cardinality cast cbrt ceil
    ceiling center char char_length character_length charset chr circle clock_timestamp coalesce col_description
    collation compress concat concat_ws connection_id conv convert convert_from convert_to convert_tz corr cos cosd
    cot count crc32 crypt cume_dist curdate current_database current_date current_query current_schema
    current_schemas current_setting current_time current_timestamp current_user currval curtime database date
    date_add date_bin date_format date_part date_sub date_trunc datediff daterange day dayname dayofmonth dayofweek
    dayofyear decimal decode default degrees dense_rank diameter digest div elt encode enum_first enum_last
    enum_range every exp export_set extract extractvalue factorial family field find_in_set first_value float4
    float8 floor format format_bytes format_type found_rows from_base64 from_days from_unixtime gcd gen_random_bytes
    gen_random_uuid gen_salt generate_series generate_subscripts get_bit get_byte get_current_ts_config get_format
    get_lock greatest group_concat grouping_id hash height hex hmac host hostmask hour if ifnull initcap insert
    instr int2 int4 int4range int8 int8range interval is_free_lock is_used_lock isclosed isempty isfinite isnull
    isopen json justify_days justify_hours justify_interval lag last_day last_insert_id last_value lastval lcase lcm
    lead least left length levenshtein ln lo_get load_file localtime localtimestamp locate log log10 log2 lower
    lower_inc lower_inf lpad lseg ltrim make_date make_interval make_set make_time make_timestamp make_timestamptz
    makedate maketime masklen max md5 metaphone mid min min_scale minute mod mode money month monthname name
    name_const netmask network now npoints nth_value ntile nullif num_nonnulls num_nulls numeric numnode numrange
    obj_description oct octet_length ord overlay parse_ident path percent_rank percentile_cont percentile_disc
    period_add period_diff phraseto_tsquery pi plainto_tsquery point polygon position pow power quarter querytree
    quote quote_ident quote_literal quote_nullable radians radius rand random random_bytes range_agg range_merge
    rank release_lock repeat replace reverse right round row row_count row_number row_to_json rpad rtrim scale
    schema sec_to_time second session_user set_bit set_byte set_config set_masklen setseed setweight sha sha1 sha2
    sha224 sha256 sha384 sha512 shobj_description sign similarity sin sind sleep soundex space split_part sqrt
    starts_with statement_timestamp std stddev stddev_pop stddev_samp str_to_date strcmp strict_word_similarity
    string_agg string_to_array string_to_table strip strpos subdate substr substring substring_index subtime sum
    sysdate system_user tan tand text time time_bucket time_format time_to_sec timediff timeofday timestamp
    timestampadd timestampdiff timestamptz timetz timezone to_ascii to_base64 to_char to_date to_days to_hex to_json
    to_jsonb to_number to_regclass to_regproc to_regrole to_regtype to_seconds to_timestamp to_tsquery to_tsvector
    transaction_timestamp translate trim trim_array trim_scale trunc truncate tsrange tstzrange tsvector_to_array
    txid_current txid_current_if_assigned txid_status ucase unaccent uncompress unhex unistr unix_timestamp unnest
    upper upper_inc upper_inf user utc_date utc_time utc_timestamp uuid uuid_generate_v1 uuid_generate_v4 uuid_short
    uuidv4 uuidv7 values var_pop var_samp varchar variance version websearch_to_tsquery week weekday weekofyear
    weight_string width width_bucket word_similarity xpath xpath_exists year yearweek
    """.split()  # noqa: SIM905
)
_READING_BEGINNINGS = (
    "json_", "jsonb_", "array_", "ts_", "st_", "regexp_", "regr_", "inet_", "inet6_", "aes_", "bin_to_", "xml", "pg_",
)  # fmt: skip
_PG_DOES = re.compile(
    r"pg_.*(?:reset|drop|create|advance|import|copy|cancel|terminate|promote|pause|resume|switch|rotate|reload|write|"
    r"unlink|rename|backup|emit|setup|stop|log_|slot_get)"
)


def only_reads(name: str) -> bool:
    """Whether a function of this name (in lower case) is the server's own and changes nothing."""
    if name in EFFECTS or _PG_DOES.match(name):
        return False
    privilege = name.startswith("has_") and name.endswith("_privilege")
    return name in _READS or name.startswith(_READING_BEGINNINGS) or privilege


def called(statement: Statement) -> Iterator[str]:
    """The names before parentheses in lower case, quoted ones too; some are of tables, aliases and types."""
    for token, behind, _ in in_threes(statement):
        if behind.text == "(" and token.kind in (WORD, NAME) and token.lower not in _NO_FUNCTIONS:
            yield token.named.lower()


def effects_of_functions(statement: Statement, only_reads_text: Callable[[str], bool]) -> Iterator[Consequence]:
    """What the functions do that a statement calls, of those whose names are known to do something.

    `only_reads_text` judges the literal that is given to a function which runs a text.
    """
    for token, behind, first in in_threes(statement):
        if token.lower == "next" and behind.lower == "value" and first.lower == "for":
            yield Consequence(Kind.WRITE, "takes the next number of a sequence")
        if behind.text != "(" or token.kind not in (WORD, NAME):
            continue
        kind, words = EFFECTS.get(token.named.lower(), (Kind.READ, ""))
        runs = words == _RUNS_TEXT and first.kind == TEXT
        if kind is not Kind.READ and not (runs and only_reads_text(first.text)):
            argument = first.text if first.kind == TEXT and len(first.text) < 60 else ""
            yield Consequence(kind, f"{words}: {token.named}({argument})")
