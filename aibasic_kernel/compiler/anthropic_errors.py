"""Every way in which the Messages API fails, as two lines: what happened, and what to do.

Called only after the SDK was imported. The SDK retries and wraps nothing once a reply is being streamed: an `error`
event is an APIStatusError with status 200, a dropped connection and a stall are plain httpx2 errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aibasic_kernel.compiler.redaction import Redactor
from aibasic_kernel.compiler.settings import Settings, host_of
from aibasic_kernel.errors import ProviderError

if TYPE_CHECKING:
    from anthropic import APIStatusError

LATER = "Run the line again in a while. Lines that the lock or a phrase serves need no model."
SET_KEY = "Set API_KEY in [aibasic] of aibasic.conf, or the environment variable ANTHROPIC_API_KEY"


def no_key() -> ProviderError:
    """There is no key for the provider's own host."""
    return ProviderError(
        "This line needs a language model, and no key for one is set.",
        f"{SET_KEY}; or BASE_URL for a local server (Ollama, llama.cpp, LM Studio, vLLM).",
    )


def timed_out(settings: Settings, streaming: bool) -> ProviderError:
    """Nothing came for TIMEOUT seconds, before the reply began or in the midst of it."""
    what = "stopped in the midst of its answer" if streaming else "did not answer"
    return ProviderError(
        f"{host_of(settings.base_url)} {what}: nothing came for {settings.timeout:g} seconds.",
        "Run the line again, or raise TIMEOUT in [aibasic].",
    )


def not_the_api(settings: Settings) -> ProviderError:
    """What came is not the Messages API's form."""
    return ProviderError(
        f"{host_of(settings.base_url)} answered, but not in the form of the Messages API.",
        "Check BASE_URL: the server must offer /v1/messages under it.",
    )


def broken_off(settings: Settings) -> ProviderError:
    """The reply ended before its end. Nothing of it is run."""
    return ProviderError(f"The connection to {host_of(settings.base_url)} broke off in the midst of the answer.", LATER)


def explained(
    error: Exception, settings: Settings, redactor: Redactor, model: str, streaming: bool
) -> ProviderError:
    """The message for what the SDK or its HTTP client raised; `streaming` once the reply had begun."""
    import anthropic
    import httpx2

    if isinstance(error, anthropic.APIConnectionError) and isinstance(error.__cause__, ProviderError):
        return error.__cause__
    if isinstance(error, anthropic.APITimeoutError | httpx2.TimeoutException):
        return timed_out(settings, streaming)
    if isinstance(error, anthropic.APIStatusError):
        return _for_status(error, settings, redactor, model)
    if streaming and isinstance(error, httpx2.HTTPError):
        return broken_off(settings)
    if isinstance(error, anthropic.APIConnectionError | httpx2.HTTPError):
        reason = redactor.clean(str(error.__cause__ or error))
        return ProviderError(
            f"No connection to {host_of(settings.base_url)}: {reason or type(error).__name__}",
            "Check the network, the proxy and BASE_URL. Lines that the lock or a phrase serves need no model.",
        )
    return not_the_api(settings)


KIND_OF_STATUS = {
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
    504: "timeout_error",
    529: "overloaded_error",
}


def _for_status(error: APIStatusError, settings: Settings, redactor: Redactor, model: str) -> ProviderError:
    host = host_of(settings.base_url)
    said = redactor.clean(" ".join((error.api_message or "").split()))[:300]
    kind = error.type or KIND_OF_STATUS.get(error.status_code, "api_error")
    if kind == "billing_error" or "credit balance" in said:
        return ProviderError(f"{host} refuses: there is no credit left. {said}".rstrip(), "Add credit to the account.")
    if kind == "authentication_error":
        if settings.api_key is None:
            return ProviderError(f"{host} wants a key, and none is set.", f"{SET_KEY}.")
        return ProviderError(f"{host} does not accept the key.", f"{SET_KEY} to a valid one.")
    if kind == "permission_error":
        return ProviderError(f"{host} refuses: {said}", "Check what the key is allowed to do.")
    if kind == "not_found_error":
        return ProviderError(
            f"{host} knows no model {model}. {said}".rstrip(),
            "Set MODEL in [aibasic] to one that it has, and check BASE_URL.",
        )
    if kind == "request_too_large":
        return ProviderError(f"The request is too large for {host}.", "Name the tables and variables that are meant.")
    if kind == "rate_limit_error":
        wait = error.response.headers.get("retry-after", "")
        return ProviderError(
            f"{host} has had too many requests for now. {said}".rstrip(),
            f"Run the line again in {wait} seconds." if wait.isdigit() else LATER,
        )
    if kind == "overloaded_error":
        return ProviderError(f"{host} is overloaded.", LATER)
    if kind == "timeout_error":
        return ProviderError(f"{host} took too long for this request.", LATER)
    if kind == "invalid_request_error":
        return ProviderError(f"{host} cannot read the request: {said}", "Check MODEL, MAX_TOKENS and FEATURES.")
    return ProviderError(f"{host} failed ({kind}). {said}".rstrip(), LATER)
