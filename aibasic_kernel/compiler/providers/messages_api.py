"""The other side of a request, as messages name it: who it is, and how a failure of it is told."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aibasic_kernel.compiler.configuration.settings import Settings, host_of, is_own_host
from aibasic_kernel.compiler.privacy.redaction import HIDDEN, Redactor
from aibasic_kernel.errors import ProviderError

LATER = "Run the line again in a while. Lines that the lock or a phrase serves need no model."
LONGEST = 400
"""Characters of one line of a message."""
USER_OF_URL = re.compile(r"(?<=://)[^/@\s]*(?=@)")


@dataclass(frozen=True)
class Peer:
    """The server that a request goes to, and the model that is asked there."""

    settings: Settings
    redactor: Redactor
    model: str

    @property
    def host(self) -> str:
        return host_of(self.settings.base_url)

    @property
    def is_own(self) -> bool:
        """Whether it is the provider's own host."""
        return is_own_host(self.settings.base_url)

    def failure(self, message: str, remedy: str, retry_after: float | None = None) -> ProviderError:
        """The error of exactly these two lines, with `{host}` and `{model}` filled in and every secret hidden."""
        filled = message.replace("{host}", self.host).replace("{model}", self.model)
        return ProviderError(self._line(filled), remedy.replace("{model}", self.model), retry_after)

    def no_api(self) -> ProviderError:
        """What came is not the Messages API's form."""
        return self.failure(
            "{host} answered, but not in the form of the Messages API.",
            "Check BASE_URL: the server must offer /v1/messages under it.",
        )

    def _line(self, text: str) -> str:
        line = USER_OF_URL.sub(HIDDEN, self.redactor.clean(" ".join(text.split())))
        return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
