"""A page on the desk of an editor: its articles as found, repaired by hand, every step undone at will.

    desk = Desk.of(page, separate(page))
    desk = desk.merged(2)         # the second article goes on where the first one is
    desk = desk.split(3, 40)      # a new article begins at line 40 of the page
    desk = desk.undone()

Lines are never lost: what is merged or split is read again from the lines of the page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from summarizer.articles import separate
from summarizer.errors import UsageError
from summarizer.records import Article, Kind, Page, Summary

__all__ = ["Desk", "RepairError", "named"]


class RepairError(UsageError):
    """A repair that the page does not allow; the message says which would."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One page, its articles in page order, and what was written for them."""

    page: Page
    articles: tuple[Article, ...]
    summaries: dict[tuple[str | None, str], Summary] = field(default_factory=dict)
    """(headline, body) of an article -> what was written for it; a repaired one is written for again."""
    before: tuple[tuple[Article, ...], ...] = ()
    """Articles before each repair, oldest first."""
    chosen: int = 0
    """The article that is looked at, from 1; 0 for none."""
    line: int = 0
    """The line of the page that was picked, from 1; 0 for none."""

    @classmethod
    def of(cls, page: Page, articles: Sequence[Article]) -> Desk:
        return cls(page, tuple(articles), chosen=1 if articles else 0)

    def at(self, order: int, line: int = 0) -> Desk:
        """The same with another article and line looked at; nothing else is changed."""
        order = min(max(order, 1), len(self.articles))
        if not line and order:
            line = min(first for first, _ in self.articles[order - 1].lines)
        return replace(self, chosen=order, line=line)

    def article(self, order: int) -> Article:
        """By its number, from 1. Raises RepairError."""
        if not 1 <= order <= len(self.articles):
            raise RepairError(f"expected an article from 1 to {len(self.articles)}, found {order}.")
        return self.articles[order - 1]

    def at_line(self, line: int) -> Article | None:
        """The article that has this line of the page, from 1; None for blank lines and running heads."""
        return next((a for a in self.articles if any(i <= line <= j for i, j in a.lines)), None)

    def summary(self, order: int) -> Summary | None:
        article = self.article(order)
        return self.summaries.get((article.headline, article.body))

    def written(self, order: int, summary: Summary) -> Desk:
        """With the summary of one article."""
        article = self.article(order)
        return replace(self, summaries={**self.summaries, (article.headline, article.body): summary})

    # --- repairs

    def merged(self, order: int) -> Desk:
        """The article joined to the one before it, whose headline stays. Raises RepairError for the first."""
        if order < 2:
            raise RepairError("expected an article with one before it, found the first.")
        one, other = self.article(order - 1), self.article(order)
        # A headline alone is the headline of what it is joined to; a second headline stays as a line of text.
        headline = one.headline or other.headline
        second = other.headline if one.headline and other.body.strip() else None
        body = "\n".join(part for part in (one.body, second or "", other.body) if part.strip())
        both = replace(
            one,
            headline=headline,
            body=body,
            lines=tuple(sorted({*one.lines, *other.lines})),
            kicker=one.kicker or other.kicker,
            subtitle=one.subtitle or other.subtitle,
            byline=_both(one.byline, other.byline),
            dateline=one.dateline or other.dateline,
            jump=_both(one.jump, other.jump),
        )
        return self._repaired([*self.articles[: order - 2], both, *self.articles[order:]], order - 1)

    def splits(self) -> bool:
        """Can the chosen article be split at the picked line?"""
        return bool(self.chosen) and all(map(self._says, self._parted(self.chosen, self.line)))

    def split(self, order: int, line: int) -> Desk:
        """The article in two: the second begins at `line` of the page. Raises RepairError."""
        upper, lower = self._parted(order, line)
        if not self._says(upper) or not self._says(lower):
            raise RepairError(
                f"expected a line inside article {order} with text of it above and below, found line {line}."
            )
        parts = [self._read(upper), self._read(lower)]
        return self._repaired([*self.articles[: order - 1], *parts, *self.articles[order:]], order + 1)

    def kind(self, order: int, kind: Kind) -> Desk:
        return self._changed(order, replace(self.article(order), kind=kind))

    def headline(self, order: int, text: str) -> Desk:
        """With another headline as printed; blank: none is printed."""
        return self._changed(order, replace(self.article(order), headline=" ".join(text.split()) or None))

    def undone(self) -> Desk:
        """Without the last repair; the same when there was none."""
        if not self.before:
            return self
        return replace(self, articles=self.before[-1], before=self.before[:-1]).at(self.chosen)

    def _changed(self, order: int, article: Article) -> Desk:
        if article == self.article(order):
            return self
        return self._repaired([*self.articles[: order - 1], article, *self.articles[order:]], order)

    def _repaired(self, articles: Sequence[Article], chosen: int) -> Desk:
        numbered = tuple(replace(article, order=at) for at, article in enumerate(articles, 1))
        return replace(self, articles=numbered, before=(*self.before, self.articles)).at(chosen)

    def _parted(self, order: int, line: int) -> tuple[list[int], list[int]]:
        """The lines of an article above `line`, and from it on."""
        mine = [at for first, last in self.article(order).lines for at in range(first, last + 1)]
        return [at for at in mine if at < line], [at for at in mine if at >= line]

    def _says(self, lines: Sequence[int]) -> bool:
        return any(self.page.lines[at - 1].strip() for at in lines)

    def _read(self, lines: Sequence[int]) -> Article:
        """These lines of the page as one article, though the separation may see more in them."""
        only = frozenset(lines)
        alone = replace(
            self.page,
            lines=tuple(text if at in only else "" for at, text in enumerate(self.page.lines, 1)),
            running_heads=(),
        )
        found = separate(alone)
        first = next((article for article in found if article.headline), found[0])
        titles = {a.headline for a in found if a is not first and a.headline}
        body = "\n".join(
            part
            for a in found
            for part in (a.headline if a.headline in titles else "", a.body)
            if part and part.strip()
        )
        return replace(first, body=body, lines=_ranges(lines), order=1)


def named(page: Page) -> Page:
    """The page under a name that says which it is: paper, date and 版, and a few signs of its text's hash.

    So a page that is read again, or repaired, takes its own place in a library, and no other's.
    """
    mark = hashlib.sha256("\n".join(page.lines).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    known = [page.paper, page.date, page.number and f"第{page.number}版"]
    return replace(page, id=" ".join([*(part for part in known if part), mark]))


def _both(one: str | None, other: str | None) -> str | None:
    return " ".join(dict.fromkeys(part for part in (one, other) if part)) or None


def _ranges(lines: Sequence[int]) -> tuple[tuple[int, int], ...]:
    ranges: list[tuple[int, int]] = []
    for at in sorted(lines):
        if ranges and ranges[-1][1] + 1 == at:
            ranges[-1] = (ranges[-1][0], at)
        else:
            ranges.append((at, at))
    return tuple(ranges)
