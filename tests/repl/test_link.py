"""The link to a real kernel: nothing that is asked stays without an answer."""

from __future__ import annotations

import asyncio

import pytest

from aibasic_kernel.faces.repl.kernels import OwnKernel
from aibasic_kernel.faces.repl.link import KernelGone, KernelLink

PATIENCE = 20.0


def test_what_is_asked_at_once_is_answered_and_a_kernel_that_is_gone_keeps_nobody_waiting() -> None:
    async def use() -> None:
        link = KernelLink()
        starting = asyncio.create_task(link.start(OwnKernel()))
        await asyncio.sleep(0)
        for _ in range(5):  # a reply that comes while something is sent must not be overlooked
            asked = (link.request("is_complete_request", {"code": "1"}, PATIENCE) for _ in range(40))
            assert [reply["status"] for reply in await asyncio.gather(*asked)] == ["complete"] * 40
        await starting
        begun = asyncio.Event()
        link.on_output.append(lambda message: begun.set() if message["msg_type"] == "stream" else None)
        running = asyncio.create_task(link.execute("print('begun', flush=True); import time; time.sleep(600)"))
        await begun.wait()
        with pytest.raises(TimeoutError):
            await link.request("is_complete_request", {"code": "1"}, 0.01)
        await link.close(now=True)
        for waiting in (running, link.request("is_complete_request", {"code": "1"})):
            with pytest.raises(KernelGone):
                await waiting

    asyncio.run(use())
