"""Phrases over data frames.

A sentence that changes a frame (filter, keep, sort, drop, join, add, fill) gives the named frame the result, unless
it says `into` another name; one that derives (select, top, group, count) makes a new variable and leaves the frame.
NULL is as in SQL: no condition on it holds, it is a group of its own, joins nothing, comes last in every order, and
the sum of no value is NULL.
"""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

_PANDAS = "import pandas as pd\n\n"
_A_FRAME = "[(a|the)] [pandas] (dataframe|frame|df|data frame)"
_TO_FRAME = (
    f"((convert|turn|load|make) [the] {{{{source:name {{shape}}}}}} (to|into|in) {_A_FRAME}"
    f"|(create|make|build) {_A_FRAME} (from|of|with) [the] {{{{source:name {{shape}}}}}})"
)
_FRAME = "[(rows|the rows|columns|the columns) (of|from|in)] [the] [dataframe] {frame:name frame}"
_OF = "(of|in|from|for) [the] {frame:name frame}"
_INTO = "[(into|as|called) {new:newname}]"
_DF = "{new|df}"
_SAME = "{new|=frame}"
_RESULT = "{new|result}"
_HOW = (
    "{how:word average=mean() mean=mean() total=sum(min_count=1) sum=sum(min_count=1) maximum=max() highest=max() "
    "minimum=min() lowest=min() median=median() count=count()}"
)
_ASKED = "[(compute|calculate|show|get|find|what is)] [the]"
_BY = "(by|per|for each)"
_GROUPED = f"{_RESULT} = {{frame}}.groupby([{{by}}], as_index=False, dropna=False)[{{column}}].{{how}}"
_COUNTED = f'{_RESULT} = {{frame}}.groupby([{{by}}], dropna=False).size().reset_index(name="count")'
_MEETING = "{where:condition of frame}"
_ORDER = "{order:ordering of frame}"
_VALUE = "(as|with|equal to|=) {value:value of frame}"
_FROM_FRAME = "[(from|of|in)] [the] [dataframe] {frame:name frame}"

