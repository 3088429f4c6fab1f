"""The part a block plays, told by its own form and by the blocks beside it."""

from __future__ import annotations

from summarizer.articles import cues as _cues
from summarizer.articles.blocks import SLACK, Block, Role, alike, open_end
from summarizer.articles.cues import Cues
from summarizer.articles.headings import MAX_CAPTION, MAX_HEAD, MAX_HEAD_LINES, announces

__all__ = ["give_roles"]

# Characters. Captions seen run to 110; a longer one must also be set in another width than its neighbour.
LONG_CAPTION = 120
# Characters. Headings inside stories run to 14; at 7 they cut stories, at 28 headlines become text.
MAX_SUBHEAD = 14

_PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "（": "）", "《": "》", "【": "】"}


def give_roles(blocks: list[Block], cues: Cues) -> None:
    """Decide in place which blocks of text are headlines or captions after all."""
    for at, block in enumerate(blocks):
        if block.role is Role.BODY and not block.signs:
            _weigh(blocks, at, cues)
    _demote(blocks)
    blocks[:] = [part for at in range(len(blocks)) for part in _lines_of(blocks, at)]


def _lines_of(blocks: list[Block], at: int) -> list[Block]:
    """A heading that touches text above and below it, line by line: it may be two stories' headlines."""
    block = blocks[at]
    beside = [*blocks[at - 1 : at], *blocks[at + 1 : at + 2]]
    inside = len(beside) == 2 and all(_adjoin(block, b) and b.role is not Role.HEAD for b in beside)
    if block.role is not Role.HEAD or not inside or len(block.lines) == 1:
        return [block]
    return [
        Block([line], Role.HEAD, block.touches, open_end=open_end(line.text), text=line.text, glued=at > 0)
        for at, line in enumerate(block.lines)
    ]


def _weigh(blocks: list[Block], at: int, cues: Cues) -> None:
    """Decide whether a block of text is a caption or a headline after all."""
    block = blocks[at]
    if cues.caption and _is_caption(blocks, at):
        block.role = Role.CAPTION
    elif not block.opens and _head_score(blocks, at, cues) > 0:
        block.role = Role.HEAD


def _demote(blocks: list[Block]) -> None:
    """A heading less set off than the page's headlines are is text of its story.

    Where headlines stand between blank lines, one that touches text is none; where they touch
    their own text, one that has text on both sides is none.
    """
    heads = [at for at, block in enumerate(blocks) if block.role is Role.HEAD]
    for at in heads:
        around = blocks[max(at - 1, 0) : at] + blocks[at + 1 : at + 2]
        blocks[at].touches = sum(b.role is Role.BODY and _adjoin(b, blocks[at]) for b in around)
    for touches in (1, 2):
        kept = sum(blocks[at].touches < touches for at in heads)
        if kept >= 2 and kept > sum(blocks[at].touches == touches for at in heads) / 2:
            for at in heads:
                before_story = any(b.opens or b.role is Role.BYLINE for b in blocks[at + 1 : at + 2])
                if blocks[at].touches >= touches and not before_story and _slight(blocks[at]):
                    blocks[at].role = Role.BODY


def _slight(block: Block) -> bool:
    """Could it be a heading inside a story: one short line, no kicker, no two halves?"""
    text = block.text
    short = len(block.lines) == 1 and len(text) <= MAX_SUBHEAD and " " not in text
    return short and not _dashed(block) and not _cues.is_notice_head(text)


def _adjoin(a: Block, b: Block) -> bool:
    return a.lines[-1].number + 1 == b.lines[0].number or b.lines[-1].number + 1 == a.lines[0].number


def _is_caption(blocks: list[Block], at: int) -> bool:
    """A short block that ends with a photo credit, or with a name that no brackets hold."""
    block = blocks[at]
    if len(block.text) > MAX_CAPTION or (block.opens and block.text[0] == "本"):
        return False
    before = _neighbour(blocks, at, -1)
    if before is not None and before.open_end and before.role is Role.BODY and not _wider(block, before):
        return False
    tail = block.text[-60:]
    if len(block.text) > LONG_CAPTION and before is not None and before.role is Role.BODY:
        if not before.ends and not _wider(block, before) and not _wider(before, block):
            return False  # set like the text above it: that text's last paragraph
    found = _cues.CREDIT.search(tail) or _cues.TAIL_BYLINE.search(tail)
    if found is None or len(found[1]) >= len(block.text):
        return False
    return found.re is _cues.CREDIT or found[1][0] not in "（("


