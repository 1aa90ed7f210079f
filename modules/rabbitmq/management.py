"""What only the management plugin knows: lists of all queues, exchanges and bindings of a virtual host."""

from __future__ import annotations

import base64
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from aibasic.modules.rabbitmq.target import Target
from aibasic.modules.results import Rows


def listed(target: Target, what: str, columns: Sequence[str]) -> Rows:
    """One row for each of the virtual host's queues, exchanges or bindings. RuntimeError where they cannot be had."""
    if not target.management_url:
        raise RuntimeError(
            f"AMQP cannot list {what}: with the broker's management plugin, add `MANAGEMENT_URL = "
            f"http://{target.host}:15672` to [{target.section}]"
        )
    url = f"{target.management_url}/api/{what}/{quote(target.vhost, safe='')}"
    found = _get(target, url)
    return Rows((tuple(one.get(name) for name in columns) for one in found), columns)


def _get(target: Target, url: str) -> list[dict[str, Any]]:
    request = urllib.request.Request(url)
    password = target.password
    request.add_unredirected_header(
        "Authorization", "Basic " + base64.b64encode(f"{target.user}:{password.reveal()}".encode()).decode()
    )
    handlers: list[Any] = [urllib.request.ProxyHandler({})]
    if url.startswith("https:"):
        handlers.append(urllib.request.HTTPSHandler(context=target.tls_context()))
    problem = ""
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=target.timeout) as answer:
            return json.load(answer)  # type: ignore[no-any-return]
    except urllib.error.HTTPError as error:
        error.close()
        problem = f"{error.code} {error.reason}" + (": the user needs the tag `monitoring`" * (error.code == 401))
    except (urllib.error.URLError, ssl.SSLError, TimeoutError, ValueError) as error:
        problem = str(getattr(error, "reason", error))
    raise RuntimeError(
        f"{target.management_url}: {problem}\n  [{target.section}] is MANAGEMENT_URL right, and the plugin enabled? "
        "(rabbitmq-plugins enable rabbitmq_management)"
    )
