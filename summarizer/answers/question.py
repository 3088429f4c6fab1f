"""A question as it was typed becomes one that can be searched for and answered alone.

Follow-ups are completed from the answers before, relative days are told and become dates to search
in. What was understood is shown: it is the `question` of the Answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from summarizer.answers import followups, times
from summarizer.errors import QuestionError
from summarizer.models.dialogue import Talker, clean
from summarizer.models.markers import neutral
from summarizer.prompts import load_prompt
from summarizer.records import Answer, Filters
from summarizer.text import fold, ngrams, strip_hidden

__all__ = ["LONGEST", "Asked", "checked", "mentions_days", "understood"]

LONGEST = 1000
"""Characters of a question. The longest of 700 news questions has 80; more is a text that was pasted."""
# Turns a rewrite is shown, and characters of each question and answer: a follow-up seldom reaches further
# back, and the small context of a local server must hold them.
_TURNS, _TURN = 4, 200
# Share of its character pairs that a rewrite must take from what it was shown. A follow-up made whole is
# nearly all copied; an answer, or what a quoted text told the model to say, is not.
_COPIED = 0.6
_LABEL = re.compile("^(?:改写|新|完整|独立)[^：:？?]{0,10}[：:]\\s*")
_DELIMITERS = ("<对话>", "</对话>", "<问题>", "</问题>")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was understood."""

    text: str
    """Standalone, with what its relative days mean in brackets behind it."""
    filters: Filters
    """Where to look: as given, or the days that the question names."""


def checked(question: str) -> str:
    """The question without hidden characters and blanks around it. Raises QuestionError for one that is
    empty or longer than LONGEST."""
    plain = " ".join(strip_hidden(question).split())
    if not fold(plain):
        raise QuestionError(
            "expected a question, found none. Write what you want to know.", reason="question.none"
        )
    if len(plain) > LONGEST:
        raise QuestionError(
            f"expected a question of at most {LONGEST:,} characters, found {len(plain):,}. "
            "Ask in one sentence; pages are added with 'summarizer add'.",
            reason="question.long",
            limit=f"{LONGEST:,}",
            found=f"{len(plain):,}",
        )
    return plain


def understood(
    question: str,
    history: Sequence[Answer] = (),
    *,
    today: str | None = None,
    filters: Filters | None = None,
    talker: Talker | None = None,
) -> Asked:
    """The question as one that needs no dialogue and no calendar.

    `history` holds the answers before, oldest first. `today` is the ISO date from which 昨天 and 今年
    count; without it they stay as they are. Dates in `filters` win over those in the question. With
    `talker` a chat model writes the standalone form, else the last question's names are carried over.
    Raises QuestionError, SettingsError for a date that is none, ModelError.
    """
    text = checked(question)
    given = Filters() if filters is None else filters
    if history:
        carried = followups.standalone(text, history)
        text = (rewritten(text, history, talker) or carried) if talker else carried
    if today is None:
        return Asked(text, given)
    day = times.day_of(today)
    found = times.periods(text, day)
    days = times.window(found, day)
    if days and given.since is None and given.until is None:
        given = replace(given, since=days[0].isoformat(), until=days[1].isoformat())
    return Asked(text + times.told(found), given)


def mentions_days(question: str, history: Sequence[Answer] = ()) -> bool:
    """Does it need a day to count from? A follow-up may take its 昨天 from the question before."""
    before = history[-1].question if history else ""
    return bool(times.periods(before + question, times.day_of("2000-01-01")))


def rewritten(question: str, history: Sequence[Answer], talker: Talker) -> str:
    """The standalone form by a chat model; "" when its reply is not made of what it was shown."""
    turns = [f"问：{_bounded(turn.question)}\n答：{_bounded(turn.text)}" for turn in history[-_TURNS:]]
    shown = [talker.neutral(neutral(text, _DELIMITERS)) for text in ("\n".join(turns), question)]
    prompt = load_prompt("standalone")
    budget = 2 * _TURN + 32
    messages = prompt.render(dialogue=shown[0], question=shown[1])
    if talker.room(messages, budget=budget) < 0:
        messages = prompt.render(dialogue=shown[0].splitlines()[-2], question=shown[1])
    reply = talker.replies(messages, budget=budget, count=1)
    said = _LABEL.sub("", clean(reply[0].text, "headline")) if reply else ""
    told = set(ngrams(fold("".join(shown)), 2))
    pairs = list(ngrams(fold(said), 2))
    copied = sum(pair in told for pair in pairs)
    fits = pairs and copied >= _COPIED * len(pairs) and len(said) <= LONGEST
    return said if fits else ""


def _bounded(text: str) -> str:
    line = " ".join(strip_hidden(text).split())
    return line if len(line) <= _TURN else line[:_TURN] + "…"
