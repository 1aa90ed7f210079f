"""The contract over memcached, as the author of a module outside this project runs it."""

import os
import signal
import socket
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest
from aibasic.modules.effects import Kind
from aibasic_memcached import MemcachedModule
from pymemcache import Client

from aibasic_kernel.testing import Contract, Looking, Operation, ServiceUnderTest, eventually

ESTABLISHED = "01"


class MemcachedUnderTest(ServiceUnderTest):
    """A memcached of its own."""

    module = MemcachedModule
    not_sent = frozenset({"get_connection_info"})
    limit = ({}, 1)

    def __init__(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.port = server.getsockname()[1]
        self.start()

    def start(self):
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        self._process = subprocess.Popen(["memcached", *user, "-l", self.host, "-p", str(self.port), "-U", "0"])
        assert eventually(self._answers)

    def kill(self):
        self._process.kill()
        self._process.wait()

    def prepare(self):
        self._own(lambda client: client.delete_many(self._keys(), noreply=False))
        self._own(lambda client: client.set("user:1", '"Ann"', noreply=False))

    def counts(self):
        return {key: float(value) for key, value in self.content().items() if key != "user:1"}

    def content(self):
        # While the server moves a key between its lists, a dump of all keys may leave that out.
        return self._own(lambda client: client.get_many({"user:1", "a", "hits", *self._keys()}))

    def connections(self):
        return sum(state == ESTABLISHED for state, _ in self._sockets())

    def conf(self, **keys):
        found = {"HOST": self.host, "PORT": self.port, **keys}
        return "[memcached]\n" + "".join(f"{key} = {value}\n" for key, value in found.items() if value is not None)

    def ways(self):
        return {"plain": {}}

    def refused(self):
        return {}

    def read(self, module):
        assert module.get("nothing") is None

    def writes(self):
        return {"incr": lambda module, marker: module.incr(marker)}

    def operations(self):
        calls = {
            "get": (lambda one: one.get("user:1"), Kind.READ),
            "set": (lambda one: one.set("a", 1), Kind.WRITE),
            "incr": (lambda one: one.incr("hits"), Kind.WRITE),
            "keys": (lambda one: one.keys(), Kind.READ),
        }
        return {name: Operation(*one) for name, one in calls.items()}

    def idle_past_limit(self):
        self.kill()
        self.start()

    def long_call(self, module):
        try:
            os.kill(self._process.pid, signal.SIGSTOP)
            assert eventually(self._stands_still)
            return module.get("user:1")
        finally:
            os.kill(self._process.pid, signal.SIGCONT)

    def long_call_runs(self):
        return any(received for _, received in self._sockets())  # asked, and nobody reads the question

    def bulk(self):
        return None

    def looking(self):
        return Looking("list all memcached keys", "describe memcached key user:1", "how many memcached keys",
                       "show 10 memcached keys")  # fmt: skip

    def end(self):
        self._process.terminate()
        self._process.wait()

    def _sockets(self):
        """State of each of the server's sockets, and the bytes in it that the server has not read."""
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            _, ours, _, state, queues, *_ = line.split()
            if ours.endswith(f":{self.port:04X}"):
                yield state, int(queues.split(":")[1], 16)

    def _stands_still(self):
        threads = Path(f"/proc/{self._process.pid}/task").glob("*/stat")
        return all(thread.read_text().rpartition(")")[2].split()[0] == "T" for thread in threads)

    def _answers(self):
        try:
            return bool(self._own(lambda client: client.version()))
        except OSError:
            return False

    def _own(self, work):
        client = Client((self.host, self.port))
        try:
            return work(client)
        finally:
            client.close()

    def _keys(self):
        text = self._own(lambda client: client.raw_command("lru_crawler metadump all", "END\r\n")).decode()
        return sorted(line.split()[0][4:] for line in unquote(text).splitlines() if line.startswith("key="))


@pytest.fixture(scope="module")
def service():
    service = MemcachedUnderTest()
    yield service
    service.end()


class TestMemcached(Contract):
    """Each clause is a test."""
