"""The error tree.

    SummarizerError          anything a reader can act on; one line, exit code 1
    ├── PageError            a page could not be read
    ├── ModelError           a model could not be found, trusted, loaded or called
    ├── PromptError          a prompt file is wrong, or a variable is missing or unused
    ├── SettingsError        a setting has a value that is not accepted
    ├── QuestionError        a question is empty, or no question
    ├── LibraryError         a library is missing, broken, or of another version or encoder
    ├── OutputError          the output folder cannot be written or was made by something else
    ├── AccountError         a name or a password that cannot be an account's
    │   └── LockedOutError   too many wrong passwords; says how long to wait
    ├── UploadError          a file that is no page, or too much of it
    ├── StoreError           what the app keeps cannot be read, written, or grown
    │   └── NotYoursError    no such thing, or another's: which of the two is never told
    └── UsageError           wrong words on the command line (exit code 2)

Everything else is a bug and keeps its traceback. A message says what was expected,
what was found and what to do next.
"""

from __future__ import annotations

__all__ = [
    "AccountError",
    "EXIT_DONE",
    "EXIT_SET_ASIDE",
    "LibraryError",
    "LockedOutError",
    "ModelError",
    "NotYoursError",
    "OutputError",
    "PageError",
    "PromptError",
    "QuestionError",
    "SettingsError",
    "StoreError",
    "SummarizerError",
    "UploadError",
    "UsageError",
]

EXIT_DONE = 0
EXIT_SET_ASIDE = 3
"""The run finished, but some inputs were set aside."""


class SummarizerError(Exception):
    """Something the reader can act on: shown as one line, exits with `exit_code`."""

    exit_code = 1

    def __init__(self, message: str = "", *, reason: str | None = None, **values: object) -> None:
        super().__init__(message)
        self.reason = reason
        """Key of the same sentence in the app's languages; None where there is the message alone."""
        self.values = values
        """What that sentence is filled with: limits, counts and names."""


class PageError(SummarizerError):
    """A page could not be read; the message holds the path and the reason."""


class ModelError(SummarizerError):
    """A model could not be found, trusted, loaded or called."""


class PromptError(SummarizerError):
    """A prompt file is malformed, or its variables do not match what was given."""


class SettingsError(SummarizerError):
    """A setting has a value that is not accepted."""


class QuestionError(SummarizerError):
    """A question is empty, or too long to be one."""


class LibraryError(SummarizerError):
    """A library is missing, cannot be read or written, or does not fit this program or its encoder."""


class OutputError(SummarizerError):
    """The output folder cannot be written, or holds results this run cannot continue."""


class AccountError(SummarizerError):
    """A name or a password that cannot be an account's, or accounts that cannot be read."""


class LockedOutError(AccountError):
    """Too many wrong passwords for a name or from an address."""

    def __init__(self, wait: int) -> None:
        super().__init__(
            f"expected the right password, found too many wrong ones. Try again in {wait} "
            f"{'second' if wait == 1 else 'seconds'}.",
            reason="account.locked",
            wait=wait,
        )
        self.wait = wait
        """Whole seconds, at least 1."""


class UploadError(SummarizerError):
    """A file that is no page, or too much of it; its reason is one of `summarizer.web.uploads`."""


class StoreError(SummarizerError):
    """What the app keeps cannot be read, written or grown, or is of another version."""


class NotYoursError(StoreError):
    """There is no such thing, or it is another's: which of the two is never told."""

    def __init__(self) -> None:
        super().__init__(
            "expected something of yours, found nothing by that name. Look at the list again.",
            reason="store.not_yours",
        )


class UsageError(SummarizerError):
    """Wrong words on the command line."""

    exit_code = 2
