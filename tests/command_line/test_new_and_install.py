"""`aibasic new`, which lays a project that runs at once, and `aibasic install`, which shows the kernel to a Jupyter."""

from __future__ import annotations

import json
import re
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import start_new_kernel

from aibasic_kernel import __version__
from aibasic_kernel.faces.jupyter_files import JupyterFiles, kernel_spec
from aibasic_kernel.session.session import Session
from tests.command_line.command import Command, Ran
from tests.session.driver import run

Here = Callable[..., Ran]
ROOT = Path(__file__).parent.parent.parent


# new ------------------------------------------------------------------------------------------------------------------


def test_a_new_project_runs_at_once_without_a_model(
    aibasic: Command, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = aibasic.run("new", "shop")
    folder = aibasic.folder / "shop"
    assert ran.code == 0 and ran.out.endswith("next:\n  cd shop\n  jupyter lab shop.ipynb\n  aibasic doctor\n"), ran
    assert {path.name for path in folder.iterdir()} == {
        "aibasic.conf", "shop.ipynb", ".gitignore", ".gitattributes", "README.md",
    }  # fmt: skip
    assert "aibasic.conf\n" in (folder / ".gitignore").read_text()
    assert (folder / ".gitattributes").read_text() == (ROOT / ".gitattributes").read_text()
    assert stat.S_IMODE((folder / "aibasic.conf").stat().st_mode) == 0o600
    notebook = nbformat.read(folder / "shop.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "aibasic" and notebook.cells[0].source.startswith("# shop\n")
    monkeypatch.chdir(folder)
    assert here("doctor").code == 0
    session = Session({}, {"AIBASIC_DATA_DIR": str(aibasic.folder / "data")})
    try:
        for at, cell in enumerate(cell for cell in notebook.cells if cell.cell_type == "code"):
            run(session, cell.source, cell=f"{at}")
    finally:
        session.close()
    assert session.names["dearest"] == 30.25 and (folder / "done.txt").read_text() == "done\n"


def test_its_configuration_holds_every_section_and_key_ready_to_be_used(aibasic: Command, here: Here) -> None:
    assert here("new", "shop").code == 0
    text = (aibasic.folder / "shop" / "aibasic.conf").read_text()
    sections = set(re.findall(r"^(?:# )?\[(\w+)\]$", text, re.MULTILINE))
    assert sections == {"aibasic", "postgres", "mysql", "rabbitmq", "kafka", "redis", "opensearch"}
    given = re.sub(
        r"^# (\[\w+\]|HOST =)", lambda found: found[1].replace("HOST =", "HOST = h"), text, flags=re.MULTILINE
    )
    given = re.sub(r"^# ([A-Z_]+ =)(?! \$)", r"\1", given, flags=re.MULTILINE)
    file = aibasic.folder / "aibasic.conf"
    file.write_text(given)
    file.chmod(0o600)
    told = json.loads(here("doctor", "--json").out)["configuration"]
    wrong = [each for each in told if each["mark"] == "problem" and "is not trusted" not in each["text"]]
    assert wrong == [] and sum("keys" in each["text"] for each in told) == 7


@pytest.mark.parametrize("what", ["folder", "file"])
def test_nothing_that_is_there_is_written_over(what: str, aibasic: Command, here: Here) -> None:
    place = aibasic.folder / "shop"
    kept = place / "README.md" if what == "folder" else place
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("mine")
    ran = here("new", "shop")
    assert ran.code == 1 and "name a new folder" in ran.err and ran.out == ""
    assert kept.read_text() == "mine" and (what == "file" or list(place.iterdir()) == [kept])


def test_an_empty_folder_is_taken(aibasic: Command, here: Here) -> None:
    (aibasic.folder / "shop").mkdir()
    assert here("new", "shop").code == 0 and (aibasic.folder / "shop" / "shop.ipynb").is_file()


# install --------------------------------------------------------------------------------------------------------------


def test_install_shows_the_kernel_to_another_jupyter_and_it_runs(
    aibasic: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "env" / "share" / "jupyter"
    ran = aibasic.run("install", "--prefix", str(tmp_path / "env"), "--name", "second")
    assert ran.code == 0, ran
    spec = json.loads((data / "kernels" / "second" / "kernel.json").read_text())
    assert Path(spec["argv"][0]).parent == Path(sys.executable).parent and spec["display_name"] == "AIBasic (second)"
    assert (data / "kernels" / "second" / "logo-svg.svg").is_file()
    extension = data / "labextensions" / "aibasic-labextension"
    assert json.loads((extension / "package.json").read_text())["version"] == __version__
    assert (extension / "static" / "remoteEntry.js").is_file()
    monkeypatch.setenv("JUPYTER_PATH", str(data))
    monkeypatch.chdir(aibasic.folder)
    manager, client = start_new_kernel(kernel_name="second")
    try:
        assert manager.kernel_spec.resource_dir == str(data / "kernels" / "second")
        reply = client.execute_interactive("set x to 5", timeout=60, output_hook=lambda message: None)
        assert reply["content"]["status"] == "ok"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_what_is_there_is_said_and_removed_on_wish(here: Here, tmp_path: Path) -> None:
    to = ("--prefix", str(tmp_path / "env"))
    kernel = tmp_path / "env" / "share" / "jupyter" / "kernels" / "aibasic"
    assert here("install", *to).code == 0
    again = here("install", *to)
    assert again.out.count("is there already") == 2 and again.code == 0
    assert f"{kernel}: removed" in here("install", *to, "--remove").out and not kernel.exists()
    assert here("install", *to, "--remove").out.count("is not there") == 2


def test_what_pip_placed_is_said_and_stays(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.rmtree", lambda folder: pytest.fail(f"{folder} would be removed"))
    assert here("install").out.count("is there already") == 2
    assert here("install", "--sys-prefix", "--remove").out.count("pip placed it") == 2
    assert KernelSpecManager().get_kernel_spec("aibasic").language == "aibasic"


def test_user_is_the_users_own_folder(here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    assert here("install", "--user").code == 0
    assert (tmp_path / "data" / "kernels" / "aibasic" / "kernel.json").is_file()
    assert f"{tmp_path / 'data' / 'kernels' / 'aibasic'}: removed" in here("install", "--user", "--remove").out


def test_a_kernel_of_another_python_is_left_alone(here: Here, tmp_path: Path) -> None:
    folder = tmp_path / "env" / "share" / "jupyter" / "kernels" / "aibasic"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps({**kernel_spec(), "argv": ["/opt/python", "-m", "aibasic_kernel"]}))
    ran = here("install", "--prefix", str(tmp_path / "env"))
    assert ran.code == 1 and "starts another Python" in ran.err and "--name" in ran.err
    assert "and stays" in here("install", "--prefix", str(tmp_path / "env"), "--remove").out and folder.is_dir()


def test_an_installation_without_data_files_places_the_kernel_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aibasic_kernel.faces.jupyter_files.distributions", lambda name: [])
    told = list(JupyterFiles(tmp_path / "share" / "jupyter").place())
    assert (tmp_path / "share" / "jupyter" / "kernels" / "aibasic" / "kernel.json").is_file()
    assert "did not come along" in told[1]


def test_the_kernel_that_is_placed_is_the_wheels(tmp_path: Path) -> None:
    wheels = json.loads((ROOT / "kernel" / "kernel.json").read_text())
    assert kernel_spec() == {**wheels, "argv": [sys.executable, *wheels["argv"][1:]]}
