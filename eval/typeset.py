"""Hand-written pages as a newspaper's PDF gives them: columns of text with heads, kickers and lead-ins.

    python -m eval.typeset [NAME...]

writes eval/gold/pages/NAME.txt from NAME.json and its `layout` (eval/layouts.py); all pages without a name.
Blanks around numbers and some blank lines are drawn, from the page's name: the same page is the same text.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date

from eval.layouts import FOLDER, Layout, Page, Place, layout_of, load, printed
from summarizer.text import HAN

__all__ = ["set_lines", "typeset"]

# Kinsoku, after JIS X 4051 and CLREQ: what may not begin a line, what may not end one.
CLOSERS = "，。、；：！？）》」』】〉”’%％℃·"
OPENERS = "（《「『【〈“‘"
# Columns (half-widths) by which closing marks may hang over a line: one full-width mark and a quotation mark.
HANG = 4

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.+-]*")
_HAN = re.compile(f"[{HAN}]")
_HAN_DIGITS = "〇一二三四五六七八九"
_WEEKDAYS = "一二三四五六日"

Draw = Callable[[], float]


def typeset(page: Page) -> str:
    """The page as text, a line break behind every line. Raises ValueError for a wrong layout or a sample."""
    layout = layout_of(page)
    if layout.page == "sample":
        raise ValueError(f"{page['name']}: a sample's text is not made, it stands in summarizer/samples")
    draw = random.Random(page["name"]).random
    stacks = [_running(layout.top, page)]
    stacks += [_item(page, place, layout, draw) for place in layout.places]
    stacks.append(_running(layout.foot, page))
    least, most = layout.between
    lines: list[str] = []
    for stack in filter(None, stacks):
        if lines:
            lines += [""] * (least + int(draw() * (most - least + 1)))
        lines += stack
    return "\n".join(lines) + "\n"


def set_lines(text: str, columns: int, *, hang: bool) -> list[str]:
    """`text` in lines of at most `columns` half-widths (four more where closing marks hang), blanks at breaks
    left out. Words and numbers break anywhere; only marks are kept from a line's wrong end."""
    lines, line = [], ""
    for char in text:
        line += char
        over = _columns(line) - columns
        if over > (HANG if hang and char in CLOSERS else 0):
            at = _break(line)
            lines.append(line[:at].rstrip(" "))
            line = line[at:].lstrip(" ")
    return [*lines, line.rstrip(" ")] if line.strip() else lines


def _break(line: str) -> int:
    """Where a line that is one character too long breaks: before it, or earlier where marks forbid that."""
    at = len(line) - 1
    while at > 1 and (
        line[at] in CLOSERS or line[at - 1] in OPENERS or (line[at] in "—…" and line[at - 1] == line[at])
    ):
        at -= 1
    return at


def _columns(text: str) -> int:
    """Printed width in half-width columns."""
    return sum(1 if char.isascii() else 2 for char in text)


# --- one item ----------------------------------------------------------------------------------


def _item(page: Page, place: Place, layout: Layout, draw: Draw) -> list[str]:
    item = page["items"][place.item]
    head = _head(item, place, layout)
    text = _text(printed(page, place.item), item, place, layout, draw)
    gap = [""] * layout.apart if head else []
    return [*head, *gap, *text] if place.headline == "before" else [*text, *gap, *head]


def _head(item: Page, place: Place, layout: Layout) -> list[str]:
    """Writers above, kicker, headline in its lines, subtitle, writers below; nothing without a headline."""
    if not item["headline"]:
        return []
    named = [_form(item, place)] if place.byline in ("above", "below") else []
    lines = named if place.byline == "above" else []
    if item["kicker"]:
        lines = [*lines, item["kicker"], *([""] if layout.kicker_apart else [])]
    head, at = item["headline"], place.headline_break
    lines = [*lines, *filter(None, (head[:at].strip(), head[at:].strip()))]
    if item.get("subtitle"):
        lines.append(item["subtitle"])
    return [*lines, *named] if place.byline == "below" else lines


def _form(item: Page, place: Place) -> str:
    return place.form.format(byline=item["byline"])


