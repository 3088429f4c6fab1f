import pytest

from summarizer.answers.followups import leans, standalone, topics
from summarizer.records import Answer


def said(question, text="三千人", *, refused=False):
    return Answer(question, text, refused, (), 0.9, "scripted")


@pytest.mark.parametrize(
    ("before", "answer", "question", "expected"),
    [
        # what is pointed at or left out comes from the question before
        ("云溪县客运站什么时候启用？", "8月21日", "那占地多少亩？", "云溪县客运站 那占地多少亩？"),
        ("云溪县客运站什么时候启用？", "8月21日", "它有多少条线路？", "云溪县客运站 它有多少条线路？"),
        ("环柳湖半程马拉松有多少人参加？", "三千人", "冠军是谁？", "环柳湖半程马拉松 冠军是谁？"),
        ("环柳湖半程马拉松有多少人参加？", "三千人", "该赛事在哪里？", "环柳湖半程马拉松 该赛事在哪里？"),
        ("县医院夜间门诊什么时候开放？", "9月", "负责人是谁？", "县医院夜间门诊 负责人是谁？"),
        ("邵国强担任什么职务？", "主任", "他何时就任？", "邵国强 他何时就任？"),
        ("“清风行动”查处了多少人？", "40人", "其中有多少名干部？", "“清风行动” 其中有多少名干部？"),
        ("C919首飞是哪天？", "5月5日", "首飞飞了多久？", "C919首飞 首飞飞了多久？"),
        ("《青柳河》什么时候出版？", "3月", "这本书的定价是多少？", "《青柳河》 这本书的定价是多少？"),
        (
            "清河市公交集团新增多少辆公交车？",
            "20辆",
            "为什么？",
            "清河市公交集团 公交车 为什么？",
        ),
        (
            "清河市公交集团新增多少辆公交车？",
            "20辆",
            "投放到哪几路？",
            "清河市公交集团 公交车 投放到哪几路？",
        ),
        (
            "市气象台8月3日发布了什么预警？",
            "橙色预警",
            "预计降雨量多大？",
            "市气象台 8月3日 预警 预计降雨量多大？",
        ),
        ("环卫工人陈美兰捡到了什么？", "钱包", "后来呢？", "环卫工人陈美兰 后来呢？"),
        ("环卫工人陈美兰捡到了什么？", "钱包", "结果呢", "环卫工人陈美兰 结果呢"),
        ("昨天柳湾县发布了什么消息？", "丰收", "谁发布的？", "昨天 柳湾县 消息 谁发布的？"),
        # a date of its own replaces the carried one
        (
            "市气象台8月3日发布了什么预警？",
            "橙色",
            "它8月4日发布了什么？",
            "市气象台 预警 它8月4日发布了什么？",
        ),
        # what was asked for with 谁 or 哪 is what 他 or 校长 speaks of
        ("谁获得了一等奖？", "高一帆", "他是哪里人？", "高一帆 一等奖 他是哪里人？"),
        (
            "哪所学校迎来首批新生？",
            "云溪县第二实验小学",
            "校长是谁？",
            "云溪县第二实验小学 学校迎来首批新生 校长是谁？",
        ),
        ("茶叶造假案赔了多少？", "80万元", "哪天判的？", "茶叶造假案 哪天判的？"),
        ("《青柳河》是谁写的？", "沈禾", "她还写过什么？", "沈禾 《青柳河》 她还写过什么？"),
        ("石门村的苹果卖给了谁？", "清河果品公司", "它在哪里？", "清河果品公司 石门村 苹果 它在哪里？"),
        # the same question of something else
        ("王强获得了什么奖？", "一等奖", "那李敏呢？", "李敏获得了什么奖？"),
        ("柳湾县去年收了多少小麦？", "32万吨", "今年呢？", "柳湾县今年收了多少小麦？"),
        ("柳湾县去年收了多少小麦？", "32万吨", "那前年的呢？", "柳湾县前年收了多少小麦？"),
        ("2022年全市新增就业多少人？", "8000人", "2023年呢？", "2023年全市新增就业多少人？"),
        ("昨天柳湾县发布了什么消息？", "丰收", "那上周呢？", "上周柳湾县发布了什么消息？"),
        ("柳湾县小麦亩产是多少？", "512公斤", "云溪县呢？", "云溪县小麦亩产是多少？"),
        ("柳湾县小麦亩产是多少？", "512公斤", "玉米呢？", "玉米 柳湾县小麦亩产是多少？"),
        ("市气象台8月3日发布了什么预警？", "橙色", "8月5日呢？", "市气象台8月5日发布了什么预警？"),
        # a question that stands alone stays as it is
        ("县医院夜间门诊什么时候开放？", "9月", "青柳公路全长多少公里？", "青柳公路全长多少公里？"),
        ("邵国强担任什么职务？", "主任", "他信计划在什么时候回国？", "他信计划在什么时候回国？"),
        ("汪德顺的大棚种了什么？", "草莓", "汪德顺多大年纪？", "汪德顺多大年纪？"),
        ("汪德顺的大棚种了什么？", "草莓", "《柳湾志》收录了多少条目？", "《柳湾志》收录了多少条目？"),
        # nothing to carry over
        ("那座桥叫什么？", "青柳桥", "什么时候建成的？", "什么时候建成的？"),
    ],
)
def test_a_follow_up_stands_alone(before, answer, question, expected):
    assert standalone(question, [said(before, answer)]) == expected


def test_without_history_nothing_changes():
    assert standalone("它什么时候启用？", []) == "它什么时候启用？"


def test_a_refusal_or_a_long_answer_names_nobody():
    for answer, refused in (("没有找到答案", True), ("评委会经过三轮投票，最后选出了一位年轻木匠", False)):
        history = [said("谁获得了一等奖？", answer, refused=refused)]
        assert standalone("他是哪里人？", history) == "一等奖 他是哪里人？"


def test_a_chain_of_follow_ups_keeps_its_subject():
    history = [said("云溪县客运站什么时候启用？")]
    for question in ("那占地多少亩？", "有几条线路？", "票价呢？"):
        history.append(said(standalone(question, history)))
        assert "云溪县客运站" in history[-1].question and history[-1].question.endswith(question)


def test_only_the_last_turn_counts_and_its_told_days_are_left_out():
    history = [said("汪德顺种了什么？"), said("昨天柳湾县发布了什么？（昨天：2024年8月26日）")]
    assert standalone("为什么？", history) == "昨天 柳湾县 为什么？"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("《青柳河》的作者是谁？", ["《青柳河》"]),
        ("2024年3月云溪县的GDP是多少？", ["2024年3月", "云溪县", "GDP"]),
        ("多少？", []),
        ("", []),
    ],
)
def test_topics_in_their_order(question, expected):
    assert topics(question)[: len(expected)] == expected and bool(topics(question)) == bool(expected)


def test_a_quoted_pronoun_points_nowhere():
    assert not leans("《那年花开》的导演林晨获得什么奖？") and leans("那部电影的导演是谁？")