PHRASES = (
    Phrase(
        _TO_FRAME.format(shape="rows") + f" {_INTO}",
        _PANDAS + f"{_DF} = pd.DataFrame({{source}}, columns={{source}}.columns)",
        "convert results to dataframe",
        "makes a data frame of a query's rows",
        _DF,
    ),
    Phrase(
        _TO_FRAME.format(shape="list records mapping") + f" {_INTO}",
        _PANDAS + f"{_DF} = pd.DataFrame({{source}})",
        "convert people to a dataframe",
        "makes a data frame of a list or a dictionary",
        _DF,
    ),
    Phrase(
        "(show|display|print) [me] [the] (first|top|head) [{n:number}] [rows] [(of|from|in)] [the] {frame:name frame}",
        "{frame}.head({n})",
        "show the first five rows of sales",
        "shows the first rows",
    ),
    Phrase(
        "(show|display|print) [me] [the] last {n:number} [rows] [(of|from|in)] [the] {frame:name frame}",
        "{frame}.tail({n})",
        "show the last 3 rows of sales",
        "shows the last rows",
    ),
    Phrase(
        "(show|display) [me] [(all|all rows of)] [the] {frame:name frame}",
        "{frame}",
        "show sales",
        "shows the data frame",
    ),
    Phrase(
        f"(filter|keep) ({_FRAME} where {_MEETING}|where {_MEETING}) {_INTO}",
        f"{_SAME} = {{frame}}[{{where}}]",
        "filter rows of sales where amount > 100 and city = 'Rome'",
        "keeps the rows that meet a condition",
        _SAME,
    ),
    Phrase(
        f"(select|show|get|find) [all] {_FRAME} where {_MEETING} {_INTO}",
        f"{_RESULT} = {{frame}}[{{where}}]",
        "select rows of sales where amount > 100",
        "finds the rows that meet a condition, and leaves the data frame as it is",
        _RESULT,
    ),
    Phrase(
        f"(sort|order) ({_FRAME} by {_ORDER}|by {_ORDER}) {_INTO}",
        f"{_SAME} = {{frame}}.sort_values({{order}})",
        "sort sales by amount descending",
        "sorts the rows",
        _SAME,
    ),
    Phrase(
        "(show|display) [me] [(all|all rows of)] [the] {frame:name frame} (sorted|ordered) by "
        "{order:ordering of frame}",
        "{frame}.sort_values({order})",
        "show sales sorted by amount descending",
        "shows the rows in an order, and leaves the data frame as it is",
    ),
    Phrase(
        f"[(show|get|find|select)] [me] [the] (top|largest) {{n:number}} [rows] {_FROM_FRAME} by "
        f"{{column:column of frame}} {_INTO}",
        f'{_RESULT} = {{frame}}.sort_values({{column}}, ascending=False, kind="stable").head({{n}})',
        "show the top 3 rows of sales by amount",
        "finds the rows with the largest values of a column",
        _RESULT,
    ),
    Phrase(
        f"keep [only] [the] [columns] {{columns:columns of frame}} {_OF} {_INTO}",
        f"{_SAME} = {{frame}}[[{{columns}}]]",
        "keep columns city and amount of sales",
        "keeps some columns",
        _SAME,
    ),
    Phrase(
        f"(select|get) [the] [columns] {{columns:columns of frame}} {_OF} {_INTO}",
        f"{_RESULT} = {{frame}}[[{{columns}}]]",
        "select columns city and amount from sales",
        "takes some columns, and leaves the data frame as it is",
        _RESULT,
    ),
    Phrase(
        f"{_ASKED} {_HOW} [of] {{column:column of frame}} "
        f"({_BY} {{by:columns of frame}} {_OF}|{_OF} {_BY} {{by:columns of frame}}) {_INTO}",
        _GROUPED,
        "compute the average amount by city in sales",
        "computes the average, sum, count, maximum or minimum of a column for each value of another",
        _RESULT,
    ),
    Phrase(
        "group [the] {frame:name frame} by {by:columns of frame} and [(compute|calculate|show|take|get)] [the] "
        f"{_HOW} [of] {{column:column of frame}} {_INTO}",
        _GROUPED,
        "group sales by city and sum amount",
        "computes the average, sum, count, maximum or minimum of a column for each value of another",
        _RESULT,
    ),
    Phrase(
        f"{_ASKED} {_HOW} [of] {{column:column of frame}} {_OF} {_INTO}",
        f"{_RESULT} = {{frame}}[{{column}}].{{how}}",
        "average amount of sales",
        "computes the average, sum, count, maximum or minimum of a column",
        _RESULT,
    ),
    Phrase(
        f"(count|how many) [the] rows [(are|are there)] [(of|in)] [the] {{frame:name frame}} {_INTO}",
        f"{_RESULT} = len({{frame}})",
        "count the rows of sales",
        "counts the rows",
        _RESULT,
    ),
    Phrase(
        f"(count|how many) [the] [rows (of|in)] [the] {{frame:name frame}} {_BY} {{by:columns of frame}} {_INTO}",
        _COUNTED,
        "count sales by city",
        "counts the rows for each value of a column",
        _RESULT,
    ),
    Phrase(
        "group [the] {frame:name frame} by {by:columns of frame} and (count|count them|count the rows|count rows) "
        f"{_INTO}",
        _COUNTED,
        "group sales by city and count",
        "counts the rows for each value of a column",
        _RESULT,
    ),
    Phrase(
        f"(show|list|get|find) [all] [the] (unique|distinct|different) {{column:column of frame}} [values] {_OF} "
        f"{_INTO}",
        f"{_RESULT} = {{frame}}[{{column}}].drop_duplicates().tolist()",
        "list the unique city values of sales",
        "lists each value of a column once",
        _RESULT,
    ),
    Phrase(
        "(describe|summarize|summarise) [the] {frame:name frame}",
        "{frame}{as_floats}.describe()",
        "describe sales",
        "shows statistics of the columns",
    ),
    Phrase(
        "(show|list) [all] [the] columns (of|in) [the] {frame:name frame}",
        "list({frame}.columns)",
        "show the columns of sales",
        "lists the columns",
    ),
    Phrase(
        f"add [(a|the)] [new] column {{column:newname}} ((to|in) [the] {{frame:name frame}} {_VALUE}|{_VALUE})",
        "{frame} = {frame}.assign({column}={value})",
        "add a column tax to sales as amount * 0.2",
        "adds a column computed from others",
        "{frame}",
    ),
    Phrase(
        "(drop|remove|delete) [the] (column|columns) {columns:columns of frame} (of|from|in) [the] {frame:name frame}",
        "{frame} = {frame}.drop(columns=[{columns}])",
        "drop the column note from sales",
        "takes columns away",
        "{frame}",
    ),
    Phrase(
        "rename [the] column {column:column of frame} (of|in|from) [the] {frame:name frame} to {name:newname}",
        '{frame} = {frame}.rename(columns={{column}: "{name}"})',
        "rename column city of sales to town",
        "gives a column another name",
        "{frame}",
    ),
    Phrase(
        "(join|merge|combine) [the] {frame:name frame} (and|with) [the] {other:name frame} (on|by|using) "
        f"{{on:columns of frame+other}} {_INTO}",
        f"{_SAME} = {{frame}}.dropna(subset=[{{on}}]).merge({{other}}, on=[{{on}}])",
        "join sales with cities on city",
        "joins two data frames on columns of the same name; the result is kept under the first one's name",
        _SAME,
    ),
    Phrase(
        "(join|merge|combine) [the] {frame:name frame} (and|with) [the] {other:name frame} (on|by|using) "
        "({left:column of frame} = {right:column of other}|{right:column of other} = {left:column of frame}) "
        f"{_INTO}",
        f"{_SAME} = {{frame}}.dropna(subset=[{{left}}]).merge({{other}}, left_on={{left}}, right_on={{right}})",
        "join sales with towns on city = town",
        "joins two data frames on columns of different names; the result is kept under the first one's name",
        _SAME,
    ),
    Phrase(
        f"(drop|remove) [(all|the)] rows with missing values (from|of|in) [the] {{frame:name frame}} {_INTO}",
        f"{_SAME} = {{frame}}.dropna()",
        "drop rows with missing values from sales",
        "takes away rows in which something is missing",
        _SAME,
    ),
    Phrase(
        "(fill|replace) [(all|the)] missing values (of|in) [the] [column] "
        "({column:column of frame} (of|in|from) [the] {frame:name frame}|{column:column of frame}) "
        f"(with|by) {{value:value like of column}} {_INTO}",
        f"{_SAME} = {{frame}}.fillna({{{{column}}: {{value}}}})",
        "fill missing values of amount in sales with 0",
        "puts a value where a column has none",
        _SAME,
    ),
    Phrase(
        "(fill|replace) [(all|the)] missing values (of|in) [the] [column] "
        "({column:column numbers of frame} (of|in|from) [the] {frame:name frame}|{column:column numbers of frame}) "
        "(with|by) [(the|its)] {how:word average=mean mean=mean median=median} "
        f"{_INTO}",
        # As objects: a column of whole numbers takes no average that is none.
        f"{_SAME} = {{frame}}.assign(**{{{{column}}: "
        "{frame}[{column}].astype(object).fillna({frame}[{column}].{how}()).infer_objects()})",
        "fill missing values of amount in sales with the average",
        "puts the average or the median of a column where it has no value",
        _SAME,
    ),
    Phrase(
        f"(drop|remove) [(all|the)] (duplicates|duplicate rows) (from|of|in) [the] {{frame:name frame}} {_INTO}",
        f"{_SAME} = {{frame}}.drop_duplicates()",
        "remove duplicates from sales",
        "keeps one of equal rows",
        _SAME,
    ),
)
