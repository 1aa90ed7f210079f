"""Phrases over data frames."""

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
_RESULT = "{new|result}"
_HOW = (
    "{how:word average=mean mean=mean total=sum sum=sum maximum=max highest=max minimum=min lowest=min median=median "
    "count=count}"
)

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
        f"(filter|keep|select) {_FRAME} where {{where:condition of frame}} {_INTO}",
        f"{_DF} = {{frame}}[{{where}}]",
        "filter rows of sales where amount > 100 and city = 'Rome'",
        "keeps the rows that meet a condition",
        _DF,
    ),
    Phrase(
        f"(sort|order) {_FRAME} by {{order:ordering of frame}} {_INTO}",
        f"{_DF} = {{frame}}.sort_values({{order}})",
        "sort sales by amount descending",
        "sorts the rows",
        _DF,
    ),
    Phrase(
        f"(show|get|find|keep|select) [the] (top|largest) {{n:number}} [rows] {_OF} by {{column:column of frame}} "
        f"{_INTO}",
        f"{_RESULT} = {{frame}}.nlargest({{n}}, {{column}})",
        "show the top 3 rows of sales by amount",
        "keeps the rows with the largest values of a column",
        _RESULT,
    ),
    Phrase(
        f"(select|keep|get) [the] [columns] {{columns:columns of frame}} {_OF} {_INTO}",
        f"{_DF} = {{frame}}[[{{columns}}]]",
        "select columns city and amount from sales",
        "keeps some columns",
        _DF,
    ),
    Phrase(
        f"[(compute|calculate|show|get|find)] [the] {_HOW} [of] {{column:column of frame}} "
        f"((by|per|for each) {{by:columns of frame}} {_OF}|{_OF} (by|per|for each) {{by:columns of frame}}) {_INTO}",
        f'{_RESULT} = {{frame}}.groupby([{{by}}], as_index=False)[{{column}}].{{how}}()',
        "compute the average amount by city in sales",
        "computes the average, sum, count, maximum or minimum of a column for each value of another",
        _RESULT,
    ),
    Phrase(
        "group [the] {frame:name frame} by {by:columns of frame} and [(compute|calculate|show|take|get)] [the] "
        f"{_HOW} [of] {{column:column of frame}} {_INTO}",
        f'{_RESULT} = {{frame}}.groupby([{{by}}], as_index=False)[{{column}}].{{how}}()',
        "group sales by city and sum amount",
        "computes the average, sum, count, maximum or minimum of a column for each value of another",
        _RESULT,
    ),
    Phrase(
        f"[(compute|calculate|show|get|find)] [the] {_HOW} [of] {{column:column of frame}} {_OF} {_INTO}",
        f"{_RESULT} = {{frame}}[{{column}}].{{how}}()",
        "average amount of sales",
        "computes the average, sum, count, maximum or minimum of a column",
        _RESULT,
    ),
    Phrase(
        "(count|how many) [the] rows [(are|are there)] [(of|in)] [the] {frame:name frame} "
        f"{_INTO}",
        f"{_RESULT} = len({{frame}})",
        "count the rows of sales",
        "counts the rows",
        _RESULT,
    ),
    Phrase(
        f"count [the] [rows of] [the] {{frame:name frame}} (by|per|for each) {{by:columns of frame}} {_INTO}",
        f'{_RESULT} = {{frame}}.groupby([{{by}}], as_index=False).size()',
        "count sales by city",
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
        "{frame}.describe()",
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
        "add [(a|the)] [new] column {column:newname} (to|in) [the] {frame:name frame} (as|with|equal to|=) "
        "{value:value of frame}",
        '{frame} = {frame}.assign({column}={value})',
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
        f"{_DF} = {{frame}}.merge({{other}}, on=[{{on}}])",
        "join sales with cities on city",
        "joins two data frames on columns of the same name",
        _DF,
    ),
    Phrase(
        f"(drop|remove) [(all|the)] rows with missing values (from|of|in) [the] {{frame:name frame}} {_INTO}",
        f"{_DF} = {{frame}}.dropna()",
        "drop rows with missing values from sales",
        "takes away rows in which something is missing",
        _DF,
    ),
    Phrase(
        f"(drop|remove) [(all|the)] (duplicates|duplicate rows) (from|of|in) [the] {{frame:name frame}} {_INTO}",
        f"{_DF} = {{frame}}.drop_duplicates()",
        "remove duplicates from sales",
        "keeps one of equal rows",
        _DF,
    ),
)
