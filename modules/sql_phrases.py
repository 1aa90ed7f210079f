"""The sentences that databases with SQL understand without a language model, in the words of one of them.

A look at what there is (`list tables`, `describe table customers`) is shown and kept under no name unless the sentence
says `into`: `results` stays what it was, and `it` is the listing until the next result. What changes rows shows how
many; what defines tables shows nothing.

A sentence that is SQL over known tables and their columns is sent as it is written: whole days for dates, NULL last in
every order and variables are for the sentences that are English.
"""

from __future__ import annotations

from aibasic.modules.phrases import Phrase
from aibasic.modules.sql_questions import questions
from aibasic.modules.sql_speech import TABLE, WHERE, Speech

_LOAD = "(load|save|write|insert|store|append|copy) [the] [rows (of|from)] [the]"


def phrases(sql: Speech) -> tuple[Phrase, ...]:
    """The phrases of a service."""
    return (*questions(sql), *_changing(sql), *_verbatim(sql), *_transacting(sql))


def _command(sql: str) -> str:
    return f"{{module}}.execute_query(<<{sql}>>, fetch=False)"


def _changing(sql: Speech) -> tuple[Phrase, ...]:
    """Rows in, changed and out."""
    return (
        Phrase(
            f"insert [(a|one) row] into [{sql.words}] {TABLE} [values] {{row:row of table}}",
            _command("INSERT INTO {table} {row}"),
            f"insert into {sql.name} table users values ('Alice', 30)",
            "adds a row",
        ),
        Phrase(
            f"insert [(a|one) row] into [{sql.words}] {TABLE} {{columns:columns of table}} values "
            "{row:row columns of table}",
            _command("INSERT INTO {table} ({columns}) {row}"),
            f"insert into {sql.name} table users (name, age) values ('Bob', 25)",
            "adds a row, some columns of it",
        ),
        Phrase(
            f"(save|write|export|store) [all] [the] [(table|rows of)] {{table:table}} {sql.source} {WHERE} "
            "(to|into|as) [(a|the)] [csv] [file] {path:path csv}",
            "{module}.read_frame(<<SELECT * FROM {table}[ WHERE {where}]>>).to_csv({path}, index=False)",
            "save customers to customers.csv",
            "writes the rows of a table to a CSV file",
        ),
        Phrase(
            f"{_LOAD} {{source:name frame rows of table}} {sql.into_table}",
            f"{{module}}.{sql.load}({{table}}, {{source}})",
            "load people into table users",
            "adds the rows of a data frame or a result to a table that has its columns",
        ),
        Phrase(
            f"update [{sql.words}] {TABLE} set {{set:assignments of table}} where {{where:condition of table}}",
            _command("UPDATE {table} SET {set} WHERE {where}"),
            "update table customers set age = age + 1 where name = 'Bob'",
            "changes rows",
        ),
        Phrase(
            f"delete [all] [rows] (from|of) [{sql.words}] {TABLE} where {{where:condition of table}}",
            _command("DELETE FROM {table} WHERE {where}"),
            "delete all rows of customers where age < 18",
            "deletes rows",
        ),
    )


def _verbatim(sql: Speech) -> tuple[Phrase, ...]:
    """SQL as it is written."""
    return (
        Phrase(
            f"(execute|run) [the] [{sql.words}] [sql] [(query|statement|command)] {{query:sql rows}}",
            "results = {module}.execute_query(<<{query}>>)",
            f"execute {sql.name} query SELECT * FROM orders WHERE total > 100",
            "runs a query as it is written",
            "results",
        ),
        Phrase(
            f"(execute|run) [the] [{sql.words}] [sql] [(query|statement|command)] {{query:sql command changes}}",
            _command("{query}"),
            f"execute {sql.name} statement UPDATE orders SET total = total + 1",
            "runs a statement as it is written, and says how many rows it changed",
        ),
        Phrase(
            f"(execute|run) [the] [{sql.words}] [sql] [(query|statement|command)] {{query:sql command defines}}",
            _command("{query}") + ";",
            f"execute {sql.name} statement CREATE TABLE IF NOT EXISTS notes (id int, note text)",
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
            "CREATE OR REPLACE VIEW large_orders AS SELECT * FROM orders WHERE total > 100",
            "runs a statement as it is written",
        ),
    )


def _transacting(sql: Speech) -> tuple[Phrase, ...]:
    """Transactions."""
    return (
        Phrase(
            f"(begin|start) [(a|the)] [{sql.words}] transaction",
            "{module}.begin()",
            "begin transaction",
            "begins a transaction, which lives from line to line",
        ),
        Phrase(
            f"commit [the] [{sql.words}] [transaction]",
            "{module}.commit()",
            "commit",
            "makes what the transaction did permanent",
        ),
        Phrase(
            f"(rollback|roll back|undo) [the] [{sql.words}] [transaction]",
            "{module}.rollback()",
            "roll back the transaction",
            "undoes what the transaction did",
        ),
    )
