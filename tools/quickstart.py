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
from typing import Any, NoReturn

from aibasic.modules import config
from run_notebook import NotebookFailed, run_notebook, write_pages

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks" / "quickstart"
NOTEBOOK = FOLDER / "quickstart.ipynb"
OUT = ROOT / "out"
LOCK = FOLDER / "aibasic.lock"
LOG = OUT / "kernel.log"
FOLDERS = ("AIBASIC_DATA_DIR", "AIBASIC_CONFIG_DIR")
"""The variables that say where this user's own files lie."""


def say(text: str) -> None:
    """Print at once, also into a pipe."""
    print(text, flush=True)


def copy_configuration() -> None:
    """Make aibasic.conf from the example where there is none."""
    if not (ROOT / "aibasic.conf").exists():
        shutil.copy(ROOT / "aibasic.conf.example", ROOT / "aibasic.conf")
        say("Copied aibasic.conf.example to aibasic.conf")


def server() -> str:
    """The HOST that aibasic.conf names for [postgres], "" for none."""
    try:
        configuration = config.load(ROOT / "aibasic.conf")
        return configuration.section("postgres").get("HOST", "") if "postgres" in configuration else ""
    except (ValueError, KeyError) as error:
        raise SystemExit(error.args[0]) from None


def aibasic(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the project's own command, in the folder of aibasic.conf."""
    command = Path(sys.executable).with_name("aibasic")
    return subprocess.run([command, *arguments], cwd=ROOT, text=True, **options)


def load_demo_data(environment: dict[str, str]) -> None:
    """Start the embedded server and load what it lacks: `aibasic demo` shows its own progress."""
    say("Loading the demo data into the embedded PostgreSQL")
    if aibasic("demo", env=environment).returncode:
        raise SystemExit("The demo data could not be loaded.")


def trust_lock(environment: dict[str, str]) -> None:
    """Trust the notebook's lock if it is the one that came with the project: `aibasic trust` knows it by its hash."""
    if not LOCK.exists():
        return
    name = LOCK.relative_to(ROOT)
    done = aibasic("trust", name, env=environment, stdin=subprocess.DEVNULL, capture_output=True)
    say(done.stdout.rstrip("\n"))
    if done.returncode:
        say(f"{done.stderr}It is not the lock that came with the project, so a person has to trust it:")
        say(f"  .venv/bin/aibasic trust {name}")


def environment_without_keys() -> dict[str, str]:
    """This process's environment, frozen: no variable that names a key, a model or a setting, but those of FOLDERS."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("ANTHROPIC_", "AIBASIC_"))},
        **{name: os.environ[name] for name in FOLDERS if name in os.environ},
        "AIBASIC_FROZEN": "1",
    }


def run_quickstart(environment: dict[str, str]) -> None:
    """Execute the notebook, write its pages, say where they are."""
    say(f"Running {NOTEBOOK.relative_to(ROOT)} with the aibasic kernel, without a key and without a model")
    try:
        pages = write_pages(run_notebook(NOTEBOOK, environment, LOG, say), OUT, NOTEBOOK.stem)
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
    address = f"/lab/tree/{NOTEBOOK.relative_to(ROOT)}"
    options = [f"--ServerApp.root_dir={ROOT}", f"--LabApp.default_url={address}"]
    if os.geteuid() == 0:
        options.append("--allow-root")
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", *options])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lab", action="store_true", help="open JupyterLab instead of running the notebook")
    only_lab = parser.parse_args().lab
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    environment = dict(os.environ) if only_lab else environment_without_keys()
    try:
        copy_configuration()
        if server() == "embedded":
            load_demo_data(environment)
            trust_lock(environment)
        elif not only_lab:
            raise SystemExit(
                "The quick-start loads its data into the embedded PostgreSQL only; aibasic.conf names another.\n"
                "`make lab` opens JupyterLab with it; for the quick-start say HOST = embedded in [postgres]."
            )
        if not only_lab:
            run_quickstart(environment)
        if only_lab or wants_lab():
            open_lab()
    except KeyboardInterrupt:
        say("\nStopped.")
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
