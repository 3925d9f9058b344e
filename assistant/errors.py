"""Every error a person can meet, with the next step in its message.

AssistantError
├── WrongUse                 a request that makes no sense as it stands            exit 2
│   ├── UnknownName          no implementation of that name on the shelf
│   ├── BadQuestion          empty, or longer than a question can be
│   └── BadSettings          assistant.toml or an ASSISTANT_ variable is off
├── UnreadableArticle        one input that is no article; the others go on        exit 1
├── EmptyLibrary             nothing to search yet                                 exit 1
├── UnknownArticle           no article of that id                                 exit 1
├── LibraryBusy              another process writes to this library                exit 3
├── LibraryDamaged           the SQLite file or the index can't be trusted         exit 4
├── EmbedderMismatch         the library's vectors come from another embedder      exit 4
├── ModelFilesMissing        a model or vocabulary file is missing or altered      exit 1
├── BadPrompt                a prompt file is missing or its variables are off     exit 1
├── ModelFailed              the chat model gave no usable answer                  exit 1
└── PortInUse                the page's address is taken (assistant/ui/address)    exit 2

A message names the thing and the value; `hint` is the next step. Bugs are not AssistantErrors: they keep their traceback.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the command line returns."""

    DONE = 0
    INCOMPLETE = 1  # nothing to do, or some inputs failed
    WRONG_USE = 2
    BUSY = 3
    DAMAGED = 4
    FAILED_CONDITION = 5  # a condition of `evaluate --fail-if` holds


class AssistantError(Exception):
    """Something the user can mend; `hint` says how."""

    exit_code = ExitCode.INCOMPLETE

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class WrongUse(AssistantError):
    exit_code = ExitCode.WRONG_USE


class UnknownName(WrongUse):
    pass


class BadQuestion(WrongUse):
    pass


class BadSettings(WrongUse):
    pass


class UnreadableArticle(AssistantError):
    pass


class EmptyLibrary(AssistantError):
    pass


class UnknownArticle(AssistantError):
    pass


class LibraryBusy(AssistantError):
    exit_code = ExitCode.BUSY


class LibraryDamaged(AssistantError):
    exit_code = ExitCode.DAMAGED


class EmbedderMismatch(AssistantError):
    exit_code = ExitCode.DAMAGED


class ModelFilesMissing(AssistantError):
    pass


class BadPrompt(AssistantError):
    pass


class ModelFailed(AssistantError):
    pass
