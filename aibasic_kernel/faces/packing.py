"""Messages as bytes, whatever characters they hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Packer = Callable[[Any], bytes]


def lossless(pack: Packer) -> Packer:
    """`pack`, but for messages with lone surrogates: UTF-8 cannot hold those, so such a message goes out escaped."""

    def packed(message: Any) -> bytes:
        try:
            found = pack(message)
            found.decode("utf-8")
        except UnicodeError:
            from jupyter_client.jsonutil import json_default

            return json.dumps(message, default=json_default, allow_nan=False).encode("ascii")
        return found

    return packed
