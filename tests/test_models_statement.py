import pytest

from summarizer.models.statement import shortfall

STATEMENTS = ["柳湾县32万亩小麦收割完毕", "县城南客运站正式启用", "全县小麦亩产达512公斤", "尹雪夺得冠军称号"]
TOPICS = [
    "是去年10月建成通车的青柳公路",
    "“奋战四季度”主题新闻发布会专场",
    "在柳湾县石门村苹果种植基地",
    "县教育局根据年初既定目标",
]


@pytest.mark.parametrize("text", STATEMENTS)
def test_statements_lose_nothing(text):
    assert shortfall(text) == 0


@pytest.mark.parametrize("text", TOPICS)
def test_topics_and_asides_lose_something(text):
    assert shortfall(text) > 0


def test_a_verb_inside_a_quotation_does_not_count():
    assert shortfall("“启动新引擎”主题活动月月见") > shortfall("“启动新引擎”主题活动月启动")


def test_a_stray_word_loses_more():
    assert shortfall("新闻发布会") > shortfall("全县第三次全国农业普查新闻发布会")
