import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.models.deletion import denied, fault, turned

SOURCE = (
    "市场传言柳湾县水费将上涨两成，县水务局称该消息不属实。"
    "8月26日，甲队选手石磊获得男子组亚军，清河选手尹雪夺得女子组冠军。"
    "县教育局表示，分年龄段的近视率抽查结果从9月起暂停发布。"
    "“柳湾十年之约”音乐会计划于10月6日在县体育馆举行。"
    "退休教师裴玉兰第一次坐着电梯下楼买菜，全县今年已有35部电梯投用。"
)


@pytest.mark.parametrize(
    "text",
    [
        "石磊获得男子组亚军",
        "石磊获得男子组亚军 尹雪夺得女子组冠军",
        "“柳湾十年之约”音乐会计划10月6日举行",
        "全县已有35部电梯投用",
        "裴玉兰坐着电梯下楼买菜",
    ],
)
def test_what_is_left_of_a_sentence_may_stand(text):
    assert fault(text, SOURCE) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("石磊夺得女子组亚军", "no one sentence"),
        ("裴玉兰获得男子组亚军", "no one sentence"),
        ("尹雪石磊夺得冠军", "no one sentence"),
        ("“柳湾十年之约”音乐会10月6日举行", "drops 计划"),
        ("“柳湾十年”音乐会计划举行", "cuts a quotation"),
        ("“柳湾十年之约音乐会计划举行", "cuts a quotation"),
        ("近视率抽查结果暂停发布", "begins inside a phrase"),
        ("分年龄段的近视率抽查结果从9月起发布", "drops 暂停"),
        ("柳湾县水费上涨两成", "drops 传言"),
        ("市场传言柳湾县水费将上涨两成", "denied"),
        ("甲石男组军", "too many pieces"),
        ("石磊 获得男子组亚军", "a fragment"),
    ],
)
def test_what_says_something_else_may_not(text, reason):
    assert reason in fault(text, SOURCE)


def test_a_rumour_at_the_head_is_denied_two_sentences_on():
    text = "“柳湾大坝渗水了，快跑！”3日晚，一段录音在多个群里流传。4日，县水利局辟谣：录音里的话不属实。"
    text += "县水利局4日检查了大坝的12处测点。5日起，大坝照常放水。"
    assert denied("“柳湾大坝渗水了，快跑！”", text)
    assert not denied("5日起，大坝照常放水", text)


def test_whom_a_clause_ends_with_does_not_do_what_the_next_one_says():
    text = "5月3日晚，柳湾女队以2比1击败上届冠军清河女队，首次夺得县杯冠军。青石镇小麦返青，长势良好。"
    assert "drops who does it" in fault("清河女队首次夺得县杯冠军", text)
    assert not fault("柳湾女队首次夺得县杯冠军", text)
    assert not fault("柳湾女队2比1击败清河女队 首次夺得县杯冠军", text)
    assert not fault("小麦返青，长势良好", text)


def test_how_many_is_kept_with_what_they_are():
    text = "采下的毛豆半小时内入库，12户种植户领到每斤3.6元的货款。"
    assert "drops how many" in fault("小时内入库", text)
    assert "drops how many" in fault("采下的毛豆小时内入库", text)
    assert "drops how many" in fault("户种植户领到货款", text)
    assert not fault("采下的毛豆半小时内入库", text)
    assert not fault("种植户领到每斤3.6元的货款", text)


def test_what_happens_on_a_day_stays_on_that_day():
    text = "柳湾船闸5月3日通过验收，6日零时起恢复通航，8月1日至15日再次停航检修。"
    assert "drops the day" in fault("柳湾船闸5月3日恢复通航", text)
    assert "drops the day" in fault("柳湾船闸5月3日通过验收 恢复通航", text)
    assert "drops the day" in fault("柳湾船闸8月1日再次停航检修", text)
    assert not fault("柳湾船闸5月3日通过验收", text)
    assert not fault("柳湾船闸6日零时起恢复通航", text)
    assert not fault("柳湾船闸恢复通航", text)
    assert not fault("柳湾船闸5月3日通过验收 6日零时起恢复通航", text)


def test_a_copied_rumour_may_not_stand_without_its_denial():
    assert denied("柳湾县水费将上涨两成", SOURCE)
    assert not denied("清河选手尹雪夺得女子组冠军", SOURCE)
    assert not denied("从别处来的话", SOURCE)


def test_a_denial_in_the_next_sentence_counts():
    source = "网传学校停课三天。教育局回应，这是谣言。县里照常上课。"
    assert turned(source, 0, 8) and not turned(source, source.index("县里"), len(source))


@given(st.integers(0, len(SOURCE)), st.integers(1, 30))
def test_a_copy_of_one_clause_is_never_said_to_be_in_no_sentence(start, length):
    end = next(
        (i for i in range(start, min(len(SOURCE), start + length)) if SOURCE[i] in "，。“”"), start + length
    )
    why = fault(SOURCE[start:end].strip(), SOURCE)
    assert "no one sentence" not in why and "too many pieces" not in why


def test_long_texts_take_no_long_time():
    assert fault("县" * 30, "县里。" * 30_000)
    assert fault("柳湾县丰收", "柳" * 100_000) == "no one sentence says: 柳湾县丰收"


