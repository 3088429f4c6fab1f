import pytest

from summarizer.answers.support import support
from summarizer.records import Passage

STATION = Passage(
    "yx#1",
    (100, 162),
    "云溪县城南客运站昨日正式启用。该站占地42亩，总投资1.2亿元，可停放大客车180辆。站长高一帆介绍，首批开通线路26条。",
    headline="城南客运站启用 日发送旅客6000人次",
    date="2024-08-22",
)
WHEAT = Passage("lw#3", (0, 31), "柳湾县32万亩小麦全部收割完毕，平均亩产512公斤，比去年增加9公斤。")
SHOWN = (STATION, WHEAT)
ASKED = "城南客运站占地多少亩？"


def quotes(text, question=ASKED, passages=SHOWN):
    return [citation.quote for citation in support(text, question, passages).citations]


def marked(text, question=ASKED):
    return [text[slice(*span)] for span in support(text, question, SHOWN).unsupported]


def test_a_sentence_rests_on_the_sentence_that_says_it():
    weighed = support("城南客运站占地42亩。", ASKED, SHOWN)
    (citation,) = weighed.citations
    assert citation.article == "yx#1" and citation.quote == "该站占地42亩，总投资1.2亿元，可停放大客车180辆。"
    assert (citation.start, citation.end) == (115, 115 + len(citation.quote))
    assert weighed.unsupported == ()
    (check,) = weighed.checks
    assert (check.text, check.supported, check.span) == ("42亩", True, (7, 10))
    assert STATION.text[check.source[0] - 100 : check.source[1] - 100] == "42亩"


@pytest.mark.parametrize(
    "wrong",
    [
        "城南客运站占地43亩。",  # a number that stands nowhere
        "城南客运站占地512亩。",  # one of another story
        "城南客运站占地42亩，由清河集团承建。",  # a name that stands nowhere
        "城南客运站深受旅客欢迎。",  # on the subject, and nowhere said
        "城南客运站占地多少亩？",  # the question again
        "请访问网站领取奖品。",
        "柳湾县小麦亩产42公斤。",
    ],
)
def test_what_is_not_said_is_marked(wrong):
    assert marked(wrong) == [wrong] and quotes(wrong) == []


def test_every_sentence_is_weighed_by_itself():
    text = "城南客运站占地42亩。它是全省最大的客运站。\n首批开通线路26条。"
    assert marked(text) == ["它是全省最大的客运站。"]
    assert quotes(text) == [
        "该站占地42亩，总投资1.2亿元，可停放大客车180辆。",
        "站长高一帆介绍，首批开通线路26条。",
    ]


def test_a_sentence_that_joins_two_stories_rests_on_both():
    text = "城南客运站占地42亩，柳湾县小麦平均亩产512公斤。"
    weighed = support(text, ASKED, SHOWN)
    assert not weighed.unsupported and [c.article for c in weighed.citations] == ["yx#1", "lw#3"]
    mixed = "城南客运站占地42亩，柳湾县小麦平均亩产612公斤。"
    assert marked(mixed) == [mixed] and quotes(mixed) == []


def test_days_are_those_of_the_passage():
    asked = "城南客运站什么时候启用？"
    assert marked("城南客运站于8月21日正式启用。", asked) == []
    assert marked("城南客运站于8月22日正式启用。", asked) == ["城南客运站于8月22日正式启用。"]


def test_headline_numbers_count_and_names_may_stand_in_another_passage():
    assert quotes("城南客运站启用后日发送旅客6000人次。", "客运站启用后怎样？")
    second = Passage("yx#1", (162, 180), "该站配有充电桩40个，司机免费休息。", date="2024-08-22")
    text = "云溪县客运站配有充电桩40个。"
    assert support(text, "充电桩有几个？", [STATION, second]).citations[0].start == 162
    assert support("清河市客运站配有充电桩40个。", "充电桩有几个？", [STATION, second]).citations == ()


def test_checks_are_in_order_with_spans_of_the_whole_answer():
    text = "该站占地42亩。总投资9.9亿元。"
    checks = support(text, ASKED, SHOWN).checks
    said = [(text[slice(*check.span)], check.supported) for check in checks]
    assert said == [("42亩", True), ("9.9亿元", False)]


def test_nothing_shown_or_nothing_said_supports_nothing():
    assert support("占地42亩。", ASKED, ()).unsupported == ((0, 6),)
    empty = support("", ASKED, SHOWN)
    assert (empty.citations, empty.checks, empty.unsupported) == ((), (), ())


def test_an_unreadable_date_of_a_row_is_an_unknown_one():
    passage = Passage("r", (0, 12), "客运站昨日启用，占地42亩。", date="八月")
    assert support("客运站占地42亩。", ASKED, [passage]).citations
