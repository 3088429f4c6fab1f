"""Baselines, ceilings and ablations on a few invented stories."""

import sys
from statistics import fmean

import pytest

from eval import words
from eval.data import Story
from eval.systems import SYSTEMS, graphs, load_system
from eval.systems.ablations import _favourite, _InOrder
from eval.systems.baselines import filled, sentences_of
from summarizer.config import Settings
from summarizer.errors import ModelError
from summarizer.grounding import unsupported
from summarizer.models import Proposal
from summarizer.text import lcs_f1

FARM = Story(
    "p#1",
    "本报讯（记者 方晓禾）柳湾县32万亩小麦已全部收割完毕，平均亩产512公斤，比去年增加18公斤，"
    "创下该县有记录以来的新高。"
    "县农业农村局局长谷雨桥介绍，今年推广了三个新品种，机收率达到98%。\n“麦子一入仓，心里就踏实了。”种粮大户白启明说。",
    ("柳湾县32万亩小麦收割完毕", "三个新品种上阵 柳湾小麦亩产创新高"),
    "柳湾县32万亩小麦已全部收割完毕，平均亩产512公斤。今年推广了三个新品种，机收率达到98%。",
)
BUS = Story(
    "p#2",
    "“等车的时候最怕晒太阳，现在站台上有了顶棚，有了座椅，有了电子站牌，连手机都能充电，这才叫等车。”市民周知夏说。"
    "清河市今年改造公交站台146座，其中加装顶棚的有97座。公交站台改造总投资2300万元，年底前完工。",
    ("清河市改造146座公交站台",),
    "清河市今年改造公交站台146座，总投资2300万元，年底前完工。",
)
STORIES = [FARM, BUS]
EXTRACTS = ("lead-cut", "textrank", "lexrank", "oracle-sentence", "oracle-clause")
SHORT = Settings(threads=1)


def written(name, stories=STORIES, style="headline", limit=30):
    return [one.text for one in load_system(name, SHORT).write(stories, style=style, limit=limit)]


def closeness(text, story):
    return fmean(lcs_f1(text, reference) for reference in story.headlines)


def test_the_lead_is_the_first_sentence_whole_without_its_lead_in():
    first = FARM.body[FARM.body.index("柳湾县") : FARM.body.index("县农业")]
    assert written("lead")[0] == first and len(first) > 30
    assert sentences_of(FARM)[0] == first and sentences_of(Story("e", "\n", ())) == []


@pytest.mark.parametrize("name", EXTRACTS)
def test_every_extract_keeps_the_limit_and_says_what_the_article_says(name):
    if name in ("textrank", "lexrank"):
        pytest.importorskip("sumy")
    for limit in (12, 30):
        for text, story in zip(written(name, limit=limit), STORIES, strict=True):
            assert 0 < len(text) <= limit and not unsupported(text, story.body)
    assert written(name, [Story("e", "", ("空",), "空")]) == [""]


def test_a_lead_is_cut_at_a_clause_and_inside_a_quote_only_when_it_must():
    farm, bus = written("lead-cut", limit=20)
    assert farm == "柳湾县32万亩小麦已全部收割完毕"
    assert bus == BUS.body[:20]


def test_a_brief_is_opening_sentences_that_fit():
    farm, bus = written("lead", style="brief", limit=100)
    assert farm == "".join(sentences_of(FARM)[:3]) and len(farm) <= 100
    assert bus == "".join(sentences_of(BUS)[:3])
    assert written("lead", style="brief", limit=60)[1] == "".join(sentences_of(BUS)[:2])
    cut = written("lead", style="brief", limit=40)[0]  # not even the first sentence fits
    assert sentences_of(FARM)[0].startswith(cut) and 0 < len(cut) <= 40


def test_sentences_are_filled_in_the_order_given_and_joined_in_the_articles():
    whole = ["一二三四五。", "六七。", "八九十。"]
    assert filled(whole, [2, 0, 1], 7) == "六七。八九十。"
    assert filled(whole, [0, 1, 2], 2) == "一二" and filled([], [], 5) == ""


def test_oracles_are_ceilings():
    clause, sentence, lead = (written(n) for n in ("oracle-clause", "oracle-sentence", "lead-cut"))
    extractive = written("extractive")
    for at, story in enumerate(STORIES):
        assert closeness(sentence[at], story) >= closeness(lead[at], story)
        assert closeness(clause[at], story) >= closeness(extractive[at], story)
    assert clause[0] == "柳湾县32万亩小麦已全部收割完毕"
    brief = written("oracle-sentence", style="brief", limit=100)
    assert brief[0] != "" and lcs_f1(brief[1], BUS.brief) >= lcs_f1("".join(sentences_of(BUS)[1:]), BUS.brief)


