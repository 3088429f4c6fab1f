from __future__ import annotations

from pathlib import Path

import pytest

import summarizer
from summarizer import Newspaper, Settings, models
from summarizer.errors import PageError
from tests.scripted import ScriptedGenerator, newspaper

PAGE = Path(summarizer.__file__).parent / "samples" / "yunxi_daily.txt"


def test_from_a_path_to_articles_and_summaries() -> None:
    paper = newspaper()
    articles = paper.articles(PAGE)
    assert paper.separate(paper.read(PAGE)) == articles
    assert [article.order for article in articles] == list(range(1, len(articles) + 1))
    assert {article.page for article in articles} == {str(PAGE)}
    summaries = paper.summarize_many(articles)
    assert len(summaries) == len(articles)
    assert paper.summarize(articles[1]) == summaries[1]
    assert all(0 < len(summary.text) <= 30 for summary in summaries)


def test_style_and_limit_come_from_the_call_then_the_settings_then_the_style() -> None:
    article = newspaper().articles(PAGE)[1]

    def made(settings: dict, **call: object) -> tuple[str, int]:
        summary = newspaper(**settings).summarize(article, **call)
        assert all(len(line) <= summary.limit for line in summary.text.split("\n"))
        return summary.style, summary.limit

    assert made({}) == ("headline", 30)
    assert made({"style": "brief"}) == ("brief", 100)
    assert made({"style": "brief", "limit": 50}) == ("brief", 50)
    assert made({"style": "brief", "limit": 50}, limit=20) == ("brief", 20)
    assert made({}, style="points") == ("points", 40)


def test_the_model_is_loaded_once_and_late(monkeypatch) -> None:
    loaded = []

    def load(name: str, settings: Settings) -> ScriptedGenerator:
        loaded.append((name, settings))
        return ScriptedGenerator()

    monkeypatch.setattr(models, "load", load)
    settings = Settings(model="extractive")
    paper = Newspaper(settings)
    articles = paper.articles(PAGE)
    assert loaded == []
    paper.summarize(articles[0])
    paper.summarize_many(articles)
    assert loaded == [("extractive", settings)]


def test_the_encoding_of_the_settings_is_used(tmp_path: Path) -> None:
    page = tmp_path / "p.txt"
    page.write_bytes("云溪县今年新修公路。\n".encode("utf-16-le"))
    assert newspaper(encoding="utf-16-le").read(page).encoding == "utf-16-le"
    with pytest.raises(PageError, match="NUL"):
        newspaper(encoding="latin-1").read(page)


def test_a_page_in_digest_style_puts_the_important_first() -> None:
    articles = newspaper().articles(PAGE)
    plain = newspaper().summarize_page(articles)
    assert [article for article, _ in plain] == articles
    digest = newspaper(style="digest").summarize_page(articles)
    assert sorted(article.order for article, _ in digest) == [article.order for article in articles]
    assert {summary.style for _, summary in digest} == {"digest"}
    assert digest[0][0].kind == "article"


def test_the_recipe_tells_apart_what_gives_other_summaries() -> None:
    papers = [
        newspaper(),
        newspaper(style="brief"),
        newspaper(limit=29),
        newspaper(seed=1),
        newspaper(beams=2),
        newspaper(fingerprint="other"),
    ]
    assert len({paper.recipe for paper in papers}) == len(papers)
    assert newspaper(limit=30).recipe == newspaper().recipe