def _wider(block: Block, other: Block) -> bool:
    """Is the block set clearly wider than the other's column?"""
    return other.measure is not None and max(x.width for x in block.lines) > other.measure + SLACK


def _neighbour(blocks: list[Block], at: int, step: int) -> Block | None:
    """The next block in the direction of `step` that is not a running head."""
    at += step
    while 0 <= at < len(blocks):
        if blocks[at].role is not Role.RUNNING:
            return blocks[at]
        at += step
    return None


def _head_score(blocks: list[Block], at: int, cues: Cues) -> float:
    """How much speaks for a headline (above 0) or for text (0 and below).

    A sum of votes: +-1 leans, +-3 is strong, +-6 all but decides.
    """
    block = blocks[at]
    text = block.text
    if len(text) > MAX_HEAD or len(block.lines) > MAX_HEAD_LINES or _cues.CANNOT_START.match(text):
        return -6.0
    if _cues.SOURCE.fullmatch(text) or _cues.BRACKETED.fullmatch(text):
        return -6.0
    before, after = _neighbour(blocks, at, -1), _neighbour(blocks, at, 1)
    score = 1.0 + _ending_vote(text)
    score += _form_vote(block, cues)
    if after is not None and (after.opens or after.role is Role.BYLINE):
        # between the end of one story and the start of another there is nothing but headlines
        score += 2 if before is not None and before.open_end else 4
    if cues.open_sentence and before is not None and before.role is Role.BODY and before.open_end:
        # the rest of a sentence is one line or fills the column
        score -= 4 * _fills(block, before, cues) + (2 if len(block.lines) == 1 else 1)
    if cues.measure:
        score -= _column_vote(block, before, after)
    return score


def _form_vote(block: Block, cues: Cues) -> float:
    """What the block's own words and lines say, their end and width left aside."""
    text = block.text
    vote = -min(4.5, text.count("，") ** 2 / 4)  # one comma is usual, two are rare in a headline
    vote -= 4 * ("。" in text[:-1]) + 3 * _unbalanced(text)
    if len(block.lines) > 1 and block.lines[0].deep and not block.lines[1].indented:
        vote -= 2  # set as a paragraph is
    return vote + 2 * _dashed(block) + 6 * (cues.notice and announces(text))


def _dashed(block: Block) -> bool:
    """Does a line end as a kicker does or begin as a subtitle does?"""
    return any(line.text.startswith("——") or line.text.endswith("——") for line in block.lines)


def _ending_vote(text: str) -> float:
    if text.endswith(("——", "--", "—")):
        return 2.0
    if text[-1] in "，、,；;：:":
        return -4.0
    if text[-1] in "。." or text.endswith(("。”", "。）", "。」")):
        return -6.0
    if not open_end(text):
        return -0.5
    return 1.0


def _unbalanced(text: str) -> bool:
    return any(text.count(a) != text.count(b) for a, b in _PAIRS.items())


def _fills(block: Block, other: Block, cues: Cues) -> float:
    """1 when the block's lines are as wide as the other's column, 0 when not, 0.5 when unknown."""
    if not cues.measure or other.measure is None:
        return 0.5
    lines = block.lines[:-1] or block.lines
    return float(all(alike(x.width, other.measure) for x in lines))


def _column_vote(block: Block, before: Block | None, after: Block | None) -> float:
    """Points against a headline: its lines fill the column of the text beside it."""
    if (
        len(block.lines) >= 3
        and block.measure
        and all(alike(x.width, block.measure) for x in block.lines[:-1])
    ):
        beside = [b.measure for b in (before, after) if b is not None and b.measure]
        set_apart = bool(beside) and not any(alike(block.measure, measure) for measure in beside)
        return 0.0 if _dashed(block) else 1.0 if set_apart else 3.0
    full = [
        other
        for other in (before, after)
        if other is not None
        and other.role is Role.BODY
        and other.measure
        and all(alike(x.width, other.measure) for x in block.lines)
    ]
    if not full or not open_end(block.text):
        return 0.0
    return 1.5
