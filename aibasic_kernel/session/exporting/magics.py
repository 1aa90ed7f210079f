"""IPython's lines as plain Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language.instruction import Magic
from aibasic_kernel.language.magics import cell_magic
from aibasic_kernel.language.structure import place_of

_ASSIGNED = re.compile(r"(?P<names>[^\W\d][\w.]*(?:\s*,\s*[^\W\d]\w*)*)\s*=\s*(?P<rest>[!%].*)", re.DOTALL)
_VALUE = re.compile(r"(?<!\\)\$([^\W\d]\w*)|\{([^{}]+)\}")
_OF_THE_NOTEBOOK = frozenset({
    "autoreload", "autosave", "colors", "config", "load_ext", "matplotlib", "pip", "conda", "pprint", "precision",
    "pylab", "reload_ext", "unload_ext", "who", "whos", "xmode",
})  # fmt: skip
"""Magics that set up a notebook: a program has no use for them."""


def python_of_magic(magic: Magic) -> tuple[str, tuple[str, ...]]:
    """The Python for a line of IPython's, "" where a program needs none, and comments over it. Raises AIBasicError."""
    text = magic.text.strip()
    if text.startswith("?") or text.endswith("?"):
        return "", (f"{text}: help of the notebook",)
    if assigned := _ASSIGNED.fullmatch(text):
        command = assigned["rest"]
        if command.startswith("!"):
            return f"import subprocess\n\n{assigned['names']} = {_run(command[1:])}.stdout.splitlines()", ()
    elif text.startswith("!"):
        return f"import subprocess\n\nsubprocess.run({_command(text.lstrip('!'))}, shell=True);", ()
    elif text.startswith("%%"):
        name, body = cell_magic(text)
        if found := _CELLS.get(name):
            return found(text.partition("\n")[0][2 + len(name) :].strip(), body.removeprefix("\n")), (f"%%{name}",)
    elif text.startswith("%"):
        name, _, rest = text[1:].partition(" ")
        if name in _OF_THE_NOTEBOOK:
            return "", (f"{text}: for the notebook",)
        if name in _LINES:
            return _LINES[name](rest.strip()), ()
    raise AIBasicError(
        f"{place_of(magic)}: {text.splitlines()[0]} has no meaning in plain Python",
        "write it in Python or English, or keep it in a notebook of its own",
    )


def _run(command: str) -> str:
    return f"subprocess.run({_command(command)}, shell=True, stdout=subprocess.PIPE, text=True)"


def _command(command: str) -> str:
    """A shell command as a literal; `{x}` and `$x` in it are values."""
    command = command.strip()
    if not _VALUE.search(command):
        return _literal(command.replace("{{", "{").replace("}}", "}"))
    filled = _VALUE.sub(lambda found: "{" + (found[1] or found[2]) + "}", command)
    return "f" + _literal(filled)


def _literal(text: str) -> str:
    plain = repr(text)
    return plain if '"' in text or plain[0] == '"' else f'"{plain[1:-1]}"'


def _timed(rest: str, body: str = "") -> str:
    """What is timed, without the time: that is told beside the results."""
    code = body or rest
    try:
        ast.parse(code)
    except SyntaxError:
        raise AIBasicError("a magic that times a sentence cannot be exported", "leave out %time") from None
    return code


def _environment(rest: str) -> str:
    name, equals, value = rest.partition("=")
    if not equals:
        name, _, value = rest.partition(" ")
    return f"import os\n\nos.environ[{_literal(name.strip())}] = {_literal(value.strip())}"


_LINES: Mapping[str, Callable[[str], str]] = {
    "cd": lambda rest: f"import os\n\nos.chdir({_literal(rest.strip(chr(34) + chr(39)))})",
    "env": _environment,
    "pwd": lambda rest: "import os\n\nos.getcwd()",
    "run": lambda rest: f"import runpy\n\nglobals().update(runpy.run_path({_literal(rest)}))",
    "set_env": _environment,
    "time": _timed,
}
_CELLS: Mapping[str, Callable[[str, str], str]] = {
    "bash": lambda rest, body: f"import subprocess\n\nsubprocess.run(['bash', '-c', {body!r}]);",
    "sh": lambda rest, body: f"import subprocess\n\nsubprocess.run(['sh', '-c', {body!r}]);",
    "time": _timed,
    "writefile": lambda rest, body: f"from pathlib import Path\n\nPath({_literal(rest)}).write_text({body!r});",
}
