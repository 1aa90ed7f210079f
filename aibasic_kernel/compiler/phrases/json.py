"""Phrases over JSON files and texts."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

_SAVE = (
    "(save|write|export|store) [the] {{source:name {shape}}} (to|into|as|in) [(the|a)] [json] [file] {{path:path json}}"
)
_DUMP = """\
import decimal
import json

with open({path}, "w", encoding="utf-8") as file:
    json.dump(
        {what},
        file,
        indent=2,
        ensure_ascii=False,
        default=lambda value: (
            float(value)
            if isinstance(value, decimal.Decimal)
            else value.isoformat()
            if hasattr(value, "isoformat")
            else str(value)
        ),
    )"""
_AS_SAID = "; dates as ISO 8601 writes them, decimals as numbers"

PHRASES = (
    Phrase(
        _SAVE.format(shape="frame"),
        _DUMP.replace("{what}", '{source}.astype(object).where({source}.notna(), None).to_dict("records")'),
        "save dataframe to customers.json",
        "writes a data frame to a JSON file, one object a row" + _AS_SAID,
    ),
    Phrase(
        _SAVE.format(shape="rows"),
        _DUMP.replace("{what}", "[dict(zip({source}.columns, row)) for row in {source}]"),
        "save results to customers.json",
        "writes a query's rows to a JSON file, one object a row" + _AS_SAID,
    ),
    Phrase(
        _SAVE.format(shape="list records mapping"),
        _DUMP.replace("{what}", "{source}"),
        "save settings to settings.json",
        "writes a list or a dictionary to a JSON file" + _AS_SAID,
    ),
    Phrase(
        "(read|load|open|import) [the] [json] [file] {path:path json} [(into|as|to) {new:newname}]",
        'import json\n\nwith open({path}, encoding="utf-8") as file:\n    {new|data} = json.load(file)',
        "read settings.json into settings",
        "reads a JSON file",
        "{new|data}",
    ),
    Phrase(
        "parse [the] json [(of|in|text)] {text:text} [(into|as|called) {new:newname}]",
        "import json\n\n{new|data} = json.loads({text})",
        'parse json \'{"name": "Alice"}\'',
        "reads JSON from a text",
        "{new|data}",
    ),
)
