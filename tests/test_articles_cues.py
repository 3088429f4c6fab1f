"""What single lines tell."""

from __future__ import annotations

import pytest

from summarizer.articles import cues


@pytest.mark.parametrize(
    ("text", "lead", "writers"),
    [
        ("本报讯（记者 温故）今天", "本报讯（记者 温故）", "记者 温故"),
        ("本报讯(通讯员 白小满) 今天", "本报讯(通讯员 白小满) ", "通讯员 白小满"),
        ("新华社青禾6月12日电（记者 温故）近日", "新华社青禾6月12日电（记者 温故）", "记者 温故"),
        ("新华社青禾 6 月 12 日电 近日", "新华社青禾 6 月 12 日电 ", None),
        ("本报青禾6月12日讯 近日", "本报青禾6月12日讯 ", None),
        ("青禾晚报讯（记者 温故）近日", "青禾晚报讯（记者 温故）", "记者 温故"),
        ("本报讯 记者温故报道：近日", "本报讯 记者温故报道：", "记者温故"),
        ("本报讯 近日", "本报讯 ", None),
        ("本报记者近日从县里获悉", "", None),
        ("近日，本报讯息中心", "", None),
        ("电讯业务增长", "", None),
    ],
)
def test_lead_in(text: str, lead: str, writers: str | None) -> None:
    assert text[: cues.lead_in(text)] == lead
    assert (cues.lead_in_writers(lead) if lead else None) == writers


WRITERS = ["■ 本报记者 温故 本报通讯员 白小满", "本报记者 温故", "□ 温故", "文/图 温故", "（总台记者 温故）"]


@pytest.mark.parametrize("text", WRITERS)
def test_a_line_of_writers(text: str) -> None:
    assert cues.is_byline(text)


@pytest.mark.parametrize("text", ["石岭镇秋月梨喜获丰收", "记者从县里获悉，大桥合龙", "温故", "——记护桥人"])
def test_no_line_of_writers(text: str) -> None:
    assert not cues.is_byline(text)


@pytest.mark.parametrize("text", ["第3版", "2024年6月16日 星期日", "青禾日报 03 要闻", "责编：温故"])
def test_running_head(text: str) -> None:
    assert cues.RUNNING.fullmatch(text)


@pytest.mark.parametrize("text", ["青禾日报社举行运动会", "传统社会与现代社会", "县里发出3版通知", "要闻"])
def test_no_running_head(text: str) -> None:
    assert not cues.RUNNING.fullmatch(text)


def test_notice_heads() -> None:
    assert cues.is_notice_head("遗失声明") and cues.is_notice_head("公 告") and cues.is_notice_head("讣告")
    assert not cues.is_notice_head("青禾县发布公告整治停车乱象")
