"""Whole pages, all invented, in the layouts that real pages come in."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import summarizer
from eval.pages import score_folder
from summarizer.articles import Cues, cues, separate
from summarizer.pages import read
from summarizer.records import Article, Page
from summarizer.text import strip_hidden

SHARED = Path(__file__).parents[2] / "shared" / "pages"

BRIDGE = """本报讯（记者 卢一川） 记者从青禾县交通局获悉，跨越
白鹭河的新桥6月12日合龙。大桥全长860米，双向四车
道，通车后两岸居民过河时间由40分钟缩短到5分钟。
项目负责人表示，桥面铺装将在8月底前完成。"""
BRIDGE_HEAD = "白鹭河新桥合龙 两岸过河只需5分钟"
PEAR = """本报讯（记者 段小禾 通讯员 沈
青） 眼下，石岭镇的秋月梨进入采
摘期。种植户韩有田告诉记者，今
年梨园亩产比去年增加三成，合作
社统一包装、统一销售，梨子还没
下树就订出去一半。"""
PEAR_HEAD = "石岭镇秋月梨喜获丰收"
SCHOOL = """本报讯（记者 卢一川）9月1日，青禾县第三小学迎来开学第一课，消防员走进
校园，教孩子们正确使用灭火器。全校1200名学生参加了疏散演练，用时2分48秒。"""
SCHOOL_HEAD = "消防员走进第三小学 开学第一课教孩子灭火"


def page(*blocks: str) -> Page:
    return Page("invented.txt", tuple("\n\n".join(blocks).split("\n")))


def heads(articles: list[Article]) -> list[str | None]:
    return [article.headline for article in articles]


def test_headlines_after_their_bodies() -> None:
    found = separate(page(BRIDGE, BRIDGE_HEAD, PEAR, PEAR_HEAD, SCHOOL, SCHOOL_HEAD))
    assert heads(found) == [BRIDGE_HEAD, PEAR_HEAD, SCHOOL_HEAD]
    assert [a.order for a in found] == [1, 2, 3]
    assert {a.kind for a in found} == {"article"}


def test_headlines_before_their_bodies() -> None:
    found = separate(page(BRIDGE_HEAD, BRIDGE, PEAR_HEAD, PEAR, SCHOOL_HEAD, SCHOOL))
    assert heads(found) == [BRIDGE_HEAD, PEAR_HEAD, SCHOOL_HEAD]
    assert found[1].body.startswith("眼下，石岭镇")


def test_both_sides_on_one_page_are_told_by_content() -> None:
    found = separate(page(BRIDGE_HEAD, BRIDGE, PEAR, PEAR_HEAD, SCHOOL_HEAD, SCHOOL))
    assert heads(found) == [BRIDGE_HEAD, PEAR_HEAD, SCHOOL_HEAD]


def test_lead_in_writers_and_lines() -> None:
    pear = separate(page(BRIDGE, BRIDGE_HEAD, PEAR, PEAR_HEAD))[1]
    assert pear.dateline == "本报讯（记者 段小禾 通讯员 沈青）"
    assert pear.byline == "记者 段小禾 通讯员 沈青"
    assert pear.body == (
        "眼下，石岭镇的秋月梨进入采摘期。种植户韩有田告诉记者，今年梨园亩产比去年增加三成，"
        "合作社统一包装、统一销售，梨子还没下树就订出去一半。"
    )
    assert pear.lines == ((8, 13), (15, 15))


def test_kicker_headline_and_subtitle_set_apart() -> None:
    kicker, subtitle = "畅通民生路 架起连心桥——", "——青禾县白鹭河大桥建设走访"
    found = separate(page(kicker, BRIDGE_HEAD, subtitle, BRIDGE, PEAR_HEAD, PEAR))
    assert (found[0].kicker, found[0].headline, found[0].subtitle) == (kicker, BRIDGE_HEAD, subtitle)


def test_kicker_and_headline_after_the_body() -> None:
    found = separate(page(BRIDGE, "全长860米 双向四车道", "白鹭河新桥合龙", PEAR, PEAR_HEAD))
    assert (found[0].kicker, found[0].headline) == ("全长860米 双向四车道", "白鹭河新桥合龙")


def test_headline_lines_join_by_a_blank_or_inside_a_word_by_nothing() -> None:
    found = separate(page(BRIDGE, "白鹭河新桥合龙\n两岸过河只需5分钟", PEAR, "石岭镇秋月\n梨喜获丰收"))
    assert heads(found) == ["白鹭河新桥合龙 两岸过河只需5分钟", "石岭镇秋月梨喜获丰收"]


def test_writers_on_a_line_beside_the_headline() -> None:
    body = SCHOOL.removeprefix("本报讯（记者 卢一川）")
    found = separate(page(BRIDGE, BRIDGE_HEAD, body, SCHOOL_HEAD + "\n■ 本报记者 温故 本报通讯员 白小满"))
    assert found[1].headline == SCHOOL_HEAD
    assert found[1].byline == "■ 本报记者 温故 本报通讯员 白小满"
    assert found[1].dateline is None and found[1].body.startswith("9月1日，")


def test_a_lead_in_is_cut_from_a_story_signed_on_its_own_line_too() -> None:
    body = SCHOOL.replace("本报讯（记者 卢一川）", "新华社青禾9月1日电")
    found = separate(page(BRIDGE_HEAD, BRIDGE, SCHOOL_HEAD + "\n新华社记者 温故", body))
    assert (found[1].dateline, found[1].byline) == ("新华社青禾9月1日电", "新华社记者 温故")
    assert found[1].body.startswith("9月1日，")


def test_column_break_inside_a_sentence_does_not_cut() -> None:
    first, second = PEAR.split("\n")[:3], PEAR.split("\n")[3:]
    found = separate(page(BRIDGE, BRIDGE_HEAD, "\n".join(first), "\n".join(second), PEAR_HEAD))
    assert heads(found) == [BRIDGE_HEAD, PEAR_HEAD]
    assert "今年梨园亩产比去年增加三成" in found[1].body and "\n" not in found[1].body


def test_paragraphs_are_kept() -> None:
    more = "韩有田说，明年他打算再扩种20亩，并\n试种两个早熟品种。"
    found = separate(page(BRIDGE, BRIDGE_HEAD, PEAR, more, PEAR_HEAD))
    assert found[1].body.split("\n")[1] == "韩有田说，明年他打算再扩种20亩，并试种两个早熟品种。"


CAPTION = "6月15日，青禾县湿地公园荷花盛开，吸引不少市民前来观赏拍照。"


@pytest.mark.parametrize(
    "credit", ["本报记者 温故 摄", "（温故 摄）", "本报记者 温故 摄影报道", "温故/摄", "■ 本报记者 温故"]
)
def test_captions_stand_alone(credit: str) -> None:
    found = separate(page(BRIDGE, BRIDGE_HEAD, f"{CAPTION}{credit}", PEAR, PEAR_HEAD))
    assert [(a.kind, a.headline) for a in found] == [
        ("article", BRIDGE_HEAD), ("photo", None), ("article", PEAR_HEAD),
    ]  # fmt: skip
    assert found[1].body == CAPTION
    assert found[1].byline == credit.strip("（）")


def test_a_titled_picture() -> None:
    found = separate(page(BRIDGE, BRIDGE_HEAD, "荷花开了", f"{CAPTION}温故 摄", PEAR, PEAR_HEAD))
    assert [(a.kind, a.headline) for a in found][1] == ("photo", "荷花开了")


def test_notices() -> None:
    lost = "韩有田遗失身份证，证号尾数0417，声明作废。"
    gone = "青禾县石岭梨业合作社拟向登记机关申请注销，请债权人\n自公告之日起45日内申报债权。特此公告。"
    found = separate(page(BRIDGE_HEAD, BRIDGE, "遗失声明", lost, "注销公告", gone))
    assert [(a.kind, a.headline) for a in found][1:] == [("notice", "遗失声明"), ("notice", "注销公告")]
    assert found[1].body == lost


def test_a_news_story_about_a_notice_is_no_notice() -> None:
    found = separate(page(BRIDGE, "青禾县发布白鹭河新桥通行公告", PEAR, PEAR_HEAD))
    assert found[0].kind == "article"


@pytest.mark.parametrize(
    "line",
    [
        "2024年6月16日 星期日 责编/温故 美编/白小满",
        "03 要闻 青禾日报 2024年6月16日",
        "第三版 综合新闻",
        "A03",
        "本版编辑 温故 校对 白小满 电话 0000-1234567",
    ],
)
def test_running_heads_are_in_no_article(line: str) -> None:
    found = separate(page(line, BRIDGE, BRIDGE_HEAD, PEAR, PEAR_HEAD, line))
    assert heads(found) == [BRIDGE_HEAD, PEAR_HEAD]
    assert all(line not in a.body for a in found)
    assert found[0].lines[0] == (3, 6)


@pytest.mark.parametrize("note", ["（下转第四版）", "(下转3版)", "下转A02版"])
def test_jump_notes_are_cut_and_end_the_story(note: str) -> None:
    body = SCHOOL.removeprefix("本报讯（记者 卢一川）")
    found = separate(page(PEAR_HEAD, PEAR + note, body, SCHOOL_HEAD))
    assert heads(found) == [PEAR_HEAD, SCHOOL_HEAD]
    assert found[0].jump == note.strip("（）()")
    assert found[0].body.endswith("订出去一半。")


def test_subheads_are_text_of_their_story() -> None:
    more = "下一步，石岭镇将建设冷库两座，延\n长秋月梨的销售期，并与三家超市签\n订长期供货协议。"
    found = separate(page(BRIDGE_HEAD, BRIDGE, PEAR_HEAD, PEAR, "冷链先行", more, SCHOOL_HEAD, SCHOOL))
    assert heads(found) == [BRIDGE_HEAD, PEAR_HEAD, SCHOOL_HEAD]
    assert "冷链先行" in found[1].body and found[1].body.endswith("长期供货协议。")


def test_no_blank_lines_at_all() -> None:
    text = "\n".join([BRIDGE_HEAD, BRIDGE, PEAR_HEAD, PEAR, SCHOOL_HEAD, SCHOOL])
    assert heads(separate(page(text))) == [BRIDGE_HEAD, PEAR_HEAD, SCHOOL_HEAD]


def test_no_lead_ins_at_all() -> None:
    plain = [re.sub(r"本报讯（[^）]*） ?", "", text) for text in (BRIDGE, PEAR, SCHOOL)]
    found = separate(page(BRIDGE_HEAD, plain[0], PEAR_HEAD, plain[1], SCHOOL_HEAD, plain[2]))
    assert heads(found) == [BRIDGE_HEAD, PEAR_HEAD, SCHOOL_HEAD]
    assert [a.dateline for a in found] == [None, None, None]


def test_english_page_keeps_blanks_between_words() -> None:
    text = (
        "The new bridge over the White Heron River was\n"
        "closed at its middle on Wednesday, two months\n"
        "before the date that the county had promised."
    )
    pears = "Growers in the town of Shiling sold half\nof their pears before the harvest began."
    found = separate(page("Bridge Spans River", text, "Pears Sell Out", pears))
    assert heads(found) == ["Bridge Spans River", "Pears Sell Out"]
    assert "was closed at its middle on Wednesday, two months before" in found[0].body


def test_date_and_page_come_from_the_page() -> None:
    article = separate(replace(page(BRIDGE, BRIDGE_HEAD), date="2024-06-16"))[0]
    assert (article.page, article.date) == ("invented.txt", "2024-06-16")


DEGENERATE: dict[str, list[str]] = {
    "empty": [],
    "blank": ["", "　", " "],
    "one line": ["青禾县今天下雨"],
    "headlines only": ["石岭梨香", "", "白鹭桥通", "", "开学第一课"],
    "names only": ["■ 本报记者 温故"],
    "no punctuation": ["这里的每一行都没有标点符号"] * 300,
    "one long line": ["桥" * 1_000_000],
    "open blocks": ["这一行没有说完", ""] * 2_000,
    "heading and line": ["一个标题", "", "这是一行正文，到此为止。", ""] * 500,
    "digits": ["1" * 150] * 500,
    "blanks": ["桥" + " " * 100_000 + "通"],
    "jump notes": ["（下转第四版）" * 5_000],
    "brackets": ["（" * 100_000],
    "names": ["记者 " + "王 " * 25] * 500,
    "many lead-ins": ["本报讯（记者 温故）今天天晴。"] * 3_000,
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_pages(name: str) -> None:
    """They come back at all, with whole numbers in order; a quadratic step would not end in time."""
    found = separate(Page(name, tuple(DEGENERATE[name])))
    assert [a.order for a in found] == list(range(1, len(found) + 1))


def test_headlines_without_text_are_not_lost() -> None:
    found = separate(Page("x", tuple(DEGENERATE["headlines only"])))
    printed = "".join((a.kicker or "") + (a.headline or "") + (a.subtitle or "") + a.body for a in found)
    assert printed == "石岭梨香白鹭桥通开学第一课"


def squeezed(text: str) -> str:
    return re.sub(r"[\s()（）【】]", "", text)


SET = [*BRIDGE.split("\n"), BRIDGE_HEAD, *PEAR.split("\n"), "", "", "■ 本报记者 温故", "遗失声明"]
SET += ["　　" + PEAR.split("\n")[3], "——石岭镇走访", "一年好景——", "荷花盛开。温故 摄", "（下转第四版）"]
SET += ["2024年6月16日"]
SAMPLES = sorted(Path(summarizer.__file__).parent.joinpath("samples").glob("*.txt"))
LINE = st.one_of(st.sampled_from(SET), st.text(alphabet="桥梨，。！“”（）：—— a1A.《》■版摄", max_size=24))


def assert_every_line_once(page: Page) -> None:
    """Every line that is not blank and no running head is in exactly one article, ranges ascending."""
    found = separate(page)
    used = sorted(n for a in found for first, last in a.lines for n in range(first, last + 1))
    due = {n for n, line in enumerate(page.lines, 1) if strip_hidden(line).strip()} - set(page.running_heads)
    assert len(used) == len(set(used))
    assert set(used) <= due
    assert all(cues.RUNNING.fullmatch(strip_hidden(page.lines[n - 1]).strip()) for n in due - set(used))
    for a in found:
        assert list(a.lines) == sorted(a.lines)
        lines = "".join(page.lines[n - 1] for first, last in a.lines for n in range(first, last + 1))
        assert len(squeezed(a.body)) <= len(squeezed(unicodedata.normalize("NFC", lines)))


@settings(max_examples=200, deadline=None)
@given(st.lists(LINE, max_size=40))
def test_every_line_is_in_one_article(lines: list[str]) -> None:
    assert_every_line_once(Page("x", tuple(lines)))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_line_of_a_shuffled_page_is_in_one_article(data: st.DataObject) -> None:
    """Whole stretches of the sample pages in any order, some of them torn apart."""
    stretches = [part for path in SAMPLES for part in path.read_text(encoding="utf-8").split("\n\n")]
    picked = data.draw(st.lists(st.sampled_from(stretches), max_size=25))
    torn = data.draw(st.sampled_from(["\n\n", "\n"]))
    assert_every_line_once(Page("x", tuple(torn.join(picked).split("\n"))))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_line_of_the_sample_pages_is_in_one_article(path: Path) -> None:
    assert_every_line_once(read(path))


def test_import_loads_no_model_library() -> None:
    code = "import sys, summarizer.articles; assert not {'torch', 'transformers', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_cue_can_be_switched_off() -> None:
    whole = page(BRIDGE, BRIDGE_HEAD, CAPTION + "温故 摄", PEAR, PEAR_HEAD)
    for cue in fields(Cues):
        assert separate(whole, replace(Cues(), **{cue.name: False}))


def test_touching_headlines_of_two_stories_are_parted() -> None:
    found = separate(page("\n".join([BRIDGE, BRIDGE_HEAD, PEAR_HEAD, PEAR, SCHOOL_HEAD, SCHOOL])))
    assert heads(found) == [BRIDGE_HEAD, PEAR_HEAD, SCHOOL_HEAD]


def test_a_caption_touching_the_text_above_and_below() -> None:
    caption = "湿地公园荷花盛开，吸引不少市民\n前来观赏拍照。温故 摄"
    found = separate(page("\n".join([BRIDGE_HEAD, BRIDGE, caption, PEAR_HEAD, PEAR])))
    assert [(a.kind, a.headline) for a in found] == [
        ("article", BRIDGE_HEAD), ("photo", None), ("article", PEAR_HEAD),
    ]  # fmt: skip


def test_paragraphs_that_share_no_words_are_two_stories() -> None:
    plain = [re.sub(r"本报讯（[^）]*） ?", "", text) for text in (BRIDGE, PEAR)]
    more = "韩有田的梨园今年新添了水肥一体机。\n合作社的秋月梨采摘下来当天就能装箱，\n梨子按大小分成三级。"
    found = separate(page(BRIDGE_HEAD, plain[0], plain[1], more, PEAR_HEAD))
    assert heads(found) == [BRIDGE_HEAD, PEAR_HEAD]
    assert found[1].body.endswith("分成三级。")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the project's development pages are not here")
@pytest.mark.parametrize("folder", ["dev_local", "dev_sina", "dev_cctv", "seed_page.gold.json"])
def test_development_pages(folder: str) -> None:
    score = score_folder(SHARED / folder)
    assert score.f1(score.found) >= 0.97
    assert score.f1(score.right) >= 0.93
    assert folder.startswith("dev") or (score.right, score.gold, score.predicted) == (9, 9, 9)
