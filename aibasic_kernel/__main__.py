"""What a kernelspec starts: `main` runs the kernel. `python -m aibasic_kernel -f FILE` does too."""

import sys
from pathlib import Path

# `python -m` puts the notebook's folder first on the path: a file named like a library of ours would be taken for it.
if sys.path and (sys.path[0] == "" or Path(sys.path[0]) == Path.cwd()):
    del sys.path[0]

from ipykernel.kernelapp import IPKernelApp

from aibasic_kernel.faces import working_folder
from aibasic_kernel.faces.kernel import AIBasicKernel


def main() -> None:
    """Run the kernel until it is told to end."""
    if sys.argv[1:2] and not sys.argv[1].startswith("-"):
        sys.exit(f"this starts a kernel, which knows no {sys.argv[1]!r}: the command is `aibasic {sys.argv[1]}`")
    working_folder.guard()
    sys.path.insert(0, "")  # the user's own imports look there, as in any notebook
    IPKernelApp.launch_instance(kernel_class=AIBasicKernel, outstream_class="aibasic_kernel.faces.streams.Stream")


if __name__ == "__main__":
    main()
