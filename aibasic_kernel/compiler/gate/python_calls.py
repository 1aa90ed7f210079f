"""What the calls of Python's own functions do, by their dotted names: files, programs, code that is made as it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from aibasic.modules.effects import Kind

from aibasic_kernel.compiler.gate import files
from aibasic_kernel.compiler.gate.consequence import Consequence
from aibasic_kernel.compiler.gate.programs import judge_program
from aibasic_kernel.compiler.gate.values import UNKNOWN, Holed, Made, Named, is_constant


@dataclass(frozen=True)
class Call:
    """A call with arguments that are known or UNKNOWN. `judge_code` judges Python that it would run."""

    name: str
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]
    judge_code: Callable[[str], tuple[Consequence, ...]]
    uses_temporary: bool = False
    """Whether the code makes temporary files, of which an unknown path may be one."""

    def argument(self, at: int, *names: str) -> Any:
        """An argument by position or by name; UNKNOWN where it is not given."""
        for name in names:
            if name in self.keywords:
                return self.keywords[name]
        return self.arguments[at] if at < len(self.arguments) else UNKNOWN


Judge = Callable[[Call], Iterator[Consequence]]


def _removes(what: str) -> Judge:
    def judge(call: Call) -> Iterator[Consequence]:
        path = call.argument(0, "path")
        known = is_constant(path)
        if not files.is_temporary(path) if known else not call.uses_temporary:
            yield files.removes(path, what)

    return judge


def _overwrites(at: int, *names: str) -> Judge:
    def judge(call: Call) -> Iterator[Consequence]:
        if (found := files.overwrites(call.argument(at, *names))) is not None:
            yield found

    return judge


def _opens(call: Call) -> Iterator[Consequence]:
    yield from opened(call.argument(0, "file", "name"), call.argument(1, "mode"))


def opened(path: Any, mode: Any) -> Iterator[Consequence]:
    """What comes of opening a file in a mode."""
    letters = mode if isinstance(mode, str) else "r"
    judge = files.appends if "a" in letters else files.overwrites if set(letters) & set("w+") else None
    if judge is not None and (found := judge(path)) is not None:
        yield found


def _opens_by_flags(call: Call) -> Iterator[Consequence]:
    if call.argument(1, "flags") not in (0, Named("os.O_RDONLY")):
        yield from opened(call.argument(0, "path"), "w")


def _moves(call: Call) -> Iterator[Consequence]:
    for found in (files.moves(call.argument(0, "src")), files.overwrites(call.argument(1, "dst"))):
        if found is not None:
            yield found


def _runs(call: Call) -> Iterator[Consequence]:
    command = call.argument(0, "args", "command", "cmd")
    parts = call.arguments if call.name.endswith(("create_subprocess_exec", "spawnlp", "execlp", "execl")) else command
    if isinstance(parts, tuple | list):
        found = judge_program([part if isinstance(part, str | bytes | PurePath) else "…" for part in parts])
    elif isinstance(parts, str | bytes | PurePath):
        found = judge_program(str(parts) if isinstance(parts, PurePath) else parts)
    elif isinstance(parts, Holed):
        found = Consequence(Kind.STATEMENT, f"runs the program {'…'.join(parts.pieces)}")
    else:
        found = Consequence(Kind.STATEMENT, "runs another program")
    if found is not None:
        yield found


def _runs_code(call: Call) -> Iterator[Consequence]:
    code = call.argument(0, "source", "stmt")
    text = code.decode(errors="replace") if isinstance(code, bytes) else code
    if isinstance(text, str):
        yield from call.judge_code(text)
    elif not (isinstance(code, Made) and code.by == "builtins.compile"):
        name = call.name.rpartition(".")[2]
        yield Consequence(Kind.STATEMENT, f"runs code that is only known as it runs ({name})")


def _imports(call: Call) -> Iterator[Consequence]:
    if not isinstance(call.argument(0, "name"), str):
        yield Consequence(Kind.STATEMENT, "imports a library whose name is only known as it runs")


def _unpickles(call: Call) -> Iterator[Consequence]:
    """A file of the working folder is the user's own; what is in other pickles may run anything."""
    source = call.argument(0, "file", "filepath_or_buffer", "filename", "f")
    if isinstance(source, Made) and source.by in ("pickle.dumps", "dill.dumps", "marshal.dumps"):
        return
    path = source.arguments[0] if isinstance(source, Made) and source.arguments else source
    is_file = isinstance(path, str | PurePath) and not str(path).startswith(("/", "~", "..")) and "://" not in str(path)
    if not is_file or (isinstance(source, Made) and source.by not in _OPENING):
        yield Consequence(Kind.STATEMENT, "loads a pickle, which may run any code")


