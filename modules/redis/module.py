"""Redis: `[redis]` in aibasic.conf, `redis_client` in programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from aibasic.modules.redis.collections import Collections
from aibasic.modules.redis.errors import connect_reason
from aibasic.modules.redis.looking import Looking
from aibasic.modules.redis.messages import Messages
from aibasic.modules.redis.phrases import PHRASES
from aibasic.modules.redis.ranked import Ranked
from aibasic.modules.redis.strings import Strings
from aibasic.modules.redis.target import SETTINGS, Target
from aibasic.modules.settings import Settings

if TYPE_CHECKING:
    from aibasic.modules.redis.client import Batch, Client


class RedisModule(Strings, Collections, Ranked, Messages, Looking):
    """A Redis database. Text comes as str, and what is not text as bytes; dicts and lists are kept as JSON."""

    task = "redis"
    variable = "redis_client"
    service = "Redis"
    driver = "redis"
    extra = "redis"
    has = frozenset({"auth", "tls", "restart"})
    settings = SETTINGS
    phrases = PHRASES
    destroys: ClassVar[Mapping[str, str]] = {
        "flushdb": "deletes all keys of the database",
        "flushall": "deletes all keys of all databases",
    }

    def __init__(self, configured: Settings) -> None:
        super().__init__(configured)
        from aibasic.modules.redis.client import Client
        from aibasic.modules.redis.link import Link

        self._target = Target(configured)
        self.place = self._target.place
        self._link = Link(self._target, self._announce, self._check_open)
        self._client = Client(self._link)
        self._info: dict[str, Any] = {}
        reason = self._open_first()
        if reason:
            self._link.close()
            raise RuntimeError(f"Failed to connect to Redis: {reason}")

    @property
    def _redis(self) -> Any:
        return self._client

    def get_client(self) -> Client:
        """A client of redis-py with all its commands, over this module's connections; what it sends is announced.

        Example: redis_client.get_client().geoadd("shops", (12.5, 41.9, "Rome"))
        """
        self._check_open()
        return self._client

    def pipeline(self, transaction: bool = True) -> Batch:
        """Commands that are gathered and sent together by `execute()`, which returns their answers.

        `transaction`: they are carried out without anybody else's in between, all or none.

        Example: redis_client.pipeline().incr("a").incr("b").execute()
        """
        self._check_open()
        return self._client.pipeline(transaction)

    @contextmanager
    def transaction(self) -> Iterator[Batch]:
        """A block whose commands are carried out together at its end, and not at all where it raises.

        Example: with redis_client.transaction() as together: together.incr("a").decr("b")
        """
        batch = self.pipeline()
        with batch:
            yield batch
            batch.execute()

    def get_connection_info(self) -> dict[str, Any]:
        """`host`, `port`, `database`, `user`, server `version`, `tls`, the `section` of aibasic.conf. No secrets.

        Example: redis_client.get_connection_info()["version"]
        """
        return dict(self._info)

    def get_pool_status(self) -> dict[str, Any]:
        """How many connections are `open`, and the limit `max_connections`.

        Example: redis_client.get_pool_status()["open"]
        """
        return {"open": self._link.count(), "max_connections": self._target.most, "closed": self.closed}

    def close(self) -> None:
        """Close every connection. The next `from_config` makes a new instance."""
        if not self.closed:
            self.closed = True
            self._link.close()

    def after_fork(self) -> None:
        """In a forked child: let go of the parent's sockets; the next call connects anew."""
        from aibasic.modules.redis.client import Client

        self._link.after_fork()
        self._client = Client(self._link)

    def __repr__(self) -> str:
        return f"<RedisModule [{self.section}] {self.place}{', closed' if self.closed else ''}>"

    def _open_first(self) -> str:
        """Connect at once, so that what is wrong with the configuration shows here; the reason, "" where none is."""
        from redis.exceptions import RedisError

        try:
            version = self._link.interruptible(self._version, "connecting")
        except (RedisError, OSError) as error:
            reason = str(error)
            return reason if f"[{self.section}]" in reason else connect_reason(self.section, reason)
        self._info = {
            "host": self._target.host,
            "port": self._target.port,
            "database": self._target.database,
            "user": self._target.user or "default",
            "version": version,
            "tls": self._target.tls,
            "section": self.section,
        }
        return ""

    def _version(self, call: Any) -> str:
        from redis.exceptions import NoPermissionError

        with self._link.connection() as connection:
            call.connection = connection
            connection.send_command("INFO", "server")
            try:
                text = connection.read_response().decode()
            except NoPermissionError:
                return ""
            return next((line[14:] for line in text.splitlines() if line.startswith("redis_version:")), "")

    def _check_open(self) -> None:
        if self.closed:
            raise RuntimeError(f"[{self.section}] is closed: RedisModule.from_config() connects it anew")
