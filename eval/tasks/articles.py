"""Page separation: are the articles of a page found, whole and with their own headlines?

An item is a page. The rules of the separation know no model, so that the system is always "rules".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from eval.layouts import printed
from eval.pages import GoldItem, differences, score_page
from eval.records import Control, Item, Metric, Outcome, Score
from eval.tasks.subject import Subject
from summarizer import __version__
from summarizer.articles import separate
from summarizer.pages import read
from summarizer.records import Article

__all__ = ["Articles"]

_FOUND = "characters of the body agree in order to 90 %, both ways (longest common subsequence)"


class Articles:
    name, version, chunk, system = "articles", 1, 1, "rules"
    metrics = (
        Metric("article_f1", "文章 F1", f"found: {_FOUND}; F1 over gold and predicted items", guarded=True),
        Metric("right_f1", "文章及标题 F1", "found, and the headline equal but for blanks", guarded=True),
        Metric("strict_f1", "标题空格也一致 F1", "found, and the headline equal with its blanks"),
        Metric("kind", "类型正确", "share of found items with the right kind"),
        Metric("kicker", "引题正确", "share of found items with the right kicker, none included"),
        Metric("byline", "署名正确", "share of found items with the right byline, none included"),
        Metric(
            "splits", "拆散", "further pieces of gold bodies that were not found, a page", "a page", "lower"
        ),
        Metric("merges", "误并", "further gold bodies inside one article, a page", "a page", "lower"),
    )

    def __init__(self, subject: Subject) -> None:
        self.fingerprint = f"summarizer {__version__}"
        self._pages = {page.name: page for page in subject.gold.pages if page.path is not None}

    def items(self) -> list[Item]:
        return [
            Item(
                page.name,
                f"{page.name}: {len(page.stories)} items",
                tuple(story.printed or "（无题）" for story in page.stories),
                {"layout": page.layout},
            )
            for page in self._pages.values()
        ]

    def outcomes(self, items: Sequence[Item]) -> list[Outcome]:
        return [self._outcome(item) for item in items]

    def _outcome(self, item: Item) -> Outcome:
        path = self._pages[item.id].path
        assert path is not None
        gold, articles = self._gold(item), separate(read(path))
        headlines = "\n".join(article.headline or "（无题）" for article in articles)
        note = "\n".join(differences(gold, articles))
        return Outcome(
            item.id, item.slices, item.asked, headlines, item.references, scores(gold, articles), note=note
        )

    def _gold(self, item: Item) -> list[GoldItem]:
        raw = dict(self._pages[item.id].raw)
        marked = ("headline", "kicker", "byline")
        return [
            GoldItem(row["kind"], printed(raw, number), {name: row[name] for name in marked})
            for number, row in enumerate(raw["items"])
        ]

    def controls(self) -> list[Control]:
        """The gold itself is perfect; without its every other item it is not, nor with all in one."""
        found = []
        for item in self.items()[:1]:
            gold = self._gold(item)
            articles = [
                Article(item.id, n, "article", one.fields["headline"], one.body, ())
                for n, one in enumerate(gold, 1)
            ]
            whole = replace(articles[0], body="".join(article.body for article in articles))
            found += [
                _control("gold scores 100", gold, articles, 100, least=True),
                _control("half of the gold scores less", gold, articles[::2], 80),
                _control("all in one scores nothing", gold, [whole], 0),
            ]
        return found


def scores(gold: Sequence[GoldItem], articles: Sequence[Article]) -> dict[str, Score]:
    """Of one page; every F1 weighs its gold and predicted items, so that the mean is over all items."""
    counts = score_page(gold, articles)
    weight = float(counts.gold + counts.predicted)
    made = {
        f"{name}_f1": Score(100 * counts.f1(hits), weight)
        for name, hits in (("article", counts.found), ("right", counts.right), ("strict", counts.strict))
    }
    made |= {
        name: Score(100 * counts.rate(name), float(counts.marked[name]))
        for name in ("kind", "kicker", "byline")
        if counts.marked[name]
    }
    return made | {"splits": Score(counts.splits), "merges": Score(counts.merges)}


def _control(
    name: str, gold: Sequence[GoldItem], articles: Sequence[Article], bound: float, *, least: bool = False
) -> Control:
    value = scores(gold, articles)["right_f1"].value
    return Control(name, value, bound, value >= bound if least else value <= bound)
