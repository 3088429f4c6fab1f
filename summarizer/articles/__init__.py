"""A Page becomes Articles: blocks, then their order, then records.

page --lines--> blocks --roles--> headlines, captions, text --order--> stories --assemble--> articles
"""

from __future__ import annotations

from summarizer.articles.assemble import article_of, caption_of
from summarizer.articles.blocks import Block, Role
from summarizer.articles.cues import Cues
from summarizer.articles.lines import cut_blocks
from summarizer.articles.order import Story, stories_of
from summarizer.articles.roles import give_roles
from summarizer.records import Article, Page

__all__ = ["Cues", "separate"]


def separate(page: Page, cues: Cues | None = None) -> list[Article]:
    """The articles, photo captions and notices of a page, in page order, counted from 1.

    An item stands where its first line stands. Every line that is not blank and no running head
    is in exactly one article; a headline that found no text is an article with an empty body.
    A page without text gives []. Never raises on text of any form; time is linear in its length.
    `cues` is for studies that switch cues off.
    """
    cues = cues or Cues()
    heads = frozenset(page.running_heads) if cues.running_head else frozenset()
    blocks = cut_blocks(["" if at in heads else line for at, line in enumerate(page.lines, 1)], cues)
    give_roles(blocks, cues)
    stories, titles = _titled(stories_of(blocks, cues), blocks)
    captions = [b for b in blocks if b.role is Role.CAPTION]
    items: list[Story | Block] = [*stories, *captions]
    items.sort(key=lambda item: _first_line(item, titles))
    return [
        caption_of(page, order, item, titles.get(item.lines[0].number, []))
        if isinstance(item, Block)
        else article_of(page, order, item, cues)
        for order, item in enumerate(items, 1)
    ]


def _titled(stories: list[Story], blocks: list[Block]) -> tuple[list[Story], dict[int, list[Block]]]:
    """Give headlines that found no text to the caption right below or above them.

    The stories left over, and the headlines by their caption's first line.
    """
    beside = {b.lines[0].number: at for at, b in enumerate(blocks)}
    titles: dict[int, list[Block]] = {}
    kept: list[Story] = []
    for story in stories:
        near: list[Block] = []
        if not story.texts and not story.bylines:
            at = beside[story.heads[0].lines[0].number]
            near = [*blocks[at + 1 : at + 2], *blocks[max(at - 1, 0) : at]]
        caption = next((b for b in near if b.role is Role.CAPTION and b.lines[0].number not in titles), None)
        if caption is None:
            kept.append(story)
        else:
            titles[caption.lines[0].number] = story.heads
    return kept, titles


def _first_line(item: Story | Block, titles: dict[int, list[Block]]) -> int:
    if isinstance(item, Block):
        return min(block.lines[0].number for block in (item, *titles.get(item.lines[0].number, [])))
    return min(block.lines[0].number for block in (*item.heads, *item.texts))
