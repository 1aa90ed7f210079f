"""The direct commands: one function each, from a session and an argument to what is shown."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING

from aibasic_kernel.compiler.phrasing.match import phrases_for
from aibasic_kernel.compiler.task_types import resolve, task_types
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language import COMMANDS
from aibasic_kernel.language.control_flow_told import FLOW_FORMS, FLOW_TOPICS, FlowForm
from aibasic_kernel.language.instruction import Command, Sentence
from aibasic_kernel.session.again import again, read_argument
from aibasic_kernel.session.context_command import show_context
from aibasic_kernel.session.cost import show_cost
from aibasic_kernel.session.explaining.command import explain
from aibasic_kernel.session.line import Line
from aibasic_kernel.session.messages import PRODUCTION, Listing, Note
from aibasic_kernel.session.program.clearing import clear
from aibasic_kernel.session.program.deleting import delete
from aibasic_kernel.session.program.listing import show_program
from aibasic_kernel.session.program.loading import load
from aibasic_kernel.session.program.renumbering import renumber
from aibasic_kernel.session.program.saving import save
from aibasic_kernel.session.program.switching import switch_immediate
from aibasic_kernel.session.running import commands as running
from aibasic_kernel.session.set_command import set_value
from aibasic_kernel.session.settings_shown import KEYS, described
from aibasic_kernel.session.steps import Outcome, Show, Step

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session

Steps = Generator[Step, Outcome | None, None]
Handler = Callable[["Session", str], Iterator[object]]
"""Yields what is to be shown."""
Runner = Callable[["Session", str], Steps]


def run(session: Session, command: Command) -> Steps:
    """Carry out a command."""
    if runner := RUNNERS.get(command.name):
        yield from runner(session, command.argument)
        return
    handler = HANDLERS.get(command.name)
    if handler is None:
        raise AIBasicError(
            f"{command.name} is a command of the language that this version does not carry out",
            f"it knows: {', '.join(NAMES)}",
        )
    for thing in handler(session, command.argument):
        yield Show(thing)


def show_modules(session: Session, argument: str) -> Iterator[object]:
    """MODULES: the configured services, and how each stands."""
    rows = []
    for service in session.services.values():
        module = session.names.get(service.variable)
        if session.services.is_outdated(service.section):
            state = f"{service.module_class.__name__}, closed or edited since: the next line that uses it connects anew"
        elif isinstance(module, service.module_class):
            state = session.describe()[service.variable]
        else:
            state = f"{service.module_class.__name__}, not used yet"
        marks = [PRODUCTION] * session.settings.is_production(service.section)
        marks += ["READONLY"] * session.settings.is_read_only(service.section)
        rows.append("  ".join([service.section, service.variable, state, *marks]))
    yield Note(
        "\n".join(rows) or "no service is configured: `aibasic new NAME` writes an aibasic.conf that has them all"
    )


def show_phrases(session: Session, argument: str) -> Iterator[object]:
    """PHRASES [task]: the sentence forms that need no model."""
    if argument and resolve(argument) is None:
        raise AIBasicError(f"there is no task type {argument!r}", f"there are: {', '.join(task_types())}")
    for name, task in task_types().items():
        if argument and task is not resolve(argument):
            continue
        found = phrases_for(name)
        if found:
            lines = [f"{phrase.example}\n    {phrase.does}: {phrase.form}" for phrase in found]
            yield Listing(f"({name}) {len(found)} phrases", "\n".join(lines), open=bool(argument))


def show_code(session: Session, argument: str) -> Iterator[object]:
    """CODE [N]: the Python of a line."""
    line = _line(session, argument)
    yield Listing(line.sentence, line.python.rstrip("\n"), open=True)


def forget(session: Session, argument: str) -> Iterator[object]:
    """FORGET [N]: drop what a line was compiled to, so that it is compiled anew."""
    line = _line(session, argument)
    assert isinstance(line.instruction, Sentence)
    count = session.compiler.forget(line.instruction)
    session.runner.forget(line.instruction)
    yield Note(f"forgotten: {line.sentence} ({count} in the lock); run it again to compile it anew")


def edit(session: Session, argument: str) -> Iterator[object]:
    """EDIT [N]: take a line's Python into the user's own hands; to run that keeps it."""
    yield session.editing.next_input(_line(session, argument))


def export(session: Session, argument: str) -> Iterator[object]:
    """EXPORT "file.py": write the program as plain Python; what does that is loaded only here."""
    from aibasic_kernel.session.exporting.command import export as exported

    return exported(session, argument)


def compile_again(session: Session, argument: str) -> Steps:
    """AGAIN [N] ["what was wrong"]: compile a line anew, show what changed, and run it."""
    number, remark = read_argument(argument)
    return again(session, _line(session, number), remark)


def trust(session: Session, argument: str) -> Iterator[object]:
    """TRUST: read what is new in the lock, and say what of it may run."""
    return session.trusting.command()


def show_help(session: Session, argument: str) -> Iterator[object]:
    """HELP [topic]: what a line may be, or what one command, form of control flow, task type or setting is."""
    topic = " ".join(argument.split())
    name, forms = topic.upper(), FLOW_TOPICS.get(topic.lower(), ())
    if name == "SET":
        yield Note("\n".join([_usage(name), *map(described, KEYS)]))
    elif forms or name in COMMANDS:
        yield Note("\n".join([*map(_flow, forms), *([_usage(name)] if name in COMMANDS else ())]))
    elif name in KEYS:
        yield Note(described(name))
    elif topic and resolve(topic) is not None:
        yield from show_phrases(session, topic)
    elif topic:
        raise AIBasicError(
            f"there is no help on {topic!r}",
            "HELP lists the commands and control flow, PHRASES the task types, HELP SET the settings",
        )
    else:
        yield Note("\n".join([_SENTENCES, *map(_flow, FLOW_FORMS), "or a command:", *map(_usage, NAMES)]))


_SENTENCES = "Write a sentence, with a line number or without, or Python, or control flow:"


def _usage(name: str) -> str:
    form = COMMANDS[name]
    return f"  {form.usage:<22} {form.help}"


def _flow(form: FlowForm) -> str:
    return f"  {form.usage:<34} {form.help}"


def _line(session: Session, argument: str) -> Line:
    """The compiled line of that number, or the newest one."""
    if not argument:
        if session.last_line is None:
            raise AIBasicError("no line has been compiled yet", "run a sentence first")
        return session.last_line
    line = session.lines.get(int(argument)) if argument.isdigit() else None
    if line is None:
        known = ", ".join(map(str, sorted(session.lines))) or "none"
        raise AIBasicError(f"no compiled line has the number {argument}", f"compiled lines: {known}")
    return line


HANDLERS: dict[str, Handler] = {
    "CODE": show_code,
    "CONTEXT": show_context,
    "COST": show_cost,
    "DELETE": delete,
    "EDIT": edit,
    "EXPORT": export,
    "FORGET": forget,
    "HELP": show_help,
    "IMMEDIATE": switch_immediate,
    "LIST": show_program,
    "LOAD": load,
    "MODULES": show_modules,
    "NEW": clear,
    "PHRASES": show_phrases,
    "RENUM": renumber,
    "SAVE": save,
    "SET": set_value,
    "STOP AT": running.stop_at,
    "TRACE": running.trace,
    "TRUST": trust,
}
RUNNERS: dict[str, Runner] = {
    "AGAIN": compile_again,
    "CONT": running.go_on,
    "EXPLAIN": explain,
    "RUN": running.run_program,
    "STEP": running.step,
}
"""Commands that ask a model or run code."""
NAMES = tuple(sorted({*HANDLERS, *RUNNERS}))
"""All that are carried out."""
