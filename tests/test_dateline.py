import pytest

from summarizer.dateline import after_lead_in

STORY = "全县小麦收割过半，预计月底完成。"


@pytest.mark.parametrize(
    "lead_in",
    [
        "本报讯（记者 方晓禾） ",
        "本报讯（记者 方晓禾 通讯员 高一帆）",
        "本报讯 ",
        "新华社柳湾8月26日电（记者 方晓禾）",
        "柳湾日报8月26日讯（通讯员 高一帆）",
        "【柳湾晚报综合报道】",
        "（本报记者 方晓禾 高一帆）",
        "8月3日讯（记者 方晓禾）",
        "本台消息：",
        "【柳湾新闻网报道】本报讯（记者 方晓禾）",
    ],
)
def test_the_story_begins_after_the_lead_in(lead_in):
    text = lead_in + STORY
    assert text[after_lead_in(text) :] == STORY


@pytest.mark.parametrize(
    "text",
    [
        STORY,
        "8月26日，县农业农村局召开会议。",
        "记者8月26日从县农业农村局了解到，小麦收割过半。",
        "本报记者走进石门村，看到苹果挂满枝头。",
        "电网改造完成后，石门村用电更稳。",
        "（一）工作目标",
        "",
    ],
)
def test_a_story_without_a_lead_in_stays_whole(text):
    assert after_lead_in(text) == 0


def test_a_text_that_is_only_a_lead_in_stays():
    assert after_lead_in("本报讯（记者 方晓禾）") == 0


def test_a_megabyte_of_one_character_is_read_in_no_time():
    assert after_lead_in("报" * 1_000_000) == 0
