"""The hand-written ruler is without mistakes, and its checker finds every kind of mistake."""

from __future__ import annotations

import copy
import json

import pytest

from eval.references import FOLDER, load, main, mistakes, text_mistakes
from eval.typeset import typeset

PAGE = {
    "paper": "云溪日报",
    "date": "2025-03-18",
    "number": "2",
    "layout": {"name": "headline before", "places": [{"item": 0, "width": 18, "byline": "none"}]},
    "items": [
        {
            "kind": "article",
            "subject": "health",
            "headline": "夜间门诊方便群众",
            "kicker": None,
            "byline": None,
            "body": "云溪县人民医院夜间门诊累计接诊6800人次。\n院长高一帆介绍，门诊每晚开到九点。",
            "references": ["云溪县医院夜间门诊接诊6800人次", "县医院夜间门诊每晚开到九点"],
            "brief": "云溪县人民医院夜间门诊累计接诊6800人次，院长高一帆介绍门诊每晚开到九点。",
        }
    ],
    "questions": [
        {
            "id": "q1",
            "question": "夜间门诊看了多少人次？",
            "kind": "number",
            "answer": "6800人次",
            "accepted": ["6800"],
            "evidence": [{"item": 0, "quote": "夜间门诊累计接诊6800人次"}],
        },
        {
            "id": "q2",
            "question": "夜间门诊去年看了多少人次？",
            "kind": "number",
            "answer": "",
            "accepted": [],
            "evidence": [],
            "near": "只有累计数，没有去年的数。",
        },
    ],
}


def test_a_good_page_has_no_mistakes():
    assert list(mistakes(PAGE)) == []


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("layout", "colour"), "red", "layout: expected fields of"),
        (("layout", "places", 0, "width"), 90, "layout: expected a width of"),
        (("layout",), "after", "expected a layout as an object"),
        (("items", 0, "kind"), "advert", "expected a kind and a subject"),
        (("items", 0, "subject"), "gossip", "expected a kind and a subject"),
        (("items", 0, "body"), " ", "expected a body"),
        (("items", 0, "body"), "一段。\n\n又一段。", "expected a body"),
        (
            ("items", 0, "references"),
            ["县医院夜间门诊开诊", "县医院，夜间门诊开诊！"],
            "two different references",
        ),
        (("items", 0, "references"), ["县医院夜间门诊每晚开到九点", "太短"], "expected 6 to 30 characters"),
        (("items", 0, "brief"), "短", "expected 30 to 120 characters"),
        (
            ("items", 0, "references"),
            ["接诊7800人次", "县医院夜间门诊开到九点"],
            "7800 does not stand in the body",
        ),
        (("items", 0, "headline"), "县医院夜间门诊每晚开到九点", "a reference is the printed headline"),
        (("questions", 1, "id"), "q1", "expected one of this id"),
        (("questions", 0, "kind"), "riddle", "expected a kind that is known"),
        (("questions", 0, "kind"), "followup", "expected the history"),
        (("questions", 0, "near"), "别的。", "expected no answer where"),
        (("questions", 0, "evidence"), [], "expected an answer and its evidence"),
        (("questions", 0, "evidence"), [{"item": 0, "quote": "门诊"}], "found it 2 times"),
        (("questions", 0, "evidence"), [{"item": 9, "quote": "门诊"}], "found it 0 times"),
        (("questions", 0, "answer"), "七千人", "the answer stands in no quote"),
    ],
)
def test_every_mistake_is_told(path, value, told):
    page = copy.deepcopy(PAGE)
    place = page
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert any(told in mistake for mistake in mistakes(page))


def test_an_answer_that_is_concluded_need_not_stand_in_the_text():
    page = copy.deepcopy(PAGE)
    page["questions"][0] |= {"kind": "yesno", "answer": "是", "accepted": []}
    assert list(mistakes(page)) == []


def test_a_page_of_someone_else_needs_no_layout():
    page = {name: value for name, value in PAGE.items() if name != "layout"}
    assert list(mistakes(page)) == []
    assert list(text_mistakes(page)) == ["expected a layout"]


def written(tmp_path, page=PAGE, text=None):
    """Where the page's JSON would be, its text beside it."""
    (tmp_path / "page.txt").write_text(typeset(named(page)) if text is None else text, encoding="utf-8")
    return tmp_path / "page.json"


def named(page):
    return {"name": "page", **page}


def test_a_text_that_its_layout_makes_has_no_mistakes(tmp_path):
    assert list(text_mistakes(named(PAGE), written(tmp_path))) == []


def test_a_page_without_its_text_is_told(tmp_path):
    told = list(text_mistakes(named(PAGE), tmp_path / "page.json"))
    assert told == ["expected its text, found none: python -m eval.typeset page"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace("\n", "", 1), ["another"]),
        (
            lambda text: text.replace("夜间门诊方便", "日间门诊方便", 1),
            ["another", "its headline does not stand"],
        ),
        (
            lambda text: text.replace("6800", "7800"),
            ["another", "its body once in the text, found it 0 times"],
        ),
        (lambda text: text + text, ["another", "its body once in the text, found it 2 times"]),
    ],
)
def test_a_text_that_is_not_its_page_is_told(tmp_path, change, told):
    path = written(tmp_path, text=change(typeset(named(PAGE))))
    found = list(text_mistakes(named(PAGE), path))
    assert len(found) == len(told) and all(part in mistake for part, mistake in zip(told, found, strict=True))


@pytest.mark.parametrize("field", ["kicker", "subtitle", "byline"])
def test_all_that_is_printed_must_stand_in_a_sample(field):
    page = next(page for page in load() if page["layout"].get("page") == "sample")
    assert list(text_mistakes(page)) == []
    page["items"][0][field] = "没有印出来的一行"
    assert [m for m in text_mistakes(page) if f"its {field} does not stand in the text" in m]


def test_a_wrong_layout_is_told_once(tmp_path):
    page = copy.deepcopy(named(PAGE))
    page["layout"]["places"] = []
    path = written(tmp_path)
    assert len(list(mistakes(page))) == 1 and list(text_mistakes(page, path)) == []


def test_the_shipped_pages_have_no_mistakes(capsys):
    assert main([]) == 0, capsys.readouterr().out
    assert load(FOLDER)  # no page has no mistakes either


def test_pages_are_named_on_the_command_line(tmp_path, monkeypatch, capsys):
    broken = copy.deepcopy(PAGE)
    broken["items"][0]["kind"] = "advert"
    (tmp_path / "broken.json").write_text(json.dumps(broken), encoding="utf-8")
    (tmp_path / "good.json").write_text(json.dumps(PAGE), encoding="utf-8")
    for name in ("broken", "good"):
        (tmp_path / f"{name}.txt").write_text(typeset({**PAGE, "name": name}), encoding="utf-8")
    monkeypatch.setattr("eval.references.FOLDER", tmp_path)
    monkeypatch.setattr("eval.references.load", lambda: load(tmp_path))
    assert main(["good"]) == 0 and "0 mistakes" in capsys.readouterr().out
    assert main([]) == 1 and "broken: item 0" in capsys.readouterr().out
