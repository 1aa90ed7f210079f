"""The sentences that PostgreSQL understands without a language model.

A look at what there is (`list tables`, `describe table customers`) is shown and kept under no name unless the sentence
says `into`: `results` stays what it was, and `it` is the listing until the next result. What changes rows shows how
many; what defines tables shows nothing.

A sentence that is SQL over known tables and their columns is sent as it is written: whole days for dates, NULL last in
every order and variables are for the sentences that are English.
"""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

_QUERY = "(query|get|fetch|select|find|load|read|show [me]|list)"
_TABLE = "[the] [table] {table:table}"
_SERVICE = "(postgres|postgresql)"
_FROM = f"[from [the] ({_SERVICE}|database)]"
_WHERE = "[(where {where:condition of table}|{where:condition recent of table})]"
_ASKED = "[(query|get|show|compute|calculate|find|what is)]"
_ORDER = "[(order|ordered|sort|sorted) by {order:ordering of table}]"
_INTO = "[(into|as|called) {new:newname}]"
_INTO_FRAME = "(into|as) (a|the) [pandas] (dataframe|data frame|frame) [[called] {new:newname}]"
_TAIL = f"{_WHERE} {_ORDER} [limit {{n:number}}] {_INTO}"
_SQL_TAIL = "[ WHERE {where}][ ORDER BY {order}][ LIMIT {n}]"
_HOW = "{how:word average=AVG mean=AVG total=SUM sum=SUM maximum=MAX highest=MAX minimum=MIN lowest=MIN} [of] [the]"
_LOAD = "(load|save|write|insert|store|append|copy) [the] [rows (of|from)] [the]"
_INTO_TABLE = f"(into|in|to) [the] ({_SERVICE} [table]|[{_SERVICE}] table) {{table:table}}"
_JOINED = "(joined with|join|and) [the] {other:table} on"
_RESULTS = "{new|results}"


def _rows(sql: str) -> str:
    return f"{_RESULTS} = {{module}}.execute_query(<<{sql}>>)"


def _value(name: str, sql: str) -> str:
    return f"{name} = {{module}}.execute_query(<<{sql}>>)[0][0]"


def _shown(sql: str) -> str:
    return f"<?{{new}} = ?>{{module}}.execute_query(<<{sql}>>)"


def _command(sql: str) -> str:
    return f"{{module}}.execute_query(<<{sql}>>, fetch=False)"


