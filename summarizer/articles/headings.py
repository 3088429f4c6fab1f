"""Which lines of a column are headings, where no blank line sets them off: those that do not fit it.

A full line of text is as wide as its column, and only a paragraph's last line may be short. So a line
that is neither full nor at the end of a sentence is no text, and no more are the lines between it and
the end of the sentence before.
"""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.articles import cues as _cues
from summarizer.articles.blocks import SLACK, Line, alike, open_end

__all__ = ["MAX_CAPTION", "MAX_HEAD", "MAX_HEAD_LINES", "announces", "headings", "leads"]

MAX_HEAD = 90
"""Characters. The longest headline seen has 62; at 45 long ones are lost, at 180 short paragraphs pass."""
MAX_CAPTION = 260
"""Characters. Captions run to 110, photo stories to 240; at 130 these are lost, at 520 paragraphs pass."""
SHORT_NOTICE = 8
"""Characters of a headline that only announces a notice: 债权人公告; at 4 that is lost, at 16 a
sentence's last words pass."""
MAX_HEAD_LINES = 4
"""Lines. Four were seen; at 2 wrapped headlines are lost, at 8 verses and lists pass."""
GROUP_LINES = MAX_HEAD_LINES + 2
"""Lines of headings that touch: a headline's, with a kicker and a subtitle."""
SHORT = 0.6
"""Of the widest line up to the end of the sentence, where nothing else shows the column's width: at 0.3
headlines of briefs are lost, at 0.9 first lines with an indent cut off pass."""
TIGHT = 2
"""Columns. A full line that holds no figures misses at most one character pushed to the next line."""


def headings(lines: Sequence[Line], followed: bool) -> list[bool]:
    """For every line of a column, whether it is a heading; blank lines stand nowhere between them.

    `followed` says that another story begins right behind the last line.
    """
    found = [False] * len(lines)
    ends = [at for at in range(len(lines)) if _ends_sentence(lines, at)]
    starts = [0, *(at + 1 for at in ends)]
    widths = [_width_of(lines[a : b + 1]) for a, b in zip(starts, ends, strict=False)]
    for chain, (start, end) in enumerate(zip(starts, ends, strict=False)):
        near = [w for w in widths[max(chain - 1, 0) : chain + 2] if w]
        own = widths[chain]
        last = _last_misfit(lines, start, end, [own] if own else near)
        found[start : last + 1] = [True] * (last + 1 - start)
    start = starts[-1]
    tail = lines[start:]
    if ends and 0 < len(tail) <= GROUP_LINES and all(_like(lines, at) for at in range(start, len(lines))):
        width = next((w for w in reversed(widths) if w), None) or _shared_width(lines[:start])
        if followed or (width and not alike(tail[-1].width, width)):
            found[start:] = [True] * len(tail)
    return found


def _ends_sentence(lines: Sequence[Line], at: int) -> bool:
    """Is a sentence at its end with this line? Brackets opened on the line before are read whole."""
    text = lines[at].text
    if at and text[-1] in "）)" and not any(mark in text for mark in "（("):
        text = lines[at - 1].text + text
    return not open_end(text)


def _last_misfit(lines: Sequence[Line], start: int, end: int, widths: Sequence[int]) -> int:
    """The last heading line of a chain, the lines from `start` to the sentence end `end`; start - 1
    when it has none."""
    last = start - 1
    if start > 0 and lines[start - 1].text[-1] in "：:":
        return last  # a list, which its own sentence announces
    fresh = start > 0 and bool(widths) and lines[start - 1].width < max(widths) - SLACK
    for at in range(start, min(end, start + GROUP_LINES)):
        line = lines[at]
        if not _like(lines, at) and not (line.text[-1] in "，、：" and not _fits(line, widths, fresh)):
            break
        before_paragraph = lines[at + 1].deep and not line.deep
        later = max(x.width for x in lines[at + 1 : end + 1])
        short = not widths and "。" in lines[end].text and line.width < SHORT * later
        misfit = before_paragraph or short or (bool(widths) and not _fits(line, widths, fresh))
        if misfit and line.text[-1] not in "，、；：":
            last = at
    return last


def _fits(line: Line, widths: Sequence[int], fresh: bool) -> bool:
    """Is it a full line of a column this wide? Held to it tightly right after a paragraph's end."""
    if fresh and line.text.isalpha() and not line.text.isascii():
        return any(abs(line.width - width) <= TIGHT for width in widths)
    return any(alike(line.width, width) for width in widths)


def _width_of(chain: Sequence[Line]) -> int | None:
    """The column width of lines up to the end of a sentence; None when too few to tell."""
    if len(chain) < 3 or chain[-1].deep:
        return None
    last, width = chain[-1].width, chain[-2].width
    return width if last <= width or alike(last, width) else None


def _shared_width(lines: Sequence[Line]) -> int | None:
    """The width of the widest line, if another line has it too."""
    wide = max(line.width for line in lines)
    return wide if sum(alike(line.width, wide) for line in lines) > 1 else None


def _like(lines: Sequence[Line], at: int) -> bool:
    """Could the line be one of a heading, its width left aside?"""
    text = lines[at].text
    if len(text) > MAX_HEAD or text[-1] in "，、,；;：:" or "。" in text:
        return False
    return not (_cues.CANNOT_START.match(text) or _cues.BRACKETED.fullmatch(text) or leads(lines, at))


def leads(lines: Sequence[Line], at: int, *, signed: bool = False) -> bool:
    """Does a lead-in begin at this line, and with `signed`, one that names its writers? It may itself be
    broken over three lines."""
    text = "".join(line.text for line in lines[at : at + 3])
    size = _cues.lead_in(text)
    return size > 0 and (not signed or _cues.lead_in_writers(text[:size]) is not None)


def announces(text: str) -> bool:
    """Is it nothing but the headline of a notice, such as 遗失声明?"""
    return len(text) <= SHORT_NOTICE and _cues.is_notice_head(text)
