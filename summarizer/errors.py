"""The error tree.

    SummarizerError          anything a reader can act on; one line, exit code 1
    ├── PageError            a page could not be read
    ├── ModelError           a model could not be found, trusted, loaded or called
    ├── PromptError          a prompt file is wrong, or a variable is missing or unused
    ├── SettingsError        a setting has a value that is not accepted
    ├── QuestionError        a question is empty, or no question
    ├── LibraryError         a library is missing, broken, or of another version or encoder
    ├── OutputError          the output folder cannot be written or was made by something else
    └── UsageError           wrong words on the command line (exit code 2)

Everything else is a bug and keeps its traceback. A message says what was expected,
what was found and what to do next.
"""

from __future__ import annotations

__all__ = [
    "EXIT_DONE",
    "EXIT_SET_ASIDE",
    "LibraryError",
    "ModelError",
    "OutputError",
    "PageError",
    "PromptError",
    "QuestionError",
    "SettingsError",
    "SummarizerError",
    "UsageError",
]

EXIT_DONE = 0
EXIT_SET_ASIDE = 3
"""The run finished, but some inputs were set aside."""


class SummarizerError(Exception):
    """Something the reader can act on: shown as one line, exits with `exit_code`."""

    exit_code = 1


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


class UsageError(SummarizerError):
    """Wrong words on the command line."""

    exit_code = 2
