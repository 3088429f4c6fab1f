"""From the blocks of a story to an Article: headline parts, lead-in, writers, jump, paragraphs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from summarizer.articles import cues as _cues
from summarizer.articles.blocks import Block, Line, Role, alike, open_end
from summarizer.articles.cues import Cues
from summarizer.articles.joining import join_lines, tidy
from summarizer.articles.order import Story
from summarizer.records import Article, Kind, Page

__all__ = ["article_of", "caption_of"]

SHORTEST = 4
"""Characters of a headline; a shorter block among several is a label."""

SHORTEST_KICKER = 12
"""Characters of a kicker that nothing but its length tells; at 7, first lines of headlines are taken for
kickers, at 28 none is found."""


def article_of(page: Page, order: int, story: Story, cues: Cues) -> Article:
    """The story as a record; `order` counts from 1."""
    kicker, headline, subtitle = _headline(story)
    paragraphs = _paragraphs([block.lines for block in story.texts if not block.signs])
    dateline, writers = None, None
    # Also of a story signed on a line of its own: 新华社记者 … above 新华社…电 is common, and no reader
    # takes the place and day of dispatch for the story's first words.
    if paragraphs and cues.dateline:
        dateline, writers, paragraphs[0] = _cut_lead(paragraphs[0])
    paragraphs, jump = _cut_jumps(paragraphs)
    if story.bylines:
        writers = _plain(" ".join(block.text for block in story.bylines))
    elif writers is None:
        paragraphs, writers = _cut_tail(paragraphs)
    signed = [line.text for block in story.texts if block.signs for line in block.lines]
    body = "\n".join(p for p in map(tidy, [*paragraphs, *signed]) if p)
    return Article(
        page=page.id,
        order=order,
        kind="notice" if signed and not dateline else _kind(headline, body, dateline, cues),
        headline=headline,
        body=_nfc(body),
        lines=_ranges([*story.heads, *story.texts, *story.bylines]),
        kicker=kicker,
        subtitle=subtitle,
        byline=writers,
        dateline=dateline,
        jump=jump,
        date=page.date,
    )


def caption_of(page: Page, order: int, block: Block, heads: Sequence[Block]) -> Article:
    """A photo caption as a record; its text keeps an agency's lead-in, which is the picture's credit."""
    paragraphs, jump = _cut_jumps(_paragraphs([block.lines]))
    paragraphs, writers = _cut_tail(paragraphs)
    return Article(
        page=page.id,
        order=order,
        kind="photo",
        headline=_printed(heads) or None,
        body=_nfc("\n".join(p for p in map(tidy, paragraphs) if p)),
        lines=_ranges([*heads, block]),
        byline=writers,
        jump=jump,
        date=page.date,
    )


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _plain(text: str) -> str:
    """As printed, with single blanks."""
    return " ".join(text.split())


def _ranges(blocks: Sequence[Block]) -> tuple[tuple[int, int], ...]:
    """Line ranges, ascending; ranges with nothing but blank lines between them stay apart."""
    return tuple(sorted((b.lines[0].number, b.lines[-1].number) for b in blocks))


# --- headline ----------------------------------------------------------------------------------


def _headline(story: Story) -> tuple[str | None, str | None, str | None]:
    """Kicker, headline and subtitle out of the headline blocks, in the order they are printed."""
    heads = _whole(story.heads)
    if not heads:
        return None, None, None
    body = "".join(block.text for block in story.texts)
    main = _main(heads)
    kicker = _printed(heads[:main], body)
    subtitle = _printed(heads[main + 1 :], body)
    lines = heads[main].lines
    if not kicker and len(lines) > 1 and lines[0].text.endswith(("——", "—")):
        kicker, lines = lines[0].text, lines[1:]
    if not kicker and _kicks([line.text for line in lines], body):
        kicker, lines = lines[0].text, lines[1:]
    if not subtitle and len(lines) > 1 and lines[-1].text.startswith(("——", "—")):
        subtitle, lines = lines[-1].text, lines[:-1]
    return kicker or None, _nfc(_join_head(lines, body)), subtitle or None


def _kicks(lines: Sequence[str], body: str) -> bool:
    """Is the first of some lines a kicker? What stands below it is then a headline by itself, in two halves
    alike, and the kicker, in smaller type, is clearly longer than either of them.

    Of two lines that make two statements nothing tells which they are: mostly both are the headline.
    """
    first, rest = lines[0], lines[1:]
    halves = [half for line in rest for half in line.split()]
    if len(halves) != 2 or " " in first or first[-1] + rest[0][0] in body:
        return False
    longer = len(first) >= max(SHORTEST_KICKER, 1.8 * max(map(len, halves)))
    return longer and min(map(len, halves)) > 1 and abs(len(halves[0]) - len(halves[1])) <= 2


def _whole(heads: Sequence[Block]) -> list[Block]:
    """The headline blocks, lines that touch put together again."""
    whole: list[Block] = []
    for block in heads:
        if block.glued and whole and whole[-1].lines[-1].number + 1 == block.lines[0].number:
            lines = [*whole.pop().lines, *block.lines]
            block = Block(lines, Role.HEAD, text=join_lines([line.text for line in lines]))
        whole.append(block)
    return whole


def _main(heads: Sequence[Block]) -> int:
    """Which block is the headline: the last, but a line that begins with a dash is a subtitle,
    and one that ends with a dash is a kicker."""
    main = len(heads) - 1
    while main > 0 and heads[main].text.startswith(("——", "—")):
        main -= 1
    if len(heads[main].text) < SHORTEST:
        main = max(range(main + 1), key=lambda at: len(heads[at].text))
    return main


def _printed(heads: Sequence[Block], body: str = "") -> str:
    return _nfc(" ".join(_join_head(block.lines, body) for block in heads))


def _join_head(lines: Sequence[Line], body: str) -> str:
    """Headline lines joined by one blank, or by nothing where the break falls inside a word.

    A break is inside a word when a punctuation mark or figures stand at it, or when the two
    characters around it stand side by side in the body.
    """
    text = ""
    for line in lines:
        if text:
            around = text[-1] + line.text[0]
            words = around.isascii() and around.isalpha()
            glued = not words and (text[-1] in "，、：；" or text[-1].isdigit() or around in body)
            open_pair = text.count("“") > text.count("”") or text.count("《") > text.count("》")
            text += "" if glued or open_pair else " "
        text += " ".join(line.text.split())
    return text


# --- text --------------------------------------------------------------------------------------


def _paragraphs(blocks: Sequence[Sequence[Line]]) -> list[str]:
    """Join lines; a paragraph ends where a sentence ends and its line is short, the next line is
    indented, or a blank line follows."""
    paragraphs: list[list[str]] = []
    for lines in blocks:
        wide = max(line.width for line in lines)
        fresh = True
        for line, after in zip(lines, [*lines[1:], None], strict=True):
            if not paragraphs or (fresh and _ended(paragraphs[-1])):
                paragraphs.append([])
            paragraphs[-1].append(line.text)
            fresh = after is None or (
                not open_end(line.text) and (not alike(line.width, wide) or after.indented)
            )
    return [join_lines(lines) for lines in paragraphs]


def _ended(lines: Sequence[str]) -> bool:
    return not open_end(lines[-1]) or len(lines[-1]) == 0


def _cut_lead(text: str) -> tuple[str | None, str | None, str]:
    size = _cues.lead_in(text)
    if not size:
        return None, None, text
    return _plain(text[:size]), _cues.lead_in_writers(text[:size]), text[size:]


def _cut_jumps(paragraphs: list[str]) -> tuple[list[str], str | None]:
    """Jump notes in brackets, or bare at the beginning or end of a paragraph, cut out."""
    notes: list[str] = []

    def cut(found: re.Match[str]) -> str:
        bare = found.group().strip()
        if bare[0] not in "（(【" and found.end() < len(found.string) and found.start() > 0:
            return found.group()
        notes.append(tidy(found[1]))
        return ""

    return [_cues.JUMP.sub(cut, text) for text in paragraphs], " ".join(notes) or None


def _cut_tail(paragraphs: list[str]) -> tuple[list[str], str | None]:
    """Writers or a photographer named behind the last sentence, cut out."""
    last = paragraphs[-1] if paragraphs else ""
    tail = max(0, len(last) - 80)
    found = _cues.CREDIT.search(last, tail) or _cues.TAIL_BYLINE.search(last, tail)
    if not found:
        return paragraphs, None
    return [*paragraphs[:-1], last[: found.start(1)].rstrip(" \u3000■□●◆▲★")], _plain(
        found[1].strip("（）()")
    )


def _kind(headline: str | None, body: str, dateline: str | None, cues: Cues) -> Kind:
    if dateline:
        return "article"
    if not cues.notice:
        return "article"
    announced = headline is not None and _cues.is_notice_head(headline)
    return "notice" if announced or _cues.NOTICE_BODY.search(body[-40:]) else "article"
