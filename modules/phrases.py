"""Phrases as data: sentence forms with the Python that they stand for. The engine matches them; modules declare theirs.

A form is made of

    word                a word of the sentence, in any case
    [ ... ]             may be left out
    ( a | b c )         one of these
    {slot:kind}         a place for something of a kind; `{slot:kind of other}` where it belongs to another slot's
                        table or frame (`of one+other`: to both); `{slot:kind detail}` where the kind has details

and the kinds are

    name [SHAPE ...]    a variable that exists and has one of the shapes: frame, rows, records, list, collection,
                        mapping, text, number, boolean, time, figure; or a pronoun: it, them, results, the dataframe;
                        `of` a table: its columns are the table's, and as SQL it is their names and VALUES (%s, ...)
    newname             a name that the Python assigns to
    number, text        a literal or a variable of that shape, or arithmetic over numbers
    value, values       any literal, variable or arithmetic over them; several, between commas or `and`
                        `value like`: one that fits into the column that it is `of`
    condition           a comparison, or several joined by and, or, not; `of` a table or frame: over its columns;
                        `condition recent`: only `placed in the last 30 days`, also without the column's name where the
                        table has one column of days or points of time
    table [keyed]       a table of the service; one whose primary key is one number
    column, columns     of a table or a frame, also as `orders.total`; `column numbers`: one that holds numbers
    ordering            columns of a table or a frame, each with `descending` or `ascending` behind it or nothing
    assignments         `age = 31, name = 'Bob'`, of a table
    row [columns]       `('Bob', 31)`, of a table: as many values as it has columns, or as columns were named
    path [SUFFIX ...]   a file's name, with one of the suffixes or any, in quotes or without blanks; or a variable of
                        text; `path folder`: also a word alone
    label               a name on the service's side (a queue, a topic, a key, a pattern): `user:1`, `events.*`, in
                        quotes any text; or a variable of text
    json                a dict or list written out, as Python or as JSON has it; or a variable that holds one
    sql rows|command    SQL up to the sentence's end that returns rows, or none; `known`: only over the service's
                        tables and their columns, before all other forms; `changes`: only what changes rows,
                        `defines`: only the rest
    item                a place in a variable that can be assigned to: `names[i]`, `item 3 of names`, `price of row`
    position            a place counted from 1; the Python gets the index, which counts from 0
    truth, expression, items
                        a condition, a value, what can be gone through: one expression of Python, for control flow
    word A=X B=Y        one of the words A and B; the Python gets X or Y

A slot called `frame` that others belong to may be left out: then it is the newest data frame, or the only one.

Everywhere these hold. NULL is what SQL says it is, in data frames too: no condition on it holds, neither `=` nor `<>`
nor `not`; it is a group of its own, it joins nothing, the sum of no value is NULL. It comes last in every order. A
date, 2013-01-05 with or without quotes, compared with a column of times means that whole day; with 10:30 behind it,
that point of time. The last 30 days are today and the 29 before it. Beside a Decimal a fraction is one too. A name that
is a column's means the column, but on both sides of a comparison: there the right one is the variable.

In the Python `{slot}` stands for what the slot holds, `{slot|default}` for that or the default where the slot is
empty, `{slot|=other}` for what the other slot holds then. A part between `<<` and `>>` is SQL: it becomes a Python
string literal, followed by a tuple of parameters where variables are used. `<?...?>`, in SQL `[...]`, is dropped where
a slot within is empty. `{module}` is the variable of the service's module, `{sentence}` a literal of the sentence with
the values of the variables that its condition names, `{table_key}` in SQL the primary key of a keyed table. Behind a
data frame `{as_floats}` is the call that makes floats of its Decimals, `{without_zones}` the one that takes the zones
off its times, where it has such.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """A sentence form of a task type.

    `example` is a sentence that fits, `does` says in one line what it does. `result` names the variable that holds the
    result (a slot may stand in it, as in `python`), "" where it is the value of the last expression or there is none.
    """

    form: str
    python: str
    example: str
    does: str
    result: str = ""
