"""memcached: `[memcached]` in aibasic.conf, `memcached` in programs."""

import json
import select
import threading
from urllib.parse import unquote

from aibasic.modules import Module
from aibasic.modules.effects import Kind
from aibasic.modules.interruptible import Interruptible
from aibasic.modules.phrases import Phrase
from aibasic.modules.results import Rows
from aibasic.modules.settings import Setting
from aibasic.modules.sockets import silence


class MemcachedModule(Module):
    """A memcached server. Values are JSON."""

    task, variable, service, driver = "memcached", "memcached", "memcached", "pymemcache"
    has = frozenset({"restart"})
    settings = (Setting("HOST", required=True), Setting("PORT", int, 11211))
    phrases = (
        Phrase("set memcached key {key:label} to {value:value}", "{module}.set({key}, {value})",
               "set memcached key user:1 to 'Alice'", "stores a value"),
        Phrase("get memcached key {key:label}", "{module}.get({key})", "get memcached key user:1", "reads a value"),
        Phrase("list all memcached keys", "{module}.keys()", "list all memcached keys", "lists the keys"),
        Phrase("show {n:number} memcached keys", "{module}.keys({n})", "show ten memcached keys", "lists some keys"),
        Phrase("describe memcached key {key:label}", "{module}.keys(only={key})", "describe memcached key a", "size"),
        Phrase("how many memcached keys", "len({module}.keys())", "how many memcached keys", "counts the keys"),
    )  # fmt: skip

    def __init__(self, configured):
        super().__init__(configured)
        self.place = f"{configured['HOST']}:{configured['PORT']}"
        self._timeout = configured["TIMEOUT"]
        self._address = configured["HOST"], configured["PORT"]
        self._client = self._new_client()
        self._busy, self._calls = threading.RLock(), Interruptible()
        try:
            self._version = self._do(Kind.READ, "version", lambda client: client.version()).decode()
            problem = ""
        except OSError as error:
            problem = str(error)
        if problem:
            raise RuntimeError(f"Failed to create memcached client: {problem}")

    def get(self, key):
        """The value of a key, None where there is none. Example: memcached.get("user:1")"""
        text = self._do(Kind.READ, f"get {key}", lambda client: client.get(key))
        return None if text is None else json.loads(text)

    def set(self, key, value, expire=0):
        """Store a value for `expire` seconds, 0 for ever. Example: memcached.set("user:1", {"name": "Alice"}, 60)"""
        text = json.dumps(value)
        return self._do(Kind.WRITE, f"set {key}", lambda client: client.set(key, text, expire, noreply=False))

    def incr(self, key, by=1):
        """Add to a counter, which begins with it; b"HD" once done. Example: memcached.incr("hits")"""
        return self._do(Kind.WRITE, f"incr {key}", lambda client: client.raw_command(f"ma {key} N0 J{by} D{by}"))

    def keys(self, n=None, only=None):
        """The keys with size and expiry: the first `n`, or `only` one. Example: memcached.keys(10)"""
        asked = "lru_crawler metadump all"
        text = self._do(Kind.READ, asked, lambda client: client.raw_command(asked, "END\r\n")).decode()
        lines = [line for line in unquote(text).splitlines() if line.startswith("key=")]
        facts = [dict(part.split("=", 1) for part in line.split()) for line in lines]
        rows = [(one["key"], int(one["size"]), int(one["exp"])) for one in facts if only in (None, one["key"])]
        return Rows(rows[:n], ("key", "bytes", "expires"))

    def get_connection_info(self):
        """Host and port, version, section. Example: memcached.get_connection_info()"""
        return {"place": self.place, "version": self._version, "section": self.section}

    def close(self):
        """Close the connection. Example: memcached.close()"""
        self.closed = True
        self._client.close()

    def after_fork(self):
        """In a forked child: leave the parent's socket alone."""
        self._busy, self._calls = threading.RLock(), Interruptible()
        if self._client.sock is not None:
            silence(self._client.sock.fileno())
        self._client.close()

    def _do(self, kind, statement, work):
        if self.closed:
            raise RuntimeError(f"[{self.section}] is closed: MemcachedModule.from_config() connects it anew")
        self._announce(kind, statement)
        with self._busy:
            try:
                return self._calls.call(lambda: self._ask(work), lambda: None)
            except KeyboardInterrupt:
                self._client.close()  # which the call may still wait with
                self._client, self._calls = self._new_client(), Interruptible()
                raise KeyboardInterrupt(f"stopped waiting: {statement} may go on on the server") from None

    def _new_client(self):
        from pymemcache import Client, MemcacheUnexpectedCloseError
        found = Client(self._address, connect_timeout=self._timeout, timeout=self._timeout, no_delay=True)
        found.hung_up = MemcacheUnexpectedCloseError
        return found

    def _ask(self, work):
        client = self._client
        if client.sock is not None and select.select([client.sock], [], [], 0)[0]:
            client.close()  # the server has hung up
        sent = False
        try:
            if client.sock is None:
                client.get("is-this-memcached")
            sent = True
            return work(client)
        except (OSError, client.hung_up) as error:
            client.close()
            fate = "it may or may not have been carried out: look first" if sent else "Nothing was sent"
            reason = f"{error}\n  [{self.section}] does it run? are HOST and PORT right? TIMEOUT is {self._timeout:g} s"
        raise ConnectionError(f"the connection to {self.place} was lost. {fate}\n  {reason}")
