"""Phrases over JSON files and texts."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

_SAVE = (
    "(save|write|export|store) [the] {{source:name {shape}}} (to|into|as|in) [(the|a)] [json] [file] {{path:path json}}"
)
_DUMP = """\
import json
import aibasic.modules.exports as exports

with open({path}, "w", encoding="utf-8") as file:
    json.dump({what}, file, indent=2, ensure_ascii=False)"""


def _dump(made: str, what: str) -> str:
    return _DUMP.replace("{what}", f"exports.{made}({what})")


_AS_SAID = "; dates as ISO 8601 writes them, decimals as numbers, bytes as base64"

PHRASES = (
    Phrase(
        _SAVE.format(shape="frame"),
        _dump(
            "records",
            "{source}.columns, "
            "{source}.astype(object).where({source}.notna(), None).itertuples(index=False, name=None)",
        ),
        "save dataframe to customers.json",
        "writes a data frame to a JSON file, one object a row" + _AS_SAID,
    ),
    Phrase(
        _SAVE.format(shape="rows"),
        _dump("records", "{source}.columns, {source}"),
        "save results to customers.json",
        "writes a query's rows to a JSON file, one object a row" + _AS_SAID,
    ),
    Phrase(
        _SAVE.format(shape="list records mapping"),
        _dump("plain", "{source}"),
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
        "(convert|turn|change) [the] {source:name list records mapping} (to|into) json [text] "
        "[(into|as|called) {new:newname}]",
        "import json\n\n{new|text} = json.dumps({source}, ensure_ascii=False)",
        "convert settings to json text",
        "writes a list or a dictionary as JSON in a text",
        "{new|text}",
    ),
    Phrase(
        "parse [the] json [(of|in|text)] {text:text} [(into|as|called) {new:newname}]",
        "import json\n\n{new|data} = json.loads({text})",
        'parse json \'{"name": "Alice"}\'',
        "reads JSON from a text",
        "{new|data}",
    ),
)
