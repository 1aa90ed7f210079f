"""Phrases over CSV files."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

_SAVE = (
    "(save|write|export|store) [the] {{source:name {shape}}} (to|into|as|in) [(the|a)] [csv] [file] {{path:path csv}}"
)
_WRITER = 'import csv\n\nwith open({path}, "w", newline="", encoding="utf-8") as file:\n    writer = csv.writer(file)\n'

_READ = """\
import pandas as pd

with open({path}, encoding="utf-8") as file:
    {new|df} = pd.read_csv({path}, sep=max(",;\\t", key=file.readline().count))"""

PHRASES = (
    Phrase(
        _SAVE.format(shape="frame"),
        "{source}.to_csv({path}, index=False)",
        "save dataframe to customers.csv",
        "writes a data frame to a CSV file",
    ),
    Phrase(
        _SAVE.format(shape="rows"),
        "import aibasic.modules.exports as exports\n"
        + _WRITER
        + "    writer.writerow({source}.columns)\n    writer.writerows(exports.cells({source}))",
        "save results to customers.csv",
        "writes a query's rows to a CSV file, NULL as nothing, bytes as base64",
    ),
    Phrase(
        _SAVE.format(shape="records"),
        _WRITER.replace("csv.writer(file)", "csv.DictWriter(file, fieldnames=list({source}[0]))")
        + "    writer.writeheader()\n    writer.writerows({source})",
        "save records to records.csv",
        "writes a list of dictionaries to a CSV file",
    ),
    Phrase(
        "(read|load|open|import) [the] [csv] [file] {path:path csv} "
        "[(into|as|to) [(a|the)] (dataframe|{new:newname}|dataframe {new:newname})]",
        _READ,
        "read customers.csv into people",
        "reads a CSV file, with commas, semicolons or tabs between its columns, as a data frame",
        "{new|df}",
    ),
)