def test_an_oracle_without_references_says_so():
    nothing = Story("p#3", "清河市改造公交站台。", ())
    for name, style in (("oracle-clause", "headline"), ("oracle-sentence", "brief")):
        with pytest.raises(ModelError, match="p#3: expected a reference"):
            written(name, [nothing], style=style)


def test_graphs_take_the_sentence_that_others_resemble():
    pytest.importorskip("sumy")
    hub = "公交站台改造，食堂设备更新。"
    before, after = (
        ["天气晴朗。", "公交站台改造完工。"],
        ["食堂设备更新花费不多。", "小麦丰收。", "河水上涨。"],
    )
    texts = [*before, hub, *after, "图书馆开门。", "运动会闭幕。", "电影上映。"]
    story = Story("g", "".join(texts), ())
    for name in ("textrank", "lexrank"):
        assert written(name, [story]) == [hub]
        brief = written(name, [story], style="brief", limit=30)[0]
        kept = [text for text in texts if text in brief]
        assert hub in kept and "".join(kept) == brief and len(brief) <= 30


def test_sentences_that_share_no_word_stand_as_they_are():
    pytest.importorskip("sumy")
    story = Story("g", "天气晴朗。小麦丰收。！", ())
    assert written("lexrank", [story]) == ["天气晴朗。"]


def test_graphs_ask_the_net_for_nothing():
    pytest.importorskip("sumy")
    seen = []

    def hook(event, _):
        if watching and event in ("socket.connect", "socket.getaddrinfo", "urllib.Request"):
            seen.append(event)

    watching = True
    sys.addaudithook(hook)
    written("textrank"), written("lexrank")
    watching = False
    assert not seen


def test_graphs_without_their_packages_say_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sumy.models", None)
    with pytest.raises(ModelError, match="needs the package sumy: pip install sumy jieba"):
        graphs.textrank(SHORT)
    monkeypatch.undo()
    pytest.importorskip("sumy")
    monkeypatch.setitem(sys.modules, "jieba", None)
    words._jieba.cache_clear()
    with pytest.raises(ModelError, match="pip install jieba"):
        graphs.lexrank(SHORT)


@pytest.mark.parametrize(
    ("name", "style"),
    [
        ("lead", "points"),
        ("oracle-clause", "brief"),
        ("bundled-greedy", "brief"),
        ("bundled-unchecked", "digest"),
    ],
)
def test_a_style_it_cannot_write_is_an_error(name, style):
    system = load_system(name, SHORT)
    assert style not in system.styles
    with pytest.raises(ModelError, match=f"{name} writes .*no {style}"):
        system.write([], style=style, limit=30)


def test_names_and_fingerprints_tell_systems_apart():
    pytest.importorskip("sumy")
    loaded = [load_system(name, SHORT) for name in SYSTEMS]
    assert [system.name for system in loaded] == list(SYSTEMS)
    assert len({system.fingerprint for system in loaded}) == len(SYSTEMS)


def test_without_ranking_the_models_own_order_stands_and_faults_stay_faults():
    class Model:
        name, fingerprint, styles = "m", "1", frozenset({"headline"})

        def propose(self, texts, *, style, limit):
            return [[Proposal("小麦丰收", 0.1, "beam")] for _ in texts]

        def judge(self, texts, pools, limit):
            raise AssertionError("its opinion is not asked for")

        def fault(self, text, proposal):
            return "breaks a word"

    plain = _InOrder(Model())
    pool = [Proposal("甲", 0.0, "beam"), Proposal("乙", 9.0, "clause")]
    assert plain.judge([""], [pool], 30) == [[0.0, -1.0]] and plain.fault("", pool[0]) == "breaks a word"
    assert plain.propose(["x"], style="headline", limit=30)[0][0].text == "小麦丰收"


def test_without_checks_the_favourite_that_fits_wins():
    pool = [Proposal(t, 0.0, "beam") for t in ("亩产900公斤", "小麦丰收", "长" * 31, "哈" * 9, "")]
    assert _favourite(pool, [1.0, 0.5, 3.0, 4.0, 5.0], 30).text == "亩产900公斤"
    assert _favourite(pool, [0.5, 0.5, 3.0, 4.0, 5.0], 30).text == "亩产900公斤"  # the first of equals
    assert _favourite(pool[2:], [1.0, 1.0, 1.0], 30).text == ""


def test_ablations_of_the_bundled_model_write():
    for name in ("bundled-unranked", "bundled-unchecked", "bundled-greedy"):
        texts = written(name)
        assert all(0 < len(text) <= 30 for text in texts) and texts == written(name, STORIES[::-1])[::-1]
        if name != "bundled-unchecked":
            assert not any(unsupported(t, s.body) for t, s in zip(texts, STORIES, strict=True))