def _says(kind: Kind, words: str) -> Judge:
    def judge(call: Call) -> Iterator[Consequence]:
        yield Consequence(kind, words)

    return judge


_OPENING = frozenset({"builtins.open", "io.open", "gzip.open", "bz2.open", "lzma.open", "codecs.open"})
_PROGRAMS = frozenset(
    [
        *(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen", "getoutput",
                                            "getstatusoutput")),
        *("os.system", "os.popen", "os.startfile", "pty.spawn", "asyncio.create_subprocess_shell",
          "asyncio.create_subprocess_exec", "asyncio.subprocess.create_subprocess_shell", "posix.system"),
        *(f"os.{name}" for name in ("execl", "execle", "execlp", "execv", "execve", "execvp", "posix_spawn",
                                    "posix_spawnp", "spawnl", "spawnlp", "spawnv", "spawnvp")),
    ]
)  # fmt: skip
_MACHINE_CODE = ("ctypes.", "_ctypes.", "cffi.")
_OF_THE_GATE = ("aibasic_kernel", "aibasic.modules.effects", "sys.addaudithook", "sys.settrace", "sys.setprofile")
_CALLS: dict[str, Judge] = {
    **dict.fromkeys(("os.remove", "os.unlink", "posix.remove", "posix.unlink"), _removes("file")),
    **dict.fromkeys(("shutil.rmtree", "os.rmdir", "os.removedirs"), _removes("folder")),
    **dict.fromkeys(_OPENING, _opens),
    **dict.fromkeys(("zipfile.ZipFile", "tarfile.open"), _opens),
    **dict.fromkeys(("pathlib.Path.unlink", "pathlib.PosixPath.unlink"), _removes("file")),
    "pathlib.Path.rmdir": _removes("folder"),
    **dict.fromkeys(("shutil.copy", "shutil.copy2", "shutil.copyfile"), _overwrites(1, "dst")),
    **dict.fromkeys(("shutil.move", "os.rename", "os.replace"), _moves),
    "os.open": _opens_by_flags,
    **dict.fromkeys(("numpy.save", "numpy.savetxt", "numpy.savez", "os.truncate"), _overwrites(0, "file", "fname")),
    **dict.fromkeys(("matplotlib.pyplot.savefig", "matplotlib.pyplot.imsave"), _overwrites(0, "fname")),
    "urllib.request.urlretrieve": _overwrites(1, "filename"),
    **dict.fromkeys(_PROGRAMS, _runs),
    **dict.fromkeys(("builtins.eval", "builtins.exec", "builtins.compile", "timeit.timeit"), _runs_code),
    **dict.fromkeys(("builtins.__import__", "importlib.import_module", "importlib.__import__"), _imports),
    **dict.fromkeys(
        (
            *("pickle.load", "pickle.loads", "pickle.Unpickler", "dill.load", "dill.loads", "marshal.loads"),
            *("marshal.load", "joblib.load", "pandas.read_pickle", "torch.load", "cloudpickle.loads", "shelve.open"),
            *("cloudpickle.load", "_pickle.loads", "_pickle.load"),
        ),
        _unpickles,
    ),
    **dict.fromkeys(
        (
            *("types.FunctionType", "types.CodeType", "runpy.run_path", "runpy.run_module"),
            *("code.InteractiveInterpreter", "code.interact", "importlib.util.spec_from_file_location"),
            *("importlib.machinery.SourceFileLoader", "importlib.reload"),
        ),
        _says(Kind.STATEMENT, "runs code that is not shown"),
    ),
    "builtins.computed": _says(Kind.STATEMENT, "calls a function whose name is only known as it runs"),
    **dict.fromkeys(("os.kill", "os.killpg"), _says(Kind.DESTRUCTIVE, "ends a process")),
    **dict.fromkeys(("os._exit", "os.abort"), _says(Kind.DESTRUCTIVE, "ends this process at once")),
}  # fmt: skip


def judge_call(call: Call) -> Iterator[Consequence]:
    """What the call of a function does that is named by its library."""
    if call.name.startswith(_MACHINE_CODE):
        yield Consequence(Kind.STATEMENT, "calls machine code, which cannot be judged")
    elif call.name.startswith(_OF_THE_GATE):
        yield Consequence(Kind.STATEMENT, "reaches into what watches over it")
    elif call.name in _CALLS:
        yield from _CALLS[call.name](call)


def is_judged(name: str) -> bool:
    """Whether a call of the function of this name may do harm, so that handing it to others may too."""
    return (name in _CALLS and name not in _OPENING) or name.startswith((*_MACHINE_CODE, *_OF_THE_GATE))
