"""From a sentence to its Python: the lock first, then the phrases, then the provider, always in this order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from aibasic_kernel.compiler.accounts.charges import Bill
from aibasic_kernel.compiler.accounts.spending import Spending
from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.configuration.settings import Settings
from aibasic_kernel.compiler.faults import is_fault_of_code
from aibasic_kernel.compiler.folders import data_folder
from aibasic_kernel.compiler.locks.lock import Lock, lock_paths
from aibasic_kernel.compiler.locks.review import untrusted_error
from aibasic_kernel.compiler.locks.signatures import Signatures
from aibasic_kernel.compiler.phrasing.gap import Miss
from aibasic_kernel.compiler.phrasing.match import Match, match
from aibasic_kernel.compiler.phrasing.misses import misses
from aibasic_kernel.compiler.privacy.redaction import Redactor, has_credential
from aibasic_kernel.compiler.prompts.explaining import explanation_request
from aibasic_kernel.compiler.prompts.prompt import Prefix, request_for, tells_code
from aibasic_kernel.compiler.prompts.reply import Answer, ReplyParser
from aibasic_kernel.compiler.providers.provider import ProviderThread, Reply, Request, Sent, Start
from aibasic_kernel.compiler.providers.rehearsal import rehearse
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.task_types import resolve, task_types
from aibasic_kernel.compiler.traces.observe import observe
from aibasic_kernel.compiler.unserved import unserved
from aibasic_kernel.errors import LockError
from aibasic_kernel.language.instruction import Sentence
from aibasic_kernel.language.python_or_english import is_bare_name

_SECRET = (
    "a line holds a password or key, so it is kept until the session ends and not in the lock: "
    "put the secret into aibasic.conf or the environment"
)


@dataclass(frozen=True)
class Served:
    """A compilation, and how it was come by this time."""

    compilation: Compilation
    from_lock: bool = False
    reply: Reply | None = None
    """The provider's reply, where it was asked."""
    replaces: Compilation | None = None
    """What the lock forgets once this has run well."""


@dataclass(frozen=True)
class Question:
    """One request, ready to be sent by `start`; what that costs is put on its bill."""

    model: str
    start: Start
    bill: Bill


