"""Phrases over files and folders."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

_FOLDER = "{folder:path folder}"
_INTO = "[(into|as|called) {new:newname}]"
_PATH = "import pathlib\n\n"
_APPEND = """\
with open({path}, "ab+") as file:
    if file.tell() > 0:
        file.seek(-1, 2)
        if file.read() != b"\\n":
            file.write(b"\\n")
    file.write(({text}.removesuffix("\\n") + "\\n").encode())"""

PHRASES = (
    Phrase(
        f"list [all] [the] files [(in|of) [the] [(folder|directory)] {_FOLDER}] {_INTO}",
        _PATH + '{new|result} = sorted(path.name for path in pathlib.Path({folder|"."}).iterdir() if path.is_file())',
        "list files in folder reports",
        "the names of the files in a folder",
        "{new|result}",
    ),
    Phrase(
        "(check whether|check if|does) [the] file {path:path} (exists|exist) [(into|as|called) {new:newname}]",
        _PATH + "{new|result} = pathlib.Path({path}).exists()",
        "check whether file notes.txt exists",
        "whether there is such a file",
        "{new|result}",
    ),
    Phrase(
        f"(create|make) [(a|the)] [new] (folder|directory) {_FOLDER}",
        _PATH + "pathlib.Path({folder}).mkdir(parents=True, exist_ok=True)",
        "create folder reports",
        "makes a folder where it is not there yet",
    ),
    Phrase(
        "(delete|remove) [the] file {path:path}",
        _PATH + "pathlib.Path({path}).unlink()",
        "delete file notes.txt",
        "deletes a file",
    ),
    Phrase(
        "copy [the] [file] {path:path} to {target:path}",
        "import shutil\n\nshutil.copy2({path}, {target})",
        "copy file notes.txt to notes.bak",
        "copies a file",
    ),
    Phrase(
        "(move|rename) [the] [file] {path:path} to {target:path}",
        "import shutil\n\nshutil.move({path}, {target})",
        "move file notes.txt to old.txt",
        "moves or renames a file",
    ),
    Phrase(
        "read [the] [text] [(of|from)] [the] [file] {path:path txt md log} [(into|as|called) {new:newname}]",
        _PATH + '{new|text} = pathlib.Path({path}).read_text(encoding="utf-8")',
        "read file notes.txt",
        "reads a text file",
        "{new|text}",
    ),
    Phrase(
        "(write|save) {text:text} (to|into) [the] [file] {path:path txt md log}",
        'with open({path}, "w", encoding="utf-8") as file:\n    file.write({text}.removesuffix("\\n") + "\\n")',
        'write "hello" to file notes.txt',
        "writes a text file, whose last line ends as the others do",
    ),
    Phrase(
        "append {text:text} to [the] [file] {path:path txt md log}",
        _APPEND,
        'append "more" to file notes.txt',
        "adds a line of its own to a text file",
    ),
    Phrase(
        "(show|get) [the] size of [the] file {path:path} [(into|as|called) {new:newname}]",
        _PATH + "{new|result} = pathlib.Path({path}).stat().st_size",
        "show the size of file notes.txt",
        "a file's size in bytes",
        "{new|result}",
    ),
)
