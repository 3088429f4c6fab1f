"""Does the source say so? Numbers, dates, quotes, Latin words and names of an output, checked.

    >>> [c.text for c in unsupported("投资131亿元", "全年完成投资131.4亿元。")]
    ['131亿元']

A claim of the output is supported when the source holds one that means the same: 1.2万 is
12000 is 一万二千, 8时50分 is 8:50, 去年 is 2023年 on a page of 2024. What is added up, counted
or rounded without saying so is not supported. Knows nothing of models and of articles.
"""

from __future__ import annotations

from summarizer.grounding.source import Source
from summarizer.grounding.spans import align
from summarizer.records import Check

__all__ = ["Source", "align", "check", "unsupported"]


def check(output: str, source: str, *, date: str | None = None) -> tuple[Check, ...]:
    """Every claim of `output`, in order of position, each with the span of `source` that says it.

    `date` is the page's ISO date or month, for relative dates; SettingsError when it is neither. The parse
    of the last sources is remembered: many outputs against one source are cheap.
    """
    return Source.of(source, date).check(output)


def unsupported(output: str, source: str, *, date: str | None = None) -> tuple[Check, ...]:
    """The checks that failed, in order of position; () when the source says it all."""
    return tuple(c for c in check(output, source, date=date) if not c.supported)
