"""From the lines of a page to blocks: neighbouring lines that play one part.

Blank lines part them; so do lead-ins, lines of writers, running heads, a change of the column width
and lines that do not fit the column they stand in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from summarizer.articles import cues as _cues
from summarizer.articles.blocks import SLACK, Block, Line, Role, alike, columns, open_end
from summarizer.articles.cues import Cues
from summarizer.articles.headings import MAX_CAPTION, announces, headings, leads
from summarizer.articles.joining import join_lines
from summarizer.text import strip_hidden

__all__ = ["cut_blocks"]


def cut_blocks(lines: Sequence[str], cues: Cues) -> list[Block]:
    """All blocks of the page in page order, headlines still called BODY; blank lines are in none."""
    blocks: list[Block] = []
    for stretch in _stretches(lines):
        blocks.extend(_split(stretch, cues))
    for block in blocks:
        block.text = join_lines([line.text for line in block.lines])
        block.open_end = not block.signs and open_end(block.text) and not _falls_short(block, cues)
        block.ends = block.signs or _ends(block.text, cues)
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
    wide = max(full[:200])
    return int(median(w for w in full if w >= wide * 0.75)) if len(full) > 1 else wide


def _split(stretch: list[Line], cues: Cues) -> Iterator[Block]:
    """Cut a stretch where its lines change their part."""
    pieces: list[tuple[Role, list[Line]]] = []
    forms = list(_by_form(stretch, cues))
    for at, (role, lines) in enumerate(forms):
        if role is not Role.BODY or _signs(lines, cues):
            pieces.append((role, lines))
            continue
        columns = [part for piece in _by_credit(lines, cues) for part in _by_measure(piece, cues)]
        for column in columns:
            followed = column is columns[-1] and at + 1 < len(forms) and forms[at + 1][0] is not Role.RUNNING
            pieces += [(role, part) for part in _by_fit(column, followed, cues)]
    for role, lines in pieces:
        block = Block(lines, role, measure=_measure(lines))
        if role is Role.BODY:
            block.opens = cues.dateline and leads(lines, 0)
            block.signs = _signs(lines, cues)
        yield block


def _signs(lines: Sequence[Line], cues: Cues) -> bool:
    return cues.notice and len(lines) == 2 and _cues.is_signature(lines[0].text, lines[1].text)


def _by_form(stretch: list[Line], cues: Cues) -> Iterator[tuple[Role, list[Line]]]:
    """Set apart running heads and lines of writers; cut before every lead-in."""
    part: list[Line] = []
    for at, line in enumerate(stretch):
        if _signs(stretch[at - 1 : at + 1], cues) and part and part[-1] is stretch[at - 1]:
            if part[:-1]:
                yield Role.BODY, part[:-1]
            yield Role.BODY, stretch[at - 1 : at + 1]
            part = []
            continue
        role = _role_of(line, part, stretch[at + 1 : at + 2], cues)
        if cues.notice and announces(line.text):
            if part:
                yield Role.BODY, part
            yield Role.BODY, [line]
            part = []
            continue
        if role is not Role.BODY or (part and cues.dateline and _opens(stretch, at, part)):
            if part:
                yield Role.BODY, part
            part = []
        if role is Role.BODY:
            part.append(line)
        else:
            yield role, [line]
    if part:
        yield Role.BODY, part


def _role_of(line: Line, part: list[Line], after: Sequence[Line], cues: Cues) -> Role:
    if len(line.text) > 200:
        return Role.BODY
    if cues.running_head and _cues.RUNNING.fullmatch(line.text):
        return Role.RUNNING
    if part and "。" in part[-1].text[-2:] and _cues.CREDIT.search(" " + line.text):
        return Role.BODY  # who took the picture, on a line of its own below the caption
    # The end of a long sentence can look like a list of names; a mark in front is beyond doubt, and so is
    # a short line with a paragraph below.
    if cues.byline and _cues.is_byline(line.text):
        apart = bool(after) and after[0].deep and not line.deep and line.width < after[0].width - SLACK
        if apart or line.text[0] in "■□●◆▲★" or not _is_text(part):
            return Role.BYLINE
    return Role.BODY


def _opens(stretch: list[Line], at: int, part: list[Line]) -> bool:
    """Does a story open here? In the middle of a sentence only if its writers are named, too: a text
    may quote 新华社…电."""
    if not leads(stretch, at) or _mid_lead(part):
        return False
    return not _runs_on(part) or leads(stretch, at, signed=True)


def _mid_lead(part: list[Line]) -> bool:
    """Has the part no text yet but a lead-in?"""
    lead = "".join(line.text for line in part[:3])
    return len(part) < 3 and 0 < _cues.lead_in(lead) >= len(lead)


def _by_credit(lines: list[Line], cues: Cues) -> Iterator[list[Line]]:
    """Set apart captions that touch other text: from the end of the paragraph before to the photo credit."""
    spans = _caption_spans(lines) if cues.caption else []
    begins, ends = {a for a, _ in spans}, {b for _, b in spans}
    start = 0
    for begin, end in spans:
        if begin in ends or end in begins:
            continue  # credits line upon line: a picture story's own text
        if start < begin:
            yield lines[start:begin]
        yield lines[begin:end]
        start = end
    if start < len(lines):
        yield lines[start:]


def _caption_spans(lines: Sequence[Line]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = 0
    for at, line in enumerate(lines):
        if line.text[-1] not in "摄道图发）)" or not _cues.CREDIT.search(line.text[-60:]):
            continue
        begin, size = at, len(line.text)
        while begin > start and size <= MAX_CAPTION and not _paragraph_ends(lines, begin - 1, at):
            begin -= 1
            size += len(lines[begin].text)
        credits = sum(x.text.count("摄") for x in lines[begin : at + 1])
        if size <= MAX_CAPTION and credits < 2:
            spans.append((begin, at + 1))
        start = at + 1
    return spans


def _paragraph_ends(lines: Sequence[Line], at: int, last: int) -> bool:
    """Does a paragraph end with line `at`: is its sentence at an end and short, or the width another from
    the next line to the line `last`?"""
    line, after = lines[at], lines[at + 1]
    if open_end(line.text):
        return False
    full = max(x.width for x in lines[max(at - 3, 0) : at + 1])
    other = not alike(after.width, full) and (after.width > full or at + 1 < last)
    return line.width < full - SLACK or other


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
    strays = headings(lines, followed) if cues.measure else [False] * len(lines)
    for at in range(1, len(lines)):
        if strays[at] != strays[at - 1]:
            yield lines[start:at]
            start = at
    yield lines[start:]


def _is_text(part: list[Line]) -> bool:
    """Does the part run on, and is it more than a headline?"""
    return bool(part) and open_end(part[-1].text) and (len(part) > 3 or any("。" in x.text for x in part))


def _runs_on(part: list[Line]) -> bool:
    """Is the last line full and its sentence unfinished?"""
    if len(part) < 2:
        return False
    last = part[-1]
    return open_end(last.text) and last.width >= max(x.width for x in part[-4:-1]) - SLACK