class Compiler:
    """Compiles the sentences of one session.

    `folder` is the working folder at the session's start: it decides where the lock lies. `redactor` knows what must
    not leave the machine.
    """

    def __init__(self, settings: Settings, redactor: Redactor, folder: Path, environ: Mapping[str, str]) -> None:
        self._redactor = redactor
        self._folder = folder
        self._environ = environ
        self._signatures = Signatures(data_folder(environ))
        self._thread: ProviderThread | None = None
        self._last_sent: Sent | None = None
        self.spending = Spending(data_folder(environ))
        self._prefix = Prefix()
        self._notes: set[str] = set()
        self._said: set[str] = set()
        self._lock_place: tuple[Path | None, list[Path]] | None = None
        self._take_settings(settings)

    def configure(self, settings: Settings) -> None:
        """Go on with other settings: the provider is made anew, the lock opened where that is elsewhere now."""
        self.close()
        self._take_settings(settings)

    def _take_settings(self, settings: Settings) -> None:
        self.settings = settings
        place = lock_paths(settings.lock, self._folder, self._environ)
        if place != self._lock_place:  # else another setting would lose what is kept until the session ends
            path, others = self._lock_place = place
            fallback = data_folder(self._environ) / "locks"
            self.lock = Lock(path, self._signatures, fallback=fallback, others=others)

    @property
    def last_sent(self) -> Sent | None:
        """The request that left the machine last, None where none did."""
        return (self._thread and self._thread.last) or self._last_sent

    def close(self) -> None:
        """Stop the provider's thread."""
        self._last_sent = self.last_sent
        if self._thread is not None:
            self._thread.close()
            self._thread = None

    def take_notes(self) -> list[str]:
        """What the settings, the lock and its lines have to tell the user and have not told yet."""
        every = (*self.settings.warnings, *self._lock_problems(), *self._notes)
        notes = [note for note in every if note not in self._said]
        self._said.update(notes)
        return notes

    def untold_costs(self) -> list[str]:
        """What was spent on answers that came to nothing, and has not been told yet."""
        spent = self.spending.take_untold()
        return [f"spent on what came to nothing: {spent}"] if spent.requests else []

    def _lock_problems(self) -> list[str]:
        try:
            return self.lock.problems()
        except LockError as error:  # plain Python runs all the same; each sentence raises it
            return [str(error)]

    # Lock and phrase -------------------------------------------------------------------------------------------------

    def serve(self, sentence: Sentence, scope: Scope) -> Served | None:
        """The compilation from the lock or from a phrase; None where a provider has to be asked.

        Raises UntrustedError for an entry that this user has not trusted.
        """
        _require_service(sentence, scope)
        found = self.lock.find(sentence.text, sentence.section, scope)
        if found.entry is not None:
            return Served(found.entry, from_lock=True)
        if found.untrusted:
            for entry in found.untrusted:
                if self._is_phrase(entry, sentence, scope):
                    return Served(entry, from_lock=True)
            raise untrusted_error(self.lock)
        fits = self.by_phrase(sentence, scope)
        if fits is None:
            return None
        origin = ("phrase", fits.phrase.example)
        return Served(self.compilation(sentence, fits.python, fits.result, origin, scope))

    def by_phrase(self, sentence: Sentence, scope: Scope) -> Match | None:
        """The phrase that serves a sentence which the lock does not serve."""
        return self._match(sentence.text, sentence.section, scope) if self.settings.phrases != "off" else None

    def is_missing_name(self, sentence: Sentence, scope: Scope) -> bool:
        """Whether a sentence that `serve` has nothing for is one name that nobody knows: Python's error, no request."""
        alone = not sentence.section and is_bare_name(sentence.text)
        return alone and self._match(sentence.text, "", scope) is None

    def _match(self, text: str, section: str, scope: Scope) -> Match | None:
        return match(text, section, scope, task_types())

    def _is_phrase(self, entry: Compilation, sentence: Sentence, scope: Scope) -> bool:
        """Whether the installed phrases give just this code: then it needs nobody's trust."""
        if entry.origin[0] != "phrase":
            return False
        fits = self._match(sentence.text, sentence.section, scope)
        return fits is not None and (fits.python, fits.result) == (entry.python, entry.result)

    # Provider --------------------------------------------------------------------------------------------------------

    def request(self, sentence: Sentence, scope: Scope, also: Iterable[str] = ()) -> Request:
        """What would be sent for this sentence, to the byte; `also` tells of code that the line had before."""
        request = request_for(sentence, scope, task_types(), self.settings, self._prefix, also=also)
        return request.cleaned(self._redactor.clean)

    def question(self, sentence: Sentence, scope: Scope) -> Question:
        """The request, ready to be sent. Raises CompileError where none may or can be sent, with what would help."""
        self._check_provider(sentence, scope)
        return self._question(self.request(sentence, scope), ahead=scope.ahead is not None)

    def question_again(self, sentence: Sentence, scope: Scope, also: Iterable[str], model: str) -> Question:
        """The same for a line that had code before, of which `also` tells, asked of `model`."""
        return self._question(replace(self.request(sentence, scope, also), model=model))

    def may_tell(self, served: Served, scope: Scope) -> bool:
        """Whether a model may be told this code: it wrote it in this session, or SHARE lets columns out."""
        return served.reply is not None or tells_code(scope, self.settings)

    def question_explaining(self, sentence: Sentence, scope: Scope, python: str, error: str) -> Question:
        """What asks for words about a line's code; its reply is no compilation."""
        request = explanation_request(sentence, scope, self.settings, python, error)
        return self._question(request.cleaned(self._redactor.clean))

    def _question(self, request: Request, ahead: bool = False) -> Question:
        bill = Bill()
        start = partial(self._provider_thread().submit, request, bill=bill, ahead=ahead)
        return Question(request.model, start, bill)

    @property
    def can_ask(self) -> bool:
        """Whether there is a provider, and it may be asked."""
        return self.settings.has_provider and not self.settings.frozen and self.settings.phrases != "only"

    def _check_provider(self, sentence: Sentence, scope: Scope) -> None:
        """Raise CompileError where no provider may or can be asked."""
        settings = self.settings
        if self.can_ask:
            return
        raise unserved(sentence, scope, settings, self.lock, self.misses(sentence, scope))

    def misses(self, sentence: Sentence, scope: Scope) -> list[Miss]:
        """The names in a sentence that keep it from being a phrase, where phrases may serve it at all."""
        return misses(sentence.text, sentence.section, scope, task_types()) if self.settings.phrases != "off" else []

    def _provider_thread(self) -> ProviderThread:
        if self._thread is None:
            self._thread = ProviderThread(self.settings, self._redactor, self.spending)
        return self._thread

    def warm_up(self) -> None:
        """Load in the background what the first request and its reply need, where a provider may be asked at all."""
        if self.can_ask:
            rehearse(self.settings, self._provider_thread().warm_up())

    def answer(self, reply: Reply, ahead: bool = False) -> Answer:
        """The code in a reply, `ahead` of its line's turn or not. Raises ReplyError where it holds none."""
        parser = ReplyParser(ahead)
        parser.feed(reply.text)
        return parser.finish(reply.stop_reason)

    def accept(self, sentence: Sentence, scope: Scope, reply: Reply) -> Served:
        """The compilation that a reply holds. Raises ReplyError where it holds none."""
        answer = self.answer(reply)
        origin = ("model", reply.model)
        return Served(self.compilation(sentence, answer.python, answer.result, origin, scope), reply=reply)

    def compilation(
        self, sentence: Sentence, python: str, result: str, origin: tuple[str, str], scope: Scope
    ) -> Compilation:
        """What `python` is for a sentence, with all that it relies on. Raises SyntaxError for what is no Python."""
        trace = observe(python, self._redactor.clean(sentence.text), scope)  # it tells words, and goes out with outputs
        return Compilation(sentence.text, sentence.section, python, result, origin, trace)

    # After the run ---------------------------------------------------------------------------------------------------

    def keep(self, served: Served) -> None:
        """The line ran well: lock what it was compiled to."""
        if served.from_lock:
            return
        if served.replaces is not None:
            self.lock.drop(served.replaces)
        text = f"{served.compilation.sentence}\n{served.compilation.python}"
        has_secret = has_credential(text) or self._redactor.find(text)
        self.lock.add(served.compilation, on_disk=not has_secret)
        if has_secret:
            self._notes.add(_SECRET)

    def forget(self, sentence: Sentence) -> int:
        """Drop all that the lock holds for this sentence; returns how many entries that were."""
        entries = self.lock.entries(sentence.text, sentence.section)
        for entry in entries:
            self.lock.drop(entry)
        return len(entries)

    def failed(self, served: Served, error: Exception) -> None:
        """The line failed: a model's code from the lock that is itself at fault is dropped, the next run asks anew."""
        by_model = served.compilation.origin[0] == "model"
        if served.from_lock and by_model and not self.settings.frozen and is_fault_of_code(error):
            self.lock.drop(served.compilation)


def _require_service(sentence: Sentence, scope: Scope) -> None:
    """Raise what the module says of its missing section, where the sentence's task type needs one."""
    task = resolve(sentence.task) if sentence.task else None
    if task is None or task.module_class is None:
        return
    section = f"{task.name}:{sentence.instance}" if sentence.instance else task.name
    if section not in scope.services:
        task.module_class.from_config(name=sentence.instance or None)
