"""How a kernel is started."""

from __future__ import annotations

import sys

_START = "import sys; sys.path[:1] = filter(None, sys.path[:1]); from aibasic_kernel.__main__ import main; main()"
"""Python looks for a module first in the notebook's folder, where anybody may have put one of our name."""


def kernel_command() -> list[str]:
    """The arguments that start the kernel with this Python, as a kernelspec has them."""
    return [sys.executable, "-Xfrozen_modules=off", "-c", _START, "-f", "{connection_file}"]
