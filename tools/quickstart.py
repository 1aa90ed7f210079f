"""`make run` and `make lab`: the demo data, the quick-start notebook, its pages in out/, JupyterLab.

    quickstart.py          run the notebook without any key, then offer JupyterLab where a person could answer
    quickstart.py --lab    open it in JupyterLab at once
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from run_notebook import NotebookFailed, run_notebook, write_pages

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks" / "quickstart"
NOTEBOOK = FOLDER / "quickstart.ipynb"
OUT = ROOT / "out"
LOG = OUT / "kernel.log"


def say(text: str) -> None:
    """Print at once, also into a pipe."""
    print(text, flush=True)


def copy_configuration() -> None:
    """Make aibasic.conf from the example where there is none."""
    if not (ROOT / "aibasic.conf").exists():
        shutil.copy(ROOT / "aibasic.conf.example", ROOT / "aibasic.conf")
        say("Copied aibasic.conf.example to aibasic.conf")


def load_demo_data() -> None:
    """Start the embedded server and load what it lacks: `aibasic demo` shows its own progress."""
    say("Loading the demo data into the embedded PostgreSQL")
    command = Path(sys.executable).with_name("aibasic")
    if subprocess.run([command, "demo"], cwd=ROOT).returncode:
        raise SystemExit("The demo data could not be loaded: see above.")


def environment_without_keys() -> dict[str, str]:
    """This process's environment, frozen: no variable that names a key, a model or a setting."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANTHROPIC_", "AIBASIC_"))}
    return {**kept, "AIBASIC_FROZEN": "1"}


def run_quickstart() -> None:
    """Execute the notebook, write its pages, say where they are."""
    say(f"Running {NOTEBOOK.relative_to(ROOT)} with the aibasic kernel, without a key and without a model")
    try:
        pages = write_pages(run_notebook(NOTEBOOK, environment_without_keys(), LOG, say), OUT, NOTEBOOK.stem)
    except NotebookFailed as failed:
        page, _ = write_pages(failed.notebook, OUT, NOTEBOOK.stem)
        raise SystemExit(
            f"\n{failed}\nWhat ran until then: {page.relative_to(ROOT)}; the kernel's log: {LOG.relative_to(ROOT)}"
        ) from None
    say("\nEvery cell ran. Written:")
    for page in (*pages, *sorted(path for path in FOLDER.iterdir() if path.suffix in {".csv", ".png", ".xlsx"})):
        say(f"  {page.relative_to(ROOT)}")
    say(
        "\nNext:\n"
        "  make lab                        the same notebook in JupyterLab\n"
        "  export ANTHROPIC_API_KEY=...    with a key, any English sentence is compiled, not only those with a phrase\n"
        "  README.md                       a local model instead of a key, your own database, task types"
    )


def wants_lab() -> bool:
    """Ask, where a person could answer."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    try:
        return input("\nOpen the notebook in JupyterLab now? [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False


def open_lab() -> NoReturn:
    """Become JupyterLab: it then gets Ctrl-C itself, and stops its kernels."""
    arguments = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={ROOT}", str(NOTEBOOK)]
    if os.geteuid() == 0:
        arguments.append("--allow-root")
    os.execv(sys.executable, arguments)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lab", action="store_true", help="open JupyterLab instead of running the notebook")
    only_lab = parser.parse_args().lab
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        copy_configuration()
        load_demo_data()
        if not only_lab:
            run_quickstart()
        if only_lab or wants_lab():
            open_lab()
    except KeyboardInterrupt:
        raise SystemExit("\nStopped.") from None


if __name__ == "__main__":
    main()
