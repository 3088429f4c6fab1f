"""From the lines of a page to blocks: neighbouring lines that play one part.

Blank lines part them; so do lead-ins, lines of writers, running heads, a change of the column width
and lines that do not fit the column they stand in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import median

from summarizer.articles import cues as _cues
from summarizer.articles.blocks import SLACK, Block, Line, Role, alike, columns, open_end
from summarizer.articles.cues import Cues
from summarizer.articles.joining import join_lines
from summarizer.text import strip_hidden

__all__ = ["BRACKETED", "CANNOT_START", "MAX_HEAD", "MAX_HEAD_LINES", "cut_blocks"]

# A headline never runs longer; room is left for the longest seen, 62 characters on four lines.
MAX_HEAD = 90
MAX_HEAD_LINES = 4

BRACKETED = re.compile(r"[（(【].*[）)】]")
CANNOT_START = re.compile(r"[，。、；：！？）》」』】”’%,;!?)\]]")


def cut_blocks(lines: Sequence[str], cues: Cues) -> list[Block]:
    """All blocks of the page in page order, headlines still called BODY; blank lines are in none."""
    blocks: list[Block] = []
    for stretch in _stretches(lines):
        blocks.extend(_split(stretch, cues))
    for block in blocks:
        block.text = join_lines([line.text for line in block.lines])
        block.open_end = open_end(block.text) and not _falls_short(block, cues)
        block.ends = _ends(block.text, cues)
    return blocks


def _ends(text: str, cues: Cues) -> bool:
    tail = text[-60:]
    if cues.notice and _cues.NOTICE_BODY.search(tail[-12:]):
        return True
    jump = _cues.JUMP.search(tail)
    if jump and jump.end() == len(tail):
        return "接" not in jump[1][:2]
    return _cues.SIGNED.search(tail) is not None


def _falls_short(block: Block, cues: Cues) -> bool:
    """Does the last line stop well before the column does? Then the paragraph ends there."""
    if not cues.measure or block.measure is None or len(block.lines) < 3:
        return False
    return block.lines[-1].width < block.measure * 0.8


def _stretches(lines: Sequence[str]) -> Iterator[list[Line]]:
    """Runs of lines without a blank line between."""
    run: list[Line] = []
    for number, raw in enumerate(lines, 1):
        text = strip_hidden(raw)
        bare = text.strip()
        if bare:
            run.append(Line(number, bare, text[0].isspace(), _indent(text) >= 4, columns(text.rstrip())))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _indent(text: str) -> int:
    return columns(text[: len(text) - len(text.lstrip())])


def _measure(lines: Sequence[Line]) -> int | None:
    """The column width that most lines fill; the last line may be short and does not count."""
    full = [line.width for line in lines[:-1]]
    if not full:
        return None
    wide = max(full[: 200])
    return int(median(w for w in full if w >= wide * 0.75)) if len(full) > 1 else wide


def _split(stretch: list[Line], cues: Cues) -> Iterator[Block]:
    """Cut a stretch where its lines change their part."""
    pieces: list[tuple[Role, list[Line]]] = []
    forms = list(_by_form(stretch, cues))
    for at, (role, lines) in enumerate(forms):
        if role is not Role.BODY:
            pieces.append((role, lines))
            continue
        columns = list(_by_measure(lines, cues))
        for column in columns:
            followed = column is columns[-1] and at + 1 < len(forms) and forms[at + 1][0] is not Role.RUNNING
            pieces += [(role, part) for part in _by_fit(column, followed, cues)]
    for role, lines in pieces:
        block = Block(lines, role, measure=_measure(lines))
        if role is Role.BODY:
            block.opens = cues.dateline and _leads(lines, 0)
        yield block


def _by_form(stretch: list[Line], cues: Cues) -> Iterator[tuple[Role, list[Line]]]:
    """Set apart running heads and lines of writers; cut before every lead-in."""
    part: list[Line] = []
    for at, line in enumerate(stretch):
        role = _role_of(line, part, cues)
        if role is not Role.BODY or (part and cues.dateline and _leads(stretch, at) and not _mid_lead(part)):
            if part:
                yield Role.BODY, part
            part = []
        if role is Role.BODY:
            part.append(line)
        else:
            yield role, [line]
    if part:
        yield Role.BODY, part


def _role_of(line: Line, part: list[Line], cues: Cues) -> Role:
    if len(line.text) > 200:
        return Role.BODY
    if cues.running_head and _cues.RUNNING.fullmatch(line.text):
        return Role.RUNNING
    # The end of a long sentence can look like a list of names; a mark in front is beyond doubt.
    if cues.byline and _cues.is_byline(line.text) and (not _is_text(part) or line.text[0] in "■□●◆▲★"):
        return Role.BYLINE
    return Role.BODY


def _leads(lines: Sequence[Line], at: int) -> bool:
    """Does a lead-in begin at this line? It may itself be broken over three lines."""
    return _cues.lead_in("".join(line.text for line in lines[at : at + 3])) > 0


def _mid_lead(part: list[Line]) -> bool:
    """Has the part no text yet but a lead-in, or does its last line run on?"""
    if _runs_on(part):
        return True
    lead = "".join(line.text for line in part[:3])
    return len(part) < 3 and 0 < _cues.lead_in(lead) >= len(lead)


def _by_measure(lines: list[Line], cues: Cues) -> Iterator[list[Line]]:
    """Cut where the column width changes for good, after the end of a sentence."""
    start = 0
    if cues.measure:
        for at in range(2, len(lines) - 1):
            if at - start >= 2 and not open_end(lines[at - 1].text):
                before = max(line.width for line in lines[max(start, at - 4) : at])
                after = max(line.width for line in lines[at : at + 2])
                same = alike(lines[at].width, lines[at + 1].width)
                if same and not alike(before, after) and open_end(lines[at].text):
                    yield lines[start:at]
                    start = at
    yield lines[start:]


def _by_fit(lines: list[Line], followed: bool, cues: Cues) -> Iterator[list[Line]]:
    """Cut lines that are no lines of the column from those that are."""
    start = 0
    strays = _strays(lines, followed) if cues.measure else [False] * len(lines)
    for at in range(1, len(lines)):
        if strays[at] != strays[at - 1]:
            yield lines[start:at]
            start = at
    yield lines[start:]


def _strays(lines: list[Line], followed: bool) -> list[bool]:
    """Which lines are headings: not of the column's width though their sentence is not at its end.

    The lines up to the end of a sentence are looked at together: all but the last fill the column,
    so the last but one shows its width, and lines before them that do not fit are a heading.
    `followed` says that another story begins right behind these lines.
    """
    strays = [False] * len(lines)
    ends = [at for at, line in enumerate(lines) if not open_end(line.text)]
    starts = [0, *(at + 1 for at in ends)]
    widths = [_width_of(lines[a : b + 1]) for a, b in zip(starts, ends, strict=False)]
    for chain, (start, end) in enumerate(zip(starts, ends, strict=False)):
        nearby = [w for w in widths[max(chain - 1, 0) : chain + 2] if w]
        for at in range(start, min(end, start + MAX_HEAD_LINES + 2)):
            before_paragraph = lines[at + 1].deep and not lines[at].deep
            fits = not nearby or any(alike(lines[at].width, w) for w in [widths[chain]] if w) or (
                widths[chain] is None and any(alike(lines[at].width, w) for w in nearby)
            )
            if not _heading_like(lines, at) or (fits and not before_paragraph):
                break
            strays[at] = True
    tail = range(starts[-1], len(lines))
    if ends and 0 < len(tail) <= MAX_HEAD_LINES + 2 and all(_heading_like(lines, at) for at in tail):
        width = next((w for w in reversed(widths) if w), None)
        if followed or (width and not any(alike(lines[at].width, width) for at in tail)):
            strays[starts[-1] :] = [True] * len(tail)
    return strays


def _width_of(chain: list[Line]) -> int | None:
    """The column width of lines up to the end of a sentence; None when too few to tell."""
    if len(chain) < 3 or chain[-1].deep:
        return None
    last, width = chain[-1].width, chain[-2].width
    return width if last <= width or alike(last, width) else None


def _heading_like(lines: list[Line], at: int) -> bool:
    """Could the line be one of a heading, its width left aside?"""
    text = lines[at].text
    if len(text) > MAX_HEAD or text[-1] in "，、,；;：:" or "。" in text:
        return False
    return not (CANNOT_START.match(text) or BRACKETED.fullmatch(text) or _leads(lines, at))


def _is_text(part: list[Line]) -> bool:
    """Does the part run on, and is it more than a headline?"""
    return bool(part) and open_end(part[-1].text) and (len(part) > 3 or any("。" in x.text for x in part))


def _runs_on(part: list[Line]) -> bool:
    """Is the last line full and its sentence unfinished?"""
    if len(part) < 2:
        return False
    last = part[-1]
    return open_end(last.text) and last.width >= max(x.width for x in part[-4:-1]) - SLACK
