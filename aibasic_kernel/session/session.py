"""One conversation with AIBasic: a namespace, the configured services, and the run loop that every face drives."""

from __future__ import annotations

import os
from collections.abc import Collection, Generator, Iterator, Mapping, MutableMapping
from pathlib import Path
from types import ModuleType
from typing import Any

from aibasic.modules import config as configuration_file
from aibasic.modules.base import Module

from aibasic_kernel.compiler import shapes
from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.compiler import Compiler
from aibasic_kernel.compiler.configuration.rules import ConfigurationRules
from aibasic_kernel.compiler.configuration.settings import SECTION, Settings, load_settings
from aibasic_kernel.compiler.privacy.redaction import Redactor
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.task_types import extra_with, known_words, resolve
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language import is_complete, parse
from aibasic_kernel.language.instruction import Instruction, Sentence
from aibasic_kernel.session.advice import Advisor
from aibasic_kernel.session.asking import Asker, nobody
from aibasic_kernel.session.context import Context
from aibasic_kernel.session.editing import Editing
from aibasic_kernel.session.explaining.ran import Ran
from aibasic_kernel.session.gating.confirmation import Edited
from aibasic_kernel.session.gating.gate import Gate
from aibasic_kernel.session.helpers import lent
from aibasic_kernel.session.hints import hints
from aibasic_kernel.session.line import Code, Line
from aibasic_kernel.session.messages import Note
from aibasic_kernel.session.names import UserNames
from aibasic_kernel.session.program.memory import Program
from aibasic_kernel.session.recording import Recording
from aibasic_kernel.session.rename import renamed
from aibasic_kernel.session.running.runner import Runner
from aibasic_kernel.session.sentences import Sentences
from aibasic_kernel.session.services.known_secrets import KnownSecrets
from aibasic_kernel.session.services.services import ConfiguredService, Services
from aibasic_kernel.session.steps import Execute, Outcome, Show, Step
from aibasic_kernel.session.trusting import Trusting

CONFIG_FILE = "aibasic.conf"


def _without_mark(text: str) -> str:
    """`text` without the mark of byte order that some editors put in front of it."""
    return text.removeprefix("\ufeff")


def _name_extra(error: BaseException) -> None:
    """Say with which extra a library comes that a compiled line misses."""
    if isinstance(error, ModuleNotFoundError) and error.name and "pip install" not in error.msg:
        extra = extra_with(error.name.partition(".")[0])
        if extra:
            error.msg = f"{error.msg}\n  pip install 'aibasic-kernel[{extra}]'"


