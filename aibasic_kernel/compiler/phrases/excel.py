"""Phrases over Excel files."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

_SAVE = (
    "(save|write|export|store) [the] {{source:name {shape}}} (to|into|as|in) [(the|an)] [excel] [file] "
    "{{path:path xlsx}}"
)

_AS_SAID = "; a time keeps the hour it shows and loses its zone, which Excel does not know"

PHRASES = (
    Phrase(
        _SAVE.format(shape="frame"),
        "{source}{without_zones}.to_excel({path}, index=False)",
        "save dataframe to customers.xlsx",
        "writes a data frame to an Excel file" + _AS_SAID,
    ),
    Phrase(
        _SAVE.format(shape="rows"),
        "import pandas as pd\n\n"
        "pd.DataFrame({source}, columns={source}.columns){without_zones}.to_excel({path}, index=False)",
        "save results to customers.xlsx",
        "writes a query's rows to an Excel file" + _AS_SAID,
    ),
    Phrase(
        "(read|load|open|import) [the] [excel] [file] {path:path xlsx xls} "
        "[(into|as|to) [(a|the)] (dataframe|{new:newname}|dataframe {new:newname})]",
        "import pandas as pd\n\n{new|df} = pd.read_excel({path})",
        "read customers.xlsx",
        "reads an Excel file as a data frame",
        "{new|df}",
    ),
)