def test_an_edit_must_end_where_a_clause_ends():
    assert fault("尹雪夺得女子组冠军", SOURCE, whole_end=True) == ""
    assert "ends inside a clause" in fault("尹雪夺得女子组", SOURCE, whole_end=True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("三部门发布春耕用水办法", ""),
        ("2026年青少年读书活动启动", ""),
        ("手工节启动", "begins inside a phrase"),
        ("地开展联合检查", "begins inside a phrase"),
        ("若羌县红枣开始采收", ""),
        ("第三届灯彩节开幕", ""),
        ("多地试种早稻", ""),
    ],
)
def test_a_part_may_begin_behind_what_it_can_do_without(text, reason):
    source = (
        "农业局、水利局等三部门发布春耕用水办法。由三家图书馆主办的2026年青少年读书活动启动。由两家书店主办的手工节启动。清河、柳湾等地开展联合检查。"
        "若羌县部分红枣开始采收。由县文化馆承办的第三届灯彩节开幕。柳湾、石门等多地试种早稻。"
    )
    assert reason in fault(text, source) and bool(reason) == bool(fault(text, source))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("灯会今晚开放", ""),
        ("灯会8月20日闭幕", ""),
        ("灯会开放", "drops 将"),  # no day is named
        ("花车在全城巡游", "drops 将"),
    ],
)
def test_what_will_be_may_be_said_with_its_day(text, reason):
    source = "云溪河灯会将于今晚在南门开放。云溪河灯会将于8月20日闭幕。花车下周将在全城巡游。"
    assert fault(text, source).startswith(reason) and bool(reason) == bool(fault(text, source))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("方大成看望环卫工人、公交司机", ""),
        ("方大成看望环卫工人", ""),
        ("方大成看望环卫工人、交警", "another list"),
        ("方大成看望公交司机、交警", ""),
    ],
)
def test_of_a_list_neighbours_are_kept_or_one(text, reason):
    source = "县长方大成昨天看望环卫工人、公交司机、交警。"
    assert fault(text, source).startswith(reason) and bool(reason) == bool(fault(text, source))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("海洋台宣布港口重新开放", "cuts who says it"),
        ("海事局昨天宣布港口重新开放", ""),
        ("海洋电视台报道港口重新开放", "cuts who says it"),
        ("港口重新开放", ""),
        ("柳湾救援会袭击民用设施", "cuts who says it"),
        ("柳湾救援会表示，两国已袭击民用设施", ""),
        ("两国已袭击民用设施", ""),
        ("石门县气象局连续三年回升", "cuts who says it"),
        ("柳湾县水利局连续第三年回升", "cuts who says it"),
        ("柳湾县水利局：地下水位连续第三年回升", ""),
        ("柳湾县地下水位连续第三年回升", ""),
        ("海洋大学停课", ""),  # the name stands in what is said, too
    ],
)
def test_who_says_it_is_kept_whole_or_not_at_all(text, reason):
    source = (
        "据海洋电视台昨晚报道，海事局昨天宣布港口重新开放。据海洋台消息，海洋大学今天停课。"
        "记者从柳湾县水利局获悉，地下水位连续第三年回升。"
        "柳湾救援会21日表示，两国已袭击民用设施。石门县气象局通报，雨量比去年多一成，连续三年回升。"
    )
    assert fault(text, source).startswith(reason) and bool(reason) == bool(fault(text, source))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("方大成同举行会谈", "drops what follows 同"),
        ("方大成同客商举行会谈", ""),
        ("方大成同林秀珍举行会谈", ""),  # 来访的 only describes her
        ("村民共同修路", ""),
        ("方大成在举行会谈", "drops what follows 在"),
        ("方大成在会堂同客商举行会谈", ""),
    ],
)
def test_a_word_that_governs_keeps_what_it_governs(text, reason):
    source = "方大成昨天在会堂同客商代表举行会谈。方大成同来访的林秀珍举行会谈。村民们共同出资修路。"
    assert fault(text, source).startswith(reason) and bool(reason) == bool(fault(text, source))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("网店被诉至法院 县法院公布该案", ""),
        ("网店被诉至法院：停止侵权", "has another subject"),  # who is to stop is another part of the sentence
        ("网店被诉至法院 县法院判令被告停止侵权", ""),
        ("县法院公布该案 判令被告停止侵权", ""),  # of one sentence
    ],
)
def test_a_part_of_another_sentence_begins_with_its_own_subject(text, reason):
    source = (
        "两家网店被诉至法院。6月9日，县法院公布该案，县法院判令被告停止侵权。据介绍，受此影响，店铺已关门。"
    )
    assert fault(text, source).startswith(reason) and bool(reason) == bool(fault(text, source))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("因供水主管道改造施工，城南小区暂停供水", ""),
        ("因供水主管道暂停供水", "cuts a reason"),
        ("城南小区暂停供水", ""),
        ("受冷空气影响 我市将降温", ""),
        ("受冷空气影响 我市最高气温达34度", "another cause"),
    ],
)
def test_a_cause_is_kept_whole_and_with_what_it_causes(text, reason):
    source = "昨日我市最高气温达34度。因供水主管道改造施工，城南小区暂停供水。受冷空气影响，我市将降温。"
    assert fault(text, source).startswith(reason) and bool(reason) == bool(fault(text, source))
