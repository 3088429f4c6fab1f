import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import summaries
from summarizer.models import Proposal
from summarizer.records import Article
from summarizer.summaries import digest, summarize, summarize_many

BODY = (
    "8月26日，记者从柳湾县农业农村局获悉，全县32.5万亩小麦已全部收割完毕，平均亩产512公斤，比去年增加18公斤。\n"
    "“今年是个丰收年。”种粮大户贾有福说，他家的200亩小麦全部卖给了县粮库。\n"
    "柳湾县还将投资1.2亿元改造高标准农田，计划明年6月底前完工，届时可新增灌溉面积4万亩。\n"
    "县气象台预计，未来一周以晴为主，有利于秋播。县供销社已备足化肥3000吨。"
)


def article(body=BODY, **fields):
    return Article("page.txt", 1, "article", fields.pop("headline", None), body, ((1, 9),), **fields)


class Scripted:
    """Offers what it was told to; no opinion of its own."""

    name, fingerprint, styles = "scripted", "1", frozenset({"headline", "brief", "digest"})

    def __init__(self, *offers):
        self.offers, self.asked = offers, []

    def propose(self, texts, *, style, limit):
        self.asked.append((tuple(texts), style, limit))
        return [[Proposal(text, -0.1 * i, "beam") for i, text in enumerate(self.offers)] for _ in texts]


def test_the_models_first_faithful_proposal_is_printed():
    done = summarize(
        article(), Scripted("柳湾县32.5万亩小麦收割完毕", "小麦丰收"), style="headline", limit=30
    )
    assert done.text == "柳湾县32.5万亩小麦收割完毕"
    assert done.candidates[0].origin == "beam" and done.candidates[0].accepted
    assert [c.text for c in done.checks if c.kind == "number"] and all(c.supported for c in done.checks)


def test_an_invented_number_disqualifies():
    offers = ("柳湾县35.2万亩小麦收割完毕", "柳湾县小麦收割完毕")
    done = summarize(article(), Scripted(*offers), style="headline", limit=30)
    assert done.text == offers[1]
    refused = next(c for c in done.candidates if c.text == offers[0])
    assert not refused.accepted and any("35.2万" in reason for reason in refused.reasons)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "小麦丰收" * 5,
        "柳湾县召开工作会议全面部署今年秋季农业生产和高标准农田建设以及粮食收购任务",
        "亩产612公斤",
    ],
)
def test_when_the_model_fails_the_article_itself_speaks(bad):
    done = summarize(article(), Scripted(bad), style="headline", limit=30)
    assert done.text and done.text in BODY.replace("\n", "")
    assert done.candidates[0].origin in ("clause", "lead")


def test_every_article_is_asked_once_in_one_call():
    model = Scripted("小麦丰收")
    done = summarize_many([article(), article("县里修路。" * 3)], model, style="headline", limit=30)
    assert len(done) == 2 and len(model.asked) == 1 and len(model.asked[0][0]) == 2


def test_no_articles_give_no_summaries():
    assert summarize_many([], Scripted(), style="headline", limit=30) == []


def test_an_item_without_a_body_speaks_by_its_headline():
    done = summarize(article("", headline="县城南客运站启用"), Scripted(), style="headline", limit=30)
    assert done.text == "县城南客运站启用"


@pytest.mark.parametrize(("body", "limit"), [("ABCDEFGHIJ", 4), ("35188667889449475", 5)])
def test_half_a_word_or_number_is_not_printed(body, limit):
    done = summarize(article(body), Scripted(), style="headline", limit=limit)
    assert done.text == "" and "nothing that fits" in done.candidates[0].reasons[0]


def test_a_long_chinese_word_is_cut_rather_than_left_out():
    assert summarize(article("县里"), Scripted(), style="headline", limit=1).text == "县"


def test_a_rumour_that_the_article_denies_is_not_its_headline():
    body = "市场传言柳湾县水费将上涨两成，县水务局称该消息不属实。县城供水价格三年未变，仍为每吨2.1元。"
    done = summarize(article(body), Scripted(), style="headline", limit=30)
    assert "上涨" not in done.text or "不属实" in done.text
    assert any("denied" in " ".join(c.reasons) for c in done.candidates if not c.accepted)


def test_points_are_three_to_five_lines_in_reading_order():
    done = summarize(article(), Scripted("不用"), style="points", limit=40)
    points = done.text.split("\n")
    whole = BODY.replace("\n", "")
    assert 3 <= len(points) <= 5 and all(len(p) <= 40 for p in points)
    assert [whole.index(p) for p in points] == sorted(whole.index(p) for p in points)


def test_a_brief_is_made_of_whole_sentences():
    done = summarize(article(), Scripted(), style="brief", limit=100)
    assert 20 < len(done.text) <= 100 and done.text.endswith(("。", "”"))


def test_the_whole_article_was_read():
    reading = summarize(article(), Scripted(), style="headline", limit=30).reading
    assert (reading.paragraphs_read, reading.paragraphs) == (4, 4) and reading.whole


def test_the_digest_puts_long_stories_first_and_notices_last():
    items = [
        Article("p", 1, "notice", None, "遗失声明" * 50, ()),
        Article("p", 2, "photo", None, "图为村民晾晒玉米", ()),
        Article("p", 3, "article", "短", "短讯。", ()),
        Article("p", 4, "article", "长", BODY, ()),
    ]
    done = summarize_many(items, Scripted(), style="digest", limit=30)
    assert [a.order for a, _ in digest(items, done)] == [4, 3, 2, 1]


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="县里开会，。！“”（）12.3万亩ABc \n", max_size=80), st.integers(1, 40))
def test_the_limit_holds_for_any_text_and_style(body, limit):
    for style in ("headline", "brief", "points"):
        done = summarize(article(body), Scripted("县里开会部署"), style=style, limit=limit)
        parts = done.text.split("\n") if style == "points" else [done.text]
        assert all(len(part) <= limit for part in parts)
        assert done.text or not body.strip() or "nothing that fits" in done.candidates[0].reasons[0]


def test_the_floor_is_loaded_once():
    assert summaries._floor() is summaries._floor()
