"""CONTEXT: what the next request would carry, and CONTEXT LAST: what the last one did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aibasic_kernel.language.instruction import Sentence, Span
from aibasic_kernel.session.messages import Listing, Note

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session


def show_context(session: Session, argument: str) -> Iterator[object]:
    """CONTEXT [LAST]: the next request, to the byte, with what would stand for the sentence left open; or the last."""
    return _last(session) if argument else _next(session)


def _next(session: Session) -> Iterator[object]:
    sentence = Sentence(Span(0, 0, 1), "", None, text="...")
    request = session.compiler.request(sentence, session.scope())
    text = request.readable()
    known = "\n".join(f"  {name}: {value}" for name, value in session.describe().items()) or "  nothing yet"
    yield Note(f"context\n{known}")
    yield Listing(f"the next request, {len(text.encode()):,} bytes, to {request.model}", text)


def _last(session: Session) -> Iterator[object]:
    """The texts of the request that left last; the body that held them is these in JSON, with the model's settings."""
    sent = session.compiler.last_sent
    if sent is None:
        yield Note("nothing has been sent to a model in this session")
        return
    text = sent.request.readable()
    title = f"the last request, {len(text.encode()):,} bytes, to {sent.request.model} at {sent.host}"
    yield Listing(f"{title}; its body had {len(sent.body):,} bytes of JSON", text)
    yield Listing("its body", sent.body.decode(errors="replace"))
