"""What a task type, a service's module and a method of it are: read from the class, so that nothing connects."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from aibasic.modules.base import Module

from aibasic_kernel.compiler.prompts.stubs import members, signature_text
from aibasic_kernel.compiler.scope import Scope, Service
from aibasic_kernel.compiler.task_types import TaskType
from aibasic_kernel.session.inspection.card import Block, Card, aligned, card, code, listed
from aibasic_kernel.session.inspection.examples import of_task

_MOST_EXAMPLES = 3
_PARAGRAPH = "\n\n"


def task_card(task: TaskType, scope: Scope) -> Card:
    """A task type: what serves it, the services that are configured for it, and sentences."""
    words = ", ".join(f"({word})" for word in task.other_words)
    services = [
        (f"[{service.section}]", f"as {service.variable}")
        for service in scope.services.values()
        if service.section.partition(":")[0] == task.name
    ]
    missing = f"no [{task.name}] section is configured: the aibasic.conf of `aibasic new NAME` shows one"
    return card(
        f"({task.name}): task type, {task.does}",
        f"written {words} too" if words else "",
        task.note,
        aligned("configured", services) if services else missing if task.module else "",
        code("its Python begins with", task.setup_code),
        f"{len(task.phrases)} phrases need no language model: PHRASES {task.name}" if task.phrases else "",
        of_task(task, scope),
    )


def module_card(service: Service, held: object) -> Card:
    """A service's module, whether it is connected or not: `held` is what stands under its variable."""
    cls = service.module_class
    live = held if isinstance(held, Module) else None
    return card(
        f"{service.variable}: {cls.__name__}, {cls.service} as [{service.section}] configures it",
        _doc(cls),
        _connection(live) if live is not None else "not used yet: the first line that uses it connects",
        listed("for example", (f"({service.section}) {phrase.example}" for phrase in cls.phrases[:_MOST_EXAMPLES])),
        listed("methods", _methods(cls)),
    )


def method_card(service: Service, name: str, *, source: bool = False) -> Card | None:
    """A public method or property of a service's module, with its source where that is wanted; None for no such one."""
    cls = service.module_class
    member = None if name.startswith("_") else inspect.getattr_static(cls, name, None)
    function = member.__func__ if isinstance(member, staticmethod | classmethod) else member
    if not inspect.isfunction(function) and not isinstance(function, property):
        return None
    call = "" if isinstance(function, property) else signature_text(function)
    using = [phrase for phrase in cls.phrases if f"{{module}}.{name}(" in phrase.python]
    return card(
        f"{service.variable}.{name}{call}",
        f"{'property' if not call else 'method'} of {cls.__name__}, {cls.service}",
        _doc(function),
        listed("sentences that use it", (f"({service.section}) {each.example}" for each in using[:_MOST_EXAMPLES])),
        code("source", _source(function)) if source else "",
    )


def _methods(cls: type[Module]) -> Iterator[str]:
    for name, member in members(cls):
        yield name if isinstance(member, property) else name + signature_text(member)
        if doc := _doc(member):
            yield f"    {' '.join(doc.partition(_PARAGRAPH)[0].split())}"


def _connection(module: Module) -> Block | str:
    """Where it is connected, and how the connection stands; a module tells no secret of it."""
    try:
        info = {**module.get_connection_info(), "state": module.state() or ("closed" if module.closed else "")}
    except Exception as error:  # whatever the driver raises of a connection that is lost
        return f"not connected: {error}"
    rows = [(str(key), str(value)) for key, value in info.items() if value not in ("", None)]
    return aligned("connection", rows) if rows else ""


def _doc(thing: object) -> str:
    return inspect.cleandoc(getattr(thing, "__doc__", None) or "")


def _source(function: object) -> str:
    getter = function.fget if isinstance(function, property) else function
    try:
        return inspect.cleandoc(inspect.getsource(getter))  # type: ignore[arg-type]
    except (OSError, TypeError):  # a class made without a file
        return ""
