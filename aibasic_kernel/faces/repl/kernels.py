"""The kernels that a shell can be at: one of its own, or one that runs already."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from aibasic_kernel.faces.kernel_start import kernel_command

if TYPE_CHECKING:
    from jupyter_client.asynchronous.client import AsyncKernelClient

NAME = "aibasic"
LOOK = 0.5
"""Seconds between two looks at whether a kernel's heart beats."""
MISSED = 6
"""Looks without a beat after which a running kernel counts as dead; its heart beats whatever its cells compute."""
_WARNING = "[IPKernelApp] WARNING"
"""What ipykernel says of every kernel over TCP, for one."""
LAST_WORDS = 2000
"""Bytes of what a kernel wrote to its standard error last that are told when it has died."""


class Kernel(Protocol):
    """A kernel and the way to it. `greeting` is the channel on which it tells who it is."""

    greeting: str
    is_own: bool

    async def start(self) -> AsyncKernelClient:
        """Its client, with open channels."""

    async def interrupt(self) -> bool:
        """Send it a signal; False where only a message on its control channel reaches it."""

    async def died(self) -> str:
        """Wait until it is no more; how it ended, "" where that is not known."""

    def last_words(self) -> str:
        """What it wrote to its standard error last, where that is known."""

    async def stop(self, *, now: bool = False) -> None:
        """End what the shell has begun: its own kernel, but never one that ran before."""


class OwnKernel:
    """A kernel process that ends with the shell; one that loses its shell ends itself.

    `name` is that of an installed kernelspec; where `aibasic` is not installed, this Python runs it all the same.
    """

    greeting = "shell"
    is_own = True

    def __init__(self, name: str = NAME, environ: Mapping[str, str] | None = None) -> None:
        self._name = name
        self._environ = {**os.environ, **(environ or {})}
        self._errors: IO[bytes] | None = None

    async def start(self) -> AsyncKernelClient:
        """Start the process. Raises jupyter_client's NoSuchKernel for a name that is not installed."""
        from jupyter_client.kernelspec import KernelSpec, NoSuchKernel
        from jupyter_client.manager import AsyncKernelManager

        self._manager = AsyncKernelManager(kernel_name=self._name)
        try:
            assert self._manager.kernel_spec is not None
        except NoSuchKernel:
            if self._name != NAME:
                raise
            self._manager._kernel_spec = KernelSpec(argv=kernel_command(), display_name="AIBasic", language=NAME)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # it lives as long as the process
        # Nothing that the process itself writes may get between the lines of the shell.
        await self._manager.start_kernel(env=self._environ, stdout=self._errors, stderr=self._errors)
        client: AsyncKernelClient = self._manager.client()
        client.start_channels(hb=False)
        return client

    async def interrupt(self) -> bool:
        """Send SIGINT."""
        assert self._manager.provisioner is not None
        await self._manager.provisioner.send_signal(signal.SIGINT)
        return True

    async def died(self) -> str:
        """Wait for the process's end."""
        provisioner = self._manager.provisioner
        assert provisioner is not None
        while (code := await provisioner.poll()) is None:
            await asyncio.sleep(LOOK / 5)
        return f"exit code {code}" if code >= 0 else signal.Signals(-code).name

    def last_words(self) -> str:
        """What it wrote to its standard error last."""
        assert self._errors is not None
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - LAST_WORDS))
        said = self._errors.read().decode("utf-8", "replace").splitlines()
        return "\n".join(line for line in said if not line.startswith(_WARNING))

    async def stop(self, *, now: bool = False) -> None:
        """Ask it to end, and see to it that it has."""
        await self._manager.shutdown_kernel(now=now)
        if self._errors is not None:
            self._errors.close()


class ExistingKernel:
    """A kernel that a notebook or another shell has started, known by its connection file."""

    greeting = "control"  # its shell channel answers only behind the cell that it runs
    is_own = False

    def __init__(self, file: Path) -> None:
        self.file = file

    async def start(self) -> AsyncKernelClient:
        """Open the channels. Raises OSError or ValueError for a file that is no connection file."""
        from jupyter_client.asynchronous.client import AsyncKernelClient

        self._client = AsyncKernelClient()
        self._client.load_connection_file(str(self.file))
        self._client.start_channels()
        return self._client

    async def interrupt(self) -> bool:
        """It may run on another machine: only a message reaches it."""
        return False

    async def died(self) -> str:
        """Wait until its heart has stopped."""
        missed = 0
        while missed < MISSED:
            await asyncio.sleep(LOOK)
            missed = 0 if self._client.hb_channel.is_beating() else missed + 1
        return ""

    def last_words(self) -> str:
        """Not known here."""
        return ""

    async def stop(self, *, now: bool = False) -> None:
        """Nothing: it goes on."""
