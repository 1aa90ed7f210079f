"""A shell at a terminal, put together from its parts."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path

from aibasic_kernel import __version__
from aibasic_kernel.faces.repl.display import Above, Display
from aibasic_kernel.faces.repl.existing import Running, find
from aibasic_kernel.faces.repl.kernels import NAME, ExistingKernel, Kernel, OwnKernel
from aibasic_kernel.faces.repl.link import KernelLink
from aibasic_kernel.faces.repl.lock_place import lock_beside
from aibasic_kernel.faces.repl.pager import Pager
from aibasic_kernel.faces.repl.plain import LineReader, PlainPrompt
from aibasic_kernel.faces.repl.questions import Asker, PlainAsker, Questions, RichAsker
from aibasic_kernel.faces.repl.screen import Screen
from aibasic_kernel.faces.repl.shell import Prompt, Shell
from aibasic_kernel.faces.repl.unread_keys import EchoedKeys, UnreadKeys
from aibasic_kernel.faces.repl.view import SessionView

BANNER = f"AIBasic {__version__}  ·  HELP lists the commands, Ctrl-D leaves"
_BY_SIGNAL = 128
"""What shells add to the number of the signal that ended a command."""


def run_shell(given: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Run the shell until its user leaves; returns the exit code."""
    existing = None if given.existing is None else find(given.existing or None, _choose)
    return asyncio.run(_serve(given, environ, existing))


async def _serve(given: argparse.Namespace, environ: Mapping[str, str], existing: Path | None) -> int:
    def own_kernel() -> Kernel:
        added = {"JPY_SESSION_NAME": lock_beside(environ)}
        return OwnKernel(given.kernel or NAME, added | ({"AIBASIC_FROZEN": "true"} if given.frozen else {}))

    screen = Screen(sys.stdout, environ)
    shell = _shell(given, screen, own_kernel)
    screen.write_line(BANNER if existing is None else f"{BANNER}  ·  kernel {existing.name}")
    serving = asyncio.create_task(shell.run(ExistingKernel(existing) if existing is not None else own_kernel()))
    ended: list[int] = []

    def end(number: int) -> None:
        ended.append(number)
        serving.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, end, number)
    try:
        return await serving
    except asyncio.CancelledError:
        return _BY_SIGNAL + (ended[0] if ended else signal.SIGINT)
    finally:
        loop.add_signal_handler(signal.SIGINT, lambda: None)  # the kernel is given its time to end
        await shell.close()


def _shell(given: argparse.Namespace, screen: Screen, new_kernel: Callable[[], Kernel]) -> Shell:
    link = KernelLink()
    view = SessionView(link)
    above: Above
    prompt: Prompt
    asker: Asker
    if screen.is_dumb:
        reader = LineReader()
        prompt, asker, above = PlainPrompt(link, screen, reader), PlainAsker(screen, reader), nullcontext
    else:
        from prompt_toolkit.application import in_terminal

        from aibasic_kernel.faces.repl.prompt import make_prompt

        prompt, asker, above = make_prompt(link, view, vi=given.vi), RichAsker(), in_terminal
    display = Display(link, screen, None if given.no_pager else Pager(), above)
    keys = EchoedKeys() if screen.is_dumb else UnreadKeys(sys.stdin.fileno())
    return Shell(link, view, screen, display, Questions(link, display, asker), prompt, keys, new_kernel)


def _choose(kernels: list[Running]) -> Running:
    """Ask which of several is meant. Raises KeyboardInterrupt for none."""
    while True:
        for number, kernel in enumerate(kernels, start=1):
            print(f"{number:3}  {kernel}")
        try:
            answer = input("which kernel? ").strip()
        except EOFError:
            raise KeyboardInterrupt from None
        if answer.isdecimal() and 1 <= int(answer) <= len(kernels):
            return kernels[int(answer) - 1]
