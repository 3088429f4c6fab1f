"""The articles of a page as the documents of a library."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.records import Article, Document, Page

__all__ = ["stories"]


def stories(page: Page, articles: Sequence[Article]) -> list[Document]:
    """Every story, caption and notice that says something, in page order.

    One without a body has its headline for a text: a poster's only line can be found and cited.
    """
    return [
        Document(
            id=f"{article.page}#{article.order}",
            text=article.body if article.body.strip() else article.headline or "",
            headline=article.headline,
            date=article.date or page.date,
            page=article.page,
            number=page.number,
            paper=page.paper,
            kind=article.kind,
        )
        for article in articles
        if article.body.strip() or (article.headline or "").strip()
    ]
