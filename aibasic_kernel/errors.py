"""The one family of errors that this project raises on purpose.

    AIBasicError
    ├── ParseError      (language/)  the text is not AIBasic
    ├── CompileError    (compiler/)  no Python could be had for a sentence
    │   ├── ProviderError            the language model's service failed
    │   ├── BudgetError              a request might cost more than the user allows
    │   └── ReplyError               the model answered something that is no compilation
    └── LockError       (compiler/)  aibasic.lock cannot be read, or may not be trusted
        └── UntrustedError           this user has neither compiled nor trusted the code for a sentence

A face shows such an error as its two lines, never as a traceback: the fault is in the input or in the surroundings.
`Refused` stands beside the family: no `except Exception` of a program may swallow it.
"""


class TwoLines(BaseException):
    """What happened, and what to do about it.

    `remedy` is the second line that the user reads; it is empty where the first one already says it.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n{self.remedy}" if self.remedy else self.message


class AIBasicError(TwoLines, Exception):
    """Something that the user can mend."""


class CompileError(AIBasicError):
    """No Python could be had for a sentence."""


class ProviderError(CompileError):
    """The language model's service could not be asked, or did not answer in full.

    `retry_after` is set where nothing of an answer had come and the same request may be sent again: the least seconds
    to wait before that, as the service asked for them, or 0.
    """

    def __init__(self, message: str, remedy: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, remedy)
        self.retry_after = retry_after


class BudgetError(CompileError):
    """A request was not sent: it might cost more than the user allows, or nobody knows what it costs."""


class ReplyError(CompileError):
    """The model answered, but not with a compilation.

    `is_final` says that another answer to the same line would be none either: the user has to do something.
    """

    def __init__(self, message: str, remedy: str = "", is_final: bool = False) -> None:
        super().__init__(message, remedy)
        self.is_final = is_final


class LockError(AIBasicError):
    """The lock cannot be read, or holds code that this user has not trusted."""


class UntrustedError(LockError):
    """The lock holds code for a sentence that this user has neither compiled nor trusted; it was not run."""


class Refused(TwoLines):
    """What a line was about to do was not allowed: what it was and why not, and what would allow it."""


def text_of(error: BaseException) -> str:
    """What an error says; of one whose class raises when it is asked, that it does."""
    try:
        return str(error)
    except BaseException as failure:  # SystemExit too: to show an error must not end the kernel
        return f"(its text cannot be had: {type(failure).__name__})"