class Session:
    """The state that lives across cells, and `run`, the one way to run text in it.

    `names` is the namespace in which everything runs; what stands in it now (IPython's own names, say) is not
    the user's and is never described; where the user was there before, `hidden` names that alone. `ask` puts questions
    to the user.
    """

    def __init__(
        self,
        names: MutableMapping[str, Any],
        environ: Mapping[str, str] = os.environ,
        ask: Asker = nobody,
        hidden: Collection[str] | None = None,
    ) -> None:
        self.names = names
        self.environ = environ
        self.ask = ask
        self.last_output: str | None = None
        self.last_line: Line | None = None
        self.lines: dict[int, Line] = {}
        """The compiled lines by number, for CODE and FORGET."""
        self.ran = Ran()
        self.program = Program()
        self.immediate = True
        """Whether a numbered line typed at a prompt runs at once, or is only remembered."""
        self._start_folder = Path.cwd()
        self._not_users = {name: names[name] for name in (names if hidden is None else hidden) if name in names}
        self.user_names = UserNames(names, self._not_users, lambda: self._services.variables)
        """The user's variables, live."""
        self._services = Services()
        self._known: tuple[str, Settings] | None = None
        self._secrets = KnownSecrets()
        self.rules = ConfigurationRules(environ)
        self.trusting = Trusting(self)
        self.advisor = Advisor(lambda section: self._services.get(section))
        self.gate = Gate(self)
        self.recording = Recording(self, self._start_folder)
        self._sentences = Sentences(self)
        self.editing = Editing(self)
        self.runner = Runner(self)
        self._compiler: Compiler | None = None
        self._unreadable: Exception | None = None
        self._code_texts: set[str] = set()
        self._unshown = ""
        """The variable that holds a result of this cell which nobody has seen yet."""
        if "context" not in names:
            names["context"] = self._not_users["context"] = Context(self.describe)

    # What exists -----------------------------------------------------------------------------------------------------

    @property
    def compiler(self) -> Compiler:
        """The compiler, for the configuration as it was read last. Raises what made it unreadable."""
        if self._unreadable is not None:
            raise self._unreadable
        if self._compiler is None:
            self.read_configuration()
        assert self._compiler is not None
        return self._compiler

    @property
    def settings(self) -> Settings:
        """The `[aibasic]` settings as they were read last."""
        return self.compiler.settings

    @property
    def services(self) -> Services:
        """The configured services as they were read last."""
        if self._compiler is None:
            self.read_configuration()
        return self._services

    @property
    def service_variables(self) -> Collection[str]:
        """The variables of the services that are known so far."""
        return self._services.variables

    def read_configuration(self) -> None:
        """Take the configuration as it is now; done once a cell, so that an edited file or variable counts at once.

        Raises ValueError for a file that cannot be read, AIBasicError for a setting that makes no sense.
        """
        self._secrets.look(CONFIG_FILE)
        configuration_file.oversee(self.rules)
        configuration = configuration_file.load(CONFIG_FILE)
        settings = load_settings(configuration, self.rules.environment, self.rules.set_here.get(SECTION))
        known = (configuration.fingerprint, settings)
        if known == self._known:
            return
        found = []
        for section in configuration.sections():
            task = resolve(section.partition(":")[0])
            if task is not None and task.module_class is not None:
                found.append(ConfiguredService(section, task.module_class, CONFIG_FILE, self.names))
        self._services = Services(found)
        if self._compiler is None:
            self._compiler = Compiler(settings, self._secrets.redactor, self._start_folder, self.environ)
        else:
            self._compiler.configure(settings)
        self._known = known

    @property
    def sentences(self) -> Sentences:
        """What compiles and runs the sentences."""
        return self._sentences

    def describe(self) -> dict[str, str]:
        """What `context` says: each name with its description, and `last_output`."""
        found: dict[str, str] = {}
        for service in self._services.values():
            if isinstance(value := self.names.get(service.variable), Module):
                found[service.variable] = ", ".join(filter(None, (shapes.describe(value), value.state())))
        if self.last_output is not None:
            found["last_output"] = self.last_output
        found.update({name: shapes.describe(value) for name, value in self.user_names.items()})
        return found

    def scope(self, cell: tuple[str, ...] = ()) -> Scope:
        """What the compiler may know at this moment."""
        return Scope(self.user_names, self.last_output, self.services, cell, self._code_texts)

    # Running ---------------------------------------------------------------------------------------------------------

    def parse(self, text: str, also: Collection[str] = ()) -> tuple[Instruction, ...]:
        """The instructions of a text, as things stand; with `also` for names that there will be. Raises ParseError."""
        return parse(_without_mark(text), self._parser_names().union(also), tasks=known_words())

    def _parsed(self, text: str) -> tuple[Instruction, ...]:
        """The instructions of a cell that is to run."""
        try:
            return self.parse(text)
        except AIBasicError as error:
            self.ran.refused(error)
            raise

    def is_complete(self, text: str) -> tuple[str, str]:
        """Jupyter's verdict on an input: `complete`, `incomplete` or `invalid`, and the indent of a next line."""
        return is_complete(_without_mark(text), self._parser_names(), tasks=known_words())

    def _parser_names(self) -> set[str]:
        """The names that make a bare word Python."""
        leave = {"exit", "quit"} & self.names.keys()
        return {"context", "last_output", *leave, *self.user_names, *self._services.variables}

    def redact(self, text: str) -> str:
        """`text` without any secret of the configuration or of its services."""
        return self.redactor.clean(text)

    @property
    def redactor(self) -> Redactor:
        """What hides the secrets of the configuration, read or not, and of its services."""
        return self._secrets.redactor

    def run(self, text: str, cell: str = "", label: str = "") -> Generator[Step, Outcome | None, None]:
        """Run a cell line by line. Raises ParseError before anything ran, LineError where a line failed.

        `cell` is the key of the cell that the text stands in ("" for one of its own), `label` what people know it by.
        """
        self._look_at_configuration()
        edited = self.editing.read(text)
        instructions = edited or self._parsed(text)
        if self.editing.is_of_another_session(text):
            yield Show(Note("this cell was made by EDIT in another session: it runs as Python, and is not kept"))
        has_sentences = any(isinstance(instruction, Sentence) for instruction in instructions)
        self._unshown = ""
        for note in (*self.take_notes(), *(self._untold_costs() if has_sentences else ())):
            yield Show(Note(note))
        try:
            yield from self.runner.aside(edited) if edited else self.runner.cell(instructions, cell, label)
        except AIBasicError as error:
            self.ran.refused(error)
            raise
        finally:
            self._sentences.foretelling.end()
        yield from self.show_pending()
        for note in self.take_notes():
            yield Show(Note(note))

    def told_of_failure(self, line: Line, error: BaseException) -> Iterator[Step]:
        """Say what there is to say of a line that failed, beside its error."""
        _name_extra(error)
        ended = self.end_transactions() if isinstance(error, KeyboardInterrupt) else []
        meant = self._hints(line, error)
        self.ran.hinted(meant)
        for note in (*ended, *meant, *self._untold_costs()):
            yield Show(Note(note))
        if isinstance(error, Edited):
            yield Show(self.editing.next_input(line))

    def _look_at_configuration(self) -> None:
        """Read the configuration anew. What is wrong with it concerns sentences and commands; Python runs."""
        self._unreadable = None
        try:
            self.read_configuration()
        except FileNotFoundError:
            gone = "the working folder is not there any more"
            self._unreadable = AIBasicError(gone, "go to another one: import os; os.chdir('...')")
        except (AIBasicError, OSError, ValueError, LookupError) as error:
            self._unreadable = error
        self._services.new_cell()
        self.advisor.new_cell()
        self.trusting.new_cell()

    def _hints(self, line: Line, error: BaseException) -> list[str]:
        """What a line that failed may have meant."""
        return hints(self.compiler, line, self.scope(), error) if self._unreadable is None else []

    def take_notes(self) -> list[str]:
        """What there is to tell beside the lines, and was not told yet."""
        notes = self._compiler.take_notes() if self._compiler is not None and self._unreadable is None else []
        return [*notes, *self._secrets.take_notes(), *self.recording.take_notes()]

    def _untold_costs(self) -> list[str]:
        return self._compiler.untold_costs() if self._compiler is not None else []

    def run_typed(self, line: Line, python: str) -> Generator[Step, Outcome | None, None]:
        """Run Python that the user typed."""
        code = line.load(python, typed=True)
        yield from self.show_pending(code.loads)
        yield from self.execute(line)

    def load(self, line: Line, compilation: Compilation) -> Code:
        """Make the compilation the line's code; it never binds a service's variable over the user's own value."""
        python = compilation.python
        for class_name, default, variable in self.services.moved():
            python = renamed(python, class_name, default, variable)
        # A model that declares no result means none, whatever its last call returns (`write_text` counts characters).
        quiet = line.origin == "model" and not compilation.result and not line.is_expression
        return line.load(python, quiet=quiet, only=compilation.result if line.origin == "phrase" else None)

    def execute(self, line: Line, result: str = "") -> Generator[Step, Outcome | None, None]:
        """Run the line's code and take note of what it made; `result` is the name that its compilation declares."""
        code = line.code
        assert code is not None
        self._code_texts |= code.texts
        yield from self._bind(code)
        with lent(self.names, code.helpers):
            outcome = yield Execute(line)
        assert outcome is not None
        made = self.observe(code, outcome.result(), result)
        if made and not line.typed:  # typed Python shows what Python shows
            self._unshown = made if self._is_asked_for(made, line, result) else ""

    def evaluate(self, line: Line) -> Generator[Step, Outcome | None, None]:
        """Run the line's code, an expression, for its value alone."""
        assert line.code is not None
        yield from self._bind(line.code)
        outcome = yield Execute(line, shown=False)
        assert outcome is not None
        line.value = outcome.result()

    def _bind(self, code: Code) -> Iterator[Step]:
        """Make the services that the code reads."""
        for name in self._services.bind(self.names, code.loads):
            yield Show(Note(f"{name.removesuffix('_aibasic')} is a variable of yours, so the service is called {name}"))

    @property
    def has_unshown(self) -> bool:
        """Whether a result waits to be shown, unless the next line goes on from it."""
        return bool(self._unshown)

    def _is_asked_for(self, name: str, line: Line, declared: str) -> bool:
        """Whether a result is to be shown: what a model declares; of a phrase, a table or a value it does not name.

        The phrase `count the flights` asks for the number; `set x to 5`, `count the flights into n` put it away.
        """
        value = self.names[name]
        if line.origin != "phrase" and name != declared:
            return False
        if hasattr(value, "_repr_html_"):
            return True
        is_picture = type(value).__module__.startswith("matplotlib.")
        is_unanswered = value is None and (line.origin != "phrase" or name != declared)
        if is_picture or is_unanswered or isinstance(value, ModuleType):
            return False
        return line.origin != "phrase" or name not in line.words

    def observe(self, code: Code, value: object, result: str = "") -> str:
        """Set `last_output` after code ran and gave `value`. The name of a new result that was not its value, else "".

        It is the declared `result`, else the value of the last expression, else the newest name that was bound.
        """
        bound = (name for name in reversed(code.stores) if name in self.names and not name.startswith("_"))
        if result and result in self.names:
            name: str | None = result
        elif value is not None:
            name = code.value_name or "last_output"
        else:
            name = next(bound, None)
        if name is None:
            return ""
        newest = value if name == "last_output" else self.names[name]
        if isinstance(newest, Module) or newest is self.names.get("context"):
            return ""
        self.last_output = name
        self.names["last_output"] = newest
        self.user_names.last_output_counts = name == "last_output"
        return "" if newest is value is not None else name

    def show_pending(self, loads: Collection[str] = ()) -> Iterator[Step]:
        """Show the result that the line before made, unless the line that comes now reads it and so goes on from it.

        A line that reads and prints shows it in its own way.
        """
        if self._unshown in loads and "print" in loads:
            self._unshown = ""
        if self._unshown and self._unshown not in loads and self._unshown in self.names:
            name, self._unshown = self._unshown, ""
            value = self.names[name]
            yield Show(Note(f"{name} is None: nothing was found") if value is None else value)

    def end_transactions(self) -> list[str]:
        """End what is open on each connection, and say so."""
        modules = {id(value): value for value in list(self.names.values()) if isinstance(value, Module)}
        return [said for module in modules.values() if (said := module.end_transaction())]

    def close(self) -> None:
        """End the session: what is open on a connection is ended, the modules are closed."""
        self.gate.close()
        configuration_file.end_oversight(self.rules)
        for value in list(self.names.values()):
            if isinstance(value, Module):
                value.close()
        if self._compiler is not None:
            self._compiler.close()
