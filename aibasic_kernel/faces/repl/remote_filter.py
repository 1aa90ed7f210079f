"""A text run in a kernel that runs already, for a pipe: its results on standard output, all else beside it."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import NoReturn

from aibasic_kernel import errors
from aibasic_kernel.compiler.compilation import COMPILATION_MIME
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.faces.exit_codes import DONE, FAILED, exit_code
from aibasic_kernel.faces.repl.existing import Running, find
from aibasic_kernel.faces.repl.kernels import ExistingKernel
from aibasic_kernel.faces.repl.link import KernelLink, Message
from aibasic_kernel.faces.repl.screen import without_escapes


def run_in_existing(text: str, name: str) -> int:
    """Run it in the kernel of that name, "" for the one that runs. Returns the exit code. Raises AIBasicError."""
    return asyncio.run(_run(text, ExistingKernel(find(name or None, _cannot_choose))))


async def _run(text: str, kernel: ExistingKernel) -> int:
    link = KernelLink()
    link.on_output.append(lambda message: _write(message) if link.is_ours(message) else None)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, lambda: loop.create_task(link.interrupt()))
    try:
        await link.start(kernel)
        reply = await link.execute(text, allow_stdin=False)
    finally:
        await link.close()
    return DONE if reply["status"] == "ok" else _code(str(reply.get("ename", "")))


def _code(name: str) -> int:
    """The exit code for an error that is known by the name of its class."""
    if name == KeyboardInterrupt.__name__:
        return exit_code(KeyboardInterrupt())
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, BaseException):
        return exit_code(kind.__new__(kind))
    return FAILED


def _write(message: Message) -> None:
    kind, content = message["msg_type"], message["content"]
    if kind == "stream":
        (sys.stdout if content["name"] == "stdout" else sys.stderr).write(content["text"])
    elif kind == "error":
        sys.stderr.write(without_escapes("\n".join(content["traceback"])) + "\n")
    elif kind in ("display_data", "execute_result") and not content.get("transient", {}).get("display_id"):
        data = content["data"]
        if COMPILATION_MIME not in data and (text := without_escapes(str(data.get("text/plain", "")))):
            sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _cannot_choose(kernels: list[Running]) -> NoReturn:
    listed = "\n".join(f"  {kernel}" for kernel in kernels)
    raise AIBasicError("several kernels run, and nobody is there to choose", f"name one with --existing:\n{listed}")
