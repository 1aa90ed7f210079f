"""A throw-away Kerberos realm from Debian's MIT packages: one KDC, principals with keytabs, stopped by its pid."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from tests.servers.ports import free_port

REALM = "TEST.LOCAL"


def tools() -> bool:
    """Whether this machine can run a KDC, has the client's tools, and Python's Kerberos."""
    return importlib.util.find_spec("gssapi") is not None and all(
        shutil.which(tool, path=_PATH) for tool in ("krb5kdc", "kdb5_util", "kadmin.local", "kinit")
    )


@dataclass
class Kerberos:
    """`with Kerberos() as realm`: a KDC on a loopback port, for the realm `TEST.LOCAL` of the host `localhost`."""

    port: int = field(default_factory=free_port)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="aibasic-krb5-")))
    _process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Kerberos:
        try:
            self._configure()
            self._run("kdb5_util", "create", "-s", "-r", REALM, "-P", "master")
            with (self.folder / "output.log").open("ab") as output:
                self._process = subprocess.Popen(
                    ["krb5kdc", "-n"], env=self._environment(), cwd=self.folder, stdout=output, stderr=output
                )
            self.keytab("probe")
            self._wait()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def config(self) -> Path:
        """What KRB5_CONFIG names."""
        return self.folder / "krb5.conf"

    def keytab(self, principal: str) -> Path:
        """The keytab of a principal, which is made where it does not exist."""
        file = self.folder / f"{principal.replace('/', '_')}.keytab"
        if not file.exists():
            self._run("kadmin.local", "-r", REALM, "-q", f"addprinc -randkey {principal}")
            self._run("kadmin.local", "-r", REALM, "-q", f"ktadd -k {file} {principal}")
        return file

    def ticket_cache(self, principal: str) -> Path:
        """A file with a fresh ticket of the principal, as `kinit` leaves it."""
        cache = self.folder / f"{principal.replace('/', '_')}.ccache"
        self._run("kinit", "-k", "-t", self.keytab(principal), "-c", cache, principal)
        return cache

    def _wait(self) -> None:
        until = time.monotonic() + 10
        while True:
            try:
                self.ticket_cache("probe")
                return
            except RuntimeError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def _configure(self) -> None:
        self.config.write_text(
            f"[libdefaults]\ndefault_realm = {REALM}\ndns_lookup_realm = false\ndns_lookup_kdc = false\nrdns = false\n"
            "dns_canonicalize_hostname = false\nudp_preference_limit = 1\n"
            f"default_ccache_name = FILE:{self.folder}/default.ccache\n"
            f"[realms]\n{REALM} = {{\n kdc = 127.0.0.1:{self.port}\n}}\n"
            f"[domain_realm]\nlocalhost = {REALM}\n"
        )
        (self.folder / "kdc.conf").write_text(
            f"[kdcdefaults]\nkdc_listen = 127.0.0.1:{self.port}\nkdc_tcp_listen = 127.0.0.1:{self.port}\n"
            f"[realms]\n{REALM} = {{\n database_name = {self.folder}/principal\n"
            f" key_stash_file = {self.folder}/stash\n acl_file = {self.folder}/kadm5.acl\n}}\n"
            f"[logging]\nkdc = FILE:{self.folder}/kdc.log\nadmin_server = FILE:{self.folder}/admin.log\n"
            f"default = FILE:{self.folder}/krb5.log\n"
        )

    def _run(self, *command: object) -> None:
        done = subprocess.run(
            [str(word) for word in command], env=self._environment(), cwd=self.folder, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{command[0]} ended with status {done.returncode}: {done.stdout}{done.stderr}")

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": _PATH, "KRB5_CONFIG": str(self.config), "KRB5_KDC_PROFILE": str(self.folder / "kdc.conf"),
            "LC_ALL": "C.UTF-8",
        }  # fmt: skip


_PATH = os.pathsep.join(["/usr/sbin", "/usr/bin", "/sbin", "/bin"])
