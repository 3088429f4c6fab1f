"""The part a block plays, told by its own form and by the blocks beside it."""

from __future__ import annotations

from summarizer.articles import cues as _cues
from summarizer.articles.blocks import SLACK, Block, Role, alike, open_end
from summarizer.articles.cues import Cues
from summarizer.articles.lines import BRACKETED, CANNOT_START, MAX_HEAD, MAX_HEAD_LINES

__all__ = ["give_roles"]

# Characters. Captions seen run to 110; a longer one must also be set in another width than its neighbour.
MAX_CAPTION = 260
LONG_CAPTION = 120

_PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "（": "）", "《": "》", "【": "】"}


def give_roles(blocks: list[Block], cues: Cues) -> None:
    """Decide in place which blocks of text are headlines or captions after all."""
    for at, block in enumerate(blocks):
        if block.role is Role.BODY:
            _weigh(blocks, at, cues)
    _demote(blocks)


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
                if blocks[at].touches >= touches and not before_story:
                    blocks[at].role = Role.BODY


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
    if len(text) > MAX_HEAD or len(block.lines) > MAX_HEAD_LINES or CANNOT_START.match(text):
        return -6.0
    if _cues.SOURCE.fullmatch(text) or BRACKETED.fullmatch(text):
        return -6.0
    before, after = _neighbour(blocks, at, -1), _neighbour(blocks, at, 1)
    score = 1.0 + _ending_vote(text)
    if "。" in text[:-1]:
        score -= 4
    if _unbalanced(text):
        score -= 3
    if after is not None and (after.opens or after.role is Role.BYLINE):
        # between the end of one story and the start of another there is nothing but headlines
        score += 2 if before is not None and before.open_end else 4
    if cues.open_sentence and before is not None and before.role is Role.BODY and before.open_end:
        # the rest of a sentence is one line or fills the column
        score -= 4 * _fills(block, before, cues) + (2 if len(block.lines) == 1 else 1)
    if cues.measure:
        score -= _column_vote(block, before, after)
    return score


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
    if len(block.lines) >= 3 and block.measure and all(
        alike(x.width, block.measure) for x in block.lines[:-1]
    ):
        return 3.0
    full = [
        other for other in (before, after)
        if other is not None and other.role is Role.BODY and other.measure
        and all(alike(x.width, other.measure) for x in block.lines)
    ]
    if not full or not open_end(block.text):
        return 0.0
    return 1.5
