"""Sentences that ask a database with SQL for rows, for numbers, and for what it has."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase
from aibasic.modules.sql_speech import INTO, TABLE, WHERE, Speech

_QUERY = "(query|get|fetch|select|find|load|read|show [me]|list)"
_ASKED = "[(query|get|show|compute|calculate|find|what is)]"
_ORDER = "[(order|ordered|sort|sorted) by {order:ordering of table}]"
_INTO_FRAME = "(into|as) (a|the) [pandas] (dataframe|data frame|frame) [[called] {new:newname}]"
_TAIL = f"{WHERE} {_ORDER} [limit {{n:number}}] {INTO}"
_SQL_TAIL = "[ WHERE {where}][ ORDER BY {order}][ LIMIT {n}]"
_HOW = "{how:word average=AVG mean=AVG total=SUM sum=SUM maximum=MAX highest=MAX minimum=MIN lowest=MIN} [of] [the]"
_JOINED = "(joined with|join|and) [the] {other:table} on"
_RESULTS = "{new|results}"


def questions(sql: Speech) -> tuple[Phrase, ...]:
    """The phrases of a service that ask."""
    return (*_reading(sql), *_computing(sql), *_looking_around(sql))


def _rows(sql: str) -> str:
    return f"{_RESULTS} = {{module}}.execute_query(<<{sql}>>)"


def _value(name: str, sql: str) -> str:
    return f"{name} = {{module}}.execute_query(<<{sql}>>)[0][0]"


def _shown(sql: str) -> str:
    return f"<?{{new}} = ?>{{module}}.execute_query(<<{sql}>>)"


def _reading(sql: Speech) -> tuple[Phrase, ...]:
    """Rows of tables."""
    return (
        Phrase(
            f"{_QUERY} [all] [rows (of|from|in)] {TABLE} {sql.source} {_TAIL}",
            _rows("SELECT * FROM {table}" + _SQL_TAIL),
            f"query all customers from {sql.name} where age > 25",
            "reads the rows of a table",
            _RESULTS,
        ),
        Phrase(
            f"{_QUERY} [all] [rows (of|from|in)] {TABLE} {sql.source} "
            f"{WHERE} {_ORDER} [limit {{n:number}}] {_INTO_FRAME}",
            "{new|df} = {module}.read_frame(<<SELECT * FROM {table}" + _SQL_TAIL + ">>)",
            "read customers into a dataframe",
            "reads the rows of a table into a data frame",
            "{new|df}",
        ),
        Phrase(
            f"{_QUERY} [the] [columns] {{columns:columns of table}} (of|from|in) [all] {TABLE} {sql.source} {_TAIL}",
            _rows("SELECT {columns} FROM {table}" + _SQL_TAIL),
            "query name and age from customers where country = 'Italy' order by age descending",
            "reads some columns of a table",
            _RESULTS,
        ),
        Phrase(
            f"{_QUERY} [the] first {{n:number}} [rows (of|from|in)] {TABLE} {sql.source} {WHERE} {_ORDER} {INTO}",
            _rows("SELECT * FROM {table}" + _SQL_TAIL),
            "show the first ten rows of customers",
            "reads the first rows of a table",
            _RESULTS,
        ),
        Phrase(
            f"[{_QUERY}] [the] top {{n:number}} [rows (of|from|in)] {TABLE} {sql.source} "
            f"by {{column:column of table}} {WHERE} {INTO}",
            _rows(f"SELECT * FROM {{table}}[ WHERE {{where}}] ORDER BY {{column}} {sql.falling} LIMIT {{n}}"),
            "show the top 3 customers by age",
            "reads the rows with the largest values of a column",
            _RESULTS,
        ),
        Phrase(
            f"{_QUERY} [the] last {{n:number}} [rows (of|from|in)] [the] [table] {{table:table keyed}} {sql.source} "
            f"{WHERE} {INTO}",
            _rows("SELECT * FROM {table}[ WHERE {where}] ORDER BY {table_key} DESC LIMIT {n}"),
            "show the last 5 orders",
            "reads the rows with the highest primary key, where that is one number; the highest comes first",
            _RESULTS,
        ),
        Phrase(
            f"{_QUERY} [the] last {{n:number}} [rows (of|from|in)] {TABLE} {sql.source} by {{column:column of table}} "
            f"{WHERE} {INTO}",
            _rows(f"SELECT * FROM {{table}}[ WHERE {{where}}] ORDER BY {{column}} {sql.falling} LIMIT {{n}}"),
            "show the last 5 orders by total",
            "reads the rows that come last in the order of a column; the last comes first",
            _RESULTS,
        ),
        Phrase(
            f"{_QUERY} [all] [the] (distinct|unique|different) {{column:column of table}} [values] "
            f"(of|from|in) {TABLE} {sql.source} {WHERE} {INTO}",
            _rows("SELECT DISTINCT {column} FROM {table}[ WHERE {where}] ORDER BY {column}"),
            "list the distinct country values of customers",
            "reads each value of a column once",
            _RESULTS,
        ),
        Phrase(
            f"{_QUERY} [all] {TABLE} {sql.source} joined with [the] {{other:table}} "
            f"(on|by|using) {{on:columns of table+other}} [limit {{n:number}}] {INTO}",
            _rows("SELECT * FROM {table} JOIN {other} USING ({on})[ LIMIT {n}]"),
            "query customers joined with orders on id",
            "reads the rows of two tables that agree in columns of the same name",
            _RESULTS,
        ),
        Phrase(
            f"{_QUERY} [all] {TABLE} {sql.source} {_JOINED} ({{left:column of table}} = {{right:column of other}}"
            f"|{{right:column of other}} = {{left:column of table}}) [limit {{n:number}}] {INTO}",
            _rows("SELECT * FROM {table} JOIN {other} ON {table}.{left} = {other}.{right}[ LIMIT {n}]"),
            "query customers joined with orders on customers.id = orders.customer_id",
            "reads the rows of two tables that agree in columns of different names",
            _RESULTS,
        ),
    )


def _computing(sql: Speech) -> tuple[Phrase, ...]:
    """Numbers over the rows of a table."""
    return (
        Phrase(
            f"(count [all] [the] [rows (of|in)] {TABLE} {sql.source} {WHERE} {INTO}"
            f"|how many [rows] [are] [(in|of)] {TABLE} [(are there|have)] {sql.source} {WHERE} {INTO})",
            _value("{new|result}", "SELECT COUNT(*) FROM {table}[ WHERE {where}]"),
            "how many rows in customers where age > 25",
            "counts the rows of a table",
            "{new|result}",
        ),
        Phrase(
            f"(count|how many) [all] [the] [rows (of|in)] {TABLE} {sql.source} {WHERE} (by|per|for each) "
            f"{{by:columns of table}} {INTO}",
            _rows(
                "SELECT {by}, COUNT(*) AS count FROM {table}[ WHERE {where}] GROUP BY {by} ORDER BY count DESC, {by}"
            ),
            "count customers by country",
            "counts the rows for each value of a column",
            _RESULTS,
        ),
        Phrase(
            f"{_ASKED} [the] {_HOW} {{column:column of table}} (of|in|from|for) [all] {TABLE} "
            f"{sql.source} {WHERE} {INTO}",
            _value("{new|result}", "SELECT {how}({column}) FROM {table}[ WHERE {where}]"),
            "average age of customers where country = 'Italy'",
            "computes the average, sum, maximum or minimum of a column",
            "{new|result}",
        ),
        Phrase(
            f"{_ASKED} [the] {_HOW} {{column:column of table}} "
            f"((by|per|for each) {{by:columns of table}} (of|in|from|for) [all] {TABLE}"
            f"|(of|in|from|for) [all] {TABLE} (by|per|for each) {{by:columns of table}}) "
            f"{sql.source} {WHERE} {INTO}",
            _rows("SELECT {by}, {how}({column}) FROM {table}[ WHERE {where}] GROUP BY {by} ORDER BY {by}"),
            "average age by country in customers",
            "computes the average, sum, maximum or minimum of a column for each value of another",
            _RESULTS,
        ),
    )


def _looking_around(sql: Speech) -> tuple[Phrase, ...]:
    """What there is."""
    return (
        Phrase(
            f"(list|show) [all] [the] [{sql.words}] tables [(of|in|from) [the] ({sql.words}|database)] {INTO}",
            _shown(sql.tables),
            "list all tables",
            "lists the tables and views",
            "{new}",
        ),
        Phrase(
            f"(describe {TABLE}|(list|show) [all] [the] columns (of|in) {TABLE}) {sql.source} {INTO}",
            _shown(sql.columns),
            "describe table customers",
            "lists the columns of a table with their types and comments",
            "{new}",
        ),
    )
