import pytest

from summarizer.models.statement import shortfall

STATEMENTS = ["柳湾县32万亩小麦收割完毕", "县城南客运站正式启用", "全县小麦亩产达512公斤", "尹雪夺得冠军称号"]
TOPICS = [
    "是去年10月建成通车的青柳公路",
    "“奋战四季度”主题新闻发布会专场",
    "在柳湾县石门村苹果种植基地",
    "县教育局根据年初既定目标",
    "受冷空气和暖湿气流共同影响",
    "记者从县水务局获悉，3月5日",
    "2018年合作社成立时",
    "恢复供水初期如有水质浑浊",
    "六年级学生尹雪一边浇菜",
    "今年，该镇新建大棚126座",
    "三名少年偷走电瓶车被石门派出所抓获后",
    "石门村老槐树下的调解员",  # 调解 is no verb there
    "县第三中学组队出战的六名学生",
]


@pytest.mark.parametrize("text", STATEMENTS)
def test_statements_lose_nothing(text):
    assert shortfall(text) == 0


@pytest.mark.parametrize("text", TOPICS)
def test_topics_and_asides_lose_something(text):
    assert shortfall(text) > 0


def test_a_verb_inside_a_quotation_does_not_count():
    assert shortfall("“启动新引擎”主题活动月月见") > shortfall("“启动新引擎”主题活动月启动")


def test_what_somebody_says_is_no_statement_of_the_paper():
    said = "“路修好了，一斤多卖八毛钱。”村民石磊说。全村今年卖桃37万斤。"
    assert shortfall("路修好了，一斤多卖八毛钱", said) > shortfall("路修好了，一斤多卖八毛钱")
    assert shortfall("全村今年卖桃37万斤", said) == 0
    assert shortfall("村民石磊说路修好了", said) == 0  # stands nowhere


def test_two_things_at_once_are_a_statement():
    assert shortfall("六年级学生尹雪一边浇菜一边写观察日记") == 0


def test_a_stray_word_loses_more():
    assert shortfall("新闻发布会") > shortfall("全县第三次全国农业普查新闻发布会")