def _text(body: str, item: Page, place: Place, layout: Layout, draw: Draw) -> list[str]:
    """The item's text in lines, with what stands before and behind it, and its blank lines."""
    paragraphs = body.split("\n")
    signed = _signatures(item, paragraphs)
    subheads = {words for _, words in place.subheads}
    lines: list[str] = []
    for number, paragraph in enumerate(paragraphs):
        text = _spaced(paragraph, layout, draw)
        if number == 0:
            text = f"{place.resumed}{_form(item, place) if place.byline == 'lead-in' else ''}{text}"
        if number == len(paragraphs) - 1:
            text += f"{_form(item, place) if place.byline == 'tail' else ''}{place.jump}"
        parted = layout.paragraphs == "always" or (layout.paragraphs == "some" and draw() < 0.5)
        if parted and 0 < number <= signed:
            lines.append("")
        if number >= signed:
            lines.append(_signature(paragraph, place, layout))
        elif paragraph in subheads:
            lines.append(paragraph)
        else:
            text = _indent(layout, number) + text
            lines += set_lines(text, 2 * place.width, hang=layout.kinsoku == "hang")
    lines = _broken(lines, place.column, layout)
    return [*lines, _form(item, place)] if place.byline == "line" else lines


def _indent(layout: Layout, number: int) -> str:
    if layout.indent == "wide":
        return "\u3000\u3000"
    return " " if layout.indent == "first" and number == 0 else ""


def _signatures(item: Page, paragraphs: Sequence[str]) -> int:
    """From which paragraph on a notice says who announces and when: short lines without any mark."""
    at = len(paragraphs)
    while item["kind"] == "notice" and at > 1 and not re.search("[，。；：！？]", paragraphs[at - 1]):
        at -= 1
    return at


def _signature(text: str, place: Place, layout: Layout) -> str:
    blanks = 2 * place.width - _columns(text) if layout.signatures == "right" else 0
    return " " * blanks + text


def _spaced(text: str, layout: Layout, draw: Draw) -> str:
    """Blanks where digits and Latin words meet Han characters, as many as the layout asks for."""
    text = _NUMBER.sub(lambda found: _set_off(found) if draw() < layout.spaced else found.group(), text)
    return _LATIN.sub(_set_off, text) if layout.spaced_latin else text


def _set_off(found: re.Match[str]) -> str:
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return f"{' ' if _HAN.match(before) else ''}{found.group()}{' ' if _HAN.match(after) else ''}"


def _broken(lines: Sequence[str], column: int, layout: Layout) -> list[str]:
    """Blank lines where a column ends and where the layout wants them before a quotation mark."""
    kept: list[str] = []
    filled = 0
    for line in lines:
        at_end = column and filled and filled % column == 0
        if line and kept and kept[-1] and (at_end or (layout.quotes_apart and line[0] == "“")):
            kept.append("")
        kept.append(line)
        filled += bool(line)
    return kept


# --- running head ------------------------------------------------------------------------------


def _running(forms: Sequence[str], page: Page) -> list[str]:
    """The lines of a running head, with paper, day and number of the page in them."""
    day = date.fromisoformat(page["date"])
    number = page["number"]
    told = {
        "paper": page["paper"],
        "year": day.year,
        "month": day.month,
        "day": day.day,
        "weekday": f"星期{_WEEKDAYS[day.weekday()]}",
        "number": number,
        "han_date": f"{_digits(day.year)}年{_han(day.month)}月{_han(day.day)}日",
        "han_number": _han(int(number)) if number.isdigit() else number,
    }
    return [form.format_map(told) for form in forms]


def _digits(number: int) -> str:
    return "".join(_HAN_DIGITS[int(digit)] for digit in str(number))


def _han(number: int) -> str:
    """1 to 99 in words: 十二, 二十."""
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{_HAN_DIGITS[tens]}十"
    return ten + (_HAN_DIGITS[ones] if ones or not tens else "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the named pages, or all; returns 0. Raises ValueError for a wrong layout or an unknown name."""
    wanted = set(sys.argv[1:] if arguments is None else arguments)
    pages = load()
    unknown = wanted - {page["name"] for page in pages}
    if unknown:
        raise ValueError(f"expected names of pages in {FOLDER.name}, found {', '.join(sorted(unknown))}")
    for page in pages:
        if wanted and page["name"] not in wanted:
            continue
        if layout_of(page).page == "made":
            (FOLDER / f"{page['name']}.txt").write_text(typeset(page), encoding="utf-8", newline="\n")
            sys.stdout.write(f"{page['name']}.txt\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
