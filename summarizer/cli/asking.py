"""The verb ask: an answer with the sentences it rests on, or an honest refusal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from summarizer.cli.options import EXIT_CODES, newspaper_of
from summarizer.cli.searching import each, expect_one, filters_of, scoped, written_out
from summarizer.errors import EXIT_DONE, LibraryError, UsageError

if TYPE_CHECKING:
    from summarizer.newspaper import Newspaper
    from summarizer.records import Answer, Document
    from summarizer.rows import QuestionLine, Row

__all__ = ["ask"]


@click.command(epilog=EXIT_CODES)
@click.argument("question", required=False)
@click.option("--reader", metavar="NAME", help="bundled, chat:FOLDER, server:NAME@URL.")
@click.option("--passages", type=click.IntRange(min=1), metavar="N", help="Passages read for an answer.")
@click.option("--context-field", "context", metavar="NAME", help="Answer a row from this field of it alone.")
@scoped
def ask(
    question: str | None,
    context: str | None,
    rows: str | None,
    as_json: bool,
    file: Path | None,
    verbose: bool,
    today: str | None,
    **typed: str | int | None,
) -> int:
    """Answer a question from a library, with the sentences that say so, or refuse.

    \b
    summarizer ask "客运站占地多少亩" --library archive
    summarizer ask --jsonl questions.jsonl --library archive --json
    summarizer ask --jsonl rows.jsonl --context-field context --json

    A row without id is known by its line number. With --context-field no library is
    needed: citations name the row's id, and count in its text. 昨天 counts from a row's
    own date there, else from the newest page asked about, or from --today.
    """
    expect_one(question, rows, "ask")
    if context is not None and rows is None:
        raise UsageError("expected --jsonl FILE with --context-field, found none: its rows hold the texts.")
    scope = {name: typed.pop(name) for name in ("since", "until", "number", "paper")}
    filters = filters_of(**{name: str(word) for name, word in scope.items() if word is not None})
    newspaper = newspaper_of(file, verbose, **typed)
    if question is not None:
        stream = newspaper.ask_stream(question, filters=filters, today=today)
        _show(newspaper, None, question, stream, as_json)
        return EXIT_DONE

    _ = newspaper.answerer  # without a model there is nothing to go on with, and no row is to blame

    def answered(line: QuestionLine) -> None:
        if context is None:
            stream = newspaper.ask_stream(line.question, filters=filters, today=today)
            _show(newspaper, line.id, line.question, stream, as_json)
            return
        answer = newspaper.ask_context(
            line.question, line.context, article=str(line.id), date=line.date, today=today
        )
        _show(newspaper, line.id, line.question, [answer], as_json, line)

    return each(newspaper, str(rows), answered, context=context)


def _of_row(line: QuestionLine, row: Row) -> list[object]:
    """The citations of an answer from a row's own text, with its id as it stands there, number or text."""
    return [citation | {"article": line.id} for citation in row["citations"]]  # type: ignore[attr-defined]


def _show(
    newspaper: Newspaper,
    name: str | int | None,
    question: str,
    stream: Iterable[str | Answer],
    as_json: bool,
    line: QuestionLine | None = None,
) -> None:
    """Print one answer; `line` is the row that brought its own text along."""

    def look(article: str) -> Document | None:
        if line is not None:
            return None
        try:
            return newspaper.library.document(article)
        except LibraryError:
            return None  # taken out since it was found

    if as_json:
        answer = next(item for item in stream if not isinstance(item, str))
        written_out(iter([_row(name, question, answer, look, line)]))
        return
    from summarizer.cli.clippings import Clippings

    screen, spoken = Clippings(sys.stdout), False
    for item in stream:
        if isinstance(item, str):
            screen.piece(item)
            spoken = True
        else:
            screen.answer(question, item, look, spoken=spoken)


def _row(
    name: str | int | None,
    question: str,
    answer: Answer,
    look: Callable[[str], Document | None],
    line: QuestionLine | None,
) -> Row:
    from summarizer.answers.question import mentions_days
    from summarizer.answers.rows import answer_row

    date = line.date if line else None
    if line is None and answer.citations and mentions_days(answer.text):
        document = look(answer.citations[0].article)
        date = document.date if document else None
    row = answer_row(name, question, answer, date)
    return row | {"citations": _of_row(line, row)} if line else row
