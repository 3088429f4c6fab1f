"""Pages set from their layouts: columns keep their width, nothing is lost, and a wrong layout is refused."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import layouts
from eval import typeset as typesetting
from eval.layouts import layout_of, load, page_path, printed
from eval.typeset import CLOSERS, OPENERS, set_lines, typeset

ITEMS: list[dict[str, Any]] = [
    {
        "kind": "article",
        "headline": "夜间门诊 方便群众",
        "kicker": "县医院推出便民新举措——",
        "subtitle": "——人民医院院长一席谈",
        "byline": "记者 林晨",
        "body": "云溪县人民医院夜间门诊累计接诊6800人次。\n院长高一帆介绍，“门诊每晚开到9点”。\n"
        "共用APP预约。",
    },
    {
        "kind": "photo",
        "headline": None,
        "kicker": None,
        "byline": "苑莘 摄",
        "body": "白鹭河新桥6月12日合龙。",
    },
    {
        "kind": "notice",
        "headline": "停水通知",
        "kicker": None,
        "byline": None,
        "body": "4月6日停水，请提前储水。\n县自来水公司\n2025年4月5日",
    },
]
LAYOUT: dict[str, Any] = {
    "name": "mixed",
    "top": ["{paper} {han_date} {weekday}"],
    "foot": ["第{number}版"],
    "places": [
        {"item": 1, "width": 30, "byline": "tail", "form": " ■ {byline}"},
        {"item": 0, "width": 14, "headline": "after", "headline_break": 4},
        {"item": 2, "width": 20, "byline": "none"},
    ],
}


def page(**changes: object) -> dict[str, Any]:
    """An invented page; `changes` are fields of its layout."""
    data = {"paper": "云溪日报", "date": "2025-03-18", "number": "2", "items": copy.deepcopy(ITEMS)}
    return {"name": "invented", **data, "layout": {**copy.deepcopy(LAYOUT), **changes}}


def placed(number: int, **changes: object) -> dict[str, Any]:
    """The page with one place of its layout changed."""
    made = page()
    made["layout"]["places"][number].update(changes)
    return made


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def columns(line: str) -> int:
    return sum(1 if char.isascii() else 2 for char in line)


MADE = [each for each in load() if each["layout"].get("page") != "sample"]
NAMES = [each["name"] for each in MADE]
TEXT = st.text(alphabet="桥梨河，。”）“（《》—…1. aZ", max_size=120)


# --- lines -------------------------------------------------------------------------------------


@given(TEXT, st.integers(14, 36), st.booleans())
def test_lines_lose_nothing_but_blanks(text: str, width: int, hang: bool) -> None:
    assert bare("".join(set_lines(text, 2 * width, hang=hang))) == bare(text)


@given(TEXT, st.integers(14, 36), st.booleans())
def test_lines_keep_the_width(text: str, width: int, hang: bool) -> None:
    assert all(columns(line) <= 2 * width + 4 * hang for line in set_lines(text, 2 * width, hang=hang))


@given(
    st.lists(st.sampled_from(["桥", "“梨”", "（河）。", "，", "12.5", "《河桥》，"]), max_size=60),
    st.booleans(),
)
def test_no_mark_stands_at_the_wrong_end(words: list[str], hang: bool) -> None:
    text = re.sub(r"[，。][，。”]*(?=[，。])", "", "桥" + "".join(words))
    lines = set_lines(text, 28, hang=hang)
    assert not [line for line in lines[1:] if line[0] in CLOSERS]
    assert not [line for line in lines[:-1] if line[-1] in OPENERS]


def test_a_closing_mark_hangs_or_takes_a_character_along() -> None:
    text = "白鹭河新桥今天上午合龙了，两岸"
    assert set_lines(text, 24, hang=True) == ["白鹭河新桥今天上午合龙了，", "两岸"]
    assert set_lines(text, 24, hang=False) == ["白鹭河新桥今天上午合龙", "了，两岸"]


def test_numbers_and_names_break_anywhere_but_dashes_do_not() -> None:
    assert set_lines("梨" * 13 + "2025年", 28, hang=True) == ["梨" * 13 + "20", "25年"]
    assert set_lines("梨" * 13 + "——河", 28, hang=True) == ["梨" * 13, "——河"]


# --- whole pages -------------------------------------------------------------------------------


def test_a_page_line_by_line() -> None:
    assert typeset(page()) == (
        "云溪日报 二〇二五年三月十八日 星期二\n\n白鹭河新桥6月12日合龙。 ■ 苑莘 摄\n\n"
        "本报讯（记者 林晨） 云溪县人\n民医院夜间门诊累计接诊6800人\n次。\n"
        "院长高一帆介绍，“门诊每晚开\n到9点”。\n共用APP预约。\n\n"
        "县医院推出便民新举措——\n夜间门诊\n方便群众\n——人民医院院长一席谈\n\n"
        "停水通知\n\n4月6日停水，请提前储水。\n县自来水公司\n2025年4月5日\n\n第2版\n"
    )


@pytest.mark.parametrize(
    ("made", "stands"),
    [
        (placed(1, byline="below", form="■ {byline}"), "一席谈\n■ 记者 林晨\n"),
        (placed(1, byline="above", form="{byline}"), "\n\n记者 林晨\n县医院推出便民新举措——\n"),
        (placed(1, byline="line", form="{byline}"), "预约。\n记者 林晨\n\n县医院"),
        (placed(1, byline="tail", form="（{byline}）"), "预约。（记者 林晨）\n"),
        (placed(1, form="本报云溪3月17日电（{byline}）"), "本报云溪3月17日电（记者 林晨）\n云溪县"),
        (placed(1, jump="（下转第4版）"), "共用APP预约。（下转第4版）\n"),
        (placed(1, resumed="（上接第1版）", byline="tail", form="（{byline}）"), "\n\n（上接第1版）云溪县"),
        (placed(1, subheads=[[2, "还有一条"]]), "点”。\n还有一条\n共用APP"),
        (placed(1, column=4), "次。\n院长高一帆介绍，“门诊每晚开\n\n到9点”。"),
        (page(paragraphs="always"), "次。\n\n院长高"),
        (page(paragraphs="always"), "储水。\n\n县自来水公司\n2025年4月5日\n"),
        (page(indent="wide"), "　　本报讯（记者 林晨） 云溪\n"),
        (page(indent="first"), "\n 本报讯（记者 林晨） 云溪县\n"),
        (page(kicker_apart=True), "新举措——\n\n夜间门诊\n"),
        (page(between=[0, 0], apart=0), "摄\n本报讯"),
        (page(spaced=1), "接诊 6800\n人次。"),
        (page(spaced=1), "白鹭河新桥 6 月 12 日合龙"),
        (page(spaced_latin=True), "共用 APP 预约。"),
        (page(signatures="right"), "\n" + 28 * " " + "县自来水公司\n"),
        (page(quotes_apart=True, kinsoku="carry"), "介绍，“门诊"),
    ],
)
def test_what_a_layout_does(made: dict[str, Any], stands: str) -> None:
    assert stands in typeset(made)


def test_a_line_that_begins_with_a_quotation_mark_stands_apart() -> None:
    made = page(quotes_apart=True)
    made["items"][0]["body"] = "院长说。\n“门诊开到九点。”"
    assert " 院长说。\n\n“门诊" in typeset(made)


@pytest.mark.parametrize("number", ["A05", "12"])
def test_numbers_in_words_where_there_are_words(number: str) -> None:
    made = page(foot=["{han_number}版"]) | {"number": number}
    assert typeset(made).endswith({"A05": "\nA05版\n", "12": "\n十二版\n"}[number])


@pytest.mark.parametrize("made", MADE, ids=NAMES)
def test_the_shipped_pages_hold_their_items_and_little_else(made: dict[str, Any]) -> None:
    text = bare(typeset(made))
    for number, item in enumerate(made["items"]):
        for part in (item["headline"], item["kicker"], item.get("subtitle"), item["byline"]):
            assert bare(part or "") in text
        text = text.replace(bare(printed(made, number)), "", 1)
    assert len(text) < 60 * len(made["items"])  # headlines, lead-ins, jump notes and running heads


@pytest.mark.parametrize("made", MADE, ids=NAMES)
def test_the_shipped_pages_are_made_alike_every_time(made: dict[str, Any]) -> None:
    assert typeset(copy.deepcopy(made)) == typeset(made)
    # The draw depends on the name and on nothing that changes from run to run.
    assert len({typeset({**made, "name": name}) for name in ("a", "b")}) == 1 + _draws(made)


def _draws(made: dict[str, Any]) -> bool:
    layout = layout_of(made)
    return (
        layout.spaced not in (0, 1) or layout.paragraphs == "some" or layout.between[0] != layout.between[1]
    )


@pytest.mark.parametrize("made", MADE, ids=NAMES)
def test_the_shipped_running_heads_tell_paper_day_and_page(made: dict[str, Any]) -> None:
    heads = "".join((*layout_of(made).top, *layout_of(made).foot))
    assert "{paper}" in heads and "{number}" in heads
    assert "{han_date}" in heads or all(part in heads for part in ("{year}", "{month}", "{day}"))


def test_the_shipped_layouts_differ() -> None:
    forms = [{**each["layout"], "places": None, "name": None} for each in MADE]
    assert len(forms) == len({repr(sorted(form.items())) for form in forms}) == 9
    assert {each["layout"]["name"] for each in load()} == {
        "headline after", "headline before", "mixed", "no blanks",
    }  # fmt: skip


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (page(colour="red"), "colour"),
        (page(name=" "), "expected a name"),
        (page(page="drawn"), "page as one of"),
        (page(page="sample"), "alone for a sample"),
        (page(between=[2, 1]), "0 to 3 blank lines"),
        (page(apart=9), "0 to 2 blank lines"),
        (page(apart="1"), "apart as int"),
        (page(kicker_apart=1), "kicker_apart as bool"),
        (page(spaced=1.5), "a share of 0 to 1"),
        (page(indent="deep"), "indent as one of"),
        (page(top=["{editor}"]), "fields of"),
        (page(places=[]), "every one of 3 items once"),
        (page(places=[{"item": 0, "width": 20}] * 3), "every one of 3 items once"),
        (page(places=[{"item": 0}]), "width to be given"),
        (placed(1, width=13), "a width of 14 to 36"),
        (placed(1, width=37), "a width of 14 to 36"),
        (placed(1, width="20"), "width as int"),
        (placed(1, size=20), "size"),
        (placed(1, headline="beside"), "headline as one of"),
        (placed(1, byline="margin"), "byline as one of"),
        (placed(1, column=1), "a column of 4 lines"),
        (placed(1, headline_break=9), "inside the headline"),
        (placed(1, byline="none"), "the writers printed once"),
        (placed(1, form="本报讯 "), "the writers printed once"),
        (placed(2, byline="tail", form="{byline}"), "the writers printed once"),
        (placed(1, byline="below", form="本报{byline}"), "no word beside the writers"),
        (placed(1, form="{byline}{paper}"), "no field but"),
        (placed(0, byline="below", form="{byline}"), "expected a headline below"),
        (placed(1, resumed="（上接第1版）"), "no lead-in behind a jump note"),
        (placed(1, jump="（下转第2版）", byline="tail", form="{byline}"), "no writers beside a jump note"),
        (placed(1, subheads=[[0, "题"]]), "sub-headings before different paragraphs"),
        (placed(1, subheads=[[2, "题"], [1, "题"]]), "sub-headings before different paragraphs"),
        (page() | {"layout": None}, "a layout as an object"),
    ],
)
def test_a_wrong_layout_is_refused(made: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        typeset(made)


def test_a_sample_is_not_made_again() -> None:
    sample = next(each for each in load() if each["layout"].get("page") == "sample")
    with pytest.raises(ValueError, match="is not made"):
        typeset(sample)
    path = page_path(sample)
    assert path is not None and path.parent == layouts.SAMPLES


def test_the_command_line_writes_the_named_pages(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(typesetting, "FOLDER", tmp_path)
    assert typesetting.main([NAMES[0]]) == 0
    assert [path.name for path in tmp_path.iterdir()] == [f"{NAMES[0]}.txt"]
    assert capsys.readouterr().out == f"{NAMES[0]}.txt\n"
    assert (tmp_path / f"{NAMES[0]}.txt").read_text("utf-8") == typeset(MADE[0])
    with pytest.raises(ValueError, match="expected names of pages"):
        typesetting.main(["nowhere_daily"])


def test_where_a_page_has_its_text(tmp_path) -> None:
    assert page_path(page(), tmp_path / "invented.json") is None
    (tmp_path / "invented.txt").write_text("文", encoding="utf-8")
    assert page_path(page(), tmp_path / "invented.json") == tmp_path / "invented.txt"
    without = {name: value for name, value in page().items() if name != "layout"}
    assert page_path(without, tmp_path / "invented.json") == tmp_path / "invented.txt"


def test_printed_bodies_have_their_sub_headings() -> None:
    made = placed(1, subheads=[[1, "一"], [2, "二"]])
    assert [line for line in printed(made, 0).split("\n") if len(line) == 1] == ["一", "二"]
    assert printed(made, 0).replace("一\n院", "院").replace("二\n共", "共") == ITEMS[0]["body"]
    assert printed({"items": ITEMS}, 0) == ITEMS[0]["body"]