PHRASES = (
    Phrase(
        f"{_QUERY} [all] [rows (of|from|in)] {_TABLE} {_FROM} {_TAIL}",
        _rows("SELECT * FROM {table}" + _SQL_TAIL),
        "query all customers from postgres where age > 25",
        "reads the rows of a table",
        _RESULTS,
    ),
    Phrase(
        f"{_QUERY} [all] [rows (of|from|in)] {_TABLE} {_FROM} {_WHERE} {_ORDER} [limit {{n:number}}] {_INTO_FRAME}",
        "{new|df} = {module}.read_frame(<<SELECT * FROM {table}" + _SQL_TAIL + ">>)",
        "read customers into a dataframe",
        "reads the rows of a table into a data frame",
        "{new|df}",
    ),
    Phrase(
        f"{_QUERY} [the] [columns] {{columns:columns of table}} (of|from|in) [all] {_TABLE} {_FROM} {_TAIL}",
        _rows("SELECT {columns} FROM {table}" + _SQL_TAIL),
        "query name and age from customers where country = 'Italy' order by age descending",
        "reads some columns of a table",
        _RESULTS,
    ),
    Phrase(
        f"{_QUERY} [the] first {{n:number}} [rows (of|from|in)] {_TABLE} {_FROM} {_WHERE} {_ORDER} {_INTO}",
        _rows("SELECT * FROM {table}" + _SQL_TAIL),
        "show the first ten rows of customers",
        "reads the first rows of a table",
        _RESULTS,
    ),
    Phrase(
        f"[{_QUERY}] [the] top {{n:number}} [rows (of|from|in)] {_TABLE} {_FROM} by {{column:column of table}} "
        f"{_WHERE} {_INTO}",
        _rows("SELECT * FROM {table}[ WHERE {where}] ORDER BY {column} DESC NULLS LAST LIMIT {n}"),
        "show the top 3 customers by age",
        "reads the rows with the largest values of a column",
        _RESULTS,
    ),
    Phrase(
        f"{_QUERY} [the] last {{n:number}} [rows (of|from|in)] [the] [table] {{table:table keyed}} {_FROM} "
        f"{_WHERE} {_INTO}",
        _rows("SELECT * FROM {table}[ WHERE {where}] ORDER BY {table_key} DESC LIMIT {n}"),
        "show the last 5 orders",
        "reads the rows with the highest primary key, where that is one number; the highest comes first",
        _RESULTS,
    ),
    Phrase(
        f"{_QUERY} [the] last {{n:number}} [rows (of|from|in)] {_TABLE} {_FROM} by {{column:column of table}} "
        f"{_WHERE} {_INTO}",
        _rows("SELECT * FROM {table}[ WHERE {where}] ORDER BY {column} DESC NULLS LAST LIMIT {n}"),
        "show the last 5 orders by total",
        "reads the rows that come last in the order of a column; the last comes first",
        _RESULTS,
    ),
    Phrase(
        f"{_QUERY} [all] [the] (distinct|unique|different) {{column:column of table}} [values] (of|from|in) {_TABLE} "
        f"{_FROM} {_WHERE} {_INTO}",
        _rows("SELECT DISTINCT {column} FROM {table}[ WHERE {where}] ORDER BY {column}"),
        "list the distinct country values of customers",
        "reads each value of a column once",
        _RESULTS,
    ),
    Phrase(
        f"{_QUERY} [all] {_TABLE} {_FROM} joined with [the] {{other:table}} "
        f"(on|by|using) {{on:columns of table+other}} [limit {{n:number}}] {_INTO}",
        _rows("SELECT * FROM {table} JOIN {other} USING ({on})[ LIMIT {n}]"),
        "query customers joined with orders on id",
        "reads the rows of two tables that agree in columns of the same name",
        _RESULTS,
    ),
    Phrase(
        f"{_QUERY} [all] {_TABLE} {_FROM} {_JOINED} ({{left:column of table}} = {{right:column of other}}"
        f"|{{right:column of other}} = {{left:column of table}}) [limit {{n:number}}] {_INTO}",
        _rows("SELECT * FROM {table} JOIN {other} ON {table}.{left} = {other}.{right}[ LIMIT {n}]"),
        "query customers joined with orders on customers.id = orders.customer_id",
        "reads the rows of two tables that agree in columns of different names",
        _RESULTS,
    ),
    Phrase(
        f"(count [all] [the] [rows (of|in)] {_TABLE} {_FROM} {_WHERE} {_INTO}"
        f"|how many [rows] [are] [(in|of)] {_TABLE} [(are there|have)] {_FROM} {_WHERE} {_INTO})",
        _value("{new|result}", "SELECT COUNT(*) FROM {table}[ WHERE {where}]"),
        "how many rows in customers where age > 25",
        "counts the rows of a table",
        "{new|result}",
    ),
    Phrase(
        f"(count|how many) [all] [the] [rows (of|in)] {_TABLE} {_FROM} {_WHERE} (by|per|for each) "
        f"{{by:columns of table}} {_INTO}",
        _rows("SELECT {by}, COUNT(*) AS count FROM {table}[ WHERE {where}] GROUP BY {by} ORDER BY count DESC, {by}"),
        "count customers by country",
        "counts the rows for each value of a column",
        _RESULTS,
    ),
    Phrase(
        f"{_ASKED} [the] {_HOW} {{column:column of table}} (of|in|from|for) [all] {_TABLE} {_FROM} {_WHERE} {_INTO}",
        _value("{new|result}", "SELECT {how}({column}) FROM {table}[ WHERE {where}]"),
        "average age of customers where country = 'Italy'",
        "computes the average, sum, maximum or minimum of a column",
        "{new|result}",
    ),
    Phrase(
        f"{_ASKED} [the] {_HOW} {{column:column of table}} "
        f"((by|per|for each) {{by:columns of table}} (of|in|from|for) [all] {_TABLE}"
        f"|(of|in|from|for) [all] {_TABLE} (by|per|for each) {{by:columns of table}}) {_FROM} {_WHERE} {_INTO}",
        _rows("SELECT {by}, {how}({column}) FROM {table}[ WHERE {where}] GROUP BY {by} ORDER BY {by}"),
        "average age by country in customers",
        "computes the average, sum, maximum or minimum of a column for each value of another",
        _RESULTS,
    ),
    Phrase(
        f"(list|show) [all] [the] [{_SERVICE}] tables [(of|in|from) [the] ({_SERVICE}|database)] {_INTO}",
        _shown(
            "SELECT table_schema, table_name, table_type FROM information_schema.tables "
            "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY table_schema, table_name"
        ),
        "list all tables",
        "lists the tables and views",
        "{new}",
    ),
    Phrase(
        f"(describe {_TABLE}|(list|show) [all] [the] columns (of|in) {_TABLE}) {_FROM} {_INTO}",
        _shown(
            "SELECT attname AS column, format_type(atttypid, atttypmod) AS type, NOT attnotnull AS nullable, "
            "col_description(attrelid, attnum) AS comment FROM pg_attribute "
            "WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        ),
        "describe table customers",
        "lists the columns of a table with their types and comments",
        "{new}",
    ),
    Phrase(
        f"insert [(a|one) row] into [{_SERVICE}] {_TABLE} [values] {{row:row of table}}",
        _command("INSERT INTO {table} {row}"),
        "insert into postgres table users values ('Alice', 30)",
        "adds a row",
    ),
    Phrase(
        f"insert [(a|one) row] into [{_SERVICE}] {_TABLE} {{columns:columns of table}} values "
        "{row:row columns of table}",
        _command("INSERT INTO {table} ({columns}) {row}"),
        "insert into postgres table users (name, age) values ('Bob', 25)",
        "adds a row, some columns of it",
    ),
    Phrase(
        f"(save|write|export|store) [all] [the] [(table|rows of)] {{table:table}} {_FROM} {_WHERE} (to|into|as) "
        "[(a|the)] [csv] [file] {path:path csv}",
        "{module}.read_frame(<<SELECT * FROM {table}[ WHERE {where}]>>).to_csv({path}, index=False)",
        "save customers to customers.csv",
        "writes the rows of a table to a CSV file",
    ),
    Phrase(
        f"{_LOAD} {{source:name frame rows of table}} {_INTO_TABLE}",
        "{module}.copy_from({table}, {source})",
        "load people into table users",
        "adds the rows of a data frame or a result to a table that has its columns",
    ),
    Phrase(
        f"update [{_SERVICE}] {_TABLE} set {{set:assignments of table}} where {{where:condition of table}}",
        _command("UPDATE {table} SET {set} WHERE {where}"),
        "update table customers set age = age + 1 where name = 'Bob'",
        "changes rows",
    ),
    Phrase(
        f"delete [all] [rows] (from|of) [{_SERVICE}] {_TABLE} where {{where:condition of table}}",
        _command("DELETE FROM {table} WHERE {where}"),
        "delete all rows of customers where age < 18",
        "deletes rows",
    ),
    Phrase(
        f"(execute|run) [the] [{_SERVICE}] [sql] [(query|statement|command)] {{query:sql rows}}",
        "results = {module}.execute_query(<<{query}>>)",
        "execute postgres query SELECT * FROM orders WHERE total > 100",
        "runs a query as it is written",
        "results",
    ),
    Phrase(
        f"(execute|run) [the] [{_SERVICE}] [sql] [(query|statement|command)] {{query:sql command changes}}",
        _command("{query}"),
        "execute postgres statement UPDATE orders SET total = total + 1",
        "runs a statement as it is written, and says how many rows it changed",
    ),
    Phrase(
        f"(execute|run) [the] [{_SERVICE}] [sql] [(query|statement|command)] {{query:sql command defines}}",
        _command("{query}") + ";",
        "execute postgres statement CREATE TABLE IF NOT EXISTS notes (id serial, note text)",
        "runs a statement as it is written",
    ),
    Phrase(
        "{query:sql rows known}",
        "results = {module}.execute_query(<<{query}>>)",
        "SELECT name, total FROM customers JOIN orders ON orders.customer_id = customers.id",
        "runs a query as it is written",
        "results",
    ),
    Phrase(
        "{query:sql command changes known}",
        _command("{query}"),
        "INSERT INTO orders (total) SELECT total + 1 FROM orders",
        "runs a statement as it is written, and says how many rows it changed",
    ),
    Phrase(
        "{query:sql command defines known}",
        _command("{query}") + ";",
        "CREATE INDEX IF NOT EXISTS by_customer ON orders (customer_id)",
        "runs a statement as it is written",
    ),
    Phrase(
        f"(begin|start) [(a|the)] [{_SERVICE}] transaction",
        "{module}.begin()",
        "begin transaction",
        "begins a transaction, which lives from line to line",
    ),
    Phrase(
        f"commit [the] [{_SERVICE}] [transaction]",
        "{module}.commit()",
        "commit",
        "makes what the transaction did permanent",
    ),
    Phrase(
        f"(rollback|roll back|undo) [the] [{_SERVICE}] [transaction]",
        "{module}.rollback()",
        "roll back the transaction",
        "undoes what the transaction did",
    ),
)
